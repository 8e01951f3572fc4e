/** A fact entered by the staff: its kind, then the fields of that kind; or the right one in the place of a wrong one. */
import { useId, useState, type ReactNode } from "react";
import type { NextBill } from "@yagura/commerce/billing/shapes.ts";
import type { ContractDetail, NewFact, StoredFact } from "@yagura/commerce/contracts/shapes.ts";
import { api } from "../../api.ts";
import type { Rule } from "../../form-rules.ts";
import { useFormat, useWords } from "../../language.tsx";
import { Dialog } from "../../parts/dialog.tsx";
import { Form, TextField, useForm } from "../../parts/form.tsx";
import { useToast } from "../../parts/toast.tsx";
import { useRefresh } from "../../queries.ts";
import { useOrganisation } from "../../session.tsx";
import { dayIn } from "../../zoned.ts";
import { factWords } from "../words/facts.ts";
import {
  factGroups,
  fieldsOfFact,
  ofTheField,
  payloadOfFact,
  ruleOfField,
  valuesOfFact,
  type FactGroup,
} from "./fact-fields.ts";
import { FactFieldOf } from "./fact-field.tsx";
import { useFactName } from "./fact-text.ts";

/** Records something, then tells what it did to the next bill where the reader may see bills. */
function useRecording(close: () => void): (act: () => Promise<unknown>) => Promise<void> {
  const t = useWords(factWords);
  const format = useFormat();
  const toast = useToast();
  const refresh = useRefresh();
  const here = useOrganisation();
  const nextBill = async (): Promise<number | null> => {
    if (!here.can("invoice.read")) return null;
    // The act stands whether or not the bill can be computed now.
    return api.get<NextBill>(here.api("/next-bill")).then(
      ({ total }) => total,
      () => null,
    );
  };
  return async (act) => {
    const before = await nextBill();
    await act();
    const after = await nextBill();
    if (before === null || after === null) toast(t("facts.done"));
    else if (before === after) toast(t("facts.doneSame", { amount: format.yen(after) }));
    else toast(t("facts.doneMoved", { before: format.yen(before), after: format.yen(after) }));
    refresh([here.api("/contracts"), here.api("/next-bill")]);
    close();
  };
}

interface Props {
  readonly contract: ContractDetail;
  readonly path: string;
  readonly close: () => void;
}

export function NewFactDialog(props: Props): ReactNode {
  const t = useWords(factWords);
  const here = useOrganisation();
  const all = here.can("contract.write");
  const [kind, setKind] = useState<string>("outage");
  const id = useId();
  const nameOf = useFactName();
  const groups = (Object.keys(factGroups) as FactGroup[])
    .map((group) => ({ group, kinds: factGroups[group].filter((each) => all || ofTheField.has(each)) }))
    .filter(({ kinds }) => kinds.length > 0);
  return (
    <Dialog title={t("facts.new")} close={props.close}>
      <div className="field">
        <label htmlFor={id}>{t("facts.kind")}</label>
        <select id={id} className="input" value={kind} onChange={(event) => setKind(event.target.value)}>
          {groups.map(({ group, kinds }) => (
            <optgroup key={group} label={t(`group.${group}`)}>
              {kinds.map((each) => (
                <option key={each} value={each}>
                  {nameOf(each)}
                </option>
              ))}
            </optgroup>
          ))}
        </select>
      </div>
      <FactForm {...props} key={kind} kind={kind} replaces={null} />
    </Dialog>
  );
}

export function CorrectFactDialog({ fact, ...props }: Props & { readonly fact: StoredFact }): ReactNode {
  const t = useWords(factWords);
  const format = useFormat();
  const nameOf = useFactName();
  const { kind, on } = fact.fact;
  return (
    <Dialog title={t("facts.correctTitle", { fact: `${nameOf(kind)} ${format.day(on)}` })} close={props.close}>
      <FactForm {...props} kind={kind} replaces={fact} />
    </Dialog>
  );
}

interface FormProps extends Props {
  readonly kind: string;
  readonly replaces: StoredFact | null;
}
function FactForm({ contract, path, close, kind, replaces }: FormProps): ReactNode {
  const t = useWords(factWords);
  const record = useRecording(close);
  const fields = fieldsOfFact(kind);
  const rules: Record<string, Rule> = {
    ...Object.fromEntries(fields.map((field) => [field.name, ruleOfField(field)])),
    on: { pattern: /^\d{4}-\d{2}-\d{2}$/ },
    ...(replaces === null ? {} : { reason: { maxLength: 2000 } }),
  };
  const form = useForm<Record<string, string>>({
    initial: {
      ...valuesOfFact(kind, replaces?.fact ?? null),
      on: replaces?.fact.on ?? dayIn("Asia/Tokyo"),
      reason: "",
    },
    rules,
    check: ({ on = "", until = "", knownAt = "", restoredAt = "" }) => ({
      ...(until !== "" && until < on ? { until: t("facts.untilOrder") } : {}),
      ...(restoredAt !== "" && restoredAt <= knownAt ? { restoredAt: t("facts.order") } : {}),
    }),
    submit: (values) => {
      const fact = { kind, on: values["on"], ...payloadOfFact(kind, values) } as unknown as NewFact["fact"];
      const reason = (values["reason"] ?? "").trim();
      return record(() =>
        api.post(`${path}/facts`, { fact, ...(replaces === null ? {} : { replaces: replaces.id, reason }) }),
      );
    },
  });
  const action = t(replaces === null ? "facts.new" : "facts.correct");
  return (
    <Form form={form} action={action} cancel={close}>
      <ul className="consequences">
        <li>{t(replaces === null ? "facts.newText" : "facts.correctText")}</li>
      </ul>
      <TextField form={form} name="on" label={t("facts.on")} type="date" />
      {fields.map((field) => (
        <FactFieldOf key={field.name} form={form} field={field} contract={contract} />
      ))}
      {replaces === null ? null : <TextField form={form} name="reason" label={t("facts.reason")} multiline />}
    </Form>
  );
}

/** Takes a fact back. */
export function VoidFactDialog({
  fact,
  path,
  close,
}: Omit<Props, "contract"> & { readonly fact: StoredFact }): ReactNode {
  const t = useWords(factWords);
  const format = useFormat();
  const nameOf = useFactName();
  const record = useRecording(close);
  const form = useForm({
    initial: { reason: "" },
    rules: { reason: { maxLength: 2000 } },
    submit: ({ reason }) => record(() => api.post(`${path}/facts/${fact.id}/void`, { reason: reason.trim() })),
  });
  return (
    <Dialog
      title={t("facts.voidTitle", { fact: `${nameOf(fact.fact.kind)} ${format.day(fact.fact.on)}` })}
      close={close}
    >
      <ul className="consequences">
        <li>{t("facts.voidText")}</li>
      </ul>
      <Form form={form} action={t("facts.voidIt")} kind="danger" cancel={close}>
        <TextField form={form} name="reason" label={t("facts.reason")} multiline />
      </Form>
    </Dialog>
  );
}
