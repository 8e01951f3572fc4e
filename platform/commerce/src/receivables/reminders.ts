/**
 * Reminders in steps: so many days after the due date, one mail a customer and run, each step of a claim at most once. A claim
 * that passed several steps since the last run gets the highest only. Claims with the billing operator are not ours to remind of.
 */
import { sql } from "kysely";
import { addDays, dayOf, type Day } from "@yagura/core/calendar.ts";
import { newId, type OrganisationId, type Uuid } from "@yagura/core/ids.ts";
import type { Language } from "@yagura/core/errors.ts";
import { readProfile } from "@yagura/server/profile.ts";
import type { JobTable, Platform } from "@yagura/server/route.ts";
import type { Tx } from "@yagura/store/store.ts";
import { readCustomers } from "../billing/content.ts";
import type { Holder } from "../contracts/shapes.ts";
import { holderOn } from "../contracts/transfer-rows.ts";
import type { Offer } from "../charging/offer.ts";
import { index } from "../charging/index.ts";
import { tellCustomers } from "../notices/tell.ts";
import { loadTables } from "../terms/load.ts";
import { claimsWhere, leftOf, type ClaimRow, type MoneyWork } from "./claims.ts";
import { interestAsOf } from "./interest.ts";
import { proposeTasks } from "./collection.ts";
import { reminderPaper } from "./reminder-paper.ts";
import { payWithin, stepsOf } from "./reminder-steps.ts";
import { settle } from "./settle.ts";
import { reminderMail } from "./reminder-texts.ts";
import type { ReminderItem } from "./shapes.ts";

/** Days after a direct debit within which the bank's answer is waited for. */
const DEBIT_WAIT = 14;

/** A claim and the step that is due for it. */
export interface DueReminder {
  readonly claim: ClaimRow;
  readonly step: number;
}
export interface ReminderCounts {
  readonly customers: number;
  readonly reminders: number;
  readonly proposals: number;
}

/** Customers with something overdue, with an open proposal, or with an acceleration that somebody recorded since the last run. */
export async function customersInArrears(tx: Tx, on: Day): Promise<OrganisationId[]> {
  const { rows } = await sql<{ organisation: OrganisationId }>`select organisation_id as organisation
    from commerce.claim where state = 'open' and due_now < ${on}::date
    union select organisation_id from commerce.collection_task where state = 'open'
    union select f.organisation_id from commerce.contract_fact f join commerce.claim c on c.organisation_id = f.organisation_id
      where f.kind = 'accelerated' and f.voided_at is null and c.state = 'open' and c.due_now > f.on_day
    order by 1`.execute(tx);
  return rows.map(({ organisation }) => organisation);
}

/** What is to be sent to a customer on the day; nothing while reminders are paused. */
export async function dueReminders(tx: Tx, organisation: OrganisationId, on: Day): Promise<DueReminder[]> {
  const steps = stepsOf(index(await loadTables(tx)), on);
  const paused = await sql`select 1 from commerce.dunning
    where organisation_id = ${organisation} and paused_until >= ${on}::date`.execute(tx);
  if (paused.rows.length > 0) return [];
  const claims = await claimsWhere(
    tx,
    // Nobody is reminded of what the bank has just been asked to debit.
    sql`c.organisation_id = ${organisation} and c.state = 'open' and c.due_now < ${on}::date
      and not exists (select 1 from commerce.debit_item d where d.organisation_id = c.organisation_id and d.result is null
        and d.debit_on > ${addDays(on, -DEBIT_WAIT)}::date and d.claims @> jsonb_build_array(c.id))`,
  );
  const { rows } = await sql<{ claim: Uuid; step: number }>`select claim_id as claim, max(step)::int as step
    from commerce.reminder where claim_id = any(${claims.map(({ id }) => id)}::uuid[]) group by claim_id`.execute(tx);
  const sent = new Map(rows.map(({ claim, step }) => [claim, step]));
  return claims.flatMap((claim) => {
    const step = steps.findLastIndex((days) => addDays(claim.dueNow, days) <= on) + 1;
    return leftOf(claim) > 0 && step > (sent.get(claim.id) ?? 0) ? [{ claim, step }] : [];
  });
}

/** One customer: sends what is due, proposes what staff has to decide on. In the customer's own transaction. */
export async function remind(
  platform: Platform,
  work: MoneyWork,
  offers: readonly Offer[],
  organisation: OrganisationId,
  on: Day,
): Promise<{ reminders: number; proposals: number }> {
  const { tx } = work;
  // Takes the lock: of two runs at once the second finds the steps taken.
  await settle(work, organisation);
  const due = await dueReminders(tx, organisation, on);
  for (const group of await byHolder(tx, organisation, due, on)) await send(platform, work, organisation, group);
  const proposals = await proposeTasks(work, offers, organisation, on);
  return { reminders: due.length, proposals };
}

interface Reminded {
  readonly due: readonly DueReminder[];
  /** Null: the organisation's registered customer. */
  readonly holder: Holder | null;
}

/**
 * UTM-16, COM-23: whoever took a contract over took its open debts over as well, so that the reminder goes to them, also for what
 * was billed before.
 */
