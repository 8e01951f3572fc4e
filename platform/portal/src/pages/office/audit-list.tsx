/** The audit log of an organisation or of the provider, newest first. */
import { useState, type ReactNode } from "react";
import type { AuditEntry } from "@yagura/server/shapes.ts";
import { useFormat, useWords } from "../../language.tsx";
import { officeWords } from "../../messages/office.ts";
import { Dialog } from "../../parts/dialog.tsx";
import { Empty } from "../../parts/notice.tsx";
import { Facts, Page as Frame } from "../../parts/page.tsx";
import { DataTable, type Column } from "../../parts/table.tsx";
import { When } from "../../parts/when.tsx";
import { useAll } from "../../queries.ts";

type Words = ReturnType<typeof useWords<typeof officeWords>>;

/** `name: value` pairs; nested values stay JSON. */
const detailsText = (details: AuditEntry["details"]): string =>
  Object.entries(details)
    .map(([name, value]) => `${name}: ${typeof value === "string" ? value : JSON.stringify(value)}`)
    .join(" · ");

const columnsOf = (t: Words, zone: string, organisations: boolean): readonly Column<AuditEntry>[] => [
  {
    id: "at",
    head: t("audit.at", { zone }),
    text: (row) => row.at,
    sort: (row) => row.sequence,
    descending: true,
    width: "15rem",
    cell: (row) => <When at={row.at} precision="second" />,
  },
  { id: "actor", head: t("audit.actor"), text: (row) => row.actor, width: "14rem", cell: (row) => row.actor },
  {
    id: "action",
    head: t("audit.action"),
    text: (row) => row.action,
    width: "13rem",
    cell: (row) => <code>{row.action}</code>,
  },
  { id: "subject", head: t("audit.subject"), text: (row) => row.subject, width: "16rem", cell: (row) => row.subject },
  {
    id: "details",
    head: t("audit.details"),
    text: (row) => detailsText(row.details),
    fill: true,
    cell: (row) => <span className="soft">{detailsText(row.details)}</span>,
  },
  ...(organisations
    ? [
        {
          id: "organisation",
          head: t("audit.organisation"),
          text: (row: AuditEntry) => row.organisationId,
          hidden: true,
          cell: (row: AuditEntry) => row.organisationId,
        },
      ]
    : []),
  {
    id: "sequence",
    head: t("audit.sequence"),
    text: (row) => row.sequence,
    align: "end",
    hidden: true,
    cell: (row) => row.sequence,
  },
  { id: "hash", head: t("audit.hash"), text: (row) => row.hash, hidden: true, cell: (row) => <code>{row.hash}</code> },
];

interface AuditListProps {
  readonly path: string;
  readonly title: string;
  /** The provider's log spans organisations. */
  readonly organisations: boolean;
}
export function AuditList({ path, title, organisations }: AuditListProps): ReactNode {
  const t = useWords(officeWords);
  const format = useFormat();
  const list = useAll<AuditEntry>(path);
  const [open, setOpen] = useState<AuditEntry | null>(null);
  return (
    <Frame title={title} lead={t("audit.lead")}>
      <DataTable
        id="audit"
        label={title}
        rows={list.rows}
        error={list.error}
        retry={list.refetch}
        columns={columnsOf(t, format.zoneName, organisations)}
        rowKey={(row) => String(row.sequence)}
        rowName={(row) => row.action}
        sort="-at"
        onOpen={setOpen}
        total={list.total}
        cut={list.cut}
        empty={<Empty title={t("audit.none")} />}
      />
      {open === null ? null : <EntryDialog entry={open} close={() => setOpen(null)} />}
    </Frame>
  );
}

function EntryDialog({ entry, close }: { readonly entry: AuditEntry; readonly close: () => void }): ReactNode {
  const t = useWords(officeWords);
  const format = useFormat();
  return (
    <Dialog title={t("audit.entry", { n: entry.sequence })} close={close} wide>
      <Facts
        facts={[
          { name: t("audit.at", { zone: format.zoneName }), value: format.instant(entry.at, "millisecond") },
          { name: t("audit.actor"), value: entry.actor, note: entry.actorKind },
          { name: t("audit.action"), value: <code>{entry.action}</code> },
          { name: t("audit.subject"), value: entry.subject },
          ...(entry.organisationId === null ? [] : [{ name: t("audit.organisation"), value: entry.organisationId }]),
          ...Object.entries(entry.details).map(([name, value]) => ({
            name,
            value: typeof value === "string" ? value : <code>{JSON.stringify(value)}</code>,
          })),
          { name: t("audit.hash"), value: <code>{entry.hash}</code> },
        ]}
      />
    </Dialog>
  );
}
