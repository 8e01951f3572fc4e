/** What a running program says about itself to the person at the machine: a small file, read by `yagura agent status`. */
import { join } from "node:path";
import type { ClockOffset } from "@yagura/wire/envelope.ts";
import { readJson, replaceFile, writeWhole } from "./files.ts";

export interface EdgeStatus {
  /** Milliseconds since the epoch, this machine's clock. */
  readonly at: number;
  readonly pid: number;
  readonly state: "running" | "stopped" | "revoked";
  /** Why, when revoked. */
  readonly reason: string | null;
  readonly program: string;
  readonly version: string;
  readonly server: string | null;
  readonly device: string | null;
  readonly organisation: string | null;
  /** Whether the configuration stream is open. */
  readonly connected: boolean;
  readonly configuration: number | null;
  readonly acknowledgedAt: number | null;
  readonly trouble: string | null;
  readonly spool: { batches: number; bytes: number; limit: number; dropped: number; aside: number };
  readonly clock: ClockOffset | null;
  readonly capabilities: Readonly<Record<string, string>>;
  readonly warnings: readonly string[];
}

const statusFile = (folder: string): string => join(folder, "status.json");
const revokedFile = (folder: string): string => join(folder, "revoked.json");

/** Replaces the status; not synced, because it is about now only. A full disk is no reason to stop measuring. */
export function writeStatus(folder: string, status: EdgeStatus): void {
  try {
    replaceFile(statusFile(folder), JSON.stringify(status));
  } catch {
    // The log says what matters.
  }
}
/** The last status that was written, or null. */
export const readStatus = (folder: string): EdgeStatus | null => readJson<EdgeStatus>(statusFile(folder));

export interface Revoked {
  readonly device: string;
  readonly at: number;
  readonly reason: string;
}
/** Remembered, so that a program that was cut off does not knock for ever. */
export const writeRevoked = (folder: string, revoked: Revoked): void =>
  writeWhole(revokedFile(folder), JSON.stringify(revoked));
/** Null unless this device was cut off. */
export const readRevoked = (folder: string): Revoked | null => readJson<Revoked>(revokedFile(folder));

/** The status as a person reads it in a terminal. `now`: milliseconds. */
export function describeStatus(status: EdgeStatus, now: number): string {
  const ago = (at: number): string => `${Math.max(0, Math.round((now - at) / 1000))} s ago`;
  // A program that was killed could not say so.
  const silent = status.state === "running" && now - status.at > 20_000;
  const { spool, clock } = status;
  const lines: [string, string][] = [
    ["state", silent ? `not running (last heard of ${ago(status.at)})` : status.state],
    ...(status.reason === null ? [] : [["reason", status.reason] as [string, string]]),
    ["program", `${status.program} ${status.version}, process ${status.pid}`],
    ["server", `${status.server ?? "none"}${status.connected && !silent ? ", connected" : ", not connected"}`],
    ["device", status.device ?? "not enrolled"],
    ["configuration", status.configuration === null ? "none yet" : `version ${status.configuration}`],
    ["last upload", status.acknowledgedAt === null ? "none since the start" : ago(status.acknowledgedAt / 1000)],
    [
      "waiting",
      `${spool.batches} batches, ${spool.bytes} of ${spool.limit} bytes; ${spool.dropped} dropped, ${spool.aside} set aside`,
    ],
    [
      "clock",
      clock === null
        ? "not compared yet"
        : `${(Math.abs(clock.offset) / 1000).toFixed(1)} ms ${clock.offset < 0 ? "ahead of" : "behind"} the server (± ${(clock.bound / 1000).toFixed(1)})`,
    ],
    ...Object.entries(status.capabilities),
    ...(status.trouble === null ? [] : [["trouble", status.trouble] as [string, string]]),
    ...status.warnings.map((warning) => ["warning", warning] as [string, string]),
  ];
  return lines.map(([name, text]) => `${name.padEnd(14)} ${text}`).join("\n");
}
