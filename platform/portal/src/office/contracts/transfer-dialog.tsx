/** Succession and assignment: who holds the contract from a day on (COM-23, COM-24). */
import { useState, type ReactNode } from "react";
import type { Evidence } from "@yagura/commerce/applications/shapes.ts";
import type { NewTransfer } from "@yagura/commerce/contracts/shapes.ts";
import type { Static } from "typebox";
import { isCorporateNumber } from "@yagura/core/corporate-number.ts";
import { api } from "../../api.ts";
import { useWords } from "../../language.tsx";
import { Dialog } from "../../parts/dialog.tsx";
import { Form, SelectField, TextField, useForm } from "../../parts/form.tsx";
import { useOrganisation } from "../../session.tsx";
import { dayIn } from "../../zoned.ts";
import { EvidenceField } from "../parts/upload.tsx";
import { contractWords } from "../words/contracts.ts";
import { partWords } from "../words/parts.ts";
import type { ActProps } from "./acts.tsx";
import { useActed } from "./life-dialogs.tsx";

export function TransferDialog({ path, close }: ActProps): ReactNode {
  const t = useWords(contractWords);
  const p = useWords(partWords);
  const here = useOrganisation();
  const done = useActed(close);
  const [files, setFiles] = useState<readonly Evidence[]>([]);
  const form = useForm({
    initial: {
      how: "succession",
      effectiveOn: dayIn("Asia/Tokyo"),
      name: "",
      kind: "corporation",
      corporateNumber: "",
      address: "",
      contact: "",
      mail: "",
      reason: "",
    },
    rules: {
      effectiveOn: { pattern: /^\d{4}-\d{2}-\d{2}$/ },
      name: { maxLength: 120 },
      corporateNumber: { pattern: /^\d{13}$/, maxLength: 13, optional: true },
      address: { maxLength: 300 },
      contact: { maxLength: 120, optional: true },
      mail: { format: "email", maxLength: 254, optional: true },
      reason: { maxLength: 2000, optional: true },
    },
    check: ({ corporateNumber }) =>
      corporateNumber === "" || isCorporateNumber(corporateNumber.trim())
        ? {}
        : { corporateNumber: p("form.corporate") },
    submit: (values) => {
      const extra = (["corporateNumber", "contact", "mail"] as const).filter((name) => values[name].trim() !== "");
      const body: Static<typeof NewTransfer> = {
        how: values.how as "succession" | "assignment",
        effectiveOn: values.effectiveOn,
        successors: [
          {
            name: values.name.trim(),
            kind: values.kind as "corporation" | "sole-trader",
            address: values.address.trim(),
            ...Object.fromEntries(extra.map((name) => [name, values[name].trim()])),
          },
        ],
        evidence: files.map(({ id }) => id),
        ...(values.reason.trim() === "" ? {} : { reason: values.reason.trim() }),
      };
      return api.post(`${path}/transfers`, body);
    },
    done,
  });
  const ways = ["succession", "assignment"] as const;
  const kinds = ["corporation", "sole-trader"] as const;
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
        <TextField form={form} name="name" label={t("transfer.name")} />
        <SelectField
          form={form}
          name="kind"
          label={t("transfer.kind")}
          options={kinds.map((each) => ({ value: each, label: t(`holder.${each}`) }))}
        />
        <TextField form={form} name="corporateNumber" label={t("transfer.number")} inputMode="numeric" mono />
        <TextField form={form} name="address" label={t("transfer.address")} />
        <TextField form={form} name="contact" label={t("transfer.contact")} />
        <TextField form={form} name="mail" label={t("transfer.mail")} type="email" />
        <TextField form={form} name="reason" label={t("reason")} multiline />
        <EvidenceField path={here.api("/evidence")} label={t("transfer.evidence")} files={files} change={setFiles} />
      </Form>
    </Dialog>
  );
}
