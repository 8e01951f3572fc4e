/** Every plan of every service, from its own form to its end: nothing that the data names is missing anywhere. */
import { expect, test } from "vitest";
import { chargeContract } from "@yagura/commerce/charging/charge.ts";
import type { ContractFacts, Fact } from "@yagura/commerce/charging/facts.ts";
import type { Offer, OrderForm } from "@yagura/commerce/charging/offer.ts";
import { shippedTables } from "@yagura/commerce/charging/shipped.ts";
import type { Price, Tables } from "@yagura/commerce/charging/tables.ts";
import { totals } from "@yagura/commerce/charging/totals.ts";
import { offers } from "../support/offers.ts";

const shipped = shippedTables(offers, { suggested: true });
/** TEST amounts for every price that the provider has to set. */
const asked: Price[] = offers.flatMap(({ service, required }) =>
  required
    .filter(({ key }) => key.startsWith("price:"))
    .map(({ key }) => {
      const [plan = "", item = ""] = key.slice("price:".length).split("/");
      return { service, plan, item, amount: 7_001, display: null, book: "TEST", from: null, until: null };
    }),
);
const tables: Tables = { ...shipped, prices: [...shipped.prices, ...asked] };

const attributesOf = (form: OrderForm): Record<string, string> =>
  Object.fromEntries(
    form.sections
      .flatMap(({ fields }) => fields)
      .filter(({ attribute }) => attribute === true)
      .map(({ name, choices }) => [name, choices?.[0]?.value ?? "1"]),
  );

/** One of everything that the form lets order. */
const itemsOf = (form: OrderForm): Record<string, number> =>
  Object.fromEntries(
    form.items.filter(({ item }) => item !== "ancillary").map(({ item, minimum }) => [item, Math.max(1, minimum)]),
  );

const plans = offers.flatMap((offer) =>
  offer.forms
    .filter(({ until }) => until === null)
    .map((form) => ({ name: `${offer.service}/${form.plan}`, offer, form })),
);

const life = (offer: Offer, form: OrderForm, more: readonly Fact[] = []): ContractFacts => ({
  contract: "test",
  service: offer.service,
  plan: form.plan,
  items: itemsOf(form),
  attributes: attributesOf(form),
  facts: [
    { kind: "applied", on: "2026-03-20" },
    { kind: "accepted", on: "2026-04-01" },
    { kind: "started", on: "2026-04-10" },
    { kind: "inspected", on: "2026-04-15" },
    ...more,
  ],
});

test.each(plans)(
  "COM-18 COM-19 $name: ordered with everything, charged month by month, ended; each line says why",
  ({ offer, form }) => {
    const facts = life(offer, form, [{ kind: "cancelled", on: "2027-06-17", by: "customer" }]);
    const { lines } = chargeContract(tables, facts, { from: "2026-03", to: "2027-08" });
    expect(lines.length).toBeGreaterThan(10);
    for (const { why, description, unitPrice } of lines) {
      expect(why.rule).toMatch(/^(COM|EXP|SEC|RNS|OST|UTM)-\d+$/);
      expect(why.version).toBe(offer.terms.at(-1)?.code);
      expect(why.formula).not.toBe("");
      for (const text of [why.sentence, description])
        expect([text.ja, text.en].every((one) => one.length > 1)).toBe(true);
      expect(unitPrice).toBeGreaterThan(0);
    }
    expect(totals(tables, lines).total).toBeGreaterThan(1_000);
    // The months one by one are the months together.
    const months = Array.from(
      { length: 18 },
      (_, index) => `${2026 + Math.floor((index + 2) / 12)}-${String(((index + 2) % 12) + 1).padStart(2, "0")}`,
    );
    const one = months.flatMap((month) => chargeContract(tables, facts, { from: month, to: month }).lines);
    expect(one.map(({ key, amount }) => `${key} ${amount}`).toSorted()).toEqual(
      lines.map(({ key, amount }) => `${key} ${amount}`).toSorted(),
    );
  },
);

test.each(plans)(
  "COM-30 $name: with no price set by the provider, what lacks one is named and not guessed",
  ({ offer, form }) => {
    const lacking = asked.some(
      ({ service, plan, item }) => service === offer.service && plan === form.plan && item in itemsOf(form),
    );
    const run = () => chargeContract(shipped, life(offer, form), { from: "2026-03", to: "2026-06" });
    if (lacking) expect(run).toThrow(/price|facts/i);
    else expect(run().lines.length).toBeGreaterThan(0);
  },
);
