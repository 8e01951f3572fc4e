/** Options of the control plane: command line first, then environment, then defaults. docs/operations.md lists them. */
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { raise } from "./errors.ts";

export interface Options {
  readonly dataFolder: string;
  readonly host: string;
  readonly port: number;
  readonly publicUrl: string | null;
  readonly databaseUrl: string | null;
  readonly clickhouseUrl: string | null;
  readonly smtpUrl: string | null;
  readonly tlsCertificate: string | null;
  readonly tlsKey: string | null;
  readonly plainHttp: boolean;
  readonly logLevel: string;
  /** The agent of this machine: none, one that measures this machine only, or one that also asks its gateway and resolver. */
  readonly localAgent: "off" | "loopback" | "on";
}

export const DEFAULT_PORT = 8480;

/** `/var/lib/yagura` for root, else `$XDG_DATA_HOME/yagura` or `~/.local/share/yagura`. */
export function defaultDataFolder(environment: NodeJS.ProcessEnv, root: boolean): string {
  if (environment["YAGURA_DATA"]) return resolve(environment["YAGURA_DATA"]);
  if (root) return "/var/lib/yagura";
  return join(environment["XDG_DATA_HOME"] ?? join(homedir(), ".local", "share"), "yagura");
}

/** Throws OPTION_UNKNOWN or OPTION_INVALID with the name and what is allowed. */
export function readOptions(argv: readonly string[], environment: NodeJS.ProcessEnv, root: boolean): Options {
  const { values } = parse(argv);
  const text = (name: keyof typeof values & string, variable: string): string | null => {
    const value = values[name];
    return (typeof value === "string" ? value : environment[variable]) || null;
  };
  const port = Number(text("port", "YAGURA_PORT") ?? DEFAULT_PORT);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw raise("OPTION_INVALID", { option: "--port", value: String(values.port), allowed: "0–65535" });
  }
  const publicUrl = text("public-url", "YAGURA_PUBLIC_URL");
  if (publicUrl !== null && !URL.canParse(publicUrl)) {
    throw raise("OPTION_INVALID", { option: "--public-url", value: publicUrl, allowed: "https://…" });
  }
  const localAgent = text("local-agent", "YAGURA_LOCAL_AGENT") ?? "on";
  if (localAgent !== "off" && localAgent !== "loopback" && localAgent !== "on") {
    throw raise("OPTION_INVALID", { option: "--local-agent", value: localAgent, allowed: "on, loopback, off" });
  }
  const data = values.data;
  return {
    dataFolder: data === undefined ? defaultDataFolder(environment, root) : resolve(data),
    host: text("host", "YAGURA_HOST") ?? "localhost",
    port,
    publicUrl: publicUrl?.replace(/\/+$/, "") ?? null,
    databaseUrl: environment["DATABASE_URL"] || null,
    clickhouseUrl: environment["CLICKHOUSE_URL"] || null,
    smtpUrl: environment["YAGURA_SMTP_URL"] || null,
    tlsCertificate: text("tls-cert", "YAGURA_TLS_CERT"),
    tlsKey: text("tls-key", "YAGURA_TLS_KEY"),
    plainHttp: values["plain-http"] === true,
    logLevel: text("log-level", "YAGURA_LOG_LEVEL") ?? "warn",
    localAgent,
  };
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      allowPositionals: false,
      options: {
        data: { type: "string" },
        port: { type: "string" },
        host: { type: "string" },
        "public-url": { type: "string" },
        "tls-cert": { type: "string" },
        "tls-key": { type: "string" },
        "plain-http": { type: "boolean" },
        "log-level": { type: "string" },
        "local-agent": { type: "string" },
      },
    });
  } catch (error) {
    throw raise("OPTION_UNKNOWN", { detail: error instanceof Error ? error.message : String(error) });
  }
}
