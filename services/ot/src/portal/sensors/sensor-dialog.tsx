/** What people set of a sensor: its name and place, its site, its interfaces, how often it uploads. */
import type { ReactNode } from "react";
import { api } from "@yagura/portal/api.ts";
import { useWords } from "@yagura/portal/language.tsx";
import { Dialog } from "@yagura/portal/parts/dialog.tsx";
import { Form, NumberField, SelectField, TextField, useForm } from "@yagura/portal/parts/form.tsx";
import { useOrganisation } from "@yagura/portal/session.tsx";
import type { Sensor, Site } from "../../wire/api.ts";
import { useList, useRefresh } from "../queries.ts";
import { words } from "../words.ts";
import { sensorWords } from "./words.ts";

const MOST_INTERFACES = 8;
const namesOf = (text: string): string[] => [...new Set(text.split(/[\s,、]+/).filter((one) => one !== ""))];
const isInterface = (name: string): boolean => /^[^\s/]{1,15}$/.test(name);

interface SensorDialogProps {
  readonly sensor: Sensor;
  readonly path: string;
  readonly close: () => void;
}
export function SensorDialog({ sensor, path, close }: SensorDialogProps): ReactNode {
  const t = useWords(sensorWords);
  const w = useWords(words);
  const here = useOrganisation();
  const refresh = useRefresh();
  const sites = useList<Site>(here.api("/ot/sites"));
  const fixed = sensor.firstUploadAt !== null;
  const form = useForm({
    initial: {
      label: sensor.label,
      place: sensor.place,
      site: sensor.siteId,
      interfaces: sensor.interfaces.join(", "),
      seconds: String(sensor.uploadMs / 1000),
    },
    rules: {
      label: { maxLength: 120 },
      place: { maxLength: 2_000, optional: true },
      interfaces: { optional: true },
      seconds: { type: "integer", minimum: 1, maximum: 60 },
    },
    check: ({ interfaces }) => {
      const names = namesOf(interfaces);
      return names.length > MOST_INTERFACES || !names.every(isInterface) ? { interfaces: t("interfaces.bad") } : {};
    },
    submit: ({ label, place, site, interfaces, seconds }) =>
      api.patch(path, {
        label: label.trim(),
        place: place.trim(),
        ...(site === sensor.siteId ? {} : { siteId: site }),
        interfaces: namesOf(interfaces),
        uploadMs: Number(seconds) * 1000,
      }),
    done: () => {
      refresh([here.api("/ot/sensors"), here.api("/ot/sites")]);
      close();
    },
  });
  return (
    <Dialog title={t("edit")} close={close}>
      <Form form={form} action={t("save")} cancel={close}>
        <TextField form={form} name="label" label={t("name")} />
        <TextField form={form} name="place" label={t("place")} />
        <SelectField
          form={form}
          name="site"
          label={w("site")}
          disabled={fixed}
          hint={t(fixed ? "site.fixed" : "site.move")}
          options={(sites.rows ?? [{ id: sensor.siteId, name: sensor.siteName }]).map(({ id, name }) => ({
            value: id,
            label: name,
          }))}
        />
        <TextField form={form} name="interfaces" label={t("captures")} hint={t("interfaces.hint")} mono />
        <NumberField form={form} name="seconds" label={t("interval")} unit={t("seconds")} hint={t("interval.hint")} />
      </Form>
    </Dialog>
  );
}
