/** Succession and assignment (COM-23, COM-24, SEC-11, SEC-12, RNS-33, UTM-14 to UTM-18). The former holder stays in the history. */
import { sql } from "kysely";
import { newId, type Uuid } from "@yagura/core/ids.ts";
import type { Day } from "@yagura/core/calendar.ts";
import { actorName } from "../actor.ts";
import { addFact } from "./fact-door.ts";
import { isOver, type ContractRow, type ContractWork } from "./contracts.ts";
import { raise } from "./errors.ts";
import { keepHolder } from "./holders.ts";
import { offerOf } from "./offers.ts";
import { record, refuseStep } from "./states.ts";
import { holdersOf, transferById, transfersOf } from "./transfer-rows.ts";
import { tellDecision } from "./telling.ts";
import type { Holder, Transfer } from "./shapes.ts";

export interface TransferInput {
  readonly how: "succession" | "assignment";
  readonly effectiveOn: Day;
  readonly successors: readonly Holder[];
  readonly representative?: number | undefined;
  readonly reason?: string | undefined;
  readonly evidence?: readonly Uuid[] | undefined;
}

const ruleOf = (work: ContractWork, contract: ContractRow, how: TransferInput["how"]): string =>
  how === "succession" ? "COM-23" : (offerOf(work, contract.service)?.assignment.rule ?? "COM-24");

/** Opens a case. ASSIGNMENT_NEVER, TRANSFER_EVIDENCE, REPRESENTATIVE_UNKNOWN, CONTRACT_STEP_…. */
export async function requestTransfer(
  work: ContractWork,
  contract: ContractRow,
  input: TransferInput,
): Promise<Transfer> {
  if (isOver(contract)) throw refuseStep(contract);
  const { how, effectiveOn, successors, representative } = input;
  const rule = ruleOf(work, contract, how);
  const allowed = offerOf(work, contract.service)?.assignment.allowed ?? "never";
  if (how === "assignment" && allowed === "never") throw raise("ASSIGNMENT_NEVER", { rule });
  if ((input.evidence ?? []).length === 0) throw raise("TRANSFER_EVIDENCE", { rule });
  if (representative !== undefined && representative >= successors.length) {
    throw raise("REPRESENTATIVE_UNKNOWN", { count: successors.length });
  }
  const id = newId();
  await sql`insert into commerce.contract_transfer (id, organisation_id, contract_id, how, state, effective_on, successors,
      representative, reason, evidence, requested_by, requested_at)
    values (${id}, ${contract.organisation}, ${contract.id}, ${how}, 'requested', ${effectiveOn}::date,
      ${JSON.stringify(successors)}::jsonb, ${successors.length === 1 ? 0 : (representative ?? null)}, ${input.reason ?? null},
      ${[...(input.evidence ?? [])]}::uuid[], ${actorName(work)}, ${work.now})`.execute(work.tx);
  await record(work, contract, {
    kind: "transfer-requested",
    ground: rule,
    on: effectiveOn,
    reason: input.reason,
    evidence: input.evidence,
    payload: { transfer: id, how, to: successors.map(({ name }) => name) },
  });
  return (await transferById(work.tx, contract, id)) as Transfer;
}

export interface TransferChecks {
  readonly togetherWithLine: boolean;
  readonly assigneeHoldsLine: boolean;
  readonly noArrears: boolean;
}

