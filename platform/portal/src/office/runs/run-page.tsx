/** One bill run: what it would bill, how that differs from last month, what it set aside; then the issue. */
import { useState, type ReactNode } from "react";
import type { BillRunItem, InvoiceItem } from "@yagura/commerce/billing/shapes.ts";
import { api } from "../../api.ts";
import { useFormat, useWords } from "../../language.tsx";
import { Button } from "../../parts/button.tsx";
import { ConfirmDialog } from "../../parts/dialog.tsx";
import { Meter } from "../../parts/form.tsx";
import { Empty, Loaded } from "../../parts/notice.tsx";
import { Facts, Page as Frame } from "../../parts/page.tsx";
import { StateMark } from "../../parts/state-mark.tsx";
import { Tabs } from "../../parts/tabs.tsx";
import { useToast } from "../../parts/toast.tsx";
import { When } from "../../parts/when.tsx";
import { useAll, useGet, useRefresh } from "../../queries.ts";
import { useProvider } from "../../session.tsx";
import { useParams } from "../../url-state.ts";
import { providerApi } from "../data.ts";
import { InvoiceTable } from "../invoices/invoice-table.tsx";
import { Yen } from "../parts/yen.tsx";
import { billingWords } from "../words/billing.ts";
import { navWords } from "../words/nav.ts";
import { AsideTable, CustomerTable } from "./differences.tsx";
import { counted, RUNS, runStates } from "./list-page.tsx";

/** Milliseconds between looks while a run is at work. */
const WATCH = 1_500;
const atWork = (run: BillRunItem | undefined): boolean => run?.state === "computing" || run?.state === "issuing";

export function Page(): ReactNode {
  const t = useWords(billingWords);
  const n = useWords(navWords);
  const format = useFormat();
  const { run: id = "" } = useParams();
  const path = `${RUNS}/${id}`;
  const [watched, setWatched] = useState(true);
  const query = useGet<BillRunItem>(path, undefined, watched ? { every: WATCH } : {});
  const run = query.data;
  if (run !== undefined && watched !== atWork(run)) setWatched(atWork(run));
  const up = { label: n("billRuns"), href: "/provider/office/bill-runs" };
  return (
    <Frame
      title={run === undefined ? n("billRun") : t("run.title", { month: format.month(run.month) })}
      up={up}
      mark={run === undefined ? null : <StateMark state={runStates[run.state]} label={t(`runState.${run.state}`)} />}
      actions={run === undefined ? null : <Acts run={run} path={path} watch={() => setWatched(true)} />}
    >
      <Loaded query={query} rows={10}>
        {(data) => <Run run={data} path={path} />}
      </Loaded>
    </Frame>
  );
}

function Run({ run, path }: { readonly run: BillRunItem; readonly path: string }): ReactNode {
  const t = useWords(billingWords);
  const format = useFormat();
  const { preview, issued } = run;
  const shown = counted(run);
  return (
    <div className="stack-wide">
      {run.state === "computing" ? (
        <Meter
          used={preview.contracts}
          limit={preview.of}
          label={t("run.progress", { n: format.number(preview.contracts), of: format.number(preview.of) })}
        />
      ) : null}
      {run.state === "issuing" ? (
        <Meter
          used={issued.documents}
          limit={preview.documents}
          label={t("run.issuing", { n: format.number(issued.documents), of: format.number(preview.documents) })}
        />
      ) : null}
      <Facts
        wide
        facts={[
          {
            name: t("run.total"),
            value: <Yen amount={shown.total} />,
            note: t("run.net", { net: format.yen(shown.net), tax: format.yen(shown.tax) }),
          },
          { name: t("run.contracts"), value: format.number(shown.contracts) },
          { name: t("run.documents"), value: format.number(shown.documents) },
          { name: t("run.lines"), value: format.number(shown.lines) },
          { name: t("run.aside"), value: format.number(preview.aside) },
          { name: t("runs.issueOn"), value: format.day(run.issueOn) },
          { name: t("run.facts"), value: <When at={run.factsUntil} /> },
        ]}
      />
      {run.state === "computing" ? null : <RunTabs run={run} path={path} />}
    </div>
  );
}

function RunTabs({ run, path }: { readonly run: BillRunItem; readonly path: string }): ReactNode {
  const t = useWords(billingWords);
  const format = useFormat();
  const issuedTab = {
    id: "documents",
    label: t("tab.documents"),
    content: <RunDocuments run={run} />,
  };
  return (
    <Tabs
      label={t("run.title", { month: format.month(run.month) })}
      tabs={[
        { id: "customers", label: t("tab.customers"), content: <CustomerTable path={path} /> },
        {
          id: "aside",
          label: t("tab.aside", { n: format.number(run.preview.aside) }),
          content: <AsideTable path={path} />,
        },
        ...(run.state === "done" || run.state === "issuing" ? [issuedTab] : []),
      ]}
    />
  );
}

function RunDocuments({ run }: { readonly run: BillRunItem }): ReactNode {
  const t = useWords(billingWords);
  const list = useAll<InvoiceItem>(providerApi("/invoices"), { run: run.id });
  return (
    <InvoiceTable id={`bill-run-${run.month}`} list={list} ofAll urlKey="i" empty={<Empty title={t("list.none")} />} />
  );
}

interface ActsProps {
  readonly run: BillRunItem;
  readonly path: string;
  readonly watch: () => void;
}
function Acts({ run, path, watch }: ActsProps): ReactNode {
  const t = useWords(billingWords);
  const format = useFormat();
  const toast = useToast();
  const refresh = useRefresh();
  const { can } = useProvider();
  const [open, setOpen] = useState<"issue" | "discard" | null>(null);
  if (!can("billing.write")) return null;
  const { preview } = run;
  const close = (): void => setOpen(null);
  const act = async (name: "issue" | "discard" | "compute"): Promise<void> => {
    await api.post(`${path}/${name}`, {});
    watch();
    refresh([RUNS, providerApi("/invoices")]);
    if (name === "compute") toast(t("run.retried"));
  };
  const ready = run.state === "ready";
  return (
    <>
      {preview.aside > 0 && ready ? (
        <Button icon="refresh" onClick={() => void act("compute")}>
          {t("run.retry")}
        </Button>
      ) : null}
      {ready || run.state === "computing" ? (
        <Button onClick={() => setOpen("discard")}>{t("run.discard")}</Button>
      ) : null}
      {ready ? (
        <Button kind="primary" disabled={preview.documents === 0} onClick={() => setOpen("issue")}>
          {t("run.issue")}
        </Button>
      ) : null}
      {open === "issue" ? (
        <ConfirmDialog
          title={t("run.issueTitle", { month: format.month(run.month) })}
          consequences={[
            t("run.issueDocuments", {
              n: format.number(preview.documents),
              total: format.yen(preview.total),
              day: format.day(run.issueOn),
            }),
            t("run.issueMail"),
            t("run.issueFinal"),
            ...(preview.aside === 0 ? [] : [t("run.issueAside", { n: format.number(preview.aside) })]),
          ]}
          action={t("run.issue")}
          danger={false}
          close={close}
          run={() => act("issue")}
        />
      ) : null}
      {open === "discard" ? (
        <ConfirmDialog
          title={t("run.discard")}
          consequences={[t("run.discardText")]}
          action={t("run.discard")}
          close={close}
          run={() => act("discard")}
        />
      ) : null}
    </>
  );
}
