/** The assessment of a site: its score and why, what to do first, and the same as PDF (OT-30). */
import { useState, type ReactNode } from "react";
import type { State } from "@yagura/core/state.ts";
import { api, ApiError } from "@yagura/portal/api.ts";
import { useFormat, useLanguage, useWords } from "@yagura/portal/language.tsx";
import { Button } from "@yagura/portal/parts/button.tsx";
import { countColumn, figures, stateColumn, textColumn } from "@yagura/portal/parts/columns.tsx";
import { Empty, ErrorBox, Loaded } from "@yagura/portal/parts/notice.tsx";
import { Facts, Section } from "@yagura/portal/parts/page.tsx";
import { StateMark } from "@yagura/portal/parts/state-mark.tsx";
import { DataTable } from "@yagura/portal/parts/table.tsx";
import { useOrganisation } from "@yagura/portal/session.tsx";
import type { FindingView } from "../../wire/api-findings.ts";
import type { Assessment } from "../../wire/api-register.ts";
import { kindName } from "../findings/kinds.ts";
import { sentencesOf } from "../findings/sentences.ts";
import { Sited } from "../parts/sited.tsx";
import { useGet } from "../queries.ts";
import { severityOrder, severityState } from "../severity.ts";
import { sensorWords } from "../sensors/words.ts";
import { words } from "../words.ts";
import { reportWords } from "./words.ts";
import "../ot.css";

/** As the document judges it. */
type Verdict = "good" | "notice" | "bad" | "critical";
const verdictOf = ({ score, tally }: Assessment): Verdict =>
  tally.critical > 0 ? "critical" : score < 50 ? "bad" : score < 80 ? "notice" : "good";
const states: Readonly<Record<Verdict, State>> = { good: "good", notice: "notice", bad: "bad", critical: "bad" };

export function Page(): ReactNode {
  const t = useWords(reportWords);
  const w = useWords(words);
  const here = useOrganisation();
  return (
    <Sited
      title={w("title.assessment")}
      lead={t("lead")}
      up={{ label: w("nav.overview"), href: here.path("ot") }}
      renderActions={({ id }) => <Pdf site={id} />}
    >
      {({ id }) => <OfSite site={id} />}
    </Sited>
  );
}

function Pdf({ site }: { readonly site: string }): ReactNode {
  const t = useWords(reportWords);
  const here = useOrganisation();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ApiError | null>(null);
  const save = async (): Promise<void> => {
    setBusy(true);
    setError(null);
    try {
      await api.download(here.api("/ot/reports/assessment.pdf"), { query: { site }, name: "assessment.pdf" });
    } catch (cause) {
      if (!(cause instanceof ApiError)) throw cause;
      setError(cause);
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <Button kind="primary" icon="download" busy={busy} onClick={() => void save()}>
        {t("pdf")}
      </Button>
      {error === null ? null : <ErrorBox error={error} />}
    </>
  );
}

function OfSite({ site }: { readonly site: string }): ReactNode {
  const here = useOrganisation();
  return (
    <Loaded query={useGet<Assessment>(here.api("/ot/reports/assessment"), { site })} rows={12}>
      {(assessment) => <Shown assessment={assessment} />}
    </Loaded>
  );
}

function Shown({ assessment }: { readonly assessment: Assessment }): ReactNode {
  const t = useWords(reportWords);
  const s = useWords(sensorWords);
  const format = useFormat();
  const verdict = verdictOf(assessment);
  const { span, quality } = assessment;
  return (
    <>
      <p className="soft">{t("range", { from: format.instant(span.from), to: format.instant(span.to) })}</p>
      <div className="ot-score">
        <span className="ot-score-figure figures">{assessment.score}</span>
        <span>
          <span className="soft">{t("outOf")}</span>
          <br />
          <StateMark state={states[verdict]} label={t(`verdict.${verdict}`)} />
        </span>
      </div>
      <Section title={t("reasons")}>
        <Reasons assessment={assessment} />
      </Section>
      <Section title={t("findings")}>
        <Findings rows={assessment.findings} />
      </Section>
      <Inventory assessment={assessment} />
      <Section title={t("quality")}>
        <Facts
          facts={quality.map(({ sensor, state }) => ({
            name: sensor,
            value: <StateMark state={state} label={s(`quality.${state}`)} />,
          }))}
        />
      </Section>
    </>
  );
}

type Reason = Assessment["reasons"][number];
function Reasons({ assessment }: { readonly assessment: Assessment }): ReactNode {
  const t = useWords(reportWords);
  const format = useFormat();
  const { language } = useLanguage();
  const devices = new Map(assessment.kinds.map(({ kind, assets }) => [kind, assets]));
  return (
    <DataTable<Reason>
      id="ot-score-reasons"
      label={t("reasons")}
      rows={assessment.reasons}
      plain
      rowKey={(row) => row.kind}
      rowName={(row) => kindName(row.kind, language)}
      sort="-points"
      urlKey="reasons."
      empty={<Empty title={t("noReasons")} />}
      columns={[
        textColumn("reason", t("reason"), (row) => kindName(row.kind, language), { fill: true }),
        {
          id: "points",
          head: t("points"),
          ...figures,
          text: (row) => row.points,
          cell: (row) => `−${format.number(row.points)}`,
        },
        countColumn("cases", t("cases"), (row) => row.count),
        countColumn("affected", t("affected"), (row) => devices.get(row.kind) ?? 0),
      ]}
    />
  );
}

function Findings({ rows }: { readonly rows: readonly FindingView[] }): ReactNode {
  const t = useWords(reportWords);
  const w = useWords(words);
  const here = useOrganisation();
  const { language } = useLanguage();
  return (
    <DataTable<FindingView>
      id="ot-assessment-findings"
      label={t("findings")}
      rows={rows}
      rowKey={(row) => row.id}
      rowName={(row) => sentencesOf(row, language).title}
      rowHref={(row) => here.path(`ot/findings?tab=all&finding=${row.id}`)}
      sort="severity"
      urlKey="findings."
      empty={<Empty title={t("noFindings")} />}
      columns={[
        stateColumn("severity", t("severity"), ({ severity }) => ({
          state: severityState[severity],
          label: w(`severity.${severity}`),
          order: severityOrder(severity),
        })),
        textColumn("reason", t("reason"), (row) => sentencesOf(row, language).title, { fill: true }),
        textColumn("advice", t("advice"), (row) => sentencesOf(row, language).advice, { width: "34rem" }),
      ]}
    />
  );
}

function Inventory({ assessment: { assets } }: { readonly assessment: Assessment }): ReactNode {
  const t = useWords(reportWords);
  const w = useWords(words);
  const format = useFormat();
  return (
    <Section title={t("inventory")}>
      <Facts
        wide
        facts={[
          { name: t("total"), value: format.number(assets.total) },
          { name: t("appeared"), value: format.number(assets.appeared) },
          ...(assets.unregistered === null
            ? []
            : [{ name: t("unregistered"), value: format.number(assets.unregistered) }]),
        ]}
      />
      <Facts
        facts={[
          {
            name: t("roles"),
            value:
              assets.roles.map(({ key, count }) => `${w(`role.${key}`)} ${format.number(count)}`).join(", ") || "–",
          },
          {
            name: t("vendors"),
            value: assets.vendors.map(({ key, count }) => `${key} ${format.number(count)}`).join(", ") || "–",
          },
        ]}
      />
    </Section>
  );
}
