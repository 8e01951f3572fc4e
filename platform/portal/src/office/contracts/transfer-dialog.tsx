/** Succession and assignment: who holds the contract from a day on (COM-23, COM-24). Of several holders one speaks for all. */
import { useState, type ReactNode } from "react";
import type { Evidence } from "@yagura/commerce/applications/shapes.ts";
import type { Holder, NewTransfer } from "@yagura/commerce/contracts/shapes.ts";
import type { Static } from "typebox";
import { isCorporateNumber } from "@yagura/core/corporate-number.ts";
import { api } from "../../api.ts";
import type { Rule } from "../../form-rules.ts";
import { useWords } from "../../language.tsx";
import { Button } from "../../parts/button.tsx";
import { Dialog } from "../../parts/dialog.tsx";
import { Form, SelectField, TextField, useForm, type FormState } from "../../parts/form.tsx";
import { useOrganisation } from "../../session.tsx";
import { dayIn } from "../../zoned.ts";
import { EvidenceField } from "../parts/upload.tsx";
import { contractWords } from "../words/contracts.ts";
import { partWords } from "../words/parts.ts";
import type { ActProps } from "./acts.tsx";
import { useActed } from "./life-dialogs.tsx";

/** Holders that one case may name. */
const MOST = 20;
type Values = Record<string, string>;

/** Fields of a holder; those of the second are `name-1`, `kind-1` and so on. */
const holderRules: Readonly<Record<string, Rule>> = {
  name: { maxLength: 120 },
  corporateNumber: { pattern: /^\d{13}$/, maxLength: 13, optional: true },
  address: { maxLength: 300 },
  contact: { maxLength: 120, optional: true },
  mail: { format: "email", maxLength: 254, optional: true },
};
const emptyHolder = (at: number): Values => ({
  [`kind-${at}`]: "corporation",
  ...Object.fromEntries(Object.keys(holderRules).map((name) => [`${name}-${at}`, ""])),
});
const positions = (count: number): number[] => Array.from({ length: count }, (_, at) => at);

function holderOf(values: Values, at: number): Holder {
  const of = (name: string): string => (values[`${name}-${at}`] ?? "").trim();
  const extra = ["corporateNumber", "contact", "mail"].filter((name) => of(name) !== "");
  return {
    name: of("name"),
    kind: of("kind") as Holder["kind"],
    address: of("address"),
    ...Object.fromEntries(extra.map((name) => [name, of(name)])),
  };
}

export function TransferDialog({ path, close }: ActProps): ReactNode {
  const t = useWords(contractWords);
  const p = useWords(partWords);
  const here = useOrganisation();
  const done = useActed(close);
  const [files, setFiles] = useState<readonly Evidence[]>([]);
  const [count, setCount] = useState(1);
  const form = useForm<Values>({
    initial: {
      how: "succession",
      effectiveOn: dayIn("Asia/Tokyo"),
      reason: "",
      representative: "",
      ...Object.assign({}, ...positions(MOST).map(emptyHolder)),
    },
    rules: {
      effectiveOn: { pattern: /^\d{4}-\d{2}-\d{2}$/ },
      reason: { maxLength: 2000, optional: true },
      ...Object.fromEntries(
        positions(count).flatMap((at) =>
          Object.entries(holderRules).map(([name, rule]) => [`${name}-${at}`, rule] as const),
        ),
      ),
    },
    check: (values) => {
      const wrong = positions(count).filter((at) => {
        const number = (values[`corporateNumber-${at}`] ?? "").trim();
        return number !== "" && !isCorporateNumber(number);
      });
      return Object.fromEntries(wrong.map((at) => [`corporateNumber-${at}`, p("form.corporate")]));
    },
    submit: (values) => {
      const { how = "succession", effectiveOn = "", reason = "", representative = "" } = values;
      const body: Static<typeof NewTransfer> = {
        how: how as "succession" | "assignment",
        effectiveOn,
        successors: positions(count).map((at) => holderOf(values, at)),
        evidence: files.map(({ id }) => id),
        ...(count > 1 && representative !== "" ? { representative: Number(representative) } : {}),
        ...(reason.trim() === "" ? {} : { reason: reason.trim() }),
      };
      return api.post(`${path}/transfers`, body);
    },
    done,
  });
  const ways = ["succession", "assignment"] as const;
  const drop = (): void => {
    if (form.values["representative"] === String(count - 1)) form.set("representative", "");
    setCount(count - 1);
  };
  return (
    <Dialog title={t("act.transfer")} close={close}>
      <Form form={form} action={t("act.transfer")} cancel={close}>
        <SelectField
          form={form}
          name="how"
          label={t("transfer.how")}
          options={ways.map((each) => ({ value: each, label: t(`transfer.${each}`) }))}
        />
        <TextField form={form} name="effectiveOn" label={t("on")} type="date" />
        {positions(count).map((at) => (
          <HolderFields key={at} form={form} at={at} several={count > 1} />
        ))}
        <div className="form-actions">
          {count < MOST ? <Button onClick={() => setCount(count + 1)}>{t("transfer.more")}</Button> : null}
          {count > 1 ? <Button onClick={drop}>{t("transfer.less")}</Button> : null}
        </div>
        {count > 1 ? (
          <SelectField
            form={form}
            name="representative"
            label={t("representative")}
            options={[
              { value: "", label: t("representative.later") },
              ...positions(count).map((at) => ({
                value: String(at),
                label: form.values[`name-${at}`]?.trim() || t("transfer.nth", { n: at + 1 }),
              })),
            ]}
          />
        ) : null}
        <TextField form={form} name="reason" label={t("reason")} multiline />
        <EvidenceField path={here.api("/evidence")} label={t("transfer.evidence")} files={files} change={setFiles} />
      </Form>
    </Dialog>
  );
}

interface HolderProps {
  readonly form: FormState<Values>;
  readonly at: number;
  readonly several: boolean;
}
function HolderFields({ form, at, several }: HolderProps): ReactNode {
  const t = useWords(contractWords);
  const kinds = ["corporation", "sole-trader"] as const;
  const fields = (
    <>
      <TextField form={form} name={`name-${at}`} label={t("transfer.name")} />
      <SelectField
        form={form}
        name={`kind-${at}`}
        label={t("transfer.kind")}
        options={kinds.map((each) => ({ value: each, label: t(`holder.${each}`) }))}
      />
      <TextField form={form} name={`corporateNumber-${at}`} label={t("transfer.number")} inputMode="numeric" mono />
      <TextField form={form} name={`address-${at}`} label={t("transfer.address")} />
      <TextField form={form} name={`contact-${at}`} label={t("transfer.contact")} />
      <TextField form={form} name={`mail-${at}`} label={t("transfer.mail")} type="email" />
    </>
  );
  if (!several) return fields;
  return (
    <fieldset className="field">
      <legend>{t("transfer.nth", { n: at + 1 })}</legend>
      {fields}
    </fieldset>
  );
}
