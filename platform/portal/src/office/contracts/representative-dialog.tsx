/** Who speaks for several holders after a succession (SEC-12, UTM-18). */
import type { ReactNode } from "react";
import type { Transfer } from "@yagura/commerce/contracts/shapes.ts";
import { api } from "../../api.ts";
import { useWords } from "../../language.tsx";
import { Dialog } from "../../parts/dialog.tsx";
import { Form, SelectField, TextField, useForm } from "../../parts/form.tsx";
import { dayIn } from "../../zoned.ts";
import { contractWords } from "../words/contracts.ts";
import { useActed } from "./life-dialogs.tsx";

interface Props {
  readonly transfer: Transfer;
  /** API path of the contract. */
  readonly path: string;
  readonly close: () => void;
}
export function RepresentativeDialog({ transfer, path, close }: Props): ReactNode {
  const t = useWords(contractWords);
  const done = useActed(close);
  const form = useForm({
    initial: { representative: String(transfer.representative ?? 0), on: dayIn("Asia/Tokyo") },
    rules: { on: { pattern: /^\d{4}-\d{2}-\d{2}$/ } },
    submit: ({ representative, on }) =>
      api.post(`${path}/representative`, { representative: Number(representative), on }),
    done,
  });
  return (
    <Dialog title={t("act.representative")} close={close}>
      <ul className="consequences">
        <li>{t("representative.text")}</li>
      </ul>
      <Form form={form} action={t("act.representative")} cancel={close}>
        <SelectField
          form={form}
          name="representative"
          label={t("representative")}
          options={transfer.successors.map((holder, at) => ({ value: String(at), label: holder.name }))}
        />
        <TextField form={form} name="on" label={t("on")} type="date" />
      </Form>
    </Dialog>
  );
}
