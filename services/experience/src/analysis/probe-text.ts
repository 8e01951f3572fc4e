/** A probe in one line, the same in every language. Pure. */
import type { Probe } from "../wire/configuration.ts";

export function probeText(probe: Probe): string {
  switch (probe.kind) {
    case "icmp":
      return `ICMP ${probe.host}`;
    case "tcp":
      return `TCP ${probe.host.includes(":") ? `[${probe.host}]` : probe.host}:${probe.port}`;
    case "dns":
      return `DNS ${probe.name} ${probe.record}${probe.server === undefined ? "" : ` @${probe.server}`}`;
    case "http":
      return `${probe.method ?? "GET"} ${probe.url}`;
  }
}
