/** What the engine made of a capture: findings, devices, commands, and how good the capture is. */
import { useMemo, useState, type ReactNode } from "react";
import type { Static } from "typebox";
import { api, saveFile } from "@yagura/portal/api.ts";
import { useFormat, useWords } from "@yagura/portal/language.tsx";
import { Button } from "@yagura/portal/parts/button.tsx";
import { countColumn, stateColumn, textColumn } from "@yagura/portal/parts/columns.tsx";
import { ConfirmDialog } from "@yagura/portal/parts/dialog.tsx";
import { Banner, Empty, Loaded, Loading } from "@yagura/portal/parts/notice.tsx";
import { Facts, Page as Frame } from "@yagura/portal/parts/page.tsx";
import { StateMark } from "@yagura/portal/parts/state-mark.tsx";
import { DataTable } from "@yagura/portal/parts/table.tsx";
import { Tabs } from "@yagura/portal/parts/tabs.tsx";
// Plain: a capture is analysed in clear, and nothing in it is opened by the customer's key.
import { useGet, useRefresh } from "@yagura/portal/queries.ts";
import { useLive, useOrganisation } from "@yagura/portal/session.tsx";
import { useGo, useParams } from "@yagura/portal/url-state.ts";
import type { CaptureResult } from "../../wire/api-register.ts";
import { roleColumn } from "../role-column.tsx";
import { severityOrder, severityState } from "../severity.ts";
import { words } from "../words.ts";
import { captureMarks } from "./marks.ts";
import { readResult, type CaptureReport, type ResultAsset, type ResultCommand, type ResultFinding } from "./result.ts";
import { captureWords } from "./words.ts";
import "../ot.css";

type Result = Static<typeof CaptureResult>;

export function Page(): ReactNode {
  const { capture = "" } = useParams();
  const here = useOrganisation();
  const path = here.api(`/ot/captures/${capture}`);
  useLive(["ot.capture"], { refresh: [path] });
  return (
    <Loaded query={useGet<Result>(path, undefined, { every: 30_000 })} rows={10}>
      {(found) => <Shown found={found} path={path} />}
    </Loaded>
  );
}

interface ShownProps {
  readonly found: Result;
  readonly path: string;
}
function Shown({ found, path }: ShownProps): ReactNode {
  const t = useWords(captureWords);
  const w = useWords(words);
  const here = useOrganisation();
  const { capture, result } = found;
  const report = useMemo(() => (capture.state === "done" ? readResult(result) : null), [capture.state, result]);
  return (
    <Frame
      title={capture.name}
      up={{ label: w("nav.captures"), href: here.path("ot/captures") }}
      mark={<StateMark state={captureMarks[capture.state].state} label={t(`state.${capture.state}`)} />}
      actions={<Acts found={found} path={path} />}
    >
      {capture.state === "failed" ? (
        <Banner state="bad" title={t("failed")}>
          <p>{capture.error}</p>
          <p>{t("failedText")}</p>
        </Banner>
      ) : report === null ? (
        <>
          <p role="status">{t("waiting")}</p>
          <Loading rows={8} />
        </>
      ) : (
        <Report report={report} bytes={capture.bytes} />
      )}
    </Frame>
  );
}

function Acts({ found, path }: ShownProps): ReactNode {
  const t = useWords(captureWords);
  const here = useOrganisation();
  const refresh = useRefresh();
  const go = useGo();
  const [removing, setRemoving] = useState(false);
  const { capture, result } = found;
  return (
    <>
      {capture.state === "done" ? (
        <Button
          icon="download"
          onClick={() =>
            saveFile(
              new Blob([JSON.stringify(result, null, 2)], { type: "application/json" }),
              `${capture.name.replace(/\.(pcapng|pcap|cap)(\.\w+)?$/, "")}.json`,
            )
          }
        >
          {t("json")}
        </Button>
      ) : null}
      {here.can("ot.write") ? <Button onClick={() => setRemoving(true)}>{t("remove")}</Button> : null}
      {removing ? (
        <ConfirmDialog
          title={t("remove")}
          consequences={[capture.name, t("remove.text")]}
          action={t("remove")}
          close={() => setRemoving(false)}
          run={async () => {
            await api.delete(path);
            refresh([here.api("/ot/captures")]);
            go(here.path("ot/captures"));
          }}
        />
      ) : null}
    </>
  );
}

