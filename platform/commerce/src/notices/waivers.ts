/**
 * Temporary reduction or waiver of charges for a disaster (COM-29, UTM-52): dated, for an area and a service, published, visible on
 * the bill, and reversible. It enters as a fact of each contract concerned, so that bills, previews and adjustments follow by
 * themselves; contracts that come into the area later are added by `extendWaiver`.
 */
import { sql } from "kysely";
import type { Day } from "@yagura/core/calendar.ts";
import { newId, type OrganisationId, type Uuid } from "@yagura/core/ids.ts";
import type { Tx } from "@yagura/store/store.ts";
import { actorName } from "../actor.ts";
import type { Text } from "../charging/tables.ts";
import { addFact, voidFact } from "../contracts/fact-door.ts";
import { raise as raiseTerms } from "../terms/errors.ts";
import { offerOf } from "../terms/offers.ts";
import { raise } from "./errors.ts";
import type { NoticeWork } from "./check.ts";
import { giveToThese } from "./give.ts";
import type { NewWaiver, WaiverDone, WaiverItem } from "./shapes.ts";

/** Source of the facts; the key is the waiver's id. */
const SOURCE = "waiver";

interface Concerned {
  readonly id: Uuid;
  readonly organisation: OrganisationId;
  readonly number: string;
}
interface Scope {
  readonly service: string;
  readonly areas: readonly string[];
  readonly from: Day;
  readonly lastDay: Day;
}

/** Contracts of the service that live on a day of the range, of customers whose registered address holds one of the areas. */
async function contractsIn(tx: Tx, { service, areas, from, lastDay }: Scope): Promise<Concerned[]> {
  const { rows } = await sql<Concerned>`select k.id, k.organisation_id as organisation, k.number
    from commerce.contract k left join commerce.customer c on c.organisation_id = k.organisation_id
    where k.service = ${service} and k.charged and k.state not in ('revoked', 'void')
      and (k.started_on is null or k.started_on <= ${lastDay}::date)
      and (k.ended_on is null or k.ended_on >= ${from}::date)
      and (cardinality(${[...areas]}::text[]) = 0 or exists (select from unnest(${[...areas]}::text[]) as area
        where strpos(coalesce(c.details ->> 'address', ''), area) > 0))
    order by k.organisation_id, k.number`.execute(tx);
  return rows;
}

const done = (waiver: WaiverItem | null, list: readonly Concerned[]): WaiverDone => ({
  waiver,
  contracts: list.length,
  customers: new Set(list.map(({ organisation }) => organisation)).size,
  numbers: list.slice(0, 100).map(({ number }) => number),
});

/** Publishes a waiver, or says whom it would concern. As provider. WAIVER_NOBODY, DATED_CHANGE_RANGE, TERMS_SERVICE_UNKNOWN. */
export async function publishWaiver(work: NoticeWork, input: NewWaiver): Promise<WaiverDone> {
  const { tx, now, actor } = work;
  const { service, item = null, percent, areas = [], from, lastDay, reference, reason } = input;
  offerOf(work.offers, service);
  if (lastDay < from) throw raiseTerms("DATED_CHANGE_RANGE", { from, lastDay });
  const list = await contractsIn(tx, { service, areas, from, lastDay });
  if (input.dryRun === true) return done(null, list);
  if (list.length === 0) throw raise("WAIVER_NOBODY", { service, from, lastDay });
  const id = newId();
  await sql`insert into commerce.waiver (id, service, item, percent, areas, first_on, last_on, reference, reason, state,
      published_by, published_at)
    values (${id}, ${service}, ${item}, ${percent}, ${[...areas]}::text[], ${from}::date, ${lastDay}::date, ${reference},
      ${JSON.stringify(reason)}::jsonb, 'active', ${actorName({ actor })}, ${now})`.execute(tx);
  const waiver = (await waiverById(tx, id)) as WaiverItem;
  await apply(work, waiver, list);
  return done(await waiverById(tx, id), list);
}

/** Adds contracts that came into its scope since; what it stands on already is left alone. WAIVER_REVERSED. */
export async function extendWaiver(work: NoticeWork, waiver: WaiverItem): Promise<WaiverDone> {
  if (waiver.state === "reversed") throw raise("WAIVER_REVERSED");
  const known = new Set((await factsOf(work.tx, waiver.id)).map(({ id }) => id));
  const list = (await contractsIn(work.tx, waiver)).filter(({ id }) => !known.has(id));
  await apply(work, waiver, list);
  return done(await waiverById(work.tx, waiver.id), list);
}

