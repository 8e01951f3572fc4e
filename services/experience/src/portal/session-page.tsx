/** One session: is it well, what was measured, how surely; the distribution over any time, live. */
import { useMemo, useState, type ReactNode } from "react";
import { useQuery } from "@tanstack/react-query";
import { api, type ApiError } from "@yagura/portal/api.ts";
import { useFormat, useWords } from "@yagura/portal/language.tsx";
import { Button, Menu } from "@yagura/portal/parts/button.tsx";
import { Banner, ErrorBox, Loading } from "@yagura/portal/parts/notice.tsx";
import { Page, Section } from "@yagura/portal/parts/page.tsx";
import { StateMark } from "@yagura/portal/parts/state-mark.tsx";
import { useToast } from "@yagura/portal/parts/toast.tsx";
import { useChange } from "@yagura/portal/queries.ts";
import { useOrganisation } from "@yagura/portal/session.tsx";
import { useGo, useParams, useUrlState } from "@yagura/portal/url-state.ts";
import type { Session } from "../wire/api.ts";
import { seconds } from "./chart/shape.ts";
import "./experience.css";
import { spansOf, type Source } from "./models.ts";
import { SessionCharts, useTongue } from "./session/charts.tsx";
import { Happenings } from "./session/happenings.tsx";
import { AxisChoice, RangeBar, readAxis, Resolution, Shown } from "./session/range-bar.tsx";
import { Headline, scoreText, SummaryPanel, useSummary } from "./session/summary.tsx";
import { useRange } from "./session/use-range.ts";
import { useEarlySeries, useSeries } from "./session/use-series.ts";
import { flagsOf } from "./tell-event.ts";
import { tellInterval, tellPaused, tellProbe } from "./tell.ts";
import { manageWords } from "./words-manage.ts";

export function SessionPage(): ReactNode {
  const { session: id = "" } = useParams();
  const here = useOrganisation();
  const { t } = useTongue();
  const at = here.api(`/experience/sessions/${id}`);
  const query = useQuery<Session, ApiError>({
    queryKey: [at, null],
    queryFn: ({ signal }) => api.get<Session>(at, undefined, signal),
  });
  if (query.data !== undefined) return <Loaded key={id} session={query.data} />;
  return (
    <Page title={t("title.session")} up={{ label: t("nav.sessions"), href: here.path("experience/sessions") }}>
      <Early id={id} />
      {query.error === null ? (
        <Loading height={420} />
      ) : (
        <ErrorBox error={query.error} retry={() => void query.refetch()} />
      )}
    </Page>
  );
}
export { SessionPage as Page };

/** Series and summary are asked for beside the session, not after it: at the usual interval the questions are the same. */
function Early({ id }: { readonly id: string }): ReactNode {
  const { range, from, to } = useRange();
  const [wide] = useState(isWide);
  useEarlySeries(id, range, pointsFor(to - from, 1, wide));
  useSummary(id, range);
  return null;
}
const isWide = (): boolean => window.innerWidth >= 800;

/** Few points where each stands for many samples, many where each is one: a distribution needs samples to show. */
export const pointsFor = (width: number, interval: number, wide: boolean): number => {
  const [raw, bucketed] = wide ? [600, 240] : [300, 120];
  return width / interval <= raw ? raw : bucketed;
};

