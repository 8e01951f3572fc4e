/** For tests and benches of billing: the five services with prices and due dates, and many contracts at once. */
import { sql, type RawBuilder } from "kysely";
import type { Billing } from "@yagura/commerce/billing/chunk.ts";
import { carryOutRun, type Progress } from "@yagura/commerce/billing/run.ts";
import { beginRun, lockRun, setState, type RunRow } from "@yagura/commerce/billing/runs.ts";
import type { DocumentContent, NewBillRun } from "@yagura/commerce/billing/shapes.ts";
import type { Fact } from "@yagura/commerce/charging/facts.ts";
import { shipOffers } from "@yagura/commerce/terms/ship.ts";
import type { Clock } from "@yagura/core/clock.ts";
import { newId, type OrganisationId, type Uuid } from "@yagura/core/ids.ts";
import type { Store } from "@yagura/store/store.ts";
import { openHouse, type House } from "./experience.ts";
import { offers } from "./money.ts";

export const billing: Billing = { offers };

/** TEST prices: the seeds name none for these. */
const prices = [
  ["experience", "agent", "agent", 1_000],
  ["remote", "utm-gateway", "base", 12_000],
  ["remote", "utm-gateway", "hardware", 80_000],
  ["remote", "utm-gateway", "early-termination", 50_000],
] as const;

type Place = { readonly store: Store; readonly clock: Clock };

/** What the services ship, TEST prices where they ship none, and bills due at the end of the month after. */
export async function prepareBilling(place: Place): Promise<void> {
  await shipOffers(place, offers);
  await place.store.provider(async (tx) => {
    const book = newId();
    await sql`insert into commerce.price_book (id, code, source, loaded_by, loaded_at)
      values (${book}, 'TEST', 'TEST', 'test', now())`.execute(tx);
    for (const [service, plan, item, amount] of prices) {
      await sql`insert into commerce.price (id, book_id, service, plan, item, amount, in_force)
        values (${newId()}, ${book}, ${service}, ${plan}, ${item}, ${amount}, daterange(null, null))`.execute(tx);
    }
    await sql`insert into commerce.setting (id, service, key, value, in_force, set_by, set_at)
      values (${newId()}, '*', 'due', '{"monthsAfter": 1, "day": "last"}', daterange(null, null), 'test', now())`.execute(
      tx,
    );
  });
}

export interface NewContract {
  readonly organisation: OrganisationId;
  readonly service: string;
  readonly plan: string;
  readonly items: Readonly<Record<string, number>>;
  readonly attributes?: Readonly<Record<string, string>>;
  readonly facts: readonly Fact[];
}

/** Writes contracts with their facts as they are, in bulk; gives their ids in the same order. */
export async function addContracts(
  store: Store,
  contracts: readonly NewContract[],
  startAt = counter,
): Promise<Uuid[]> {
  const rows = contracts.map((one, at) => ({ ...one, id: newId(), number: numberOf(one.service, startAt + at + 1) }));
  counter = Math.max(counter, startAt + rows.length);
  const facts = rows.flatMap((one) =>
    one.facts.map((fact) => ({ fact, contract: one.id, organisation: one.organisation })),
  );
  await store.provider(async (tx) => {
    await sql`insert into commerce.contract (id, organisation_id, service, number, charged, state, started_on, created_at, plan,
        items, attributes)
      select id, organisation, service, number, true, 'active', started, now(), plan, items::jsonb, attributes::jsonb
      from unnest(${rows.map(({ id }) => id)}::uuid[], ${rows.map(({ organisation }) => organisation)}::uuid[],
        ${rows.map(({ service }) => service)}::text[], ${rows.map(({ number }) => number)}::text[],
        ${rows.map((row) => row.facts.find(({ kind }) => kind === "started")?.on ?? null)}::date[],
        ${rows.map(({ plan }) => plan)}::text[], ${rows.map(({ items }) => JSON.stringify(items))}::text[],
        ${rows.map(({ attributes = {} }) => JSON.stringify(attributes))}::text[])
        as t (id, organisation, service, number, started, plan, items, attributes)`.execute(tx);
    await sql`insert into commerce.contract_fact (id, organisation_id, contract_id, kind, on_day, payload, source, recorded_by,
        recorded_at)
      select id, organisation, contract, kind, day, payload::jsonb, 'import', 'test', now()
      from unnest(${facts.map(() => newId())}::uuid[], ${facts.map(({ organisation }) => organisation)}::uuid[],
        ${facts.map(({ contract }) => contract)}::uuid[], ${facts.map(({ fact }) => fact.kind)}::text[],
        ${facts.map(({ fact }) => fact.on)}::date[],
        ${facts.map(({ fact: { kind: _kind, on: _on, ...payload } }) => JSON.stringify(payload))}::text[])
        as t (id, organisation, contract, kind, day, payload)`.execute(tx);
  });
  return rows.map(({ id }) => id);
}
let counter = 0;
const prefixes: Readonly<Record<string, string>> = {
  experience: "EXP",
  security: "SEC",
  remote: "RNS",
  ot: "OST",
  utm: "UTM",
};
const numberOf = (service: string, n: number): string =>
  `${prefixes[service] ?? "TST"}-2604-${String(n).padStart(7, "0")}-0`;

