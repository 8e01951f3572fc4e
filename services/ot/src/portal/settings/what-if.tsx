/** What a change would have done to the alerts of the last days: by kind, with the newest that come and go. */
import type { ReactNode } from "react";
import { api } from "@yagura/portal/api.ts";
import { useFormat, useLanguage, useWords } from "@yagura/portal/language.tsx";
import { Button } from "@yagura/portal/parts/button.tsx";
import { figures, stateColumn, textColumn, whenColumn } from "@yagura/portal/parts/columns.tsx";
import { Banner, Empty, Loaded } from "@yagura/portal/parts/notice.tsx";
import { Facts, Section } from "@yagura/portal/parts/page.tsx";
import { DataTable, type Column } from "@yagura/portal/parts/table.tsx";
import { useOrganisation } from "@yagura/portal/session.tsx";
import type { SettingChange, WhatIf } from "../../wire/api-rules.ts";
import { kindName } from "../findings/kinds.ts";
import { sentencesOf } from "../findings/sentences.ts";
import { useChange, useGet } from "../queries.ts";
import { severityOrder, severityState, type Severity } from "../severity.ts";
import { words } from "../words.ts";
import { settingWords } from "./words.ts";

/** Where a run that was just asked for is seen. */
export const whatIfId = "ot-what-if";
/** Newest runs that are shown. */
const MOST = 3;
type Adopt = ((change: SettingChange) => void) | null;

interface WhatIfsProps {
  readonly site: string;
  /** Null: who reads may not change. */
  readonly adopt: Adopt;
}
export function WhatIfs({ site, adopt }: WhatIfsProps): ReactNode {
  const t = useWords(settingWords);
  const here = useOrganisation();
  const path = here.api("/ot/what-if");
  const query = useGet<WhatIf[]>(path, { site }, { every: 15_000 });
  return (
    <Section title={t("whatIf")} id={whatIfId}>
      <Loaded query={query} rows={3}>
        {(runs) =>
          runs.length === 0 ? (
            <p className="soft">{t("whatIf.none")}</p>
          ) : (
            runs.slice(0, MOST).map((run) => <Run key={run.id} run={run} path={path} adopt={adopt} />)
          )
        }
      </Loaded>
    </Section>
  );
}

interface RunProps {
  readonly run: WhatIf;
  readonly path: string;
  readonly adopt: Adopt;
}
function Run({ run, path, adopt }: RunProps): ReactNode {
  const t = useWords(settingWords);
  const format = useFormat();
  const remove = useChange(() => api.delete(`${path}/${run.id}`), { refresh: [path] });
  const { state, result } = run;
  const going = state === "queued" || state === "running";
  const label = state === "queued" ? t("whatIf.queued") : t("whatIf.running", { days: format.number(run.days) });
  return (
    <div className="ot-run">
      {going ? (
        <div className="ot-progress">
          <span role="status">{label}</span>
          <progress value={run.progress} max={1} aria-label={label} />
        </div>
      ) : null}
      {state === "failed" ? (
        <Banner state="bad" title={t("whatIf.failed")}>
          {run.error}
        </Banner>
      ) : null}
      {result === null ? null : <Result run={run} result={result} />}
      {adopt === null ? null : (
        <div className="ot-draft-row">
          {result === null ? null : <Button onClick={() => adopt(run.change)}>{t("whatIf.adopt")}</Button>}
          <Button kind="quiet" busy={remove.isPending} onClick={() => remove.mutate(undefined)}>
            {t(going ? "whatIf.stop" : "whatIf.remove")}
          </Button>
        </div>
      )}
    </div>
  );
}

type Outcome = NonNullable<WhatIf["result"]>;
function Result({ run, result }: { readonly run: WhatIf; readonly result: Outcome }): ReactNode {
  const t = useWords(settingWords);
  const format = useFormat();
  return (
    <>
      <Facts
        wide
        facts={[
          { name: t("before"), value: format.number(result.before, 1) },
          { name: t("after"), value: format.number(result.after, 1) },
          { name: t("difference"), value: signed(result.after - result.before, format.number) },
        ]}
      />
      <p className="soft small">
        {t("whatIf.of", {
          from: format.instant(result.from),
          to: format.instant(result.to),
          by: run.createdBy.replace(/^user:/, ""),
          at: format.instant(run.createdAt),
        })}
      </p>
      <KindTable run={run.id} rows={result.kinds} />
      <Samples run={run.id} id="added" rows={result.added} />
      <Samples run={run.id} id="removed" rows={result.removed} />
    </>
  );
}
const signed = (change: number, say: (value: number, digits: number) => string): string =>
  `${change > 0 ? "+" : change < 0 ? "−" : "±"}${say(Math.abs(change), 1)}`;

const useSeverity = <Row extends { readonly severity: Severity }>(): Column<Row> => {
  const t = useWords(settingWords);
  const w = useWords(words);
  return stateColumn("severity", t("severity"), ({ severity }) => ({
    state: severityState[severity],
    label: w(`severity.${severity}`),
    order: severityOrder(severity),
  }));
};

type KindRow = Outcome["kinds"][number];
function KindTable({ run, rows }: { readonly run: string; readonly rows: readonly KindRow[] }): ReactNode {
  const t = useWords(settingWords);
  const format = useFormat();
  const { language } = useLanguage();
  const severity = useSeverity<KindRow>();
  const weekly = (id: "before" | "after"): Column<KindRow> => ({
    id,
    head: t(id),
    ...figures,
    text: (row) => row[id],
    cell: (row) => format.number(row[id], 1),
  });
  return (
    <DataTable<KindRow>
      id="ot-what-if"
      label={t("whatIf")}
      rows={rows}
      plain
      rowKey={(row) => row.kind}
      rowName={(row) => kindName(row.kind, language)}
      sort="-difference"
      urlKey={`${run}.`}
      empty={<Empty title={t("noKinds")} />}
      columns={[
        severity,
        textColumn("kind", t("kind"), (row) => kindName(row.kind, language), { fill: true }),
        weekly("before"),
        weekly("after"),
        {
          id: "difference",
          head: t("difference"),
          ...figures,
          text: (row) => row.after - row.before,
          sort: (row) => Math.abs(row.after - row.before),
          cell: (row) => signed(row.after - row.before, format.number),
        },
      ]}
    />
  );
}

type SampleRow = Outcome["added"][number] & { readonly at: number };
interface SamplesProps {
  readonly run: string;
  readonly id: "added" | "removed";
  readonly rows: Outcome["added"];
}
function Samples({ run, id, rows }: SamplesProps): ReactNode {
  const t = useWords(settingWords);
  const { language } = useLanguage();
  const severity = useSeverity<SampleRow>();
  return (
    <details className="ot-refused">
      <summary>
        {t(id)} ({rows.length})
      </summary>
      <DataTable<SampleRow>
        id={`ot-what-if-${id}`}
        label={t(id)}
        rows={rows.map((row, at) => ({ ...row, at }))}
        plain
        rowKey={(row) => String(row.at)}
        rowName={(row) => sentencesOf(row, language).title}
        sort="severity"
        urlKey={`${run}.${id}.`}
        empty={<Empty title={t(id === "added" ? "noAdded" : "noRemoved")} />}
        columns={[
          severity,
          textColumn("what", t("what"), (row) => sentencesOf(row, language).title, { fill: true }),
          whenColumn("since", t("since"), (row) => row.since),
        ]}
      />
    </details>
  );
}
