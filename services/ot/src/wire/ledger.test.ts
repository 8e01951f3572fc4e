/** The ledger's chain, and what two ledgers say of each other (OT-N1). */
import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { canonical, compareLedgers, FIRST_PREVIOUS, ledgerOf, type LedgerLink } from "./ledger.ts";
import { METADATA_VERSION, type MetadataBody } from "./metadata.ts";

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");
const body = (number: number, previous: string, texts: string[] = []): MetadataBody => ({
  version: METADATA_VERSION,
  from: 1_000_000 * number,
  to: 1_000_000 * (number + 1),
  urgent: false,
  texts,
  ledger: { number, previous },
  tokens: null,
  tables: {},
});
function chain(count: number): LedgerLink[] {
  const links: LedgerLink[] = [];
  for (let n = 1; n <= count; n++) links.push(ledgerOf(body(n, links.at(-1)?.hash ?? FIRST_PREVIOUS), sha256));
  return links;
}

describe("the ledger of uploads (OT-N1)", () => {
  test.each([
    [{ b: 1, a: [1, 2], c: { z: null, y: true } }, '{"a":[1,2],"b":1,"c":{"y":true,"z":null}}'],
    [{ "\u20ac": 1, "\r": 2, "1": 3 }, '{"\\r":2,"1":3,"€":1}'],
    [["一号機", 'a"b'], '["一号機","a\\"b"]'],
  ])("canonical JSON of %j (RFC 8785)", (value, text) => expect(canonical(value)).toBe(text));

  test("the hash of an upload depends on everything it says, and on its place", () => {
    const one = ledgerOf(body(1, FIRST_PREVIOUS), sha256);
    expect(ledgerOf(body(1, FIRST_PREVIOUS), sha256)).toEqual(one);
    expect(ledgerOf(body(1, FIRST_PREVIOUS, ["x"]), sha256).hash).not.toBe(one.hash);
    expect(ledgerOf(body(1, one.hash), sha256).hash).not.toBe(one.hash);
    expect(ledgerOf(body(1, one.hash), sha256).content).toBe(one.content);
  });

  test("a body that went over the wire has the hash that it left with", () => {
    const { tables: _, ...rest } = body(1, FIRST_PREVIOUS, ["\ud800 lone", "東京"]);
    const sent: MetadataBody = { ...rest, tables: {} };
    expect(ledgerOf(JSON.parse(JSON.stringify(sent)) as MetadataBody, sha256)).toEqual(ledgerOf(sent, sha256));
  });

  test("tells what is the same, changed, missing, unknown, older and on the way", () => {
    const links = chain(10);
    const server = links.slice(1, 8).map((link) => (link.number === 4 ? { ...link, hash: sha256("other") } : link));
    expect(
      compareLedgers(
        links.slice(2),
        server.filter(({ number }) => number !== 6),
      ),
    ).toEqual({
      same: 4,
      different: [4],
      unknown: [],
      missing: [6],
      waiting: 2,
      older: 1,
    });
    expect(
      compareLedgers(
        links.filter(({ number }) => number !== 5),
        links,
      ).unknown,
    ).toEqual([5]);
  });
});
