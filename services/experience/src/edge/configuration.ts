/** Reads the service's part of the device configuration. A validator library would cost the agent more memory than all its sessions. */
import { records } from "./dns-message.ts";
import type { AgentConfiguration, Probe, SessionConfiguration } from "../wire/configuration.ts";
import { raise } from "./errors.ts";

const UUID = /^[0-9a-f-]{36}$/;

/** The configuration, checked; undefined: no sessions. Throws CONFIGURATION_UNUSABLE, and the one before stays in force. */
export function readConfiguration(document: unknown): AgentConfiguration {
  if (document === undefined || document === null) return { sessions: [], upload: 2_000 };
  const { sessions, upload } = document as { sessions?: unknown; upload?: unknown };
  if (!Array.isArray(sessions)) throw raise("CONFIGURATION_UNUSABLE", { where: "sessions" });
  if (!within(upload, 200, 600_000)) throw raise("CONFIGURATION_UNUSABLE", { where: "upload" });
  const seen = new Set<string>();
  sessions.forEach((session: unknown, i) => {
    const where = fault(session);
    if (where !== null) throw raise("CONFIGURATION_UNUSABLE", { where: `sessions/${i}/${where}` });
    const { session: id } = session as SessionConfiguration;
    if (seen.has(id)) throw raise("CONFIGURATION_UNUSABLE", { where: `sessions/${i}/session` });
    seen.add(id);
  });
  return { sessions: sessions as SessionConfiguration[], upload };
}

/** What of a session cannot be used; null when all can. */
function fault(session: unknown): string | null {
  if (typeof session !== "object" || session === null) return "";
  const { session: id, probe, interval, timeout } = session as Partial<Record<keyof SessionConfiguration, unknown>>;
  if (typeof id !== "string" || !UUID.test(id)) return "session";
  if (!within(interval, 200, 3_600_000)) return "interval";
  if (!within(timeout, 50, 60_000)) return "timeout";
  if (typeof probe !== "object" || probe === null) return "probe";
  return usable(probe as Probe) ? null : "probe";
}

function usable(probe: Probe): boolean {
  switch (probe.kind) {
    case "icmp":
      return text(probe.host) && (probe.size === undefined || within(probe.size, 16, 1400));
    case "tcp":
      return text(probe.host) && within(probe.port, 1, 65_535);
    case "dns":
      return (
        text(probe.name) &&
        Object.hasOwn(records, probe.record) &&
        (probe.port === undefined || within(probe.port, 1, 65_535))
      );
    case "http":
      return text(probe.url) && URL.canParse(probe.url) && /^https?:\/\//.test(probe.url);
    default:
      return false;
  }
}

const text = (value: unknown): boolean => typeof value === "string" && value.length > 0 && value.length <= 2000;
const within = (value: unknown, low: number, high: number): value is number =>
  Number.isInteger(value) && (value as number) >= low && (value as number) <= high;
