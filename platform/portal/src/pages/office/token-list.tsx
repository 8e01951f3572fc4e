/** API tokens of an organisation or of the provider: issue, see their use, revoke. */
import { useState, type ReactNode } from "react";
import type { ApiToken } from "@yagura/server/shapes.ts";
import { api } from "../../api.ts";
import { useFormat, useWords } from "../../language.tsx";
import { officeWords } from "../../messages/office.ts";
import { Button } from "../../parts/button.tsx";
import { ConfirmDialog, Dialog } from "../../parts/dialog.tsx";
import { CheckGroup, Form, SelectField, TextField, useForm } from "../../parts/form.tsx";
import { Empty } from "../../parts/notice.tsx";
import { Page as Frame } from "../../parts/page.tsx";
import { Secret } from "../../parts/secret.tsx";
import { DataTable, type Column } from "../../parts/table.tsx";
import { When } from "../../parts/when.tsx";
import { useAll, useRefresh } from "../../queries.ts";

type Words = ReturnType<typeof useWords<typeof officeWords>>;
const DAY = 86_400_000;
/** Lives offered for a token, in days; the server admits at most a year. */
const lives = [7, 30, 90, 180, 365] as const;

const columnsOf = (t: Words, now: number): readonly Column<ApiToken>[] => [
  { id: "name", head: t("tokens.name"), text: (row) => row.name, cell: (row) => row.name },
  {
    id: "scopes",
    head: t("tokens.scopes"),
    text: (row) => row.scopes.join(" "),
    cell: (row) => <span title={row.scopes.join(" ")}>{row.scopes.join(" ")}</span>,
  },
  {
    id: "expiresAt",
    head: t("tokens.expires"),
    text: (row) => row.expiresAt,
    cell: (row) => (
      <>
        <When at={row.expiresAt} />{" "}
        {Date.parse(row.expiresAt) < now ? <span className="tag">{t("tokens.expired")}</span> : null}
      </>
    ),
  },
  {
    id: "lastUsedAt",
    head: t("tokens.used"),
    text: (row) => row.lastUsedAt,
    descending: true,
    cell: (row) => <When at={row.lastUsedAt} ago />,
  },
  { id: "createdBy", head: t("tokens.by"), text: (row) => row.createdBy, cell: (row) => row.createdBy },
  {
    id: "createdAt",
    head: t("tokens.created"),
    text: (row) => row.createdAt,
    cell: (row) => <When at={row.createdAt} />,
  },
];

interface TokenListProps {
  /** API path of the tokens. */
  readonly path: string;
  readonly title: string;
  /** Scopes that the reader holds: a token never carries more. */
  readonly scopes: readonly string[];
  readonly may: boolean;
}
export function TokenList({ path, title, scopes, may }: TokenListProps): ReactNode {
  const t = useWords(officeWords);
  const list = useAll<ApiToken>(path);
  const [now] = useState(() => Date.now());
  const [issuing, setIssuing] = useState(false);
  const [revoking, setRevoking] = useState<ApiToken | null>(null);
  const issue = may ? (
    <Button kind="primary" icon="plus" onClick={() => setIssuing(true)}>
      {t("tokens.new")}
    </Button>
  ) : null;
  return (
    <Frame title={title} lead={t("tokens.lead")} actions={issue}>
      <DataTable
        id="tokens"
        label={title}
        rows={list.rows}
        error={list.error}
        retry={list.refetch}
        columns={columnsOf(t, now)}
        rowKey={(row) => row.id}
        rowName={(row) => row.name}
        sort="expiresAt"
        {...(may
          ? {
              rowActions: (row: ApiToken) => [{ label: t("tokens.revoke"), danger: true, run: () => setRevoking(row) }],
            }
          : {})}
        empty={
          <Empty title={t("tokens.none")} action={issue}>
            <a href="/openapi.json">{t("tokens.noneText")}</a>
          </Empty>
        }
      />
      {issuing ? <IssueDialog path={path} scopes={scopes} close={() => setIssuing(false)} /> : null}
      {revoking === null ? null : <RevokeDialog path={path} token={revoking} close={() => setRevoking(null)} />}
    </Frame>
  );
}

interface IssueProps {
  readonly path: string;
  readonly scopes: readonly string[];
  readonly close: () => void;
}
function IssueDialog({ path, scopes, close }: IssueProps): ReactNode {
  const t = useWords(officeWords);
  const refresh = useRefresh();
  const [made, setMade] = useState<{ readonly token: string; readonly name: string } | null>(null);
  const form = useForm({
    initial: { name: "", days: "90", scopes: [] as readonly string[] },
    rules: { name: { maxLength: 120 } },
    check: (values) => (values.scopes.length === 0 ? { scopes: t("tokens.scopesNeeded") } : {}),
    submit: async ({ name, days, scopes: chosen }) => {
      const expiresAt = new Date(Date.now() + Number(days) * DAY - 60_000).toISOString();
      const answer = await api.post<{ token: string }>(path, { name: name.trim(), scopes: chosen, expiresAt });
      setMade({ token: answer.token, name: name.trim() });
      refresh([path]);
    },
  });
  if (made !== null) {
    return (
      <Dialog title={t("tokens.made")} close={close}>
        <Secret label={t("tokens.label", { name: made.name })} text={made.token} />
      </Dialog>
    );
  }
  return (
    <Dialog title={t("tokens.new")} close={close} wide>
      <Form form={form} action={t("tokens.new")} cancel={close}>
        <TextField form={form} name="name" label={t("tokens.name")} hint={t("tokens.nameHint")} />
        <SelectField
          form={form}
          name="days"
          label={t("tokens.expires")}
          options={lives.map((days) => ({ value: String(days), label: t("tokens.days", { n: days }) }))}
        />
        <CheckGroup
          form={form}
          name="scopes"
          label={t("tokens.scopes")}
          options={scopes.map((scope) => ({ value: scope, label: scope }))}
        />
      </Form>
    </Dialog>
  );
}

function RevokeDialog({
  path,
  token,
  close,
}: {
  readonly path: string;
  readonly token: ApiToken;
  readonly close: () => void;
}): ReactNode {
  const t = useWords(officeWords);
  const format = useFormat();
  const refresh = useRefresh();
  return (
    <ConfirmDialog
      title={t("tokens.revokeTitle", { name: token.name })}
      consequences={[
        t("tokens.revokeText"),
        token.lastUsedAt === null ? t("tokens.neverText") : t("tokens.usedText", { ago: format.ago(token.lastUsedAt) }),
      ]}
      action={t("tokens.revoke")}
      close={close}
      run={async () => {
        await api.delete(`${path}/${token.id}`);
        refresh([path]);
      }}
    />
  );
}
