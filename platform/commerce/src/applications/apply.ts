/**
 * Applications from the order forms: checked field by field, stored with channel and order day, queued in the order in which
 * they were complete (SEC-05). An incomplete form forms nothing (RNS-04): it is kept, with what is missing, until completed.
 */
import { createHash } from "node:crypto";
import { sql } from "kysely";
import { newId, type OrganisationId, type Uuid } from "@yagura/core/ids.ts";
import { addDays, dayOf, type Day } from "@yagura/core/calendar.ts";
import { actorName } from "../actor.ts";
import type { Offer, OrderForm } from "../charging/offer.ts";
import type { Tables } from "../charging/tables.ts";
import { formOn, termsOn } from "../contracts/offers.ts";
import { loadTables } from "../terms/load.ts";
import { acceptedTexts } from "../terms/third-party.ts";
import { lineRemarks, takenRemark, valueHash, type OrderSurroundings } from "./checks.ts";
import { customerOf } from "./customers.ts";
import { raise } from "./errors.ts";
import { applies, fieldsOf, orderedItems, type Values } from "./fields.ts";
import { knownOffer, type OrderWork } from "./offer-of.ts";
import { checkQuote } from "./quotes.ts";
import { openSecrets, sealSecrets } from "./secrets.ts";
import type { ApplicationRow } from "./rows.ts";
import type { FieldValue, NewOrder, OrderLine, Remark } from "./shapes.ts";

interface ReadLine {
  readonly offer: Offer;
  readonly form: OrderForm;
  readonly items: Record<string, number>;
  readonly line: OrderLine;
}

/** The order's lines with their forms. ORDER_SERVICE_UNKNOWN, PLAN_UNKNOWN, ORDER_DAY_LATER. */
function readOrder(work: OrderWork, tables: Tables, order: NewOrder, orderedOn: Day): ReadLine[] {
  const today = dayOf(work.now);
  if (orderedOn > today) throw raise("ORDER_DAY_LATER", { on: orderedOn, today });
  return order.lines.map((line) => {
    const offer = knownOffer(work, line.service);
    const form = formOn(tables, offer, line.plan, orderedOn);
    return { offer, form, items: orderedItems(form, line.items), line };
  });
}

/** What the order lacks, line by line, without storing anything. */
export async function checkOrder(work: OrderWork, organisation: OrganisationId, order: NewOrder): Promise<Remark[][]> {
  const orderedOn = order.orderedOn ?? dayOf(work.now);
  const tables = await loadTables(work.tx);
  const lines = readOrder(work, tables, order, orderedOn);
  const found: Remark[][] = [];
  for (const read of lines) {
    const { offer, form, items, line } = read;
    const around = await surroundings(work, organisation, tables, others(lines, read));
    found.push(await lineRemarks({ offer, form, orderedOn, items, fields: line.fields, application: null }, around));
  }
  return found;
}

const others = (lines: readonly ReadLine[], own: ReadLine) =>
  lines.filter((one) => one !== own).map(({ line }) => ({ service: line.service, plan: line.plan }));

/** What an order is checked against. */
export async function surroundings(
  { tx }: Pick<OrderWork, "tx">,
  organisation: OrganisationId,
  tables: Tables,
  together: OrderSurroundings["together"],
): Promise<OrderSurroundings> {
  return { tx, organisation, tables, customer: await customerOf(tx, organisation), together };
}

