/** Days and times of a zone as form fields write them (`2026-11-20T09:00`), and back to instants. Pure. */

/** Minutes that the zone's clocks are ahead of UTC at an instant. */
function ahead(zone: string, at: number): number {
  const parts = new Intl.DateTimeFormat("en-US", {
    timeZone: zone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
  }).formatToParts(at);
  const of = (type: string): number => Number(parts.find((part) => part.type === type)?.value);
  const shown = Date.UTC(of("year"), of("month") - 1, of("day"), of("hour"), of("minute"));
  return Math.round((shown - Math.floor(at / 60_000) * 60_000) / 60_000);
}

/** `2026-11-20T09:00` for an instant. */
export const localTime = (at: number | string, zone: string): string => {
  const time = typeof at === "number" ? at : Date.parse(at);
  return new Date(time + ahead(zone, time) * 60_000).toISOString().slice(0, 16);
};

/**
 * The instant of a local time or of a day's first moment; null for what is none. A time that a clock change leaves out is
 * taken as the one after it.
 */
export function instantOf(local: string, zone: string): string | null {
  const text = /^\d{4}-\d{2}-\d{2}$/.test(local) ? `${local}T00:00` : local;
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?$/.test(text)) return null;
  const wall = Date.parse(`${text}Z`);
  if (Number.isNaN(wall)) return null;
  const first = wall - ahead(zone, wall) * 60_000;
  return new Date(wall - ahead(zone, first) * 60_000).toISOString();
}

/** The day after, `YYYY-MM-DD`. */
export const dayAfter = (day: string, days = 1): string =>
  new Date(Date.parse(day) + days * 86_400_000).toISOString().slice(0, 10);
