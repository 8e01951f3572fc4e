/** The chosen time in figures: percentiles, jitter, losses and their runs, voice quality, score, fidelity, methods. */
import type { ReactNode } from "react";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { api, type ApiError } from "@yagura/portal/api.ts";
import { ErrorBox, Loading } from "@yagura/portal/parts/notice.tsx";
import { Card, Columns, Facts, type Fact } from "@yagura/portal/parts/page.tsx";
import { StateMark } from "@yagura/portal/parts/state-mark.tsx";
import { When } from "@yagura/portal/parts/when.tsx";
import { useOrganisation } from "@yagura/portal/session.tsx";
import type { Score, Summary } from "../../wire/api.ts";
import { serverNow } from "../clock.ts";
import { boundsOf, type Range } from "../range.ts";
import { tellMethod, tellReason } from "../tell.ts";
import { useTongue } from "./charts.tsx";
import type { Tongue } from "./texts.ts";

const iso = (at: number): string => new Date(Math.round(at * 1000)).toISOString();

/** The summary of a range; of a live one again every few seconds, more seldom the longer it is. */
export function useSummary(session: string, range: Range) {
  const { api: path } = useOrganisation();
  const at = path(`/experience/sessions/${session}/summary`);
  const live = range.kind === "live";
  return useQuery<Summary, ApiError>({
    queryKey: [at, ...(live ? ["live", range.width] : [range.from, range.to])],
    queryFn: ({ signal }) => {
      const { from, to } = boundsOf(range, serverNow());
      return api.get<Summary>(at, { from: iso(from), to: iso(to) }, signal);
    },
    ...(live ? { refetchInterval: Math.min(120_000, Math.max(5_000, range.width * 10)) } : {}),
    placeholderData: keepPreviousData,
  });
}

/** The answer to "is it well?", in one line of figures. */
export function Headline({ summary }: { readonly summary: Summary }): ReactNode {
  const { t, s, format } = useTongue();
  const { rttUs: rtt, jitterUs: jitter, voice } = summary;
  const facts: Fact[] = [
    {
      name: t("score"),
      value: <StateMark state={summary.score.state} label={scoreText(summary.score, format.number)} />,
    },
    { name: t("median"), value: format.duration(rtt?.p50) },
    { name: t("p95"), value: format.duration(rtt?.p95) },
    { name: t("lossRate"), value: format.percent(summary.loss) },
    { name: s("summary.rfc3550"), value: format.duration(jitter?.rfc3550) },
    { name: t("mos"), value: format.number(voice?.mos, 2) },
    { name: s("summary.observed"), value: format.percent(summary.observed) },
  ];
  return <Facts wide facts={facts} />;
}

export const scoreText = (score: Score, number: (value: number, digits?: number) => string): string =>
  score.value === null ? "–" : number(Math.floor(score.value));

export function Reasons({ score }: { readonly score: Score }): ReactNode {
  const { t, format } = useTongue();
  if (score.reasons.length === 0)
    return <p className="soft">{t(score.value === null ? "reason.not-observed" : "reason.none")}</p>;
  return (
    <ul className="ex-reasons">
      {score.reasons.map((reason) => (
        <li key={reason.kind}>
          <span>{tellReason(reason, t, format)}</span>
          {reason.points > 0 && (
            <span className="soft figures">{t("reason.points", { points: format.number(reason.points, 1) })}</span>
          )}
          {reason.since !== null && (
            <span className="soft">
              <When at={reason.since} />
            </span>
          )}
        </li>
      ))}
    </ul>
  );
}

