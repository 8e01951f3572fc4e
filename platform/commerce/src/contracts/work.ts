/** What the routes of contracts and applications share: who works, and the contract of the path. */
import type { Devices } from "@yagura/devices/devices.ts";
import type { RouteContext } from "@yagura/server/route.ts";
import { raise as raiseServer } from "@yagura/server/errors.ts";
import type { Uuid } from "@yagura/core/ids.ts";
import type { Offer } from "../charging/offer.ts";
import type { ContractItem } from "./shapes.ts";
import { lockContract, type ContractRow, type ContractWork, type HooksByService } from "./contract-row.ts";

/** What the routes are made of. */
export interface ContractParts {
  readonly hooks: HooksByService;
  readonly devices: Devices;
  readonly offers: readonly Offer[];
}
type Context = RouteContext<unknown, unknown, unknown>;

/** The work of one request. */
export const workOf =
  ({ hooks, devices, offers }: ContractParts) =>
  ({
    tx,
    now,
    actor,
    platform,
  }: Pick<Context, "tx" | "now" | "actor" | "platform">): ContractWork & {
    readonly offers: readonly Offer[];
  } => ({ tx, now, actor, hooks, devices, platform, offers });

/** The organisation's contract, kept from changing until the end of the request. NOT_FOUND. */
export async function lockedContract(
  context: Pick<Context, "tx" | "organisation"> & { readonly params: { readonly contract: Uuid } },
): Promise<ContractRow> {
  const row = await lockContract(context.tx, context.organisation, context.params.contract);
  if (row === null) throw raiseServer("NOT_FOUND");
  return row;
}

/** What every step ends with: the audit and the pages. */
export async function tell(
  context: Pick<Context, "tx" | "organisation" | "platform" | "audit">,
  action: string,
  contract: ContractRow,
  details: Readonly<Record<string, unknown>> = {},
): Promise<void> {
  await context.audit({
    action,
    subject: contract.id,
    details: { number: contract.number, state: contract.state, ...details },
  });
  await context.platform.live.publish(context.tx, context.organisation, {
    topic: "contract",
    data: { id: contract.id },
  });
}

/** A contract as lists show it. */
export const shown = (row: ContractRow): ContractItem => ({
  id: row.id,
  organisationId: row.organisation,
  service: row.service,
  plan: row.plan,
  number: row.number,
  state: row.state,
  stopped: row.stopped,
  charged: row.charged,
  startedOn: row.startedOn,
  cancelledOn: row.cancelledOn,
  endedOn: row.endedOn,
  createdAt: row.createdAt.toISOString(),
});
