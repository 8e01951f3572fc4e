/** Draws a chart model on a canvas: hatching first, then bands, lines, the lane of losses, flags and axes. */
import type { Area, Band, Bars, ChartModel, Lane, Layer, Line, Mark, Point, Tone, Values } from "./model.ts";
import { flagGroups, placeX, placeY, spanAreas } from "./model.ts";
import { valueLabel, valueTicks } from "./scale.ts";
import { runs } from "./shape.ts";
import { timeTicks } from "./time.ts";

/** The part of a canvas context that is used; colours are CSS colours. */
export type Pen = CanvasRenderingContext2D;
export interface Palette {
  readonly text: string;
  readonly grid: string;
  readonly axis: string;
  /** Lines at a change of day or year. */
  readonly major: string;
  readonly surface: string;
  readonly hatch: string;
  readonly flag: string;
  readonly font: string;
  readonly tone: Readonly<Record<Tone, string>>;
}
export interface Frame {
  /** CSS pixels. */
  readonly width: number;
  readonly height: number;
  readonly zone: string;
  readonly language: "en" | "ja";
  readonly palette: Palette;
  /** Without its own time labels: another chart below carries them. */
  readonly bare?: boolean;
}

export const LANE_HEIGHT = 34;
const AXIS_WIDTH = 62;
const RIGHT = 10;
const TOP = 14;
const BOTTOM = 22;
const LANE_GAP = 16;

export interface Places {
  readonly plot: Area;
  readonly lane: Area | null;
}
/** Where the plot and the lane stand in a frame. */
export function places(frame: Pick<Frame, "width" | "height">, lane: boolean): Places {
  const width = Math.max(40, frame.width - AXIS_WIDTH - RIGHT);
  const low = frame.height - BOTTOM;
  const laneTop = low - LANE_HEIGHT;
  const height = Math.max(20, (lane ? laneTop - LANE_GAP : low) - TOP);
  return {
    plot: { left: AXIS_WIDTH, top: TOP, width, height },
    lane: lane ? { left: AXIS_WIDTH, top: laneTop, width, height: LANE_HEIGHT } : null,
  };
}

export function paint(pen: Pen, model: ChartModel, frame: Frame): void {
  const { plot, lane } = places(frame, model.lane !== undefined);
  const { palette } = frame;
  pen.clearRect(0, 0, frame.width, frame.height);
  pen.font = `11px ${palette.font}`;
  drawValueAxis(pen, model, frame, plot);
  drawTimeAxis(pen, model, frame, plot, lane);
  for (const { area } of spanAreas(model, plot)) hatch(pen, area, palette);
  if (lane !== null) for (const { area } of spanAreas(model, lane)) hatch(pen, area, palette);
  pen.save();
  pen.beginPath();
  pen.rect(plot.left, plot.top - 4, plot.width, plot.height + 5);
  pen.clip();
  for (const layer of model.layers) drawLayer(pen, layer, model, plot, palette);
  pen.restore();
  drawClipped(pen, model, plot, palette);
  if (lane !== null && model.lane !== undefined) drawLane(pen, model.lane, model, lane, frame);
  drawFlags(pen, model, plot, lane, palette);
}

function drawValueAxis(pen: Pen, model: ChartModel, frame: Frame, plot: Area): void {
  pen.textAlign = "right";
  pen.textBaseline = "middle";
  for (const value of valueTicks(model.scale, Math.max(2, Math.floor(plot.height / 42)))) {
    const y = Math.round(placeY(model.scale, plot, value)) + 0.5;
    line(pen, plot.left, y, plot.left + plot.width, y, frame.palette.grid);
    pen.fillStyle = frame.palette.text;
    pen.fillText(valueLabel(value, model.scale.high, model.unit), plot.left - 8, y);
  }
}

function drawTimeAxis(pen: Pen, model: ChartModel, frame: Frame, plot: Area, lane: Area | null): void {
  const bottom = lane === null ? plot.top + plot.height : lane.top + lane.height;
  pen.textAlign = "center";
  pen.textBaseline = "top";
  let free = plot.left - 20;
  for (const tick of timeTicks(model.from, model.to, Math.max(2, plot.width / 90), frame.zone, frame.language)) {
    const x = Math.round(placeX(model, plot, tick.at)) + 0.5;
    line(pen, x, plot.top, x, bottom, tick.major ? frame.palette.major : frame.palette.grid);
    const half = pen.measureText(tick.label).width / 2;
    if (frame.bare === true || x - half < free || x + half > frame.width) continue;
    pen.fillStyle = frame.palette.text;
    pen.fillText(tick.label, x, bottom + 6);
    free = x + half + 8;
  }
  line(pen, plot.left, bottom + 0.5, plot.left + plot.width, bottom + 0.5, frame.palette.axis);
}

