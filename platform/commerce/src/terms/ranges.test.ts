import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { addDays, type Day } from "@yagura/core/calendar.ts";
import { cases } from "@yagura/testkit/cases.ts";
import { holds, planEdit, type RangeEdit, type Segment } from "./ranges.ts";

const equal = (a: number, b: number): boolean => a === b;
const plan = (segments: readonly Segment<number>[], edit: RangeEdit<number>) => planEdit(segments, edit, equal);
const of = (from: Day | null, until: Day | null, value: number) => ({ from, until, value });

describe("COM-02 a change from a day ends the value in force and starts the new one", () => {
  const open = [of(null, "2026-04-01", 1), of("2026-04-01", null, 2)];
  test.each([
    {
      name: "until further notice",
      edit: of("2027-01-01", null, 3),
      effect: "changed",
      after: [of(null, "2026-04-01", 1), of("2026-04-01", "2027-01-01", 2), of("2027-01-01", null, 3)],
    },
    {
      name: "a planned one stays planned",
      edit: of("2026-01-01", null, 3),
      effect: "changed",
      after: [of(null, "2026-01-01", 1), of("2026-01-01", "2026-04-01", 3), of("2026-04-01", null, 2)],
    },
    {
      name: "for a time: afterwards the old one holds again",
      edit: of("2026-05-01", "2026-06-01", 3),
      effect: "changed",
      after: [
        of(null, "2026-04-01", 1),
        of("2026-04-01", "2026-05-01", 2),
        of("2026-05-01", "2026-06-01", 3),
        of("2026-06-01", null, 2),
      ],
    },
    {
      name: "on the day another begins: in its place",
      edit: of("2026-04-01", null, 3),
      effect: "changed",
      after: [of(null, "2026-04-01", 1), of("2026-04-01", null, 3)],
    },
    {
      name: "ended on purpose: a hole",
      edit: { from: "2027-01-01", until: null, value: null },
      effect: "ended",
      after: [of(null, "2026-04-01", 1), of("2026-04-01", "2027-01-01", 2)],
    },
    { name: "the same value", edit: of("2027-01-01", null, 2), effect: "same", after: open },
    { name: "the same value over a change", edit: of("2026-01-01", "2026-05-01", 1), effect: "changed", after: null },
  ])("$name", ({ edit, effect, after }) => {
    const made = plan(open, edit);
    expect(made.effect).toBe(effect);
    if (after !== null) expect(made.after).toEqual(after);
  });

  test("the first value, and one after a hole", () => {
    expect(plan([], of("2026-04-01", null, 1))).toMatchObject({ effect: "new", before: null, until: null });
    const after = plan([of("2026-04-01", "2026-05-01", 1), of("2026-08-01", null, 2)], of("2026-06-01", null, 3));
    expect(after).toMatchObject({ effect: "new", until: "2026-08-01", remove: [], shorten: [] });
  });

  test("a range without a day is refused", () => {
    expect(() => plan([], of("2026-04-01", "2026-04-01", 1))).toThrow(RangeError);
  });
});

describe("whatever is changed in whatever order", () => {
  const first = "2026-01-01";
  const day = fc.integer({ min: 0, max: 40 }).map((days) => addDays(first, days));
  const edits = fc.array(
    fc.record({
      from: fc.option(day, { freq: 8 }),
      length: fc.option(fc.integer({ min: 1, max: 20 }), { freq: 2 }),
      value: fc.option(fc.integer({ min: 1, max: 3 }), { freq: 5 }),
    }),
    { maxLength: 12 },
  );
  const days = Array.from({ length: 70 }, (_, index) => addDays(first, index - 5));
  const valueOn = (segments: readonly Segment<number>[], on: Day): number | null => {
    const found = segments.filter((segment) => holds(segment, on));
    expect(found.length).toBeLessThan(2);
    return found[0]?.value ?? null;
  };

  test("COM-02 never two in force, never a hole but one made on purpose, and other days keep their value", () => {
    fc.assert(
      fc.property(edits, (list) => {
        let segments: readonly Segment<number>[] = [];
        for (const { from, length, value } of list) {
          const until = from === null || length === null ? null : addDays(from, length);
          const made = plan(segments, { from, until, value });
          for (const on of days) {
            const inside = holds({ from, until: made.until }, on);
            expect(valueOn(made.after, on), on).toBe(inside ? value : valueOn(segments, on));
          }
          segments = made.after;
        }
      }),
      cases(500),
    );
  });

  test("what is to be written gives what is promised: removed, shortened, added", () => {
    fc.assert(
      fc.property(edits, (list) => {
        let segments: readonly Segment<number>[] = [];
        for (const { from, length, value } of list) {
          const until = from === null || length === null ? null : addDays(from, length);
          const made = plan(segments, { from, until, value });
          const written = [
            ...segments
              .filter((segment) => !made.remove.includes(segment))
              .map((segment) => ({
                ...segment,
                until: made.shorten.find((cut) => cut.segment === segment)?.until ?? segment.until,
              })),
            ...made.add,
          ];
          for (const on of days) expect(valueOn(written, on), on).toBe(valueOn(made.after, on));
          segments = made.after;
        }
      }),
      cases(300),
    );
  });

  test("the same change a second time changes nothing", () => {
    fc.assert(
      fc.property(edits, fc.record({ from: day, value: fc.option(fc.integer({ min: 1, max: 3 })) }), (list, last) => {
        let segments: readonly Segment<number>[] = [];
        for (const { from, length, value } of list) {
          const until = from === null || length === null ? null : addDays(from, length);
          segments = plan(segments, { from, until, value }).after;
        }
        const once = plan(segments, { ...last, until: null });
        expect(plan(once.after, { ...last, until: once.until }).effect).toBe("same");
      }),
      cases(300),
    );
  });
});
