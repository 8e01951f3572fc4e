/** Days, numbers and answers that follow from the facts by a rule: shown beside the lines, and asked for by tests and pages. */
import { addDays, addMonths, lastOfMonth, monthsFromEvent, dayOf, type Day } from "@yagura/core/calendar.ts";
import { ancillaries, refund, rest } from "./ancillary.ts";
import { dispatchDay, handledFrom, isOpen } from "./business-days.ts";
import { liabilityCap } from "./liability.ts";
import type { Contract } from "./contract.ts";
import { isInTime, noticeBy } from "./end.ts";
import { minimumTerm, remainingMonths } from "./early-termination.ts";
import { areBillFeesDue, bearsSurcharge, isBelowThreshold } from "./events.ts";
import { enDay, jaDay, jaYen, enYen } from "./explain.ts";
import { feeMonths } from "./fee-months.ts";
import type { DerivedFact } from "./lines.ts";
import { itemTerms, lives, quantityOn } from "./lives.ts";
import { chargedFrom, feeMonthKind } from "./recurring.ts";
import { chargedOn, returnClocks } from "./replacement.ts";
import type { Text } from "./tables.ts";
import { wallet } from "./wallet.ts";

type Told = Omit<DerivedFact, "contract">;

/** Everything that can be told of the contract as of the last day of the months asked for. */
export function derivedFacts(contract: Contract): DerivedFact[] {
  const told: Told[] = [
    ...beginning(contract),
    ...terms(contract),
    ...ending(contract),
    ...seats(contract),
    ...quota(contract),
    ...insurance(contract),
    ...wallets(contract),
    ...installation(contract),
    ...suspensions(contract),
    ...ancillary(contract),
    ...replacements(contract),
    ...hours(contract),
    ...visitsAndBills(contract),
    ...damages(contract),
  ];
  return told.map((one) => ({ contract: contract.facts.contract, ...one }));
}

const day = (rule: string, what: string, value: Day, ja: string, en: string): Told => ({
  rule,
  what,
  value,
  sentence: { ja: ja.replace("{}", jaDay(value)), en: en.replace("{}", enDay(value)) },
});
const fact = (rule: string, what: string, value: number | boolean, sentence: Text): Told => ({
  rule,
  what,
  value,
  sentence,
});

/** RNS-05, RNS-48 and the first charged day of each item in use (W-EXP-6). */
function beginning(contract: Contract): Told[] {
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
        `${item.name.en} is charged from {}.`,
      ),
    );
  }
  return told;
}

