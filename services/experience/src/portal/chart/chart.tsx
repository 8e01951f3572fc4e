/** A chart on a page: canvas, shared cursor, zoom by drag, wheel and keys, values in words, a table, a picture to take away. */
import {
  useCallback,
  useEffect,
  useEffectEvent,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
  useSyncExternalStore,
} from "react";
import type { KeyboardEvent, PointerEvent, ReactNode } from "react";
import { saveFile } from "@yagura/portal/api.ts";
import { useLanguage, useWords, useZone } from "@yagura/portal/language.tsx";
import { words } from "../words.ts";
import type { Cursor } from "./cursor.ts";
import { Flags } from "./flags.tsx";
import { instantAt, placeX, type ChartModel, type LegendItem } from "./model.ts";
import { paint, places, type Frame } from "./paint.ts";
import { usePalette } from "./palette.ts";
import { picture } from "./picture.ts";
import { nearest } from "./shape.ts";

export interface ReadoutItem {
  readonly label: string;
  readonly value: string;
}
export interface TableData {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** The last column holds words rather than figures, as the first does. */
  readonly told?: boolean;
}
export interface Steering {
  readonly select: (from: number, to: number) => void;
  readonly zoom: (factor: number, anchor: number) => void;
  readonly pan: (share: number) => void;
  readonly live: () => void;
}
export interface ChartProps {
  /** Names the picture's file and the figure's id. */
  readonly id: string;
  readonly title: string;
  readonly model: ChartModel;
  readonly height: number;
  readonly cursor: Cursor;
  /** The text alternative: what a reader of the picture would say. */
  readonly summary: string;
  readonly legend: readonly LegendItem[];
  /** Values at a time; at null the newest. */
  readonly readout: (at: number | null) => readonly ReadoutItem[];
  readonly table: () => TableData;
  /** Times at which the arrow keys stop. */
  readonly stops: readonly number[];
  readonly steering?: Steering;
  readonly bare?: boolean;
  /** For what is counted in tests and by readers of the page's source: never styled. */
  readonly data?: Readonly<Record<`data-${string}`, string | number>>;
}

export function Chart(props: ChartProps): ReactNode {
  const { id, title, model, height, cursor, summary, legend } = props;
  const t = useWords(words);
  const [asTable, showTable] = useState(false);
  const frame = useFrame(height, props.bare === true);
  const { canvas, box, width } = useCanvas(model, frame);
  const takePicture = useCallback(() => {
    void picture({ model, frame: { ...frame, width: Math.max(900, width), bare: false }, title, legend }).then((blob) =>
      saveFile(blob, `${id}.png`),
    );
  }, [model, frame, width, title, legend, id]);
  return (
    <figure className="ex-chart" id={id} {...props.data}>
      <div className="ex-chart-head">
        <h3 id={`${id}-title`}>{title}</h3>
        <Legend items={legend} />
        <span className="ex-chart-acts">
          <button
            type="button"
            className="ex-quiet"
            aria-pressed={asTable}
            aria-label={t("chart.tableLabel", { title })}
            onClick={() => showTable(!asTable)}
          >
            {t("chart.table")}
          </button>
          <button type="button" className="ex-quiet" aria-label={t("chart.pngLabel", { title })} onClick={takePicture}>
            {t("chart.png")}
          </button>
        </span>
      </div>
      <Readout cursor={cursor} of={props.readout} />
      <div className="ex-chart-box" ref={box} style={{ height }}>
        <canvas ref={canvas} style={{ width: "100%", height }} aria-hidden="true" />
        <Overlay {...props} frame={frame} width={width} />
        <Flags title={title} model={model} width={width} height={height} cursor={cursor} />
      </div>
      <figcaption className="ex-hidden" id={`${id}-summary`}>
        {summary}
      </figcaption>
      {asTable && <DataTableOf table={props.table()} label={title} />}
    </figure>
  );
}

function useFrame(height: number, bare: boolean): Omit<Frame, "width"> {
  const palette = usePalette();
  const zone = useZone();
  const { language } = useLanguage();
  return useMemo(() => ({ height, zone, language, palette, bare }), [height, zone, language, palette, bare]);
}