/** A fact learnt now. */
export const addFact = (store: Store, organisation: OrganisationId, contract: Uuid, fact: Fact): Promise<Uuid> =>
  store.provider(async (tx) => {
    const { kind, on, ...payload } = fact;
    const id = newId();
    await sql`insert into commerce.contract_fact (id, organisation_id, contract_id, kind, on_day, payload, source, recorded_by,
        recorded_at)
      values (${id}, ${organisation}, ${contract}, ${kind}, ${on}, ${JSON.stringify(payload)}::jsonb, 'office', 'test', now())`.execute(
      tx,
    );
    return id;
  });

export const voidFacts = (store: Store, contract: Uuid, kind: string): Promise<unknown> =>
  store.provider((tx) =>
    sql`update commerce.contract_fact set voided_at = now(), void_reason = 'test'
      where contract_id = ${contract} and kind = ${kind} and voided_at is null`.execute(tx),
  );

/**
 * The n-th contract of a mixed fleet that started in April 2026: five services, packs, options, sensors, a few cancellations,
 * changes, outages and tickets in June.
 */
export function mixedContract(n: number, organisation: OrganisationId): NewContract {
  const day = String((n % 28) + 1).padStart(2, "0");
  const began: Fact[] = [
    { kind: "applied", on: "2026-03-20" },
    { kind: "accepted", on: "2026-03-25" },
    { kind: "started", on: `2026-04-${day}` },
  ];
  const june: Fact[] = n % 20 === 7 ? [{ kind: "cancelled", on: `2026-06-${day}`, by: "customer" }] : [];
  switch (n % 10) {
    case 0:
    case 1:
    case 2: {
      const changed: Fact[] =
        n % 30 === 1 ? [{ kind: "quantity", on: `2026-06-${day}`, item: "seat-1", quantity: 8 }] : [];
      const items = { "seat-1": (n % 9) + 1, "seat-10": n % 3 };
      return { organisation, service: "security", plan: "endpoint", items, facts: [...began, ...june, ...changed] };
    }
    case 3:
      return {
        organisation,
        service: "security",
        plan: "cloud-app",
        items: { "seat-10": 2 },
        facts: [...began, ...june],
      };
    case 4: {
      const bought: Fact[] =
        n % 40 === 4 ? [{ kind: "purchase", on: `2026-06-${day}`, item: "ticket-question", quantity: 3 }] : [];
      return { organisation, service: "security", plan: "desk", items: { base: 1 }, facts: [...began, ...bought] };
    }
    case 5:
    case 6:
      return { organisation, service: "experience", plan: "agent", items: { agent: 1 }, facts: [...began, ...june] };
    case 7:
      return {
        organisation,
        service: "ot",
        plan: "sensor",
        items: { basic: 1 },
        attributes: { "sensor-type": n % 4 === 3 ? "n" : "d" },
        facts: [...began, ...june],
      };
    case 8: {
      const facts: Fact[] = [...began, { kind: "inspected", on: `2026-04-${day}` }];
      return { organisation, service: "remote", plan: "utm-gateway", items: { base: 1, hardware: 1 }, facts };
    }
    default: {
      const outage: Fact[] =
        n % 50 === 9
          ? [
              {
                kind: "outage",
                on: `2026-06-${day}`,
                knownAt: `2026-06-${day}T09:00:00+09:00`,
                restoredAt: `2026-06-${day}T23:00:00+09:00`,
                complete: true,
                cause: "not-customer",
              },
            ]
          : [];
      const attributes = {
        model: "ssb5",
        licence: n % 4 === 1 ? "attached" : "plain",
        "line-model": "own",
        holder: "corporation",
      };
      return {
        organisation,
        service: "utm",
        plan: "gateway",
        items: { base: 1 },
        attributes,
        facts: [...began, ...outage],
      };
    }
  }
}

