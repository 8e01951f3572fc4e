/** Raw samples of a session as a file (EXP-T10): CSV, JSON lines or Parquet, streamed, any length of time. */
import type { ExportFormat } from "@yagura/store/store.ts";
import { DELAY_STEP } from "../ingest/rows.ts";
import { methods, outcomes } from "../wire/samples.ts";
import { answered, ofSession, within, type Place } from "./sql.ts";

const words = (list: readonly string[]): string => `[${list.map((word) => `'${word}'`).join(", ")}]`;
const wordOf = (list: readonly string[], column: string): string =>
  `if(${column} < ${list.length}, arrayElement(${words(list)}, ${column} + 1), toString(${column}))`;
const orNull = (column: string): string => `nullIf(${column}, 0)`;

/** Columns of an export in their order: name, SQL, meaning. docs/experience-figures.md lists the same by test. */
export const exportColumns: readonly { readonly name: string; readonly sql: string; readonly meaning: string }[] = [
  { name: "time", sql: "at", meaning: "scheduled slot, UTC, server's clock, to 1 µs" },
  { name: "session_id", sql: "session", meaning: "the session" },
  { name: "outcome", sql: wordOf(outcomes, "outcome"), meaning: `one of ${outcomes.join(", ")}` },
  { name: "rtt_us", sql: `if(${answered}, rtt, null)`, meaning: "round trip, µs; empty where there was no answer" },
  {
    name: "send_delay_us",
    sql: `delay * ${DELAY_STEP}`,
    meaning: `actual send time minus slot, µs, to ${DELAY_STEP} µs`,
  },
  { name: "duplicate", sql: "bitTest(flags, 0)", meaning: "1 when the answer came more than once" },
  { name: "reordered", sql: "bitTest(flags, 1)", meaning: "1 when a later probe was answered before" },
  { name: "method", sql: wordOf(methods, "method"), meaning: "how it was measured" },
  { name: "error_bound_us", sql: "bound", meaning: "bound of the measuring error, µs" },
  { name: "resolve_us", sql: orNull("resolve"), meaning: "name resolution, µs; empty where there is none" },
  { name: "connect_us", sql: orNull("connect"), meaning: "TCP connection, µs; empty where there is none" },
  { name: "tls_us", sql: orNull("tls"), meaning: "TLS handshake, µs; empty where there is none" },
  { name: "first_byte_us", sql: orNull("first_byte"), meaning: "request to first byte, µs; empty where there is none" },
  { name: "transfer_us", sql: orNull("transfer"), meaning: "first to last byte, µs; empty where there is none" },
  { name: "http_status", sql: orNull("status"), meaning: "HTTP status; empty where there is none" },
];

export const contentTypes: Readonly<Record<ExportFormat, string>> = {
  csv: "text/csv; charset=utf-8; header=present",
  jsonl: "application/x-ndjson; charset=utf-8",
  parquet: "application/vnd.apache.parquet",
};

/** Samples of [from, to) µs in the order of their slots. */
export function exportSamples(
  place: Place,
  from: number,
  to: number,
  format: ExportFormat,
): Promise<AsyncIterable<Uint8Array>> {
  // The names of the file must not hide the table's columns, so they are given one level up.
  const inner = exportColumns.map(({ sql }, i) => `${sql} as c${i}`).join(", ");
  const outer = exportColumns.map(({ name }, i) => `c${i} as ${name}`).join(", ");
  return place.telemetry.export(
    place.organisation,
    `select ${outer} from (
      select ${inner} from experience_sample where ${ofSession} and ${within} order by at
    ) settings date_time_output_format = 'iso'`,
    { session: place.session, from, to },
    format,
  );
}
