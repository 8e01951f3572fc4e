/**
 * Cancellation by the customer (SEC-13, RNS-10, RNS-11, OST-06, OST-07, UTM-26, UTM-27): asked for with the sum that was shown,
 * confirmed at once where nothing has to be checked or paid first, taken back until it is carried out.
 */
import { sql } from "kysely";
import { newId, type Uuid } from "@yagura/core/ids.ts";
import { dayOf, type Day } from "@yagura/core/calendar.ts";
import { grouped } from "@yagura/core/yen.ts";
import { actorName } from "../actor.ts";
import { isInTime } from "../charging/end.ts";
import { tellCustomer } from "../notices/tell.ts";
import { organisationFacts } from "../organisations.ts";
import { cancellationById } from "./cancellation-rows.ts";
import { endContract, isOver, lockContract, type ContractRow, type ContractWork } from "./contracts.ts";
import {
  beforeAcceptance,
  cancellationDate,
  costOf,
  earliestFor,
  lastDayOf,
  readEnding,
  type Ending,
} from "./ending.ts";
import { raise } from "./errors.ts";
import { addFact, voidFacts } from "./fact-door.ts";
import { endingMail } from "./mails.ts";
import { record, refuseStep, step } from "./states.ts";
import { tellDecision } from "./telling.ts";
import type { Cancellation, ContractState } from "./shapes.ts";

export interface CancellationInput {
  readonly desiredOn: Day;
  readonly channel?: "letter" | "mail" | "web" | "form" | undefined;
  readonly receivedOn?: Day | undefined;
  readonly confirmedSum: number;
  readonly reason?: string | undefined;
  readonly evidence?: readonly Uuid[] | undefined;
}

/**
 * The request of the customer, or of the staff from a paper. CONTRACT_STEP_…, CANCELLATION_OPEN, CANCELLATION_CHANNEL,
 * CONTRACT_DAY_PAST, CANCELLATION_TOO_EARLY with the earliest day, CANCELLATION_SUM_CHANGED with the sum.
 */
export async function requestCancellation(
  work: ContractWork,
  contract: ContractRow,
  input: CancellationInput,
): Promise<Cancellation> {
  if (isOver(contract)) throw refuseStep(contract);
  const today = dayOf(work.now);
  const receivedOn = input.receivedOn ?? today;
  if (receivedOn > today) throw raise("CONTRACT_START_LATER", { on: receivedOn, today });
  await needNoOther(work, contract);
  const ending = await readEnding(work, contract);
  const { desiredOn } = input;
  const terms = ending.termsOn(desiredOn);
  const channel = channelOf(terms.channels, input.channel, terms.rule);
  const inTime = needDay(ending, desiredOn, receivedOn);
  const { sum } = costOf(ending, desiredOn);
  if (sum !== input.confirmedSum) {
    throw raise("CANCELLATION_SUM_CHANGED", {
      number: contract.number,
      on: desiredOn,
      sum: grouped(sum),
      confirmed: grouped(input.confirmedSum),
    });
  }
  const id = newId();
  await sql`insert into commerce.cancellation (id, organisation_id, contract_id, by_whom, state, channel, received_on,
      desired_on, late, sum, reason, evidence, requested_by, requested_at)
    values (${id}, ${contract.organisation}, ${contract.id}, 'customer', 'requested', ${channel}, ${receivedOn}::date,
      ${desiredOn}::date, ${!inTime}, ${sum}, ${input.reason ?? null}, ${[...(input.evidence ?? [])]}::uuid[],
      ${actorName(work)}, ${work.now})`.execute(work.tx);
  await addFact(work, contract, { kind: "cancellation-requested", on: receivedOn, desiredOn, by: "customer" });
  await record(work, contract, {
    kind: "cancellation-requested",
    ground: terms.rule,
    on: desiredOn,
    reason: input.reason,
    evidence: input.evidence,
    payload: { cancellation: id, receivedOn, channel, sum, late: !inTime },
  });
  const waits = terms.movesAfterCheck !== undefined || beforeAcceptance(ending, desiredOn) !== null;
  if (!waits) await settleEnd(work, contract, ending, id, desiredOn, terms.rule, sum, input.reason);
  return (await cancellationById(work.tx, contract, id)) as Cancellation;
}

async function needNoOther({ tx }: ContractWork, contract: ContractRow): Promise<void> {
  const { rows } = await sql<{
    on: Day;
  }>`select coalesce(cancelled_on, desired_on)::text as on from commerce.cancellation
    where contract_id = ${contract.id} and state in ('requested', 'confirmed')`.execute(tx);
  if (rows[0] !== undefined) throw raise("CANCELLATION_OPEN", { number: contract.number, on: rows[0].on });
}

