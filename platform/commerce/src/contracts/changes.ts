/**
 * Change orders (RNS-09, OST-08, UTM-13, SEC-34): quantities, options, ancillary services, purchases and attributes from a day
 * on. Asked for by the customer or the staff; accepted, they are dated facts, and the service hears of them.
 */
import { sql } from "kysely";
import { newId, type Uuid } from "@yagura/core/ids.ts";
import type { FieldError } from "@yagura/core/errors.ts";
import { dayOf, monthOf, nextMonth, type Day } from "@yagura/core/calendar.ts";
import { actorName } from "../actor.ts";
import type { Fact } from "../charging/facts.ts";
import { simulateChange, type Simulation } from "../charging/simulate.ts";
import type { ItemTerms, PlanTerms, Tables } from "../charging/tables.ts";
import { loadTables } from "../terms/load.ts";
import { changeOrderById } from "./change-rows.ts";
import { isOver, type ContractRow, type ContractWork } from "./contracts.ts";
import { raise } from "./errors.ts";
import { addFact, factsOf } from "./fact-door.ts";
import { offerOf, settingOn, termsOn } from "./offers.ts";
import { record, refuseStep } from "./states.ts";
import { tellDecision } from "./telling.ts";
import type { ChangeOrder, OrderedChange } from "./shapes.ts";

/** Bills that a simulation of a change shows. */
const MONTHS_SHOWN = 4;

export interface ChangeInput {
  readonly effectiveOn: Day;
  readonly changes: readonly OrderedChange[];
  readonly reason?: string | undefined;
  /** Customers ask for days to come; the staff may enter what was agreed before. */
  readonly earliest?: Day | undefined;
}

/** Stores a change order. CONTRACT_STEP_…, CONTRACT_DAY_PAST, CONTRACT_DAY_OUTSIDE, CHANGE_IMPOSSIBLE with a sentence per change. */
export async function requestChange(
  work: ContractWork,
  contract: ContractRow,
  input: ChangeInput,
): Promise<ChangeOrder> {
  await checkedFacts(work, contract, input);
  const id = newId();
  await sql`insert into commerce.change_order (id, organisation_id, contract_id, state, changes, effective_on, requested_by,
      requested_at, reason)
    values (${id}, ${contract.organisation}, ${contract.id}, 'requested', ${JSON.stringify(input.changes)}::jsonb,
      ${input.effectiveOn}::date, ${actorName(work)}, ${work.now}, ${input.reason ?? null})`.execute(work.tx);
  await record(work, contract, {
    kind: "change-requested",
    ground: "RNS-09",
    on: input.effectiveOn,
    reason: input.reason,
    payload: { order: id, changes: input.changes },
  });
  return (await changeOrderById(work.tx, contract, id)) as ChangeOrder;
}

/** The order becomes facts. CHANGE_ORDER_OVER, and what `requestChange` refuses: things may have changed meanwhile. */
export async function acceptChange(
  work: ContractWork,
  contract: ContractRow,
  order: ChangeOrder,
): Promise<ChangeOrder> {
  if (order.state !== "requested") throw raise("CHANGE_ORDER_OVER");
  const { effectiveOn, changes } = order;
  const facts = await checkedFacts(work, contract, { effectiveOn, changes });
  for (const [index, fact] of facts.entries()) {
    await addFact(work, contract, fact, { source: "office", key: `change:${order.id}:${index}` });
  }
  await decide(work, contract, order, "accepted", undefined);
  await work.hooks[contract.service]?.changed?.(work.tx, contract, effectiveOn, changes, work.devices, work.platform);
  return (await changeOrderById(work.tx, contract, order.id)) as ChangeOrder;
}

/** Refused by the staff, or taken back by who asked. CHANGE_ORDER_OVER. */
export async function closeChange(
  work: ContractWork,
  contract: ContractRow,
  order: ChangeOrder,
  state: "refused" | "withdrawn",
  reason: string | undefined,
): Promise<ChangeOrder> {
  if (order.state !== "requested") throw raise("CHANGE_ORDER_OVER");
  await decide(work, contract, order, state, reason);
  return (await changeOrderById(work.tx, contract, order.id)) as ChangeOrder;
}

async function decide(
  work: ContractWork,
  contract: ContractRow,
  order: ChangeOrder,
  state: "accepted" | "refused" | "withdrawn",
  reason: string | undefined,
): Promise<void> {
  await sql`update commerce.change_order set state = ${state}, decided_by = ${actorName(work)}, decided_at = ${work.now},
      reason = coalesce(${reason ?? null}, reason)
    where organisation_id = ${contract.organisation} and id = ${order.id}`.execute(work.tx);
  await record(work, contract, {
    kind: state === "accepted" ? "changed" : `change-${state}`,
    ground: "RNS-09",
    on: order.effectiveOn,
    reason,
    payload: { order: order.id, changes: order.changes },
  });
  if (state !== "withdrawn") {
    await tellDecision(work, contract, "change", { done: state === "accepted", on: order.effectiveOn, reason });
  }
}

