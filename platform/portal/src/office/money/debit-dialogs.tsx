/** Direct debits: the request that goes to the bank, the bank's answer, and the provider's own accounts. */
import { useId, useState, type ReactNode } from "react";
import type {
  BankFileResult,
  CollectionAccountItem,
  DebitResult,
  NewDebitRequest,
} from "@yagura/commerce/banking/shapes.ts";
import type { Static } from "typebox";
import { api } from "../../api.ts";
import { useFormat, useSay, useWords } from "../../language.tsx";
import { Dialog } from "../../parts/dialog.tsx";
import { Form, SelectField, TextField, useForm } from "../../parts/form.tsx";
import { Banner } from "../../parts/notice.tsx";
import { useToast } from "../../parts/toast.tsx";
import { useGet, useRefresh } from "../../queries.ts";
import { dayIn } from "../../zoned.ts";
import { providerApi } from "../data.ts";
import { base64Of } from "../parts/upload.tsx";
import { moneyWords } from "../words/money.ts";

const ZENGIN = providerApi("/zengin");
const DAY = { pattern: /^\d{4}-\d{2}-\d{2}$/ };
interface Props {
  readonly close: () => void;
}

/** The request for the accounts that collect; without one, it is asked for first. */
export function DebitDialog({ close }: Props): ReactNode {
  const t = useWords(moneyWords);
  const accounts = useGet<{ readonly items: readonly Static<typeof CollectionAccountItem>[] }>(`${ZENGIN}/accounts`);
  const own = accounts.data?.items.filter(({ use }) => use === "direct-debit");
  if (own === undefined) return null;
  return own.length === 0 ? (
    <AccountDialog close={close} />
  ) : (
    <Dialog title={t("debit.new")} close={close}>
      <RequestForm accounts={own} close={close} />
    </Dialog>
  );
}

function RequestForm({
  accounts,
  close,
}: Props & { readonly accounts: readonly Static<typeof CollectionAccountItem>[] }): ReactNode {
  const t = useWords(moneyWords);
  const format = useFormat();
  const toast = useToast();
  const refresh = useRefresh();
  const form = useForm({
    initial: { accountId: accounts[0]?.id ?? "", debitOn: "", dueBy: dayIn("Asia/Tokyo") },
    rules: { debitOn: DAY, dueBy: DAY },
    submit: async ({ accountId, debitOn, dueBy }) => {
      const body: Static<typeof NewDebitRequest> = { accountId, debitOn, dueBy };
      const made = await api.post<Static<typeof BankFileResult>>(`${ZENGIN}/debits`, body);
      toast(
        t("debit.made", {
          n: format.number(made.file.records),
          sum: format.yen(made.file.total),
          left: format.number(made.left.length),
        }),
      );
      refresh([ZENGIN]);
      close();
    },
  });
  return (
    <Form form={form} action={t("debit.new")} cancel={close}>
      <SelectField
        form={form}
        name="accountId"
        label={t("debit.account")}
        options={accounts.map((each) => ({
          value: each.id,
          label: `${each.bankName} ${each.branchName} ${each.holder}`,
        }))}
      />
      <TextField form={form} name="debitOn" label={t("debit.on")} type="date" />
      <TextField form={form} name="dueBy" label={t("debit.dueBy")} type="date" />
    </Form>
  );
}

const digits = (count: number) => ({ pattern: new RegExp(`^\\d{${count}}$`), maxLength: count });
function AccountDialog({ close }: Props): ReactNode {
  const t = useWords(moneyWords);
  const refresh = useRefresh();
  const form = useForm({
    initial: {
      consignorCode: "",
      bank: "",
      bankName: "",
      branch: "",
      branchName: "",
      accountKind: "ordinary",
      accountNumber: "",
      holder: "",
    },
    rules: {
      consignorCode: digits(10),
      bank: digits(4),
      bankName: { maxLength: 30 },
      branch: digits(3),
      branchName: { maxLength: 30 },
      accountNumber: { pattern: /^\d{1,7}$/, maxLength: 7 },
      holder: { maxLength: 60 },
    },
    submit: (values) => api.post(`${ZENGIN}/accounts`, { use: "direct-debit", ...values }),
    // The dialog stays: with the account there, the request itself is asked for.
    done: () => refresh([ZENGIN]),
  });
  const names = ["consignorCode", "bank", "bankName", "branch", "branchName", "accountNumber", "holder"] as const;
  const kinds = ["ordinary", "current", "savings", "other"] as const;
  return (
    <Dialog title={t("debit.accountNew")} close={close}>
      <p className="soft">{t("debit.accountFirst")}</p>
      <Form form={form} action={t("debit.accountNew")} cancel={close}>
        {names.map((name) => (
          <TextField key={name} form={form} name={name} label={t(`account.${name}`)} />
        ))}
        <SelectField
          form={form}
          name="accountKind"
          label={t("account.kind")}
          options={kinds.map((kind) => ({ value: kind, label: t(`accountKind.${kind}`) }))}
        />
      </Form>
    </Dialog>
  );
}

type Answer = Static<typeof DebitResult>;
/** What the bank answered; what failed stays open, with the bank's reason. */
export function DebitResultDialog({ close }: Props): ReactNode {
  const t = useWords(moneyWords);
  const say = useSay();
  const format = useFormat();
  const refresh = useRefresh();
  const id = useId();
  const [file, setFile] = useState<File | null>(null);
  const [answer, setAnswer] = useState<Answer | null>(null);
  const form = useForm({
    initial: {},
    submit: async () => {
      if (file === null) return;
      const body = { name: file.name, base64: await base64Of(file) };
      setAnswer(await api.post<Answer>(`${ZENGIN}/debit-results`, body));
      refresh([ZENGIN, providerApi("/receivables")]);
    },
  });
  return (
    <Dialog title={t("debit.result")} close={close}>
      <Form form={form} action={t("debit.result")} cancel={close}>
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
        {answer === null ? null : (
          <Banner state={answer.failed === 0 ? "good" : "bad"}>
            <p>
              {t("debit.read", {
                n: format.number(answer.debited),
                sum: format.yen(answer.total),
                failed: format.number(answer.failed),
              })}
            </p>
            <ul className="plain-list">
              {answer.failures.map((failure) => (
                <li key={failure.customerNumber}>
                  {failure.customerNumber}: {say(failure.meaning)}
                </li>
              ))}
            </ul>
          </Banner>
        )}
      </Form>
    </Dialog>
  );
}
