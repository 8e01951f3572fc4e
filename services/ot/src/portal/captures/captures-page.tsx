/** Captures handed in for a one-off analysis (OT-32). */
import { useRef, useState, type ReactNode } from "react";
import { ApiError } from "@yagura/portal/api.ts";
import { useFormat, useLanguage, useWords } from "@yagura/portal/language.tsx";
import { Button } from "@yagura/portal/parts/button.tsx";
import { actorColumn, bytesColumn, stateColumn, textColumn, whenColumn } from "@yagura/portal/parts/columns.tsx";
import { Empty, ErrorBox } from "@yagura/portal/parts/notice.tsx";
import { Page as Frame } from "@yagura/portal/parts/page.tsx";
import { DataTable } from "@yagura/portal/parts/table.tsx";
import { useLive, useMe, useOrganisation } from "@yagura/portal/session.tsx";
import { useGo } from "@yagura/portal/url-state.ts";
import type { CaptureUpload } from "../../wire/api-register.ts";
import { useList, useRefresh } from "../queries.ts";
import { words } from "../words.ts";
import { captureMarks } from "./marks.ts";
import { sendCapture } from "./send.ts";
import { captureWords } from "./words.ts";
import "../ot.css";

/** Bytes that the server takes. */
const LIMIT = 128 * 1024 * 1024;

export function Page(): ReactNode {
  const t = useWords(captureWords);
  const w = useWords(words);
  const format = useFormat();
  const here = useOrganisation();
  const path = here.api("/ot/captures");
  useLive(["ot.capture"], { refresh: [path] });
  const list = useList<CaptureUpload>(path, undefined, { every: 60_000 });
  return (
    <Frame title={w("nav.captures")} lead={t("lead")}>
      {here.can("ot.write") ? <Upload path={path} /> : null}
      <DataTable<CaptureUpload>
        id="ot-captures"
        label={w("nav.captures")}
        rows={list.rows}
        error={list.error}
        retry={list.refetch}
        rowKey={(row) => row.id}
        rowName={(row) => row.name}
        rowHref={(row) => here.path(`ot/captures/${row.id}`)}
        sort="-created"
        empty={<Empty title={t("none")}>{t("noneText")}</Empty>}
        columns={[
          stateColumn("state", t("state"), ({ state }) => ({ ...captureMarks[state], label: t(`state.${state}`) })),
          textColumn("name", t("name"), (row) => row.name, { fill: true }),
          bytesColumn("size", t("size"), (row) => row.bytes),
          {
            id: "packets",
            head: t("packets"),
            align: "end",
            descending: true,
            text: (row) => row.packets,
            cell: (row) => format.number(row.packets),
          },
          whenColumn("created", t("created"), (row) => row.createdAt),
          actorColumn("by", t("by"), (row) => row.createdBy),
        ]}
      />
    </Frame>
  );
}

interface Going {
  readonly name: string;
  readonly share: number;
  readonly stop: () => void;
}
function useUpload(path: string) {
  const t = useWords(captureWords);
  const format = useFormat();
  const { language } = useLanguage();
  const { csrf } = useMe();
  const here = useOrganisation();
  const go = useGo();
  const refresh = useRefresh();
  const [going, setGoing] = useState<Going | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [error, setError] = useState<ApiError | null>(null);
  const take = async (file: File): Promise<void> => {
    setError(null);
    setProblem(null);
    if (file.size === 0) return setProblem(t("empty"));
    if (file.size > LIMIT) {
      return setProblem(t("tooLarge", { size: format.bytes(file.size), limit: format.bytes(LIMIT) }));
    }
    const stopping = new AbortController();
    const shown = (share: number): void => setGoing({ name: file.name, share, stop: () => stopping.abort() });
    shown(0);
    try {
      const made = await sendCapture({ path, file, csrf, language, signal: stopping.signal, progress: shown });
      refresh([path]);
      if (made !== null) go(here.path(`ot/captures/${made.id}`));
    } catch (cause) {
      if (!(cause instanceof ApiError)) throw cause;
      setError(cause);
    } finally {
      setGoing(null);
    }
  };
  return { going, problem, error, take: (file: File | undefined) => void (file === undefined ? null : take(file)) };
}

function Upload({ path }: { readonly path: string }): ReactNode {
  const t = useWords(captureWords);
  const { going, problem, error, take } = useUpload(path);
  const input = useRef<HTMLInputElement>(null);
  return (
    <div
      className="ot-drop"
      onDragOver={(event) => event.preventDefault()}
      onDrop={(event) => {
        event.preventDefault();
        take(event.dataTransfer.files[0]);
      }}
    >
      <input
        ref={input}
        type="file"
        className="unseen"
        tabIndex={-1}
        aria-label={t("upload")}
        accept=".pcap,.pcapng,.cap,.gz,.zst"
        onChange={(event) => {
          const file = event.target.files?.[0];
          // The same file may be chosen again after a refusal.
          event.target.value = "";
          take(file);
        }}
      />
      {going === null ? (
        <>
          <Button kind="primary" onClick={() => input.current?.click()}>
            {t("upload")}
          </Button>{" "}
          <span className="soft">{t("drop")}</span>
        </>
      ) : (
        <Progress going={going} />
      )}
      <p className="soft small">{t("kept")}</p>
      <p className="field-error" aria-live="polite">
        {problem}
      </p>
      {error === null ? null : <ErrorBox error={error} />}
    </div>
  );
}

function Progress({ going }: { readonly going: Going }): ReactNode {
  const t = useWords(captureWords);
  const format = useFormat();
  const label = t("sending", { name: going.name });
  return (
    <div className="ot-progress">
      <span>
        {label} <span className="figures">{format.percent(Math.floor(going.share * 100) / 100)}</span>
      </span>
      <progress value={going.share} max={1} aria-label={label} />
      <Button kind="quiet" onClick={going.stop}>
        {t("stop")}
      </Button>
    </div>
  );
}