/** Minimum term and longest use. */
function terms(contract: Contract): Told[] {
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
function ending(contract: Contract): Told[] {
  const told: Told[] = [];
  const request = contract.last("cancellation-requested");
  const end = contract.end;
  const cancelled = contract.last("cancelled");
  if (end === null) return told;
  const plan = contract.termsOn(end.on)?.plan;
  if (plan === undefined) return told;
  const { cancellation } = plan;
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

/** SEC-52: seats allowed now. */
function seats(contract: Contract): Told[] {
  let total = 0;
  let rule: string | undefined;
  for (const life of lives(contract)) {
    const item = itemTerms(contract, life.item);
    if (item?.seats === undefined) continue;
    rule ??= item.recurring?.rule ?? item.rule;
    const gone = life.end !== null && life.end <= contract.asOf;
    total += gone ? 0 : item.seats * quantityOn(life, contract.asOf);
  }
  if (rule === undefined) return [];
  return [
    fact(rule, "seats", total, { ja: `利用できるライセンス数は${total}です。`, en: `${total} seats may be used.` }),
  ];
}

/** EXP-17 to EXP-20: by the terms in force at the moment. */
function quota(contract: Contract): Told[] {
  const terms = contract.knownTermsOn(contract.asOf)?.plan.quota;
  if (terms === undefined) return [];
  let agents = 0;
  for (const life of lives(contract)) {
    if (itemTerms(contract, life.item)?.kind !== "base") continue;
    if (life.end === null || life.end > contract.asOf) agents += quantityOn(life, contract.asOf);
  }
  const most = terms.pooled ? agents * terms.targetsPerAgent : terms.targetsPerAgent;
  const text: Text = terms.pooled
    ? { ja: `対象は合わせて${most}件まで登録できます。`, en: `${most} targets may be registered in all.` }
    : { ja: `対象は1台につき${most}件まで登録できます。`, en: `${most} targets may be registered for each device.` };
  const told = [fact(terms.rule, "targets", most, text)];
  if (terms.pooled)
    told.push(
      fact(terms.rule, "sessions", most, {
        ja: `セッションは合わせて${most}件までです。`,
        en: `At most ${most} sessions in all.`,
      }),
    );
  return told;
}

/** SEC-58, 59: cover of the telework insurance; the registration of the device's MAC address is asked for elsewhere. */
function insurance(contract: Contract): Told[] {
  const from = contract.startedOn;
  if (from === null) return [];
  const rows = contract.knownTermsOn(from)?.plan.insurance ?? [];
  if (rows.length === 0) return [];
  const ordered = Object.entries(contract.facts.items).filter(([, quantity]) => quantity > 0);
  const inOrder = ordered.reduce(
    (sum, [code, quantity]) => sum + (itemTerms(contract, code)?.seats ?? 0) * quantity,
    0,
  );
  const row = rows.find((one) => one.useFrom <= from && from <= one.useTo);
  const counts = row !== undefined && inOrder < row.seatsBelow && ordered.some(([code]) => row.items.includes(code));
  if (row === undefined || !counts)
    return [
      fact(rows[0]?.rule ?? "", "insurance", false, {
        ja: "テレワーク保険の対象ではありません。",
        en: "The telework insurance does not come with this order.",
      }),
    ];
  const first = `${addMonths(from, 1).slice(0, 7)}-01`;
  const last = addDays(addMonths(first, row.months), -1);
  return [
    fact(row.rule, "insurance", true, {
      ja: `「${row.name.ja}」の対象です（端末の MAC アドレスの登録が必要です）。`,
      en: `${row.name.en} comes with the order, once the device's MAC address is registered.`,
    }),
    day(row.rule, "insurance-from", first, "保険期間は{}からです。", "The cover begins on {}."),
    day(row.rule, "insurance-to", last, "保険期間は{}までです。", "The cover lasts until {}."),
  ];
}

/** SEC-71. */
function wallets(contract: Contract): Told[] {
  const kinds = new Set(
    [...Object.keys(contract.facts.items), ...contract.of("purchase").map((one) => one.fact.item)].filter(
      (code) => itemTerms(contract, code)?.kind === "ticket",
    ),
  );
  return [...kinds].flatMap((code) => {
    const { bought, used } = wallet(contract, code, contract.asOf);
    const name = itemTerms(contract, code)?.name ?? { ja: code, en: code };
    return [
      fact("SEC-71", `tickets-bought:${code}`, bought, {
        ja: `「${name.ja}」の購入数は${bought}です。`,
        en: `${name.en}: ${bought} bought.`,
      }),
      fact("SEC-71", `tickets-used:${code}`, used, {
        ja: `「${name.ja}」の使用数は${used}です。`,
        en: `${name.en}: ${used} used.`,
      }),
      fact("SEC-71", `tickets-remaining:${code}`, bought - used, {
        ja: `「${name.ja}」の残数は${bought - used}です。`,
        en: `${name.en}: ${bought - used} left.`,
      }),
    ];
  });
}

/** OST-15, 16. */
function installation(contract: Contract): Told[] {
  const opening = contract.last("opening")?.on ?? contract.startedOn;
  const rule = opening === null ? undefined : contract.knownTermsOn(opening)?.plan.installation;
  if (opening === null || rule === undefined) return [];
  const activity = contract.setting("calendar", opening);
  const by = contract.businessDays(
    typeof activity === "string" ? activity : "business",
    opening,
    -rule.businessDaysBefore,
  );
  return by === null
    ? []
    : [day(rule.rule, "install-by", by, "機器の設置期限は{}です。", "The sensor has to be installed by {}.")];
}

/** UTM-22. */
const suspensions = (contract: Contract): Told[] =>
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

function ancillary(contract: Contract): Told[] {
  return ancillaries(contract).flatMap((one) => {
    const told = [
      day(
        "OST-03",
        `ancillary-ends:${one.fact.item}`,
        one.to,
        "附帯サービスの契約期間は{}までです。",
        "The ancillary service's contract period lasts until {}.",
      ),
    ];
    if (one.end === null) return told;
    const [owed, back] = [rest(contract, one), refund(one)];
    told.push(
      fact("OST-04", `ancillary-rest:${one.fact.item}`, owed, {
        ja: `残りの期間の料金は ${jaYen(owed)}です。`,
        en: `What is left of its fee: ${enYen(owed)}.`,
      }),
    );
    told.push(
      fact("OST-05", `ancillary-refund:${one.fact.item}`, back, {
        ja: `お返しする額は ${jaYen(back)}です（承認を要します）。`,
        en: `To be returned, once approved: ${enYen(back)}.`,
      }),
    );
    return told;
  });
}

/** RNS-74, UTM-65. */
function replacements(contract: Contract): Told[] {
  const told: Told[] = [];
  for (const clock of returnClocks(contract)) {
    if (clock.by === null) continue;
    told.push(
      day(
        clock.terms.rule,
        `return-by:${clock.unit}`,
        clock.by,
        "交換した機器の返却期限は{}です。",
        "The replaced unit has to be back by {}.",
      ),
    );
    const charged = chargedOn(clock);
    if (charged !== null && charged <= contract.asOf)
      told.push(
        day(
          clock.terms.rule,
          `damage-charged-from:${clock.unit}`,
          charged,
          "{}から機器の損害金の対象になります。",
          "From {} the sum for the unit is owed.",
        ),
      );
  }
  for (const one of contract.of("replacement-accepted")) {
    const at = new Date(one.fact.at);
    const cutOff = contract.knownTermsOn(dayOf(at))?.plan.replacement?.cutOff;
    if (cutOff === undefined) continue;
    const sent = contract.hours(() =>
      dispatchDay(contract.tables, contract.facts.service, cutOff.activity, cutOff.by, at),
    );
    if (sent !== null)
      told.push(day(cutOff.rule, "ships-on", sent, "交換品は{}に発送します。", "The replacement is sent on {}."));
  }
  return told;
}

/** Matrix 7.4: open or closed, and from when something that came in is handled. */
function hours(contract: Contract): Told[] {
  const told: Told[] = [];
  const { service } = contract.facts;
  for (const { fact: one } of contract.of("hours")) {
    const open = contract.hours(() => isOpen(contract.tables, service, one.activity, new Date(one.at)));
    if (open !== null)
      told.push(
        fact("COM-16", `open:${one.activity}`, open, {
          ja: open ? "受付・対応時間内です。" : "受付・対応時間外です。",
          en: open ? "Within the hours." : "Outside the hours.",
        }),
      );
  }
  for (const { fact: one } of contract.of("alarm")) {
    const from = contract.hours(() => handledFrom(contract.tables, service, one.activity, new Date(one.at)));
    if (from !== null)
      told.push(
        day(
          "COM-16",
          `handled-from:${one.activity}`,
          from.day,
          `{}の ${from.clock} から対応します。`,
          `Handled from {}, ${from.clock}.`,
        ),
      );
  }
  return told;
}

function visitsAndBills(contract: Contract): Told[] {
  const told: Told[] = [];
  for (const { fact: one } of contract.of("visit")) {
    const rule = contract.knownTermsOn(one.on)?.plan.visitSurcharge?.rule;
    const applies = bearsSurcharge(contract, one);
    if (rule !== undefined)
      told.push(
        fact(rule, "visit-surcharge", applies, {
          ja: applies ? "訪問の加算料金がかかります。" : "訪問の加算料金はかかりません。",
          en: applies ? "The visit bears the surcharge." : "The visit bears no surcharge.",
        }),
      );
  }
  for (const { fact: one } of contract.of("bill-issued")) {
    const rule = contract.knownTermsOn(one.on)?.plan.billFees?.rule;
    const due = areBillFeesDue(contract, one);
    if (rule !== undefined)
      told.push(
        fact(rule, "bill-fees", due, {
          ja: due ? "請求書の発行手数料がかかります。" : "請求書の発行手数料はかかりません。",
          en: due ? "The bill bears issue fees." : "The bill bears no issue fees.",
        }),
      );
  }
  for (const { fact: one } of contract.of("underbilled"))
    if (isBelowThreshold(contract, one))
      told.push(
        fact("UTM-39", "underbilling-left", one.amount, {
          ja: `少額のため、不足していた ${jaYen(one.amount)}は請求しません。`,
          en: `Too small to be billed later: ${enYen(one.amount)} is left.`,
        }),
      );
  return told;
}

/** OST-17 to OST-19, UTM-58. */
function damages(contract: Contract): Told[] {
  return contract.of("damage").flatMap(({ fact: one }) => {
    const cap = liabilityCap(contract, one);
    if (cap === null) return [];
    if (cap.amount === null)
      return [
        fact(cap.rule, `liability-uncapped:${one.cause}`, true, {
          ja: "故意または重大な過失によるため、賠償額に上限はありません。",
          en: "Through intent or gross negligence: the damages are not capped.",
        }),
      ];
    return [
      fact(cap.rule, `liability-cap:${one.cause}`, cap.amount, {
        ja: `賠償額の上限は ${jaYen(cap.amount)}です。`,
        en: `At most ${enYen(cap.amount)} is paid for the damage.`,
      }),
    ];
  });
}
