/**
 * Changes of terms (COM-22, SEC-03, UTM-02): published with their text and day, a copy to each customer concerned, and what
 * each of them did: consented on which ground, or dissented in time.
 */
import { sql } from "kysely";
import { addDays, dayOf, startOf, type Day } from "@yagura/core/calendar.ts";
import { newId, type OrganisationId, type Uuid } from "@yagura/core/ids.ts";
import type { JobTable, Platform } from "@yagura/server/route.ts";
import type { Tx } from "@yagura/store/store.ts";
import { actorName } from "../actor.ts";
import type { Offer } from "../charging/offer.ts";
import type { Text } from "../charging/tables.ts";
import { raise as raiseTerms } from "../terms/errors.ts";
import { offerOf } from "../terms/offers.ts";
import { readVersions, type VersionRow } from "../terms/versions.ts";
import { raise } from "./errors.ts";
import { checkNotice, type NoticeText, type NoticeWork } from "./check.ts";
import { giveToAll } from "./give.ts";
import type { DissentOffer, NewTermsChange } from "./shapes.ts";

export type Ground = "use" | "payment" | "no-objection" | "express";

export interface TermsChangeRow {
  readonly id: Uuid;
  readonly service: string;
  readonly code: string;
  readonly effectiveOn: Day;
  readonly subject: Text;
  readonly body: Text;
  readonly rule: string;
  readonly dissent: boolean;
  readonly grounds: readonly string[];
  readonly publishedAt: Date;
}
const columns = sql`t.id, t.service, t.code, t.effective_on::text as "effectiveOn", t.subject, t.body, t.rule, t.dissent,
  to_jsonb(t.grounds) as grounds, t.published_at as "publishedAt"`;

export async function changeById(tx: Tx, id: Uuid): Promise<TermsChangeRow | null> {
  const { rows } = await sql<TermsChangeRow>`select ${columns} from commerce.terms_change t where t.id = ${id}`.execute(
    tx,
  );
  return rows[0] ?? null;
}

/** Newest first, with how many customers were shown it, consented and dissented (as provider: of all of them). */
export async function listChanges(
  tx: Tx,
  service: string | null,
): Promise<(TermsChangeRow & { shown: number; consented: number; dissented: number })[]> {
  const { rows } = await sql<
    TermsChangeRow & { shown: number; consented: number; dissented: number }
  >`select ${columns},
      count(c.id)::int as shown, (count(*) filter (where c.state = 'consented'))::int as consented,
      (count(*) filter (where c.state = 'dissented'))::int as dissented
    from commerce.terms_change t left join commerce.terms_consent c on c.change_id = t.id
    where ${service}::text is null or t.service = ${service}
    group by t.id order by t.published_at desc, t.id desc`.execute(tx);
  return rows;
}

/** The grounds on which the service's terms take consent as given; what is said expressly always counts. */
const groundsOf = (offer: Offer): string[] => [
  ...offer.grounds.filter(({ use }) => use === "deemed-consent").map(({ code }) => code),
  "express",
];

/** The version and the notice that announces it. TERMS_VERSION_UNKNOWN, TERMS_CHANGE_UNDATED. */
export async function planChange(
  work: NoticeWork,
  input: NewTermsChange,
): Promise<{ version: VersionRow; effectiveOn: Day; notice: NoticeText }> {
  const { service, code, subject, body, channel = "web" } = input;
  const version = (await readVersions(work.tx, service)).find((one) => one.code === code);
  if (version === undefined) throw raiseTerms("TERMS_VERSION_UNKNOWN", { service, code });
  if (version.from === null) throw raise("TERMS_CHANGE_UNDATED", { code });
  const effectiveOn = version.from;
  return { version, effectiveOn, notice: { service, kind: "terms", channel, subject, body, announcesOn: effectiveOn } };
}

/**
 * Publishes a change. TERMS_CHANGE_PUBLISHED, NOTICE_TOO_LATE with the earliest day, and the other refusals of a notice. Where
 * nobody has a living contract it is published all the same: there is nobody to show it to.
 */
export async function publishChange(work: NoticeWork, input: NewTermsChange): Promise<Uuid> {
  const { tx, now, actor, offers } = work;
  const { version, effectiveOn, notice } = await planChange(work, input);
  const before = await sql<{ at: Date }>`select published_at as at from commerce.terms_change
    where version_id = ${version.id}`.execute(tx);
  if (before.rows[0] !== undefined) {
    throw raise("TERMS_CHANGE_PUBLISHED", { code: input.code, on: dayOf(before.rows[0].at) });
  }
  const rule = await checkNotice(work, notice);
  const offer = offerOf(offers, input.service);
  const id = newId();
  await sql`insert into commerce.terms_change (id, version_id, service, code, effective_on, subject, body, rule, dissent,
      grounds, published_by, published_at)
    values (${id}, ${version.id}, ${input.service}, ${input.code}, ${effectiveOn}::date,
      ${JSON.stringify(input.subject)}::jsonb, ${JSON.stringify(input.body)}::jsonb, ${rule.rule},
      ${rule.lead.unit !== "none"}, ${groundsOf(offer)}, ${actorName({ actor })}, ${now})`.execute(tx);
  const { given } = await giveToAll(work, notice).catch((error: unknown) => {
    if ((error as { code?: string }).code === "NOTICE_NOBODY") return { given: [] };
    throw error;
  });
  const rows = given.map((one) => ({ id: newId(), organisation: one.organisation, notice: one.id }));
  await sql`insert into commerce.terms_consent (id, organisation_id, change_id, notice_id, state)
    select r.id, r.organisation, ${id}, r.notice, 'shown'
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r(id uuid, organisation uuid, notice uuid)`.execute(tx);
  return id;
}