/** Begins a run and carries it out up to its preview. */
export async function previewRun(place: Place, input: NewBillRun, progress?: Progress): Promise<RunRow> {
  const now = new Date(place.clock.now());
  const { id } = await place.store.provider((tx) => beginRun(tx, input, { by: "test", now }));
  return (await carryOutRun(place, billing, id, progress)) as RunRow;
}

/** Issues a run that is ready. */
export async function issueRun(place: Place, id: Uuid, progress?: Progress): Promise<RunRow> {
  await place.store.provider(async (tx) => {
    const run = await lockRun(tx, id);
    if (run.state === "ready") await setState(tx, id, "issuing", { now: new Date(place.clock.now()) });
  });
  return (await carryOutRun(place, billing, id, progress)) as RunRow;
}

/** Both. */
export const billMonthNow = async (place: Place, input: NewBillRun): Promise<RunRow> =>
  issueRun(place, (await previewRun(place, input)).id);

/** A house in which bills can be made, with the questions that tests ask of them. */
export interface BillingHouse extends House {
  readonly place: Place;
  /** Makes one contract and gives its id. */
  contractOf(contract: NewContract): Promise<Uuid>;
  /** Bills one customer's month. */
  bill(organisation: OrganisationId, month: string, more?: Partial<NewBillRun>): Promise<RunRow>;
  documents(organisation: OrganisationId): Promise<DocumentRow[]>;
  lines(organisation: OrganisationId): Promise<LineRow[]>;
  claims(organisation: OrganisationId): Promise<ClaimRow[]>;
  query<T>(statement: RawBuilder<T>): Promise<T[]>;
}
export interface DocumentRow {
  readonly id: Uuid;
  readonly number: string;
  readonly kind: string;
  readonly month: string;
  readonly net: number;
  readonly tax: number;
  readonly total: number;
  readonly dueOn: string | null;
  readonly corrects: Uuid | null;
  readonly content: DocumentContent;
}
export interface LineRow {
  readonly invoice: Uuid;
  readonly month: string;
  readonly kind: string;
  readonly item: string;
  readonly amount: number;
}
export interface ClaimRow {
  readonly amount: number;
  readonly due: string;
  readonly service: string;
}

export async function openBilling(now = "2026-12-15T03:00:00Z"): Promise<BillingHouse> {
  const house = await openHouse(now);
  const place = { store: house.stores.store, clock: house.clock };
  await prepareBilling(place);
  const query = <T>(statement: RawBuilder<T>): Promise<T[]> =>
    place.store.provider(async (tx) => (await statement.execute(tx)).rows);
  return {
    ...house,
    place,
    query,
    contractOf: async (contract) => (await addContracts(place.store, [contract]))[0] as Uuid,
    bill: (organisationId, month, more = {}) => billMonthNow(place, { month, organisationId, ...more }),
    documents: (organisation) =>
      query(sql<DocumentRow>`select id, number, kind, to_char(month, 'YYYY-MM') as month, net::int as net, tax::int as tax,
          total::int as total, due_on as "dueOn", corrects_id as corrects, content
        from commerce.invoice where organisation_id = ${organisation} order by id`),
    lines: (organisation) =>
      query(sql<LineRow>`select invoice_id as invoice, to_char(bill_month, 'YYYY-MM') as month, kind, item, amount::int as amount
        from commerce.invoice_line where organisation_id = ${organisation} order by invoice_id, position`),
    claims: (organisation) =>
      query(sql<ClaimRow>`select amount::int as amount, due_on as due, service from commerce.claim
        where organisation_id = ${organisation} order by due_on, amount`),
  };
}

const utmAttributes = { model: "ssb5", licence: "plain", "line-model": "own", holder: "corporation" };
/** A gateway in use from a day on: 2,500 yen a month. */
export const gateway = (
  organisation: OrganisationId,
  on: string,
  attributes: Readonly<Record<string, string>> = {},
  more: readonly Fact[] = [],
): NewContract => ({
  organisation,
  service: "utm",
  plan: "gateway",
  items: { base: 1 },
  attributes: { ...utmAttributes, ...attributes },
  facts: [{ kind: "accepted", on }, { kind: "started", on }, ...more],
});
/** Endpoint seats in use from a day on. */
export const endpoint = (
  organisation: OrganisationId,
  on: string,
  items: Readonly<Record<string, number>>,
  more: readonly Fact[] = [],
): NewContract => ({
  organisation,
  service: "security",
  plan: "endpoint",
  items,
  facts: [{ kind: "accepted", on }, { kind: "started", on }, ...more],
});
