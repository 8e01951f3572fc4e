/** What becomes of an application: accepted, refused, withdrawn; and an acceptance taken back: revoked, rescinded. */
import { sql } from "kysely";
import type { Uuid } from "@yagura/core/ids.ts";
import { dayOf, type Day } from "@yagura/core/calendar.ts";
import { raise as raiseServer } from "@yagura/server/errors.ts";
import { actorName } from "../actor.ts";
import type { Ground } from "../charging/offer.ts";
import type { Tables } from "../charging/tables.ts";
import { onlyAncillary, requestChange } from "../contracts/changes.ts";
import { contractById, createContract, finish, lockContract, type ContractRow } from "../contracts/contracts.ts";
import { addFact, voidFacts } from "../contracts/fact-door.ts";
import { addHolder } from "../contracts/holders.ts";
import { askForInstallation } from "../contracts/installation.ts";
import { contractNumberMail } from "../contracts/mails.ts";
import { formOn, groundOf, offerOf, settingOn } from "../contracts/offers.ts";
import { refuseStep } from "../contracts/states.ts";
import { addTask } from "../contracts/tasks.ts";
import { tellCustomer } from "../notices/tell.ts";
import { organisationFacts } from "../organisations.ts";
import { raise as raiseTerms } from "../terms/errors.ts";
import { loadTables } from "../terms/load.ts";
import { missingData, requireOffered } from "../terms/offering.ts";
import { siblingsOf, surroundings } from "./apply.ts";
import { lineRemarks } from "./checks.ts";
import { customerOf, registerFromOrder } from "./customers.ts";
import { raise } from "./errors.ts";
import { attributesOf } from "./fields.ts";
import { acceptedMail, refusedMail, takenBackMail } from "./mails.ts";
import { knownOffer, type OrderWork } from "./offer-of.ts";
import { pricesOn, quoteById } from "./quotes.ts";
import type { ApplicationRow } from "./rows.ts";
import { destroySecrets, openSecrets } from "./secrets.ts";
import type { ApplicationState } from "./shapes.ts";

export interface Acceptance {
  readonly acceptedOn?: Day | undefined;
  readonly startOn?: Day | null | undefined;
  readonly anchor?: number | undefined;
  readonly outOfTurn?: string | undefined;
  readonly priceConfirmed?: boolean | undefined;
}

/**
 * Accepts a received application of a locked row: the contract exists with its facts, the customer is told its number.
 * APPLICATION_INCOMPLETE, APPLICATION_DECIDED, APPLICATION_OUT_OF_TURN, SERVICE_INCOMPLETE, SERVICE_NOT_OFFERED,
 * APPLICATION_UNMET, PRICE_CONFIRMATION.
 */
export async function acceptApplication(
  work: OrderWork,
  application: ApplicationRow,
  how: Acceptance,
): Promise<ContractRow> {
  needOpen(application);
  const { organisation, id, service, plan, fields } = application;
  const offer = knownOffer(work, service);
  const today = dayOf(work.now);
  const acceptedOn = how.acceptedOn ?? today;
  if (acceptedOn > today) throw raise("ORDER_DAY_LATER", { on: acceptedOn, today });
  const facts = await organisationFacts(work.tx, organisation);
  if (facts === null) throw raiseServer("NOT_FOUND");
  const tables = await loadTables(work.tx);
  await needTurn(work, application, how.outOfTurn);
  if (!facts.internal) {
    needComplete(tables, work, service, acceptedOn);
    await requireOffered(work.tx, service, acceptedOn, facts);
  }
  await needMet(work, application, tables);
  const prices = await frozenPrices(work, application, tables, how.priceConfirmed === true);
  const form = formOn(tables, offer, plan, application.orderedOn);
  const startedOn =
    how.startOn === undefined ? (offer.startsByReport === undefined ? application.desiredStartOn : null) : how.startOn;
  await registerFromOrder(work, organisation, fields);
  const contract = await createContract(work, {
    organisation,
    service,
    plan,
    items: application.items,
    attributes: attributesOf(form, fields),
    anchor: how.anchor ?? anchorOf(tables, service, acceptedOn),
    // A wish that has passed meanwhile begins today.
    startedOn: startedOn !== null && how.startOn === undefined && startedOn < today ? today : startedOn,
    charged: !facts.internal,
    applicationId: id,
    beforeStart: async (made) => {
      await sql`select commerce.pass_values(${id}, ${made.id})`.execute(work.tx);
      const receivedOn = application.receivedAt === null ? acceptedOn : dayOf(application.receivedAt);
      // The day of the order, where it was on paper before it was entered.
      const appliedOn = application.orderedOn < receivedOn ? application.orderedOn : receivedOn;
      await addFact(work, made, { kind: "applied", on: appliedOn });
      await addFact(work, made, { kind: "accepted", on: acceptedOn });
      for (const { item, amount, reference } of prices) {
        await addFact(work, made, { kind: "price-agreed", on: appliedOn, item, amount, reference });
      }
      await work.hooks[service]?.accepted?.(work.tx, made, acceptedOn, work.devices, work.platform);
    },
  });
  await settle(work, application, "accepted", { contract: contract.id, reason: how.outOfTurn });
  const customer = await customerOf(work.tx, organisation);
  if (customer !== null) await addHolder(work, contract, acceptedOn, "order", customer);
  if (contract.startedOn !== null) await askForInstallation(work, contract, contract.startedOn);
  const ancillary = application.items["ancillary"] ?? 0;
  if (ancillary > 0) await askForAncillary(work, contract, tables, ancillary, acceptedOn);
  const about = { organisation, contract: contract.id, service };
  await tellCustomer(work, { ...about, kind: "contract-number", mail: contractNumberMail(contract, facts.language) });
  await tellCustomer(work, {
    ...about,
    kind: "acceptance",
    mail: acceptedMail(offer.name, contract, acceptedOn, facts.language),
    statements: { date: acceptedOn },
  });
  return contract;
}