type Channel = "letter" | "mail" | "web" | "form";
/** OST-07: the ways in which a cancellation is told. An entry on the customer's page is the prescribed form. */
function channelOf(channels: readonly Channel[], told: Channel | undefined, rule: string): Channel {
  if (told === undefined)
    return channels.includes("web") ? "web" : (channels.find((one) => one === "form") ?? channels[0] ?? "web");
  if (channels.includes(told)) return told;
  throw raise("CANCELLATION_CHANNEL", { channels: channels.join(", "), channel: told, rule });
}

/** Whether the notice is in time; refused where it decides (RNS-10), told where it only is the customer's duty (A-UTM-4). */
function needDay(ending: Ending, desiredOn: Day, receivedOn: Day): boolean {
  const { contract } = ending;
  const first = contract.startedOn !== null && contract.startedOn > receivedOn ? contract.startedOn : receivedOn;
  const waiting = contract.state === "awaiting-start";
  if (desiredOn < (waiting ? receivedOn : first))
    throw raise("CONTRACT_DAY_PAST", { on: desiredOn, earliest: waiting ? receivedOn : first });
  const terms = ending.termsOn(desiredOn);
  const inTime = isInTime(ending.engine, terms, desiredOn, receivedOn);
  // Before acceptance the payment of the damage is what has to be in time (RNS-11).
  if (inTime || terms.movesAfterCheck !== undefined || beforeAcceptance(ending, desiredOn) !== null) return inTime;
  throw raise("CANCELLATION_TOO_EARLY", { on: desiredOn, rule: terms.rule, earliest: earliestFor(ending, receivedOn) });
}

/** C is known: the end is set, the request confirmed, the customer told. */
async function settleEnd(
  work: ContractWork,
  contract: ContractRow,
  ending: Ending,
  id: Uuid,
  cancelledOn: Day,
  rule: string,
  sum: number,
  reason: string | undefined,
): Promise<ContractRow> {
  const endedOn = lastDayOf(ending, cancelledOn);
  await sql`update commerce.cancellation set state = 'confirmed', cancelled_on = ${cancelledOn}::date, sum = ${sum},
      decided_by = ${actorName(work)}, decided_at = ${work.now}
    where organisation_id = ${contract.organisation} and id = ${id}`.execute(work.tx);
  const after = await endContract(work, contract, endedOn, { cancelledOn, by: "customer", rule, reason });
  const facts = await organisationFacts(work.tx, contract.organisation);
  const told = { cancelledOn, endedOn, sum: grouped(sum), reason: reason ?? "–" };
  await tellCustomer(work, {
    organisation: contract.organisation,
    contract: contract.id,
    service: contract.service,
    kind: "cancellation-confirmed",
    mail: endingMail(contract, told, facts?.language ?? "ja"),
    announcesOn: cancelledOn,
  });
  return after;
}

export interface Confirmation {
  readonly checkedOn?: Day | undefined;
  readonly damage?:
    | { readonly amount: number; readonly paidOn?: Day | undefined; readonly description?: string | undefined }
    | undefined;
}

/**
 * The provider finished its check, or the damage was paid: C is set. A damage that is not paid yet is claimed and the request
 * stays open. CANCELLATION_OVER, CANCELLATION_DAMAGE_OPEN.
 */
export async function confirmCancellation(
  work: ContractWork,
  contract: ContractRow,
  request: Cancellation,
  how: Confirmation,
): Promise<Cancellation> {
  if (request.state !== "requested") throw raise("CANCELLATION_OVER");
  const ending = await readEnding(work, contract);
  const { desiredOn, receivedOn } = request;
  const today = dayOf(work.now);
  const checkedOn = how.checkedOn ?? today;
  if (checkedOn > today) throw raise("CONTRACT_START_LATER", { on: checkedOn, today });
  const terms = ending.termsOn(desiredOn);
  const waiting = beforeAcceptance(ending, desiredOn);
  if (waiting !== null && !(await isPaid(work, contract, request, how, waiting.rule))) return request;
  const cancelledOn =
    terms.movesAfterCheck === undefined
      ? desiredOn
      : cancellationDate(ending, { desiredOn, receivedOn, checkedOn, by: "customer" });
  await voidFacts(work, contract, "cancellation-requested", `the request was checked on ${checkedOn}`);
  await addFact(work, contract, {
    kind: "cancellation-requested",
    on: receivedOn,
    desiredOn,
    checkedOn,
    by: "customer",
  });
  await sql`update commerce.cancellation set checked_on = ${checkedOn}::date
    where organisation_id = ${contract.organisation} and id = ${request.id}`.execute(work.tx);
  const rule = terms.movesAfterCheck?.rule ?? terms.rule;
  await settleEnd(
    work,
    contract,
    ending,
    request.id,
    cancelledOn,
    rule,
    costOf(ending, cancelledOn).sum,
    request.reason ?? undefined,
  );
  return (await cancellationById(work.tx, contract, request.id)) as Cancellation;
}

