/** An external ClickHouse (one server or a cluster's door) through its HTTP interface. */
import { Readable } from "node:stream";
import type { ClickHouseClient } from "@clickhouse/client";
import { ClickHouseError, ClickHouseLogLevel, createClient } from "@clickhouse/client";
import type { Engine } from "./engine.ts";
import { DUMP_WITHIN, insertSettings, intoOf, loadSettings, querySettings } from "./engine.ts";
import { quoteName } from "./literals.ts";
import { EngineGone, EngineRefused } from "./trouble.ts";

export interface ExternalClickHouseOptions {
  /** `http(s)://user:password@host:port/database`; the database is made when absent and allowed. */
  readonly url: string;
  /** On a cluster an insert must wait until the shards have it. */
  readonly cluster?: string;
}

/** What goes wrong is told by our own errors. */
const quiet = { level: ClickHouseLogLevel.OFF };
/** Statements of definition and deletion may take long. */
const COMMAND_WITHIN = 600_000;

export async function openExternalClickHouse(options: ExternalClickHouseOptions): Promise<Engine> {
  const url = new URL(options.url);
  const database = url.pathname.slice(1) || "yagura";
  url.pathname = "/";
  const first = createClient({ url, application: "yagura", log: quiet });
  await asked(async () => {
    const on = options.cluster === undefined ? "" : ` ON CLUSTER ${quoteName(options.cluster)}`;
    await first.command({ query: `CREATE DATABASE IF NOT EXISTS ${quoteName(database)}${on}` });
  }).finally(() => first.close());
  const client = createClient({
    url,
    database,
    application: "yagura",
    request_timeout: COMMAND_WITHIN,
    log: quiet,
  });
  return engineOver(client, database, options.cluster !== undefined);
}

function engineOver(client: ClickHouseClient, database: string, cluster: boolean): Engine {
  return {
    kind: "external",
    database,
    command: (sql, parameters = {}) =>
      asked(async () => void (await client.command({ query: sql, query_params: { ...parameters } }))),
    rows: (sql, parameters, timeout) =>
      asked(async () => {
        const result = await client.query({
          query: sql,
          format: "JSONEachRow",
          query_params: { ...parameters },
          clickhouse_settings: { ...querySettings, max_execution_time: timeout / 1000 },
        });
        return Buffer.from(await result.text());
      }),
    blocks: (sql, parameters, timeout) =>
      asked(async () => {
        const { stream } = await client.exec({
          query: `${sql}\nFORMAT Native`,
          query_params: { ...parameters },
          clickhouse_settings: { ...querySettings, max_execution_time: timeout / 1000 },
        });
        const parts: Uint8Array[] = [];
        for await (const chunk of stream) parts.push(chunk as Uint8Array);
        return Buffer.concat(parts);
      }),
    insert: (insert) =>
      asked(async () => {
        const settings = {
          ...insertSettings(insert.token),
          ...(cluster ? { distributed_foreground_insert: 1 as const } : {}),
        };
        const done = await client.exec({
          query: `${intoOf(insert)} FORMAT Native`,
          values: Readable.from([insert.block]),
          clickhouse_settings: { ...settings, wait_end_of_query: 1 } as never,
        });
        for await (const _ of done.stream);
        // The server refuses a block that is cut short, and counts what it read.
        return Number(done.summary?.read_rows ?? insert.rows);
      }),
    stream: (sql, parameters, format, timeout) => streamed(client, sql, parameters, format, timeout),
    dump: (table, columns) =>
      streamed(
        client,
        `SELECT ${columns.map(quoteName).join(", ")} FROM ${quoteName(table)}`,
        {},
        "Native",
        DUMP_WITHIN,
      ),
    load: (table, columns, bytes) =>
      asked(async () => {
        const done = await client.exec({
          query: `${intoOf({ table, columns })} FORMAT Native`,
          values: Readable.from(bytes),
          clickhouse_settings: { ...loadSettings, wait_end_of_query: 1 } as never,
        });
        for await (const _ of done.stream);
        return Number(done.summary?.read_rows ?? 0);
      }),
    ready: async () => (await client.ping()).success,
    close: () => client.close(),
  };
}

async function* streamed(
  client: ClickHouseClient,
  sql: string,
  parameters: Parameters<Engine["stream"]>[1],
  format: string,
  timeout: number,
): AsyncGenerator<Uint8Array> {
  const abort = new AbortController();
  try {
    const { stream } = await asked(() =>
      client.exec({
        query: `${sql}\nFORMAT ${format}`,
        query_params: { ...parameters },
        // A download that is broken off must not go on working.
        clickhouse_settings: { max_execution_time: timeout / 1000, cancel_http_readonly_queries_on_client_close: 1 },
        abort_signal: abort.signal,
      }),
    );
    for await (const chunk of stream) yield chunk as Uint8Array;
  } finally {
    abort.abort();
  }
}

async function asked<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ClickHouseError) throw new EngineRefused(error.message, Number(error.code));
    throw new EngineGone((error as Error).message);
  }
}
