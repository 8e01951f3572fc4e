/** Zones of a site in the order in which they are asked (OT-12). */
import { useState, type ReactNode } from "react";
import { api } from "@yagura/portal/api.ts";
import { useFormat, useWords } from "@yagura/portal/language.tsx";
import { Button } from "@yagura/portal/parts/button.tsx";
import { countColumn, textColumn } from "@yagura/portal/parts/columns.tsx";
import { ConfirmDialog } from "@yagura/portal/parts/dialog.tsx";
import { Empty, ErrorBox } from "@yagura/portal/parts/notice.tsx";
import { DataTable, type RowAction } from "@yagura/portal/parts/table.tsx";
import { useLive, useOrganisation } from "@yagura/portal/session.tsx";
import type { Zone } from "../../wire/api-assets.ts";
import { Sited } from "../parts/sited.tsx";
import { useChange, useList, useRefresh } from "../queries.ts";
import { words } from "../words.ts";
import { levelWord } from "./levels.ts";
import { zoneWords } from "./words.ts";
import { ZoneDialog } from "./zone-dialog.tsx";
import "../ot.css";

type Open = { readonly kind: "edit"; readonly zone: Zone | null } | { readonly kind: "remove"; readonly zone: Zone };

export function Page(): ReactNode {
  const t = useWords(zoneWords);
  const w = useWords(words);
  const here = useOrganisation();
  const [open, setOpen] = useState<Open | null>(null);
  const close = (): void => setOpen(null);
  return (
    <Sited
      title={w("nav.zones")}
      lead={t("lead")}
      renderActions={() =>
        here.can("ot.write") ? (
          <Button kind="primary" icon="plus" onClick={() => setOpen({ kind: "edit", zone: null })}>
            {t("add")}
          </Button>
        ) : null
      }
    >
      {({ id }) => (
        <>
          <List site={id} open={setOpen} />
          {open?.kind === "edit" ? <ZoneDialog site={id} zone={open.zone} close={close} /> : null}
          {open?.kind === "remove" ? <RemoveZone zone={open.zone} close={close} /> : null}
        </>
      )}
    </Sited>
  );
}

interface ListProps {
  readonly site: string;
  readonly open: (open: Open) => void;
}
function List({ site, open }: ListProps): ReactNode {
  const t = useWords(zoneWords);
  const w = useWords(words);
  const here = useOrganisation();
  const path = here.api("/ot/zones");
  useLive(["ot.zone", "ot.assets"], { refresh: [path], gather: 5_000 });
  const list = useList<Zone>(path, { site });
  const inOrder = (list.rows ?? []).toSorted((a, b) => a.position - b.position);
  // Positions are dealt anew, so that two with the same one can change places too.
  const move = useChange(
    async ({ at, to }: { at: number; to: number }) => {
      const next = inOrder.toSpliced(at, 1);
      next.splice(to, 0, inOrder[at] as Zone);
      for (const [position, zone] of next.entries())
        if (zone.position !== position) await api.patch(`${path}/${zone.id}`, { position });
    },
    { refresh: [path, here.api("/ot/assets")] },
  );
  const actions = (zone: Zone): readonly RowAction[] => {
    if (!here.can("ot.write")) return [];
    const at = inOrder.findIndex(({ id }) => id === zone.id);
    return [
      { label: t("edit"), run: () => open({ kind: "edit", zone }) },
      ...(at > 0 ? [{ label: t("up"), run: () => move.mutate({ at, to: at - 1 }) }] : []),
      ...(at < inOrder.length - 1 ? [{ label: t("down"), run: () => move.mutate({ at, to: at + 1 }) }] : []),
      { label: t("remove"), run: () => open({ kind: "remove", zone }), danger: true },
    ];
  };
  return (
    <>
      {move.error === null ? null : <ErrorBox error={move.error} />}
      <DataTable<Zone>
        id="ot-zones"
        label={w("nav.zones")}
        rows={list.rows}
        error={list.error}
        retry={list.refetch}
        rowKey={(row) => row.id}
        rowName={(row) => row.name}
        rowHref={(row) => here.path(`ot/assets?q=${encodeURIComponent(row.name)}`)}
        sort="order"
        empty={<Empty title={t("none")}>{t("noneText")}</Empty>}
        rowActions={actions}
        columns={[
          {
            id: "order",
            head: t("order"),
            align: "end",
            text: (row) => row.position,
            cell: (row) => inOrder.findIndex(({ id }) => id === row.id) + 1,
          },
          textColumn("name", t("name"), (row) => row.name, { fill: true }),
          textColumn("level", t("level"), (row) => (row.level === null ? null : t(levelWord(row.level)))),
          textColumn("subnets", t("subnets"), (row) => row.subnets.join(", ") || null, { width: "18rem" }),
          textColumn("vlans", t("vlans"), (row) => row.vlans.join(", ") || null),
          textColumn("origin", t("origin"), (row) => t(`origin.${row.origin}`)),
          countColumn("assets", t("assets"), (row) => row.assets),
        ]}
      />
    </>
  );
}

function RemoveZone({ zone, close }: { readonly zone: Zone; readonly close: () => void }): ReactNode {
  const t = useWords(zoneWords);
  const format = useFormat();
  const here = useOrganisation();
  const refresh = useRefresh();
  return (
    <ConfirmDialog
      title={`${t("remove")}: ${zone.name}`}
      consequences={[
        t("remove.text", { n: format.number(zone.assets) }),
        ...(zone.origin === "found" ? [t("remove.found")] : []),
      ]}
      action={t("remove")}
      close={close}
      run={async () => {
        await api.delete(here.api(`/ot/zones/${zone.id}`));
        refresh([here.api("/ot/zones"), here.api("/ot/assets")]);
      }}
    />
  );
}
