/**
 * Sense checks of what a customer asks to measure, beyond the wire's schema: host syntax, addresses that stand for one
 * server, international names in their ASCII form. Private and loopback addresses are the customer's own network and allowed.
 */
import { isIPv4, isIPv6 } from "node:net";
import { domainToASCII } from "node:url";
import { raise } from "./errors.ts";
import type { Probe } from "./wire/configuration.ts";

/** The probe as it is stored and sent to agents, or an error that names what is wrong. */
export function checkedProbe(probe: Probe): Probe {
  switch (probe.kind) {
    case "icmp":
    case "tcp": {
      const host = checkedHost(probe.host);
      checkFamily(host, probe.family);
      return { ...probe, host };
    }
    case "dns": {
      const name = checkedDnsName(probe.name);
      return probe.server === undefined ? { ...probe, name } : { ...probe, name, server: checkedHost(probe.server) };
    }
    case "http": {
      for (const { from, to } of probe.expect ?? []) {
        if (from > to || from < 100 || to > 599) throw raise("TARGET_STATUS_RANGE", { from, to });
      }
      return { ...probe, url: checkedUrl(probe.url) };
    }
  }
}

/** An address in its usual form, or a host name in ASCII and lower case without a trailing dot. */
export function checkedHost(text: string): string {
  const bare = text.trim().replace(/^\[(.*)\]$/, "$1");
  if (isIPv4(bare)) return checkedAddress(bare, text);
  // A zone (fe80::1%eth0) is a name of one host's own interface: it means nothing in a target for many agents.
  if (isIPv6(bare) && !bare.includes("%")) {
    return checkedAddress(new URL(`http://[${bare}]/`).hostname.slice(1, -1), text);
  }
  const name = asciiName(bare);
  if (name === null || !/[a-z-]/.test(name.split(".").at(-1) ?? "")) throw raise("TARGET_HOST_INVALID", { host: text });
  return name;
}

/** Labels of 1 to 63 letters, digits, hyphens and underscores, at most 253 in all (RFC 1123 section 2.1), from IDNA 2008 where needed. */
function asciiName(text: string): string | null {
  const ascii = /^[\x21-\x7e]+$/.test(text) ? text.toLowerCase() : domainToASCII(text);
  const name = ascii.replace(/\.$/, "");
  if (name.length === 0 || name.length > 253) return null;
  return name.split(".").every((label) => /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/.test(label)) ? name : null;
}

function checkedAddress(address: string, text: string): string {
  const first = Number(address.split(".")[0]);
  const unusable = isIPv4(address)
    ? first === 0 || (first >= 224 && first <= 239) || address === "255.255.255.255"
    : address === "::" || /^ff/i.test(address);
  if (unusable) throw raise("TARGET_ADDRESS_UNUSABLE", { host: text });
  return address;
}

function checkFamily(host: string, family: 4 | 6 | undefined): void {
  const literal = isIPv4(host) ? 4 : isIPv6(host) ? 6 : undefined;
  if (family !== undefined && literal !== undefined && literal !== family) {
    throw raise("TARGET_FAMILY_MISMATCH", { host, family });
  }
}

function checkedDnsName(text: string): string {
  if (text.trim() === ".") return ".";
  const name = asciiName(text.trim());
  if (name === null) throw raise("DNS_NAME_INVALID", { name: text });
  return name;
}

function checkedUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !/^https?:$/.test(url.protocol) || url.hostname === "" || url.port === "0") {
    throw raise("TARGET_URL_INVALID", { url: text });
  }
  if (url.username !== "" || url.password !== "") throw raise("TARGET_URL_SECRET");
  checkedHost(url.hostname);
  url.hash = "";
  return url.href;
}
