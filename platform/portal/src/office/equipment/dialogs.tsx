/** What the staff record of equipment: a unit, what happened to it, its replacement, its return. */
import type { ReactNode } from "react";
import type { ContractItem } from "@yagura/commerce/contracts/shapes.ts";
import type { EquipmentItem, ReturnCase } from "@yagura/commerce/entitlements/shapes.ts";
import type { Page } from "@yagura/server/shapes.ts";
import type { Static } from "typebox";
import { api } from "../../api.ts";
import { useWords } from "../../language.tsx";
import { Dialog } from "../../parts/dialog.tsx";
import { CheckField, Form, SelectField, TextField, useForm } from "../../parts/form.tsx";
import { useGet } from "../../queries.ts";
import { useOrganisation } from "../../session.tsx";
import { dayIn } from "../../zoned.ts";
import { useContractLabel } from "../offers.ts";
import { equipmentWords } from "../words/equipment.ts";
import { DAY, unitKinds, useNoted } from "./paths.ts";

export type Unit = Static<typeof EquipmentItem>;
export type Case = Static<typeof ReturnCase>;

const LINE = { maxLength: 200 };
const today = (): string => dayIn("Asia/Tokyo");
/** What was filled in, without the spaces around it. */
const filled = (values: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(values)
      .map(([name, value]) => [name, value.trim()] as const)
      .filter(([, value]) => value !== ""),
  );

interface RegisterProps {
  /** Id of the contract that is looked at; empty: to be chosen. */
  readonly contract: string;
  readonly close: () => void;
}
export function RegisterDialog({ contract, close }: RegisterProps): ReactNode {
  const t = useWords(equipmentWords);
  const here = useOrganisation();
  const labelOf = useContractLabel();
  const done = useNoted(close);
  const contracts = useGet<Page<ContractItem>>(here.api("/contracts"), { limit: 500 });
  const form = useForm({
    initial: {
      contractId: contract,
      kind: "router",
      model: "",
      serial: "",
      arrangement: "",
      lessor: "",
      deliveredOn: "",
      installedOn: "",
      warrantyUntil: "",
    },
    rules: {
      contractId: {},
      model: LINE,
      serial: LINE,
      lessor: { ...LINE, optional: true },
      deliveredOn: { ...DAY, optional: true },
      installedOn: { ...DAY, optional: true },
      warrantyUntil: { ...DAY, optional: true },
    },
    check: ({ arrangement, lessor }) =>
      arrangement === "leased" && lessor.trim() === "" ? { lessor: t("lessorNeeded") } : {},
    submit: ({ lessor, ...values }) =>
      api.post(here.api("/equipment"), filled(values.arrangement === "leased" ? { ...values, lessor } : values)),
    done,
  });
  const arrangements = ["sold", "lent", "leased", "owned-by-customer"] as const;
  const choices = (contracts.data?.items ?? []).map(({ id, number }) => ({ value: id, label: labelOf(number) }));
  return (
    <Dialog title={t("act.register")} close={close}>
      <Form form={form} action={t("act.register")} cancel={close}>
        <SelectField
          form={form}
          name="contractId"
          label={t("contract")}
          options={[{ value: "", label: "–" }, ...choices]}
        />
        <SelectField
          form={form}
          name="kind"
          label={t("kind")}
          options={unitKinds.map((kind) => ({ value: kind, label: t(`kind.${kind}`) }))}
        />
        <TextField form={form} name="model" label={t("model")} />
        <TextField form={form} name="serial" label={t("serial")} mono />
        <SelectField
          form={form}
          name="arrangement"
          label={t("arrangement")}
          options={[
            { value: "", label: t("usual") },
            ...arrangements.map((each) => ({ value: each, label: t(`arrangement.${each}`) })),
          ]}
        />
        {form.values.arrangement === "leased" ? <TextField form={form} name="lessor" label={t("lessor")} /> : null}
        <TextField form={form} name="deliveredOn" label={t("delivered")} type="date" />
        <TextField form={form} name="installedOn" label={t("installed")} type="date" />
        <TextField form={form} name="warrantyUntil" label={t("warranty")} type="date" />
      </Form>
    </Dialog>
  );
}