/** Bills before and after the change, by the function that bills (COM-19). */
export async function simulateOrder(
  work: ContractWork,
  contract: ContractRow,
  input: ChangeInput,
): Promise<{ readonly before: Simulation; readonly after: Simulation }> {
  const change = await checkedFacts(work, contract, input);
  const [facts] = await factsOf(work.tx, contract.id);
  if (facts === undefined) throw new Error("the contract was read and is gone");
  const today = dayOf(work.now);
  const from = monthOf(input.effectiveOn < today ? input.effectiveOn : today);
  const last = nextMonth(monthOf(input.effectiveOn > today ? input.effectiveOn : today), MONTHS_SHOWN - 1);
  return simulateChange(await loadTables(work.tx), facts, change, { from, to: last });
}

/** The facts that the changes come to, when each of them is possible. */
async function checkedFacts(work: ContractWork, contract: ContractRow, input: ChangeInput): Promise<Fact[]> {
  if (isOver(contract)) throw refuseStep(contract);
  const { effectiveOn: on, earliest } = input;
  if (earliest !== undefined && on < earliest) throw raise("CONTRACT_DAY_PAST", { on, earliest });
  const from = contract.serviceStartedOn ?? contract.startedOn;
  if ((from !== null && on < from) || (contract.endedOn !== null && on > contract.endedOn)) {
    throw raise("CONTRACT_DAY_OUTSIDE", {
      number: contract.number,
      on,
      from: from ?? "–",
      until: contract.endedOn ?? "–",
    });
  }
  const tables = await loadTables(work.tx);
  const today = dayOf(work.now);
  const terms = termsOn(tables, contract.service, contract.plan, on);
  if (terms === null) {
    throw raise("PLAN_UNKNOWN", { service: contract.service, plan: contract.plan, day: on, plans: "–" });
  }
  // OST-02: what can be ordered goes by the day of the order; what it means by the day from which it holds.
  const ordered = termsOn(tables, contract.service, contract.plan, today)?.plan ?? terms.plan;
  const fields: FieldError[] = [];
  const facts: Fact[] = [];
  for (const [index, change] of input.changes.entries()) {
    const made = factOf(work, contract, change, { on, tables, plan: terms.plan, ordered });
    if ("kind" in made) facts.push(made);
    else fields.push({ pointer: `/changes/${index}`, message: `${made.ja} / ${made.en}` });
  }
  if (fields.length > 0) throw raise("CHANGE_IMPOSSIBLE", {}, { fields });
  return facts;
}

interface Around {
  readonly on: Day;
  readonly tables: Tables;
  readonly plan: PlanTerms;
  readonly ordered: PlanTerms;
}
interface Refused {
  readonly ja: string;
  readonly en: string;
}

function factOf(work: ContractWork, contract: ContractRow, change: OrderedChange, around: Around): Fact | Refused {
  const { on } = around;
  if (change.kind === "attribute") return attributeFact(work, contract, change, on);
  const item = around.plan.items[change.item] ?? around.ordered.items[change.item];
  if (item === undefined || around.ordered.items[change.item] === undefined)
    return unknownItem(change.item, around.ordered);
  switch (change.kind) {
    case "quantity":
      return item.recurring === undefined
        ? notThatKind(item)
        : (tooMany(work, contract, change.item, change.quantity, on) ?? {
            kind: "quantity",
            on,
            item: change.item,
            quantity: change.quantity,
            by: "customer",
          });
    case "option-started":
      return item.kind === "option" ? { ...change, on } : notThatKind(item);
    case "option-ended":
      return item.kind === "option" ? { ...change, on } : notThatKind(item);
    case "ancillary-started":
      return item.kind === "ancillary" ? ancillaryFact(contract, change, around) : notThatKind(item);
    case "ancillary-ended":
      return item.kind === "ancillary" ? { ...change, on } : notThatKind(item);
    case "purchase":
      return item.recurring === undefined && (item.kind === "ticket" || item.kind === "one-off")
        ? { ...change, on }
        : notThatKind(item);
  }
}

