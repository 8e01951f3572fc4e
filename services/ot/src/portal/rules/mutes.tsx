/** Mutes: what is silent, why, until when, and how often it was needed. */
import { useState, type ReactNode } from "react";
import { api } from "@yagura/portal/api.ts";
import { useFormat, useLanguage, useWords } from "@yagura/portal/language.tsx";
import { Button } from "@yagura/portal/parts/button.tsx";
import {
  actorColumn,
  agoColumn,
  countColumn,
  stateColumn,
  textColumn,
  whenColumn,
} from "@yagura/portal/parts/columns.tsx";
import { ConfirmDialog, Dialog } from "@yagura/portal/parts/dialog.tsx";
import { Form, SelectField, TextField, useForm } from "@yagura/portal/parts/form.tsx";
import { Empty } from "@yagura/portal/parts/notice.tsx";
import { DataTable } from "@yagura/portal/parts/table.tsx";
import { useLive, useOrganisation } from "@yagura/portal/session.tsx";
import type { AssetRef } from "../../wire/api.ts";
import type { Mute } from "../../wire/api-findings.ts";
import { kindName, kindNames } from "../findings/kinds.ts";
import { AssetChoice } from "../parts/asset-choice.tsx";
import { instantOf, localTime } from "../parts/zoned-time.ts";
import { useList, useRefresh } from "../queries.ts";
import { ruleWords } from "./words.ts";

export function Mutes({ site }: { readonly site: string }): ReactNode {
  const t = useWords(ruleWords);
  const here = useOrganisation();
  const { language } = useLanguage();
  const path = here.api("/ot/mutes");
  useLive(["ot.mute", "ot.findings"], { refresh: [path], gather: 2_000 });
  const list = useList<Mute>(path, { site }, { every: 60_000 });
  const [adding, setAdding] = useState(false);
  const [ending, setEnding] = useState<Mute | null>(null);
  const may = here.can("ot.write");
  const nameOf = ({ kind, asset }: Mute): string =>
    [kind === null ? t("anyKind") : kindName(kind, language), asset?.name ?? t("anyDevice")].join(" · ");
  const add = may ? (
    <Button icon="plus" onClick={() => setAdding(true)}>
      {t("mute.add")}
    </Button>
  ) : null;
  return (
    <>
      <DataTable<Mute>
        id="ot-mutes"
        label={t("mutes")}
        rows={list.rows}
        error={list.error}
        retry={list.refetch}
        rowKey={(row) => row.id}
        rowName={nameOf}
        sort="state"
        urlKey="mutes."
        tools={add}
        empty={
          <Empty title={t("mutes.none")} action={add}>
            {t("mutes.noneText")}
          </Empty>
        }
        rowActions={(row) =>
          may && row.state === "active" ? [{ label: t("mute.end"), run: () => setEnding(row) }] : []
        }
        columns={[
          stateColumn("state", t("state"), ({ state }) => ({
            state: state === "active" ? "notice" : "unknown",
            label: t(`state.${state}`),
            order: state === "active" ? 0 : 1,
          })),
          textColumn("kind", t("kind"), (row) => (row.kind === null ? t("anyKind") : kindName(row.kind, language))),
          textColumn("device", t("device"), (row) =>
            row.asset === null ? (row.dedupeKey === null ? t("anyDevice") : t("onlySame")) : row.asset.name,
          ),
          textColumn("reason", t("reason"), (row) => row.reason, { fill: true }),
          whenColumn("until", t("col.until"), (row) => row.until),
          countColumn("hits", t("hits"), (row) => row.hits),
          agoColumn("last", t("lastHit"), (row) => row.lastHitAt),
          actorColumn("by", t("by"), (row) => row.createdBy, { hidden: true }),
          whenColumn("created", t("created"), (row) => row.createdAt, { hidden: true }),
        ]}
      />
      {adding ? <MuteDialog site={site} path={path} close={() => setAdding(false)} /> : null}
      {ending === null ? null : (
        <EndMute mute={ending} name={nameOf(ending)} path={path} close={() => setEnding(null)} />
      )}
    </>
  );
}

interface EndMuteProps {
  readonly mute: Mute;
  readonly name: string;
  readonly path: string;
  readonly close: () => void;
}
function EndMute({ mute, name, path, close }: EndMuteProps): ReactNode {
  const t = useWords(ruleWords);
  const format = useFormat();
  const refresh = useRefresh();
  return (
    <ConfirmDialog
      title={t("mute.end")}
      consequences={[name, t("mute.endText", { n: format.number(mute.hits) })]}
      action={t("mute.end")}
      danger={false}
      close={close}
      run={async () => {
        await api.delete(`${path}/${mute.id}`);
        refresh([path]);
      }}
    />
  );
}

const DAY = 86_400_000;
interface MuteDialogProps {
  readonly site: string;
  readonly path: string;
  readonly close: () => void;
}
function MuteDialog({ site, path, close }: MuteDialogProps): ReactNode {
  const t = useWords(ruleWords);
  const format = useFormat();
  const here = useOrganisation();
  const { language } = useLanguage();
  const refresh = useRefresh();
  const [device, setDevice] = useState<readonly AssetRef[]>([]);
  const [until] = useState(() => localTime(Date.now() + 7 * DAY, here.zone).slice(0, 10));
  const form = useForm({
    initial: { kind: "", reason: "", until },
    rules: { reason: { maxLength: 500 }, until: {} },
    check: ({ kind }) => (kind === "" && device.length === 0 ? { kind: t("neither") } : {}),
    submit: (values) =>
      api.post(path, {
        siteId: site,
        ...(values.kind === "" ? {} : { kind: values.kind }),
        ...(device[0] === undefined ? {} : { assetId: device[0].id }),
        reason: values.reason.trim(),
        until: instantOf(`${values.until}T23:59:59`, here.zone),
      }),
    done: () => {
      refresh([path]);
      close();
    },
  });
  return (
    <Dialog title={t("mute.add")} close={close}>
      <Form form={form} action={t("save")} cancel={close}>
        <SelectField
          form={form}
          name="kind"
          label={t("kind")}
          options={[
            { value: "", label: t("anyKind") },
            ...kindNames.map((value) => ({ value, label: kindName(value, language) })),
          ]}
        />
        <AssetChoice site={site} label={t("device")} hint={t("deviceHint")} chosen={device} set={setDevice} single />
        <TextField form={form} name="reason" label={t("reason")} />
        <TextField form={form} name="until" type="date" label={t("until", { zone: format.zoneName })} />
      </Form>
    </Dialog>
  );
}
