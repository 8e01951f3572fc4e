/** Options of the control plane: command line first, then environment, then defaults. docs/operations.md lists them. */
import { isIP } from "node:net";
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
  /** Name of a ClickHouse cluster; null: one server. */
  readonly clickhouseCluster: string | null;
  readonly smtpUrl: string | null;
  readonly tlsCertificate: string | null;
  readonly tlsKey: string | null;
  readonly plainHttp: boolean;
  /** Addresses and networks of proxies whose X-Forwarded-* headers are believed; empty: none. */
  readonly trustProxy: readonly string[];
  readonly logLevel: string;
  /** The agent of this machine: none, one that measures this machine only, or one that also asks its gateway and resolver. */
  readonly localAgent: "off" | "loopback" | "on";
  /** A sensor that watches a synthetic factory runs too, in the provider's own organisation. */
  readonly demo: boolean;
  /** Whereto alerts of customers may be sent: the internet only, or private networks and this machine too. */
  readonly alertReach: "public" | "any";
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
  const port = readPort(text("port", "YAGURA_PORT") ?? String(DEFAULT_PORT));
  const publicUrl = text("public-url", "YAGURA_PUBLIC_URL");
  if (publicUrl !== null && !/^https?:$/.test(URL.parse(publicUrl)?.protocol ?? "")) {
    throw raise("OPTION_INVALID", { option: "--public-url", value: publicUrl, allowed: "https://…, http://…" });
  }
  const tlsCertificate = text("tls-cert", "YAGURA_TLS_CERT");
  const tlsKey = text("tls-key", "YAGURA_TLS_KEY");
  if ((tlsCertificate === null) !== (tlsKey === null)) throw raise("TLS_FILES_BOTH");
  const data = values.data;
  return {
    dataFolder: data === undefined ? defaultDataFolder(environment, root) : resolve(data),
    host: text("host", "YAGURA_HOST") ?? "localhost",
    port,
    publicUrl: publicUrl?.replace(/\/+$/, "") ?? null,
    databaseUrl: readSecretUrl(environment, "DATABASE_URL", ["postgresql", "postgres"]),
    clickhouseUrl: readSecretUrl(environment, "CLICKHOUSE_URL", ["https", "http"]),
    clickhouseCluster: readCluster(environment["YAGURA_CLICKHOUSE_CLUSTER"] ?? "", environment["CLICKHOUSE_URL"] ?? ""),
    smtpUrl: readSecretUrl(environment, "YAGURA_SMTP_URL", ["smtps", "smtp"]),
    tlsCertificate,
    tlsKey,
    plainHttp: values["plain-http"] === true,
    trustProxy: readProxies(text("trust-proxy", "YAGURA_TRUST_PROXY") ?? ""),
    logLevel: oneOf("--log-level", LOG_LEVELS, text("log-level", "YAGURA_LOG_LEVEL") ?? "warn"),
    localAgent: oneOf("--local-agent", LOCAL_AGENTS, text("local-agent", "YAGURA_LOCAL_AGENT") ?? "on"),
    demo: values.demo === true,
    alertReach: oneOf("--alert-reach", ALERT_REACHES, text("alert-reach", "YAGURA_ALERT_REACH") ?? "public"),
  };
}

const LOG_LEVELS = ["trace", "debug", "info", "warn", "error", "fatal", "silent"] as const;
const LOCAL_AGENTS = ["on", "loopback", "off"] as const;
const ALERT_REACHES = ["public", "any"] as const;

function oneOf<const T extends string>(option: string, allowed: readonly T[], value: string): T {
  const found = allowed.find((one) => one === value);
  if (found === undefined) throw raise("OPTION_INVALID", { option, value, allowed: allowed.join(", ") });
  return found;
}

/** An address that may hold a password, so that it is not repeated in the message. */
function readSecretUrl(environment: NodeJS.ProcessEnv, option: string, schemes: readonly string[]): string | null {
  const value = environment[option];
  if (value === undefined || value === "") return null;
  if (schemes.includes((URL.parse(value)?.protocol ?? "").replace(/:$/, ""))) return value;
  const allowed = schemes.map((scheme) => `${scheme}://…`).join(", ");
  throw raise("OPTION_INVALID", { option, value: "…", allowed });
}

/** Addresses, or networks in CIDR notation, separated by commas. */
function readProxies(value: string): string[] {
  const proxies = value
    .split(",")
    .map((one) => one.trim())
    .filter((one) => one !== "");
  for (const one of proxies) {
    const [address = "", length, ...more] = one.split("/");
    const bits = isIP(address) === 4 ? 32 : isIP(address) === 6 ? 128 : -1;
    const isNetwork = length === undefined || (/^\d{1,3}$/.test(length) && Number(length) <= bits);
    if (bits < 0 || !isNetwork || more.length > 0)
      throw raise("OPTION_INVALID", {
        option: "--trust-proxy",
        value: one,
        allowed: "192.0.2.1, 10.0.0.0/8, 2001:db8::/32",
      });
  }
  return proxies;
}

/** A cluster is a matter of an external ClickHouse; its name becomes part of the definitions. */
function readCluster(value: string, clickhouseUrl: string): string | null {
  if (value === "") return null;
  if (clickhouseUrl !== "" && /^[A-Za-z_][A-Za-z0-9_-]{0,63}$/.test(value)) return value;
  const allowed = "CLICKHOUSE_URL + [A-Za-z_][A-Za-z0-9_-]*";
  throw raise("OPTION_INVALID", { option: "YAGURA_CLICKHOUSE_CLUSTER", value, allowed });
}

function readPort(value: string): number {
  const port = Number(value);
  if (value.trim() === "" || !Number.isInteger(port) || port < 0 || port > 65_535) {
    throw raise("OPTION_INVALID", { option: "--port", value, allowed: "0–65535" });
  }
  return port;
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
        "trust-proxy": { type: "string" },
        "log-level": { type: "string" },
        "local-agent": { type: "string" },
        "alert-reach": { type: "string" },
        demo: { type: "boolean" },
      },
    });
  } catch (error) {
    throw raise("OPTION_UNKNOWN", { detail: error instanceof Error ? error.message : String(error) });
  }
}
