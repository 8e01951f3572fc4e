import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cases } from "@yagura/testkit/cases.ts";
import { countingIds, Seen, SEEN_FROM } from "../../../../../tests/support/seen.ts";
import { AssetIndex } from "./asset-index.ts";
import { MAX_ADDRESSES } from "./draft.ts";
import { MAX_EVIDENCE } from "./evidence.ts";
import { resolve } from "./resolve.ts";

/** Few places, so that they meet: devices, a port beside one, a router, a group, public and odd addresses. */
const mac = fc.constantFrom(
  "00:0e:8c:00:00:10",
  "00:0e:8c:00:00:11",
  "00:00:bc:00:00:20",
  "00:00:5e:00:01:01",
  "01:00:5e:00:00:fb",
  "02:00:00:00:00:01",
  "",
);
const address = fc.constantFrom(
  "",
  "@10.0.0.1",
  "@10.0.0.2",
  "@10.0.1.3",
  "@10.0.2.4",
  "@203.0.113.9",
  "@fe80::1",
  "@2001:db8::1",
  "@0.0.0.0",
  "@224.0.0.1",
  "@token-7",
);
const place = fc.tuple(mac, address, fc.constantFrom("", "#7")).map((parts) => parts.join(""));
const protocol = fc.constantFrom("modbus", "lldp", "tls", "profinet-dcp", "arp");
const step = fc.oneof(
  fc.record({ kind: fc.constant("talk" as const), a: place, b: place, protocol, back: fc.boolean() }),
  fc.record({ kind: fc.constant("command" as const), a: place, b: place }),
  fc.record({
    kind: fc.constant("says" as const),
    a: place,
    protocol,
    value: fc.constantFrom("press", "plc-1", "printer", "x"),
  }),
  fc.record({
    kind: fc.constant("binds" as const),
    a: mac,
    b: address,
    how: fc.constantFrom("arp-reply", "arp-probe", "dhcp", "traffic"),
  }),
);
const batches = fc.array(fc.array(step, { minLength: 1, maxLength: 12 }), { minLength: 1, maxLength: 6 });
type Steps = typeof batches extends fc.Arbitrary<infer T> ? T : never;

const seenOf = (steps: Steps[number], number: number): Seen => {
  const seen = new Seen(SEEN_FROM + number * 300_000);
  for (const one of steps) {
    // Groups are spoken to and never speak.
    const mute = one.kind !== "binds" && one.a.startsWith("01:");
    if (one.kind === "talk") {
      const packetsIn = one.back && !one.b.startsWith("01:") ? 3 : 0;
      seen.talk(one.a, one.b, { protocol: one.protocol as "lldp", packetsOut: mute ? 0 : 3, packetsIn });
    } else if (one.kind === "command") seen.command(one.a, one.b, "modbus");
    else if (one.kind === "says") seen.says(one.a, one.protocol, { name: one.value });
    else if (one.a !== "" && one.b !== "") seen.binds(one.a, one.b.slice(1), one.how);
  }
  return seen;
};

describe("whatever is seen (OT-6)", () => {
  test("each MAC is of one device, each place of an asset that exists, lists are bounded, and it rests when it comes again", () => {
    fc.assert(
      fc.property(batches, (all) => {
        const index = new AssetIndex();
        const newId = countingIds();
        for (const [number, steps] of all.entries()) {
          const observation = seenOf(steps, number).observation();
          const { assetOf, changed, merged } = resolve(index, observation, newId);
          observation.endpoints.forEach((_, i) => {
            const id = assetOf(i);
            if (id !== null) expect(index.get(id)).toBeDefined();
          });
          for (const { id } of changed) expect(index.get(id)).toBeDefined();
          for (const { from, into } of merged) {
            expect(index.get(from)).toBeUndefined();
            expect(index.get(into)).toBeDefined();
          }
          // Places that contradict each other may need a second look; then it rests.
          resolve(index, observation, newId);
          expect(resolve(index, observation, newId).changed).toEqual([]);
        }
        const macs = [...index.assets()].flatMap((asset) => asset.macs);
        expect(new Set(macs).size).toBe(macs.length);
        for (const asset of index.assets()) {
          expect(asset.macs.length + asset.addresses.length).toBeGreaterThan(0);
          expect(asset.addresses.length).toBeLessThanOrEqual(MAX_ADDRESSES);
          expect(asset.first).toBeLessThanOrEqual(asset.last);
          for (const list of Object.values(asset.attributes)) expect(list.length).toBeLessThanOrEqual(MAX_EVIDENCE);
          for (const one of asset.macs) expect(index.byMac(one)?.id).toBe(asset.id);
        }
      }),
      cases(300),
    );
  });
});
