/** Consent to changed terms by paying and by using, as the terms know these grounds. */
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { newId, type OrganisationId, type Uuid } from "@yagura/core/ids.ts";
import { openMoney, type Money } from "../../../../tests/support/money.ts";
import { addFact } from "../contracts/fact-door.ts";
import type { Fact } from "../charging/facts.ts";

let money: Money;
const changes: Record<string, Uuid> = {};
beforeAll(async () => {
  money = await openMoney();
  await publish("security", ["use", "payment", "no-objection"]);
  await publish("utm", ["prior-notice"]);
});
afterAll(async () => money.stop());

/** A change in force from 2026-12-01. */
const publish = (service: string, grounds: readonly string[]) =>
  money.provider(async ({ tx, now }) => {
    changes[service] = newId();
    await sql`insert into commerce.terms_change (id, version_id, service, code, effective_on, subject, body, rule, dissent,
        grounds, published_by, published_at)
      select ${changes[service]}, v.id, ${service}, v.code, '2026-12-01', '{}', '{}', 'COM-22', false, ${[...grounds]}::text[],
        'test', ${now}
      from commerce.service_version v where v.service = ${service} order by v.code desc limit 1`.execute(tx);
  });
const shown = async (service: string, state = "shown"): Promise<OrganisationId> => {
  const customer = await money.customer();
  await money.provider(({ tx, now }) =>
    sql`insert into commerce.terms_consent (id, organisation_id, change_id, state, decided_at)
      values (${newId()}, ${customer}, ${changes[service]}, ${state}, ${state === "shown" ? null : now})`.execute(tx),
  );
  return customer;
};
const consent = (customer: OrganisationId) =>
  money.provider(async ({ tx }) => {
    const { rows } = await sql<{ state: string; ground: string | null; evidence: string | null }>`
      select state, ground, evidence from commerce.terms_consent where organisation_id = ${customer}`.execute(tx);
    return rows[0];
  });

describe("COM-22 SEC-03 consent that is taken as given", () => {
  test("by a payment for that service after the day; not by one before it, nor for another service", async () => {
    const customer = await shown("security");
    await money.claim(customer, { amount: 1_100, dueOn: "2026-10-31" });
    await money.claim(customer, { amount: 1_100, dueOn: "2026-11-20", service: "utm" });
    await money.pay(customer, "2026-11-30", 1_100);
    await money.pay(customer, "2026-12-05", 1_100);
    expect(await consent(customer)).toMatchObject({ state: "shown", ground: null });
    await money.claim(customer, { amount: 2_200, dueOn: "2026-11-30" });
    await money.pay(customer, "2026-12-06", 100);
    expect(await consent(customer)).toEqual({
      state: "consented",
      ground: "payment",
      evidence: "payment of 2026-12-06",
    });
  });

  test.each<{ fact: Fact; state: string }>([
    { fact: { kind: "started", on: "2026-11-30" }, state: "shown" },
    { fact: { kind: "started", on: "2026-12-01" }, state: "consented" },
    { fact: { kind: "option-started", on: "2026-12-02", item: "seat-1" }, state: "consented" },
    { fact: { kind: "attribute", on: "2026-12-02", name: "holder", value: "corporation" }, state: "shown" },
  ])("by use: the fact $fact.kind of $fact.on leaves it $state", async ({ fact, state }) => {
    const customer = await shown("security");
    const { id } = await money.contractOf(customer, "security", "desk");
    const contract = { id, organisation: customer };
    await money.work(customer, (work) => addFact(work, contract, fact, { source: "desk", key: "1" }));
    await money.work(customer, (work) => addFact(work, contract, fact, { source: "desk", key: "1" }));
    const evidence = state === "shown" ? null : `${fact.kind} ${fact.on}`;
    expect(await consent(customer)).toEqual({ state, ground: state === "shown" ? null : "use", evidence });
  });

  test("whoever dissented did, and terms that know no such ground take nothing as given (UTM-02)", async () => {
    const dissenting = await shown("security", "dissented");
    await money.claim(dissenting, { amount: 1_100, dueOn: "2026-11-30" });
    await money.pay(dissenting, "2026-12-05", 1_100);
    expect(await consent(dissenting)).toMatchObject({ state: "dissented" });
    const warned = await shown("utm");
    await money.claim(warned, { amount: 1_100, dueOn: "2026-11-30", service: "utm" });
    await money.pay(warned, "2026-12-05", 1_100);
    expect(await consent(warned)).toMatchObject({ state: "shown" });
  });
});
