/** Corrections: a fact is voided and another stands in its place; dates of the contract that rest on it follow. */
import { sql } from "kysely";
import type { Uuid } from "@yagura/core/ids.ts";
import { dayOf } from "@yagura/core/calendar.ts";
import type { Fact } from "../charging/facts.ts";
import type { ContractRow, ContractWork } from "./contract-row.ts";
import { raise } from "./errors.ts";
import { addFact, storedFacts, voidFact } from "./fact-door.ts";
import { record } from "./states.ts";

/**
 * Puts a fact of the same kind in the place of one that was wrong. The start and the cancellation date of the contract move
 * with theirs; its state does not. FACT_UNKNOWN, FACT_ALREADY_VOID, FACT_OF_THE_STATE for another kind, CONTRACT_DAY_OUTSIDE.
 */
export async function correctFact(
  work: ContractWork,
  contract: ContractRow,
  wrong: Uuid,
  right: Fact,
  reason: string,
): Promise<Uuid> {
  const found = (await storedFacts(work.tx, contract)).find(({ id }) => id === wrong);
  if (found === undefined) throw raise("FACT_UNKNOWN", { number: contract.number });
  if (found.fact.kind !== right.kind) throw raise("FACT_OF_THE_STATE", { kind: right.kind });
  if (right.kind === "started") await moveStart(work, contract, right.on);
  if (right.kind === "cancelled") await moveEnd(work, contract, right.on);
  const id = await addFact(work, contract, right, { source: "office" });
  await voidFact(work, contract, wrong, reason, id);
  await record(work, contract, {
    kind: "corrected",
    ground: "COM-18",
    on: right.on,
    reason,
    payload: { kind: right.kind, before: found.fact.on, fact: id },
  });
  return id;
}

async function moveStart(work: ContractWork, contract: ContractRow, on: string): Promise<void> {
  const today = dayOf(work.now);
  const until = contract.endedOn !== null && contract.endedOn < today ? contract.endedOn : today;
  if (on > until) throw raise("CONTRACT_DAY_OUTSIDE", { number: contract.number, on, from: "–", until });
  await sql`update commerce.contract set started_on = ${on}::date, service_started_on = ${on}::date
    where organisation_id = ${contract.organisation} and id = ${contract.id}`.execute(work.tx);
}

/** Of a contract that is over: C was another day. A set end that has not come is moved by a new request instead. */
async function moveEnd(work: ContractWork, contract: ContractRow, on: string): Promise<void> {
  const today = dayOf(work.now);
  const from = contract.startedOn ?? on;
  if (contract.state !== "ended") throw raise("FACT_OF_THE_STATE", { kind: "cancelled" });
  if (on < from || on > today) throw raise("CONTRACT_DAY_OUTSIDE", { number: contract.number, on, from, until: today });
  const moved = sql`(ended_on + (${on}::date - cancelled_on))`;
  await sql`update commerce.contract set cancelled_on = ${on}::date, ended_on = greatest(started_on, ${moved})
    where organisation_id = ${contract.organisation} and id = ${contract.id}`.execute(work.tx);
}
