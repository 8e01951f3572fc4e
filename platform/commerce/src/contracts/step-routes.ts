/** Steps of a contract that the staff take: start, stop, resume. */
import { Type } from "typebox";
import { route, type Route } from "@yagura/server/route.ts";
import { Id } from "@yagura/server/shapes.ts";
import { checkEvidence } from "../applications/evidence.ts";
import { ContractItem, ReportGround, ResumeContract, StartContract, StopContract } from "./shapes.ts";
import { reportGround, reportStart } from "./starting.ts";
import { resumeContract, stopContract } from "./stops.ts";
import { lockedContract, shown, tell, workOf, type ContractParts } from "./work.ts";

const contract = "/api/v1/organisations/:organisation/contracts/:contract";
const ofContract = Type.Object({ organisation: Id, contract: Id });

export const stepRoutes = (parts: ContractParts): readonly Route[] => [
  start(parts),
  stop(parts),
  resume(parts),
  report(parts),
];

const start = (parts: ContractParts) =>
  route({
    method: "POST",
    path: `${contract}/start`,
    tag: "contracts",
    summary:
      "Report that service began, work was accepted (RNS-03), an opening was told or an installation finished (OST-15)",
    access: { kind: "organisation", scope: "fact.write" },
    params: ofContract,
    body: StartContract,
    response: ContractItem,
    status: 200,
    handler: async (context) => {
      const row = await lockedContract(context);
      await checkEvidence(context.tx, context.organisation, context.body.evidence);
      const after = await reportStart(workOf(parts)(context), row, context.body);
      await tell(context, `contract.${context.body.kind}`, after, { on: context.body.on });
      return shown(after);
    },
  });

const stop = (parts: ContractParts) =>
  route({
    method: "POST",
    path: `${contract}/suspend`,
    tag: "contracts",
    summary:
      "Suspend or discontinue the service, stating reason, date and period (SEC-19, UTM-22, RNS-21); charges go on",
    access: { kind: "organisation", scope: "contract.write" },
    params: ofContract,
    body: StopContract,
    response: ContractItem,
    status: 200,
    handler: async (context) => {
      const row = await lockedContract(context);
      await checkEvidence(context.tx, context.organisation, context.body.evidence);
      const after = await stopContract(workOf(parts)(context), row, context.body);
      const { measure, ground, on, until } = context.body;
      await tell(context, "contract.suspend", after, { measure, ground, on, until });
      return shown(after);
    },
  });

const resume = (parts: ContractParts) =>
  route({
    method: "POST",
    path: `${contract}/resume`,
    tag: "contracts",
    summary: "Let a stopped service go on, or take an announced stop back",
    access: { kind: "organisation", scope: "contract.write" },
    params: ofContract,
    body: ResumeContract,
    response: ContractItem,
    status: 200,
    handler: async (context) => {
      const row = await lockedContract(context);
      const after = await resumeContract(workOf(parts)(context), row, { kind: "by-hand", ...context.body });
      await tell(context, "contract.resume", after, { on: context.body.on });
      return shown(after);
    },
  });

const report = (parts: ContractParts) =>
  route({
    method: "POST",
    path: `${contract}/reports`,
    tag: "contracts",
    summary: "Report a ground that the terms oblige the customer to tell (RNS-16); the staff get a task",
    access: { kind: "organisation", scope: "application.write" },
    params: ofContract,
    body: ReportGround,
    response: ContractItem,
    status: 200,
    handler: async (context) => {
      const { body } = context;
      const row = await lockedContract(context);
      await checkEvidence(context.tx, context.organisation, body.evidence);
      await reportGround(workOf(parts)(context), row, body);
      await tell(context, "contract.report", row, { ground: body.ground, on: body.on });
      return shown(row);
    },
  });
