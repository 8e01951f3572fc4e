/** For tests of receivables: a house with the five services' terms, and claims as a bill run writes them. */
import { sql } from "kysely";
import { newId, type OrganisationId, type Uuid } from "@yagura/core/ids.ts";
import { claimById, type ClaimRow, type MoneyWork } from "@yagura/commerce/receivables/claims.ts";
import { recordPayment, type PaymentDone, type PaymentInput } from "@yagura/commerce/receivables/payments.ts";
import { packLine } from "@yagura/commerce/billing/stored-lines.ts";
import { settleCredit } from "@yagura/commerce/receivables/settle.ts";
import { shipOffers } from "@yagura/commerce/terms/ship.ts";
import { offer as experience } from "@yagura/experience/charges.ts";
import { offer as ot } from "@yagura/ot/charges.ts";
import { offer as remote } from "@yagura/remote/charges.ts";
import { offer as security } from "@yagura/security/charges.ts";
import type { Tx } from "@yagura/store/store.ts";
import { offer as utm } from "@yagura/utm/charges.ts";
import { openHouse, type House } from "./experience.ts";

export const offers = [experience, security, remote, ot, utm];

export interface NewClaim {
  readonly amount: number;
  readonly dueOn: string;
  readonly service?: string;
  readonly plan?: string;
  readonly issuedOn?: string;
  readonly bearsInterest?: boolean;
  readonly contract?: Uuid;
  readonly number?: string;
  /** What the line is for; a monthly fee unless told. */
  readonly item?: string;
}
export interface Money extends House {
  customer(name?: string): Promise<OrganisationId>;
  contractOf(organisation: OrganisationId, service: string, plan: string): Promise<{ id: Uuid; number: string }>;
  /** A document with one line and its claim; what lies on account is applied as after a bill run. */
  claim(organisation: OrganisationId, claim: NewClaim): Promise<Uuid>;
  show(organisation: OrganisationId, claim: Uuid): Promise<ClaimRow>;
  pay(organisation: OrganisationId, paidOn: string, amount: number, more?: Partial<PaymentInput>): Promise<PaymentDone>;
  work<T>(organisation: OrganisationId, verb: (work: MoneyWork) => Promise<T>): Promise<T>;
  provider<T>(verb: (work: MoneyWork) => Promise<T>): Promise<T>;
}

const plans: Readonly<Record<string, string>> = {
  security: "endpoint",
  remote: "utm-gateway",
  utm: "gateway",
  experience: "agent",
  ot: "sensor",
};
let counter = 0;

export async function openMoney(now = "2026-12-20T03:00:00Z"): Promise<Money> {
  const house = await openHouse(now);
  await shipOffers(house.platform, offers);
  const { store } = house.stores;
  const workOf = (tx: Tx): MoneyWork => ({
    tx,
    now: new Date(house.clock.now()),
    actor: { kind: "system", name: "test" },
  });
  const work: Money["work"] = (organisation, verb) => store.organisation(organisation, (tx) => verb(workOf(tx)));
  const provider: Money["provider"] = (verb) => store.provider((tx) => verb(workOf(tx)));
  return {
    ...house,
    work,
    provider,
    customer: (name = "株式会社テスト") => house.organisation({ name, owner: `owner-${++counter}@example.jp` }),
    contractOf: async (organisation, service, plan) => {
      const id = newId();
      const number = `TST-2611-${String(++counter).padStart(6, "0")}-0`;
      await provider(({ tx, now: at }) =>
        sql`insert into commerce.contract (id, organisation_id, service, number, charged, state, started_on, created_at, plan, items)
          values (${id}, ${organisation}, ${service}, ${number}, true, 'active', '2026-01-01', ${at}, ${plan}, '{}')`.execute(
          tx,
        ),
      );
      return { id, number };
    },
    claim: (organisation, claim) => provider((one) => writeClaim(one, organisation, claim)),
    show: (organisation, id) =>
      work(organisation, async ({ tx }) => {
        const found = await claimById(tx, organisation, id);
        if (found === null) throw new Error("no such claim");
        return found;
      }),
    pay: (organisation, paidOn, amount, more = {}) =>
      work(organisation, (one) => recordPayment(one, organisation, { paidOn, amount, way: "transfer", ...more })),
  };
}

/** Tax of 10 % is part of the amount where it divides; the figures of the document follow from the claim's. */
async function writeClaim(work: MoneyWork, organisation: OrganisationId, claim: NewClaim): Promise<Uuid> {
  const { tx } = work;
  const [invoice, id] = [newId(), newId()];
  const service = claim.service ?? "security";
  const plan = claim.plan ?? plans[service] ?? "";
  const issuedOn = claim.issuedOn ?? `${claim.dueOn.slice(0, 7)}-01`;
  const number = claim.number ?? `INV-${issuedOn.slice(0, 4)}-${String(++counter).padStart(8, "0")}`;
  const outside = claim.bearsInterest === false;
  const base = outside ? claim.amount : Math.floor((claim.amount * 10) / 11);
  const tax = claim.amount - base;
  const subtotal = {
    class: outside ? "out-of-scope" : "taxable",
    rate: outside ? null : "10%",
    base,
    tax,
    formula: "",
  };
  const content = { subtotals: [subtotal], recipient: { name: "株式会社テスト" } };
  const packed = packLine({
    line: {
      key: "x",
      kind: outside ? "late-interest" : "recurring",
      item: claim.item ?? "base",
      amount: base,
      taxClass: outside ? "out-of-scope" : "taxable",
      billMonth: issuedOn.slice(0, 7),
      contract: number,
      service,
      plan,
      description: { ja: "利用料", en: "fee" },
      feeMonth: `${issuedOn.slice(0, 7)}-01`,
      period: { from: issuedOn, to: issuedOn },
      quantity: 1,
      unitPrice: base,
      supplyOn: issuedOn,
      dueOn: null,
      why: { rule: "TEST", version: "", basis: [], inputs: {}, formula: "", sentence: { ja: "", en: "" } },
    },
    rate: subtotal.rate,
  });
  const at = new Date(`${issuedOn}T00:00:00+09:00`);
  await sql`insert into commerce.invoice (id, organisation_id, number, kind, month, issued_on, due_on, net, tax, total, content, issued_at)
    values (${invoice}, ${organisation}, ${number}, 'invoice', ${`${issuedOn.slice(0, 7)}-01`}, ${issuedOn}, ${claim.dueOn}, ${base},
      ${tax}, ${claim.amount}, ${JSON.stringify(content)}::json, ${at})`.execute(tx);
  await sql`insert into commerce.invoice_line (invoice_id, position, organisation_id, contract_id, bill_month, key, kind, item, amount,
      tax_class, line)
    values (${invoice}, 1, ${organisation}, ${claim.contract ?? null}, ${`${issuedOn.slice(0, 7)}-01`}, 'x',
      ${outside ? "late-interest" : "recurring"}, ${claim.item ?? "base"}, ${base}, ${subtotal.class}, ${packed}::json)`.execute(
    tx,
  );
  await sql`insert into commerce.claim (id, organisation_id, invoice_id, contract_id, number, service, plan, amount, due_on, bears_interest,
      state, created_at)
    values (${id}, ${organisation}, ${invoice}, ${claim.contract ?? null}, ${number}, ${service}, ${plan}, ${claim.amount}, ${claim.dueOn},
      ${!outside}, 'open', ${at})`.execute(tx);
  await settleCredit(work, [organisation]);
  return id;
}
