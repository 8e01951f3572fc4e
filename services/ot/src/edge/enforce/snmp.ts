/** SNMP as promises (net-snmp): get, walk a column, set an integer. Version 3 with authPriv, or 2c. */
import { isIPv6 } from "node:net";
import snmp from "net-snmp";
import type { SwitchAccess } from "./file.ts";
import { Trouble } from "./trouble.ts";

/** Rows of a column that are read; a switch with more is not one beside a machine. */
const MAX_ROWS = 20_000;
const AT_ONCE = 25;
const TIMEOUT_MS = 2_000;
const RETRIES = 2;
/** Bits of msgFlags (RFC 3412, section 6.4): authenticated and encrypted. */
const AUTH_PRIV = 3;

export interface Snmp {
  /** Values in the order of the objects; null where the agent has none. Throws Trouble. */
  get(oids: readonly string[]): Promise<(number | string | null)[]>;
  /** A column: what comes after its OID, and the value. Throws Trouble. */
  column(oid: string): Promise<ReadonlyMap<string, number | string>>;
  /** Throws Trouble. */
  set(oid: string, value: number): Promise<void>;
  close(): void;
}

export function openSnmp({ address, port, context, security }: SwitchAccess): Snmp {
  const options = {
    port,
    transport: isIPv6(address) ? "udp6" : "udp4",
    timeout: TIMEOUT_MS,
    retries: RETRIES,
    backwardsGetNexts: false,
    reportOidMismatchErrors: true,
    ...(context === null ? {} : { context }),
  } as const;
  const session =
    security.version === "2c"
      ? snmp.createSession(address, security.community, { ...options, version: snmp.Version2c })
      : snmp.createV3Session(
          address,
          {
            name: security.user,
            level: snmp.SecurityLevel.authPriv,
            authProtocol: snmp.AuthProtocols[security.authentication],
            authKey: security.authenticationKey,
            privProtocol: snmp.PrivProtocols[security.privacy],
            privKey: security.privacyKey,
          },
          options,
        );
  // Whatever else arrives at the socket.
  session.on("error", () => undefined);
  if (security.version === "3") needProof(session);
  return {
    get: (oids) =>
      new Promise((resolve, reject) => {
        session.get(oids, (error, found = []) => {
          if (error === null) resolve(found.map((one) => (snmp.isVarbindError(one) ? null : valueOf(one.value))));
          else reject(troubleOf(error));
        });
      }),
    column: (oid) =>
      new Promise((resolve, reject) => {
        const rows = new Map<string, number | string>();
        session.subtree(
          oid,
          AT_ONCE,
          (found) => {
            for (const one of found)
              if (!snmp.isVarbindError(one)) rows.set(one.oid.slice(oid.length + 1), valueOf(one.value));
            return rows.size >= MAX_ROWS;
          },
          (error) => {
            if (error !== null) reject(troubleOf(error));
            // A table that was cut would count too few devices behind an uplink.
            else if (rows.size >= MAX_ROWS)
              reject(new Trouble("switch-refuses", "a table has more rows than are read"));
            else resolve(rows);
          },
        );
      }),
    set: (oid, value) =>
      new Promise((resolve, reject) => {
        session.set([{ oid, type: snmp.ObjectType.Integer, value }], (error) =>
          error === null ? resolve() : reject(troubleOf(error)),
        );
      }),
    close: () => session.close(),
  };
}

const valueOf = (value: unknown): number | string =>
  typeof value === "number" ? value : Buffer.isBuffer(value) ? value.toString("utf8") : String(value);

/**
 * The library checks a signature where an answer says that it has one. Somebody on the line could answer without: such answers
 * would choose the port that is shut. Here only answers as strong as the question are taken.
 */
function needProof(session: import("net-snmp").Session): void {
  const take = session.onSimpleGetResponse.bind(session);
  session.onSimpleGetResponse = (request, message) => {
    if (((message.msgGlobalData?.msgFlags ?? 0) & AUTH_PRIV) === AUTH_PRIV) take(request, message);
    else request.responseCb(new Trouble("answer-unproven", "an SNMPv3 answer without authentication and encryption"));
  };
}

function troubleOf(error: Error): Trouble {
  if (error instanceof Trouble) return error;
  if (error.name === "RequestTimedOutError") return new Trouble("unreachable", error.message, { passing: true });
  if (error.name === "RequestFailedError") return new Trouble("switch-refuses", error.message, { certain: true });
  if (error.name === "ResponseInvalidError") return new Trouble("switch-refuses", error.message);
  return new Trouble("unreachable", error.message, { passing: true });
}