/** The first day of the fee month that the provider set for the service (A-EXP-5, A-OST-3). */
function anchorOf(tables: Tables, service: string, day: Day): number | undefined {
  const value = settingOn(tables, service, "anchor", day);
  return typeof value === "number" && Number.isInteger(value) && value >= 1 && value <= 31 ? value : undefined;
}

function needOpen(application: ApplicationRow): void {
  const { state, remarks } = application;
  if (state === "received") return;
  if (state !== "incomplete") throw raise("APPLICATION_DECIDED", { state });
  const fields = remarks
    .filter(({ kind }) => kind === "missing")
    .map(({ pointer, text }) => ({ pointer, message: `${text.ja} / ${text.en}` }));
  throw raise("APPLICATION_INCOMPLETE", {}, { fields });
}

/** SEC-05: in the order of receipt, which the queue proves; else with a reason that is kept. */
async function needTurn(
  { tx, offers }: OrderWork,
  application: ApplicationRow,
  outOfTurn: string | undefined,
): Promise<void> {
  const rule = offers.find((offer) => offer.service === application.service)?.inOrderOfReceipt?.rule;
  if (rule === undefined || outOfTurn !== undefined) return;
  const { rows } = await sql<{ count: string }>`select commerce.undecided_before(${application.service},
    ${application.sequence}) as count`.execute(tx);
  const count = Number(rows[0]?.count ?? 0);
  if (count > 0) throw raise("APPLICATION_OUT_OF_TURN", { count, rule });
}

/** COM-30: refused with the list of what is not set. */
function needComplete(tables: Tables, work: OrderWork, service: string, day: Day): void {
  const missing = missingData(tables, knownOffer(work, service), day);
  if (missing.length === 0) return;
  throw raiseTerms(
    "SERVICE_INCOMPLETE",
    { service, day, count: missing.length, missing: missing.map(({ key }) => key).join(", ") },
    {
      fields: missing.map(({ key, name, hint }) => ({
        pointer: `/required/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`,
        message: `${name.ja}: ${hint.ja} / ${name.en}: ${hint.en}`,
      })),
    },
  );
}

/** What was met on receipt may have changed since: a covered service ended, the order's other line was refused. */
async function needMet(work: OrderWork, application: ApplicationRow, tables: Tables): Promise<void> {
  const { organisation, id, orderedOn } = application;
  const offer = knownOffer(work, application.service);
  const form = formOn(tables, offer, application.plan, orderedOn);
  const around = await surroundings(work, organisation, tables, await siblingsOf(work, application));
  const fields = { ...application.fields, ...(await openSecrets(work, organisation, id)) };
  const unmet = (
    await lineRemarks({ offer, form, orderedOn, items: application.items, fields, application: id }, around)
  ).filter(({ kind }) => kind === "missing");
  if (unmet.length === 0) return;
  throw raise(
    "APPLICATION_UNMET",
    {},
    { fields: unmet.map(({ pointer, text }) => ({ pointer, message: `${text.ja} / ${text.en}` })) },
  );
}

