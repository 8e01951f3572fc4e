/** Makes an allow rule: both sides, protocol, class and the reason. */
import { useState, type ReactNode } from "react";
import { api } from "@yagura/portal/api.ts";
import { useWords } from "@yagura/portal/language.tsx";
import { Dialog } from "@yagura/portal/parts/dialog.tsx";
import { Form, SelectField, TextField, useForm } from "@yagura/portal/parts/form.tsx";
import { useOrganisation } from "@yagura/portal/session.tsx";
import { roles } from "../../analysis/model.ts";
import type { AssetRef } from "../../wire/api.ts";
import type { Zone } from "../../wire/api-assets.ts";
import { commandClasses } from "../../wire/vocabulary.ts";
import { useProtocolChoice, useProtocolTitle } from "../parts/protocol.ts";
import { AssetChoice } from "../parts/asset-choice.tsx";
import { useList, useRefresh } from "../queries.ts";
import { useTokens } from "../tokens/key.ts";
import { words } from "../words.ts";
import { ruleWords } from "./words.ts";

const ways = ["any", "asset", "address", "role", "zone", "internet", "group"] as const;
type Way = (typeof ways)[number];
type SideName = "client" | "server";

interface AllowDialogProps {
  readonly site: string;
  readonly path: string;
  readonly close: () => void;
}
const initial = {
  clientWay: "any" as Way,
  clientText: "",
  serverWay: "any" as Way,
  serverText: "",
  protocol: "",
  class: "",
  reason: "",
};
type Values = typeof initial;
type Chosen = Readonly<Record<SideName, readonly AssetRef[]>>;

/** Null: anybody. Undefined: not written yet. */
function sideOf(values: Values, assets: Chosen, side: SideName): string | null | undefined {
  const text = values[`${side}Text`].trim();
  switch (values[`${side}Way`]) {
    case "any":
      return null;
    case "asset":
      return assets[side][0]?.id;
    case "address":
      return text === "" ? undefined : text;
    case "role":
    case "zone":
      return text === "" ? undefined : `${values[`${side}Way`]}:${text}`;
    default:
      return values[`${side}Way`];
  }
}

export function AllowDialog({ site, path, close }: AllowDialogProps): ReactNode {
  const t = useWords(ruleWords);
  const title = useProtocolTitle();
  const choice = useProtocolChoice();
  const w = useWords(words);
  const refresh = useRefresh();
  const tokens = useTokens();
  const [assets, setAssets] = useState<Chosen>({ client: [], server: [] });
  const missing = (values: Values, side: SideName): boolean => sideOf(values, assets, side) === undefined;
  const form = useForm<Values>({
    initial,
    rules: { reason: { maxLength: 500 } },
    check: (values) => ({
      ...(missing(values, "client") ? { clientText: t("needed") } : {}),
      ...(missing(values, "server") ? { serverText: t("needed") } : {}),
    }),
    submit: async (values) => {
      // An address that was typed in clear is a token on the server.
      const told = async (side: SideName): Promise<string | null> => {
        const text = sideOf(values, assets, side) ?? null;
        return text !== null && tokens !== null && values[`${side}Way`] === "address" ? tokens.address(text) : text;
      };
      await api.post(path, {
        siteId: site,
        client: await told("client"),
        server: await told("server"),
        protocol: values.protocol === "" ? null : values.protocol,
        class: values.class === "" ? null : values.class,
        kinds: [],
        reason: values.reason.trim(),
      });
    },
    done: () => {
      refresh([path]);
      close();
    },
  });
  const side = (name: SideName): ReactNode => (
    <Side
      site={site}
      form={form}
      side={name}
      chosen={assets[name]}
      set={(chosen) => setAssets((before) => ({ ...before, [name]: chosen }))}
    />
  );
  return (
    <Dialog title={t("allow.add")} close={close} wide>
      <Form form={form} action={t("save")} cancel={close}>
        {side("client")}
        {side("server")}
        <SelectField
          form={form}
          name="protocol"
          label={t("protocol")}
          options={[{ value: "", label: t("anyProtocol") }, ...choice.map((value) => ({ value, label: title(value) }))]}
        />
        <SelectField
          form={form}
          name="class"
          label={t("class")}
          options={[
            { value: "", label: t("anyClass") },
            ...commandClasses.map((value) => ({ value, label: w(`class.${value}`) })),
          ]}
        />
        <TextField form={form} name="reason" label={t("reason")} />
      </Form>
    </Dialog>
  );
}

interface SideProps {
  readonly site: string;
  readonly form: ReturnType<typeof useForm<Values>>;
  readonly side: SideName;
  readonly chosen: readonly AssetRef[];
  readonly set: (chosen: readonly AssetRef[]) => void;
}
function Side({ site, form, side, chosen, set }: SideProps): ReactNode {
  const t = useWords(ruleWords);
  const w = useWords(words);
  const here = useOrganisation();
  const zones = useList<Zone>(here.api("/ot/zones"), { site });
  const way = form.values[`${side}Way`];
  const name = `${side}Text` as const;
  const of = { side: t(side) };
  const none = { value: "", label: "–" };
  return (
    <>
      <SelectField
        form={form}
        name={`${side}Way`}
        label={t(side)}
        options={ways.map((value) => ({ value, label: t(`side.${value}`) }))}
      />
      {way === "asset" ? (
        <AssetChoice
          site={site}
          label={t("asset", of)}
          chosen={chosen}
          set={set}
          single
          error={chosen.length === 0 ? form.errorOf(name) : undefined}
        />
      ) : null}
      {way === "address" ? (
        <TextField form={form} name={name} label={t("address", of)} hint={t("addressHint")} mono />
      ) : null}
      {way === "role" ? (
        <SelectField
          form={form}
          name={name}
          label={t("role", of)}
          options={[none, ...roles.map((value) => ({ value, label: w(`role.${value}`) }))]}
        />
      ) : null}
      {way === "zone" ? (
        <SelectField
          form={form}
          name={name}
          label={t("zone", of)}
          options={[none, ...(zones.rows ?? []).map((zone) => ({ value: zone.name, label: zone.name }))]}
        />
      ) : null}
    </>
  );
}
