/** Derived facts of a contract's life: its beginning, terms, end, installation and suspensions. */
import { addDays, addMonths, lastOfMonth, monthsFromEvent } from "@yagura/core/calendar.ts";
import type { Contract } from "./contract.ts";
import { capital } from "./explain.ts";
import { day, fact, type Told } from "./derived-told.ts";
import { minimumTerm, remainingMonths } from "./early-termination.ts";
import { isInTime, noticeBy } from "./end.ts";
import { feeMonths } from "./fee-months.ts";
import { itemTerms, lives } from "./lives.ts";
import { chargedFrom, feeMonthKind } from "./recurring.ts";

/** RNS-05, RNS-48 and the first charged day of each item in use (W-EXP-6). */
export function beginning(contract: Contract): Told[] {
  const told: Told[] = [];
  const formed = contract.first("applied")?.on;
  const rescission = formed === undefined ? undefined : contract.knownTermsOn(formed)?.plan.rescission;
  if (formed !== undefined && rescission !== undefined)
    told.push(
      day(
        rescission.rule,
        "rescission-until",
        addDays(formed, rescission.days),
        "当社が契約を撤回できるのは{}までです。",
        "The provider may rescind until {}.",
      ),
    );
  const inspected = contract.inspectedOn;
  const defects = inspected === null ? undefined : contract.knownTermsOn(inspected)?.plan.defects;
  if (inspected !== null && defects !== undefined)
    told.push(
      day(
        defects.rule,
        "free-repair-until",
        monthsFromEvent(inspected, defects.months),
        "不具合の無償修補は{}まで受けられます。",
        "Defects are repaired free of charge until {}.",
      ),
    );
  for (const life of lives(contract)) {
    // Where the terms of S are known by their date only, the first charged day cannot be told; nothing else depends on it.
    if (contract.knownTermsOn(life.start)?.plan.items[life.item] === undefined) continue;
    const kind = feeMonthKind(contract, life.item);
    const months = feeMonths(contract.facts, kind, life.start.slice(0, 7), addMonths(life.start, 2).slice(0, 7));
    const from = chargedFrom(contract, life, months);
    const item = itemTerms(contract, life.item);
    if (from === null || item?.recurring === undefined) continue;
    told.push(
      day(
        item.recurring.rule,
        `charged-from:${life.item}`,
        from,
        `「${item.name.ja}」の料金は{}から生じます。`,
        `${capital(item.name.en)} is charged from {}.`,
      ),
    );
  }
  return told;
}

/** Minimum term and longest use. */
export function terms(contract: Contract): Told[] {
  const told: Told[] = [];
  const at = contract.end?.on ?? contract.asOf;
  const term = minimumTerm(contract, at);
  if (term !== null) {
    const { rule } = term.terms;
    told.push(
      day(rule, "minimum-term-starts", term.from, "最低利用期間は{}から始まります。", "The minimum term begins on {}."),
    );
    told.push(
      day(rule, "minimum-term-ends", term.to, "最低利用期間は{}までです。", "The minimum term lasts until {}."),
    );
    if (contract.end !== null) {
      const left = contract.end.on > term.to ? 0 : remainingMonths(term, contract.end.on);
      told.push(
        fact(term.terms.early.rule, "remaining-months", left, {
          ja: `解約月の翌月から最低利用期間の終わりまで、残り${left}か月です。`,
          en: `${left} months of the minimum term are left after the month of the end.`,
        }),
      );
    }
  }
  const longest = contract.longestUse();
  if (longest !== null)
    told.push(
      day(
        longest.rule,
        "longest-use-ends",
        longest.last,
        "最長利用期間は{}までです。",
        "The longest use lasts until {}.",
      ),
    );
  return told;
}

/** C, and until when notice had to be given (matrix 7.3). */
export function ending(contract: Contract): Told[] {
  const told: Told[] = [];
  const request = contract.last("cancellation-requested");
  const end = contract.end;
  const cancelled = contract.last("cancelled");
  if (end === null) return told;
  const plan = contract.termsOn(end.on)?.plan;
  if (plan === undefined) return told;
  const { cancellation } = plan;
  // An end by the longest use is told as such, as long as nobody asked for another.
  if (end.by === "longest-use") return told;
  told.push(
    day(
      cancellation.movesAfterCheck?.rule ?? cancellation.rule,
      "cancellation-date",
      end.on,
      "解約日は{}です。",
      "The cancellation date is {}.",
    ),
  );
  // A-RNS-1: the contract itself ends with the month.
  if (cancellation.endsWithMonth)
    told.push(
      day(
        cancellation.rule,
        "contract-ends",
        lastOfMonth(end.on),
        "契約は{}をもって終了します。",
        "The contract ends with {}.",
      ),
    );
  if (cancelled?.by === "withdrawal" && plan.withdrawal !== undefined)
    told.push(
      day(
        plan.withdrawal.rule,
        "notice-by",
        addMonths(end.on, -plan.withdrawal.months),
        "サービス廃止の通知期限は{}です。",
        "Notice of the withdrawal has to be given by {}.",
      ),
    );
  else if (end.by === "customer" || request !== undefined) {
    const wished = request?.desiredOn ?? end.on;
    const by = contract.hours(() => noticeBy(contract, cancellation, wished));
    if (by !== null)
      told.push(
        day(
          cancellation.rule,
          "notice-by",
          by,
          "解約の申出期限は{}です。",
          "Notice of the cancellation has to be given by {}.",
        ),
      );
    if (request !== undefined) {
      const late = !(contract.hours(() => isInTime(contract, cancellation, wished, request.on)) ?? true);
      told.push(
        fact(cancellation.rule, "notice-late", late, {
          ja: late ? "解約の申出は期限を過ぎています。" : "解約の申出は期限内です。",
          en: late ? "The notice came late." : "The notice came in time.",
        }),
      );
    }
  }
  if (plan.beforeAcceptance !== undefined && contract.inspectedOn === null) {
    const blocking = contract.of("claim").some((one) => one.fact.beforeEnd === true);
    told.push(
      fact(plan.beforeAcceptance.rule, "end-waits-for-payment", blocking, {
        ja: blocking ? "損害額のお支払いをもって契約が終了します。" : "損害額の請求はありません。",
        en: blocking
          ? "The contract ends once the damage is paid."
          : "No damage is claimed, so nothing holds the end back.",
      }),
    );
  }
  return told;
}

/** OST-15, 16. */
export function installation(contract: Contract): Told[] {
  const opening = contract.last("opening")?.on ?? contract.startedOn;
  const rule = opening === null ? undefined : contract.knownTermsOn(opening)?.plan.installation;
  if (opening === null || rule === undefined) return [];
  const by = contract.businessDays("business", opening, -rule.businessDaysBefore);
  return by === null
    ? []
    : [day(rule.rule, "install-by", by, "機器の設置期限は{}です。", "The sensor has to be installed by {}.")];
}

/** UTM-22. */
export const suspensions = (contract: Contract): Told[] =>
  contract.of("suspended").flatMap((one) => {
    const rule = contract.knownTermsOn(one.fact.on)?.plan.suspension;
    if (rule === undefined || one.fact.measure !== "suspension") return [];
    return [
      day(
        rule.rule,
        "suspension-until",
        monthsFromEvent(one.fact.on, rule.maximumMonths),
        "利用停止は最長で{}までです。",
        "The suspension may last until {} at most.",
      ),
    ];
  });
