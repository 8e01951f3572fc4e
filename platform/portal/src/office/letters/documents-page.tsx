/** What a customer was told and which terms hold: notices, changes of terms, the terms themselves. */
import { useState, type ReactNode } from "react";
import type { DissentOffer, OwnNotice, OwnTermsChange } from "@yagura/commerce/notices/shapes.ts";
import type { TermsDetail } from "@yagura/commerce/terms/shapes.ts";
import { api } from "../../api.ts";
import { useFormat, useSay, useWords } from "../../language.tsx";
import { Button } from "../../parts/button.tsx";
import { ConfirmDialog, Dialog } from "../../parts/dialog.tsx";
import { Link } from "../../parts/link.tsx";
import { Empty, ErrorBox } from "../../parts/notice.tsx";
import { Page as Frame } from "../../parts/page.tsx";
import { DataTable } from "../../parts/table.tsx";
import { Tabs } from "../../parts/tabs.tsx";
import { useAll, useChange, useList, useRefresh } from "../../queries.ts";
import { useOrganisation } from "../../session.tsx";
import { useServiceName } from "../data.ts";
import { dayColumn, stateColumn, textColumn, whenColumn } from "../../parts/columns.tsx";
import { letterWords } from "../words/letters.ts";
import { navWords } from "../words/nav.ts";
import { FilesTab } from "./files-tab.tsx";

export function Page(): ReactNode {
  const t = useWords(letterWords);
  const n = useWords(navWords);
  return (
    <Frame title={n("documents")} lead={t("docs.lead")}>
      <Tabs
        label={n("documents")}
        tabs={[
          { id: "notices", label: t("tab.notices"), content: <Notices /> },
          { id: "changes", label: t("tab.changes"), content: <Changes /> },
          { id: "terms", label: t("tab.terms"), content: <Terms /> },
          { id: "files", label: t("tab.files"), content: <FilesTab /> },
        ]}
      />
    </Frame>
  );
}

function Notices(): ReactNode {
  const t = useWords(letterWords);
  const here = useOrganisation();
  const nameOf = useServiceName();
  const refresh = useRefresh();
  const path = here.api("/notices");
  const list = useAll<OwnNotice>(path);
  const [open, setOpen] = useState<OwnNotice | null>(null);
  const show = (notice: OwnNotice): void => {
    setOpen(notice);
    // Reading is evidence that it arrived; that it could not be noted must not keep anybody from reading.
    if (notice.readAt === null) {
      api.post(`${path}/${notice.id}/read`, {}).then(
        () => refresh([path]),
        () => undefined,
      );
    }
  };
  return (
    <>
      <DataTable<OwnNotice>
        id="notices"
        label={t("tab.notices")}
        urlKey="n"
        rows={list.rows}
        error={list.error}
        retry={list.refetch}
        rowKey={(row) => row.id}
        rowName={(row) => row.subject}
        onOpen={show}
        sort="state"
        empty={<Empty title={t("notices.none")}>{t("notices.noneText")}</Empty>}
        columns={[
          stateColumn("state", t("col.read"), (row) => ({
            state: row.readAt === null ? "notice" : "good",
            label: t(row.readAt === null ? "unread" : "read"),
            order: row.readAt === null ? 0 : 1,
          })),
          textColumn("subject", t("col.subject"), (row) => row.subject, { fill: true }),
          textColumn("service", t("col.service"), (row) => (row.service === null ? "" : nameOf(row.service))),
          whenColumn("sent", t("col.sent"), (row) => row.sentAt),
          dayColumn("announces", t("col.announces"), (row) => row.announcesOn),
        ]}
      />
      {open === null ? null : (
        <Dialog title={open.subject} close={() => setOpen(null)} wide>
          <pre className="mail-text">{open.body}</pre>
        </Dialog>
      )}
    </>
  );
}

