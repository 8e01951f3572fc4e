/** What people put right about a device: its name and role, that two are one, that one is two. */
import { useState, type ReactNode } from "react";
import { api } from "@yagura/portal/api.ts";
import { useWords } from "@yagura/portal/language.tsx";
import { ConfirmDialog, Dialog } from "@yagura/portal/parts/dialog.tsx";
import { CheckGroup, Form, SelectField, TextField, useForm } from "@yagura/portal/parts/form.tsx";
import { useGet as usePlain, useRefresh } from "@yagura/portal/queries.ts";
import { useOrganisation } from "@yagura/portal/session.tsx";
import { useGo } from "@yagura/portal/url-state.ts";
import { roles } from "../../analysis/model.ts";
import type { AssetRef } from "../../wire/api.ts";
import type { AssetDetail, AssetItem, ChangeAsset, Zone } from "../../wire/api-assets.ts";
import { AssetChoice } from "../parts/asset-choice.tsx";
import { useGet } from "../queries.ts";
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
  const here = useOrganisation();
  const refresh = useRefresh();
  const { asset } = detail;
  const zones = useGet<Zone[]>(here.api("/ot/zones"), { site: asset.siteId });
  const form = useForm({
    initial: {
      name: asset.named ? asset.name : "",
      role: asset.roleByHand ? asset.role : "",
      criticality: asset.criticality,
      zone: asset.zoneId ?? "",
      note: detail.note,
    },
    rules: { name: { maxLength: 120, optional: true }, note: { maxLength: 2_000, optional: true } },
    submit: ({ name, role, criticality, zone, note }) => {
      const body: ChangeAsset = {
        name: name.trim() === "" ? null : name.trim(),
        role: role === "" ? null : (role as AssetItem["role"]),
        criticality,
        note,
        // A zone that was not touched stays what the rules say.
        ...(zone === (asset.zoneId ?? "") ? {} : { zoneId: zone === "" ? null : zone }),
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
        <SelectField
          form={form}
          name="zone"
          label={t("zone")}
          hint={t("edit.zoneHint")}
          options={[
            { value: "", label: t("zone.auto") },
            ...(zones.data ?? []).map(({ id, name }) => ({ value: id, label: name })),
          ]}
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
  const [others, setOthers] = useState<readonly AssetRef[]>([]);
  const form = useForm({
    initial: { others: "" },
    check: () => (others.length === 0 ? { others: t("merge.none") } : {}),
    submit: () => api.post(`${path}/merge`, { assetIds: others.map(({ id }) => id) }),
    done: () => {
      refresh([path, here.api("/ot/assets")]);
      close();
    },
  });
  return (
    <Dialog title={t("merge")} close={close}>
      <p>{t("merge.text")}</p>
      <Form form={form} action={t("merge")} cancel={close}>
        <AssetChoice
          site={detail.asset.siteId}
          label={t("merge.with")}
          chosen={others}
          set={setOthers}
          without={[detail.asset.id]}
          error={form.errorOf("others")}
        />
      </Form>
    </Dialog>
  );
}

export function RetireDialog({ path, close }: Omit<DialogProps, "detail">): ReactNode {
  const t = useWords(assetWords);
  const here = useOrganisation();
  const refresh = useRefresh();
  const go = useGo();
  return (
    <ConfirmDialog
      title={t("retire")}
      consequences={[t("retire.text")]}
      action={t("retire")}
      close={close}
      run={async () => {
        await api.delete(path);
        refresh([here.api("/ot/assets")]);
        go(here.path("ot/assets"));
      }}
    />
  );
}

export function SplitDialog({ detail, path, close }: DialogProps): ReactNode {
  const t = useWords(assetWords);
  const here = useOrganisation();
  const refresh = useRefresh();
  const go = useGo();
  const { asset } = detail;
  // What is sent is what the server knows: tokens, where the list shows what they stand for.
  const sent = usePlain<AssetDetail>(path).data?.asset ?? asset;
  const form = useForm({
    initial: { macs: [] as readonly string[], addresses: [] as readonly string[] },
    submit: ({ macs, addresses }) => api.post(`${path}/split`, { macs, addresses }),
    done: () => {
      refresh([path, here.api("/ot/assets")]);
      close();
      go(here.path("ot/assets"));
    },
  });
  const choices = (values: readonly string[], shown: readonly string[]) =>
    values.map((value, i) => ({ value, label: shown[i] ?? value }));
  return (
    <Dialog title={t("split")} close={close}>
      <p>{t("split.text")}</p>
      <Form form={form} action={t("split")} cancel={close}>
        <CheckGroup form={form} name="macs" label={t("mac")} options={choices(sent.macs, asset.macs)} />
        <CheckGroup
          form={form}
          name="addresses"
          label={t("address")}
          options={choices(sent.addresses, asset.addresses)}
        />
      </Form>
    </Dialog>
  );
}
