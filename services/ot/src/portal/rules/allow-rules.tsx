/** Allow rules: what is always in order. */
import { useState, type ReactNode } from "react";
import { api } from "@yagura/portal/api.ts";
import { useFormat, useWords } from "@yagura/portal/language.tsx";
import { Button } from "@yagura/portal/parts/button.tsx";
import { actorColumn, agoColumn, countColumn, textColumn, whenColumn } from "@yagura/portal/parts/columns.tsx";
import { ConfirmDialog } from "@yagura/portal/parts/dialog.tsx";
import { Empty } from "@yagura/portal/parts/notice.tsx";
import { DataTable } from "@yagura/portal/parts/table.tsx";
import { useLive, useOrganisation } from "@yagura/portal/session.tsx";
import type { AllowRule } from "../../wire/api-findings.ts";
import type { AssetItem } from "../../wire/api-assets.ts";
import { isRole } from "../parts/role.ts";
import { useAll, useList, useRefresh } from "../queries.ts";
import { useProtocolTitle } from "../parts/protocol.ts";
import { words } from "../words.ts";
import { AllowDialog } from "./allow-dialog.tsx";
import { ruleWords } from "./words.ts";

/** How a side of a rule is told: a device by its name, a role by its word. */
function useSide(site: string): (side: string | null) => string {
  const t = useWords(ruleWords);
  const w = useWords(words);
  const here = useOrganisation();
  const assets = useAll<AssetItem>(here.api("/ot/assets"), { site });
  const names = new Map((assets.rows ?? []).map(({ id, name }) => [id, name]));
  return (side) => {
    if (side === null) return t("anybody");
    if (side === "internet" || side === "group") return t(`side.${side}`);
    const role = side.startsWith("role:") ? side.slice(5) : "";
    if (isRole(role)) return w(`role.${role}`);
    return names.get(side) ?? side.replace(/^zone:/, "");
  };
}

export function AllowRules({ site }: { readonly site: string }): ReactNode {
  const t = useWords(ruleWords);
  const title = useProtocolTitle();
  const w = useWords(words);
  const here = useOrganisation();
  const path = here.api("/ot/allow-rules");
  useLive(["ot.allow-rule", "ot.findings"], { refresh: [path], gather: 2_000 });
  const list = useList<AllowRule>(path, { site });
  const side = useSide(site);
  const [adding, setAdding] = useState(false);
  const [removing, setRemoving] = useState<AllowRule | null>(null);
  const may = here.can("ot.write");
  const nameOf = (rule: AllowRule): string => `${side(rule.client)} → ${side(rule.server)}`;
  const add = may ? (
    <Button icon="plus" onClick={() => setAdding(true)}>
      {t("allow.add")}
    </Button>
  ) : null;
  return (
    <>
      <DataTable<AllowRule>
        id="ot-allow-rules"
        label={t("allowed")}
        rows={list.rows}
        error={list.error}
        retry={list.refetch}
        rowKey={(row) => row.id}
        rowName={nameOf}
        sort="-created"
        urlKey="allowed."
        tools={add}
        empty={
          <Empty title={t("allow.none")} action={add}>
            {t("allow.noneText")}
          </Empty>
        }
        rowActions={(row) => (may ? [{ label: t("allow.remove"), run: () => setRemoving(row), danger: true }] : [])}
        columns={[
          textColumn("client", t("client"), (row) => side(row.client)),
          textColumn("server", t("server"), (row) => side(row.server)),
          textColumn("protocol", t("protocol"), (row) =>
            row.protocol === null ? t("anyProtocol") : title(row.protocol),
          ),
          textColumn("class", t("class"), (row) => (row.class === null ? t("anyClass") : w(`class.${row.class}`))),
          textColumn("reason", t("reason"), (row) => row.reason, { fill: true }),
          countColumn("hits", t("hits"), (row) => row.hits),
          agoColumn("last", t("lastHit"), (row) => row.lastHitAt),
          whenColumn("created", t("created"), (row) => row.createdAt),
          actorColumn("by", t("by"), (row) => row.createdBy, { hidden: true }),
        ]}
      />
      {adding ? <AllowDialog site={site} path={path} close={() => setAdding(false)} /> : null}
      {removing === null ? null : (
        <RemoveRule rule={removing} name={nameOf(removing)} path={path} close={() => setRemoving(null)} />
      )}
    </>
  );
}

interface RemoveRuleProps {
  readonly rule: AllowRule;
  readonly name: string;
  readonly path: string;
  readonly close: () => void;
}
function RemoveRule({ rule, name, path, close }: RemoveRuleProps): ReactNode {
  const t = useWords(ruleWords);
  const format = useFormat();
  const refresh = useRefresh();
  return (
    <ConfirmDialog
      title={t("allow.remove")}
      consequences={[name, t("allow.removeText", { n: format.number(rule.hits) })]}
      action={t("allow.remove")}
      close={close}
      run={async () => {
        await api.delete(`${path}/${rule.id}`);
        refresh([path]);
      }}
    />
  );
}