/** Stores the order's applications and gives their ids; complete ones take their place in the queue at once. */
export async function applyFor(work: OrderWork, organisation: OrganisationId, order: NewOrder): Promise<Uuid[]> {
  const orderedOn = order.orderedOn ?? dayOf(work.now);
  const tables = await loadTables(work.tx);
  const lines = readOrder(work, tables, order, orderedOn);
  const orderId = newId();
  const ids: Uuid[] = [];
  for (const [position, read] of lines.entries()) {
    const { offer, form, items, line } = read;
    await checkQuote(work, organisation, line.quoteId, line);
    const around = await surroundings(work, organisation, tables, others(lines, read));
    const id = newId();
    const remarks = await lineRemarks({ offer, form, orderedOn, items, fields: line.fields, application: id }, around);
    const { open, sealed } = sealSecrets(work, id, form, line.fields);
    await sql`insert into commerce.application (id, organisation_id, order_id, position, service, plan, state, channel,
        ordered_on, terms, items, fields, sealed, desired_start_on, quote_id, remarks, clauses, created_by, created_at)
      values (${id}, ${organisation}, ${orderId}, ${position}, ${offer.service}, ${form.plan}, 'incomplete', ${order.channel},
        ${orderedOn}::date, ${termsCode(tables, offer, orderedOn)}, ${JSON.stringify(items)}::jsonb, ${JSON.stringify(open)}::jsonb,
        ${sealed}, ${wishedStart(form, line)}::date, ${line.quoteId ?? null}, ${JSON.stringify(remarks)}::jsonb,
        ${JSON.stringify(clausesOf(tables, offer, form, orderedOn, items))}::jsonb, ${actorName(work)}, ${work.now})`.execute(
      work.tx,
    );
    await receive(work, organisation, { id, offer, form, fields: line.fields, remarks, orderedOn, tables });
    ids.push(id);
  }
  return ids;
}

interface Receivable {
  readonly id: Uuid;
  readonly offer: Offer;
  readonly form: OrderForm;
  readonly fields: Values;
  readonly remarks: readonly Remark[];
  readonly orderedOn: Day;
  readonly tables: Tables;
}

/** A complete application is received: unique values held, consents kept, a place in the queue drawn. */
async function receive(work: OrderWork, organisation: OrganisationId, application: Receivable): Promise<boolean> {
  const { id, offer, remarks } = application;
  if (remarks.some(({ kind }) => kind === "missing")) return false;
  const taken = await holdValues(work, application);
  if (taken !== null) {
    await sql`update commerce.application set remarks = remarks || ${JSON.stringify([taken])}::jsonb
      where organisation_id = ${organisation} and id = ${id}`.execute(work.tx);
    return false;
  }
  await keepConsents(work, organisation, application);
  // RNS-05: formed on receipt; the days run from the day after.
  const rescindBy = offer.rescission === null ? null : addDays(dayOf(work.now), offer.rescission.days);
  await sql`update commerce.application set state = 'received', received_at = ${work.now},
      sequence = commerce.queue_application(${offer.service}, ${id}, ${work.now}), rescind_by = ${rescindBy}::date
    where organisation_id = ${organisation} and id = ${id}`.execute(work.tx);
  return true;
}

/** UTM-04: of two at once exactly one gets it; the other's form stays not formed. */
async function holdValues({ tx }: OrderWork, { id, offer, form, fields }: Receivable): Promise<Remark | null> {
  for (const check of form.checks) {
    const value = check.kind === "unique" ? fields[check.field] : undefined;
    if (check.kind !== "unique" || typeof value !== "string") continue;
    const { rows } = await sql<{ held: boolean }>`select commerce.hold_value(${offer.service}, ${check.field},
      ${valueHash(value)}, ${id}) as held`.execute(tx);
    if (rows[0]?.held !== true) {
      await sql`select commerce.release_values(${id})`.execute(tx);
      return takenRemark(check);
    }
  }
  return null;
}

async function keepConsents(work: OrderWork, organisation: OrganisationId, application: Receivable): Promise<void> {
  const { id, form, fields, offer, tables } = application;
  for (const field of fieldsOf(form)) {
    if (field.type !== "consent" || fields[field.name] !== true || !applies(field, fields)) continue;
    await sql`insert into commerce.application_consent (id, organisation_id, application_id, field, rule, text_version, at, given_by)
      values (${newId()}, ${organisation}, ${id}, ${field.name}, ${field.rule},
        ${textVersion(agreedTexts(tables, offer, application, field.rule), field.label)}, ${work.now}, ${actorName(work)})
      on conflict (application_id, field) do nothing`.execute(work.tx);
  }
}

/** The version of the terms in force, and of the texts of others that the consent covers (SEC-02). */
function agreedTexts(tables: Tables, offer: Offer, { form, fields, orderedOn }: Receivable, rule: string): string {
  const own = termsCode(tables, offer, orderedOn) ?? "–";
  return [own, ...acceptedTexts(tables, offer, { form, fields, rule }, orderedOn)].join("+");
}

