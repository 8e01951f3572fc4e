/** Choosing the time: presets from a minute to a year, zoom and move, back to live; what is shown and how exactly, in words. */
import type { ReactNode } from "react";
import { Button } from "@yagura/portal/parts/button.tsx";
import { useFormat, useWords } from "@yagura/portal/language.tsx";
import type { Series } from "../../wire/api.ts";
import type { AxisKind } from "../chart/scale.ts";
import { presets } from "../range.ts";
import { sessionWords } from "../words-session.ts";
import type { RangeState } from "./use-range.ts";

export function RangeBar({
  state,
  children,
}: {
  readonly state: RangeState;
  readonly children?: ReactNode;
}): ReactNode {
  const t = useWords(sessionWords);
  const { range } = state;
  const middle = (state.from + state.to) / 2;
  return (
    <div className="ex-range" role="group" aria-label={t("range.label")}>
      <div className="ex-presets">
        {presets.map(([name, width]) => (
          <button
            key={name}
            type="button"
            className="ex-preset"
            aria-pressed={range.kind === "live" && range.width === width}
            onClick={() => state.set({ kind: "live", width })}
          >
            {t(`range.${name}`)}
          </button>
        ))}
      </div>
      <div className="ex-moves">
        <IconAct label={t("range.back")} text="‹" run={() => state.pan(-0.5)} />
        <IconAct label={t("range.forward")} text="›" run={() => state.pan(0.5)} off={range.kind === "live"} />
        <IconAct label={t("range.out")} text="−" run={() => state.zoom(2, middle)} />
        <IconAct label={t("range.in")} text="+" run={() => state.zoom(0.5, middle)} />
        {range.kind === "live" ? (
          <span className="ex-live">{t("range.isLive")}</span>
        ) : (
          <Button onClick={state.live}>{t("range.live")}</Button>
        )}
      </div>
      {children}
    </div>
  );
}

const IconAct = (props: {
  readonly label: string;
  readonly text: string;
  readonly run: () => void;
  readonly off?: boolean;
}): ReactNode => (
  <button
    type="button"
    className="ex-act"
    aria-label={props.label}
    title={props.label}
    disabled={props.off}
    onClick={props.run}
  >
    {props.text}
  </button>
);

export function AxisChoice({
  axis,
  choose,
}: {
  readonly axis: AxisKind;
  readonly choose: (axis: AxisKind) => void;
}): ReactNode {
  const t = useWords(sessionWords);
  return (
    <label className="ex-axis">
      <span className="ex-axis-name">{t("axis.label")}</span>
      <select className="input" value={axis} onChange={(event) => choose(event.target.value as AxisKind)}>
        {(["fit", "whole", "log"] as const).map((kind) => (
          <option key={kind} value={kind}>
            {t(`axis.${kind}`)}
          </option>
        ))}
      </select>
    </label>
  );
}
export const readAxis = (text: string): AxisKind => (text === "whole" || text === "log" ? text : "fit");

/** The times shown, with their zone; a day is not said twice. */
export function Shown({ from, to }: { readonly from: number; readonly to: number }): ReactNode {
  const t = useWords(sessionWords);
  const format = useFormat();
  const precision = to - from < 86_400 ? "second" : "minute";
  const sameDay = format.date(from * 1000) === format.date(to * 1000);
  return (
    <span className="ex-shown figures">
      {t("range.shown", {
        from: format.instant(from * 1000, precision),
        to: sameDay ? format.time(to * 1000, precision) : format.instant(to * 1000, precision),
        zone: format.zoneName,
      })}
    </span>
  );
}

/** How fine the picture is and how exact its percentiles are. */
export function Resolution({ series, clipped }: { readonly series: Series; readonly clipped: boolean }): ReactNode {
  const t = useWords(sessionWords);
  const format = useFormat();
  const step = format.span(series.step);
  const text =
    series.step === 0
      ? t("resolution.sample")
      : series.error === 0
        ? t("resolution.raw", { step })
        : t("resolution.hourly", { step, error: format.percent(series.error) });
  return (
    <p className="ex-resolution soft small" data-step={series.step} data-source={series.source}>
      {text} {clipped ? t("resolution.clipped") : ""}
    </p>
  );
}