function line(pen: Pen, x1: number, y1: number, x2: number, y2: number, colour: string, width = 1): void {
  pen.strokeStyle = colour;
  pen.lineWidth = width;
  pen.beginPath();
  pen.moveTo(x1, y1);
  pen.lineTo(x2, y2);
  pen.stroke();
}

/** Diagonal lines: not observed. Never a state colour. */
function hatch(pen: Pen, area: Area, palette: Palette): void {
  pen.save();
  pen.beginPath();
  pen.rect(area.left, area.top, area.width, area.height);
  pen.clip();
  pen.globalAlpha = 0.16;
  pen.fillStyle = palette.hatch;
  pen.fillRect(area.left, area.top, area.width, area.height);
  pen.globalAlpha = 0.75;
  pen.strokeStyle = palette.hatch;
  pen.lineWidth = 1;
  pen.beginPath();
  // Lines keep their place on the page, so that neighbouring spans and a moving axis do not shimmer.
  const first = Math.floor((area.left - area.height) / 7) * 7;
  for (let x = first; x < area.left + area.width; x += 7) {
    pen.moveTo(x, area.top + area.height);
    pen.lineTo(x + area.height, area.top);
  }
  pen.stroke();
  pen.restore();
}

function drawLayer(pen: Pen, layer: Layer, model: ChartModel, plot: Area, palette: Palette): void {
  if (layer.kind === "band") drawBand(pen, layer, model, plot, palette);
  else if (layer.kind === "line") drawLine(pen, layer, model, plot, palette);
  else drawBars(pen, layer, model, plot, palette);
}

/** Points of one unbroken run, each in the middle of its bucket; a lone bucket becomes as wide as it lasted. */
export function runPoints(
  layer: { t: readonly number[]; step: number },
  values: Values,
  [start, end]: readonly [number, number],
  model: ChartModel,
  area: Area,
): Point[] {
  const points: Point[] = [];
  const y = (index: number): number => placeY(model.scale, area, values[index] as number);
  const middle = (index: number): number => placeX(model, area, (layer.t[index] as number) + layer.step / 2);
  if (end - start === 1) {
    const width = Math.max(1.5, (layer.step / (model.to - model.from)) * area.width);
    return [
      [middle(start) - width / 2, y(start)],
      [middle(start) + width / 2, y(start)],
    ];
  }
  for (let index = start; index < end; index++) points.push([middle(index), y(index)]);
  return points;
}

function drawBand(pen: Pen, band: Band, model: ChartModel, plot: Area, palette: Palette): void {
  const here = (index: number): boolean => isHere(band.low[index]) && isHere(band.high[index]);
  pen.fillStyle = palette.tone[band.tone];
  pen.globalAlpha = band.opacity;
  for (const run of runs(band.t, here, band.apart, model.spans)) {
    const upper = runPoints(band, band.high, run, model, plot);
    const lower = runPoints(band, band.low, run, model, plot).reverse();
    pen.beginPath();
    [...upper, ...lower].forEach(([x, y], index) => (index === 0 ? pen.moveTo(x, y) : pen.lineTo(x, y)));
    pen.closePath();
    pen.fill();
  }
  pen.globalAlpha = 1;
}

function drawLine(pen: Pen, layer: Line, model: ChartModel, plot: Area, palette: Palette): void {
  pen.strokeStyle = palette.tone[layer.tone];
  pen.lineWidth = layer.width;
  pen.lineJoin = "round";
  pen.globalAlpha = layer.opacity ?? 1;
  pen.setLineDash([...(layer.dash ?? [])]);
  for (const run of runs(layer.t, (index) => isHere(layer.values[index]), layer.apart, model.spans)) {
    pen.beginPath();
    runPoints(layer, layer.values, run, model, plot).forEach(([x, y], index) =>
      index === 0 ? pen.moveTo(x, y) : pen.lineTo(x, y),
    );
    pen.stroke();
  }
  pen.setLineDash([]);
  pen.globalAlpha = 1;
}

const isHere = (value: number | null | undefined): boolean => value !== null && value !== undefined;

function drawBars(pen: Pen, layer: Bars, model: ChartModel, plot: Area, palette: Palette): void {
  for (let index = 0; index < layer.t.length; index++) {
    const { left, width } = barPlace(layer, index, model, plot);
    let below = 0;
    for (const { values, tone, mark } of layer.stack) {
      const value = values[index] ?? 0;
      if (value <= 0) continue;
      const low = placeY(model.scale, plot, below);
      const high = Math.min(placeY(model.scale, plot, below + value), low - 1.5);
      fillMark(pen, { left, top: high, width, height: low - high }, palette.tone[tone], mark, palette.surface);
      below += value;
    }
  }
}

function barPlace(
  layer: { t: readonly number[]; step: number; apart: number },
  index: number,
  model: ChartModel,
  area: Area,
): { left: number; width: number } {
  const at = layer.t[index] as number;
  const lasted = layer.step > 0 ? layer.step : layer.apart * 0.8;
  const width = Math.max(2, (lasted / (model.to - model.from)) * area.width - 0.5);
  const middle = placeX(model, area, layer.step > 0 ? at + layer.step / 2 : at);
  return { left: middle - width / 2, width };
}