async function apply(work: NoticeWork, waiver: WaiverItem, list: readonly Concerned[]): Promise<void> {
  const { id, item, percent, from, lastDay, reference } = waiver;
  for (const contract of list) {
    const scope = item === null ? {} : { item };
    const fact = { kind: "waiver", on: from, percent, until: lastDay, reference, ...scope } as const;
    await addFact(work, contract, fact, { source: SOURCE, key: id });
  }
  await tellOf(work, waiver, [...new Set(list.map((contract) => contract.organisation))]);
}

/** UTM-52: published on the web; states whom it concerns and how long. Services without a rule of their own use the plain one. */
async function tellOf(work: NoticeWork, waiver: WaiverItem, customers: readonly OrganisationId[]): Promise<void> {
  const { service, percent, from, lastDay, reason, areas, reference } = waiver;
  const { notices } = offerOf(work.offers, service);
  const kind = ["waiver", "other"].find((one) => notices.some((rule) => rule.by === "provider" && rule.kind === one));
  if (kind === undefined || customers.length === 0) return;
  const where =
    areas.length === 0 ? { ja: "すべての地域", en: "everywhere" } : { ja: areas.join("、"), en: areas.join(", ") };
  const subject: Text = { ja: "料金の臨時減免のお知らせ", en: "Temporary reduction of charges" };
  const body: Text = {
    ja: `${reason.ja}\n\n対象: ${where.ja}\n期間: ${from} から ${lastDay} まで\n減免率: ${percent}%\n番号: ${reference}\n\nお手続きは必要ありません。請求書に減免額を記載します。`,
    en: `${reason.en}\n\nArea: ${where.en}\nFrom ${from} to ${lastDay}\nReduction: ${percent}%\nNumber: ${reference}\n\nYou need do nothing. The reduction stands on your bill.`,
  };
  const statements = { scope: where.ja, period: `${from} – ${lastDay}`, reason: reason.ja };
  const notice = { service, kind, channel: "web", subject, body, statements, announcesOn: from } as const;
  await giveToThese(work, notice, customers);
}

/** Takes a waiver back: its facts are void, and what was already waived comes as an adjustment. WAIVER_REVERSED. */
export async function reverseWaiver(work: NoticeWork, waiver: WaiverItem, reason: string): Promise<WaiverDone> {
  if (waiver.state === "reversed") throw raise("WAIVER_REVERSED");
  const list = await factsOf(work.tx, waiver.id);
  for (const { fact, ...contract } of list) await voidFact(work, contract, fact, reason);
  await sql`update commerce.waiver set state = 'reversed', reversed_at = ${work.now}, reversed_because = ${reason}
    where id = ${waiver.id}`.execute(work.tx);
  return done(await waiverById(work.tx, waiver.id), list);
}

/** Contracts on which it stands. */
async function factsOf(tx: Tx, waiver: Uuid): Promise<(Concerned & { fact: Uuid })[]> {
  const { rows } = await sql<
    Concerned & { fact: Uuid }
  >`select f.id as fact, k.id, k.organisation_id as organisation, k.number
    from commerce.contract_fact f join commerce.contract k on k.id = f.contract_id
    where f.kind = 'waiver' and f.source = ${SOURCE} and f.source_key = ${waiver} and f.voided_at is null
    order by k.organisation_id, k.number`.execute(tx);
  return rows;
}

interface Row extends Omit<WaiverItem, "publishedAt" | "reversedAt"> {
  readonly publishedAt: Date;
  readonly reversedAt: Date | null;
}
/** Newest first. */
export async function listWaivers(tx: Tx): Promise<WaiverItem[]> {
  const { rows } = await sql<Row>`select w.id, w.service, w.item, w.percent, to_jsonb(w.areas) as areas,
      w.first_on::text as "from", w.last_on::text as "lastDay", w.reference, w.reason, w.state,
      w.published_at as "publishedAt", w.reversed_at as "reversedAt",
      (select count(*)::int from commerce.contract_fact f where f.kind = 'waiver' and f.source = ${SOURCE}
        and f.source_key = w.id::text and f.voided_at is null) as contracts
    from commerce.waiver w order by w.published_at desc, w.id desc limit 1000`.execute(tx);
  return rows.map((row) => ({
    ...row,
    publishedAt: row.publishedAt.toISOString(),
    reversedAt: row.reversedAt?.toISOString() ?? null,
  }));
}

export const waiverById = async (tx: Tx, id: Uuid): Promise<WaiverItem | null> =>
  (await listWaivers(tx)).find((one) => one.id === id) ?? null;
