/** What is reported from the field at the beginning: service began, the work was accepted, an opening was told. */
import type { Uuid } from "@yagura/core/ids.ts";
import { addDays, dayOf, type Day } from "@yagura/core/calendar.ts";
import { destroySecrets } from "../applications/secrets.ts";
import { isOver, type ContractRow, type ContractWork } from "./contract-row.ts";
import { startService } from "./contracts.ts";
import { raise } from "./errors.ts";
import { addFact } from "./fact-door.ts";
import { askForInstallation } from "./installation.ts";
import { record, refuseStep } from "./states.ts";
import { reportable } from "./offers.ts";
import { addTask, dropTasks } from "./tasks.ts";

export interface StartReport {
  readonly kind: "started" | "inspected" | "opening" | "installed";
  readonly on: Day;
  readonly note?: string | undefined;
  /** RNS-08: who did the work, where it was delegated. */
  readonly delegate?: string | undefined;
  readonly evidence?: readonly Uuid[] | undefined;
}

const rules = { started: "UTM-10", inspected: "RNS-03", opening: "OST-16", installed: "OST-15" } as const;

/**
 * `started` is S. `inspected` (acceptance of the work) and `opening` begin a contract that has not started yet; `opening` may
 * be told for a day to come. CONTRACT_ALREADY_STARTED, CONTRACT_START_LATER, CONTRACT_STEP_….
 */
export async function reportStart(
  work: ContractWork,
  contract: ContractRow,
  report: StartReport,
): Promise<ContractRow> {
  if (isOver(contract)) throw refuseStep(contract);
  const { kind, on } = report;
  const today = dayOf(work.now);
  if (kind !== "opening" && on > today) throw raise("CONTRACT_START_LATER", { on, today });
  if (kind === "started" && contract.state !== "awaiting-start") {
    throw raise("CONTRACT_ALREADY_STARTED", { number: contract.number, startedOn: contract.serviceStartedOn ?? "–" });
  }
  const by = report.delegate === undefined || kind === "opening" ? {} : { delegate: report.delegate };
  const note = { rule: rules[kind], reason: report.note, evidence: report.evidence ?? [], ...by };
  let current = contract;
  if (kind === "opening") await askForInstallation(work, contract, on);
  if (kind === "installed") await dropTasks(work, contract, "installation-due");
  if (kind !== "started") {
    await addFact(work, contract, { kind, on, ...by });
    const { note: reason, evidence } = report;
    await record(work, contract, { kind, ground: rules[kind], on, reason, evidence, payload: by });
  }
  if (kind !== "installed" && current.state === "awaiting-start" && on <= today) {
    current = await startService(work, current, on, note);
  }
  // UTM-80: what was handed over for the setting work is destroyed when that is over.
  if ((kind === "started" || kind === "inspected") && contract.applicationId !== null) {
    const gone = await destroySecrets(work, contract.organisation, contract.applicationId);
    if (gone) await record(work, contract, { kind: "secrets-destroyed", ground: "UTM-80", on: today });
  }
  return current;
}

export interface GroundReport {
  readonly ground: string;
  readonly on: Day;
  readonly note: string;
  readonly evidence?: readonly Uuid[] | undefined;
}

/** RNS-16: the customer tells a ground of its own; what follows from it is the staff's to decide. GROUND_UNKNOWN. */
export async function reportGround(work: ContractWork, contract: ContractRow, report: GroundReport): Promise<void> {
  const ground = reportable(work, contract.service, report.ground);
  await record(work, contract, {
    kind: "ground-reported",
    ground: ground.rule,
    on: report.on,
    reason: report.note,
    evidence: report.evidence,
    payload: { ground: report.ground },
  });
  await addTask(work, contract, {
    kind: `ground-reported-${report.ground}`.slice(0, 60),
    rule: "RNS-16",
    audience: "staff",
    title: {
      ja: `契約 ${contract.number} のお客さまから申告がありました: ${ground.text.ja}。対応を決めてください。`,
      en: `The customer of the contract ${contract.number} reports: ${ground.text.en}. Decide what follows.`,
    },
    dueOn: addDays(dayOf(work.now), 3),
  });
}
