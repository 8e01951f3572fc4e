/** The state machine of COM-17. The database holds the same table and refuses every other step; here it is refused with a sentence. */
import { sql, type RawBuilder } from "kysely";
import { newId, type Uuid } from "@yagura/core/ids.ts";
import type { Day } from "@yagura/core/calendar.ts";
import { actorName } from "../actor.ts";
import { raise } from "./errors.ts";
import { lockContract, type ContractRow, type ContractWork } from "./contract-row.ts";
import type { ContractState } from "./shapes.ts";

/** From each state, those that may follow. */
export const transitions: Readonly<Record<ContractState, readonly ContractState[]>> = {
  "awaiting-start": ["active", "ending", "ended", "revoked", "void"],
  active: ["suspended", "discontinued", "ending", "ended", "revoked", "void"],
  suspended: ["active", "discontinued", "ending", "ended", "revoked", "void"],
  discontinued: ["active", "suspended", "ending", "ended", "revoked", "void"],
  ending: ["awaiting-start", "active", "suspended", "discontinued", "ended", "revoked", "void"],
  ended: [],
  revoked: [],
  void: [],
};

const refusal = {
  "awaiting-start": "CONTRACT_STEP_AWAITING",
  active: "CONTRACT_STEP_ACTIVE",
  suspended: "CONTRACT_STEP_STOPPED",
  discontinued: "CONTRACT_STEP_STOPPED",
  ending: "CONTRACT_STEP_ENDING",
  ended: "CONTRACT_STEP_OVER",
  revoked: "CONTRACT_STEP_OVER",
  void: "CONTRACT_STEP_OVER",
} as const;

/** The refusal that belongs to the state in which the contract is. */
export const refuseStep = (contract: ContractRow) =>
  raise(refusal[contract.state], { number: contract.number, endedOn: contract.endedOn ?? "–" });

/** What is written of a step: why, on which rule, from which day, on which files. */
export interface StepNote {
  readonly kind: string;
  /** Rule or article, e.g. SEC-18. */
  readonly ground: string;
  readonly on?: Day | null;
  readonly reason?: string | undefined;
  readonly evidence?: readonly Uuid[] | undefined;
  readonly payload?: Readonly<Record<string, unknown>>;
}

/** One step of the locked contract with its event; `set` are further columns. CONTRACT_STEP_… when it is no step of its state. */
export async function step(
  work: ContractWork,
  contract: ContractRow,
  to: ContractState,
  note: StepNote,
  set: RawBuilder<unknown> | null = null,
): Promise<ContractRow> {
  if (to !== contract.state && !transitions[contract.state].includes(to)) throw refuseStep(contract);
  await sql`update commerce.contract set state = ${to}${set === null ? sql`` : sql`, ${set}`}
    where organisation_id = ${contract.organisation} and id = ${contract.id}`.execute(work.tx);
  await record(work, contract, note, to === contract.state ? null : { from: contract.state, to });
  return (await lockContract(work.tx, contract.organisation, contract.id)) as ContractRow;
}

/** An event of the contract, written once. */
export async function record(
  work: ContractWork,
  contract: { readonly organisation: string; readonly id: Uuid },
  note: StepNote,
  states: { readonly from: ContractState | null; readonly to: ContractState } | null = null,
): Promise<void> {
  await sql`insert into commerce.contract_event (id, organisation_id, contract_id, at, kind, actor, ground, from_state,
      to_state, on_day, reason, evidence, payload)
    values (${newId()}, ${contract.organisation}, ${contract.id}, ${work.now}, ${note.kind}, ${actorName(work)},
      ${note.ground}, ${states?.from ?? null}, ${states?.to ?? null}, ${note.on ?? null}::date, ${note.reason ?? null},
      ${[...(note.evidence ?? [])]}::uuid[], ${JSON.stringify(note.payload ?? {})}::jsonb)`.execute(work.tx);
}
