/** Jitter, by each of the definitions that people compare us with. Times in µs unless told; every function takes them in order. */

/** |x(i) − x(i−1)| of successive round trips (Obkio, Cloudflare AIM, Globalping). */
export function differences(rtt: ArrayLike<number>): Float64Array {
  const out = new Float64Array(Math.max(0, rtt.length - 1));
  for (let i = 1; i < rtt.length; i++) out[i - 1] = Math.abs((rtt[i] as number) - (rtt[i - 1] as number));
  return out;
}

/** Mean absolute difference of successive round trips; null with fewer than two. */
export function meanDifference(rtt: ArrayLike<number>): number | null {
  return mean(differences(rtt));
}

/**
 * RFC 3550 section 6.4.1 in floating point: J += (|D| − J) / 16, from J = 0. D between successive packets is the change of
 * their transit time; with round trips it is the change of the round trip. Null with fewer than two.
 */
export function rfc3550(rtt: ArrayLike<number>): number | null {
  if (rtt.length < 2) return null;
  let jitter = 0;
  for (let i = 1; i < rtt.length; i++) {
    jitter += (Math.abs((rtt[i] as number) - (rtt[i - 1] as number)) - jitter) / 16;
  }
  return jitter;
}

/** RFC 3550 appendix A.8: the integer form, scaled by 16 and rounded as in its C code. Takes and gives whole units. */
export function rfc3550Integer(transit: ArrayLike<number>): number | null {
  if (transit.length < 2) return null;
  let scaled = 0;
  for (let i = 1; i < transit.length; i++) {
    const d = Math.abs((transit[i] as number) - (transit[i - 1] as number));
    scaled += d - Math.floor((scaled + 8) / 16);
  }
  return Math.floor(scaled / 16);
}

/** How many successive samples decide RFC 3550 jitter to better than one part in 10^12: (15/16)^448 is 3 · 10^-13. */
export const RFC3550_MEMORY = 448;

/** Mean absolute deviation from the mean (ThousandEyes' jitter); null with none. */
export function meanDeviation(rtt: ArrayLike<number>): number | null {
  const centre = mean(rtt);
  if (centre === null) return null;
  let total = 0;
  for (let i = 0; i < rtt.length; i++) total += Math.abs((rtt[i] as number) - centre);
  return total / rtt.length;
}

/**
 * Mean deviation of a distribution known only by quantiles at evenly spaced levels (0.5/n, 1.5/n, …): the midpoint rule over
 * its quantile function. Used where only sketches are left; as exact as the sketch.
 */
export function meanDeviationOfQuantiles(quantiles: ArrayLike<number>, centre: number): number {
  let total = 0;
  for (let i = 0; i < quantiles.length; i++) total += Math.abs((quantiles[i] as number) - centre);
  return quantiles.length === 0 ? 0 : total / quantiles.length;
}

/** Arithmetic mean; null with none. */
export function mean(values: ArrayLike<number>): number | null {
  if (values.length === 0) return null;
  let total = 0;
  for (let i = 0; i < values.length; i++) total += values[i] as number;
  return total / values.length;
}
