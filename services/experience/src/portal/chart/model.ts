/** What a chart shows, before any pixel: layers over one time axis, spans that were not observed, events, a lane of losses. */
import type { Scale } from "./scale.ts";
import type { Span } from "./shape.ts";

/** Names of the palette's series colours; `0` … `5` are the sessions of a comparison. */
export type Tone = "main" | "second" | "third" | "fourth" | "fifth" | "sixth" | "good" | "notice" | "bad" | "faint";
export const tones: readonly Tone[] = ["main", "second", "third", "fourth", "fifth", "sixth"];

export type Values = readonly (number | null)[];

interface Timed {
  /** Starts, seconds since the epoch. */
  readonly t: readonly number[];
  /** Seconds that each entry stands for; 0: a single sample. */
  readonly step: number;
  /** Seconds between neighbours of a healthy series: further apart is a break. */
  readonly apart: number;
  readonly tone: Tone;
}
export interface Band extends Timed {
  readonly kind: "band";
  readonly low: Values;
  readonly high: Values;
  readonly opacity: number;
}
export interface Line extends Timed {
  readonly kind: "line";
  readonly values: Values;
  readonly width: number;
  readonly dash?: readonly number[];
  readonly opacity?: number;
}
/** Bars from zero, stacked in the order given. */
export interface Bars extends Timed {
  readonly kind: "bars";
  readonly stack: readonly { readonly values: Values; readonly tone: Tone; readonly mark: Mark }[];
}
/** Filling that tells states apart without colour: lost is solid, late hollow, refused crossed. */
export type Mark = "solid" | "hollow" | "crossed";
export type Layer = Band | Line | Bars;

export interface LegendItem {
  readonly label: string;
  readonly tone: Tone | "hatch";
  readonly mark?: Mark | "line" | "band" | "dash";
  readonly opacity?: number;
}
export interface Flag {
  readonly at: number;
  readonly kind: string;
  readonly text: string;
}

/** Shares of the sent, drawn in a thin lane below the plot. */
export interface Lane extends Omit<Timed, "tone"> {
  readonly lost: Values;
  readonly late: Values;
  readonly refused: Values;
}

export interface ChartModel {
  readonly from: number;
  readonly to: number;
  readonly scale: Scale;
  readonly unit: "duration" | "share";
  readonly layers: readonly Layer[];
  readonly spans: readonly Span[];
  readonly events: readonly Flag[];
  readonly lane?: Lane;
}

export interface Area {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}
export type Point = readonly [x: number, y: number];

/** Horizontal place of an instant. */
export const placeX = (model: Pick<ChartModel, "from" | "to">, area: Area, at: number): number =>
  area.left + ((at - model.from) / (model.to - model.from || 1)) * area.width;
export const instantAt = (model: Pick<ChartModel, "from" | "to">, area: Area, x: number): number =>
  model.from + ((x - area.left) / (area.width || 1)) * (model.to - model.from);
/** Vertical place of a value, kept just outside the area when it is beyond the axis. */
export const placeY = (scale: Scale, area: Area, value: number): number =>
  area.top + area.height * (1 - Math.min(1.02, Math.max(-0.02, scale.at(value))));

/** CSS pixels that a flag takes on the time axis: those that would stand closer share one. */
export const FLAG_ROOM = 24;

/** Flags that share one pennant, at the place of the first of them. */
export interface FlagGroup {
  readonly x: number;
  readonly at: number;
  readonly flags: readonly Flag[];
}

/** The flags inside the model's time, by their time, in groups that do not cover each other. */
export function flagGroups(model: Pick<ChartModel, "from" | "to" | "events">, area: Area): FlagGroup[] {
  const groups: { x: number; at: number; flags: Flag[] }[] = [];
  for (const flag of model.events.toSorted((a, b) => a.at - b.at)) {
    if (flag.at < model.from || flag.at > model.to) continue;
    const x = placeX(model, area, flag.at);
    const last = groups.at(-1);
    if (last !== undefined && x - last.x < FLAG_ROOM) last.flags.push(flag);
    else groups.push({ x, at: flag.at, flags: [flag] });
  }
  return groups;
}

/** Rectangles of the spans, at least two pixels wide so that a short sleep is still seen in a year. */
export function spanAreas(model: ChartModel, area: Area): { area: Area; span: Span }[] {
  const found: { area: Area; span: Span }[] = [];
  for (const span of model.spans) {
    if (span.to <= model.from || span.from >= model.to) continue;
    const left = placeX(model, area, Math.max(span.from, model.from));
    const right = placeX(model, area, Math.min(span.to, model.to));
    const width = Math.max(2, right - left);
    found.push({
      area: { left: Math.min(left, area.left + area.width - width), top: area.top, width, height: area.height },
      span,
    });
  }
  return found;
}
