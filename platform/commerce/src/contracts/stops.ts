/** Suspension and discontinuance (SEC-17 to SEC-19, UTM-21 to UTM-23, RNS-20 to RNS-22): charges go on (COM-14). */
import { sql } from "kysely";
import type { Uuid } from "@yagura/core/ids.ts";
import { addDays, dayOf, monthsFromEvent, startOf, type Day } from "@yagura/core/calendar.ts";
import { tellCustomer } from "../notices/tell.ts";
import { organisationFacts } from "../organisations.ts";
import { isOver, type ContractRow, type ContractWork, type PlannedStop } from "./contract-row.ts";
import { due, dueJob } from "./contracts.ts";
import { raise } from "./errors.ts";
import { addFact } from "./fact-door.ts";
import { stopLetter } from "./letters.ts";
import { groundOf, offerOf } from "./offers.ts";
import { resumedMail, stopMail } from "./mails.ts";
import { record, refuseStep, step } from "./states.ts";

export interface StopInput {
  readonly measure: "suspension" | "discontinuance";
  readonly ground: string;
  readonly reason: string;
  readonly on: Day;
  readonly until: Day;
  readonly emergency?: boolean | undefined;
  readonly evidence?: readonly Uuid[] | undefined;
}

/**
 * Stops the service for a cause, today or on a day to come; reason, date and period are told to the customer (SEC-19). A
 * stopped contract may be stopped for longer by a new decision (A-UTM-25).
 * GROUND_UNKNOWN, STOP_TOO_LONG, STOP_NEEDS_NOTICE, STOP_PERIOD_EMPTY, CONTRACT_STEP_….
 */
export async function stopContract(work: ContractWork, contract: ContractRow, input: StopInput): Promise<ContractRow> {
  if (isOver(contract) || contract.state === "awaiting-start") throw refuseStep(contract);
  const ground = groundOf(work, contract.service, input.measure, input.ground);
  const { on, until } = input;
  if (until < on) throw raise("STOP_PERIOD_EMPTY", { on, until });
  const today = dayOf(work.now);
  if (on <= today && input.emergency !== true && ground.withoutNotice !== true) {
    throw raise("STOP_NEEDS_NOTICE", { on, rule: ground.rule });
  }
  checkLength(work, contract, input);
  const stop: PlannedStop = {
    measure: input.measure,
    ground: input.ground,
    rule: ground.rule,
    reason: input.reason,
    on,
    until,
    evidence: input.evidence ?? [],
  };
  const facts = await organisationFacts(work.tx, contract.organisation);
  await tellCustomer(work, {
    organisation: contract.organisation,
    contract: contract.id,
    service: contract.service,
    kind: input.measure,
    mail: stopMail(contract, stop, ground.text, facts?.language ?? "ja"),
    announcesOn: on,
    statements: { reason: input.reason, date: on, period: `${on} – ${until}` },
    emergency: input.emergency,
    paper: stopLetter(work, contract, stop, ground),
  });
  return on <= today ? stopNow(work, contract, stop) : planStop(work, contract, stop);
}

/** UTM-22: at most so many months for each case; W-UTM-14: from 08-31 six months last until 02-28. */
function checkLength(work: ContractWork, contract: ContractRow, { measure, on, until }: StopInput): void {
  const limit = measure === "suspension" ? offerOf(work, contract.service)?.suspension : undefined;
  if (limit === undefined || limit.maximumMonths === null) return;
  const latest = longestStop(on, limit.maximumMonths);
  if (until > latest) throw raise("STOP_TOO_LONG", { months: limit.maximumMonths, rule: limit.rule, on, latest });
}

/** Last day of "at most n months from the day", which is itself not counted (COM-03). */
const longestStop = (on: Day, months: number): Day => monthsFromEvent(on, months);

