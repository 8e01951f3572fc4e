/** What the calendar brings without anybody asking: warnings before and the end of the longest use (UTM-08), reminders of tasks. */
import { sql } from "kysely";
import type { OrganisationId, Uuid } from "@yagura/core/ids.ts";
import { addDays, addMonths, dayOf, monthsFromFirstDay, type Day } from "@yagura/core/calendar.ts";
import type { Devices } from "@yagura/devices/devices.ts";
import type { JobTable, Platform } from "@yagura/server/route.ts";
import type { Tx } from "@yagura/store/store.ts";
import type { Offer } from "../charging/offer.ts";
import { tellCustomer } from "../notices/tell.ts";
import { organisationFacts } from "../organisations.ts";
import { loadTables } from "../terms/load.ts";
import { isOver, lockContract, type ContractRow, type ContractWork, type HooksByService } from "./contract-row.ts";
import { mail } from "./mails.ts";
import { termsOn } from "./offers.ts";
import { endOfLongestUse } from "./provider-endings.ts";
import { addTask } from "./tasks.ts";

const remindersJob = "commerce.contract-reminders";
/** Months before the last day at which a warning goes out. */
const WARNINGS = [6, 3, 1] as const;
/** Days before its due day at which a task of the customer is reminded of. */
const REMIND_DAYS = 3;

export interface ReminderParts {
  readonly hooks: HooksByService;
  readonly devices: Devices;
  readonly offers: readonly Offer[];
}

export const reminderJobs = (parts: ReminderParts): JobTable => ({
  handlers: { [remindersJob]: async (_payload, platform) => await remind(platform, parts) },
  // 15:20 UTC is 00:20 in Asia/Tokyo, after starts and ends were carried out.
  schedule: { [remindersJob]: "20 15 * * *" },
});

/** Everything that is due by the platform's clock, each contract in its own transaction. Run again it does nothing. */
export async function remind(platform: Platform, parts: ReminderParts): Promise<void> {
  const today = dayOf(new Date(platform.clock.now()));
  for (const { organisation, id } of await withLongestUse(platform, today)) {
    await inContract(platform, parts, organisation, id, (work, contract) => watchLongestUse(work, contract, today));
  }
  await remindOfTasks(platform, today);
}

/** Living contracts of plans whose terms know a longest use, that are old enough for the first warning. */
async function withLongestUse(platform: Platform, today: Day): Promise<{ organisation: OrganisationId; id: Uuid }[]> {
  return platform.store.provider(async (tx) => {
    const plans = new Map<string, number>();
    for (const { service, plans: known } of (await loadTables(tx)).terms) {
      for (const [plan, { longestUse }] of Object.entries(known)) {
        const years = Math.min(...Object.values(longestUse?.yearsByModel ?? {}));
        const key = `${service}/${plan}`;
        if (longestUse !== undefined) plans.set(key, Math.min(years, plans.get(key) ?? years));
      }
    }
    if (plans.size === 0) return [];
    const since = addMonths(today, WARNINGS[0] - Math.min(...plans.values()) * 12);
    const { rows } = await sql<{ organisation: OrganisationId; id: Uuid }>`select organisation_id as organisation, id
      from commerce.contract where ended_at is null and service_started_on <= ${addDays(since, 1)}::date
        and service || '/' || plan = any(${[...plans.keys()]}::text[]) order by id`.execute(tx);
    return rows;
  });
}

async function inContract(
  platform: Platform,
  { hooks, devices, offers }: ReminderParts,
  organisation: OrganisationId,
  id: Uuid,
  act: (work: ContractWork, contract: ContractRow) => Promise<unknown>,
): Promise<void> {
  await platform.store.organisation(organisation, async (tx) => {
    const contract = await lockContract(tx, organisation, id);
    if (contract === null || isOver(contract)) return;
    const actor = { kind: "system", name: "contract-dates" } as const;
    await act({ tx, now: new Date(platform.clock.now()), actor, hooks, devices, platform, offers }, contract);
  });
}

/** The last day of the longest use, from S; null where the terms know none for the model. */
async function longestUseOf(tx: Tx, contract: ContractRow, today: Day): Promise<{ last: Day; rule: string } | null> {
  const from = contract.serviceStartedOn;
  const terms = termsOn(await loadTables(tx), contract.service, contract.plan, today)?.plan.longestUse;
  const years = terms?.yearsByModel[contract.attributes["model"] ?? ""];
  if (from === null || terms === undefined || years === undefined) return null;
  return { last: monthsFromFirstDay(from, years * 12), rule: terms.rule };
}

