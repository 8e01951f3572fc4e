/** Pieces of SQL that the questions of telemetry share. */
import type { QueryParameters } from "@yagura/store/store.ts";
import { wholeHours, type Range } from "../range.ts";
import { ofPlace, placeParameters, type Place } from "./place.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** Up to so many hours the sums by hour are read; beyond, those by day and by hour at both ends. */
const HOURS_ALONE = 36;

/** `ot_pair` has the amounts of `ot_conversation` without transports, in pieces of several lengths (0002-pairs.sql). */
export type Sums = "ot_conversation" | "ot_command" | "ot_pair";

/** Whole days and the hours around them that make up a range of whole hours. */
export function partsOf(range: Range): { readonly hours: readonly Range[]; readonly days: Range | null } {
  const { from, to } = wholeHours(range);
  const days = { from: Math.ceil(from / DAY) * DAY, to: Math.floor(to / DAY) * DAY };
  if (to - from <= HOURS_ALONE * HOUR || days.to <= days.from) return { hours: [{ from, to }], days: null };
  const hours = [
    { from, to: days.from },
    { from: days.to, to },
  ].filter((part) => part.from < part.to);
  return { hours, days };
}

/** Hours of the pieces of `ot_pair`, the longest first. They divide each other and the day. */
const STEPS = [24, 6, 1] as const;
export type Step = (typeof STEPS)[number];
export interface Piece extends Range {
  readonly step: Step;
}
/** A range of whole hours out of the longest pieces that fit in, none longer than `longest` hours. In order; each moment once. */
export function piecesOf(range: Range, longest: Step = 24): Piece[] {
  const cut = ({ from, to }: Range, [step = 1, ...shorter]: readonly Step[]): Piece[] => {
    const size = step * HOUR;
    const whole = { from: Math.ceil(from / size) * size, to: Math.floor(to / size) * size };
    if (whole.from >= whole.to) return from < to ? cut({ from, to }, shorter) : [];
    return [...cut({ from, to: whole.from }, shorter), { ...whole, step }, ...cut({ from: whole.to, to }, shorter)];
  };
  return cut(
    wholeHours(range),
    STEPS.filter((step) => step <= longest),
  );
}

const seconds = (time: number): number => Math.floor(time / 1000);
const within = (column: string, { from, to }: Range): string =>
  `${column} >= toDateTime(${seconds(from)}, 'UTC') and ${column} < toDateTime(${seconds(to)}, 'UTC')`;

/**
 * A sub-query over the sums of a range, with `columns` of the table, `moment` (the hour or day as DateTime) and `step` (hours from
 * it on). `where` is a further condition; `longest`: hours of the longest pieces of `ot_pair`.
 */
export function sumsOf(table: Sums, range: Range, columns: string, where = "1", longest: Step = 24): string {
  if (table === "ot_pair") {
    const pieces = piecesOf(range, longest).map((piece) => `step = ${piece.step} and ${within("moment", piece)}`);
    return `(select device, step, moment, ${columns} from ot_pair
      where ${ofPlace} and (${pieces.map((piece) => `(${piece})`).join(" or ")}) and (${where}))`;
  }
  const { hours, days } = partsOf(range);
  const select = (unit: "hour" | "day", parts: readonly Range[]): string =>
    `select device, toUInt8(${unit === "hour" ? 1 : 24}) as step, ${unit} as moment, ${columns} from ${table}_${unit}
     where ${ofPlace} and (${parts.map((part) => within(unit, part)).join(" or ")}) and (${where})`;
  const parts = [
    ...(hours.length === 0 ? [] : [select("hour", hours)]),
    ...(days === null ? [] : [select("day", [days])]),
  ];
  return `(${parts.join(" union all ")})`;
}

/** A figure beside the sums: how it is combined, e.g. `min` of `low`. */
export interface Figure {
  readonly name: string;
  readonly how: "min" | "max" | "groupUniqArrayArray";
}
export interface Grouping {
  readonly table: Sums;
  readonly range: Range;
  readonly keys: readonly string[];
  /** Columns that are added up. */
  readonly sums: readonly string[];
  readonly figures?: readonly Figure[];
  readonly where?: string;
  /** False: without `first` and `last`. */
  readonly times?: boolean;
}

/**
 * A query that adds up by key, with `first` and `last` in ms since the epoch. What two sensors of a site both saw is counted once:
 * of each key the sensor's that saw more.
 */
export function grouped(
  place: Place,
  { table, range, keys, sums, figures = [], where, times = true }: Grouping,
): string {
  const ends: readonly Figure[] = times
    ? [
        { name: "first_at", how: "min" },
        { name: "last_at", how: "max" },
      ]
    : [];
  const all: readonly Figure[] = [...ends, ...figures];
  const columns = [...new Set([...keys, ...sums, ...all.map(({ name }) => name)])].filter((name) => name !== "moment");
  const from = sumsOf(table, range, columns.join(", "), where);
  const by = keys.join(", ");
  const combined = all.map(({ name, how }) => `${how}(${name}) as f_${name}`);
  const added = [...combined, ...sums.map((name) => `sum(${name}) as s_${name}`)].join(", ");
  const again = [
    ...all.map(({ name, how }) => `${how}(f_${name}) as g_${name}`),
    ...sums.map((name) => `max(s_${name}) as t_${name}`),
  ].join(", ");
  const single = new Set(place.sensors).size <= 1;
  const inner = single
    ? `select ${by}, ${added} from ${from} group by ${by}`
    : `select ${by}, ${again} from (
        select transform(toString(device), {names:Array(String)}, {sensors:Array(UInt32)}, toUInt32(0)) as sensor, ${by}, ${added}
        from ${from} group by sensor, ${by}) group by ${by}`;
  const [f, s] = single ? ["f", "s"] : ["g", "t"];
  const told = [
    ...(times
      ? [`toUnixTimestamp64Milli(${f}_first_at) as first`, `toUnixTimestamp64Milli(${f}_last_at) as last`]
      : []),
    ...figures.map(({ name }) => `${f}_${name} as ${name}`),
    ...sums.map((name) => `${s}_${name} as ${name}`),
  ];
  return `select ${by}, ${told.join(", ")} from (${inner})`;
}

/** Parameters of `grouped`. */
export const parametersOf = (place: Place): QueryParameters => ({
  ...placeParameters(place),
  names: [...place.devices],
  sensors: [...place.sensors],
});
