import { describe, expect, test } from "vitest";
import { certain, propose, type Candidate, type Incoming } from "./matching.ts";
import { comparable } from "./text.ts";

const yamada: Candidate = {
  organisation: "00000000-0000-7000-8000-000000000001",
  name: "株式会社山田商会",
  names: [comparable("カ）ヤマダショウカイ")],
  virtualAccount: "1234567",
  claims: [
    { id: "c1", number: "INV-2026-00000012", left: 110_000 },
    { id: "c2", number: "INV-2026-00000034", left: 5_500 },
  ],
};
const tanaka: Candidate = {
  ...yamada,
  organisation: "00000000-0000-7000-8000-000000000002",
  name: "タナカ",
  names: [comparable("タナカ")],
  virtualAccount: null,
  claims: [{ id: "c3", number: "INV-2026-00000056", left: 110_000 }],
};
const deposit: Incoming = { amount: 110_000, payer: "ｶ)ﾔﾏﾀﾞｼﾖｳｶｲ", payerCode: "", edi: "", virtualAccount: null };

describe("matching of incoming transfers", () => {
  test("by the payer's name and the amount; another customer with the same amount comes after", () => {
    const found = propose(deposit, [tanaka, yamada]);
    expect(
      found.map(({ organisationId, score, reasons, claimId }) => ({ organisationId, score, reasons, claimId })),
    ).toEqual([
      { organisationId: yamada.organisation, score: 75, reasons: ["known-name", "amount-of-claim"], claimId: null },
      { organisationId: tanaka.organisation, score: 30, reasons: ["amount-of-claim"], claimId: null },
    ]);
    expect(certain(found)?.organisationId).toBe(yamada.organisation);
  });
  test.each([
    { edi: "2026-00000034", claimId: "c2" },
    { edi: "INV202600000012", claimId: "c1" },
    { edi: "00034", claimId: "c2" },
    { edi: "34", claimId: null },
    { edi: "900000034", claimId: null },
  ])("COM-13 a remittance that names a document names its claim: $edi", ({ edi, claimId }) => {
    expect(propose({ ...deposit, edi }, [yamada])[0]?.claimId).toBe(claimId);
  });
  test("a virtual account tells who it is, whatever the name says", () => {
    const found = propose({ ...deposit, payer: "ﾍﾞﾂﾒｲｷﾞ", virtualAccount: "1234567" }, [tanaka, yamada]);
    expect(found[0]).toMatchObject({
      organisationId: yamada.organisation,
      reasons: ["virtual-account", "amount-of-claim"],
      score: 90,
    });
  });
  test("the sum of everything that is open", () => {
    expect(propose({ ...deposit, amount: 115_500 }, [yamada])[0]?.reasons).toEqual(["known-name", "amount-of-all"]);
  });
  test.each([
    { name: "only the amount fits", change: { payer: "ﾍﾞﾂﾒｲｷﾞ" } },
    { name: "only the name fits", change: { amount: 1 } },
    { name: "the name is only similar", change: { payer: "ﾔﾏﾀﾞｼﾖｳｶｲ ﾄｳｷﾖｳ" } },
  ])("nothing is taken without asking where $name", ({ change }) => {
    expect(certain(propose({ ...deposit, ...change }, [yamada]))).toBeNull();
  });
  test("nothing is taken without asking where two customers bear the name", () => {
    expect(certain(propose(deposit, [yamada, { ...tanaka, names: yamada.names }]))).toBeNull();
  });
});
