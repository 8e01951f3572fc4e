/**
 * Contracts: made, started, ended. A contract counts as in force when it has started and its end has not been carried out
 * (EXP-22). An end dated today or earlier is carried out at once; a later one when its last day is over.
 */
import { sql } from "kysely";
import type { OrganisationId, Uuid } from "@yagura/core/ids.ts";
import { newId } from "@yagura/core/ids.ts";
import { addDays, dayOf, isDay, startOf, type Day } from "@yagura/core/calendar.ts";
import type { FactOf } from "../charging/facts.ts";
import type { Contract } from "../commerce.ts";
import { raise } from "../errors.ts";
import { closeDown } from "./closing.ts";
import { writeContractNumber } from "./contract-number.ts";
import { isOver, lockContract, type ContractRow, type ContractWork } from "./contract-row.ts";
import { addFact, voidFacts } from "./fact-door.ts";
import { offerOf } from "./offers.ts";
import { record, step } from "./states.ts";

export {
  contractById,
  contractColumns,
  inForceOn,
  isInForce,
  isOver,
  lockContract,
  lockContractByNumber,
  type ContractRow,
  type ContractWork,
  type HooksByService,
  type PlannedStop,
} from "./contract-row.ts";

export interface NewContractInput {
  readonly organisation: OrganisationId;
  readonly service: string;
  /** `agent` unless told: the plan of contracts for one program on one PC. */
  readonly plan?: string | undefined;
  /** One of the plan's own item unless told. */
  readonly items?: Readonly<Record<string, number>> | undefined;
  readonly attributes?: Readonly<Record<string, string>> | undefined;
  readonly anchor?: number | undefined;
  /** Today unless told; null: when its start is reported. */
  readonly startedOn?: Day | null | undefined;
  readonly charged: boolean;
  readonly applicationId?: Uuid | undefined;
  /** Run when the contract exists and before it may start at once: facts of the order, the hook `accepted`. */
  readonly beforeStart?: (contract: ContractRow) => Promise<void>;
}

/** Makes a contract with a new number, counted once for ever (EXP-T09). `startedOn` is today unless told. */
export async function createContract(work: ContractWork, input: NewContractInput): Promise<ContractRow> {
  const { tx, now } = work;
  const prefix = offerOf(work, input.service)?.prefix;
  if (prefix === undefined || work.hooks[input.service] === undefined) {
    throw raise("CONTRACT_SERVICE_UNKNOWN", {
      service: input.service,
      services: Object.keys(work.hooks).join(", "),
    });
  }
  const today = dayOf(now);
  const startedOn = input.startedOn === null ? null : checkedDay(input.startedOn ?? today);
  const drawn = await sql<{ counter: string }>`select nextval('commerce.contract_counter') as counter`.execute(tx);
  const number = writeContractNumber({
    service: prefix,
    yearMonth: today.slice(2, 4) + today.slice(5, 7),
    counter: Number(drawn.rows[0]?.counter),
  });
  const id = newId();
  const plan = input.plan ?? "agent";
  await sql`insert into commerce.contract (id, organisation_id, service, plan, items, attributes, anchor, application_id, number,
      charged, state, started_on, created_at)
    values (${id}, ${input.organisation}, ${input.service}, ${plan}, ${JSON.stringify(input.items ?? { [plan]: 1 })}::jsonb,
      ${JSON.stringify(input.attributes ?? {})}::jsonb, ${input.anchor ?? 1}, ${input.applicationId ?? null}, ${number},
      ${input.charged}, 'awaiting-start', ${startedOn}::date, ${now})`.execute(tx);
  const made = (await lockContract(tx, input.organisation, id)) as ContractRow;
  await record(
    work,
    made,
    { kind: "created", ground: "COM-17", on: startedOn, payload: { number, startedOn } },
    { from: null, to: "awaiting-start" },
  );
  await input.beforeStart?.(made);
  if (startedOn === null) return made;
  if (startedOn <= today) return startService(work, made, startedOn);
  await work.platform.jobs.add(tx, dueJob, due(made), { key: `contract-start-${id}`, runAt: startOf(startedOn) });
  return made;
}

/** Why and by whom a contract ends. */
export interface EndCause {
  /** C, on which charges depend; the last day in force unless told. */
  readonly cancelledOn?: Day;
  readonly by?: FactOf<"cancelled">["by"];
  readonly fault?: FactOf<"cancelled">["fault"];
  /** Code of the offer's ground. */
  readonly ground?: string | undefined;
  readonly rule?: string;
  readonly reason?: string | undefined;
  readonly evidence?: readonly Uuid[] | undefined;
}

/**
 * Ends a contract on a day, its last. Never refused for what hangs on it (EXP-T05): the service's hook deals with that.
 * CONTRACT_ENDED, CONTRACT_END_BEFORE_START, CONTRACT_DAY_INVALID.
 */
