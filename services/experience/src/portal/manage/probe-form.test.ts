/** The form of a target (EXP-T02). */
import { expect, test } from "vitest";
import type { Probe } from "../../wire/configuration.ts";
import { emptyProbe, isHost, probeOf, readExpect, valuesOf } from "./probe-form.ts";

const probes: Probe[] = [
  { kind: "icmp", host: "192.0.2.1" },
  { kind: "icmp", host: "2001:db8::1", family: 6, size: 64 },
  { kind: "tcp", host: "www.example.jp", port: 8443, family: 4 },
  { kind: "dns", name: "example.jp", record: "AAAA" },
  { kind: "dns", name: "example.jp", record: "MX", server: "192.0.2.53", port: 5353 },
  {
    kind: "http",
    url: "https://example.jp/",
    method: "HEAD",
    expect: [
      { from: 200, to: 399 },
      { from: 404, to: 404 },
    ],
    insecure: true,
  },
];
test.each(probes)("EXP-T02: a $kind probe survives its form", (probe) => {
  expect(probeOf(valuesOf(probe))).toEqual(probe);
});
test("EXP-T02: empty optional fields are not sent", () => {
  expect(probeOf({ ...emptyProbe, host: " 192.0.2.1 " })).toEqual({ kind: "icmp", host: "192.0.2.1" });
  expect(probeOf({ ...emptyProbe, kind: "dns", query: "example.jp" })).toEqual({
    kind: "dns",
    name: "example.jp",
    record: "A",
  });
});

test.each([
  ["", null],
  ["200", [{ from: 200, to: 200 }]],
  [
    "200-299, 404",
    [
      { from: 200, to: 299 },
      { from: 404, to: 404 },
    ],
  ],
  [
    "200、204",
    [
      { from: 200, to: 200 },
      { from: 204, to: 204 },
    ],
  ],
  ["ok", undefined],
  ["299-200", undefined],
  ["700", undefined],
])("status codes %j", (written, found) => expect(readExpect(written)).toEqual(found));

test.each([
  ["192.0.2.1", true],
  ["192.0.2.256", false],
  ["192.0.2", false],
  ["2001:db8::1", true],
  ["::1", true],
  ["1::2::3", false],
  ["2001:db8:1:2:3:4:5", false],
  ["::ffff:192.0.2.1", true],
  ["localhost", true],
  ["www.example.jp", true],
  ["日本語.example.jp", true],
  ["-bad.example", false],
  ["two words", false],
  ["http://example.jp", false],
  ["", false],
])("host %j: %s", (host, good) => expect(isHost(host)).toBe(good));
