/** Versions of the terms by date, and everything that was ever changed of the dated data. */
import { useState, type ReactNode } from "react";
import type { ChangeItem, TermsDetail, TermsItem } from "@yagura/commerce/terms/shapes.ts";
import { useFormat, useSay, useWords } from "../../language.tsx";
import { Dialog } from "../../parts/dialog.tsx";
import { Empty, Loaded } from "../../parts/notice.tsx";
import { Facts, Page as Frame, Section } from "../../parts/page.tsx";
import { DataTable } from "../../parts/table.tsx";
import { useAll, useGet, useList } from "../../queries.ts";
import { useServiceName } from "../data.ts";
import { TermsChanges } from "../letters/terms-changes.tsx";
import { actorColumn, countColumn, stateColumn, textColumn, whenColumn } from "../../parts/columns.tsx";
import { navWords } from "../words/nav.ts";
import { ruleWords } from "../words/rules.ts";
import { lastDayOf, tellValue } from "./in-force.ts";
import { HISTORY, TERMS } from "./paths.ts";
import { useRangeColumns } from "./range-columns.tsx";

export function Page(): ReactNode {
  const t = useWords(ruleWords);
  const n = useWords(navWords);
  const say = useSay();
  const nameOf = useServiceName();
  const ranges = useRangeColumns<TermsItem>();
  const list = useList<TermsItem>(TERMS);
  const [open, setOpen] = useState<TermsItem | null>(null);
  const plansOf = (row: TermsItem): string => row.plans.map(({ name }) => say(name)).join(" / ");
  return (
    <Frame title={n("terms")} lead={t("terms.lead")}>
      <DataTable<TermsItem>
        id="terms"
        label={n("terms")}
        rows={list.rows}
        error={list.error}
        retry={list.refetch}
        rowKey={(row) => row.id}
        rowName={(row) => row.code}
        onOpen={setOpen}
        sort="service"
        empty={<Empty title={t("terms.none")} />}
        columns={[
          textColumn("service", t("col.service"), (row) => nameOf(row.service)),
          textColumn("code", t("terms.code"), (row) => row.code),
          ...ranges,
          stateColumn("known", t("terms.text"), (row) => ({
            state: row.known ? "good" : "unknown",
            label: t(row.known ? "terms.known" : "terms.unknown"),
          })),
          textColumn("plans", t("terms.plans"), plansOf, { fill: true }),
          textColumn("source", t("terms.source"), (row) => row.sourceDocument, { hidden: true }),
          countColumn("documents", t("terms.documents"), (row) => row.documents, { hidden: true }),
        ]}
      />
      <TermsChanges />
      <Section title={t("terms.history")}>
        <History />
      </Section>
      {open === null ? null : <VersionDialog version={open} close={() => setOpen(null)} />}
    </Frame>
  );
}

function VersionDialog({ version, close }: { readonly version: TermsItem; readonly close: () => void }): ReactNode {
  const t = useWords(ruleWords);
  const say = useSay();
  const format = useFormat();
  const query = useGet<TermsDetail>(`${TERMS}/${version.id}`);
  const last = lastDayOf(version);
  return (
    <Dialog title={version.code} close={close} wide>
      <Loaded query={query} rows={8}>
        {(detail) => (
          <div className="stack-wide">
            <Facts
              facts={[
                {
                  name: t("dated.range"),
                  value: `${detail.from === null ? t("ever") : format.day(detail.from)} – ${last === null ? t("further") : format.day(last)}`,
                },
                { name: t("terms.source"), value: detail.sourceDocument },
                { name: t("terms.hash"), value: <code>{detail.textHash}</code> },
                {
                  name: t("terms.plans"),
                  value: detail.plans
                    .map((plan) => `${say(plan.name)}${plan.orderable ? `（${t("terms.orderable")}）` : ""}`)
                    .join(" / "),
                },
              ]}
            />
            <details>
              <summary>{t("terms.parameters")}</summary>
              <dl className="why-inputs">
                {Object.entries(detail.parameters).map(([key, value]) => (
                  <div key={key}>
                    <dt>{key}</dt>
                    <dd>{tellValue(value)}</dd>
                  </div>
                ))}
              </dl>
            </details>
          </div>
        )}
      </Loaded>
    </Dialog>
  );
}

function History(): ReactNode {
  const t = useWords(ruleWords);
  const list = useAll<ChangeItem>(HISTORY);
  return (
    <DataTable<ChangeItem>
      id="terms-history"
      label={t("terms.history")}
      urlKey="h"
      rows={list.rows}
      error={list.error}
      retry={list.refetch}
      rowKey={(row) => row.id}
      rowName={(row) => row.key}
      sort="-at"
      total={list.total}
      cut={list.cut}
      empty={<Empty title={t("history.none")} />}
      columns={[
        whenColumn("at", t("history.at"), (row) => row.at),
        textColumn("what", t("history.what"), (row) => `${row.kind} ${row.key}`),
        textColumn("effect", t("history.effect"), (row) => t(`effect.${row.effect}`)),
        textColumn("before", t("dated.before"), (row) => tellValue(row.before)),
        textColumn("after", t("dated.after"), (row) => tellValue(row.after)),
        actorColumn("by", t("history.by"), (row) => row.by),
        textColumn("reason", t("dated.reason"), (row) => row.reason),
      ]}
    />
  );
}
