/** The map's canvas: drag and wheel (or two fingers) move and zoom, arrows walk from device to device, Enter opens. */
import {
  useCallback,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
  type KeyboardEvent,
  type PointerEvent,
  type ReactNode,
} from "react";
import { readColours, useTheme } from "@yagura/portal/theme.ts";
import { colourNames, draw, type Colours, type Scene, type View } from "./draw.ts";
import { nearest, towards, type Layout, type MapEdge } from "./layout.ts";

interface CanvasProps extends Pick<Scene, "bandName" | "noZone" | "found"> {
  readonly layout: Layout;
  readonly edges: readonly MapEdge[];
  readonly selected: string | null;
  readonly select: (id: string | null) => void;
  readonly open: (id: string) => void;
  /** Says what the canvas is and how it is used, for screen readers. */
  readonly label: string;
}

const MARGIN = 40;
const [MIN_SCALE, MAX_SCALE] = [0.12, 3];
const REACH = 26;
const directions = { ArrowLeft: "left", ArrowRight: "right", ArrowUp: "up", ArrowDown: "down" } as const;
const clamp = (scale: number): number => Math.min(MAX_SCALE, Math.max(MIN_SCALE, scale));

/** Shows everything, at most at its natural size. Room on the left is for the names of the bands. */
const fit = (layout: Layout, width: number, height: number): View => {
  // Names of the levels stand beside the boxes.
  const side = width < 600 ? 72 : 120;
  const scale = clamp(Math.min(1, (width - 2 * MARGIN - side) / layout.width, (height - 2 * MARGIN) / layout.height));
  return {
    scale,
    left: side + (width - side - layout.width * scale) / 2,
    top: Math.max(MARGIN, (height - layout.height * scale) / 2),
  };
};

export function MapCanvas(props: CanvasProps): ReactNode {
  const { layout, selected, select, open, label } = props;
  const canvas = useRef<HTMLCanvasElement>(null);
  const [size, setSize] = useState({ width: 0, height: 0 });
  const [view, setView] = useState<View | null>(null);
  const [hovered, setHovered] = useState<string | null>(null);
  const { colours, font } = useCanvasTheme();
  useLayoutEffect(() => {
    const element = canvas.current;
    if (element === null) return undefined;
    const watch = new ResizeObserver(() => setSize({ width: element.clientWidth, height: element.clientHeight }));
    watch.observe(element);
    return () => watch.disconnect();
  }, []);
  const shown = view ?? fit(layout, size.width, size.height);
  useEffect(() => {
    const element = canvas.current;
    const context = element?.getContext("2d", { alpha: false });
    if (element === null || context === null || context === undefined || size.width === 0) return undefined;
    const frame = requestAnimationFrame(() => {
      const ratio = Math.min(2, devicePixelRatio);
      element.width = Math.round(size.width * ratio);
      element.height = Math.round(size.height * ratio);
      draw(context, { ...size, ratio }, shown, { ...props, hovered, colours, font });
    });
    return () => cancelAnimationFrame(frame);
  });

  const zoomAt = useCallback(
    (x: number, y: number, factor: number): void =>
      setView((before) => {
        const now = before ?? fit(layout, size.width, size.height);
        const scale = clamp(now.scale * factor);
        const grown = scale / now.scale;
        return { scale, left: x - (x - now.left) * grown, top: y - (y - now.top) * grown };
      }),
    [layout, size],
  );
  const pointers = usePointers({ shown, setView, zoomAt });
  useWheel(canvas, zoomAt);
  const at = (event: PointerEvent): string | null => {
    const { offsetX, offsetY } = event.nativeEvent;
    const [x, y] = [(offsetX - shown.left) / shown.scale, (offsetY - shown.top) / shown.scale];
    return nearest(layout, x, y, Math.max(REACH, 14 / shown.scale))?.node.id ?? null;
  };
  // The address tells the choice a moment later; keys that come faster go on from where the last one went.
  const latest = useRef(selected);
  useEffect(() => {
    latest.current = selected;
  }, [selected]);
  const key = (event: KeyboardEvent): void => {
    const here = latest.current === null ? undefined : layout.nodes.get(latest.current);
    const direction = directions[event.key as keyof typeof directions];
    if (direction !== undefined) {
      const next = here === undefined ? [...layout.nodes.values()][0] : towards(layout, here, direction);
      if (next !== null && next !== undefined) {
        latest.current = next.node.id;
        select(next.node.id);
        setView(bringIn(shown, size, next.x, next.y));
      }
    } else if (event.key === "Enter" && here !== undefined) open(here.node.id);
    else if (event.key === "Escape") select(null);
    else if (event.key === "+" || event.key === "=") zoomAt(size.width / 2, size.height / 2, 1.25);
    else if (event.key === "-") zoomAt(size.width / 2, size.height / 2, 0.8);
    else if (event.key === "Home") setView(null);
    else return;
    event.preventDefault();
  };
  return (
    <canvas
      ref={canvas}
      className="ot-map-canvas"
      role="application"
      aria-label={label}
      tabIndex={0}
      onKeyDown={key}
      onPointerDown={(event) => pointers.down(event)}
      onPointerMove={(event) => {
        if (!pointers.move(event)) setHovered(at(event));
      }}
      onPointerUp={(event) => {
        if (pointers.up(event)) select(at(event));
      }}
      onPointerCancel={(event) => pointers.cancel(event)}
      onPointerLeave={() => setHovered(null)}
      onDoubleClick={() => {
        if (selected !== null) open(selected);
      }}
      style={{ cursor: hovered === null ? "grab" : "pointer" }}
    />
  );
}

