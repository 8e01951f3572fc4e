/** Realistic round trips: a gateway, fibre, a far server, Wi-Fi; noise, spikes, loss bursts and a day's swing. Always the same. */

export interface Session {
  /** UUID in text. */
  readonly id: string;
  readonly place: Place;
  /** Seconds. */
  readonly interval: number;
  /** Offset of its slots in the second, µs. */
  readonly phase: number;
}
export const places = ["gateway", "fibre", "far", "Wi-Fi"] as const;
export type Place = (typeof places)[number];
export const ORGANISATION = "01890000-0000-7000-8000-000000000001";

/** xorshift128: fast, and the same on every machine. */
export function generator(seed: number): () => number {
  let x = Math.imul(seed, 0x9e3779b1) | 1;
  let y = 362_436_069;
  let z = 521_288_629;
  let w = Math.imul(seed, 0x85ebca6b) ^ 88_675_123;
  const next = (): number => {
    const t = x ^ (x << 11);
    x = y;
    y = z;
    z = w;
    w = w ^ (w >>> 19) ^ t ^ (t >>> 8);
    return (w >>> 0) / 4_294_967_296;
  };
  for (let i = 0; i < 20; i++) next();
  return next;
}
const exponential = (random: () => number, mean: number): number => -mean * Math.log(1 - random());

/** Round trip in µs at a second of the time. */
export function roundTrip(place: Place, second: number, random: () => number): number {
  const swing = Math.sin((second / 86_400) * 2 * Math.PI);
  switch (place) {
    case "gateway":
      return 350 + exponential(random, 25) + (random() < 0.005 ? exponential(random, 400) : 0);
    case "fibre":
      return 6000 + 400 * swing + exponential(random, 90) + (random() < 0.01 ? exponential(random, 2000) : 0);
    case "far":
      return 120_000 + 3000 * swing + exponential(random, 250) + (random() < 0.01 ? exponential(random, 8000) : 0);
    case "Wi-Fi":
      return 8000 + 900 * Math.exp(0.8 * (random() + random() + random() + random() - 2) * 1.73);
  }
}

/** Sessions of 1 s and of 10 s, half of all samples each: what a month of one customer looks like. */
export function sessionsOf(quick: number, slow: number): Session[] {
  const random = generator(7);
  return Array.from({ length: quick + slow }, (_, i) => ({
    id: `01890000-0000-7000-8000-${String(i).padStart(12, "0")}`,
    place: places[i % 4] as Place,
    interval: i < quick ? 1 : 10,
    phase: Math.floor(random() * 1e6),
  }));
}

export interface Sample {
  /** Index in the list of sessions. */ session: number;
  /** Second since the epoch. */ second: number;
  /** µs; 0: lost. */ rtt: number;
  /** Send delay, µs. */ delay: number;
}

/** Samples of all sessions in the order of time, [from, to) seconds since the epoch; `take` gets the same object each time. */
export function generate(sessions: readonly Session[], from: number, to: number, take: (sample: Sample) => void): void {
  let random = generator(from);
  const lossy = sessions.map((_, i) => (i % 10 === 3 ? 0.004 : 0.0003));
  const burst = new Uint8Array(sessions.length);
  const sample: Sample = { session: 0, second: 0, rtt: 0, delay: 0 };
  for (let second = from; second < to; second++) {
    // The same samples whatever piece of time is asked for, and never the same twice.
    if (second % 600 === 0) random = generator(second / 600);
    for (let i = 0; i < sessions.length; i++) {
      const session = sessions[i] as Session;
      if (session.interval > 1 && (second + i) % session.interval !== 0) continue;
      const left = burst[i] as number;
      if (left > 0) burst[i] = left - 1;
      else if (random() < (lossy[i] as number)) burst[i] = 1 + Math.floor(random() * 5);
      sample.session = i;
      sample.second = second;
      sample.rtt = (burst[i] as number) > 0 ? 0 : Math.max(30, Math.round(roundTrip(session.place, second, random)));
      sample.delay = 20 + exponential(random, 60) + (random() < 0.02 ? exponential(random, 2000) : 0);
      take(sample);
    }
  }
}
