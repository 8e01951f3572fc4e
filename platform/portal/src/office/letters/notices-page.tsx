/** Notices of the provider: what was told to whom, when it takes effect, what became of it; and a new one, checked first. */
import { useState, type ReactNode } from "react";
import type { NoticeDetail, NoticeItem } from "@yagura/commerce/notices/shapes.ts";
import { api } from "../../api.ts";
import { useFormat, useSay, useWords } from "../../language.tsx";
import { Button } from "../../parts/button.tsx";
import { ConfirmDialog, Dialog } from "../../parts/dialog.tsx";
import { Empty, Loaded } from "../../parts/notice.tsx";
import { Facts, Page as Frame } from "../../parts/page.tsx";
import { DataTable } from "../../parts/table.tsx";
import { useAll, useGet, useRefresh } from "../../queries.ts";
import { useProvider } from "../../session.tsx";
import { providerApi, useServiceName } from "../data.ts";
import { dayColumn, stateColumn, textColumn, whenColumn, type Stated } from "../../parts/columns.tsx";
import { letterWords } from "../words/letters.ts";
import { navWords } from "../words/nav.ts";
import { NewNoticeDialog } from "./new-notice.tsx";

const NOTICES = providerApi("/notices");

export function Page(): ReactNode {
  const t = useWords(letterWords);
  const n = useWords(navWords);
  const nameOf = useServiceName();
  const { can } = useProvider();
  const list = useAll<NoticeItem>(NOTICES);
  const [open, setOpen] = useState<"new" | NoticeItem | null>(null);
  const make = can("notice.write") ? (
    <Button kind="primary" icon="plus" onClick={() => setOpen("new")}>
      {t("new.title")}
    </Button>
  ) : null;
  const stateOf = (row: NoticeItem): Stated => {
    if (row.delivery === "bounced" || row.delivery === "returned")
      return { state: "bad", label: t(`delivery.${row.delivery}`), order: 0 };
    if (row.state !== "sent") return { state: "unknown", label: t(`state.${row.state}`), order: 1 };
    return { state: "good", label: row.delivery === null ? t("state.sent") : t(`delivery.${row.delivery}`), order: 2 };
  };
  return (
    <Frame title={n("notices")} lead={t("sent.lead")} actions={make}>
      <DataTable<NoticeItem>
        id="provider-notices"
        label={n("notices")}
        rows={list.rows}
        error={list.error}
        retry={list.refetch}
        rowKey={(row) => row.id}
        rowName={(row) => row.subject}
        onOpen={setOpen}
        sort="-sent"
        total={list.total}
        cut={list.cut}
        empty={
          <Empty title={t("sent.none")} action={make}>
            {t("sent.noneText")}
          </Empty>
        }
        columns={[
          textColumn("subject", t("col.subject"), (row) => row.subject, { fill: true }),
          textColumn("customer", t("col.customer"), (row) => row.organisationName),
          textColumn("service", t("col.service"), (row) =>
            row.service === null ? t("col.every") : nameOf(row.service),
          ),
          textColumn("kind", t("col.kind"), (row) =>
            `kind.${row.kind}` in letterWords ? t(`kind.${row.kind}` as "kind.other") : row.kind,
          ),
          textColumn("channel", t("col.channel"), (row) => t(`channel.${row.channel}`)),
          stateColumn("state", t("col.delivery"), stateOf),
          whenColumn("sent", t("col.sent"), (row) => row.sentAt),
          whenColumn("effective", t("col.effective"), (row) => row.effectiveAt),
          dayColumn("announces", t("col.announces"), (row) => row.announcesOn, { hidden: true }),
        ]}
      />
      {open === "new" ? <NewNoticeDialog path={NOTICES} close={() => setOpen(null)} /> : null}
      {open === null || open === "new" ? null : (
        <NoticeDialog id={open.id} title={open.subject} close={() => setOpen(null)} />
      )}
    </Frame>
  );
}

interface NoticeProps {
  readonly id: string;
  readonly title: string;
  readonly close: () => void;
}
function NoticeDialog({ id, title, close }: NoticeProps): ReactNode {
  const t = useWords(letterWords);
  const say = useSay();
  const format = useFormat();
  const refresh = useRefresh();
  const { can } = useProvider();
  const path = `${NOTICES}/${id}`;
  const query = useGet<NoticeDetail>(path);
  const [asking, setAsking] = useState(false);
  return (
    <Dialog title={title} close={close} wide>
      <Loaded query={query} rows={8}>
        {(notice) => (
          <div className="stack-wide">
            <pre className="mail-text">{notice.body}</pre>
            <Facts
              facts={[
                { name: t("notice.effect"), value: say(notice.effect), note: notice.rule },
                ...(notice.address === null ? [] : [{ name: t(`channel.${notice.channel}`), value: notice.address }]),
                ...notice.evidence.map((each) => ({
                  name: format.instant(each.at),
                  value: t(`delivery.${each.kind}`),
                  note: `${each.detail} ${each.by}`,
                })),
              ]}
            />
            <div className="dialog-actions">
              {notice.channel === "post" ? (
                <Button icon="print" onClick={() => void api.download(`${path}/print`, { name: `${id}.pdf` })}>
                  {t("notice.print")}
                </Button>
              ) : null}
              {can("notice.write") && notice.state !== "withdrawn" ? (
                <Button onClick={() => setAsking(true)}>{t("notice.withdraw")}</Button>
              ) : null}
            </div>
          </div>
        )}
      </Loaded>
      {asking ? (
        <ConfirmDialog
          title={t("notice.withdraw")}
          consequences={[t("notice.withdrawText")]}
          action={t("notice.withdraw")}
          close={() => setAsking(false)}
          run={async () => {
            await api.post(`${path}/withdraw`, {});
            refresh([NOTICES]);
          }}
        />
      ) : null}
    </Dialog>
  );
}