export function SummaryPanel({ query }: { readonly query: ReturnType<typeof useSummary> }): ReactNode {
  const tongue = useTongue();
  const summary = query.data;
  if (summary === undefined) {
    return query.error === null ? (
      <Loading height={260} />
    ) : (
      <ErrorBox error={query.error} retry={() => void query.refetch()} />
    );
  }
  if (summary.samples === 0) return <p className="soft">{tongue.s("summary.none")}</p>;
  return (
    <Columns least={20}>
      <Card>
        <h3>{tongue.s("summary.reasons")}</h3>
        <Reasons score={summary.score} />
      </Card>
      <Card>
        <h3>{tongue.s("summary.distribution")}</h3>
        {summary.error > 0 && (
          <p className="soft small">{tongue.s("summary.sketches", { error: tongue.format.percent(summary.error) })}</p>
        )}
        <Facts facts={distributionFacts(tongue, summary)} />
      </Card>
      <Card>
        <h3>{tongue.s("summary.loss")}</h3>
        <Facts facts={lossFacts(tongue, summary)} />
      </Card>
      <Card>
        <h3>{tongue.t("jitter")}</h3>
        <Facts facts={jitterFacts(tongue, summary)} />
      </Card>
      <Card>
        <h3>{tongue.s("summary.methods")}</h3>
        <Facts facts={methodFacts(tongue, summary)} />
        <ul className="ex-plain">
          {summary.methods.map((method) => (
            <li key={method.method}>{methodText(tongue, method)}</li>
          ))}
        </ul>
      </Card>
    </Columns>
  );
}

function methodText({ t, s, format }: Tongue, method: Summary["methods"][number]): string {
  return s("summary.method", {
    method: tellMethod(method.method, t),
    bound: t("method.bound", { bound: format.duration(method.boundUs) }),
    n: format.number(method.samples),
  });
}

function distributionFacts({ t, format }: Tongue, { rttUs: rtt }: Summary): Fact[] {
  const names = ["min", "p5", "p25", "p50", "p75", "p95", "p99", "max", "mean"] as const;
  return names.map((name) => ({ name: t(name), value: format.duration(rtt?.[name]) }));
}

function lossFacts({ t, s, format }: Tongue, summary: Summary): Fact[] {
  const runs =
    summary.lossRuns.length === 0
      ? s(summary.loss !== null && summary.loss > 0 ? "summary.runsUnknown" : "summary.noRuns")
      : summary.lossRuns
          .map((run) => s("summary.run", { length: format.number(run.length), times: format.number(run.times) }))
          .join(s("summary.and"));
  return [
    { name: t("loss"), value: format.percent(summary.loss), note: s("summary.lossNote") },
    { name: t("late"), value: format.percent(summary.late) },
    { name: t("refused"), value: format.percent(summary.refused) },
    { name: s("summary.duplicate"), value: format.number(summary.duplicate) },
    { name: s("summary.reordered"), value: format.number(summary.reordered) },
    { name: s("summary.runs"), value: runs },
    { name: s("summary.burst"), value: format.number(summary.burstRatio, 2), note: s("summary.burstNote") },
  ];
}

function jitterFacts({ t, s, format }: Tongue, { jitterUs: jitter, voice }: Summary): Fact[] {
  return [
    { name: s("summary.rfc3550"), value: format.duration(jitter?.rfc3550) },
    { name: s("summary.deviation"), value: format.duration(jitter?.meanDeviation) },
    {
      name: `${s("summary.voice")} (${t("mos")})`,
      value: format.number(voice?.mos, 2),
      ...(voice === null ? {} : { note: s("summary.voiceNote", { r: format.number(voice.r, 1) }) }),
    },
  ];
}

function methodFacts({ s, format }: Tongue, summary: Summary): Fact[] {
  const { fidelity } = summary;
  return [
    { name: s("summary.samples"), value: format.number(summary.samples) },
    { name: s("summary.observed"), value: format.percent(summary.observed), note: s("summary.observedNote") },
    {
      name: s("summary.fidelity"),
      value: format.percent(fidelity?.sent),
      ...(fidelity === null
        ? {}
        : {
            note: s("summary.fidelityNote", {
              p50: format.duration(fidelity.p50Us),
              p95: format.duration(fidelity.p95Us),
              max: format.duration(fidelity.maxUs),
            }),
          }),
    },
  ];
}
