/** Members of an organisation: invite, change the role, invite again, remove. */
import { useState, type ReactNode } from "react";
import type { CustomerRole, Member } from "@yagura/server/shapes.ts";
import type { State } from "@yagura/core/state.ts";
import { api } from "../../api.ts";
import { useFormat, useLanguage, useWords } from "../../language.tsx";
import { officeWords } from "../../messages/office.ts";
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
import { useLive, useOrganisation } from "../../session.tsx";

type Words = ReturnType<typeof useWords<typeof officeWords>>;
const roles: readonly CustomerRole[] = ["owner", "admin", "viewer"];
const states: Readonly<Record<Member["state"], State>> = {
  active: "good",
  invited: "notice",
  expired: "bad",
  revoked: "unknown",
};
const order: Readonly<Record<Member["state"], number>> = { expired: 0, invited: 1, active: 2, revoked: 3 };

/** Until they join, members have no name but their address. */
const nameOf = (row: Member): string => (row.name === row.mail ? "" : row.name);

const columnsOf = (t: Words): readonly Column<Member>[] => [
  { id: "name", head: t("members.name"), text: nameOf, cell: nameOf },
  { id: "mail", head: t("members.mail"), text: (row) => row.mail, cell: (row) => row.mail },
  { id: "role", head: t("members.role"), text: (row) => t(`role.${row.role}`), cell: (row) => t(`role.${row.role}`) },
  {
    id: "state",
    head: t("members.state"),
    text: (row) => t(`members.state.${row.state}`),
    sort: (row) => order[row.state],
    cell: (row) => <StateMark state={states[row.state]} label={t(`members.state.${row.state}`)} />,
  },
  {
    id: "expires",
    head: t("members.expires"),
    text: (row) => row.invitationExpiresAt,
    cell: (row) =>
      row.invitationExpiresAt === null ? <span className="soft">–</span> : <When at={row.invitationExpiresAt} />,
  },
  {
    id: "lastSignInAt",
    head: t("members.lastSignIn"),
    text: (row) => row.lastSignInAt,
    descending: true,
    cell: (row) => <When at={row.lastSignInAt} ago />,
  },
];

type Asking = { readonly act: "revoke" | "reissue" | "role"; readonly member: Member };

export function Page(): ReactNode {
  const t = useWords(officeWords);
  const here = useOrganisation();
  const path = here.api("/members");
  const list = useAll<Member>(path);
  const [inviting, setInviting] = useState(false);
  const [asking, setAsking] = useState<Asking | null>(null);
  useLive(["member"], { refresh: [path] });
  const may = here.can("member.write");
  const invite = may ? (
    <Button kind="primary" icon="plus" onClick={() => setInviting(true)}>
      {t("members.invite")}
    </Button>
  ) : null;
  const actionsOf = (member: Member): readonly RowAction[] => [
    ...(member.state === "invited" || member.state === "expired"
      ? [{ label: t("members.reissue"), run: () => setAsking({ act: "reissue", member }) }]
      : []),
    ...(member.state === "revoked"
      ? []
      : [
          { label: t("members.changeRole"), run: () => setAsking({ act: "role", member }) },
          { label: t("members.revoke"), danger: true, run: () => setAsking({ act: "revoke", member }) },
        ]),
  ];
  return (
    <Frame title={t("members.title")} lead={t("members.lead")} actions={invite}>
      <DataTable
        id="members"
        label={t("members.title")}
        rows={list.rows}
        error={list.error}
        retry={list.refetch}
        columns={columnsOf(t)}
        rowKey={(row) => row.id}
        rowName={(row) => row.name || row.mail}
        sort="state"
        {...(may ? { rowActions: actionsOf } : {})}
        empty={
          <Empty title={t("members.none")} action={invite}>
            {t("members.noneText")}
          </Empty>
        }
      />
      {inviting ? <InviteDialog path={path} close={() => setInviting(false)} /> : null}
      {asking === null ? null : (
        <Ask asking={asking} path={path} members={list.rows ?? []} close={() => setAsking(null)} />
      )}
    </Frame>
  );
}