/** Approves: the holder changes from the day. TRANSFER_OVER, TRANSFER_REFUSED with what stands against it (UTM-15). */
export async function approveTransfer(
  work: ContractWork,
  contract: ContractRow,
  transfer: Transfer,
  checks: TransferChecks | undefined,
): Promise<Transfer> {
  needOpen(transfer);
  const rule = ruleOf(work, contract, transfer.how);
  const against = transfer.how === "assignment" ? refusals(work, contract, checks) : [];
  if (against.length > 0) throw raise("TRANSFER_REFUSED", { rule: "UTM-15", reasons: against.join(" / ") });
  // Until one is named the provider picks the first (UTM-18).
  const chosen = transfer.representative ?? 0;
  const holder = transfer.successors[chosen];
  if (holder === undefined) throw raise("REPRESENTATIVE_UNKNOWN", { count: transfer.successors.length });
  const others = transfer.successors.filter((_, index) => index !== chosen);
  const former = (await holdersOf(work.tx, contract)).at(-1)?.holder ?? null;
  await keepHolder(work, contract, transfer.effectiveOn, transfer.how, holder, others);
  await addFact(work, contract, { kind: "transferred", on: transfer.effectiveOn, how: transfer.how, to: holder.name });
  await decide(work, contract, transfer, "approved", undefined);
  await record(work, contract, {
    kind: "transferred",
    ground: rule,
    on: transfer.effectiveOn,
    evidence: transfer.evidence,
    payload: {
      transfer: transfer.id,
      how: transfer.how,
      from: former?.name ?? null,
      to: holder.name,
      others: others.map(({ name }) => name),
    },
  });
  return (await transferById(work.tx, contract, transfer.id)) as Transfer;
}

/** UTM-15: what stands against an assignment that needs approval; where it needs consent alone, the consent is the evidence. */
function refusals(work: ContractWork, contract: ContractRow, checks: TransferChecks | undefined): string[] {
  if (offerOf(work, contract.service)?.assignment.allowed !== "with-approval") return [];
  const own = contract.attributes["line-model"] === "own";
  const found: string[] = [];
  if (own && checks?.togetherWithLine !== true) found.push("回線と一体でない譲渡 (not together with the line)");
  if (checks?.assigneeHoldsLine !== true)
    found.push("譲受人が回線名義人でない (the assignee is not the line's holder)");
  if (checks?.noArrears !== true) found.push("滞納またはそのおそれ (arrears or a risk of them)");
  return found;
}

export async function refuseTransfer(
  work: ContractWork,
  contract: ContractRow,
  transfer: Transfer,
  reason: string | undefined,
): Promise<Transfer> {
  needOpen(transfer);
  await decide(work, contract, transfer, "refused", reason);
  await record(work, contract, {
    kind: "transfer-refused",
    ground: ruleOf(work, contract, transfer.how),
    reason,
    payload: { transfer: transfer.id },
  });
  return (await transferById(work.tx, contract, transfer.id)) as Transfer;
}

function needOpen({ state }: Transfer): void {
  if (state !== "requested") throw raise("TRANSFER_OVER");
}

async function decide(
  work: ContractWork,
  contract: ContractRow,
  transfer: Transfer,
  state: "approved" | "refused",
  reason: string | undefined,
): Promise<void> {
  await sql`update commerce.contract_transfer set state = ${state}, decided_by = ${actorName(work)}, decided_at = ${work.now},
      reason = coalesce(${reason ?? null}, reason)
    where organisation_id = ${contract.organisation} and id = ${transfer.id}`.execute(work.tx);
  await tellDecision(work, contract, transfer.how, { done: state === "approved", on: transfer.effectiveOn, reason });
}

/** Another of the joint holders speaks for all from a day on (SEC-12, UTM-18). REPRESENTATIVE_UNKNOWN. */
export async function nameRepresentative(
  work: ContractWork,
  contract: ContractRow,
  representative: number,
  on: Day,
): Promise<Transfer> {
  if (isOver(contract)) throw refuseStep(contract);
  const transfer = (await transfersOf(work.tx, contract)).findLast(({ state }) => state === "approved");
  const holder = transfer?.successors[representative];
  if (transfer === undefined || holder === undefined) {
    throw raise("REPRESENTATIVE_UNKNOWN", { count: transfer?.successors.length ?? 0 });
  }
  const others = transfer.successors.filter((_, index) => index !== representative);
  await sql`update commerce.contract_transfer set representative = ${representative}
    where organisation_id = ${contract.organisation} and id = ${transfer.id}`.execute(work.tx);
  await keepHolder(work, contract, on, "representative", holder, others);
  await addFact(work, contract, { kind: "transferred", on, how: "representative", to: holder.name });
  await record(work, contract, { kind: "representative", ground: "COM-23", on, payload: { to: holder.name } });
  return (await transferById(work.tx, contract, transfer.id)) as Transfer;
}
