/** A chart as a PNG that explains itself: title, time, legend and the drawing, at twice the size of the screen. */
import type { ChartModel, LegendItem } from "./model.ts";
import { paint, type Frame } from "./paint.ts";
import { formatInstant, formatZone } from "@yagura/portal/format.ts";

const HEAD = 58;
const RATIO = 2;

export async function picture(what: {
  model: ChartModel;
  frame: Frame;
  title: string;
  legend: readonly LegendItem[];
}): Promise<Blob> {
  const { model, frame, title, legend } = what;
  const drawn = document.createElement("canvas");
  drawn.width = frame.width * RATIO;
  drawn.height = frame.height * RATIO;
  const inner = drawn.getContext("2d");
  const canvas = document.createElement("canvas");
  canvas.width = frame.width * RATIO;
  canvas.height = (frame.height + HEAD) * RATIO;
  const pen = canvas.getContext("2d");
  if (pen === null || inner === null) throw new Error("This browser gives no canvas to draw on.");
  inner.scale(RATIO, RATIO);
  paint(inner, model, frame);
  pen.scale(RATIO, RATIO);
  pen.fillStyle = frame.palette.surface;
  pen.fillRect(0, 0, frame.width, frame.height + HEAD);
  pen.drawImage(drawn, 0, HEAD, frame.width, frame.height);
  heading(pen, what.model, frame, title);
  legendLine(pen, frame, legend);
  return new Promise((resolve, reject) =>
    canvas.toBlob((blob) => (blob === null ? reject(new Error("The picture could not be made.")) : resolve(blob))),
  );
}

function heading(pen: CanvasRenderingContext2D, model: ChartModel, frame: Frame, title: string): void {
  const options = { language: frame.language, zone: frame.zone };
  const time = (at: number): string => formatInstant(at * 1000, options, "second");
  pen.textBaseline = "alphabetic";
  pen.textAlign = "left";
  pen.fillStyle = frame.palette.text;
  pen.font = `600 14px ${frame.palette.font}`;
  pen.fillText(title, 12, 22);
  pen.font = `11px ${frame.palette.font}`;
  pen.textAlign = "right";
  pen.fillText(
    `${time(model.from)} – ${time(model.to)} ${formatZone(frame.zone, model.to * 1000)}`,
    frame.width - 12,
    22,
  );
}

function legendLine(pen: CanvasRenderingContext2D, frame: Frame, legend: readonly LegendItem[]): void {
  pen.font = `11px ${frame.palette.font}`;
  pen.textAlign = "left";
  pen.textBaseline = "middle";
  let x = 12;
  for (const item of legend) {
    pen.globalAlpha = item.opacity ?? 1;
    pen.fillStyle = item.tone === "hatch" ? frame.palette.hatch : frame.palette.tone[item.tone];
    const thin = (item.mark ?? "line") === "line" || item.mark === "dash";
    pen.fillRect(x, thin ? 43 : 39, 14, thin ? 2 : 10);
    pen.globalAlpha = 1;
    pen.fillStyle = frame.palette.text;
    pen.fillText(item.label, x + 19, 44);
    x += 19 + pen.measureText(item.label).width + 16;
  }
}