/** The version of the terms, and a hash of the very words that were agreed to. */
const textVersion = (terms: string | null, text: { readonly ja: string; readonly en: string }): string =>
  `${terms ?? "–"}#${createHash("sha256").update(`${text.ja}\n${text.en}`, "utf8").digest("hex").slice(0, 16)}`;

const termsCode = (tables: Tables, offer: Offer, day: Day): string | null =>
  [...tables.terms, ...offer.terms.map((terms) => ({ ...terms, service: offer.service }))].find(
    (one) =>
      one.service === offer.service &&
      (one.from === null || one.from <= day) &&
      (one.until === null || day < one.until),
  )?.code ?? null;

/** RNS-50: sale, mandate or work for each ordered item, where the terms tell them apart. */
function clausesOf(
  tables: Tables,
  offer: Offer,
  form: OrderForm,
  day: Day,
  items: Readonly<Record<string, number>>,
): Record<string, string> {
  const terms = termsOn(tables, offer.service, form.plan, day)?.plan.items ?? {};
  return Object.fromEntries(
    Object.keys(items).flatMap((item) => {
      const clause = terms[item]?.clause;
      return clause === undefined ? [] : [[item, clause]];
    }),
  );
}

/** The day on which it is wished to begin: as said, else the form's own field of a day. */
function wishedStart(form: OrderForm, line: Pick<OrderLine, "desiredStartOn" | "fields">): Day | null {
  if (line.desiredStartOn !== undefined) return line.desiredStartOn;
  const value = line.fields[fieldsOf(form).find(({ type }) => type === "date")?.name ?? ""];
  return typeof value === "string" && /^\d{4}-\d{2}-\d{2}$/.test(value) ? value : null;
}

/** Completes the form of an application that was not formed; true when it is received now. */
export async function completeApplication(
  work: OrderWork,
  application: ApplicationRow,
  more: Pick<OrderLine, "fields" | "items" | "desiredStartOn">,
): Promise<boolean> {
  if (application.state !== "incomplete") throw raise("APPLICATION_DECIDED", { state: application.state });
  const { organisation, id, orderedOn } = application;
  const offer = knownOffer(work, application.service);
  const tables = await loadTables(work.tx);
  const form = formOn(tables, offer, application.plan, orderedOn);
  const kept = { ...application.fields, ...(await openSecrets(work, organisation, id)) };
  const fields: Record<string, FieldValue> = { ...kept, ...more.fields };
  const items = more.items === undefined ? application.items : orderedItems(form, more.items);
  const around = await surroundings(work, organisation, tables, await siblingsOf(work, application));
  const remarks = await lineRemarks({ offer, form, orderedOn, items, fields, application: id }, around);
  const { open, sealed } = sealSecrets(work, id, form, fields);
  const wished = more.desiredStartOn ?? wishedStart(form, { fields }) ?? application.desiredStartOn;
  await sql`update commerce.application set items = ${JSON.stringify(items)}::jsonb, fields = ${JSON.stringify(open)}::jsonb,
      sealed = ${sealed}, desired_start_on = ${wished}::date, remarks = ${JSON.stringify(remarks)}::jsonb,
      clauses = ${JSON.stringify(clausesOf(tables, offer, form, orderedOn, items))}::jsonb
    where organisation_id = ${organisation} and id = ${id}`.execute(work.tx);
  return receive(work, organisation, { id, offer, form, fields, remarks, orderedOn, tables });
}

/** The order's other lines that may still become, or are, contracts. */
export async function siblingsOf(
  { tx }: Pick<OrderWork, "tx">,
  application: ApplicationRow,
): Promise<{ service: string; plan: string }[]> {
  const { rows } = await sql<{ service: string; plan: string }>`select service, plan from commerce.application
    where organisation_id = ${application.organisation} and order_id = ${application.orderId} and id <> ${application.id}
      and state in ('received', 'accepted')`.execute(tx);
  return rows;
}
