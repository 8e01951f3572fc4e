import { expect, test } from "vitest";
import { YaguraError } from "@yagura/core/errors.ts";
import { checkedHost, checkedProbe } from "./probes.ts";
import type { Probe } from "./wire/configuration.ts";

test.each([
  { host: "192.0.2.1", is: "192.0.2.1" },
  { host: "10.0.0.1", is: "10.0.0.1" },
  { host: "127.0.0.1", is: "127.0.0.1" },
  { host: " www.Example.JP. ", is: "www.example.jp" },
  { host: "2001:DB8:0:0::1", is: "2001:db8::1" },
  { host: "[2001:db8::1]", is: "2001:db8::1" },
  { host: "::1", is: "::1" },
  { host: "localhost", is: "localhost" },
  { host: "日本語.jp", is: "xn--wgv71a119e.jp" },
  { host: "ドメイン名例.jp", is: "xn--eckwd4c7cu47r2wf.jp" },
  { host: "printer_1.local", is: "printer_1.local" },
  { host: `${"a".repeat(63)}.jp`, is: `${"a".repeat(63)}.jp` },
])("EXP-T02 host $host is kept as $is", ({ host, is }) => {
  expect(checkedHost(host)).toBe(is);
});

const icmp = (host: string): Probe => ({ kind: "icmp", host });
test.each<{ name: string; probe: Probe; code: string }>([
  { name: "number out of range", probe: icmp("256.1.1.1"), code: "TARGET_HOST_INVALID" },
  { name: "three numbers", probe: icmp("10.0.1"), code: "TARGET_HOST_INVALID" },
  { name: "a blank inside", probe: icmp("www example.jp"), code: "TARGET_HOST_INVALID" },
  { name: "a leading hyphen", probe: icmp("-a.jp"), code: "TARGET_HOST_INVALID" },
  { name: "an option", probe: icmp("-oProxyCommand=x"), code: "TARGET_HOST_INVALID" },
  { name: "an empty label", probe: icmp("a..jp"), code: "TARGET_HOST_INVALID" },
  { name: "64 characters in a label", probe: icmp(`${"a".repeat(64)}.jp`), code: "TARGET_HOST_INVALID" },
  { name: "254 characters", probe: icmp(`${"a.".repeat(126)}jp`), code: "TARGET_HOST_INVALID" },
  { name: "a URL", probe: icmp("https://example.jp/"), code: "TARGET_HOST_INVALID" },
  { name: "a zone", probe: icmp("fe80::1%eth0"), code: "TARGET_HOST_INVALID" },
  { name: "unspecified", probe: icmp("0.0.0.0"), code: "TARGET_ADDRESS_UNUSABLE" },
  { name: "unspecified IPv6", probe: icmp("::"), code: "TARGET_ADDRESS_UNUSABLE" },
  { name: "broadcast", probe: icmp("255.255.255.255"), code: "TARGET_ADDRESS_UNUSABLE" },
  { name: "multicast", probe: icmp("224.0.0.1"), code: "TARGET_ADDRESS_UNUSABLE" },
  { name: "multicast IPv6", probe: icmp("ff02::1"), code: "TARGET_ADDRESS_UNUSABLE" },
  {
    name: "IPv6 asked of IPv4",
    probe: { kind: "tcp", host: "192.0.2.1", port: 1, family: 6 },
    code: "TARGET_FAMILY_MISMATCH",
  },
  { name: "a mail address", probe: { kind: "http", url: "http://" }, code: "TARGET_URL_INVALID" },
  { name: "another scheme", probe: { kind: "http", url: "ftp://example.jp/" }, code: "TARGET_URL_INVALID" },
  { name: "port 0", probe: { kind: "http", url: "http://example.jp:0/" }, code: "TARGET_URL_INVALID" },
  { name: "a password", probe: { kind: "http", url: "https://a:b@example.jp/" }, code: "TARGET_URL_SECRET" },
  {
    name: "status the wrong way round",
    probe: { kind: "http", url: "https://example.jp/", expect: [{ from: 299, to: 200 }] },
    code: "TARGET_STATUS_RANGE",
  },
  { name: "a DNS name with a blank", probe: { kind: "dns", name: "a b", record: "A" }, code: "DNS_NAME_INVALID" },
])("EXP-T02 refused: $name", ({ probe, code }) => {
  let found: unknown;
  try {
    checkedProbe(probe);
  } catch (error) {
    found = error;
  }
  expect(found).toBeInstanceOf(YaguraError);
  expect((found as YaguraError).code).toBe(code);
  for (const language of ["ja", "en"] as const) expect((found as YaguraError).say(language)).not.toMatch(/\{\w+\}/);
});

test.each<{ probe: Probe; is: Partial<Probe> }>([
  { probe: { kind: "http", url: "HTTPS://日本語.jp/道#x" }, is: { url: "https://xn--wgv71a119e.jp/%E9%81%93" } },
  { probe: { kind: "dns", name: ".", record: "NS" }, is: { name: "." } },
  {
    probe: { kind: "dns", name: "_dmarc.Example.jp", record: "TXT", server: "10.0.0.53" },
    is: { name: "_dmarc.example.jp" },
  },
])("EXP-T02 kept in its usual form: $is", ({ probe, is }) => {
  expect(checkedProbe(probe)).toMatchObject(is);
});
