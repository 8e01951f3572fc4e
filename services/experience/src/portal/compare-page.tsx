/** Several sessions over the same time and on the same axis: overlaid medians, bands on demand, or side by side. */
import { useMemo, useState, type ReactNode } from "react";
import { useWords } from "@yagura/portal/language.tsx";
import { IconButton } from "@yagura/portal/parts/button.tsx";
import { Empty, Loaded, Loading } from "@yagura/portal/parts/notice.tsx";
import { Page } from "@yagura/portal/parts/page.tsx";
import { useGet } from "@yagura/portal/queries.ts";
import { useOrganisation } from "@yagura/portal/session.tsx";
import { useUrlState } from "@yagura/portal/url-state.ts";
import type { Session } from "../wire/api.ts";
import { Chart, type ReadoutItem, type TableData } from "./chart/chart.tsx";
import { makeCursor, type Cursor } from "./chart/cursor.ts";
import { tones, type ChartModel, type LegendItem, type Tone } from "./chart/model.ts";
import { nearest } from "./chart/shape.ts";
import "./experience.css";
import { comparisonModel, type Source } from "./models.ts";
import { useTongue } from "./session/charts.tsx";
import { AxisChoice, RangeBar, readAxis, Shown } from "./session/range-bar.tsx";
import { gapReadout } from "./session/texts.ts";
import { useRange, type RangeState } from "./session/use-range.ts";
import { useManySeries } from "./session/use-series.ts";
import { words } from "./words.ts";
import { sessionWords } from "./words-session.ts";

/** More lines than colours that can be told apart are not drawn. */
export const MOST = tones.length;
const POINTS = 240;

const nameOf = (session: Session): string => `${session.agentLabel} → ${session.targetName}`;

export function ComparePage(): ReactNode {
  const t = useWords(words);
  const s = useWords(sessionWords);
  const here = useOrganisation();
  const query = useGet<Session[]>(here.api("/experience/sessions"));
  return (
    <Page
      title={t("title.compare")}
      lead={s("compare.lead")}
      up={{ label: t("nav.sessions"), href: here.path("experience/sessions") }}
    >
      <Loaded query={query} height={420}>
        {(sessions) => <Comparison sessions={sessions} />}
      </Loaded>
    </Page>
  );
}
export { ComparePage as Page };

function Comparison({ sessions }: { readonly sessions: readonly Session[] }): ReactNode {
  const s = useWords(sessionWords);
  const [text, setText] = useUrlState("sessions");
  const [bands, setBands] = useUrlState("bands");
  const [narrow] = useState(() => window.innerWidth < 640);
  const [layout, setLayout] = useUrlState("layout", narrow ? "apart" : "over");
  const [axisText, setAxis] = useUrlState("axis", "fit");
  const state = useRange();
  const chosen = useMemo(
    () =>
      text
        .split(",")
        .flatMap((id) => sessions.find((session) => session.id === id) ?? [])
        .slice(0, MOST),
    [text, sessions],
  );
  const sources = useManySeries(chosen, state.range, POINTS);
  return (
    <>
      <Picker sessions={sessions} chosen={chosen} choose={(ids) => setText(ids.join(","))} />
      {chosen.length === 0 ? (
        <Empty title={s("compare.none")}>{s("compare.noneText", { n: MOST })}</Empty>
      ) : (
        <>
          <RangeBar state={state}>
            <AxisChoice axis={readAxis(axisText)} choose={setAxis} />
            <label className="ex-axis">
              <input
                type="checkbox"
                checked={bands === "1"}
                onChange={(event) => setBands(event.target.checked ? "1" : "")}
              />
              {s("compare.bands")}
            </label>
            <label className="ex-axis">
              {s("compare.layout")}
              <select className="input" value={layout} onChange={(event) => setLayout(event.target.value)}>
                <option value="over">{s("compare.over")}</option>
                <option value="apart">{s("compare.apart")}</option>
              </select>
            </label>
            <Shown from={state.from} to={state.to} />
          </RangeBar>
          <Charts
            {...{ chosen, sources, state, bands: bands === "1", apart: layout === "apart", axis: readAxis(axisText) }}
          />
        </>
      )}
    </>
  );
}

