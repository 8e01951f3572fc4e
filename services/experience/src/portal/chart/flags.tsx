/** The flags of a chart as buttons over their pennants: what happened, on pointing, on touching and by keyboard. */
import { useState, type KeyboardEvent, type ReactNode } from "react";
import { useFormat, useWords } from "@yagura/portal/language.tsx";
import { eventWords } from "../words-events.ts";
import type { Cursor } from "./cursor.ts";
import { FLAG_ROOM, flagGroups, type ChartModel, type FlagGroup } from "./model.ts";
import { places } from "./paint.ts";

/** Lines of a tooltip; the list of the page holds them all. */
const LINES = 6;
/** CSS pixels. */
const TIP_WIDTH = 288;

interface FlagsProps {
  readonly title: string;
  readonly model: ChartModel;
  readonly width: number;
  readonly height: number;
  readonly cursor: Cursor;
}

/** One stop of the Tab key for each chart; the arrow keys walk from flag to flag. */
export function Flags({ title, model, width, height, cursor }: FlagsProps): ReactNode {
  const e = useWords(eventWords);
  const format = useFormat();
  const [shown, setShown] = useState<number | null>(null);
  const [chosen, choose] = useState<number | null>(null);
  if (width === 0) return null;
  const { plot } = places({ width, height }, model.lane !== undefined);
  const groups = flagGroups(model, plot);
  if (groups.length === 0) return null;
  // A live chart moves: the flag is known by its time, and its place in the row may have changed.
  const found = groups.findIndex((group) => group.at === chosen);
  const stop = found === -1 ? groups.length - 1 : found;
  const lines = (group: FlagGroup): string[] =>
    group.flags.map((flag) => `${format.instant(flag.at * 1000, "second")} ${flag.text}`);
  const show = (group: FlagGroup | null): void => {
    setShown(group?.at ?? null);
    cursor.set(group?.at ?? null);
  };
  const keys = (event: KeyboardEvent<HTMLElement>): void => {
    const to = { ArrowLeft: stop - 1, ArrowRight: stop + 1, Home: 0, End: groups.length - 1 }[event.key];
    if (event.key === "Escape") show(null);
    if (to === undefined) return;
    event.preventDefault();
    event.currentTarget.querySelectorAll("button")[Math.min(groups.length - 1, Math.max(0, to))]?.focus();
  };
  const open = groups.find((group) => group.at === shown);
  return (
    <div className="ex-flags" role="group" aria-label={e("group", { title })} onKeyDown={keys}>
      {groups.map((group, index) => (
        <button
          key={group.at}
          type="button"
          className="ex-flag"
          data-flags={group.flags.length}
          aria-label={lines(group).join(" / ")}
          tabIndex={index === stop ? 0 : -1}
          style={{ left: group.x - FLAG_ROOM / 3, width: FLAG_ROOM, height: FLAG_ROOM }}
          onFocus={() => {
            choose(group.at);
            show(group);
          }}
          onBlur={() => show(null)}
          onPointerEnter={() => show(group)}
          onPointerLeave={() => show(null)}
          onClick={() => show(group)}
        />
      ))}
      {open !== undefined && <Tip lines={lines(open)} x={open.x} width={width} top={plot.top + 14} />}
    </div>
  );
}

/** The buttons' names say the same: a reader of the page hears it once. */
function Tip(props: {
  readonly lines: readonly string[];
  readonly x: number;
  readonly width: number;
  readonly top: number;
}): ReactNode {
  const { lines, x, width, top } = props;
  const e = useWords(eventWords);
  const across = Math.min(TIP_WIDTH, width);
  const left = Math.max(0, Math.min(x - across / 2, width - across));
  const more = lines.length - LINES;
  return (
    <div className="ex-flag-tip" aria-hidden="true" style={{ left, top, maxWidth: across }}>
      {(more > 0 ? lines.slice(-LINES) : lines).map((line) => (
        <p key={line}>{line}</p>
      ))}
      {more > 0 && <p className="soft">{e("more", { n: more })}</p>}
    </div>
  );
}
