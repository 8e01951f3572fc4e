/** What a contract's dates ask for on a day: start, stop, go on, end. Called again it does nothing. */
import { dayOf } from "@yagura/core/calendar.ts";
import { finish, startService, type ContractRow, type ContractWork } from "./contracts.ts";
import { resumeContract, stopNow } from "./stops.ts";

/** Starts, stops, resumes and ends a locked contract as its dates say. */
export async function carryOutDue(work: ContractWork, contract: ContractRow): Promise<ContractRow> {
  const today = dayOf(work.now);
  let current = contract;
  if (current.state === "awaiting-start" && current.startedOn !== null && current.startedOn <= today) {
    current = await startService(work, current, current.startedOn);
  }
  if (current.plannedStop !== null && current.plannedStop.on <= today) {
    current = await stopNow(work, current, current.plannedStop);
  }
  if (current.stopped !== null && current.stoppedUntil !== null && current.stoppedUntil < today) {
    current = await resumeContract(work, current, { kind: "period-over", until: current.stoppedUntil });
  }
  if (current.state === "ending" && current.endedOn !== null && current.endedOn < today) {
    current = await finish(work, current, current.endedOn);
  }
  return current;
}
