/**
 * Speaks enough of ClickHouse's HTTP interface for @clickhouse/client, over the embedded engine: the path of an external
 * ClickHouse is tested against it. No real cluster was run.
 */
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { EmbeddedClickHouse } from "@yagura/store/clickhouse/embedded.ts";
import { quote } from "@yagura/store/clickhouse/literals.ts";
import { EngineRefused } from "@yagura/store/clickhouse/trouble.ts";

export interface ClickHouseFront {
  /** `http://yagura:secret@127.0.0.1:port/yagura` */
  readonly url: string;
  /** Requests that were answered, by their first word. */
  readonly asked: Readonly<Record<string, number>>;
  close(): Promise<void>;
}

const USER = "yagura";
const PASSWORD = "secret";

/** Parameters of the interface itself; all others are settings of the query. */
const ownParameters = new Set([
  "query",
  "database",
  "query_id",
  "session_id",
  "wait_end_of_query",
  "default_format",
  "role",
]);

/** Starts the front on a free port of the loopback interface. */
export async function startClickHouseFront(engine: EmbeddedClickHouse): Promise<ClickHouseFront> {
  const asked: Record<string, number> = {};
  const server = createServer((request, response) => {
    answer(engine, asked, request, response).catch((error: unknown) => refuse(response, error));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://${USER}:${PASSWORD}@127.0.0.1:${port}/yagura`, asked, close: () => closed(server) };
}

const closed = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });

async function answer(
  engine: EmbeddedClickHouse,
  asked: Record<string, number>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = new URL(request.url ?? "/", "http://front");
  if (url.pathname === "/ping") return void response.end("Ok.\n");
  if (!authorised(request)) throw new EngineRefused("Authentication failed. (AUTHENTICATION_FAILED)", 516);
  const parts: Buffer[] = [];
  for await (const chunk of request) parts.push(chunk as Buffer);
  const body = Buffer.concat(parts);
  const given = url.searchParams.get("query");
  const query = (given ?? body.toString("utf8")).trim();
  const word = query.split(/\s/)[0]?.toUpperCase() ?? "";
  asked[word] = (asked[word] ?? 0) + 1;
  const insert = /^(INSERT INTO .*)\sFORMAT Native$/s.exec(query);
  if (insert !== null)
    return await takeBlock(engine, insert[1] ?? "", url, given === null ? Buffer.alloc(0) : body, response);
  const select = /^(.*)\sFORMAT (\w+)$/s.exec(query);
  if (select === null) {
    await engine.command(`${sets(url)}${query}`);
    return void response.end();
  }
  const bytes = engine.stream(`${sets(url)}${select[1]}`, {}, select[2] ?? "", 600_000);
  for await (const chunk of bytes) {
    const taken = response.write(chunk);
    // Closed may have been said already, and is said once only.
    if (response.destroyed || response.closed) return;
    if (!taken) await new Promise((resolve) => response.once("drain", resolve).once("close", resolve));
  }
  response.end();
}

async function takeBlock(
  engine: EmbeddedClickHouse,
  into: string,
  url: URL,
  block: Buffer,
  response: ServerResponse,
): Promise<void> {
  const settings = settingsOf(url)
    .map(([name, value]) => `${name} = ${quote(value)}`)
    .join(", ");
  const rows = await engine.insertBlock(into, settings, block);
  response.setHeader("x-clickhouse-summary", JSON.stringify({ read_rows: String(rows), written_rows: String(rows) }));
  response.end();
}

const settingsOf = (url: URL): [string, string][] =>
  [...url.searchParams].filter(([name]) => !ownParameters.has(name) && !name.startsWith("param_"));

/** Settings and parameters arrive as text in the interface's own escaping, which `SET` understands as well. */
function sets(url: URL): string {
  const all = [...settingsOf(url), ...[...url.searchParams].filter(([name]) => name.startsWith("param_"))];
  return all.length === 0 ? "" : `SET ${all.map(([name, value]) => `${name} = ${quote(value)}`).join(", ")};\n`;
}

function authorised(request: IncomingMessage): boolean {
  const { authorization } = request.headers;
  const basic = Buffer.from(authorization?.replace(/^Basic /, "") ?? "", "base64").toString("utf8");
  const keys = `${String(request.headers["x-clickhouse-user"] ?? "")}:${String(request.headers["x-clickhouse-key"] ?? "")}`;
  return [basic, keys].includes(`${USER}:${PASSWORD}`);
}

function refuse(response: ServerResponse, error: unknown): void {
  if (response.headersSent) return void response.destroy();
  const code = error instanceof EngineRefused ? (error.code ?? 1001) : 1001;
  response.statusCode = code === 516 ? 403 : 500;
  response.setHeader("x-clickhouse-exception-code", String(code));
  const { message } = error as Error;
  response.end(message.startsWith("Code:") ? message : `Code: ${code}. DB::Exception: ${message}`);
}