/** Moves the view as little as needed to show a point. */
function bringIn(view: View, size: { width: number; height: number }, x: number, y: number): View {
  const [px, py] = [x * view.scale + view.left, y * view.scale + view.top];
  const shift = (place: number, most: number): number =>
    place < 80 ? 80 - place : place > most - 80 ? most - 80 - place : 0;
  return { ...view, left: view.left + shift(px, size.width), top: view.top + shift(py, size.height) };
}

interface CanvasTheme {
  readonly theme: "light" | "dark";
  readonly colours: Colours;
  readonly font: string;
}
/** The colours of the theme that is shown. */
const readTheme = (theme: CanvasTheme["theme"]): CanvasTheme => ({
  theme,
  colours: readColours(colourNames),
  font: getComputedStyle(document.body).fontFamily,
});
function useCanvasTheme(): CanvasTheme {
  const { shown } = useTheme();
  return useMemo(() => readTheme(shown), [shown]);
}

/** The wheel must be listened to by hand: React's own listener cannot keep the page from scrolling. */
function useWheel(
  canvas: React.RefObject<HTMLCanvasElement | null>,
  zoomAt: (x: number, y: number, factor: number) => void,
): void {
  useEffect(() => {
    const element = canvas.current;
    const wheel = (event: WheelEvent): void => {
      event.preventDefault();
      zoomAt(event.offsetX, event.offsetY, Math.exp(-event.deltaY * (event.ctrlKey ? 0.01 : 0.0015)));
    };
    element?.addEventListener("wheel", wheel, { passive: false });
    return () => element?.removeEventListener("wheel", wheel);
  }, [canvas, zoomAt]);
}

interface Dragging {
  readonly shown: View;
  readonly setView: (view: View) => void;
  readonly zoomAt: (x: number, y: number, factor: number) => void;
}
/** One finger or the mouse moves, two fingers zoom; a press that did not move is a click. */
function usePointers({ shown, setView, zoomAt }: Dragging) {
  const held = useRef(new Map<number, { x: number; y: number }>());
  const moved = useRef(0);
  return {
    down(event: PointerEvent): void {
      event.currentTarget.setPointerCapture(event.pointerId);
      held.current.set(event.pointerId, { x: event.clientX, y: event.clientY });
      moved.current = 0;
    },
    /** True while something is held. */
    move(event: PointerEvent): boolean {
      const before = held.current.get(event.pointerId);
      if (before === undefined) return false;
      const now = { x: event.clientX, y: event.clientY };
      const other = [...held.current].find(([id]) => id !== event.pointerId)?.[1];
      moved.current += Math.abs(now.x - before.x) + Math.abs(now.y - before.y);
      held.current.set(event.pointerId, now);
      if (other === undefined)
        setView({ ...shown, left: shown.left + now.x - before.x, top: shown.top + now.y - before.y });
      else {
        const frame = event.currentTarget.getBoundingClientRect();
        const grown =
          Math.hypot(now.x - other.x, now.y - other.y) /
          Math.max(1, Math.hypot(before.x - other.x, before.y - other.y));
        zoomAt((now.x + other.x) / 2 - frame.left, (now.y + other.y) / 2 - frame.top, grown);
      }
      return true;
    },
    /** True when it was a click. */
    up(event: PointerEvent): boolean {
      return held.current.delete(event.pointerId) && moved.current < 6;
    },
    cancel(event: PointerEvent): void {
      held.current.delete(event.pointerId);
    },
  };
}