export async function endContract(
  work: ContractWork,
  contract: ContractRow,
  on: Day,
  cause: EndCause = {},
): Promise<ContractRow> {
  checkedDay(on);
  const { number } = contract;
  if (isOver(contract)) throw raise("CONTRACT_ENDED", { number, endedOn: contract.endedOn ?? "" });
  const unstarted = contract.state === "awaiting-start";
  if (!unstarted && contract.startedOn !== null && on < contract.startedOn) {
    throw raise("CONTRACT_END_BEFORE_START", { number, on, startedOn: contract.startedOn });
  }
  // A contract that ends before it begins was never in force: it keeps no start.
  const startedOn = unstarted && contract.startedOn !== null && on < contract.startedOn ? null : contract.startedOn;
  const cancelledOn = cause.cancelledOn ?? on;
  const asked = {
    kind: "end-requested",
    ground: cause.rule ?? "COM-17",
    on: cancelledOn,
    reason: cause.reason,
    evidence: cause.evidence,
    payload: { on, cancelledOn },
  };
  await setCancelled(work, contract, cancelledOn, cause);
  if (on <= dayOf(work.now)) {
    await record(work, contract, asked);
    return finish(work, { ...contract, startedOn }, on, { ...cause, cancelledOn });
  }
  const ending = await step(
    work,
    contract,
    unstarted && startedOn !== null ? "awaiting-start" : "ending",
    asked,
    sql`ended_on = ${on}::date, started_on = ${startedOn}::date, cancelled_on = ${cancelledOn}::date`,
  );
  await work.platform.jobs.add(work.tx, dueJob, due(contract), {
    key: `contract-end-${contract.id}`,
    runAt: startOf(addDays(on, 1)),
  });
  await work.hooks[contract.service]?.ending?.(work.tx, ending, on, work.devices, work.platform);
  return ending;
}

/** The contract's one standing fact of its cancellation date. */
async function setCancelled(work: ContractWork, contract: ContractRow, on: Day, cause: EndCause): Promise<void> {
  await voidFacts(work, contract, "cancelled", `the cancellation date is now ${on}`);
  await addFact(work, contract, {
    kind: "cancelled",
    on,
    by: cause.by ?? "provider",
    ...(cause.ground === undefined ? {} : { ground: cause.ground }),
    ...(cause.fault === undefined ? {} : { fault: cause.fault }),
  });
}

/** Name of the job that carries out what a contract's dates ask for. */
export const dueJob = "commerce.contract-due";
export const due = (contract: Contract) => ({ organisation: contract.organisation, contract: contract.id });

/** S: the service begins on a day that has come; hooks and the fact included. */
export async function startService(
  work: ContractWork,
  contract: ContractRow,
  on: Day,
  note: {
    readonly rule?: string;
    readonly reason?: string | undefined;
    readonly evidence?: readonly Uuid[];
    readonly delegate?: string;
  } = {},
): Promise<ContractRow> {
  const state = contract.endedOn === null ? "active" : "ending";
  const by = note.delegate === undefined ? {} : { delegate: note.delegate };
  const started = await step(
    work,
    contract,
    state,
    {
      kind: "started",
      ground: note.rule ?? "COM-17",
      on,
      reason: note.reason,
      evidence: note.evidence,
      payload: { on, ...by },
    },
    sql`started_on = ${on}::date, service_started_on = ${on}::date`,
  );
  await addFact(work, started, { kind: "started", on, ...by });
  await work.hooks[contract.service]?.started?.(work.tx, started, on, work.devices, work.platform);
  return started;
}

/** Carries out an end whose last day is over, or that is dated back. */
export async function finish(
  work: ContractWork,
  contract: ContractRow,
  on: Day,
  cause: EndCause = {},
  into: "ended" | "revoked" | "void" = "ended",
): Promise<ContractRow> {
  const ended = await step(
    work,
    contract,
    into,
    {
      kind: into,
      ground: cause.rule ?? "COM-17",
      on,
      reason: cause.reason,
      evidence: cause.evidence,
      payload: { on, ...(cause.ground === undefined ? {} : { ground: cause.ground }) },
    },
    sql`started_on = ${contract.startedOn}::date, ended_on = ${on}::date, ended_at = ${work.now}, stopped = null,
      stopped_until = null, planned_stop = null,
      cancelled_on = coalesce(${cause.cancelledOn ?? null}::date, cancelled_on, ${on}::date)`,
  );
  await closeDown(work, ended);
  await work.hooks[contract.service]?.ended?.(work.tx, ended, on, work.devices, work.platform);
  return ended;
}

function checkedDay(day: Day): Day {
  if (!isDay(day)) throw raise("CONTRACT_DAY_INVALID", { day });
  return day;
}
