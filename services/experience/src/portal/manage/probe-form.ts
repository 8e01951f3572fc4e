/** A target's form and the probe it stands for. Pure: what is typed, what is refused, what is sent. */
import type { Probe, ProbeKind } from "../../wire/configuration.ts";

export interface ProbeValues extends Record<string, string | boolean> {
  readonly kind: string;
  readonly host: string;
  readonly port: string;
  readonly family: string;
  readonly size: string;
  readonly server: string;
  readonly query: string;
  readonly record: string;
  readonly url: string;
  readonly method: string;
  readonly expect: string;
  readonly insecure: boolean;
}

export const emptyProbe: ProbeValues = {
  kind: "icmp",
  host: "",
  port: "443",
  family: "",
  size: "",
  server: "",
  query: "",
  record: "A",
  url: "https://",
  method: "GET",
  expect: "",
  insecure: false,
};

const text = (value: unknown): string => (typeof value === "string" || typeof value === "number" ? String(value) : "");

export function valuesOf(probe: Probe): ProbeValues {
  switch (probe.kind) {
    case "icmp":
      return { ...emptyProbe, kind: "icmp", host: probe.host, family: text(probe.family), size: text(probe.size) };
    case "tcp":
      return { ...emptyProbe, kind: "tcp", host: probe.host, port: text(probe.port), family: text(probe.family) };
    case "dns":
      return {
        ...emptyProbe,
        kind: "dns",
        server: text(probe.server),
        port: text(probe.port),
        query: probe.name,
        record: probe.record,
      };
    case "http":
      return {
        ...emptyProbe,
        kind: "http",
        url: probe.url,
        method: probe.method ?? "GET",
        expect: (probe.expect ?? []).map(({ from, to }) => (from === to ? `${from}` : `${from}-${to}`)).join(", "),
        insecure: probe.insecure === true,
      };
  }
}

type Family = 4 | 6;
const family = (value: string): { family?: Family } => (value === "" ? {} : { family: Number(value) as Family });
const optional = <K extends string, V>(key: K, value: V | null): Record<K, V> | Record<string, never> =>
  value === null ? {} : ({ [key]: value } as Record<K, V>);

/** The probe to send; the values must have been checked. */
export function probeOf(values: ProbeValues): Probe {
  const host = values.host.trim();
  const port = values.port.trim() === "" ? null : Number(values.port);
  switch (values.kind as ProbeKind) {
    case "icmp":
      return {
        kind: "icmp",
        host,
        ...family(values.family),
        ...optional("size", values.size.trim() === "" ? null : Number(values.size)),
      };
    case "tcp":
      return { kind: "tcp", host, port: port ?? 443, ...family(values.family) };
    case "dns":
      return {
        kind: "dns",
        name: values.query.trim(),
        record: values.record as "A",
        ...optional("server", values.server.trim() === "" ? null : values.server.trim()),
        ...(values.server.trim() === "" ? {} : optional("port", port)),
      };
    case "http":
      return {
        kind: "http",
        url: values.url.trim(),
        method: values.method as "GET",
        ...optional("expect", readExpect(values.expect) ?? null),
        ...(values.insecure ? { insecure: true } : {}),
      };
  }
}

/** `200-399, 404` as ranges; null when empty, undefined when it cannot be read. */
export function readExpect(written: string): { from: number; to: number }[] | null | undefined {
  const parts = written.split(/[\s,、]+/).filter((part) => part !== "");
  if (parts.length === 0) return null;
  const ranges: { from: number; to: number }[] = [];
  for (const part of parts) {
    const match = /^([1-5]\d\d)(?:[-–~]([1-5]\d\d))?$/.exec(part);
    if (match === null) return undefined;
    const from = Number(match[1]);
    const to = Number(match[2] ?? match[1]);
    if (to < from) return undefined;
    ranges.push({ from, to });
  }
  return ranges.length <= 10 ? ranges : undefined;
}

/** A host name (RFC 1123), an IPv4 or an IPv6 address; internationalised names as they are typed. */
export const isHost = (written: string): boolean => {
  const host = written.trim();
  if (/^[\d.]+$/.test(host)) {
    const parts = host.split(".");
    return parts.length === 4 && parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) < 256);
  }
  if (host.includes(":")) return isIpv6(host);
  return (
    host.length <= 253 &&
    host.split(".").every((label) => /^[\p{L}\p{N}_](?:[\p{L}\p{N}_-]{0,61}[\p{L}\p{N}_])?$/u.test(label))
  );
};

function isIpv6(host: string): boolean {
  if (!/^[0-9a-f:.]+$/i.test(host) || (host.match(/::/g) ?? []).length > 1) return false;
  const groups = host.split(":").filter((group) => group !== "");
  const wide = groups.reduce((sum, group) => sum + (group.includes(".") ? 2 : 1), 0);
  const sound = groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group) || /^(\d{1,3}\.){3}\d{1,3}$/.test(group));
  return sound && (host.includes("::") ? wide < 8 : wide === 8);
}
