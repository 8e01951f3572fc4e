/** Pausing the reminders to a customer: instalments that were agreed, a dispute. */
import type { ReactNode } from "react";
import { api } from "../../api.ts";
import { useWords } from "../../language.tsx";
import { Dialog } from "../../parts/dialog.tsx";
import { Form, TextField, useForm } from "../../parts/form.tsx";
import { useRefresh } from "../../queries.ts";
import { useOrganisation } from "../../session.tsx";
import { providerApi } from "../data.ts";
import { moneyWords } from "../words/money.ts";

interface Props {
  readonly pausedUntil: string | null;
  readonly close: () => void;
}
export function DunningDialog({ pausedUntil, close }: Props): ReactNode {
  const t = useWords(moneyWords);
  const refresh = useRefresh();
  const here = useOrganisation();
  const form = useForm({
    initial: { until: pausedUntil ?? "", note: "" },
    rules: { until: { pattern: /^\d{4}-\d{2}-\d{2}$/, optional: true }, note: { maxLength: 500, optional: true } },
    submit: ({ until, note }) =>
      api.put(here.api("/dunning"), { pausedUntil: until === "" ? null : until, note: note.trim() }),
    done: () => {
      refresh([here.api("/receivables"), here.api("/dunning"), providerApi("/receivables")]);
      close();
    },
  });
  return (
    <Dialog title={t("dunning.pause")} close={close}>
      <ul className="consequences">
        <li>{t("dunning.pauseText")}</li>
      </ul>
      <Form form={form} action={t("dunning.pause")} cancel={close}>
        <TextField form={form} name="until" label={t("dunning.until")} hint={t("dunning.untilHint")} type="date" />
        <TextField form={form} name="note" label={t("note")} multiline />
      </Form>
    </Dialog>
  );
}