function useCanvas(
  model: ChartModel,
  frame: Omit<Frame, "width">,
): {
  canvas: React.RefObject<HTMLCanvasElement | null>;
  box: React.RefObject<HTMLDivElement | null>;
  width: number;
} {
  const canvas = useRef<HTMLCanvasElement>(null);
  const box = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  useLayoutEffect(() => {
    const element = box.current;
    if (element === null) return undefined;
    setWidth(element.clientWidth);
    const observer = new ResizeObserver(() => setWidth(element.clientWidth));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  useLayoutEffect(() => {
    const element = canvas.current;
    const pen = element?.getContext("2d");
    if (element === null || pen === null || pen === undefined || width === 0) return;
    const ratio = window.devicePixelRatio || 1;
    const [across, down] = [Math.round(width * ratio), Math.round(frame.height * ratio)];
    if (element.width !== across) element.width = across;
    if (element.height !== down) element.height = down;
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    paint(pen, model, { ...frame, width });
  }, [model, frame, width]);
  return { canvas, box, width };
}

function Legend({ items }: { readonly items: readonly LegendItem[] }): ReactNode {
  return (
    <ul className="ex-legend">
      {items.map((item) => (
        <li key={item.label}>
          <span
            className="ex-swatch"
            data-mark={item.mark ?? "line"}
            data-tone={item.tone}
            style={{ opacity: item.opacity ?? 1 }}
            aria-hidden="true"
          />
          {item.label}
        </li>
      ))}
    </ul>
  );
}

/** One line of fixed height, so that nothing below it moves; renders alone when the cursor moves. */
function Readout({ cursor, of }: { readonly cursor: Cursor; readonly of: ChartProps["readout"] }): ReactNode {
  const at = useSyncExternalStore(cursor.subscribe, cursor.get);
  return (
    <p className="ex-readout" data-at={at ?? ""}>
      {of(at).map((item) => (
        <span key={item.label}>
          <span className="ex-readout-label">{item.label}</span> <b>{item.value}</b>
        </span>
      ))}
    </p>
  );
}

/** Pointer, wheel and keys; draws only the cursor line and the selection. */
function Overlay(props: ChartProps & { readonly frame: Omit<Frame, "width">; readonly width: number }): ReactNode {
  const { model, cursor, steering, frame, width, id } = props;
  const t = useWords(words);
  const area = useMemo(
    () => places({ width, height: frame.height }, model.lane !== undefined).plot,
    [width, frame.height, model.lane],
  );
  const [drag, setDrag] = useState<{ readonly from: number; readonly to: number } | null>(null);
  const element = useRef<HTMLDivElement>(null);
  const [focused, setFocused] = useState(false);
  const at = (event: { clientX: number }): number => {
    const left = element.current?.getBoundingClientRect().left ?? 0;
    const x = Math.min(area.left + area.width, Math.max(area.left, event.clientX - left));
    return instantAt(model, area, x);
  };
  useWheel(element, steering, focused, at);
  const move = (event: PointerEvent): void => {
    cursor.set(at(event));
    if (drag !== null) setDrag({ ...drag, to: at(event) });
  };
  const down = (event: PointerEvent): void => {
    if (event.button !== 0 || steering === undefined) return;
    element.current?.setPointerCapture(event.pointerId);
    setDrag({ from: at(event), to: at(event) });
  };
  const up = (event: PointerEvent): void => {
    if (drag === null) return;
    const to = at(event);
    setDrag(null);
    if (Math.abs(placeX(model, area, to) - placeX(model, area, drag.from)) > 5) steering?.select(drag.from, to);
  };
  return (
    <div
      ref={element}
      className="ex-chart-over"
      role="application"
      aria-roledescription={t("chart.role")}
      aria-labelledby={`${id}-title`}
      aria-describedby={`${id}-summary`}
      tabIndex={0}
      onFocus={() => setFocused(true)}
      onBlur={() => {
        setFocused(false);
        cursor.set(null);
      }}
      onPointerMove={move}
      onPointerDown={down}
      onPointerUp={up}
      onPointerCancel={() => setDrag(null)}
      onPointerLeave={() => drag === null && cursor.set(null)}
      onDoubleClick={(event) => steering?.zoom(2, at(event))}
      onKeyDown={(event) => keys(event, props)}
    >
      <CursorLine model={model} cursor={cursor} width={width} frame={frame} />
      {drag !== null && (
        <span
          className="ex-selection"
          style={{
            left: Math.min(placeX(model, area, drag.from), placeX(model, area, drag.to)),
            width: Math.abs(placeX(model, area, drag.from) - placeX(model, area, drag.to)),
          }}
        />
      )}
    </div>
  );
}

/** A plain wheel scrolls the page; with Ctrl, or when the chart has the focus, it zooms, and sideways it moves in time. */
function useWheel(
  element: React.RefObject<HTMLDivElement | null>,
  steering: Steering | undefined,
  focused: boolean,
  at: (event: WheelEvent) => number,
): void {
  const turn = useEffectEvent((event: WheelEvent): void => {
    if (steering === undefined || !(event.ctrlKey || event.metaKey || focused)) return;
    event.preventDefault();
    if (Math.abs(event.deltaX) > Math.abs(event.deltaY)) steering.pan(Math.sign(event.deltaX) * 0.1);
    else steering.zoom(event.deltaY > 0 ? 1.25 : 0.8, at(event));
  });
  useEffect(() => {
    const target = element.current;
    if (target === null) return undefined;
    const listen = (event: WheelEvent): void => turn(event);
    target.addEventListener("wheel", listen, { passive: false });
    return () => target.removeEventListener("wheel", listen);
  }, [element]);
}

function keys(event: KeyboardEvent, { cursor, stops, steering, model }: ChartProps): void {
  const now = cursor.get() ?? model.to;
  const step = (by: number): void => {
    const index = Math.min(stops.length - 1, Math.max(0, nearest(stops, now) + by));
    cursor.set(stops[index] ?? null);
  };
  const acts: Record<string, () => void> = {
    ArrowLeft: () => step(event.shiftKey ? -10 : -1),
    ArrowRight: () => step(event.shiftKey ? 10 : 1),
    "+": () => steering?.zoom(0.5, now),
    "=": () => steering?.zoom(0.5, now),
    "-": () => steering?.zoom(2, now),
    PageUp: () => steering?.pan(-0.5),
    PageDown: () => steering?.pan(0.5),
    Home: () => steering?.live(),
    Escape: () => cursor.set(null),
  };
  const act = acts[event.key];
  if (act === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  act();
}

function CursorLine({
  model,
  cursor,
  width,
  frame,
}: {
  readonly model: ChartModel;
  readonly cursor: Cursor;
  readonly width: number;
  readonly frame: Omit<Frame, "width">;
}): ReactNode {
  const at = useSyncExternalStore(cursor.subscribe, cursor.get);
  if (at === null || at < model.from || at > model.to) return null;
  const { plot, lane } = places({ width, height: frame.height }, model.lane !== undefined);
  const bottom = lane === null ? plot.top + plot.height : lane.top + lane.height;
  return (
    <span
      className="ex-cursor"
      style={{ left: placeX(model, plot, at), top: plot.top, height: bottom - plot.top }}
      aria-hidden="true"
    />
  );
}

function DataTableOf({ table, label }: { readonly table: TableData; readonly label: string }): ReactNode {
  const kind = (column: number): string =>
    column === 0 || (table.told === true && column === table.columns.length - 1) ? "ex-words" : "";
  return (
    // Scrolls by itself: the keyboard must reach it.
    <div className="ex-data" tabIndex={0} role="region" aria-label={label}>
      <table>
        <thead>
          <tr>
            {table.columns.map((column, index) => (
              <th key={column} scope="col" className={kind(index)}>
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {table.rows.map((row) => (
            <tr key={row.join(" ")}>
              {row.map((cell, index) => (
                <td key={table.columns[index]} className={kind(index)}>
                  {cell}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
