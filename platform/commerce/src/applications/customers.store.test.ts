import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { remote } from "../../../../tests/support/offers.ts";
import { CORPORATE_NUMBER, done, openCounter, orderLine, type Counter } from "../../../../tests/support/orders.ts";
import type { ContractDetail } from "../contracts/shapes.ts";
import type { Customer, Evidence, Quote } from "./shapes.ts";

let counter: Counter;
const today = "2026-11-20";
beforeAll(async () => {
  counter = await openCounter(`${today}T03:00:00Z`);
});
afterAll(async () => counter.stop());
const show = async (base: string, id: string): Promise<ContractDetail> =>
  done(await counter.admin.get<ContractDetail>(`${base}/contracts/${id}`));

describe("quotes", () => {
  test("RNS-66 COM-19 the prices of a quote stay the contract's, whatever the price book says later", async () => {
    const { base } = await counter.customer();
    const quote = done(
      await counter.admin.post<Quote>(`${base}/quotes`, {
        service: "remote",
        plan: "router",
        items: { base: 1, hardware: 1, installation: 1 },
        startOn: today,
        prices: { base: 9_800 },
      }),
    );
    expect(quote.prices["base"]).toBe(9_800);
    const contract = await counter.contract(base, orderLine(remote, "router", today, { quoteId: quote.id }));
    const agreed = (await show(base, contract.id)).facts
      .map(({ fact }) => fact)
      .filter(({ kind }) => kind === "price-agreed");
    expect(agreed).toContainEqual(
      expect.objectContaining({ item: "base", amount: 9_800, reference: `quote ${quote.id}` }),
    );
  });

  test("a customer sees the price book's prices and cannot set a quote's own", async () => {
    const { base, owner } = await counter.customer();
    const wanted = { service: "security", plan: "endpoint", items: { "seat-10": 9, "seat-1": 5 }, startOn: today };
    const refused = await owner.post<{ code: string }>(`${base}/quotes`, { ...wanted, prices: { "seat-1": 1 } });
    expect([refused.status, refused.body.code]).toEqual([403, "QUOTE_PRICES_STAFF"]);
    const quote = done(await owner.post<Quote>(`${base}/quotes`, wanted));
    expect(quote.lines.find(({ item }) => item === "initial")?.amount).toBe(3_000);
    expect(quote.hints[0]?.ja).toContain("15,000");
  });
});

describe("registered details", () => {
  test("COM-26 COM-32 changes keep what was before; a returned letter flags the address; evidence is kept as it came", async () => {
    const { id, base, owner } = await counter.customer();
    const file = done(
      await owner.call<Evidence>(
        "POST",
        `${base}/evidence?name=${encodeURIComponent("登記簿.pdf")}`,
        Buffer.from("%PDF-1.7 proof"),
        { "content-type": "application/pdf" },
      ),
    );
    expect(file).toMatchObject({ name: "登記簿.pdf", mediaType: "application/pdf", size: 14 });
    const details = {
      holder: "株式会社前",
      address: "東京都港区1-1",
      contact: "前",
      mail: "a@before.test",
      billingAddressee: "前",
      billingAddress: "東京都港区1-1",
      billingContact: "前",
    };
    done(
      await owner.call("PUT", `${base}/customer`, { kind: "corporation", corporateNumber: CORPORATE_NUMBER, details }),
    );
    done(
      await owner.call("PUT", `${base}/customer`, {
        kind: "corporation",
        corporateNumber: CORPORATE_NUMBER,
        details: { ...details, holder: "株式会社後" },
        evidence: [file.id],
      }),
    );
    done(await owner.post(`${base}/customer/declaration`, { textVersion: "antisocial-1", accepted: true }));
    done(await counter.admin.post(`${base}/customer/bounces`, { channel: "post", on: today, note: "宛所不明" }));
    const now = done(await owner.get<Customer>(`${base}/customer`));
    expect(now).toMatchObject({
      details: { holder: "株式会社後" },
      declaration: { textVersion: "antisocial-1" },
      bounced: [{ channel: "post", on: today }],
    });
    const history = done(
      await owner.get<{ kind: string; before: { details?: { holder: string } } | null; evidence: string[] }[]>(
        `${base}/customer/history`,
      ),
    );
    expect(history.map(({ kind }) => kind)).toEqual(["registered", "changed", "declared", "bounced"]);
    expect(history[1]).toMatchObject({ before: { details: { holder: "株式会社前" } }, evidence: [file.id] });
    const foreign = await counter.customer();
    const stolen = await foreign.owner.call("PUT", `${foreign.base}/customer`, {
      kind: "corporation",
      corporateNumber: CORPORATE_NUMBER,
      details,
      evidence: [file.id],
    });
    expect(stolen.status).toBe(422);
    expect(id).not.toBe(foreign.id);
  });
});