async function watchLongestUse(work: ContractWork, contract: ContractRow, today: Day): Promise<void> {
  const longest = await longestUseOf(work.tx, contract, today);
  if (longest === null || (contract.endedOn !== null && contract.endedOn <= longest.last)) return;
  const { last, rule } = longest;
  // The nearest warning that is due; earlier ones that were missed are not sent any more.
  const due = WARNINGS.findLast((months) => today >= addMonths(last, -months));
  if (due !== undefined && last >= today) await warn(work, contract, last, rule, due);
  if (today >= addMonths(last, -1)) await endOfLongestUse(work, contract, last, rule);
}

async function warn(work: ContractWork, contract: ContractRow, last: Day, rule: string, months: number): Promise<void> {
  const { tx } = work;
  const known = await sql`select from commerce.task where organisation_id = ${contract.organisation}
    and source_key = ${`longest-use-${months}:${contract.id}:${last}`}`.execute(tx);
  if (known.rows.length > 0) return;
  await addTask(work, contract, {
    kind: `longest-use-${months}`,
    rule,
    audience: "staff",
    title: {
      ja: `契約 ${contract.number} は最長利用期間により ${last} に終了します。お客さまに後継のご案内をしてください。`,
      en: `The contract ${contract.number} ends on ${last} by its longest use. Offer the customer what may follow.`,
    },
    dueOn: last,
  });
  const language = (await organisationFacts(tx, contract.organisation))?.language ?? "ja";
  await tellCustomer(work, {
    organisation: contract.organisation,
    contract: contract.id,
    service: contract.service,
    kind: "longest-use",
    announcesOn: last,
    mail: mail(language, {
      ja: {
        subject: `最長利用期間の満了のお知らせ: ${contract.number}`,
        lines: [
          `ご契約番号 ${contract.number} は、最長利用期間の満了により ${last} をもって終了します。`,
          "期間の延長はできません。引き続きご利用を希望される場合は、お早めにご相談ください。",
        ],
      },
      en: {
        subject: `The longest time of use ends: ${contract.number}`,
        lines: [
          `The contract ${contract.number} ends on ${last}, when its longest time of use is over.`,
          "It cannot be continued beyond. Please talk to us in good time about what may follow.",
        ],
      },
    }),
  });
}

interface DueTask {
  readonly id: Uuid;
  readonly organisation: OrganisationId;
  readonly contract: Uuid | null;
  readonly service: string | null;
  readonly title: { readonly ja: string; readonly en: string };
  readonly dueOn: Day;
}

/** One mail to the customer before a task of its own is due. */
async function remindOfTasks(platform: Platform, today: Day): Promise<void> {
  const due = await platform.store.provider(
    async (tx) =>
      (
        await sql<DueTask>`select t.id, t.organisation_id as organisation, t.contract_id as contract, k.service, t.title,
            t.due_on::text as "dueOn"
          from commerce.task t left join commerce.contract k on k.id = t.contract_id
          where t.state = 'open' and t.audience = 'customer' and t.reminded_at is null
            and t.due_on <= ${addDays(today, REMIND_DAYS)}::date order by t.id`.execute(tx)
      ).rows,
  );
  for (const { id, organisation, contract, service, title, dueOn } of due) {
    await platform.store.organisation(organisation, async (tx) => {
      const { numAffectedRows } = await sql`update commerce.task set reminded_at = ${new Date(platform.clock.now())}
        where id = ${id} and reminded_at is null and state = 'open'`.execute(tx);
      if ((numAffectedRows ?? 0n) === 0n) return;
      const language = (await organisationFacts(tx, organisation))?.language ?? "ja";
      const now = new Date(platform.clock.now());
      await tellCustomer(
        { tx, now, actor: { kind: "system", name: "reminders" }, platform },
        {
          organisation,
          contract,
          service,
          kind: "task",
          mail: mail(language, {
            ja: { subject: `ご対応のお願い（期限 ${dueOn}）`, lines: [title.ja] },
            en: { subject: `Something to do by ${dueOn}`, lines: [title.en] },
          }),
        },
      );
    });
  }
}