interface ChartsProps {
  readonly chosen: readonly Session[];
  readonly sources: readonly (Source | null)[];
  readonly state: RangeState;
  readonly bands: boolean;
  readonly apart: boolean;
  readonly axis: ReturnType<typeof readAxis>;
}
interface Part {
  readonly session: Session;
  readonly source: Source;
  readonly tone: Tone;
}
function Charts({ chosen, sources, state, bands, apart, axis }: ChartsProps): ReactNode {
  const [cursor] = useState(makeCursor);
  const parts = chosen.flatMap((session, index): Part[] => {
    const source = sources[index];
    return source === null || source === undefined ? [] : [{ session, source, tone: tones[index] ?? "main" }];
  });
  if (parts.length === 0) return <Loading height={360} />;
  const options = { bands, axis };
  const all = comparisonModel(
    parts.map((part) => part.source),
    state,
    { ...options, tones: parts.map((part) => part.tone) },
  );
  if (!apart)
    return <ComparisonChart parts={parts} model={all} cursor={cursor} state={state} height={380} id="comparison" />;
  // Side by side they share one axis, so that heights may be compared.
  return (
    <div className="ex-multiples">
      {parts.map((part) => (
        <ComparisonChart
          key={part.session.id}
          id={`comparison-${part.session.id.slice(-6)}`}
          parts={[part]}
          model={comparisonModel([part.source], state, { ...options, tones: [part.tone], scale: all.scale })}
          cursor={cursor}
          state={state}
          height={190}
        />
      ))}
    </div>
  );
}

interface ComparisonChartProps {
  readonly id: string;
  readonly parts: readonly Part[];
  readonly model: ChartModel;
  readonly cursor: Cursor;
  readonly state: RangeState;
  readonly height: number;
}
function ComparisonChart({ id, parts, model, cursor, state, height }: ComparisonChartProps): ReactNode {
  const tongue = useTongue();
  const { t, s, format } = tongue;
  const single = parts.length === 1 ? parts[0] : undefined;
  const legend = parts.map((part): LegendItem => ({ label: nameOf(part.session), tone: part.tone, mark: "line" }));
  const valueAt = ({ source: { series } }: Part, at: number | null): string => {
    const index =
      at === null ? series.p50.findLastIndex((value) => value !== null) : nearest(series.t, at - series.step / 2);
    return format.duration(series.p50[index] ?? null);
  };
  const readout = (at: number | null): ReadoutItem[] => {
    const gap = at === null ? null : gapReadout(tongue, model.spans, at);
    if (gap !== null) return gap;
    const time = at === null ? [] : [{ label: t("chart.time"), value: format.instant(at * 1000, "second") }];
    return [
      ...time,
      ...parts.map((part) => ({
        label: single === undefined ? nameOf(part.session) : t("median"),
        value: valueAt(part, at),
      })),
    ];
  };
  return (
    <Chart
      id={id}
      title={single === undefined ? `${t("rtt")} (${t("median")})` : nameOf(single.session)}
      model={model}
      height={height}
      cursor={cursor}
      steering={state}
      stops={parts[0]?.source.series.t ?? []}
      summary={s("text.comparison", {
        n: parts.length,
        list: parts.map((part) => `${nameOf(part.session)} ${valueAt(part, null)}`).join(", "),
      })}
      legend={single === undefined ? legend : []}
      readout={readout}
      table={() =>
        comparisonTable(parts, model, t("chart.time"), (at) => format.instant(at * 1000, "second"), format.duration)
      }
      data={{ "data-chart": "comparison", "data-lines": parts.length }}
    />
  );
}

/** One row for each time that any of the sessions has. */
function comparisonTable(
  parts: readonly Part[],
  model: ChartModel,
  head: string,
  time: (at: number) => string,
  value: (us: number | null) => string,
): TableData {
  const known = parts.map(({ source: { series } }) => new Map(series.t.map((at, i) => [at, series.p50[i] ?? null])));
  const times = [...new Set(known.flatMap((map) => [...map.keys()]))]
    .filter((at) => at >= model.from && at <= model.to)
    .sort((a, b) => a - b);
  return {
    columns: [head, ...parts.map((part) => nameOf(part.session))],
    rows: times.map((at) => [time(at)].concat(known.map((map) => value(map.get(at) ?? null)))),
  };
}

interface PickerProps {
  readonly sessions: readonly Session[];
  readonly chosen: readonly Session[];
  readonly choose: (ids: readonly string[]) => void;
}
function Picker({ sessions, chosen, choose }: PickerProps): ReactNode {
  const s = useWords(sessionWords);
  const ids = chosen.map((session) => session.id);
  const left = sessions.filter((session) => !ids.includes(session.id));
  return (
    <div className="ex-picks" role="group" aria-label={s("compare.pick")}>
      {chosen.map((session, index) => (
        <span key={session.id} className="ex-pick">
          <span className="ex-swatch" data-tone={tones[index]} data-mark="line" aria-hidden="true" />
          {nameOf(session)}
          <IconButton
            icon="close"
            label={s("compare.remove", { name: nameOf(session) })}
            onClick={() => choose(ids.filter((id) => id !== session.id))}
          />
        </span>
      ))}
      {chosen.length < MOST && left.length > 0 && (
        <select
          className="input ex-select"
          aria-label={s("compare.add")}
          value=""
          onChange={(event) => choose([...ids, event.target.value])}
        >
          <option value="">{s("compare.add")}</option>
          {left.map((session) => (
            <option key={session.id} value={session.id}>
              {nameOf(session)}
            </option>
          ))}
        </select>
      )}
    </div>
  );
}
