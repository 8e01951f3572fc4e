/** Withdrawal of a service or of one plan (SEC-20, RNS-19, UTM-25): told in time, then every contract of it ends on that day. */
import { sql } from "kysely";
import type { OrganisationId, Uuid } from "@yagura/core/ids.ts";
import { addDays, addMonths, dayOf, type Day } from "@yagura/core/calendar.ts";
import { route, type JobTable, type Platform, type Route } from "@yagura/server/route.ts";
import type { Tx } from "@yagura/store/store.ts";
import type { Tables } from "../charging/tables.ts";
import { loadTables } from "../terms/load.ts";
import { isOver, lockContract } from "./contract-row.ts";
import { raise } from "./errors.ts";
import { offerOf, settingOn, termsOn } from "./offers.ts";
import { endByWithdrawal } from "./provider-endings.ts";
import { Withdrawn, WithdrawService } from "./shapes.ts";
import type { ContractParts } from "./work.ts";

const withdrawJob = "commerce.withdraw-service";

interface Withdrawal {
  readonly service: string;
  readonly plan: string | null;
  readonly on: Day;
  readonly rule: string;
  readonly reason: string;
}
interface Affected {
  readonly id: Uuid;
  readonly organisationId: OrganisationId;
  readonly number: string;
}

/** Living contracts of the service, or of the plan alone. */
async function affected(tx: Tx, { service, plan }: Pick<Withdrawal, "service" | "plan">): Promise<Affected[]> {
  return (
    await sql<Affected>`select id, organisation_id as "organisationId", number from commerce.contract
      where service = ${service} and (${plan}::text is null or plan = ${plan}) and ended_at is null order by id`.execute(
      tx,
    )
  ).rows;
}

/** First day that may follow a notice: the terms' months, the provider's days, or a day later at the least. */
function earliestWithdrawal(
  tables: Tables,
  service: string,
  plan: string | null,
  noticeOn: Day,
): { day: Day; rule: string } {
  const version = tables.terms.find(
    (one) =>
      one.service === service &&
      (one.from === null || one.from <= noticeOn) &&
      (one.until === null || noticeOn < one.until),
  );
  const named = plan ?? Object.keys(version?.plans ?? {})[0] ?? "";
  const lead = termsOn(tables, service, named, noticeOn)?.plan.withdrawal;
  if (lead !== undefined) return { day: addMonths(noticeOn, lead.months), rule: lead.rule };
  const setting = settingOn(tables, service, "withdrawal-notice-days", noticeOn);
  const days = typeof setting === "number" ? setting : 1;
  return { day: addDays(noticeOn, days), rule: "SEC-20" };
}

export const withdrawalRoutes = (parts: ContractParts): readonly Route[] => [
  route({
    method: "POST",
    path: "/api/v1/provider/withdrawals",
    tag: "contracts",
    summary: "Withdraw a service or a plan: every contract of it ends on the day (SEC-20, RNS-19, UTM-25)",
    access: { kind: "provider", scope: "contract.write" },
    body: WithdrawService,
    response: Withdrawn,
    status: 202,
    handler: async ({ tx, now, body, audit, platform }) => {
      const { service, on, noticeOn, reason } = body;
      const plan = body.plan ?? null;
      const offer = offerOf(parts, service);
      if (offer === undefined || (plan !== null && !offer.forms.some((form) => form.plan === plan))) {
        throw raise("PLAN_UNKNOWN", {
          service,
          plan: plan ?? "–",
          day: on,
          plans: parts.offers.map((one) => one.service).join(", "),
        });
      }
      const today = dayOf(now);
      if (on <= today) throw raise("CONTRACT_DAY_PAST", { on, earliest: addDays(today, 1) });
      const { day, rule } = earliestWithdrawal(await loadTables(tx), service, plan, noticeOn);
      if (on < day)
        throw raise("WITHDRAWAL_TOO_LATE", { on, noticeBy: latestNotice(noticeOn, day, on), noticeOn, rule });
      const contracts = await affected(tx, { service, plan });
      await platform.jobs.add(tx, withdrawJob, { service, plan, on, rule, reason } satisfies Withdrawal, {
        key: `withdraw-${service}-${plan ?? "all"}`,
      });
      await audit({
        action: "service.withdraw",
        subject: service,
        details: { plan, on, noticeOn, contracts: contracts.length },
      });
      return { contracts: contracts.map((one) => ({ ...one, on })) };
    },
  }),
];

/** The last day on which the notice would have been in time: as many days earlier as the day is too early. */
const latestNotice = (noticeOn: Day, earliest: Day, on: Day): Day => {
  let notice = noticeOn;
  let reach = earliest;
  while (reach > on) {
    notice = addDays(notice, -1);
    reach = addDays(reach, -1);
  }
  return notice;
};

export const withdrawalJobs = (parts: ContractParts): JobTable => ({
  handlers: {
    [withdrawJob]: async (payload, platform) =>
      void (await carryOutWithdrawal(platform, parts, payload as unknown as Withdrawal)),
  },
});

/** Sets the end of each contract that would last longer, each in its own transaction. Run again it does nothing. */
export async function carryOutWithdrawal(
  platform: Platform,
  parts: ContractParts,
  withdrawal: Withdrawal,
): Promise<number> {
  const { on, rule, reason } = withdrawal;
  const found = await platform.store.provider((tx) => affected(tx, withdrawal));
  let ended = 0;
  for (const { id, organisationId } of found) {
    await platform.store.organisation(organisationId, async (tx) => {
      const contract = await lockContract(tx, organisationId, id);
      if (contract === null || isOver(contract) || (contract.cancelledOn !== null && contract.cancelledOn <= on))
        return;
      const now = new Date(platform.clock.now());
      const actor = { kind: "system", name: "service-withdrawal" } as const;
      await endByWithdrawal({ tx, now, actor, platform, ...parts }, contract, on, rule, reason);
      await platform.audit(tx, actor, organisationId, {
        action: "contract.withdraw",
        subject: id,
        details: { number: contract.number, on },
      });
      ended += 1;
    });
  }
  return ended;
}
