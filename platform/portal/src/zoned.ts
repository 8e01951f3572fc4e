/** Calendar days of a zone. Pure. */

/** The calendar day of a zone, `YYYY-MM-DD`; today unless told. */
export function dayIn(zone: string, at: number = Date.now()): string {
  const format = new Intl.DateTimeFormat("en-CA", {
    timeZone: zone,
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
  });
  const parts = format.formatToParts(at);
  const of = (type: string): string => parts.find((part) => part.type === type)?.value ?? "";
  return `${of("year")}-${of("month")}-${of("day")}`;
}