/**
 * Consent with its ground. By the terms it is only taken as given once they are in force; what is said expressly counts at
 * once. Somebody who dissented stays so unless consent is express. CONSENT_GROUND, CONSENT_TOO_EARLY.
 */
export async function recordConsent(
  work: Pick<NoticeWork, "tx" | "now">,
  change: TermsChangeRow,
  consent: {
    readonly organisation: OrganisationId;
    readonly ground: Ground;
    readonly evidence: string;
    readonly at: Date;
  },
): Promise<void> {
  const { ground, at, organisation, evidence } = consent;
  const { service, grounds, effectiveOn } = change;
  if (!grounds.includes(ground)) throw raise("CONSENT_GROUND", { service, ground, grounds: grounds.join(", ") });
  if (ground !== "express" && at < startOf(effectiveOn)) throw raise("CONSENT_TOO_EARLY", { ground, effectiveOn });
  await sql`insert into commerce.terms_consent (id, organisation_id, change_id, state, ground, evidence, decided_at)
    values (${newId()}, ${organisation}, ${change.id}, 'consented', ${ground}, ${evidence}, ${at})
    on conflict (organisation_id, change_id) do update set state = 'consented', ground = excluded.ground,
      evidence = excluded.evidence, decided_at = excluded.decided_at
    where terms_consent.state = 'shown' or (excluded.ground = 'express' and terms_consent.state = 'dissented')`.execute(
    work.tx,
  );
}

/**
 * SEC-03: what a payment or the use of a service says of changes that are in force by then. For those who learn of it: call it
 * in the transaction of the payment. Changes whose terms know no such ground are left alone.
 */
export async function noteDeemedConsent(
  work: Pick<NoticeWork, "tx" | "now">,
  consent: {
    readonly organisation: OrganisationId;
    readonly service: string;
    readonly ground: "use" | "payment";
    readonly evidence: string;
    readonly on: Day;
  },
): Promise<void> {
  await sql`update commerce.terms_consent c set state = 'consented', ground = ${consent.ground},
      evidence = ${consent.evidence}, decided_at = ${work.now}
    from commerce.terms_change t
    where t.id = c.change_id and c.organisation_id = ${consent.organisation} and c.state = 'shown'
      and t.service = ${consent.service} and ${consent.ground} = any(t.grounds)
      and t.effective_on <= ${consent.on}::date`.execute(work.tx);
}

/** The same of a contract that was used on the day: by the day's evidence, such as a ticket or a seat. */
export async function noteUse(
  work: Pick<NoticeWork, "tx" | "now">,
  contract: { readonly id: Uuid; readonly organisation: OrganisationId },
  on: Day,
  evidence: string,
): Promise<void> {
  const { rows } = await sql<{ service: string }>`select service from commerce.contract
    where organisation_id = ${contract.organisation} and id = ${contract.id}`.execute(work.tx);
  const [found] = rows;
  if (found === undefined) return;
  await noteDeemedConsent(work, {
    organisation: contract.organisation,
    service: found.service,
    ground: "use",
    evidence,
    on,
  });
}

/** What a customer who disagrees is offered: to end its contracts by the day (A-UTM-2). DISSENT_REFUSED, DISSENT_TOO_LATE. */
export async function dissent(
  work: Pick<NoticeWork, "tx" | "now">,
  change: TermsChangeRow,
  organisation: OrganisationId,
  reason: string,
): Promise<DissentOffer> {
  const { service, effectiveOn } = change;
  if (!change.dissent) throw raise("DISSENT_REFUSED", { service });
  if (work.now >= startOf(effectiveOn)) throw raise("DISSENT_TOO_LATE", { effectiveOn });
  await sql`insert into commerce.terms_consent (id, organisation_id, change_id, state, evidence, decided_at)
    values (${newId()}, ${organisation}, ${change.id}, 'dissented', ${reason}, ${work.now})
    on conflict (organisation_id, change_id) do update set state = 'dissented', ground = null,
      evidence = excluded.evidence, decided_at = excluded.decided_at`.execute(work.tx);
  const { rows } = await sql<{ id: Uuid; number: string; service: string }>`select id, number, service
    from commerce.contract where organisation_id = ${organisation} and service = ${service}
      and state not in ('ended', 'revoked', 'void') order by number`.execute(work.tx);
  const last = addDays(effectiveOn, -1);
  return {
    effectiveOn,
    contracts: rows,
    sentence: {
      en: `The new terms take effect on ${effectiveOn}. If you do not agree, cancel these contracts to end by ${last}; otherwise the new terms apply to them.`,
      ja: `新しい約款は ${effectiveOn} に効力を生じます。同意いただけない場合は、${last} までに終了するよう以下の契約を解約してください。解約されない場合は新しい約款が適用されます。`,
    },
  };
}

const consentJob = "commerce.terms-consent";

/** Daily at 00:10 in Tokyo: who did not object until the day consented, where the terms say so (SEC-03). */
export const consentJobs: JobTable = {
  handlers: { [consentJob]: async (_payload, platform) => void (await settleConsents(platform)) },
  schedule: { [consentJob]: "10 15 * * *" },
};

/** Returns how many consents were taken as given. */
export async function settleConsents(platform: Pick<Platform, "store" | "clock">): Promise<number> {
  const now = new Date(platform.clock.now());
  return platform.store.provider(async (tx) => {
    const { numAffectedRows } =
      await sql`update commerce.terms_consent c set state = 'consented', ground = 'no-objection',
        evidence = 'no objection until ' || (t.effective_on - 1)::text, decided_at = ${now}
      from commerce.terms_change t
      where t.id = c.change_id and c.state = 'shown' and 'no-objection' = any(t.grounds)
        and t.effective_on <= ${dayOf(now)}::date`.execute(tx);
    return Number(numAffectedRows ?? 0);
  });
}
