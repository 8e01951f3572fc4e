/** The charts of one session under one cursor: distribution with losses, jitter, shares lost, phases. */
import { useMemo, useState, type ReactNode } from "react";
import { useFormat, useWords } from "@yagura/portal/language.tsx";
import { Chart, type Steering } from "../chart/chart.tsx";
import { makeCursor } from "../chart/cursor.ts";
import type { LegendItem } from "../chart/model.ts";
import type { AxisKind } from "../chart/scale.ts";
import { shareOf } from "../chart/shape.ts";
import {
  distributionModel,
  jitterModel,
  lossModel,
  phaseNames,
  phasesModel,
  phaseTone,
  type Source,
  type Window,
} from "../models.ts";
import { words } from "../words.ts";
import { eventWords } from "../words-events.ts";
import { sessionWords } from "../words-session.ts";
import {
  lineReadout,
  lineText,
  smokeColumns,
  smokeLegend,
  smokeReadout,
  smokeText,
  tableOf,
  type Column,
  type Tongue,
} from "./texts.ts";

export function useTongue(): Tongue {
  const t = useWords(words);
  const s = useWords(sessionWords);
  const format = useFormat();
  const e = useWords(eventWords);
  return useMemo(() => ({ t, s, e, format }), [t, s, e, format]);
}

interface ChartsProps {
  readonly source: Source;
  readonly window: Window;
  readonly axis: AxisKind;
  readonly steering: Steering;
  /** Part of the names of pictures. */
  readonly name: string;
}

export function SessionCharts(props: ChartsProps): ReactNode {
  const [cursor] = useState(makeCursor);
  const tongue = useTongue();
  const all = { ...props, cursor, tongue };
  return (
    <div className="ex-charts">
      <Distribution {...all} />
      <Jitter {...all} />
      <Losses {...all} />
      <Phases {...all} />
    </div>
  );
}

type Inner = ChartsProps & { readonly cursor: ReturnType<typeof makeCursor>; readonly tongue: Tongue };

function useModel<T>(make: (source: Source, window: Window) => T, { source, window, axis }: ChartsProps): T {
  return useMemo(
    () => make(source, window),
    // The window is made anew each second; its times are what counts.
    // eslint-disable-next-line react-hooks/exhaustive-deps
    [source, window.from, window.to, window.now, axis],
  );
}

function Distribution(props: Inner): ReactNode {
  const { source, cursor, tongue, steering, axis } = props;
  const { series } = source;
  const model = useModel((from, window) => distributionModel(from, window, axis), props);
  const shown = series.sent.reduce<number>((sum, sent) => sum + (sent ?? 0), 0);
  return (
    <Chart
      id={`distribution-${props.name}`}
      title={tongue.s(series.step === 0 ? "title.raw" : "title.distribution")}
      model={model}
      height={340}
      cursor={cursor}
      steering={steering}
      stops={series.t}
      summary={smokeText(tongue, series, model)}
      legend={smokeLegend(tongue, series)}
      readout={(at) => smokeReadout(tongue, series, model.spans, at)}
      table={() => tableOf(tongue, series, model, smokeColumns(tongue, series))}
      data={{
        "data-chart": "distribution",
        "data-step": series.step,
        "data-entries": series.t.length,
        "data-sent": shown,
        "data-last": series.t.at(-1) ?? 0,
        "data-gaps": model.spans.length,
        "data-from": model.from,
        "data-to": model.to,
      }}
    />
  );
}

function Jitter(props: Inner): ReactNode {
  const { source, cursor, tongue, steering } = props;
  const { series } = source;
  const model = useModel(jitterModel, props);
  const title = tongue.s("title.jitter");
  const column: Column = { label: tongue.t("jitter"), values: series.jitter, unit: "duration" };
  return (
    <Chart
      id={`jitter-${props.name}`}
      title={title}
      model={model}
      height={150}
      cursor={cursor}
      steering={steering}
      stops={series.t}
      summary={lineText(tongue, title, column, model)}
      legend={[]}
      readout={(at) => lineReadout(tongue, series, model.spans, [column], at)}
      table={() => tableOf(tongue, series, model, [column])}
      data={{ "data-chart": "jitter" }}
    />
  );
}

function Losses(props: Inner): ReactNode {
  const { source, cursor, tongue, steering } = props;
  const { series } = source;
  const model = useModel(lossModel, props);
  const title = tongue.s("title.loss");
  const { t } = tongue;
  const columns = useMemo((): Column[] => {
    const share = (counts: readonly (number | null)[]) => counts.map((count, i) => shareOf(count, series.sent[i]));
    return [
      { label: t("loss"), values: share(series.lost), unit: "share" },
      { label: t("late"), values: share(series.late), unit: "share" },
      { label: t("refused"), values: share(series.refused), unit: "share" },
    ];
  }, [series, t]);
  return (
    <Chart
      id={`loss-${props.name}`}
      title={title}
      model={model}
      height={150}
      cursor={cursor}
      steering={steering}
      stops={series.t}
      summary={columns.map((column) => lineText(tongue, column.label, column, model)).join(" ")}
      legend={smokeLegend(tongue, series).filter((item) => ["bad", "notice", "fourth"].includes(item.tone))}
      readout={(at) => lineReadout(tongue, series, model.spans, columns, at)}
      table={() => tableOf(tongue, series, model, columns)}
      data={{ "data-chart": "loss" }}
    />
  );
}

function Phases(props: Inner): ReactNode {
  const { source, cursor, tongue, steering } = props;
  const { series } = source;
  const model = useModel(phasesModel, props);
  const { t } = tongue;
  const { phases } = series;
  if (model === null || phases === undefined) return null;
  const used = phaseNames.filter((name) => phases[name].some((value) => value !== null && value > 0));
  const columns = used.map((name): Column => ({ label: t(`phase.${name}`), values: phases[name], unit: "duration" }));
  const legend = used.map((name): LegendItem => ({ label: t(`phase.${name}`), tone: phaseTone(name), mark: "line" }));
  return (
    <Chart
      id={`phases-${props.name}`}
      title={t("phases")}
      model={model}
      height={180}
      cursor={cursor}
      steering={steering}
      stops={series.t}
      summary={columns.map((column) => lineText(tongue, column.label, column, model)).join(" ")}
      legend={legend}
      readout={(at) => lineReadout(tongue, series, model.spans, columns, at)}
      table={() => tableOf(tongue, series, model, columns)}
      data={{ "data-chart": "phases" }}
    />
  );
}
