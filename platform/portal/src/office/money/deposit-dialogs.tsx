/** Reading a deposit file of the bank, and saying whose a deposit is. */
import { useId, useState, type ReactNode } from "react";
import type { DepositImportResult, DepositItem } from "@yagura/commerce/banking/shapes.ts";
import type { Organisation } from "@yagura/server/shapes.ts";
import type { Static } from "typebox";
import { api } from "../../api.ts";
import { useFormat, useWords } from "../../language.tsx";
import { Button } from "../../parts/button.tsx";
import { Dialog } from "../../parts/dialog.tsx";
import { CheckField, Form, SelectField, TextField, useForm } from "../../parts/form.tsx";
import { useToast } from "../../parts/toast.tsx";
import { useAll, useRefresh } from "../../queries.ts";
import { providerApi } from "../data.ts";
import { base64Of } from "../parts/upload.tsx";
import { moneyWords } from "../words/money.ts";

const DEPOSITS = providerApi("/deposits");

export function UploadDialog({ close }: { readonly close: () => void }): ReactNode {
  const t = useWords(moneyWords);
  const format = useFormat();
  const toast = useToast();
  const refresh = useRefresh();
  const id = useId();
  const [file, setFile] = useState<File | null>(null);
  const form = useForm({
    initial: {},
    submit: async () => {
      if (file === null) return;
      const body = { name: file.name, base64: await base64Of(file) };
      const read = await api.post<Static<typeof DepositImportResult>>(providerApi("/zengin/deposits"), body);
      toast(
        t("deposit.read", {
          n: format.number(read.deposits),
          matched: format.number(read.matched),
          already: format.number(read.already),
        }),
      );
      refresh([DEPOSITS, providerApi("/zengin"), providerApi("/receivables")]);
      close();
    },
  });
  return (
    <Dialog title={t("deposit.upload")} close={close}>
      <Form form={form} action={t("deposit.upload")} cancel={close}>
        <div className="file-field">
          <label htmlFor={id}>{t("deposit.file")}</label>
          <input
            id={id}
            type="file"
            className="input"
            required
            onChange={(event) => setFile(event.target.files?.[0] ?? null)}
          />
        </div>
      </Form>
    </Dialog>
  );
}

interface DepositProps {
  readonly deposit: DepositItem;
  readonly close: () => void;
}
/** The likeliest customer is chosen at first; anybody else can be. */
export function DepositDialog({ deposit, close }: DepositProps): ReactNode {
  const t = useWords(moneyWords);
  const format = useFormat();
  const refresh = useRefresh();
  const customers = useAll<Organisation>("/api/v1/organisations");
  const [ignoring, setIgnoring] = useState(false);
  const proposed = deposit.proposals;
  const others = (customers.rows ?? []).filter(
    (each) =>
      each.state === "active" && !each.internal && !proposed.some(({ organisationId }) => organisationId === each.id),
  );
  const claimOf = (organisation: string): string | null =>
    proposed.find((each) => each.organisationId === organisation)?.claimId ?? null;
  const path = `${DEPOSITS}/${deposit.id}`;
  const done = (): void => {
    refresh([DEPOSITS, providerApi("/receivables")]);
    close();
  };
  const form = useForm({
    initial: { organisationId: proposed[0]?.organisationId ?? "", remember: true, note: "" },
    rules: ignoring ? { note: { maxLength: 200 } } : { organisationId: {} },
    submit: ({ organisationId, remember, note }) => {
      if (ignoring) return api.post(`${path}/ignore`, { note: note.trim() });
      const claimId = claimOf(organisationId);
      return api.post(`${path}/match`, { organisationId, remember, ...(claimId === null ? {} : { claimId }) });
    },
    done,
  });
  const reasons = proposed.find((each) => each.organisationId === form.values.organisationId)?.reasons ?? [];
  return (
    <Dialog title={t("deposit.matchTitle", { payer: deposit.payer, amount: format.yen(deposit.amount) })} close={close}>
      <Form
        form={form}
        action={t(ignoring ? "deposit.ignore" : "deposit.match")}
        cancel={close}
        extra={ignoring ? null : <Button onClick={() => setIgnoring(true)}>{t("deposit.ignore")}</Button>}
      >
        {ignoring ? (
          <TextField form={form} name="note" label={t("note")} />
        ) : (
          <>
            <SelectField
              form={form}
              name="organisationId"
              label={t("deposit.customer")}
              options={[
                ...(proposed.length === 0 ? [{ value: "", label: "–" }] : []),
                ...proposed.map((each) => ({
                  value: each.organisationId,
                  label: t("deposit.score", { name: each.name, score: each.score }),
                })),
                ...others.map((each) => ({ value: each.id, label: each.name })),
              ]}
            />
            {reasons.length === 0 ? null : (
              <p>{t("deposit.reasons", { reasons: reasons.map((each) => t(`reason.${each}`)).join(t("list.and")) })}</p>
            )}
            <p className="soft">
              {t(claimOf(form.values.organisationId) === null ? "deposit.oldest" : "deposit.exact")}
            </p>
            <CheckField form={form} name="remember" label={t("deposit.remember")} />
          </>
        )}
      </Form>
    </Dialog>
  );
}
