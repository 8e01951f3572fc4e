/** Protocols that the site declares for itself (OT-N10). */
import type { ReactNode } from "react";
import { useWords } from "@yagura/portal/language.tsx";
import { actorColumn, countColumn, stateColumn, textColumn, whenColumn } from "@yagura/portal/parts/columns.tsx";
import { Link } from "@yagura/portal/parts/link.tsx";
import { Empty } from "@yagura/portal/parts/notice.tsx";
import { DataTable } from "@yagura/portal/parts/table.tsx";
// Plain: descriptions are written in clear, and nothing in it is opened by the customer's key.
import { useList } from "@yagura/portal/queries.ts";
import { useLive, useOrganisation } from "@yagura/portal/session.tsx";
import type { DeclaredParser } from "../../wire/api-declared.ts";
import { Sited } from "../parts/sited.tsx";
import { words } from "../words.ts";
import { parserMarks, placesOf, stateOf } from "./places.ts";
import { parserWords } from "./words.ts";
import "../ot.css";

export function Page(): ReactNode {
  const t = useWords(parserWords);
  const w = useWords(words);
  const here = useOrganisation();
  return (
    <Sited
      title={w("nav.parsers")}
      lead={t("lead")}
      renderActions={({ id }) =>
        here.can("ot.write") ? (
          <Link className="button button-primary" href={here.path(`ot/parsers/new?site=${id}`)}>
            {t("add")}
          </Link>
        ) : null
      }
    >
      {({ id }) => <List site={id} />}
    </Sited>
  );
}

function List({ site }: { readonly site: string }): ReactNode {
  const t = useWords(parserWords);
  const w = useWords(words);
  const here = useOrganisation();
  const path = here.api("/ot/parsers");
  useLive(["ot.parser"], { refresh: [path] });
  const list = useList<DeclaredParser>(path, { site });
  return (
    <DataTable<DeclaredParser>
      id="ot-parsers"
      label={w("nav.parsers")}
      rows={list.rows}
      error={list.error}
      retry={list.refetch}
      rowKey={(row) => row.id}
      rowName={(row) => row.description.name}
      rowHref={(row) => here.path(`ot/parsers/${row.id}?site=${site}`)}
      sort="state"
      empty={<Empty title={t("none")}>{t("noneText")}</Empty>}
      columns={[
        stateColumn("state", t("state"), (row) => ({
          ...parserMarks[stateOf(row)],
          label: t(`state.${stateOf(row)}`),
        })),
        textColumn("name", t("name"), (row) => row.description.name, { fill: true }),
        textColumn("places", t("places"), (row) => placesOf(row.description), { width: "14rem" }),
        countColumn("functions", t("functions"), (row) => row.description.functions.length),
        whenColumn("changed", t("changed"), (row) => row.changedAt),
        actorColumn("by", t("by"), (row) => row.changedBy),
      ]}
    />
  );
}
