/** Draws the map on a canvas: bands, zones, conversations, devices. What lies outside the view is left out. */
import { outsidePath, rolePath } from "../role-icon.tsx";
import type { Layout, MapEdge, Placed } from "./layout.ts";

export const colourNames = [
  "--ink",
  "--ink-soft",
  "--paper",
  "--panel",
  "--line",
  "--line-strong",
  "--accent",
  "--accent-soft",
  "--notice",
  "--bad",
  "--bad-soft",
  "--unknown",
] as const;
export type Colours = Readonly<Record<(typeof colourNames)[number], string>>;

/** A point of the drawing lies at `x * scale + left` on the canvas, in CSS pixels. */
export interface View {
  readonly left: number;
  readonly top: number;
  readonly scale: number;
}
export interface Scene {
  readonly layout: Layout;
  readonly edges: readonly MapEdge[];
  readonly selected: string | null;
  readonly hovered: string | null;
  /** Devices that a search found; null: nothing is searched. */
  readonly found: ReadonlySet<string> | null;
  readonly colours: Colours;
  readonly font: string;
  /** Names of levels and of what has no zone. */
  readonly bandName: (level: number | null) => string;
  readonly noZone: string;
}

/** Names are drawn from this scale on. */
const NAMES_FROM = 0.42;
const ICON = 26;
const paths = new Map<string, Path2D>();
const pathOf = (text: string): Path2D => {
  let path = paths.get(text);
  if (path === undefined) paths.set(text, (path = new Path2D(text)));
  return path;
};

export function draw(
  context: CanvasRenderingContext2D,
  size: { readonly width: number; readonly height: number; readonly ratio: number },
  view: View,
  scene: Scene,
): void {
  const { colours } = scene;
  context.setTransform(size.ratio, 0, 0, size.ratio, 0, 0);
  context.fillStyle = colours["--paper"];
  context.fillRect(0, 0, size.width, size.height);
  context.translate(view.left, view.top);
  context.scale(view.scale, view.scale);
  const seen = {
    left: -view.left / view.scale - 60,
    top: -view.top / view.scale - 60,
    right: (size.width - view.left) / view.scale + 60,
    bottom: (size.height - view.top) / view.scale + 60,
  };
  const visible = ({ x, y }: Placed): boolean => x > seen.left && x < seen.right && y > seen.top && y < seen.bottom;
  drawBoxes(context, scene, view);
  drawEdges(context, scene, view, visible);
  for (const placed of scene.layout.nodes.values()) if (visible(placed)) drawNode(context, scene, view, placed);
}

function drawBoxes(
  context: CanvasRenderingContext2D,
  { layout, colours, font, bandName, noZone }: Scene,
  view: View,
): void {
  context.textAlign = "left";
  context.textBaseline = "alphabetic";
  for (const { level, y } of layout.bands) {
    context.font = `600 ${12 / Math.min(1, view.scale)}px ${font}`;
    context.fillStyle = colours["--ink-soft"];
    context.textAlign = "right";
    context.fillText(bandName(level), -16, y + 18);
    context.textAlign = "left";
  }
  for (const { x, y, width, height, name } of layout.boxes) {
    context.beginPath();
    context.roundRect(x, y, width, height, 8);
    context.fillStyle = colours["--panel"];
    context.fill();
    context.lineWidth = 1;
    context.strokeStyle = colours["--line"];
    context.stroke();
    context.font = `600 12px ${font}`;
    context.fillStyle = colours["--ink-soft"];
    context.fillText(cut(context, name ?? noZone, width - 24), x + 12, y + 18);
  }
}