function InviteDialog({ path, close }: { readonly path: string; readonly close: () => void }): ReactNode {
  const t = useWords(officeWords);
  const { language } = useLanguage();
  const toast = useToast();
  const refresh = useRefresh();
  const form = useForm({
    initial: { mail: "", name: "", role: "viewer", language: language },
    rules: { mail: { format: "email", maxLength: 254 }, name: { maxLength: 120, optional: true } },
    submit: async (values) => {
      const name = values.name.trim();
      await api.post(path, {
        mail: values.mail.trim(),
        role: values.role,
        language: values.language,
        ...(name === "" ? {} : { name }),
      });
      toast(t("members.invited", { mail: values.mail.trim() }));
      refresh([path]);
      close();
    },
  });
  return (
    <Dialog title={t("members.invite")} close={close}>
      <Form form={form} action={t("members.invite")} cancel={close}>
        <p className="soft">{t("members.inviteLead")}</p>
        <TextField form={form} name="mail" label={t("members.mail")} type="email" />
        <TextField form={form} name="name" label={t("members.name")} />
        <RoleField form={form} />
        <LanguageField form={form} label={t("members.language")} />
      </Form>
    </Dialog>
  );
}

function RoleField({ form }: { readonly form: Parameters<typeof SelectField>[0]["form"] }): ReactNode {
  const t = useWords(officeWords);
  const chosen = roles.find((role) => role === form.values["role"]) ?? "viewer";
  return (
    <SelectField
      form={form}
      name="role"
      label={t("members.role")}
      hint={t(`roleHint.${chosen}`)}
      options={roles.map((role) => ({ value: role, label: t(`role.${role}`) }))}
    />
  );
}

interface AskProps {
  readonly asking: Asking;
  readonly path: string;
  readonly members: readonly Member[];
  readonly close: () => void;
}
function Ask({ asking: { act, member }, path, members, close }: AskProps): ReactNode {
  const t = useWords(officeWords);
  const format = useFormat();
  const refresh = useRefresh();
  const one = `${path}/${member.id}`;
  const then = async (done: Promise<unknown>): Promise<void> => {
    await done;
    refresh([path]);
  };
  if (act === "role") return <RoleDialog member={member} path={path} close={close} />;
  if (act === "reissue") {
    return (
      <ConfirmDialog
        title={t("members.reissue")}
        consequences={[t("members.reissueText", { mail: member.mail })]}
        action={t("members.reissue")}
        danger={false}
        close={close}
        run={() => then(api.post(`${one}/reissue`))}
      />
    );
  }
  const left = members.filter((each) => each.state === "active" && each.id !== member.id).length;
  return (
    <ConfirmDialog
      title={t("members.revokeTitle", { name: member.name || member.mail })}
      consequences={[
        t("members.revokeText", { mail: member.mail }),
        ...(member.state === "active" ? [] : [t("members.revokeOpen")]),
        t("members.revokeLeft", { n: format.number(left) }),
      ]}
      action={t("members.revoke")}
      close={close}
      run={() => then(api.delete(one))}
    />
  );
}

function RoleDialog({
  member,
  path,
  close,
}: {
  readonly member: Member;
  readonly path: string;
  readonly close: () => void;
}): ReactNode {
  const t = useWords(officeWords);
  const refresh = useRefresh();
  const form = useForm({
    initial: { role: member.role },
    submit: async ({ role }) => {
      await api.patch(`${path}/${member.id}`, { role });
      refresh([path]);
      close();
    },
  });
  return (
    <Dialog title={t("members.changeRole")} close={close}>
      <Form form={form} action={t("members.changeRole")} cancel={close}>
        <p>{member.mail}</p>
        <RoleField form={form} />
      </Form>
    </Dialog>
  );
}
