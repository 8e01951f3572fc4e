/** Plans work, or changes what was planned; times are of the organisation's zone. */
import { useState, type ReactNode } from "react";
import { api } from "@yagura/portal/api.ts";
import { useFormat, useWords } from "@yagura/portal/language.tsx";
import { Dialog } from "@yagura/portal/parts/dialog.tsx";
import { CheckGroup, Form, TextField, useForm } from "@yagura/portal/parts/form.tsx";
import { useOrganisation } from "@yagura/portal/session.tsx";
import type { AssetRef } from "../../wire/api.ts";
import type { Permit } from "../../wire/api-findings.ts";
import { commandClasses } from "../../wire/vocabulary.ts";
import { AssetChoice } from "../parts/asset-choice.tsx";
import { instantOf, localTime } from "../parts/zoned-time.ts";
import { useRefresh } from "../queries.ts";
import { words } from "../words.ts";
import { permitWords } from "./words.ts";

const HOUR = 3_600_000;
/** Classes of work that people plan. */
const planned = commandClasses.slice(commandClasses.indexOf("write"));

interface PermitDialogProps {
  readonly site: string;
  /** Null: a new one. */
  readonly permit: Permit | null;
  readonly close: () => void;
}
export function PermitDialog({ site, permit, close }: PermitDialogProps): ReactNode {
  const t = useWords(permitWords);
  const w = useWords(words);
  const format = useFormat();
  const [assets, setAssets] = useState<readonly AssetRef[]>(permit?.assets ?? []);
  const [clients, setClients] = useState<readonly AssetRef[]>(permit?.clients ?? []);
  const form = usePermitForm({ site, permit, close }, assets, clients);
  const zone = format.zoneName;
  return (
    <Dialog title={t(permit === null ? "create" : "change")} close={close} wide>
      <Form form={form} action={t("save")} cancel={close}>
        <TextField form={form} name="title" label={t("title")} hint={t("titleHint")} />
        <TextField form={form} name="who" label={t("who")} />
        <TextField form={form} name="from" type="datetime-local" label={t("from", { zone })} />
        <TextField form={form} name="to" type="datetime-local" label={t("to", { zone })} />
        <AssetChoice
          site={site}
          label={t("assets")}
          chosen={assets}
          set={setAssets}
          error={assets.length === 0 ? form.errorOf("assets") : undefined}
        />
        <AssetChoice site={site} label={t("clients")} hint={t("clients.hint")} chosen={clients} set={setClients} />
        <CheckGroup
          form={form}
          name="classes"
          label={t("classes")}
          hint={t("classes.hint")}
          options={planned.map((value) => ({ value, label: w(`class.${value}`) }))}
        />
        <TextField form={form} name="note" label={t("note")} multiline />
      </Form>
    </Dialog>
  );
}

function usePermitForm(
  { site, permit, close }: PermitDialogProps,
  assets: readonly AssetRef[],
  clients: readonly AssetRef[],
) {
  const t = useWords(permitWords);
  const here = useOrganisation();
  const refresh = useRefresh();
  const path = here.api("/ot/permits");
  const [start] = useState(() => Math.ceil(Date.now() / HOUR) * HOUR);
  const classes: readonly string[] = permit?.classes ?? [];
  return useForm({
    initial: {
      title: permit?.title ?? "",
      who: permit?.who ?? "",
      from: localTime(permit?.from ?? start, here.zone),
      to: localTime(permit?.to ?? start + 8 * HOUR, here.zone),
      classes,
      note: permit?.note ?? "",
      assets: "",
    },
    rules: { title: { maxLength: 120 }, who: { maxLength: 120 }, note: { maxLength: 2_000, optional: true } },
    check: ({ from, to }) => {
      const [begin, end] = [instantOf(from, here.zone), instantOf(to, here.zone)];
      return {
        ...(begin === null ? { from: t("time") } : {}),
        ...(end === null ? { to: t("time") } : begin !== null && end <= begin ? { to: t("order") } : {}),
        ...(assets.length === 0 ? { assets: t("assets.none") } : {}),
      };
    },
    submit: ({ title, who, from, to, classes, note }) => {
      const fields = {
        title: title.trim(),
        who: who.trim(),
        from: instantOf(from, here.zone),
        to: instantOf(to, here.zone),
        assetIds: assets.map(({ id }) => id),
        clientIds: clients.map(({ id }) => id),
        classes,
        note: note.trim(),
      };
      return permit === null ? api.post(path, { siteId: site, ...fields }) : api.patch(`${path}/${permit.id}`, fields);
    },
    done: () => {
      refresh([path, here.api("/ot/overview")]);
      close();
    },
  });
}
