/** Mails made by the system; kept ones can be read here. */
import { useState, type ReactNode } from "react";
import type { OutboxMail } from "@yagura/server/shapes.ts";
import type { State } from "@yagura/core/state.ts";
import { useFormat, useWords } from "../../language.tsx";
import { providerWords } from "../../messages/provider.ts";
import { Dialog } from "../../parts/dialog.tsx";
import { Banner, Empty } from "../../parts/notice.tsx";
import { Facts, Page as Frame } from "../../parts/page.tsx";
import { StateMark } from "../../parts/state-mark.tsx";
import { DataTable, type Column } from "../../parts/table.tsx";
import { When } from "../../parts/when.tsx";
import { useAll } from "../../queries.ts";

type Words = ReturnType<typeof useWords<typeof providerWords>>;
const states: Readonly<Record<OutboxMail["state"], State>> = {
  kept: "notice",
  queued: "notice",
  sent: "good",
  failed: "bad",
};

const columnsOf = (t: Words, zone: string): readonly Column<OutboxMail>[] => [
  {
    id: "at",
    head: t("outbox.at", { zone }),
    text: (row) => row.at,
    descending: true,
    width: "13rem",
    cell: (row) => <When at={row.at} />,
  },
  { id: "to", head: t("outbox.to"), text: (row) => row.to, width: "16rem", cell: (row) => row.to },
  { id: "subject", head: t("outbox.subject"), text: (row) => row.subject, fill: true, cell: (row) => row.subject },
  {
    id: "state",
    head: t("outbox.state"),
    text: (row) => t(`outbox.state.${row.state}`),
    width: "8rem",
    cell: (row) => <StateMark state={states[row.state]} label={t(`outbox.state.${row.state}`)} />,
  },
  { id: "error", head: t("outbox.error"), text: (row) => row.error, hidden: true, cell: (row) => row.error },
];

export function Page(): ReactNode {
  const t = useWords(providerWords);
  const format = useFormat();
  const list = useAll<OutboxMail>("/api/v1/provider/outbox");
  const [open, setOpen] = useState<OutboxMail | null>(null);
  return (
    <Frame title={t("outbox.title")} lead={t("outbox.lead")}>
      <DataTable
        id="outbox"
        label={t("outbox.title")}
        rows={list.rows}
        error={list.error}
        retry={list.refetch}
        columns={columnsOf(t, format.zoneName)}
        rowKey={(row) => row.id}
        rowName={(row) => row.subject}
        sort="-at"
        onOpen={setOpen}
        total={list.total}
        cut={list.cut}
        empty={<Empty title={t("outbox.none")} />}
      />
      {open === null ? null : <MailDialog mail={open} close={() => setOpen(null)} />}
    </Frame>
  );
}

function MailDialog({ mail, close }: { readonly mail: OutboxMail; readonly close: () => void }): ReactNode {
  const t = useWords(providerWords);
  const format = useFormat();
  return (
    <Dialog title={mail.subject} close={close} wide>
      <div className="stack-wide">
        <Facts
          facts={[
            { name: t("outbox.to"), value: mail.to },
            { name: t("outbox.at", { zone: format.zoneName }), value: format.instant(mail.at, "second") },
            {
              name: t("outbox.state"),
              value: <StateMark state={states[mail.state]} label={t(`outbox.state.${mail.state}`)} />,
              ...(mail.error === null ? {} : { note: mail.error }),
            },
          ]}
        />
        <Banner>{t("outbox.secret")}</Banner>
        <pre className="mail-text" tabIndex={0} aria-label={mail.subject}>
          {mail.text}
        </pre>
      </div>
    </Dialog>
  );
}