function drawEdges(
  context: CanvasRenderingContext2D,
  scene: Scene,
  view: View,
  visible: (placed: Placed) => boolean,
): void {
  const { layout, colours, selected, hovered, found } = scene;
  const focus = hovered ?? selected;
  // What belongs to the chosen device lies above all others.
  for (const front of [false, true])
    for (const edge of scene.edges) {
      const own = edge.client === focus || edge.server === focus;
      if (own !== front) continue;
      const from = layout.nodes.get(edge.client);
      const to = layout.nodes.get(edge.server);
      if (from === undefined || to === undefined || (!visible(from) && !visible(to))) continue;
      const faded = focus === null ? found !== null : !own;
      context.globalAlpha = faded ? 0.12 : own ? 0.95 : 0.5;
      context.strokeStyle = edge.critical
        ? colours["--bad"]
        : edge.change === "new"
          ? colours["--notice"]
          : edge.ot
            ? colours["--accent"]
            : colours["--line-strong"];
      context.lineWidth = (0.7 + Math.min(3, Math.log10(1 + edge.bytes) / 3)) / Math.sqrt(Math.max(0.4, view.scale));
      context.setLineDash(edge.change === "gone" ? [3, 5] : edge.crossZone ? [9, 4] : []);
      const bend = Math.min(60, Math.hypot(to.x - from.x, to.y - from.y) / 6);
      context.beginPath();
      context.moveTo(from.x, from.y);
      context.quadraticCurveTo((from.x + to.x) / 2 + bend, (from.y + to.y) / 2 - bend / 2, to.x, to.y);
      context.stroke();
    }
  context.setLineDash([]);
  context.globalAlpha = 1;
}

function drawNode(context: CanvasRenderingContext2D, scene: Scene, view: View, { node, x, y }: Placed): void {
  const { colours, selected, hovered, found, font } = scene;
  const chosen = node.id === selected;
  const faded = (found !== null && !found.has(node.id)) || node.change === "gone";
  context.globalAlpha = faded && !chosen ? 0.35 : 1;
  const worst =
    node.worst === "critical" || node.worst === "bad" ? "--bad" : node.worst === "notice" ? "--notice" : null;
  context.beginPath();
  context.roundRect(x - ICON / 2 - 5, y - ICON / 2 - 5, ICON + 10, ICON + 10, 7);
  context.fillStyle = chosen || node.id === hovered ? colours["--accent-soft"] : colours["--panel"];
  context.fill();
  context.lineWidth = chosen ? 2.5 : worst === null ? 1 : 2;
  context.strokeStyle = chosen ? colours["--accent"] : worst === null ? colours["--line-strong"] : colours[worst];
  context.setLineDash(node.change === "gone" ? [3, 3] : []);
  context.stroke();
  context.setLineDash([]);
  context.save();
  context.translate(x - ICON / 2, y - ICON / 2);
  context.scale(ICON / 16, ICON / 16);
  context.lineWidth = 1;
  context.strokeStyle = colours["--ink"];
  context.lineJoin = "round";
  context.lineCap = "round";
  context.stroke(pathOf(node.kind === "outside" ? outsidePath : rolePath(node.role)));
  context.restore();
  if (worst !== null || node.change === "new") badge(context, scene, x, y, worst, node.findings);
  if (view.scale >= NAMES_FROM || chosen || node.id === hovered) {
    context.font = `${chosen ? "600 " : ""}11px ${font}`;
    context.textAlign = "center";
    context.fillStyle = colours["--ink"];
    context.fillText(cut(context, node.name, 98), x, y + ICON / 2 + 19);
  }
  context.globalAlpha = 1;
}

/** State has a shape too: a number for findings, a plus for what is new. */
function badge(
  context: CanvasRenderingContext2D,
  { colours, font }: Scene,
  x: number,
  y: number,
  worst: "--bad" | "--notice" | null,
  findings: number,
): void {
  const [left, top] = [x + ICON / 2 + 3, y - ICON / 2 - 3];
  context.beginPath();
  context.arc(left, top, 7.5, 0, 2 * Math.PI);
  context.fillStyle = worst === null ? colours["--notice"] : colours[worst];
  context.fill();
  context.font = `600 10px ${font}`;
  context.textAlign = "center";
  context.fillStyle = colours["--panel"];
  context.fillText(worst === null ? "+" : findings > 9 ? "9+" : String(findings), left, top + 3.5);
}

function cut(context: CanvasRenderingContext2D, text: string, width: number): string {
  if (context.measureText(text).width <= width) return text;
  let end = text.length - 1;
  while (end > 1 && context.measureText(`${text.slice(0, end)}…`).width > width) end--;
  return `${text.slice(0, end)}…`;
}
