/** Time on a chart's axis: ticks that fall on whole hours, days and months of the organisation's zone, and their labels. */

/** Seconds that a wall clock of the zone is ahead of UTC at an instant (seconds since the epoch). */
export function zoneOffset(at: number, zone: string): number {
  const parts = formatter(zone).formatToParts(new Date(at * 1000));
  const of = (type: string): number => Number(parts.find((part) => part.type === type)?.value ?? 0);
  const wall = Date.UTC(of("year"), of("month") - 1, of("day"), of("hour"), of("minute"), of("second")) / 1000;
  return Math.round(wall - Math.floor(at));
}

const formatters = new Map<string, Intl.DateTimeFormat>();
function formatter(zone: string): Intl.DateTimeFormat {
  let found = formatters.get(zone);
  if (found === undefined) {
    const two = "2-digit" as const;
    found = new Intl.DateTimeFormat("en-US", {
      timeZone: zone,
      hourCycle: "h23",
      year: "numeric",
      month: two,
      day: two,
      hour: two,
      minute: two,
      second: two,
    });
    formatters.set(zone, found);
  }
  return found;
}

const MINUTE = 60;
const HOUR = 3600;
const DAY = 86_400;
const STEPS = [
  0.1,
  0.2,
  0.5,
  1,
  2,
  5,
  10,
  15,
  30,
  MINUTE,
  2 * MINUTE,
  5 * MINUTE,
  10 * MINUTE,
  15 * MINUTE,
  30 * MINUTE,
  HOUR,
  2 * HOUR,
  3 * HOUR,
  6 * HOUR,
  12 * HOUR,
  DAY,
  2 * DAY,
  7 * DAY,
];
const MONTH = 30 * DAY;

export interface TimeTick {
  /** Seconds since the epoch. */
  readonly at: number;
  readonly label: string;
  /** A change of day or year: drawn stronger. */
  readonly major: boolean;
}

/** About `count` ticks between two instants (seconds since the epoch), on round times of the zone's wall clock. */
export function timeTicks(from: number, to: number, count: number, zone: string, language: "en" | "ja"): TimeTick[] {
  const ideal = (to - from) / Math.max(1, count);
  const step = STEPS.find((each) => each >= ideal);
  if (step === undefined || !(to > from)) return to > from ? monthTicks(from, to, ideal, zone, language) : [];
  const ticks: TimeTick[] = [];
  let wall = Math.ceil((from + zoneOffset(from, zone)) / step) * step;
  for (let guard = 0; guard < 200; guard++) {
    const at = unwall(wall, zone);
    if (at > to) break;
    if (at >= from) ticks.push({ at, label: tickLabel(wall, step, language), major: step < DAY && wall % DAY === 0 });
    wall = Math.round((wall + step) * 10) / 10;
  }
  return ticks;
}

/** The instant at which the zone's clocks show this wall time (both in seconds). */
function unwall(wall: number, zone: string): number {
  const first = wall - zoneOffset(wall, zone);
  return wall - zoneOffset(first, zone);
}

function monthTicks(from: number, to: number, ideal: number, zone: string, language: "en" | "ja"): TimeTick[] {
  const every = [1, 2, 3, 6, 12].find((months) => months * MONTH >= ideal) ?? 12;
  const start = new Date((from + zoneOffset(from, zone)) * 1000);
  let month = Math.floor((start.getUTCFullYear() * 12 + start.getUTCMonth()) / every) * every;
  const ticks: TimeTick[] = [];
  for (let guard = 0; guard < 400; guard++, month += every) {
    const wall = Date.UTC(Math.floor(month / 12), month % 12, 1) / 1000;
    const at = unwall(wall, zone);
    if (at > to) break;
    if (at < from) continue;
    const [year, number] = [Math.floor(month / 12), (month % 12) + 1];
    const january = number === 1;
    const label = january
      ? language === "ja"
        ? `${year}年`
        : String(year)
      : language === "ja"
        ? `${number}月`
        : (MONTHS[number - 1] ?? "");
    ticks.push({ at, label, major: january });
  }
  return ticks;
}

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const two = (value: number): string => String(value).padStart(2, "0");

function tickLabel(wall: number, step: number, language: "en" | "ja"): string {
  const date = new Date(Math.round(wall * 1000));
  const [month, day] = [date.getUTCMonth() + 1, date.getUTCDate()];
  if (wall % DAY === 0) return language === "ja" ? `${month}/${day}` : `${MONTHS[month - 1]} ${day}`;
  const minutes = `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}`;
  if (step >= MINUTE) return minutes;
  const seconds = `${minutes}:${two(date.getUTCSeconds())}`;
  return step >= 1 ? seconds : `${seconds}.${Math.floor(date.getUTCMilliseconds() / 100)}`;
}
