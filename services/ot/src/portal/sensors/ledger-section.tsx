/** The ledger of uploads as the server received it: is the chain whole, its newest links, and an export for the sensor to check (OT-N1). */
import { useState, type ReactNode } from "react";
import type { Static } from "typebox";
import { api, ApiError, saveFile } from "@yagura/portal/api.ts";
import { useFormat, useWords } from "@yagura/portal/language.tsx";
import { Button } from "@yagura/portal/parts/button.tsx";
import { countColumn, stateColumn, textColumn, whenColumn } from "@yagura/portal/parts/columns.tsx";
import { Empty, ErrorBox } from "@yagura/portal/parts/notice.tsx";
import { Facts, Section } from "@yagura/portal/parts/page.tsx";
import { StateMark } from "@yagura/portal/parts/state-mark.tsx";
import { DataTable } from "@yagura/portal/parts/table.tsx";
import type { LedgerEntry, LedgerPage, SensorDetail } from "../../wire/api.ts";
import { useGet } from "../queries.ts";
import { sensorWords } from "./words.ts";

/** Uploads of one answer of the API. */
const PAGE = 10_000;
/** Newest uploads that are shown. */
const SHOWN = 100;
type Entries = Static<typeof LedgerPage>;

/** The whole chain, page by page. */
async function wholeLedger(path: string): Promise<LedgerEntry[]> {
  const all: LedgerEntry[] = [];
  for (;;) {
    const { items } = await api.get<Entries>(`${path}/ledger`, { limit: PAGE, before: all.at(-1)?.number ?? null });
    all.push(...items);
    if (items.length < PAGE) return all;
  }
}

interface LedgerProps {
  readonly ledger: SensorDetail["ledger"];
  readonly label: string;
  readonly path: string;
}
export function LedgerSection({ ledger, label, path }: LedgerProps): ReactNode {
  const t = useWords(sensorWords);
  const format = useFormat();
  return (
    <Section
      title={t("ledger")}
      lead={t("ledger.lead")}
      actions={ledger.uploads === 0 ? undefined : <Export label={label} path={path} />}
    >
      <Facts
        facts={[
          {
            name: t("state"),
            value: (
              <StateMark
                state={ledger.state === "broken" ? "bad" : ledger.state === "empty" ? "unknown" : "good"}
                label={
                  ledger.state === "broken"
                    ? t("ledger.broken", { n: format.number(ledger.breaks) })
                    : t(`ledger.${ledger.state}`)
                }
              />
            ),
          },
          { name: t("uploads"), value: format.number(ledger.uploads) },
          { name: t("newest"), value: format.number(ledger.number) },
          { name: t("hash"), value: <code className="ot-hash">{ledger.hash ?? "–"}</code> },
        ]}
      />
      {ledger.uploads === 0 ? null : <Newest path={path} />}
    </Section>
  );
}

function Export({ label, path }: Pick<LedgerProps, "label" | "path">): ReactNode {
  const t = useWords(sensorWords);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ApiError | null>(null);
  const save = async (): Promise<void> => {
    setBusy(true);
    setError(null);
    try {
      const items = await wholeLedger(path);
      const text = JSON.stringify({ items }, null, 1);
      saveFile(new Blob([text], { type: "application/json" }), `ledger-${label.replaceAll(/[^\w.-]+/g, "_")}.json`);
    } catch (cause) {
      if (!(cause instanceof ApiError)) throw cause;
      setError(cause);
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <Button icon="download" busy={busy} onClick={() => void save()}>
        {t("ledger.export")}
      </Button>
      {error === null ? null : <ErrorBox error={error} />}
    </>
  );
}

const marks = { first: "good", unbroken: "good", missing: "notice", forked: "bad" } as const;

function Newest({ path }: { readonly path: string }): ReactNode {
  const t = useWords(sensorWords);
  const { data, error, refetch } = useGet<Entries>(`${path}/ledger`, { limit: SHOWN });
  return (
    <details className="ot-refused">
      <summary>{t("ledger.newest")}</summary>
      <DataTable<LedgerEntry>
        id="ot-ledger"
        label={t("ledger.newest")}
        rows={data?.items}
        error={error}
        retry={() => void refetch()}
        rowKey={(row) => row.hash}
        rowName={(row) => String(row.number)}
        sort="-number"
        urlKey="ledger."
        empty={<Empty title={t("ledger.empty")} />}
        columns={[
          countColumn("number", t("ledger.number"), (row) => row.number),
          stateColumn("link", t("ledger.link"), ({ link }) => ({ state: marks[link], label: t(`link.${link}`) })),
          whenColumn("from", t("ledger.from"), (row) => row.from),
          whenColumn("received", t("ledger.received"), (row) => row.receivedAt),
          countColumn("rows", t("ledger.rows"), (row) => row.rows),
          countColumn("texts", t("ledger.texts"), (row) => row.texts),
          textColumn("hash", t("hash"), (row) => row.hash, { fill: true }),
        ]}
      />
    </details>
  );
}
