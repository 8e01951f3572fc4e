/** What people put right about a device: its name and role, that two are one, that one is two. */
import { useState, type ReactNode } from "react";
import { api } from "@yagura/portal/api.ts";
import { useWords } from "@yagura/portal/language.tsx";
import { ConfirmDialog, Dialog } from "@yagura/portal/parts/dialog.tsx";
import { CheckGroup, Form, SelectField, TextField, useForm } from "@yagura/portal/parts/form.tsx";
import { useAll, useRefresh } from "@yagura/portal/queries.ts";
import { useOrganisation } from "@yagura/portal/session.tsx";
import { useGo } from "@yagura/portal/url-state.ts";
import { roles } from "../../analysis/model.ts";
import type { AssetDetail, AssetItem, ChangeAsset } from "../../wire/api-assets.ts";
import { words } from "../words.ts";
import { assetWords } from "./words.ts";

interface DialogProps {
  readonly detail: AssetDetail;
  readonly path: string;
  readonly close: () => void;
}
const criticalities = ["low", "normal", "high", "critical"] as const;

export function EditDialog({ detail, path, close }: DialogProps): ReactNode {
  const t = useWords(assetWords);
  const w = useWords(words);
  const refresh = useRefresh();
  const { asset } = detail;
  const form = useForm({
    initial: {
      name: asset.named ? asset.name : "",
      role: asset.roleByHand ? asset.role : "",
      criticality: asset.criticality,
      note: detail.note,
    },
    rules: { name: { maxLength: 120, optional: true }, note: { maxLength: 2_000, optional: true } },
    submit: ({ name, role, criticality, note }) => {
      const body: ChangeAsset = {
        name: name.trim() === "" ? null : name.trim(),
        role: role === "" ? null : (role as AssetItem["role"]),
        criticality,
        note,
      };
      return api.patch(path, body);
    },
    done: () => {
      refresh([path]);
      close();
    },
  });
  return (
    <Dialog title={t("edit.title")} close={close}>
      <Form form={form} action={t("save")} cancel={close}>
        <TextField form={form} name="name" label={t("name")} hint={t("edit.nameHint")} />
        <SelectField
          form={form}
          name="role"
          label={t("role")}
          options={[
            { value: "", label: t("role.auto") },
            ...roles.map((role) => ({ value: role, label: w(`role.${role}`) })),
          ]}
        />
        <SelectField
          form={form}
          name="criticality"
          label={t("criticality")}
          options={criticalities.map((value) => ({ value, label: t(`criticality.${value}`) }))}
        />
        <TextField form={form} name="note" label={t("note")} multiline />
      </Form>
    </Dialog>
  );
}

export function MergeDialog({ detail, path, close }: DialogProps): ReactNode {
  const t = useWords(assetWords);
  const here = useOrganisation();
  const refresh = useRefresh();
  const list = useAll<AssetItem>(here.api("/ot/assets"), { site: detail.asset.siteId });
  const [other, setOther] = useState("");
  const others = (list.rows ?? []).filter(({ id }) => id !== detail.asset.id);
  return (
    <ConfirmDialog
      title={t("merge")}
      consequences={[t("merge.text")]}
      action={t("merge")}
      danger={false}
      close={close}
      run={async () => {
        await api.post(`${path}/merge`, { assetIds: [other] });
        refresh([path, here.api("/ot/assets")]);
      }}
    >
      <label className="field">
        {t("merge.with")}
        <select className="input" value={other} onChange={(event) => setOther(event.target.value)}>
          <option value="">–</option>
          {others.map((one) => (
            <option key={one.id} value={one.id}>
              {[one.name, one.addresses[0], one.macs[0]].filter((part) => part !== undefined).join(" · ")}
            </option>
          ))}
        </select>
      </label>
    </ConfirmDialog>
  );
}

export function SplitDialog({ detail, path, close }: DialogProps): ReactNode {
  const t = useWords(assetWords);
  const here = useOrganisation();
  const refresh = useRefresh();
  const go = useGo();
  const { asset } = detail;
  const form = useForm({
    initial: { macs: [] as readonly string[], addresses: [] as readonly string[] },
    submit: ({ macs, addresses }) => api.post(`${path}/split`, { macs, addresses }),
    done: () => {
      refresh([path, here.api("/ot/assets")]);
      close();
      go(here.path("ot/assets"));
    },
  });
  const choices = (values: readonly string[]) => values.map((value) => ({ value, label: value }));
  return (
    <Dialog title={t("split")} close={close}>
      <p>{t("split.text")}</p>
      <Form form={form} action={t("split")} cancel={close}>
        <CheckGroup form={form} name="macs" label={t("mac")} options={choices(asset.macs)} />
        <CheckGroup form={form} name="addresses" label={t("address")} options={choices(asset.addresses)} />
      </Form>
    </Dialog>
  );
}
