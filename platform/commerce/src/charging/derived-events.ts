/** Derived facts of single events: ancillary periods, replacements, hours, visits, bills, damages. */
import { dayOf } from "@yagura/core/calendar.ts";
import { ancillaries, refund, rest } from "./ancillary.ts";
import { dispatchDay, handledFrom, isOpen } from "./business-days.ts";
import type { Contract } from "./contract.ts";
import { day, fact, type Told } from "./derived-told.ts";
import { areBillFeesDue, bearsSurcharge, isBelowThreshold } from "./events.ts";
import { enYen, jaYen } from "./explain.ts";
import { liabilityCap } from "./liability.ts";
import { chargedOn, returnClocks } from "./replacement.ts";

/** OST-03 to OST-05. */
export function ancillary(contract: Contract): Told[] {
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
export function replacements(contract: Contract): Told[] {
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
export function hours(contract: Contract): Told[] {
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

/** RNS-62, UTM-39, UTM-54. */
export function visitsAndBills(contract: Contract): Told[] {
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
export function damages(contract: Contract): Told[] {
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
