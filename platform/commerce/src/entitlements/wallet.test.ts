import { assert, array, constantFrom, integer, property, record } from "fast-check";
import { expect, test } from "vitest";
import { cases } from "@yagura/testkit/cases.ts";
import { normaliseMac } from "./mac.ts";
import { boughtBy, includedUsed, overdrawnOn, usableOn, type Movement } from "./wallet.ts";

const bought = (on: string, quantity: number): Movement => ({ on, kind: "bought", quantity, ofIncluded: 0 });
const used = (on: string, quantity: number, ofIncluded = 0): Movement => ({ on, kind: "used", quantity, ofIncluded });
const none = () => 0;

test("SEC-71 what was bought stays until it is used; what a month includes ends with the month", () => {
  const movements = [bought("2026-04-10", 5), used("2026-04-20", 3, 2), used("2026-05-02", 1, 1)];
  const two = () => 2;
  expect(boughtBy(movements, 0, "2026-05-31")).toEqual({ bought: 5, used: 1, left: 4 });
  expect(includedUsed(movements, "2026-04-01")).toBe(2);
  expect(usableOn(movements, 0, two, "2026-04-30")).toEqual({ included: 0, bought: 4 });
  expect(usableOn(movements, 0, two, "2026-05-31")).toEqual({ included: 1, bought: 4 });
  expect(usableOn(movements, 0, two, "2026-06-01")).toEqual({ included: 2, bought: 4 });
});

test("SEC-71 a use entered late leaves enough for those after it", () => {
  const movements = [bought("2026-04-10", 2), used("2026-06-01", 2)];
  expect(usableOn(movements, 0, none, "2026-05-01").bought).toBe(0);
  expect(usableOn([...movements, bought("2026-05-20", 1)], 0, none, "2026-05-01").bought).toBe(1);
});

test("SEC-71 tickets of the order are there from the beginning", () => {
  expect(usableOn([used("2026-04-11", 1)], 3, none, "2026-04-12").bought).toBe(2);
});

test("SEC-71 whatever is bought and used in whatever order of entry, no wallet is overdrawn on any day", () => {
  const days = ["2026-04-03", "2026-04-20", "2026-05-01", "2026-05-31", "2026-06-15"] as const;
  const step = record({
    kind: constantFrom("bought", "used"),
    on: constantFrom(...days),
    quantity: integer({ min: 1, max: 4 }),
  });
  assert(
    property(array(step, { maxLength: 25 }), integer({ min: 0, max: 3 }), (steps, allowance) => {
      const movements: Movement[] = [];
      for (const { kind, on, quantity } of steps) {
        if (kind === "bought") {
          movements.push(bought(on, quantity));
          continue;
        }
        const usable = usableOn(movements, 0, () => allowance, on);
        if (quantity > usable.included + usable.bought) continue;
        movements.push(used(on, quantity, Math.min(quantity, usable.included)));
      }
      expect(overdrawnOn(movements, 0, () => allowance)).toBeNull();
    }),
    cases(3_000),
  );
});

test.each([
  { typed: "00:1a:2b:3c:4d:5e", mac: "00:1A:2B:3C:4D:5E" },
  { typed: "00-1A-2B-3C-4D-5E", mac: "00:1A:2B:3C:4D:5E" },
  { typed: "001a.2b3c.4d5e", mac: "00:1A:2B:3C:4D:5E" },
  { typed: " ００１Ａ２Ｂ３Ｃ４Ｄ５Ｅ ", mac: "00:1A:2B:3C:4D:5E" },
  { typed: "02:00:00:00:00:01", mac: "02:00:00:00:00:01" },
])("SEC-58 “$typed” is the device $mac", ({ typed, mac }) => expect(normaliseMac(typed)).toBe(mac));

test.each(["", "00:1a:2b:3c:4d", "00:1a:2b:3c:4d:5g", "ff:ff:ff:ff:ff:ff", "01:00:5e:00:00:01", "00:00:00:00:00:00"])(
  "SEC-58 “%s” names no device",
  (typed) => expect(normaliseMac(typed)).toBeNull(),
);
