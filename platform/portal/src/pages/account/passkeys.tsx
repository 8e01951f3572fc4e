/** Passkeys of one's account. */
import { useState, type ReactNode } from "react";
import { api, ApiError } from "../../api.ts";
import { useFormat, useWords } from "../../language.tsx";
import { accountWords } from "../../messages/account.ts";
import { Button } from "../../parts/button.tsx";
import { ConfirmDialog, Dialog } from "../../parts/dialog.tsx";
import { Form, TextField, useForm } from "../../parts/form.tsx";
import { Empty } from "../../parts/notice.tsx";
import { Section } from "../../parts/page.tsx";
import { DataTable, type Column } from "../../parts/table.tsx";
import { When } from "../../parts/when.tsx";
import { addPasskey } from "../../passkeys.ts";
import { useAll, useRefresh } from "../../queries.ts";
import { PasskeyError } from "../sign-in/passkey-error.tsx";
import { PasswordProof, useProof } from "./proof.tsx";

interface Passkey {
  readonly id: string;
  readonly name: string;
  readonly createdAt: string;
  readonly lastUsedAt: string | null;
}
const PATH = "/api/v1/me/passkeys";
type Words = ReturnType<typeof useWords<typeof accountWords>>;

const columnsOf = (t: Words): readonly Column<Passkey>[] => [
  { id: "name", head: t("passkeys.name"), text: (row) => row.name, cell: (row) => row.name },
  {
    id: "createdAt",
    head: t("passkeys.created"),
    text: (row) => row.createdAt,
    cell: (row) => <When at={row.createdAt} />,
  },
  {
    id: "lastUsedAt",
    head: t("passkeys.used"),
    text: (row) => row.lastUsedAt,
    cell: (row) => <When at={row.lastUsedAt} ago />,
  },
];

export function Passkeys(): ReactNode {
  const t = useWords(accountWords);
  const list = useAll<Passkey>(PATH);
  const [adding, setAdding] = useState(false);
  const [removing, setRemoving] = useState<Passkey | null>(null);
  return (
    <Section
      title={t("passkeys.title")}
      lead={t("passkeys.lead")}
      actions={
        <Button icon="plus" onClick={() => setAdding(true)}>
          {t("passkeys.add")}
        </Button>
      }
    >
      <DataTable
        id="passkeys"
        label={t("passkeys.title")}
        urlKey="passkeys."
        plain
        rows={list.rows}
        error={list.error}
        retry={list.refetch}
        columns={columnsOf(t)}
        rowKey={(row) => row.id}
        rowName={(row) => row.name}
        sort="name"
        rowActions={(row) => [{ label: t("passkeys.remove"), danger: true, run: () => setRemoving(row) }]}
        empty={<Empty title={t("passkeys.none")} />}
      />
      {adding ? <AddDialog close={() => setAdding(false)} /> : null}
      {removing === null ? null : (
        <RemoveDialog passkey={removing} left={(list.rows?.length ?? 1) - 1} close={() => setRemoving(null)} />
      )}
    </Section>
  );
}

interface RemoveProps {
  readonly passkey: Passkey;
  readonly left: number;
  readonly close: () => void;
}
function RemoveDialog({ passkey, left, close }: RemoveProps): ReactNode {
  const t = useWords(accountWords);
  const format = useFormat();
  const refresh = useRefresh();
  const proof = useProof();
  const form = useForm({ initial: { password: "" }, submit: () => Promise.resolve() });
  return (
    <ConfirmDialog
      title={t("passkeys.removeTitle", { name: passkey.name })}
      consequences={[t("passkeys.removeText", { n: format.number(left) })]}
      action={t("passkeys.remove")}
      close={close}
      run={async () => {
        await proof.asked(() => api.delete(`${PATH}/${passkey.id}`, proof.of(form.values.password)));
        refresh(["/api/v1/me"]);
      }}
    >
      {proof.needed ? <PasswordProof form={form} /> : null}
    </ConfirmDialog>
  );
}

function AddDialog({ close }: { readonly close: () => void }): ReactNode {
  const t = useWords(accountWords);
  const refresh = useRefresh();
  const [stopped, setStopped] = useState<unknown>(null);
  const proof = useProof();
  const form = useForm({
    initial: { name: "", password: "" },
    rules: { name: { maxLength: 120 }, password: { maxLength: 400, optional: !proof.needed } },
    submit: async ({ name, password }) => {
      setStopped(null);
      try {
        await proof.asked(() => addPasskey(name.trim(), proof.of(password)));
      } catch (cause) {
        // The form itself tells what the API refuses; what the browser refuses is told here.
        if (cause instanceof ApiError) throw cause;
        setStopped(cause);
        return;
      }
      refresh(["/api/v1/me"]);
      close();
    },
  });
  return (
    <Dialog title={t("passkeys.add")} close={close}>
      <Form form={form} action={t("passkeys.add")} cancel={close}>
        <TextField form={form} name="name" label={t("passkeys.name")} hint={t("passkeys.nameHint")} />
        {proof.needed ? <PasswordProof form={form} /> : null}
        <PasskeyError error={stopped} />
      </Form>
    </Dialog>
  );
}