/** OST-03: the fee of the whole period, by the provider's catalogue or price book unless the staff agreed another. */
function ancillaryFact(
  contract: ContractRow,
  { item, months, payment, fee }: Extract<OrderedChange, { kind: "ancillary-started" }>,
  { on, tables }: Around,
): Fact | Refused {
  const price = tables.prices.findLast(
    (one) =>
      one.service === contract.service &&
      one.plan === contract.plan &&
      one.item === item &&
      (one.from === null || one.from <= on) &&
      (one.until === null || on < one.until),
  );
  const amount = fee ?? catalogued(tables, contract, { item, months, payment }, on) ?? price?.amount;
  if (amount !== undefined) return { kind: "ancillary-started", on, item, months, payment, fee: amount };
  return {
    ja: "この期間・支払方法の附帯サービスの料金が、一覧にも価格表にもありません。料金を指定してください。",
    en: "Neither the catalogue nor the price book has a fee for this period and way of payment. Give the fee.",
  };
}

/** The setting `ancillary-catalogue`: `{item, months, payment, fee}` for each service on offer; absent fields fit any. */
function catalogued(
  tables: Tables,
  contract: ContractRow,
  wanted: { readonly item: string; readonly months: number; readonly payment: string },
  on: Day,
): number | undefined {
  const list: unknown = settingOn(tables, contract.service, "ancillary-catalogue", on);
  if (!Array.isArray(list)) return undefined;
  for (const entry of list as readonly unknown[]) {
    if (typeof entry !== "object" || entry === null) continue;
    const { item, months, payment, fee } = entry as Record<string, unknown>;
    const fits =
      (item ?? wanted.item) === wanted.item &&
      (months ?? wanted.months) === wanted.months &&
      (payment ?? wanted.payment) === wanted.payment;
    if (fits && typeof fee === "number" && Number.isSafeInteger(fee) && fee >= 0) return fee;
  }
  return undefined;
}

/** The one ancillary service that the catalogue has on offer on a day, whole; null where there is none, or a choice to make. */
export function onlyAncillary(
  tables: Tables,
  contract: ContractRow,
  on: Day,
): Extract<OrderedChange, { kind: "ancillary-started" }> | null {
  const list: unknown = settingOn(tables, contract.service, "ancillary-catalogue", on);
  if (!Array.isArray(list) || list.length !== 1) return null;
  const { item = "ancillary", months, payment, fee } = list[0] as Record<string, unknown>;
  if (typeof item !== "string" || typeof months !== "number" || typeof fee !== "number") return null;
  if (payment !== "prepaid" && payment !== "monthly") return null;
  if (termsOn(tables, contract.service, contract.plan, on)?.plan.items[item] === undefined) return null;
  return { kind: "ancillary-started", item, months, payment, fee };
}

const unknownItem = (item: string, plan: PlanTerms): Refused => ({
  ja: `「${item}」はこのプランにない品目です。品目: ${Object.keys(plan.items).join("、")}`,
  en: `The plan has no item “${item}”. Its items: ${Object.keys(plan.items).join(", ")}.`,
});
const notThatKind = ({ name, kind }: ItemTerms): Refused => ({
  ja: `「${name.ja}」（${kind}）は、この種類の変更では扱えません。`,
  en: `${name.en} (${kind}) cannot be changed in this way.`,
});

/** The order form says how many of an item there may be. */
function tooMany(work: ContractWork, contract: ContractRow, item: string, quantity: number, on: Day): Refused | null {
  const form = offerOf(work, contract.service)?.forms.find(
    (one) =>
      one.plan === contract.plan && (one.from === null || one.from <= on) && (one.until === null || on < one.until),
  );
  const limits = form?.items.find((one) => one.item === item);
  if (limits === undefined || (quantity >= limits.minimum && quantity <= limits.maximum)) return null;
  return {
    ja: `数量は ${limits.minimum} から ${limits.maximum} までの範囲で指定してください。`,
    en: `The quantity must be between ${limits.minimum} and ${limits.maximum}.`,
  };
}

function attributeFact(
  work: ContractWork,
  contract: ContractRow,
  { name, value }: Extract<OrderedChange, { kind: "attribute" }>,
  on: Day,
): Fact | Refused {
  const field = (offerOf(work, contract.service)?.forms ?? [])
    .filter(({ plan }) => plan === contract.plan)
    .flatMap(({ sections }) => sections.flatMap((section) => section.fields))
    .find((one) => one.name === name && one.attribute === true);
  if (field === undefined) {
    return {
      ja: `「${name}」はこの契約で変更できる属性ではありません。`,
      en: `“${name}” is no attribute of this contract.`,
    };
  }
  if (field.choices !== undefined && !field.choices.some((choice) => choice.value === value)) {
    return {
      ja: `次のいずれかを選んでください: ${field.choices.map(({ text }) => text.ja).join("、")}`,
      en: `Must be one of: ${field.choices.map((choice) => choice.value).join(", ")}.`,
    };
  }
  return { kind: "attribute", on, name, value };
}

/** One change order with its contract's id, or null. */
export const orderOf = (tx: ContractWork["tx"], contract: ContractRow, id: Uuid): Promise<ChangeOrder | null> =>
  changeOrderById(tx, contract, id);
