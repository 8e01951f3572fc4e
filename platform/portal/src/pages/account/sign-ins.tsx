/** Where one is signed in, with revoke. */
import { useState, type ReactNode } from "react";
import type { SignIn } from "@yagura/server/shapes.ts";
import { api } from "../../api.ts";
import { useFormat, useWords } from "../../language.tsx";
import { accountWords } from "../../messages/account.ts";
import { Button } from "../../parts/button.tsx";
import { ConfirmDialog } from "../../parts/dialog.tsx";
import { Section } from "../../parts/page.tsx";
import { DataTable, type Column } from "../../parts/table.tsx";
import { When } from "../../parts/when.tsx";
import { useAll, useRefresh } from "../../queries.ts";
import { nameUserAgent } from "../../user-agent.ts";

const PATH = "/api/v1/me/sign-ins";
type Words = ReturnType<typeof useWords<typeof accountWords>>;
const methods = ["password", "password+totp", "recovery-code", "passkey", "link"] as const;

/** Methods that a later server may add are shown by their own name. */
function sayMethod(t: Words, method: string): string {
  const known = methods.find((each) => each === method);
  return known === undefined ? method : t(`method.${known}`);
}

const columnsOf = (t: Words): readonly Column<SignIn>[] => [
  {
    id: "device",
    head: t("signIns.device"),
    text: (row) => nameUserAgent(row.userAgent),
    cell: (row) => (
      <span title={row.userAgent}>
        {nameUserAgent(row.userAgent)} {row.current ? <span className="tag">{t("signIns.current")}</span> : null}
      </span>
    ),
  },
  { id: "address", head: t("signIns.address"), text: (row) => row.address, cell: (row) => row.address },
  {
    id: "method",
    head: t("signIns.method"),
    text: (row) => sayMethod(t, row.method),
    cell: (row) => sayMethod(t, row.method),
  },
  {
    id: "lastSeenAt",
    head: t("signIns.seen"),
    text: (row) => row.lastSeenAt,
    descending: true,
    cell: (row) => <When at={row.lastSeenAt} ago />,
  },
  {
    id: "createdAt",
    head: t("signIns.started"),
    text: (row) => row.createdAt,
    descending: true,
    cell: (row) => <When at={row.createdAt} ago />,
  },
];

export function SignIns(): ReactNode {
  const t = useWords(accountWords);
  const format = useFormat();
  const refresh = useRefresh();
  const list = useAll<SignIn>(PATH);
  const [ending, setEnding] = useState<SignIn | "others" | null>(null);
  const others = list.rows?.filter((row) => !row.current).length ?? 0;
  const text = (target: SignIn | "others"): string =>
    target === "others"
      ? t("signIns.endAllText", { n: format.number(others) })
      : t("signIns.endText", { device: nameUserAgent(target.userAgent), address: target.address });
  return (
    <Section
      title={t("signIns.title")}
      actions={others === 0 ? null : <Button onClick={() => setEnding("others")}>{t("signIns.endAll")}</Button>}
    >
      <DataTable
        id="sign-ins"
        label={t("signIns.title")}
        urlKey="signIns."
        plain
        rows={list.rows}
        error={list.error}
        retry={list.refetch}
        columns={columnsOf(t)}
        rowKey={(row) => row.id}
        rowName={(row) => nameUserAgent(row.userAgent)}
        sort="-lastSeenAt"
        rowActions={(row) =>
          row.current ? [] : [{ label: t("signIns.end"), danger: true, run: () => setEnding(row) }]
        }
        empty={null}
      />
      {ending === null ? null : (
        <ConfirmDialog
          title={t("signIns.endTitle")}
          consequences={[text(ending)]}
          action={t(ending === "others" ? "signIns.endAll" : "signIns.end")}
          close={() => setEnding(null)}
          run={async () => {
            await api.delete(ending === "others" ? PATH : `${PATH}/${ending.id}`);
            refresh([PATH]);
          }}
        />
      )}
    </Section>
  );
}