async function planStop(work: ContractWork, contract: ContractRow, stop: PlannedStop): Promise<ContractRow> {
  const planned = await step(
    work,
    contract,
    contract.state,
    {
      kind: "stop-announced",
      ground: stop.rule,
      on: stop.on,
      reason: stop.reason,
      evidence: stop.evidence,
      payload: { ...stop },
    },
    sql`planned_stop = ${JSON.stringify(stop)}::jsonb`,
  );
  await work.platform.jobs.add(work.tx, dueJob, due(contract), {
    key: `contract-stop-${contract.id}`,
    runAt: startOf(stop.on),
  });
  return planned;
}

/** Carries a stop out: state, fact, hook. */
export async function stopNow(work: ContractWork, contract: ContractRow, stop: PlannedStop): Promise<ContractRow> {
  if (isOver(contract)) return contract;
  const stoppedState = stop.measure === "suspension" ? "suspended" : "discontinued";
  const stopped = await step(
    work,
    contract,
    contract.state === "ending" ? "ending" : stoppedState,
    {
      kind: stoppedState,
      ground: stop.rule,
      on: stop.on,
      reason: stop.reason,
      evidence: stop.evidence,
      payload: { ground: stop.ground, until: stop.until },
    },
    sql`stopped = ${stop.measure}, stopped_until = ${stop.until}::date, planned_stop = null`,
  );
  await addFact(work, stopped, {
    kind: "suspended",
    on: stop.on,
    measure: stop.measure,
    ground: stop.ground,
    until: stop.until,
  });
  await work.platform.jobs.add(work.tx, dueJob, due(contract), {
    key: `contract-resume-${contract.id}`,
    runAt: startOf(addDays(stop.until, 1)),
  });
  await work.hooks[contract.service]?.suspended?.(work.tx, stopped, stop.on, work.devices, work.platform);
  return stopped;
}

/** Why a stopped service goes on. */
export type Resumption =
  | { readonly kind: "by-hand"; readonly on: Day; readonly reason?: string | undefined }
  | { readonly kind: "period-over"; readonly until: Day };

/** Lets the service go on, or takes an announced stop back. CONTRACT_STEP_… when there is neither. */
export async function resumeContract(work: ContractWork, contract: ContractRow, why: Resumption): Promise<ContractRow> {
  if (contract.stopped === null) return takeBack(work, contract, why);
  const on = why.kind === "by-hand" ? why.on : addDays(why.until, 1);
  if (on > dayOf(work.now)) throw raise("CONTRACT_START_LATER", { on, today: dayOf(work.now) });
  const resumed = await step(
    work,
    contract,
    contract.state === "ending" ? "ending" : "active",
    {
      kind: "resumed",
      ground: "COM-17",
      on,
      reason: why.kind === "by-hand" ? why.reason : undefined,
      payload: { why: why.kind },
    },
    sql`stopped = null, stopped_until = null`,
  );
  await addFact(work, resumed, { kind: "resumed", on });
  const facts = await organisationFacts(work.tx, contract.organisation);
  await tellCustomer(work, {
    organisation: contract.organisation,
    contract: contract.id,
    service: contract.service,
    kind: "resumption",
    mail: resumedMail(contract, on, facts?.language ?? "ja"),
    announcesOn: on,
  });
  await work.hooks[contract.service]?.resumed?.(work.tx, resumed, on, work.devices, work.platform);
  return resumed;
}

async function takeBack(work: ContractWork, contract: ContractRow, why: Resumption): Promise<ContractRow> {
  if (contract.plannedStop === null) throw refuseStep(contract);
  await sql`update commerce.contract set planned_stop = null
    where organisation_id = ${contract.organisation} and id = ${contract.id}`.execute(work.tx);
  await record(work, contract, {
    kind: "stop-taken-back",
    ground: contract.plannedStop.rule,
    reason: why.kind === "by-hand" ? why.reason : undefined,
    payload: { on: contract.plannedStop.on },
  });
  return { ...contract, plannedStop: null };
}
