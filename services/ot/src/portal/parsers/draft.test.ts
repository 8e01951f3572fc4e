import { describe, expect, test } from "vitest";
import { exampleOfGuide } from "../../../../../tests/support/ot-declared.ts";
import { readDraft, writeDraft } from "./draft.ts";
import { example } from "./example.ts";
import { believedAnywhere, placesOf } from "./places.ts";
import { readTrial } from "./trial.ts";

describe("OT-N10 a description while it is written", () => {
  test("the example is that of the guide, and in order", () => {
    expect(JSON.parse(example)).toEqual(exampleOfGuide());
    expect(readDraft(example, "en")).toMatchObject({ problems: [], syntax: null });
    expect(writeDraft(exampleOfGuide())).toBe(example);
  });
  test("what is wrong is told with its place, in the reader's language", () => {
    const text = JSON.stringify({ ...exampleOfGuide(), order: "middle" });
    expect(readDraft(text, "en").problems).toEqual(["order has to be one of: big, little"]);
    expect(readDraft(text, "ja").problems).toEqual(["order は次のいずれかにしてください: big, little"]);
    expect(readDraft("{", "en")).toMatchObject({
      description: null,
      problems: [],
      syntax: expect.any(String) as string,
    });
  });
  test("where it listens and where it is believed", () => {
    const description = { ...exampleOfGuide(), on: { tcp: [9_750], ethertype: ["0x88b5"] } };
    expect(placesOf(description)).toBe("TCP 9750, EtherType 0x88b5");
    expect(believedAnywhere({ bits: 31, description } as never)).toBe(false);
    expect(believedAnywhere({ bits: 32, description } as never)).toBe(true);
  });
  test("a result of any shape is read", () => {
    for (const result of [null, 7, [], { functions: 3, there: { others: [1] }, odd: [null] }])
      expect(readTrial(result)).toMatchObject({ messages: 0, functions: [], there: { others: [] }, odd: [] });
  });
});
