/** For tests of entitlements: the house of receivables, and contracts with facts as the steps of their life would write them. */
import { sql } from "kysely";
import { newId, type OrganisationId, type Uuid } from "@yagura/core/ids.ts";
import type { Fact } from "@yagura/commerce/charging/facts.ts";
import { lockContract, type ContractRow } from "@yagura/commerce/contracts/contract-row.ts";
import { addFact } from "@yagura/commerce/contracts/fact-door.ts";
import type { EntitlementWork } from "@yagura/commerce/entitlements/work.ts";
import { openMoney, type Money } from "./money.ts";

export interface Entitled extends Money {
  /** A contract in force since the day, with its facts. */
  entitled(organisation: OrganisationId, input: EntitledInput): Promise<Uuid>;
  /** A verb on the locked contract, as a route does it. */
  on<T>(
    organisation: OrganisationId,
    contract: Uuid,
    verb: (work: EntitlementWork, row: ContractRow) => Promise<T>,
  ): Promise<T>;
  set(service: string, key: string, value: unknown, from?: string): Promise<void>;
  price(service: string, plan: string, item: string, amount: number): Promise<void>;
}
export interface EntitledInput {
  readonly service: string;
  readonly plan: string;
  readonly startedOn: string;
  readonly items?: Readonly<Record<string, number>>;
  readonly attributes?: Readonly<Record<string, string>>;
  readonly facts?: readonly Fact[];
}

export async function openEntitled(now?: string): Promise<Entitled> {
  const money = await openMoney(now);
  const on: Entitled["on"] = (organisation, contract, verb) =>
    money.work(organisation, async (work) => {
      const row = await lockContract(work.tx, organisation, contract);
      if (row === null) throw new Error("no such contract");
      return verb(work, row);
    });
  return {
    ...money,
    on,
    entitled: async (organisation, { service, plan, startedOn, items = {}, attributes = {}, facts = [] }) => {
      const { id } = await money.contractOf(organisation, service, plan);
      await money.provider(({ tx }) =>
        sql`update commerce.contract set started_on = ${startedOn}::date, service_started_on = ${startedOn}::date,
          items = ${JSON.stringify(items)}::jsonb, attributes = ${JSON.stringify(attributes)}::jsonb where id = ${id}`.execute(
          tx,
        ),
      );
      await on(organisation, id, async (work, row) => {
        for (const fact of [{ kind: "started", on: startedOn } as const, ...facts]) await addFact(work, row, fact);
      });
      return id;
    },
    set: async (service, key, value, from = "2016-01-01") => {
      await money.provider(({ tx, now: at }) =>
        sql`insert into commerce.setting (id, service, key, value, in_force, set_by, set_at)
          values (${newId()}, ${service}, ${key}, ${JSON.stringify(value)}::jsonb, daterange(${from}::date, null), 'test', ${at})`.execute(
          tx,
        ),
      );
    },
    price: async (service, plan, item, amount) => {
      await money.provider(async ({ tx, now: at }) => {
        const book = newId();
        await sql`insert into commerce.price_book (id, code, source, loaded_by, loaded_at)
          values (${book}, ${`test-${book}`}, 'test', 'test', ${at})`.execute(tx);
        await sql`insert into commerce.price (id, book_id, service, plan, item, amount, in_force)
          values (${newId()}, ${book}, ${service}, ${plan}, ${item}, ${amount}, daterange(null, null))`.execute(tx);
      });
    },
  };
}