function Changes(): ReactNode {
  const t = useWords(letterWords);
  const here = useOrganisation();
  const nameOf = useServiceName();
  const list = useList<OwnTermsChange>(here.api("/terms-changes"));
  const [open, setOpen] = useState<OwnTermsChange | null>(null);
  const marks = { shown: "notice", consented: "good", dissented: "unknown" } as const;
  return (
    <>
      <DataTable<OwnTermsChange>
        id="terms-changes"
        label={t("tab.changes")}
        urlKey="c"
        plain
        rows={list.rows}
        error={list.error}
        retry={list.refetch}
        rowKey={(row) => row.id}
        rowName={(row) => row.subject}
        onOpen={setOpen}
        sort="-effective"
        empty={<Empty title={t("changes.none")} />}
        columns={[
          textColumn("service", t("col.service"), (row) => nameOf(row.service)),
          textColumn("code", t("changes.code"), (row) => row.code),
          textColumn("subject", t("col.subject"), (row) => row.subject, { fill: true }),
          dayColumn("effective", t("changes.effective"), (row) => row.effectiveOn),
          stateColumn("state", t("col.state"), (row) => ({
            state: marks[row.state],
            label: t(`changeState.${row.state}`),
          })),
        ]}
      />
      {open === null ? null : <ChangeDialog change={open} close={() => setOpen(null)} />}
    </>
  );
}

function ChangeDialog({ change, close }: { readonly change: OwnTermsChange; readonly close: () => void }): ReactNode {
  const t = useWords(letterWords);
  const format = useFormat();
  const say = useSay();
  const here = useOrganisation();
  const refresh = useRefresh();
  const [asking, setAsking] = useState(false);
  const [offer, setOffer] = useState<DissentOffer | null>(null);
  const path = here.api("/terms-changes");
  const consent = useChange<void>(() => api.post(`${path}/${change.id}/consent`, {}), {
    refresh: [path],
    done: close,
  });
  const open = change.state === "shown" && here.can("application.write");
  const until = change.dissentUntil;
  return (
    <Dialog title={change.subject} close={close} wide>
      <pre className="mail-text">{change.body}</pre>
      {until === null ? null : <p>{t("changes.dissentUntil", { day: format.day(until) })}</p>}
      {offer === null ? null : (
        <div role="status">
          <p>{say(offer.sentence)}</p>
          <h3>{t("changes.offer")}</h3>
          <ul className="plain-list">
            {offer.contracts.map((contract) => (
              <li key={contract.id}>
                <Link href={here.path(`office/contracts/${contract.id}/cancel`)}>{contract.number}</Link>
              </li>
            ))}
          </ul>
        </div>
      )}
      {consent.error === null ? null : <ErrorBox error={consent.error} />}
      {open && offer === null ? (
        <div className="dialog-actions">
          {until === null ? null : <Button onClick={() => setAsking(true)}>{t("changes.dissent")}</Button>}
          <Button kind="primary" busy={consent.isPending} onClick={() => consent.mutate(undefined)}>
            {t("changes.consent")}
          </Button>
        </div>
      ) : null}
      {asking ? (
        <ConfirmDialog
          title={t("changes.dissent")}
          consequences={[t("changes.dissentText")]}
          action={t("changes.dissent")}
          close={() => setAsking(false)}
          run={async () => {
            setOffer(await api.post<DissentOffer>(`${path}/${change.id}/dissent`, {}));
            refresh([path]);
          }}
        />
      ) : null}
    </Dialog>
  );
}

function Terms(): ReactNode {
  const t = useWords(letterWords);
  const here = useOrganisation();
  const nameOf = useServiceName();
  const list = useList<TermsDetail>(here.api("/terms"));
  const [open, setOpen] = useState<TermsDetail | null>(null);
  return (
    <>
      <DataTable<TermsDetail>
        id="own-terms"
        label={t("tab.terms")}
        urlKey="t"
        plain
        rows={list.rows}
        error={list.error}
        retry={list.refetch}
        rowKey={(row) => row.id}
        rowName={(row) => row.code}
        onOpen={setOpen}
        sort="service"
        empty={<Empty title={t("terms.none")} />}
        columns={[
          textColumn("service", t("col.service"), (row) => nameOf(row.service)),
          textColumn("code", t("changes.code"), (row) => row.code),
          dayColumn("from", t("terms.from"), (row) => row.from),
          textColumn("source", t("terms.source"), (row) => row.sourceDocument, { fill: true }),
        ]}
      />
      {open === null ? null : (
        <Dialog title={open.code} close={() => setOpen(null)}>
          <ul className="row-list">
            {open.copies.map((copy) => (
              <li key={copy.id}>
                <span className="row-main">{copy.name}</span>
                <Button
                  icon="download"
                  onClick={() =>
                    void api.download(here.api(`/terms/${open.id}/documents/${copy.id}`), { name: copy.name })
                  }
                >
                  {copy.copiedOn}
                </Button>
              </li>
            ))}
          </ul>
          <p className="soft small">{open.sourceDocument}</p>
        </Dialog>
      )}
    </>
  );
}
