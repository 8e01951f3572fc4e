/** The provider's own people. */
import { useState, type ReactNode } from "react";
import type { ProviderRole } from "@yagura/server/shapes.ts";
import { api } from "../../api.ts";
import { useFormat, useLanguage, useWords } from "../../language.tsx";
import { officeWords } from "../../messages/office.ts";
import { providerWords } from "../../messages/provider.ts";
import { Button } from "../../parts/button.tsx";
import { ConfirmDialog, Dialog } from "../../parts/dialog.tsx";
import { Form, LanguageField, SelectField, TextField, useForm } from "../../parts/form.tsx";
import { Empty } from "../../parts/notice.tsx";
import { Page as Frame } from "../../parts/page.tsx";
import { StateMark } from "../../parts/state-mark.tsx";
import { DataTable, type Column, type RowAction } from "../../parts/table.tsx";
import { useToast } from "../../parts/toast.tsx";
import { When } from "../../parts/when.tsx";
import { useAll, useRefresh } from "../../queries.ts";
import { useProvider } from "../../session.tsx";

interface Staff {
  readonly userId: string;
  readonly mail: string;
  readonly name: string;
  readonly role: ProviderRole;
  readonly state: "invited" | "active";
  readonly lastSignInAt: string | null;
}
const PATH = "/api/v1/provider/staff";
const roles: readonly ProviderRole[] = ["provider-admin", "provider-operator", "provider-support", "provider-billing"];
type Words = ReturnType<typeof useWords<typeof providerWords>>;
type Roles = ReturnType<typeof useWords<typeof officeWords>>;

const columnsOf = (t: Words, say: Roles): readonly Column<Staff>[] => [
  { id: "name", head: t("staff.name"), text: (row) => row.name, cell: (row) => row.name },
  { id: "mail", head: t("staff.mail"), text: (row) => row.mail, cell: (row) => row.mail },
  { id: "role", head: t("staff.role"), text: (row) => say(`role.${row.role}`), cell: (row) => say(`role.${row.role}`) },
  {
    id: "state",
    head: t("staff.state"),
    text: (row) => t(`staff.state.${row.state}`),
    cell: (row) => (
      <StateMark state={row.state === "active" ? "good" : "notice"} label={t(`staff.state.${row.state}`)} />
    ),
  },
  {
    id: "lastSignInAt",
    head: t("staff.lastSignIn"),
    text: (row) => row.lastSignInAt,
    descending: true,
    cell: (row) => <When at={row.lastSignInAt} ago />,
  },
];

type Asking =
  | { readonly act: "remove" | "again" | "role"; readonly person: Staff }
  | { readonly act: "add"; readonly person: null };

export function Page(): ReactNode {
  const t = useWords(providerWords);
  const say = useWords(officeWords);
  const provider = useProvider();
  const list = useAll<Staff>(PATH);
  const [asking, setAsking] = useState<Asking | null>(null);
  const may = provider.can("staff.write");
  const add = may ? (
    <Button kind="primary" icon="plus" onClick={() => setAsking({ act: "add", person: null })}>
      {t("staff.add")}
    </Button>
  ) : null;
  const actionsOf = (person: Staff): readonly RowAction[] => [
    { label: t("staff.change"), run: () => setAsking({ act: "role", person }) },
    ...(person.state === "invited"
      ? [{ label: t("staff.again"), run: () => setAsking({ act: "again", person }) }]
      : []),
    { label: t("staff.remove"), danger: true, run: () => setAsking({ act: "remove", person }) },
  ];
  return (
    <Frame title={t("staff.title")} lead={t("staff.lead")} actions={add}>
      <DataTable
        id="staff"
        label={t("staff.title")}
        rows={list.rows}
        error={list.error}
        retry={list.refetch}
        columns={columnsOf(t, say)}
        rowKey={(row) => row.userId}
        rowName={(row) => row.name || row.mail}
        sort="name"
        {...(may ? { rowActions: actionsOf } : {})}
        empty={<Empty title={t("staff.title")} action={add} />}
      />
      {asking === null ? null : <Ask asking={asking} staff={list.rows ?? []} close={() => setAsking(null)} />}
    </Frame>
  );
}

interface AskProps {
  readonly asking: Asking;
  readonly staff: readonly Staff[];
  readonly close: () => void;
}
function Ask({ asking, staff, close }: AskProps): ReactNode {
  const t = useWords(providerWords);
  const format = useFormat();
  const refresh = useRefresh();
  if (asking.act === "add" || asking.act === "role") return <StaffDialog person={asking.person} close={close} />;
  const { person } = asking;
  if (asking.act === "again") {
    return (
      <ConfirmDialog
        title={t("staff.again")}
        consequences={[t("staff.againText", { mail: person.mail })]}
        action={t("staff.again")}
        danger={false}
        close={close}
        run={() => api.post(PATH, { mail: person.mail, role: person.role })}
      />
    );
  }
  return (
    <ConfirmDialog
      title={t("staff.removeTitle", { name: person.name || person.mail })}
      consequences={[
        t("staff.removeText", { mail: person.mail }),
        t("staff.removeLeft", { n: format.number(staff.length - 1) }),
      ]}
      action={t("staff.remove")}
      close={close}
      run={async () => {
        await api.delete(`${PATH}/${person.userId}`);
        refresh([PATH]);
      }}
    />
  );
}

/** Adds a person, or changes the role of one. */
function StaffDialog({ person, close }: { readonly person: Staff | null; readonly close: () => void }): ReactNode {
  const t = useWords(providerWords);
  const say = useWords(officeWords);
  const { language } = useLanguage();
  const toast = useToast();
  const refresh = useRefresh();
  const form = useForm({
    initial: {
      mail: person?.mail ?? "",
      name: "",
      role: person?.role ?? "provider-support",
      language: language,
    },
    rules: { mail: { format: "email", maxLength: 254 }, name: { maxLength: 120, optional: true } },
    submit: async ({ mail, name, role, language: chosen }) => {
      const extra = person === null ? { language: chosen, ...(name.trim() === "" ? {} : { name: name.trim() }) } : {};
      await api.post(PATH, { mail: mail.trim(), role, ...extra });
      if (person === null) toast(t("staff.added", { mail: mail.trim() }));
      refresh([PATH]);
      close();
    },
  });
  const role = roles.find((each) => each === form.values.role) ?? "provider-support";
  const title = t(person === null ? "staff.add" : "staff.change");
  return (
    <Dialog title={title} close={close}>
      <Form form={form} action={title} cancel={close}>
        {person === null ? (
          <>
            <TextField form={form} name="mail" label={t("staff.mail")} type="email" />
            <TextField form={form} name="name" label={t("staff.name")} />
          </>
        ) : (
          <p>{person.mail}</p>
        )}
        <SelectField
          form={form}
          name="role"
          label={t("staff.role")}
          hint={say(`roleHint.${role}`)}
          options={roles.map((each) => ({ value: each, label: say(`role.${each}`) }))}
        />
        {person === null ? <LanguageField form={form} label={t("staff.language")} /> : null}
      </Form>
    </Dialog>
  );
}