/** RNS-66: prices of the quote, or of the day of the order where the service freezes them. */
async function frozenPrices(
  { tx, offers, now }: OrderWork,
  application: ApplicationRow,
  tables: Tables,
  confirmed: boolean,
): Promise<{ readonly item: string; readonly amount: number; readonly reference: string }[]> {
  const { service, plan, quoteId, organisation, orderedOn } = application;
  const quote = quoteId === null ? null : await quoteById(tx, organisation, quoteId);
  if (quote !== null) {
    return Object.entries(quote.prices).map(([item, amount]) => ({ item, amount, reference: `quote ${quote.id}` }));
  }
  const frozen = offers.find((offer) => offer.service === service)?.frozenPrices;
  if (frozen === undefined) return [];
  const ordered = pricesOn(tables, service, plan, orderedOn);
  const present = pricesOn(tables, service, plan, dayOf(now));
  const changed = Object.keys(application.items).filter((item) => ordered[item] !== present[item]);
  // A-RNS-3: a difference between order and acceptance needs the customer's yes.
  if (changed.length > 0 && !confirmed)
    throw raise("PRICE_CONFIRMATION", { items: changed.join(", "), rule: "A-RNS-3" });
  const kept = changed.length > 0 ? present : ordered;
  return Object.entries(kept).map(([item, amount]) => ({ item, amount, reference: frozen.rule }));
}

/**
 * OST-03: period, price and payment of an ancillary service come from its specification. Where the catalogue has one on offer, what
 * was ordered becomes a change order of it, which the staff look at and accept; else they enter one.
 */
async function askForAncillary(
  work: OrderWork,
  contract: ContractRow,
  tables: Tables,
  count: number,
  on: Day,
): Promise<void> {
  const only = onlyAncillary(tables, contract, contract.startedOn ?? on);
  if (only !== null && contract.startedOn !== null) {
    const changes = Array.from({ length: count }, () => only);
    await requestChange(work, contract, { effectiveOn: contract.startedOn, changes, earliest: contract.startedOn });
  }
  await addTask(work, contract, {
    kind: "ancillary-to-enter",
    rule: "OST-03",
    audience: "staff",
    title: {
      ja: `契約 ${contract.number} の附帯サービスについて、契約期間・料金・支払方法を変更申込として登録してください。`,
      en: `Enter period, fee and payment of the ancillary services of the contract ${contract.number} as a change order.`,
    },
    dueOn: on,
  });
}

interface Outcome {
  readonly contract?: Uuid;
  readonly ground?: string | undefined;
  readonly reason?: string | undefined;
}
async function settle(
  work: OrderWork,
  application: ApplicationRow,
  state: ApplicationState,
  { contract, ground, reason }: Outcome = {},
): Promise<void> {
  const { organisation, id } = application;
  await sql`update commerce.application set state = ${state}, decided_at = ${work.now}, decided_by = ${actorName(work)},
      contract_id = coalesce(${contract ?? null}::uuid, contract_id), ground = ${ground ?? null}, reason = ${reason ?? null}
    where organisation_id = ${organisation} and id = ${id}`.execute(work.tx);
  await sql`select commerce.decide_application(${id}, ${work.now})`.execute(work.tx);
  if (state === "accepted") return;
  await sql`select commerce.release_values(${id})`.execute(work.tx);
  // UTM-80: no work is left for which they were handed over.
  await destroySecrets(work, organisation, id);
}

/** Refuses with a ground of the offer, and tells the customer (SEC-06, SEC-09, UTM-11). GROUND_UNKNOWN, APPLICATION_DECIDED. */
export async function refuseApplication(
  work: OrderWork,
  application: ApplicationRow,
  code: string,
  reason: string | undefined,
): Promise<void> {
  const { state, organisation, service } = application;
  if (state !== "received" && state !== "incomplete") throw raise("APPLICATION_DECIDED", { state });
  const ground = groundOf(work, service, "refusal", code);
  await settle(work, application, "refused", { ground: code, reason });
  await tell(work, application, "refusal", (language) =>
    refusedMail(knownOffer(work, service).name, ground, reason, language),
  );
  await work.platform.live.publish(work.tx, organisation, { topic: "application", data: { id: application.id } });
}

/** The customer takes it back before it is decided. APPLICATION_DECIDED. */
export async function withdrawApplication(
  work: OrderWork,
  application: ApplicationRow,
  reason: string | undefined,
): Promise<void> {
  const { state } = application;
  if (state !== "received" && state !== "incomplete") throw raise("APPLICATION_DECIDED", { state });
  await settle(work, application, "withdrawn", { reason });
}