function Report({ report, bytes }: { readonly report: CaptureReport; readonly bytes: number }): ReactNode {
  const t = useWords(captureWords);
  const format = useFormat();
  const { from, to, findings, assets, commands } = report;
  const n = (list: readonly unknown[]): string => format.number(list.length);
  return (
    <>
      {report.damaged.map((reason) => (
        <Banner key={reason}>{t("damaged", { reason })}</Banner>
      ))}
      <Facts
        wide
        facts={[
          {
            name: t("span"),
            value: from === null ? "–" : format.instant(from, "second"),
            ...(to === null ? {} : { note: format.instant(to, "second") }),
          },
          { name: t("size"), value: format.bytes(bytes) },
          { name: t("packets"), value: format.number(report.packets) },
          { name: t("bytes"), value: format.bytes(report.bytes) },
          { name: t("dropped"), value: format.number(report.dropped) },
        ]}
      />
      <Tabs
        label={t("tabs")}
        tabs={[
          { id: "findings", label: t("tab.findings", { n: n(findings) }), content: <Findings rows={findings} /> },
          { id: "assets", label: t("tab.assets", { n: n(assets) }), content: <Assets rows={assets} /> },
          { id: "commands", label: t("tab.commands", { n: n(commands) }), content: <Commands rows={commands} /> },
          { id: "quality", label: t("tab.quality"), content: <Quality report={report} /> },
        ]}
      />
    </>
  );
}

/** Rows of a result have no id: their place in it is one. */
const numbered = <T,>(rows: readonly T[]): (T & { readonly at: number })[] => rows.map((row, at) => ({ ...row, at }));
type At<T> = T & { readonly at: number };

function Findings({ rows }: { readonly rows: readonly ResultFinding[] }): ReactNode {
  const t = useWords(captureWords);
  const w = useWords(words);
  return (
    <DataTable<At<ResultFinding>>
      id="ot-capture-findings"
      label={t("what")}
      rows={numbered(rows)}
      rowKey={(row) => String(row.at)}
      rowName={(row) => row.title}
      sort="severity"
      urlKey="findings."
      empty={<Empty title={t("findings.none")} />}
      columns={[
        stateColumn("severity", t("severity"), ({ severity }) => ({
          state: severityState[severity],
          label: w(`severity.${severity}`),
          order: severityOrder(severity),
        })),
        textColumn("what", t("what"), (row) => row.title, { width: "26rem" }),
        textColumn("device", t("device"), (row) => row.subject, { hidden: true }),
        textColumn("changed", t("changed"), (row) => row.changed, { hidden: true, width: "30rem" }),
        textColumn("advice", t("advice"), (row) => row.advice, { fill: true }),
      ]}
    />
  );
}

function Assets({ rows }: { readonly rows: readonly ResultAsset[] }): ReactNode {
  const t = useWords(captureWords);
  const w = useWords(words);
  const attribute = (id: "vendor" | "model" | "firmware") =>
    textColumn<At<ResultAsset>>(id, t(id), (row) => row.attributes[id] ?? null);
  return (
    <DataTable<At<ResultAsset>>
      id="ot-capture-assets"
      label={t("device")}
      rows={numbered(rows)}
      rowKey={(row) => String(row.at)}
      rowName={(row) => row.name}
      sort="device"
      urlKey="assets."
      empty={<Empty title={t("assets.none")} />}
      columns={[
        textColumn("device", t("device"), (row) => row.attributes["name"] ?? row.name, { fill: true }),
        roleColumn(
          "role",
          t("role"),
          (row) => row.role,
          (role) => w(`role.${role}`),
        ),
        attribute("vendor"),
        attribute("model"),
        attribute("firmware"),
        textColumn("address", t("address"), (row) => row.addresses.join(" ")),
        textColumn("mac", t("mac"), (row) => row.macs.join(" "), { hidden: true }),
        textColumn("protocols", t("protocols"), (row) => row.protocols.join(", "), { width: "16rem" }),
      ]}
    />
  );
}

function Commands({ rows }: { readonly rows: readonly ResultCommand[] }): ReactNode {
  const t = useWords(captureWords);
  const w = useWords(words);
  return (
    <DataTable<At<ResultCommand>>
      id="ot-capture-commands"
      label={t("command")}
      rows={numbered(rows)}
      rowKey={(row) => String(row.at)}
      rowName={(row) => row.name}
      sort="critical"
      urlKey="commands."
      empty={<Empty title={t("commands.none")} />}
      columns={[
        stateColumn("critical", t("critical"), ({ critical }) => ({
          state: critical ? "bad" : "good",
          label: t(critical ? "critical" : "ordinary"),
          order: critical ? 0 : 1,
        })),
        textColumn("from", t("from"), (row) => row.client),
        textColumn("to", t("to"), (row) => row.server),
        textColumn("protocol", t("protocol"), (row) => row.protocol),
        textColumn("command", t("command"), (row) => row.name, { fill: true }),
        textColumn("class", t("class"), (row) => w(`class.${row.class}`)),
        countColumn("count", t("count"), (row) => row.count),
      ]}
    />
  );
}

function Quality({ report }: { readonly report: CaptureReport }): ReactNode {
  const t = useWords(captureWords);
  const troubled = report.quality.filter(({ advice }) => advice.length > 0);
  if (troubled.length === 0) return <StateMark state="good" label={t("well")} />;
  return (
    <>
      {troubled.map(({ name, advice }) => (
        <Banner key={name} title={name}>
          <ul>
            {advice.map((sentence) => (
              <li key={sentence}>{sentence}</li>
            ))}
          </ul>
        </Banner>
      ))}
    </>
  );
}
