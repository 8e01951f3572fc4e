/** Planned work of a site: what is active first (OT-28, OT-N4). */
import { useState, type ReactNode } from "react";
import { useWords } from "@yagura/portal/language.tsx";
import { Button } from "@yagura/portal/parts/button.tsx";
import { actorColumn, countColumn, stateColumn, textColumn, whenColumn } from "@yagura/portal/parts/columns.tsx";
import { Empty } from "@yagura/portal/parts/notice.tsx";
import { DataTable } from "@yagura/portal/parts/table.tsx";
import { useLive, useOrganisation } from "@yagura/portal/session.tsx";
import type { Permit } from "../../wire/api-findings.ts";
import { Sited } from "../parts/sited.tsx";
import { useList } from "../queries.ts";
import { words } from "../words.ts";
import { permitMarks } from "./marks.ts";
import { PermitDialog } from "./permit-dialog.tsx";
import { permitWords } from "./words.ts";
import "../ot.css";

export function Page(): ReactNode {
  const t = useWords(permitWords);
  const w = useWords(words);
  const here = useOrganisation();
  const [adding, setAdding] = useState(false);
  const may = here.can("ot.write");
  const add = (
    <Button kind="primary" icon="plus" onClick={() => setAdding(true)}>
      {t("create")}
    </Button>
  );
  return (
    <Sited title={w("nav.permits")} lead={t("lead")} renderActions={() => (may ? add : null)}>
      {({ id }) => (
        <>
          <List site={id} />
          {adding ? <PermitDialog site={id} permit={null} close={() => setAdding(false)} /> : null}
        </>
      )}
    </Sited>
  );
}

function List({ site }: { readonly site: string }): ReactNode {
  const t = useWords(permitWords);
  const w = useWords(words);
  const here = useOrganisation();
  const path = here.api("/ot/permits");
  useLive(["ot.permit", "ot.findings"], { refresh: [path], gather: 2_000 });
  const list = useList<Permit>(path, { site }, { every: 60_000 });
  return (
    <DataTable<Permit>
      id="ot-permits"
      label={w("nav.permits")}
      rows={list.rows}
      error={list.error}
      retry={list.refetch}
      rowKey={(row) => row.id}
      rowName={(row) => row.title}
      rowHref={(row) => here.path(`ot/permits/${row.id}`)}
      sort="state"
      empty={<Empty title={t("none")}>{t("noneText")}</Empty>}
      columns={[
        stateColumn("state", t("state"), (row) => ({ ...permitMarks[row.state], label: t(`state.${row.state}`) })),
        textColumn("title", t("title"), (row) => row.title, { fill: true }),
        textColumn("who", t("who"), (row) => row.who, { width: "14rem" }),
        whenColumn("from", t("col.from"), (row) => row.from),
        whenColumn("to", t("col.to"), (row) => row.to),
        textColumn("assets", t("assets"), (row) => row.assets.map(({ name }) => name).join(", "), { width: "14rem" }),
        textColumn(
          "classes",
          t("classes"),
          (row) => (row.classes.length === 0 ? t("anything") : row.classes.map((one) => w(`class.${one}`)).join(", ")),
          { width: "14rem", hidden: true },
        ),
        countColumn("expected", t("expected"), (row) => row.expected),
        actorColumn("by", t("createdBy"), (row) => row.createdBy, { hidden: true }),
      ]}
    />
  );
}