async function byHolder(
  tx: Tx,
  organisation: OrganisationId,
  due: readonly DueReminder[],
  on: Day,
): Promise<Reminded[]> {
  const groups = new Map<string, { due: DueReminder[]; holder: Holder | null }>();
  for (const one of due) {
    const { contract } = one.claim;
    const held = contract === null ? null : await holderOn(tx, { id: contract, organisation }, on);
    const holder = held === null || held.how === "order" ? null : held.holder;
    const key = JSON.stringify(holder);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { due: [one], holder });
    else group.due.push(one);
  }
  return [...groups.values()];
}

/** One mail, kept as a notice (COM-15) that can be printed as a letter; each step of each claim is noted. */
async function send(
  platform: Platform,
  { tx, now, actor }: MoneyWork,
  organisation: OrganisationId,
  { due, holder }: Reminded,
): Promise<void> {
  const on = dayOf(now);
  const customer = (await readCustomers(tx, [organisation])).get(organisation);
  if (customer === undefined) return;
  const claims = due.map(({ claim }) => claim);
  const interest = await interestAsOf(tx, claims, on);
  const tables = index(await loadTables(tx));
  const provider = await readProfile(tx, "");
  const step = Math.max(...due.map((one) => one.step));
  const last = step >= stepsOf(tables, on).length;
  const language: Language = customer.language;
  const mail = reminderMail(
    {
      customer: holder?.name ?? customer.recipient.name,
      provider: provider.name,
      step,
      last,
      claims: claims.map((claim) => ({
        number: claim.number,
        dueOn: claim.dueNow,
        left: leftOf(claim),
        interest: interest.get(claim.id)?.amount ?? 0,
      })),
      link: `${platform.publicUrl()}/invoices`,
    },
    language,
  );
  const payBy = addDays(on, payWithin(tables, on));
  const bank = provider.contact.bank ?? null;
  const [told] = await tellCustomers({ tx, now, actor, platform }, [
    {
      organisation,
      contract: onlyOf(claims.map(({ contract }) => contract)),
      service: onlyOf(claims.map(({ service }) => service)),
      kind: "reminder",
      mail,
      language,
      to: (holder === null ? customer.mail : holder.mail) ?? undefined,
      paper: { kind: "reminder", content: reminderPaper({ claims, step, last, payBy, bank }) },
    },
  ]);
  if (told) await platform.live.publish(tx, organisation, { topic: "notice", data: { id: told.id } });
  for (const { claim, step: reached } of due) {
    await sql`insert into commerce.reminder (id, organisation_id, claim_id, step, sent_at, recipients, subject, text)
      values (${newId()}, ${organisation}, ${claim.id}, ${reached}, ${now}, ${told?.recipients ?? 0}, ${mail.subject}, ${mail.text})`.execute(
      tx,
    );
  }
}

/** The one that all of them share, else null. */
const onlyOf = <T>(values: readonly (T | null)[]): T | null =>
  new Set(values).size === 1 ? (values[0] ?? null) : null;

/** Every customer in arrears, each in a transaction of its own: one that fails stops no other. */
export async function runReminders(platform: Platform, offers: readonly Offer[], on: Day): Promise<ReminderCounts> {
  const customers = await platform.store.provider((tx) => customersInArrears(tx, on));
  let [reminded, reminders, proposals] = [0, 0, 0];
  for (const organisation of customers) {
    try {
      const done = await platform.store.provider((tx) => remindIn(platform, tx, offers, organisation, on));
      if (done.reminders > 0) reminded++;
      reminders += done.reminders;
      proposals += done.proposals;
    } catch (error) {
      platform.log.error({ err: error, organisation }, "a customer could not be reminded of open claims");
    }
  }
  return { customers: reminded, reminders, proposals };
}

async function remindIn(
  platform: Platform,
  tx: Tx,
  offers: readonly Offer[],
  organisation: OrganisationId,
  on: Day,
): Promise<{ reminders: number; proposals: number }> {
  const actor = { kind: "system", name: "reminders" } as const;
  const done = await remind(platform, { tx, now: new Date(platform.clock.now()), actor }, offers, organisation, on);
  if (done.reminders + done.proposals > 0) {
    await platform.audit(tx, actor, organisation, {
      action: "claim.remind",
      subject: organisation,
      details: { ...done, on },
    });
  }
  return done;
}

const reminderJob = "commerce.reminders";
export const reminderJobs = (offers: readonly Offer[]): JobTable => ({
  handlers: {
    [reminderJob]: async (_payload, platform) => {
      await runReminders(platform, offers, dayOf(new Date(platform.clock.now())));
    },
  },
  // 00:30 UTC is 09:30 in Asia/Tokyo: mails come in the hours of business.
  schedule: { [reminderJob]: "30 0 * * *" },
});

/** Newest first. */
export async function remindersOf(tx: Tx, organisation: OrganisationId): Promise<ReminderItem[]> {
  const { rows } = await sql<Omit<ReminderItem, "sentAt"> & { sentAt: Date }>`
    select r.id, r.claim_id as "claimId", c.number, r.step, r.sent_at as "sentAt", r.recipients as "to", r.subject, r.text
    from commerce.reminder r join commerce.claim c on c.id = r.claim_id
    where r.organisation_id = ${organisation} order by r.sent_at desc, r.id desc limit 500`.execute(tx);
  return rows.map(({ sentAt, ...row }) => Object.assign(row, { sentAt: sentAt.toISOString() }));
}
