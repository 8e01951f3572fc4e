/** Makes a zone, or changes one; a zone that was found is given from then on. */
import type { ReactNode } from "react";
import { api } from "@yagura/portal/api.ts";
import { useWords } from "@yagura/portal/language.tsx";
import { Dialog } from "@yagura/portal/parts/dialog.tsx";
import { Form, SelectField, TextField, useForm } from "@yagura/portal/parts/form.tsx";
import { useOrganisation } from "@yagura/portal/session.tsx";
import type { Zone } from "../../wire/api-assets.ts";
import { useRefresh } from "../queries.ts";
import { useTokens } from "../tokens/key.ts";
import { closeNetwork } from "../tokens/open.ts";
import { levels, levelWord } from "./levels.ts";
import { zoneWords } from "./words.ts";

const listOf = (text: string): string[] => text.split(/[\s,、]+/).filter((one) => one !== "");
const isVlan = (text: string): boolean => /^\d{1,4}$/.test(text) && Number(text) >= 1 && Number(text) <= 4_094;

interface ZoneDialogProps {
  readonly site: string;
  /** Null: a new one. */
  readonly zone: Zone | null;
  readonly close: () => void;
}
export function ZoneDialog({ site, zone, close }: ZoneDialogProps): ReactNode {
  const t = useWords(zoneWords);
  const here = useOrganisation();
  const refresh = useRefresh();
  const tokens = useTokens();
  const path = here.api("/ot/zones");
  const form = useForm({
    initial: {
      name: zone?.name ?? "",
      level: zone?.level === undefined || zone.level === null ? "" : String(zone.level),
      subnets: zone?.subnets.join("\n") ?? "",
      vlans: zone?.vlans.join(", ") ?? "",
    },
    rules: { name: { maxLength: 120 }, subnets: { optional: true }, vlans: { optional: true } },
    check: ({ subnets, vlans }) => ({
      ...(listOf(vlans).every(isVlan) ? {} : { vlans: t("vlansBad") }),
      ...(listOf(subnets).length + listOf(vlans).length === 0 ? { subnets: t("empty") } : {}),
    }),
    submit: async ({ name, level, subnets, vlans }) => {
      const networks = listOf(subnets);
      const fields = {
        name: name.trim(),
        level: level === "" ? null : Number(level),
        // What was written in clear is a token on the server.
        subnets: tokens === null ? networks : await Promise.all(networks.map((one) => closeNetwork(one, tokens))),
        vlans: [...new Set(listOf(vlans).map(Number))],
      };
      await (zone === null ? api.post(path, { siteId: site, ...fields }) : api.patch(`${path}/${zone.id}`, fields));
    },
    done: () => {
      refresh([path, here.api("/ot/assets"), here.api("/ot/map")]);
      close();
    },
  });
  return (
    <Dialog title={zone === null ? t("add") : `${t("edit")}: ${zone.name}`} close={close}>
      <Form form={form} action={t("save")} cancel={close}>
        <TextField form={form} name="name" label={t("name")} />
        <SelectField
          form={form}
          name="level"
          label={t("level")}
          options={[
            { value: "", label: t("noLevel") },
            ...levels.map((level) => ({ value: String(level), label: t(levelWord(level)) })),
          ]}
        />
        <TextField form={form} name="subnets" label={t("subnets")} hint={t("subnetsHint")} multiline mono />
        <TextField form={form} name="vlans" label={t("vlans")} hint={t("vlansHint")} />
      </Form>
    </Dialog>
  );
}
