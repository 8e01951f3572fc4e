/** Migration 0010: what the database itself holds of money and proof, whatever a handler does. */
import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import { newId, type OrganisationId } from "@yagura/core/ids.ts";
import type { Tx } from "@yagura/store/store.ts";
import { remote } from "../../../tests/support/offers.ts";
import { openCounter, orderLine, type Counter } from "../../../tests/support/orders.ts";
import type { ContractItem } from "./contracts/shapes.ts";

let counter: Counter;
let organisation: OrganisationId;
let contract: ContractItem;
const today = "2026-11-20";
beforeAll(async () => {
  counter = await openCounter(`${today}T03:00:00Z`);
  const { id, base } = await counter.customer();
  organisation = id;
  contract = await counter.contract(base, orderLine(remote, "router", today));
});
afterAll(async () => counter.stop());

const own = <T>(work: (tx: Tx) => Promise<T>): Promise<T> => counter.stores.store.organisation(organisation, work);
const office = <T>(work: (tx: Tx) => Promise<T>): Promise<T> => counter.stores.store.provider(work);
const byCustomer = <T>(work: (tx: Tx) => Promise<T>): Promise<T> =>
  own(async (tx) => {
    await sql`select set_config('yagura.hand', 'customer', true)`.execute(tx);
    return work(tx);
  });
const refused = { code: "42501" };

const fact = (
  kind: string,
  payload: object = {},
) => sql`insert into commerce.contract_fact (id, organisation_id, contract_id, kind,
    on_day, payload, source, recorded_by, recorded_at)
  values (${newId()}, ${organisation}, ${contract.id}, ${kind}, ${today}::date, ${JSON.stringify(payload)}::jsonb, 'test', 'test', now())`;
const payment = sql`insert into commerce.payment (id, organisation_id, paid_on, amount, way, recorded_by, recorded_at)
  select gen_random_uuid(), yagura.organisation(), '2026-11-20', 1, 'transfer', 'test', now()`;
const claim = sql`insert into commerce.claim (id, organisation_id, service, plan, amount, due_on, state, created_at)
  select gen_random_uuid(), ${sql.raw("organisation_id")}, 'remote', 'router', 1, '2026-11-30', 'open', now()
  from commerce.contract limit 1`;

test("a customer's request writes no payment, no claim, no bank account and nothing else of the office's money", async () => {
  for (const table of [
    "claim",
    "payment",
    "allocation",
    "refund",
    "certificate",
    "bank_account",
    "payer_name",
    "dunning",
    "billing_choice",
    "equipment",
    "equipment_event",
    "equipment_return",
  ]) {
    await expect(
      byCustomer((tx) => sql`delete from ${sql.table(`commerce.${table}`)}`.execute(tx)),
      table,
    ).rejects.toMatchObject(refused);
  }
  await expect(byCustomer((tx) => payment.execute(tx))).rejects.toMatchObject(refused);
  await own((tx) => payment.execute(tx));
  // Claims come of documents alone, also when the staff work on a customer's page.
  await expect(own((tx) => claim.execute(tx))).rejects.toMatchObject(refused);
  await office((tx) => claim.execute(tx));
});

test("COM-21: a customer's request writes no agreed price, no discount, no waiver and no outage, and voids what it may write only", async () => {
  for (const kind of [
    "price-agreed",
    "parameter-agreed",
    "discount",
    "waiver",
    "outage",
    "claim",
    "inspected",
    "anchor",
    "quantity",
    "accepted",
    "started",
  ]) {
    await expect(
      byCustomer((tx) => fact(kind).execute(tx)),
      kind,
    ).rejects.toMatchObject(refused);
  }
  await byCustomer((tx) => fact("cancellation-requested", { desiredOn: today }).execute(tx));
  const voided = sql`update commerce.contract_fact set voided_at = now(), void_reason = 'test' where voided_at is null and kind = `;
  await expect(byCustomer((tx) => sql`${voided} 'accepted'`.execute(tx))).rejects.toMatchObject(refused);
  await byCustomer((tx) => sql`${voided} 'cancellation-requested'`.execute(tx));
  for (const within of [own, office]) {
    const back = within((tx) =>
      sql`update commerce.contract_fact set voided_at = null where voided_at is not null`.execute(tx),
    );
    await expect(back).rejects.toMatchObject({ ...refused, constraint: "fact_void_for_good" });
  }
});

test("previews of bill runs, proposals and the journal are not the customer's to read", async () => {
  for (const table of [
    "bill_run",
    "bill_run_customer",
    "bill_aside",
    "collection_task",
    "journal_position",
    "deposit",
    "waiver",
  ]) {
    await expect(
      own((tx) => sql`select * from ${sql.table(`commerce.${table}`)}`.execute(tx)),
      table,
    ).rejects.toMatchObject(refused);
  }
});

test("what was recorded stays as it was recorded, also for the provider", async () => {
  for (const change of [
    sql`update commerce.claim set amount = 2`,
    sql`update commerce.payment set amount = 2`,
    sql`update commerce.payment set paid_on = '2026-01-01'`,
    sql`update commerce.contract set charged = false`,
    sql`update commerce.contract set number = 'X'`,
    sql`update commerce.contract_event set actor = 'somebody else'`,
    sql`update commerce.application set sequence = 99`,
    sql`update commerce.contract_transition set to_state = 'active'`,
    sql`update commerce.bank_file set total = 0`,
  ]) {
    await expect(office((tx) => change.execute(tx))).rejects.toMatchObject(refused);
  }
});

test("COM-11 nothing is added to a document that was issued, also by the provider", async () => {
  const invoice = newId();
  const line = (
    position: number,
  ) => sql`insert into commerce.invoice_line (invoice_id, position, organisation_id, bill_month, key,
      kind, item, amount, tax_class, line)
    values (${invoice}, ${position}, ${organisation}, '2026-10-01', 'k', 'recurring', 'base', 1, 'taxable', '[]')`;
  await office(async (tx) => {
    await sql`insert into commerce.invoice (id, organisation_id, number, kind, month, issued_on, net, tax, total, content, issued_at)
      values (${invoice}, ${organisation}, 'T-1', 'invoice', '2026-10-01', '2026-11-01', 1, 0, 1, '{}', now())`.execute(
      tx,
    );
    await line(1).execute(tx);
    await line(2).execute(tx);
  });
  const added = office((tx) => line(3).execute(tx));
  await expect(added).rejects.toMatchObject({ ...refused, constraint: "document_immutable" });
});

test("rows that prove something go with their organisation only", async () => {
  for (const within of [own, office]) {
    for (const table of [
      "contract_fact",
      "contract_event",
      "payment",
      "claim",
      "application_consent",
      "customer_change",
    ]) {
      const gone = within((tx) => sql`delete from ${sql.table(`commerce.${table}`)}`.execute(tx));
      await expect(gone, table).rejects.toMatchObject(refused);
    }
  }
  const ofAnother = office(async (tx) => {
    await sql`select set_config('yagura.erasing', ${newId()}, true)`.execute(tx);
    await sql`delete from commerce.payment`.execute(tx);
  });
  await expect(ofAnother).rejects.toMatchObject({ ...refused, constraint: "erasure_only" });
});