function Loaded({ session }: { readonly session: Session }): ReactNode {
  const here = useOrganisation();
  const tongue = useTongue();
  const { t, s } = tongue;
  const state = useRange();
  const [axisText, setAxis] = useUrlState("axis", "fit");
  const axis = readAxis(axisText);
  const [wide] = useState(isWide);
  const interval = session.interval / 1000;
  const live = useSeries(session, state.range, pointsFor(state.to - state.from, interval, wide));
  const summary = useSummary(session.id, state.range);
  const { series } = live;
  const { e, format } = tongue;
  const source = useMemo((): Source | null => {
    if (series === undefined) return null;
    const flags = flagsOf(series.events, { t, e, format });
    return { series, interval, startedAt: seconds(session.createdAt), flags };
  }, [series, interval, session.createdAt, t, e, format]);
  const score = summary.data?.score;
  return (
    <Page
      title={s("pair", { agent: session.agentLabel, target: session.targetName })}
      up={{ label: t("nav.sessions"), href: here.path("experience/sessions") }}
      lead={`${tellProbe(session.probe)} · ${tellInterval(session.interval, t)}`}
      mark={
        score && <StateMark state={score.state} label={`${t("score")} ${scoreText(score, tongue.format.number)}`} />
      }
      actions={<Acts session={session} from={state.from} to={state.to} />}
    >
      {session.paused && <Banner state="unknown">{tellPaused(session, t)}</Banner>}
      {summary.data !== undefined && <Headline summary={summary.data} />}
      <RangeBar state={state}>
        <AxisChoice axis={axis} choose={setAxis} />
        <Shown from={state.from} to={state.to} />
      </RangeBar>
      {live.stale && (
        <Banner>{s("offlineTail", { time: tongue.format.time((series?.t.at(-1) ?? state.now) * 1000) })}</Banner>
      )}
      {live.error !== null && source === null && <ErrorBox error={live.error} retry={live.retry} />}
      {source === null ? (
        live.error === null && <Loading height={420} />
      ) : (
        <div className={live.changing ? "ex-changing" : ""}>
          <Resolution series={source.series} clipped={axis === "fit"} />
          <SessionCharts source={source} window={state} axis={axis} steering={state} name={session.id.slice(-6)} />
          <p className="soft small">{t("chart.keys")}</p>
        </div>
      )}
      <Section title={s("summary.title")}>
        <SummaryPanel query={summary} />
      </Section>
      {source !== null && <Happenings source={source} window={state} spans={spansOf(source, state)} />}
    </Page>
  );
}

function Acts({
  session,
  from,
  to,
}: {
  readonly session: Session;
  readonly from: number;
  readonly to: number;
}): ReactNode {
  const here = useOrganisation();
  const { s } = useTongue();
  const m = useWords(manageWords);
  const go = useGo();
  const toast = useToast();
  const at = here.api(`/experience/sessions/${session.id}`);
  const pause = useChange((paused: boolean) => api.patch<Session>(at, { paused }), {
    refresh: [here.api("/experience")],
  });
  return (
    <>
      <Button onClick={() => go(here.path(`experience/sessions/compare?sessions=${session.id}`))}>
        {s("compare.with")}
      </Button>
      {here.can("experience.write") && (
        <Button busy={pause.isPending} onClick={() => pause.mutate(!session.paused)}>
          {m(session.paused ? "resume" : "pause")}
        </Button>
      )}
      {here.can("experience.export") && (
        <ExportMenu at={at} from={from} to={to} done={() => toast(s("export.started"))} />
      )}
    </>
  );
}

function ExportMenu(props: {
  readonly at: string;
  readonly from: number;
  readonly to: number;
  readonly done: () => void;
}): ReactNode {
  const { s } = useTongue();
  const format = useFormat();
  const toast = useToast();
  const save = (kind: "csv" | "jsonl" | "parquet"): void => {
    const query = { from: iso(props.from), to: iso(props.to), format: kind };
    api
      .download(`${props.at}/samples`, { query, name: `samples.${kind}` })
      .then(props.done)
      .catch((error: unknown) => toast(`${s("export.failed")}: ${error instanceof Error ? error.message : ""}`));
  };
  return (
    <Menu
      label={`${s("export.label")} (${format.instant(props.from * 1000)} – ${format.instant(props.to * 1000)})`}
      items={(["csv", "jsonl", "parquet"] as const).map((kind) => ({
        label: s(`export.${kind}`),
        run: () => save(kind),
      }))}
    >
      {s("export.label")}
    </Menu>
  );
}
const iso = (at: number): string => new Date(Math.floor(at * 1000)).toISOString();
