/** One permit: what it covers, and what was seen of it and beyond it (OT-N4). */
import { useState, type ReactNode } from "react";
import type { Static } from "typebox";
import { api } from "@yagura/portal/api.ts";
import { useFormat, useLanguage, useWords } from "@yagura/portal/language.tsx";
import { Button } from "@yagura/portal/parts/button.tsx";
import { stateColumn, textColumn, whenColumn } from "@yagura/portal/parts/columns.tsx";
import { ConfirmDialog } from "@yagura/portal/parts/dialog.tsx";
import { Empty, Loaded } from "@yagura/portal/parts/notice.tsx";
import { Facts, Page as Frame, Section } from "@yagura/portal/parts/page.tsx";
import { StateMark } from "@yagura/portal/parts/state-mark.tsx";
import { DataTable } from "@yagura/portal/parts/table.tsx";
import { useLive, useOrganisation } from "@yagura/portal/session.tsx";
import { useParams } from "@yagura/portal/url-state.ts";
import type { FindingView, Permit, PermitReport } from "../../wire/api-findings.ts";
import { CommandTable } from "../command-table.tsx";
import { sentencesOf } from "../findings/sentences.ts";
import { AssetList } from "../parts/asset-link.tsx";
import { useGet, useRefresh } from "../queries.ts";
import { severityOrder, severityState } from "../severity.ts";
import { words } from "../words.ts";
import { SiteKey } from "../tokens/key-button.tsx";
import { permitMarks } from "./marks.ts";
import { PermitDialog } from "./permit-dialog.tsx";
import { permitWords } from "./words.ts";
import "../ot.css";

type Report = Static<typeof PermitReport>;

export function Page(): ReactNode {
  const { permit = "" } = useParams();
  const here = useOrganisation();
  const path = here.api(`/ot/permits/${permit}`);
  useLive(["ot.permit", "ot.findings"], { refresh: [path], gather: 2_000 });
  return (
    <Loaded query={useGet<Permit>(path, undefined, { every: 60_000 })} rows={8}>
      {(found) => <Shown permit={found} path={path} />}
    </Loaded>
  );
}

interface ShownProps {
  readonly permit: Permit;
  readonly path: string;
}
function Shown({ permit, path }: ShownProps): ReactNode {
  const t = useWords(permitWords);
  const w = useWords(words);
  const format = useFormat();
  const here = useOrganisation();
  const zone = format.zoneName;
  return (
    <Frame
      title={permit.title}
      up={{ label: w("nav.permits"), href: here.path("ot/permits") }}
      mark={<StateMark state={permitMarks[permit.state].state} label={t(`state.${permit.state}`)} />}
      actions={
        <>
          <SiteKey site={permit.siteId} />
          {here.can("ot.write") ? <Acts permit={permit} path={path} /> : null}
        </>
      }
    >
      <Facts
        facts={[
          { name: t("who"), value: permit.who },
          { name: t("from", { zone }), value: format.instant(permit.from) },
          { name: t("to", { zone }), value: format.instant(permit.to) },
          { name: t("assets"), value: <AssetList assets={permit.assets} /> },
          {
            name: t("clients"),
            value: permit.clients.length === 0 ? t("anywhere") : <AssetList assets={permit.clients} />,
          },
          {
            name: t("classes"),
            value:
              permit.classes.length === 0 ? t("anything") : permit.classes.map((one) => w(`class.${one}`)).join(", "),
          },
          { name: t("createdBy"), value: permit.createdBy.replace(/^user:/, "") },
          ...(permit.note === "" ? [] : [{ name: t("note"), value: permit.note }]),
        ]}
      />
      {permit.state === "planned" ? (
        <Section title={t("report")}>
          <p className="soft">{t("report.coming")}</p>
        </Section>
      ) : (
        <ReportOf path={path} />
      )}
    </Frame>
  );
}
const ReportOf = ({ path }: { readonly path: string }): ReactNode => (
  <Loaded query={useGet<Report>(`${path}/report`, undefined, { every: 60_000 })} rows={6}>
    {(report) => <ReportShown report={report} />}
  </Loaded>
);

function Acts({ permit, path }: ShownProps): ReactNode {
  const t = useWords(permitWords);
  const format = useFormat();
  const here = useOrganisation();
  const refresh = useRefresh();
  const [open, setOpen] = useState<"change" | "cancel" | null>(null);
  if (permit.state === "over" || permit.state === "cancelled") return null;
  const close = (): void => setOpen(null);
  return (
    <>
      <Button onClick={() => setOpen("change")}>{t("change")}</Button>
      <Button onClick={() => setOpen("cancel")}>{t("cancel")}</Button>
      {open === "change" ? <PermitDialog site={permit.siteId} permit={permit} close={close} /> : null}
      {open === "cancel" ? (
        <ConfirmDialog
          title={t("cancel")}
          consequences={[t("cancel.text", { n: format.number(permit.expected) })]}
          action={t("cancel")}
          close={close}
          run={async () => {
            await api.post(`${path}/cancel`);
            refresh([here.api("/ot/permits"), here.api("/ot/overview")]);
          }}
        />
      ) : null}
    </>
  );
}

function ReportShown({ report }: { readonly report: Report }): ReactNode {
  const t = useWords(permitWords);
  const w = useWords(words);
  const { within, beyond, unseenAssets, unseenClasses, findings } = report;
  return (
    <>
      <Section title={t("beyond")} lead={t("beyond.lead")}>
        {beyond.length === 0 ? (
          <StateMark state="good" label={t("beyondNone")} />
        ) : (
          <CommandTable id="ot-permit-beyond" rows={beyond} urlKey="beyond." />
        )}
      </Section>
      <Section title={t("findings")}>
        <Findings rows={findings} />
      </Section>
      <Section title={t("within")}>
        {within.length === 0 ? (
          <Empty title={t("withinNone")} />
        ) : (
          <CommandTable id="ot-permit-within" rows={within} urlKey="within." />
        )}
        <Facts
          facts={[
            ...(unseenAssets.length === 0
              ? []
              : [{ name: t("unseenAssets"), value: <AssetList assets={unseenAssets} /> }]),
            ...(unseenClasses.length === 0
              ? []
              : [{ name: t("unseenClasses"), value: unseenClasses.map((one) => w(`class.${one}`)).join(", ") }]),
          ]}
        />
      </Section>
    </>
  );
}

function Findings({ rows }: { readonly rows: readonly FindingView[] }): ReactNode {
  const t = useWords(permitWords);
  const w = useWords(words);
  const here = useOrganisation();
  const { language } = useLanguage();
  return (
    <DataTable<FindingView>
      id="ot-permit-findings"
      label={t("findings")}
      rows={rows}
      rowKey={(row) => row.id}
      rowName={(row) => sentencesOf(row, language).title}
      rowHref={(row) => here.path(`ot/findings?tab=all&finding=${row.id}`)}
      sort="severity"
      urlKey="findings."
      plain
      empty={<Empty title={t("findingsNone")} />}
      columns={[
        stateColumn("severity", t("severity"), (row) => ({
          state: row.state === "expected" ? "unknown" : severityState[row.severity],
          label: w(`severity.${row.severity}`),
          order: severityOrder(row.severity),
        })),
        textColumn("what", t("what"), (row) => sentencesOf(row, language).title, { fill: true }),
        whenColumn("since", t("since"), (row) => row.since),
      ]}
    />
  );
}