export interface TakingBack {
  readonly ground: string;
  readonly reason?: string | undefined;
  /** Costs incurred so far (SEC-08). */
  readonly cost?: { readonly amount: number; readonly description: string; readonly dueOn: Day } | undefined;
  readonly evidence?: readonly Uuid[] | undefined;
}

/** SEC-08, UTM-12: a ground for refusal turned out afterwards. The customer bears the costs incurred so far. */
export async function revokeAcceptance(
  work: OrderWork,
  application: ApplicationRow,
  how: TakingBack,
): Promise<ContractRow> {
  const ground = knownGround(work, application.service, ["revocation", "refusal"], how.ground);
  return takeBack(work, application, how, ground, "revoked");
}

/** RNS-05: within 30 days of formation, at once. RESCISSION_NONE, RESCISSION_OVER. */
export async function rescindContract(
  work: OrderWork,
  application: ApplicationRow,
  how: TakingBack,
): Promise<ContractRow> {
  const { service, rescindBy } = application;
  const rescission = offerOf(work, service)?.rescission ?? null;
  if (rescission === null || rescindBy === null) throw raise("RESCISSION_NONE", { service });
  if (dayOf(work.now) > rescindBy) throw raise("RESCISSION_OVER", { until: rescindBy, rule: rescission.rule });
  return takeBack(work, application, how, groundOf(work, service, "rescission", how.ground), "void");
}

/** The first use that knows the ground; the refusal names those of the first. */
function knownGround(
  work: OrderWork,
  service: string,
  uses: readonly ("revocation" | "refusal")[],
  code: string,
): Ground {
  const grounds = offerOf(work, service)?.grounds ?? [];
  const use = uses.find((one) => grounds.some((ground) => ground.use === one && ground.code === code));
  return groundOf(work, service, use ?? uses[0] ?? "refusal", code);
}

async function takeBack(
  work: OrderWork,
  application: ApplicationRow,
  how: TakingBack,
  ground: Ground,
  into: "revoked" | "void",
): Promise<ContractRow> {
  if (application.state !== "accepted" || application.contractId === null) {
    throw raise("APPLICATION_DECIDED", { state: application.state });
  }
  const contract = await lockContract(work.tx, application.organisation, application.contractId);
  if (contract === null) throw raiseServer("NOT_FOUND");
  if (contract.state === "ended" || contract.state === "revoked" || contract.state === "void")
    throw refuseStep(contract);
  const today = dayOf(work.now);
  const on =
    contract.serviceStartedOn !== null && contract.serviceStartedOn > today ? contract.serviceStartedOn : today;
  await voidFacts(work, contract, "cancelled", `the contract is ${into}`);
  if (into === "void") {
    await addFact(work, contract, { kind: "cancelled", on, by: "provider", ground: how.ground, fault: "customer" });
  } else {
    // SEC-08: a contract whose acceptance is taken back owes nothing but the costs; what was billed comes back as adjustments.
    for (const kind of ["accepted", "started", "opening", "inspected"] as const) {
      await voidFacts(work, contract, kind, how.reason ?? "the acceptance was revoked");
    }
  }
  if (how.cost !== undefined) {
    const { amount, description, dueOn } = how.cost;
    await addFact(work, contract, {
      kind: "claim",
      on: today,
      amount,
      description: description.slice(0, 200),
      dueOn,
      rule: ground.rule,
    });
  }
  const cause = { cancelledOn: on, rule: ground.rule, ground: how.ground, reason: how.reason, evidence: how.evidence };
  const neverBegan = contract.state === "awaiting-start";
  const over = await finish(work, neverBegan ? { ...contract, startedOn: null } : contract, on, cause, into);
  await settle(work, application, into === "void" ? "rescinded" : "revoked", {
    ground: how.ground,
    reason: how.reason,
  });
  await tell(work, application, into === "void" ? "rescission" : "revocation", (language) =>
    takenBackMail(over, ground, how.reason, into, language),
  );
  return (await contractById(work.tx, over.organisation, over.id)) ?? over;
}

async function tell(
  work: OrderWork,
  { organisation, service, contractId }: ApplicationRow,
  kind: string,
  mail: (language: "ja" | "en") => { readonly subject: string; readonly text: string },
): Promise<void> {
  const facts = await organisationFacts(work.tx, organisation);
  await tellCustomer(work, { organisation, contract: contractId, service, kind, mail: mail(facts?.language ?? "ja") });
}