interface UnitProps {
  readonly unit: Unit;
  readonly close: () => void;
}
export function EventDialog({ unit, close }: UnitProps): ReactNode {
  const t = useWords(equipmentWords);
  const here = useOrganisation();
  const done = useNoted(close);
  const form = useForm({
    initial: { kind: "delivered", on: today(), note: "" },
    rules: { on: DAY, note: { maxLength: 500, optional: true } },
    submit: (values) => api.post(here.api(`/equipment/${unit.id}/events`), filled(values)),
    done,
  });
  const kinds = [
    "delivered",
    "inspected",
    "defect-reported",
    "installed",
    "title-passed",
    "faulty",
    "lost",
    "damaged",
    "collected",
  ] as const;
  return (
    <Dialog title={`${t("act.event")}: ${unit.serial}`} close={close}>
      <Form form={form} action={t("act.event")} cancel={close}>
        <SelectField
          form={form}
          name="kind"
          label={t("what")}
          options={kinds.map((kind) => ({ value: kind, label: t(`event.${kind}`) }))}
        />
        <TextField form={form} name="on" label={t("day")} type="date" />
        <TextField form={form} name="note" label={t("note")} multiline />
      </Form>
    </Dialog>
  );
}

export function ReplaceDialog({ unit, close }: UnitProps): ReactNode {
  const t = useWords(equipmentWords);
  const here = useOrganisation();
  const done = useNoted(close);
  const form = useForm({
    initial: { serial: "", model: "", dispatchedOn: today(), acceptedAt: "", warrantyUntil: "", place: "" },
    rules: {
      serial: LINE,
      model: { ...LINE, optional: true },
      dispatchedOn: DAY,
      acceptedAt: { pattern: /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/, optional: true },
      warrantyUntil: { ...DAY, optional: true },
      place: { ...LINE, optional: true },
    },
    submit: ({ acceptedAt, ...values }) =>
      api.post(here.api(`/equipment/${unit.id}/replace`), {
        ...filled(values),
        ...(acceptedAt === "" ? {} : { acceptedAt: new Date(`${acceptedAt}:00+09:00`).toISOString() }),
      }),
    done,
  });
  return (
    <Dialog title={`${t("act.replace")}: ${unit.serial}`} close={close}>
      <ul className="consequences">
        <li>{t("text.replace", { serial: unit.serial })}</li>
      </ul>
      <Form form={form} action={t("act.replace")} cancel={close}>
        <TextField form={form} name="serial" label={t("newSerial")} mono />
        <TextField form={form} name="model" label={t("newModel")} />
        <TextField form={form} name="dispatchedOn" label={t("dispatched")} type="date" />
        <TextField form={form} name="acceptedAt" label={t("accepted")} type="datetime-local" />
        <TextField form={form} name="warrantyUntil" label={t("warranty")} type="date" />
        <TextField form={form} name="place" label={t("return.place")} />
      </Form>
    </Dialog>
  );
}

interface CaseProps {
  readonly of: Case;
  readonly act: "pickup" | "returned";
  readonly close: () => void;
}
export function ReturnDialog({ of, act, close }: CaseProps): ReactNode {
  const t = useWords(equipmentWords);
  const here = useOrganisation();
  const done = useNoted(close);
  const form = useForm({
    initial: { on: today(), damaged: false },
    rules: { on: DAY },
    submit: ({ on, damaged }) =>
      api.post(
        here.api(`/equipment-returns/${of.id}/${act === "pickup" ? "pickup-offered" : "returned"}`),
        act === "pickup" ? { on } : { on, damaged },
      ),
    done,
  });
  return (
    <Dialog title={`${t(`act.${act}`)}: ${of.serial}`} close={close}>
      <ul className="consequences">
        <li>{t(`text.${act}`)}</li>
      </ul>
      <Form form={form} action={t(`act.${act}`)} cancel={close}>
        <TextField form={form} name="on" label={t("day")} type="date" />
        {act === "returned" ? <CheckField form={form} name="damaged" label={t("damaged")} /> : null}
      </Form>
    </Dialog>
  );
}
