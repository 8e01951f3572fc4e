/** Ends that the customer did not ask for: by the provider with a ground, by the line's end, by a withdrawal of the service. */
import { sql } from "kysely";
import { newId, type Uuid } from "@yagura/core/ids.ts";
import { addDays, dayOf, type Day } from "@yagura/core/calendar.ts";
import { grouped } from "@yagura/core/yen.ts";
import { actorName } from "../actor.ts";
import { addMissingFact } from "./fact-helpers.ts";
import { tellCustomer } from "../notices/tell.ts";
import { organisationFacts } from "../organisations.ts";
import { endContract, isOver, type ContractRow, type ContractWork } from "./contracts.ts";
import { costOf, lastDayOf, readEnding } from "./ending.ts";
import { raise } from "./errors.ts";
import { withdrawalLetter } from "./letters.ts";
import { endingMail } from "./mails.ts";
import { groundOf, offerOf } from "./offers.ts";
import { refuseStep } from "./states.ts";
import type { Cancellation } from "./shapes.ts";

export interface ProviderCancellation {
  readonly ground: string;
  readonly reason: string;
  readonly on: Day;
  readonly fault?: "customer" | "provider" | "none" | undefined;
  readonly emergency?: boolean | undefined;
  readonly evidence?: readonly Uuid[] | undefined;
}

/**
 * SEC-14, SEC-15, RNS-15, UTM-28, UTM-29: with a ground of the terms and prior notice, except in an emergency or where the ground
 * needs none. A ground that makes all debts fall due at once does so from today (RNS-17).
 */
export async function cancelByProvider(
  work: ContractWork,
  contract: ContractRow,
  input: ProviderCancellation,
): Promise<ContractRow> {
  const ground = groundOf(work, contract.service, "cancellation-by-provider", input.ground);
  const today = dayOf(work.now);
  if (input.on <= today && input.emergency !== true && ground.withoutNotice !== true) {
    throw raise("STOP_NEEDS_NOTICE", { on: input.on, rule: ground.rule });
  }
  const accelerates = offerOf(work, contract.service)?.grounds.find(
    ({ use, code }) => use === "acceleration" && code === input.ground,
  );
  if (accelerates !== undefined)
    await addMissingFact(work, contract, { kind: "accelerated", on: today, ground: input.ground });
  return setEnd(work, contract, {
    by: "provider",
    on: input.on,
    rule: ground.rule,
    ground: input.ground,
    fault: input.fault ?? "customer",
    reason: input.reason,
    told: { ja: `${ground.text.ja}（${ground.article}）`, en: `${ground.text.en} (${ground.article})` },
    evidence: input.evidence,
  });
}

/** UTM-28: the access line's contract is cancelled, so this one ends by itself on that day. */
export const endWithLine = (
  work: ContractWork,
  contract: ContractRow,
  {
    on,
    reason,
    evidence,
  }: { readonly on: Day; readonly reason?: string | undefined; readonly evidence?: readonly Uuid[] | undefined },
): Promise<ContractRow> =>
  setEnd(work, contract, {
    by: "line-ended",
    on,
    rule: "UTM-28",
    fault: "none",
    reason,
    told: {
      ja: "アクセス回線の契約終了に伴い、契約が終了します。",
      en: "The contract ends with the contract of its access line.",
    },
    evidence,
  });

/** UTM-08: nothing goes on beyond the longest use; `last` is its last day. */
export const endOfLongestUse = (
  work: ContractWork,
  contract: ContractRow,
  last: Day,
  rule: string,
): Promise<ContractRow> =>
  setEnd(work, contract, {
    by: "longest-use",
    on: addDays(last, 1),
    rule,
    fault: "none",
    told: { ja: "最長利用期間が満了します。", en: "The longest time of use is over." },
  });

/** SEC-20, RNS-19, UTM-25: the service, or a plan of it, is given up on a day; no damages and no early-termination sum. */
export const endByWithdrawal = (
  work: ContractWork,
  contract: ContractRow,
  on: Day,
  rule: string,
  reason: string,
): Promise<ContractRow> =>
  setEnd(work, contract, {
    by: "withdrawal",
    on,
    rule,
    fault: "none",
    reason,
    told: { ja: "サービスの提供を終了します。", en: "The service is withdrawn." },
  });

interface OtherEnd {
  readonly by: "provider" | "withdrawal" | "longest-use" | "line-ended";
  readonly on: Day;
  readonly rule: string;
  readonly ground?: string;
  readonly fault: "customer" | "provider" | "none";
  readonly reason?: string | undefined;
  readonly told: { readonly ja: string; readonly en: string };
  readonly evidence?: readonly Uuid[] | undefined;
}

async function setEnd(work: ContractWork, contract: ContractRow, end: OtherEnd): Promise<ContractRow> {
  if (isOver(contract)) throw refuseStep(contract);
  if (contract.startedOn !== null && contract.state !== "awaiting-start" && end.on < contract.startedOn) {
    throw raise("CONTRACT_DAY_PAST", { on: end.on, earliest: contract.startedOn });
  }
  const ending = await readEnding(work, contract);
  const sum = end.by === "provider" ? costOf(ending, end.on, "provider").sum : 0;
  await replaceOpen(work, contract, end, sum);
  const endedOn = lastDayOf(ending, end.on);
  const after = await endContract(work, contract, endedOn, {
    cancelledOn: end.on,
    by: end.by,
    fault: end.fault,
    ground: end.ground,
    rule: end.rule,
    reason: end.reason,
    evidence: end.evidence,
  });
  const language = (await organisationFacts(work.tx, contract.organisation))?.language ?? "ja";
  const reason = end.reason === undefined ? end.told[language] : `${end.told[language]} ${end.reason}`;
  const told = { cancelledOn: end.on, endedOn, sum: grouped(sum), reason };
  await tellCustomer(work, {
    organisation: contract.organisation,
    contract: contract.id,
    service: contract.service,
    kind: end.by === "provider" ? "cancellation-by-provider" : end.by,
    mail: endingMail(contract, told, language),
    announcesOn: end.on,
    statements: { reason, date: end.on },
    paper: end.by === "withdrawal" ? withdrawalLetter(work, contract, endedOn, reason) : undefined,
  });
  return after;
}

/** An open request of the customer is overtaken; this end stands as a case of its own. */
async function replaceOpen(work: ContractWork, contract: ContractRow, end: OtherEnd, sum: number): Promise<void> {
  const state: Cancellation["state"] = "confirmed";
  await sql`update commerce.cancellation set state = 'withdrawn', decided_by = ${actorName(work)}, decided_at = ${work.now}
    where organisation_id = ${contract.organisation} and contract_id = ${contract.id} and state in ('requested', 'confirmed')`.execute(
    work.tx,
  );
  await sql`insert into commerce.cancellation (id, organisation_id, contract_id, by_whom, state, channel, received_on,
      desired_on, cancelled_on, sum, ground, reason, evidence, requested_by, requested_at, decided_by, decided_at)
    values (${newId()}, ${contract.organisation}, ${contract.id}, ${end.by}, ${state}, 'other', ${dayOf(work.now)}::date,
      ${end.on}::date, ${end.on}::date, ${sum}, ${end.ground ?? null}, ${end.reason ?? null},
      ${[...(end.evidence ?? [])]}::uuid[], ${actorName(work)}, ${work.now}, ${actorName(work)}, ${work.now})`.execute(
    work.tx,
  );
}