/** RNS-11: the damage, stated without tax, is paid by the desired day; until then there is no end. */
async function isPaid(
  work: ContractWork,
  contract: ContractRow,
  request: Cancellation,
  { damage }: Confirmation,
  rule: string,
): Promise<boolean> {
  const on = request.desiredOn;
  if (damage === undefined) throw raise("CANCELLATION_DAMAGE_OPEN", { number: contract.number, amount: "?", on, rule });
  if (damage.amount === 0) return true;
  const claim = {
    kind: "claim",
    on: request.receivedOn,
    amount: damage.amount,
    description: (damage.description ?? "検収前の解約に伴う損害 / damage by cancellation before acceptance").slice(
      0,
      200,
    ),
    dueOn: on,
    rule,
    beforeEnd: true,
  } as const;
  await addFact(work, contract, claim, { source: "office", key: `damage:${request.id}` });
  if (damage.paidOn === undefined) return false;
  if (damage.paidOn > on) {
    throw raise("CANCELLATION_DAMAGE_OPEN", { number: contract.number, amount: grouped(damage.amount), on, rule });
  }
  return true;
}

/** The staff refuse what cannot be carried out. CANCELLATION_OVER. */
export async function refuseCancellation(
  work: ContractWork,
  contract: ContractRow,
  request: Cancellation,
  reason: string,
): Promise<Cancellation> {
  if (request.state !== "requested") throw raise("CANCELLATION_OVER");
  await close(work, contract, request, "refused", reason);
  await tellDecision(work, contract, "cancellation", { done: false, on: request.desiredOn, reason });
  return (await cancellationById(work.tx, contract, request.id)) as Cancellation;
}

/** Taken back before it is carried out; a set end is unset, and the contract is what it was. CANCELLATION_OVER. */
export async function withdrawCancellation(
  work: ContractWork,
  contract: ContractRow,
  request: Cancellation,
  reason: string,
): Promise<Cancellation> {
  if (request.state !== "requested" && request.state !== "confirmed") throw raise("CANCELLATION_OVER");
  if (request.state === "confirmed") await unsetEnd(work, contract, reason);
  await close(work, contract, request, "withdrawn", reason);
  return (await cancellationById(work.tx, contract, request.id)) as Cancellation;
}

async function close(
  work: ContractWork,
  contract: ContractRow,
  request: Cancellation,
  state: "refused" | "withdrawn",
  reason: string,
): Promise<void> {
  await sql`update commerce.cancellation set state = ${state}, decided_by = ${actorName(work)}, decided_at = ${work.now},
      reason = coalesce(reason || ' / ', '') || ${reason}
    where organisation_id = ${contract.organisation} and id = ${request.id}`.execute(work.tx);
  await voidFacts(work, contract, "cancellation-requested", reason);
  await record(work, contract, {
    kind: `cancellation-${state}`,
    ground: "COM-17",
    reason,
    payload: { cancellation: request.id },
  });
}

async function unsetEnd(work: ContractWork, contract: ContractRow, reason: string): Promise<void> {
  if (isOver(contract)) throw refuseStep(contract);
  const before = stateWithoutEnd(contract);
  const kept = await step(
    work,
    contract,
    contract.state === "ending" ? before : contract.state,
    { kind: "kept", ground: "COM-17", reason },
    sql`ended_on = null, cancelled_on = null`,
  );
  await voidFacts(work, contract, "cancelled", reason);
  await work.hooks[contract.service]?.kept?.(work.tx, kept, dayOf(work.now), work.devices, work.platform);
}

/** What a contract is when nothing ends it: one that never began waits for its start to be set or reported again. */
function stateWithoutEnd({ serviceStartedOn, stopped }: ContractRow): ContractState {
  if (serviceStartedOn === null) return "awaiting-start";
  return stopped === "suspension" ? "suspended" : stopped === "discontinuance" ? "discontinued" : "active";
}

/** The request of the contract, with the contract taken; null when there is none. */
export async function lockedCancellation(
  work: Pick<ContractWork, "tx">,
  organisation: string,
  contract: Uuid,
  id: Uuid,
): Promise<{ readonly contract: ContractRow; readonly request: Cancellation } | null> {
  const row = await lockContract(work.tx, organisation, contract);
  const request = row === null ? null : await cancellationById(work.tx, row, id);
  return row === null || request === null ? null : { contract: row, request };
}
