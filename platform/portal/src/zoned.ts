/** Wall-clock texts of a zone (`2026-11-20T15:04:05`, as datetime-local fields hold them) to instants and back. Pure. */

const formats = new Map<string, Intl.DateTimeFormat>();
function formatOf(zone: string): Intl.DateTimeFormat {
  let format = formats.get(zone);
  if (format === undefined) {
    const two = "2-digit";
    format = new Intl.DateTimeFormat("en-CA", {
      timeZone: zone,
      hourCycle: "h23",
      year: "numeric",
      month: two,
      day: two,
      hour: two,
      minute: two,
      second: two,
    });
    formats.set(zone, format);
  }
  return format;
}

/** Milliseconds since the epoch to the zone's wall clock. */
export function toZoned(at: number, zone: string): string {
  const found: Record<string, string> = {};
  for (const part of formatOf(zone).formatToParts(at)) found[part.type] = part.value;
  return `${found["year"]}-${found["month"]}-${found["day"]}T${found["hour"]}:${found["minute"]}:${found["second"]}`;
}

/** The zone's wall clock to milliseconds since the epoch; NaN when it is no time. In a repeated hour, the first. */
export function fromZoned(text: string, zone: string): number {
  const asUtc = Date.parse(`${text}Z`);
  if (!Number.isFinite(asUtc)) return Number.NaN;
  const offsetAt = (at: number): number => Date.parse(`${toZoned(at, zone)}Z`) - at;
  // The offset before the change is tried first; the second look corrects a guess made across a change.
  const first = asUtc - offsetAt(asUtc - 86_400_000);
  if (offsetAt(first) === asUtc - first) return first;
  return asUtc - offsetAt(asUtc);
}

/** The calendar day of a zone, `YYYY-MM-DD`; today unless told. */
export const dayIn = (zone: string, at: number = Date.now()): string => toZoned(at, zone).slice(0, 10);