function fillMark(pen: Pen, area: Area, colour: string, mark: Mark, surface: string): void {
  pen.fillStyle = colour;
  if (mark === "solid") {
    pen.fillRect(area.left, area.top, area.width, area.height);
    return;
  }
  pen.fillStyle = surface;
  pen.fillRect(area.left, area.top, area.width, area.height);
  pen.strokeStyle = colour;
  pen.lineWidth = 1;
  pen.strokeRect(area.left + 0.5, area.top + 0.5, Math.max(1, area.width - 1), Math.max(1, area.height - 1));
  if (mark !== "crossed") return;
  pen.beginPath();
  pen.moveTo(area.left, area.top + area.height);
  pen.lineTo(area.left + area.width, area.top);
  pen.moveTo(area.left, area.top);
  pen.lineTo(area.left + area.width, area.top + area.height);
  pen.stroke();
}

/** Small arrows at the top edge where the axis ends below the data: nothing is hidden silently. */
function drawClipped(pen: Pen, model: ChartModel, plot: Area, palette: Palette): void {
  let free = -10;
  for (const layer of model.layers) {
    if (layer.kind === "bars" || (layer.opacity ?? 1) < 0.6) continue;
    const values = layer.kind === "band" ? layer.high : layer.values;
    for (let index = 0; index < layer.t.length; index++) {
      const value = values[index];
      if (value === null || value === undefined || model.scale.at(value) <= 1.001) continue;
      const x = placeX(model, plot, (layer.t[index] as number) + layer.step / 2);
      if (x < plot.left || x > plot.left + plot.width || Math.abs(x - free) < 6) continue;
      free = x;
      pen.fillStyle = palette.tone[layer.tone];
      pen.beginPath();
      pen.moveTo(x, plot.top - 7);
      pen.lineTo(x + 3.5, plot.top - 1);
      pen.lineTo(x - 3.5, plot.top - 1);
      pen.fill();
    }
  }
}

/** The lane of losses: share of the sent from zero to all, in one height for every chart. */
function drawLane(pen: Pen, lane: Lane, model: ChartModel, area: Area, frame: Frame): void {
  const { palette } = frame;
  line(pen, area.left, area.top - 0.5, area.left + area.width, area.top - 0.5, palette.grid);
  pen.save();
  pen.beginPath();
  pen.rect(area.left, area.top - 1, area.width, area.height + 1);
  pen.clip();
  for (let index = 0; index < lane.t.length; index++) {
    const { left, width } = barPlace(lane, index, model, area);
    let low = area.top + area.height;
    const marks: readonly [number, Tone, Mark][] = [
      [lane.lost[index] ?? 0, "bad", "solid"],
      [lane.late[index] ?? 0, "notice", "hollow"],
      [lane.refused[index] ?? 0, "fourth", "crossed"],
    ];
    for (const [share, tone, mark] of marks) {
      if (share <= 0) continue;
      const height = Math.max(4, share * area.height);
      fillMark(pen, { left, top: low - height, width, height }, palette.tone[tone], mark, palette.surface);
      low -= height;
    }
  }
  pen.restore();
  pen.fillStyle = palette.text;
  pen.textAlign = "right";
  pen.textBaseline = "middle";
  pen.fillText("100 %", area.left - 8, area.top + 4);
  pen.fillText("0 %", area.left - 8, area.top + area.height - 3);
}

/** A thin line at each event; a pennant for those that stand close, with their number. */
function drawFlags(pen: Pen, model: ChartModel, plot: Area, lane: Area | null, palette: Palette): void {
  const bottom = lane === null ? plot.top + plot.height : lane.top + lane.height;
  const pixel = (at: number): number => Math.round(placeX(model, plot, at)) + 0.5;
  pen.textBaseline = "middle";
  for (const { at, flags } of flagGroups(model, plot)) {
    pen.setLineDash([2, 3]);
    pen.globalAlpha = 0.55;
    for (const x of new Set(flags.map((flag) => pixel(flag.at)))) line(pen, x, plot.top - 4, x, bottom, palette.flag);
    pen.globalAlpha = 1;
    pen.setLineDash([]);
    const x = pixel(at);
    line(pen, x, plot.top - 13, x, plot.top - 4, palette.flag);
    pen.fillStyle = palette.flag;
    pen.beginPath();
    pen.moveTo(x, plot.top - 13);
    pen.lineTo(x + 8, plot.top - 9.5);
    pen.lineTo(x, plot.top - 6);
    pen.fill();
    if (flags.length === 1) continue;
    // Left of the pole, where the pennant is not: there is room even at the right edge.
    pen.textAlign = "right";
    pen.fillText(String(flags.length), x - 3, plot.top - 8);
  }
}
