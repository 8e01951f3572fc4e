/** The customer's own list against what is seen (OT-10). */
import { useState, type ReactNode } from "react";
import type { State } from "@yagura/core/state.ts";
import { api } from "@yagura/portal/api.ts";
import { useFormat, useWords } from "@yagura/portal/language.tsx";
import { Button } from "@yagura/portal/parts/button.tsx";
import { agoColumn, stateColumn, textColumn, whenColumn } from "@yagura/portal/parts/columns.tsx";
import { ConfirmDialog } from "@yagura/portal/parts/dialog.tsx";
import { Empty, Loaded } from "@yagura/portal/parts/notice.tsx";
import { Card, Facts } from "@yagura/portal/parts/page.tsx";
import { DataTable } from "@yagura/portal/parts/table.tsx";
import { Tabs } from "@yagura/portal/parts/tabs.tsx";
import { useLive, useOrganisation } from "@yagura/portal/session.tsx";
import type { Site } from "../../wire/api.ts";
import type { AssetItem } from "../../wire/api-assets.ts";
import { registerFields, type Register } from "../../wire/api-register.ts";
import { assetColumn } from "../parts/asset-link.tsx";
import { Sited } from "../parts/sited.tsx";
import { useGet, useRefresh } from "../queries.ts";
import { roleColumn } from "../role-column.tsx";
import { words } from "../words.ts";
import { ImportDialog } from "./import-dialog.tsx";
import { registerWords } from "./words.ts";
import "../ot.css";

type Entry = Register["entries"][number];
const marks: Readonly<Record<Entry["state"], { readonly state: State; readonly order: number }>> = {
  ambiguous: { state: "notice", order: 0 },
  differs: { state: "notice", order: 1 },
  unseen: { state: "unknown", order: 2 },
  matched: { state: "good", order: 3 },
};

export function Page(): ReactNode {
  const t = useWords(registerWords);
  const w = useWords(words);
  const here = useOrganisation();
  const [importing, setImporting] = useState(false);
  const add = here.can("ot.write") ? (
    <Button kind="primary" onClick={() => setImporting(true)}>
      {t("import")}
    </Button>
  ) : null;
  return (
    <Sited title={w("nav.register")} lead={t("lead")} renderActions={() => add}>
      {(site) => (
        <>
          <OfSite site={site} />
          {importing ? <ImportDialog site={site} close={() => setImporting(false)} /> : null}
        </>
      )}
    </Sited>
  );
}

function OfSite({ site }: { readonly site: Site }): ReactNode {
  const t = useWords(registerWords);
  const here = useOrganisation();
  const path = here.api("/ot/register");
  useLive(["ot.register", "ot.assets"], { refresh: [path], gather: 5_000 });
  return (
    <Loaded query={useGet<Register>(path, { site: site.id })} rows={10}>
      {(register) =>
        register.importedAt === null ? (
          <Card>
            <Empty title={t("none")}>{t("noneText")}</Empty>
          </Card>
        ) : (
          <Shown register={register} importedAt={register.importedAt} />
        )
      }
    </Loaded>
  );
}

interface ShownProps {
  readonly register: Register;
  readonly importedAt: string;
}
function Shown({ register, importedAt }: ShownProps): ReactNode {
  const t = useWords(registerWords);
  const format = useFormat();
  const here = useOrganisation();
  const [removing, setRemoving] = useState(false);
  const { entries, unregistered } = register;
  return (
    <>
      <Facts
        wide
        facts={[
          ...(["matched", "differs", "unseen", "ambiguous"] as const).map((state) => ({
            name: t(`state.${state}`),
            value: format.number(entries.filter((entry) => entry.state === state).length),
          })),
          { name: t("unregistered"), value: format.number(unregistered.length) },
        ]}
      />
      <p className="soft small">
        {t("imported", { at: format.instant(importedAt) })}{" "}
        {here.can("ot.write") ? (
          <Button kind="quiet" onClick={() => setRemoving(true)}>
            {t("remove")}
          </Button>
        ) : null}
      </p>
      <Tabs
        label={t("tabs")}
        tabs={[
          { id: "listed", label: t("listed"), content: <Entries rows={entries} /> },
          { id: "unregistered", label: t("unregistered"), content: <Unregistered rows={unregistered} /> },
        ]}
      />
      {removing ? <Remove register={register} close={() => setRemoving(false)} /> : null}
    </>
  );
}

function Entries({ rows }: { readonly rows: readonly Entry[] }): ReactNode {
  const t = useWords(registerWords);
  const here = useOrganisation();
  const shown = new Set(["number", "name", "address", "place"]);
  return (
    <DataTable<Entry>
      id="ot-register"
      label={t("listed")}
      rows={rows}
      rowKey={(row) => row.id}
      rowName={(row) => row.fields["name"] ?? row.fields["number"] ?? row.id}
      rowHref={(row) => (row.asset === null ? null : here.path(`ot/assets/${row.asset.id}`))}
      sort="state"
      urlKey="listed."
      empty={<Empty title={t("none")} />}
      columns={[
        stateColumn("state", t("state"), ({ state }) => ({ ...marks[state], label: t(`state.${state}`) })),
        ...registerFields.map((field) =>
          textColumn<Entry>(field, t(`field.${field}`), (row) => row.fields[field] ?? null, {
            hidden: !shown.has(field),
          }),
        ),
        assetColumn("asset", t("asset"), (row) => row.asset),
        textColumn("by", t("by"), (row) => (row.by === null ? null : t(`field.${row.by}`)), { hidden: true }),
        textColumn(
          "differences",
          t("differences"),
          (row) =>
            row.differences
              .map(({ field, listed, seen }) => t("difference", { field: t(`field.${field}`), listed, seen }))
              .join("; ") || null,
          { fill: true },
        ),
      ]}
    />
  );
}

function Unregistered({ rows }: { readonly rows: readonly AssetItem[] }): ReactNode {
  const t = useWords(registerWords);
  const w = useWords(words);
  const here = useOrganisation();
  return (
    <DataTable<AssetItem>
      id="ot-unregistered"
      label={t("unregistered")}
      rows={rows}
      rowKey={(row) => row.id}
      rowName={(row) => row.name}
      rowHref={(row) => here.path(`ot/assets/${row.id}`)}
      sort="-first"
      urlKey="unregistered."
      empty={<Empty title={t("noDevice")} />}
      columns={[
        textColumn("name", t("field.name"), (row) => row.name, { fill: true }),
        roleColumn(
          "role",
          t("field.role"),
          (row) => row.role,
          (role) => w(`role.${role}`),
        ),
        textColumn("vendor", t("field.vendor"), (row) => row.vendor),
        textColumn("model", t("field.model"), (row) => row.model),
        textColumn("address", t("field.address"), (row) => row.addresses.join(" ")),
        textColumn("mac", t("field.mac"), (row) => row.macs.join(" ")),
        whenColumn("first", t("firstSeen"), (row) => row.firstAt),
        agoColumn("last", t("lastSeen"), (row) => row.lastAt),
      ]}
    />
  );
}

function Remove({ register, close }: { readonly register: Register; readonly close: () => void }): ReactNode {
  const t = useWords(registerWords);
  const format = useFormat();
  const here = useOrganisation();
  const refresh = useRefresh();
  return (
    <ConfirmDialog
      title={t("remove")}
      consequences={[t("remove.text", { n: format.number(register.entries.length) })]}
      action={t("remove")}
      close={close}
      run={async () => {
        await api.delete(`${here.api("/ot/register")}?site=${register.siteId}`);
        refresh([here.api("/ot/register"), here.api("/ot/assets")]);
      }}
    />
  );
}
