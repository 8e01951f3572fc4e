/** Whether a notice may be given: its kind, way, lead time and what it must state, by the service's own rules (matrix 7.3). */
import { dayOf, type Day } from "@yagura/core/calendar.ts";
import type { Actor, Platform } from "@yagura/server/route.ts";
import type { Tx } from "@yagura/store/store.ts";
import type { NoticeRule, Offer } from "../charging/offer.ts";
import type { Tables, Text } from "../charging/tables.ts";
import { loadTables } from "../terms/load.ts";
import { offerOf } from "../terms/offers.ts";
import { raise } from "./errors.ts";
import { earliestDay, reasonableKey } from "./lead-time.ts";
import type { NoticeChannel, Statements } from "./shapes.ts";

export interface NoticeWork {
  readonly tx: Tx;
  readonly now: Date;
  readonly actor: Actor;
  readonly platform: Pick<Platform, "mail" | "live">;
  readonly offers: readonly Offer[];
}

export interface NoticeText {
  readonly service: string;
  /** A row of matrix 7.3 by the provider: `terms`, `withdrawal`, `suspension`, … */
  readonly kind: string;
  readonly channel: NoticeChannel;
  readonly subject: Text;
  readonly body: Text;
  /** Day of what it announces. */
  readonly announcesOn?: Day | undefined;
  /** Time that the notice names for its own effect; the day announced unless told. */
  readonly namedTime?: Date | undefined;
  readonly statements?: Statements | undefined;
  /** Without lead time, where the rule allows it. */
  readonly emergency?: boolean | undefined;
  /** Kept, to be sent later. */
  readonly draft?: boolean | undefined;
}
/** The rule of a kind of notice by the provider. NOTICE_KIND_UNKNOWN. */
export function ruleOf(offers: readonly Offer[], service: string, kind: string): NoticeRule {
  const rules = offerOf(offers, service).notices.filter(({ by }) => by === "provider");
  const rule = rules.find((one) => one.kind === kind);
  if (rule === undefined) {
    throw raise("NOTICE_KIND_UNKNOWN", { service, kind, kinds: rules.map((one) => one.kind).join(", ") });
  }
  return rule;
}

/** Refuses what the rule does not allow, and gives the rule. */
export async function checkNotice(
  work: Pick<NoticeWork, "tx" | "now" | "offers">,
  input: NoticeText,
): Promise<NoticeRule> {
  const { service, kind, channel, emergency = false } = input;
  const rule = ruleOf(work.offers, service, kind);
  if (!rule.channels.includes(channel)) {
    throw raise("NOTICE_CHANNEL", { kind, rule: rule.rule, channel, channels: rule.channels.join(", ") });
  }
  if (emergency && !rule.emergencyWithoutLead) throw raise("NOTICE_EMERGENCY_REFUSED", { kind, rule: rule.rule });
  checkStatements(rule, input);
  if (!emergency) checkLead(await loadTables(work.tx), rule, input, dayOf(work.now));
  return rule;
}

function checkLead(tables: Tables, rule: NoticeRule, { service, kind, announcesOn }: NoticeText, today: Day): void {
  const earliest = earliestOn(tables, service, rule, today);
  if (earliest === null) return;
  if (announcesOn === undefined) throw raise("NOTICE_DATE_NEEDED", { kind, rule: rule.rule });
  if (announcesOn < earliest) throw raise("NOTICE_TOO_LATE", { on: announcesOn, rule: rule.rule, earliest });
}

/** NOTICE_LEAD_UNSET. */
export function earliestOn(tables: Tables, service: string, rule: NoticeRule, given: Day): Day | null {
  const earliest = earliestDay(tables, service, rule, given);
  if (earliest !== "unset") return earliest;
  throw raise("NOTICE_LEAD_UNSET", { kind: rule.kind, rule: rule.rule, key: reasonableKey(rule.kind), service });
}

/** The day announced is the date stated; the body is the text. */
export const statementsOf = ({
  statements,
  announcesOn,
}: Pick<NoticeText, "statements" | "announcesOn">): Statements => ({
  ...(announcesOn === undefined ? {} : { date: announcesOn }),
  ...statements,
});

function checkStatements(rule: NoticeRule, input: NoticeText): void {
  const stated = statementsOf(input) as Readonly<Record<string, string | undefined>>;
  const missing = rule.states.filter((name) => name !== "text" && (stated[name] ?? "").trim() === "");
  if (missing.length === 0) return;
  throw raise(
    "NOTICE_STATEMENT_MISSING",
    { kind: rule.kind, rule: rule.rule, missing: missing.join(", ") },
    { fields: missing.map((name) => ({ pointer: `/body/statements/${name}`, message: `${name}: ${rule.rule}` })) },
  );
}
