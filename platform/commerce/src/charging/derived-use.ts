/** Derived facts of what a contract lets its holder use: seats, quotas, insurance, tickets. */
import { addDays, addMonths } from "@yagura/core/calendar.ts";
import type { Contract } from "./contract.ts";
import { capital } from "./explain.ts";
import { day, fact, type Told } from "./derived-told.ts";
import { itemTerms, lives, quantityOn } from "./lives.ts";
import type { Text } from "./tables.ts";
import { wallet } from "./wallet.ts";

/** SEC-52: seats allowed now. */
export function seats(contract: Contract): Told[] {
  let total = 0;
  let rule: string | undefined;
  for (const life of lives(contract)) {
    const item = itemTerms(contract, life.item);
    if (item?.seats === undefined) continue;
    rule ??= item.rule;
    const gone = life.end !== null && life.end <= contract.asOf;
    total += gone ? 0 : item.seats * quantityOn(life, contract.asOf);
  }
  if (rule === undefined) return [];
  return [
    fact(rule, "seats", total, { ja: `利用できるライセンス数は${total}です。`, en: `${total} seats may be used.` }),
  ];
}

/** EXP-17 to EXP-20: by the terms in force at the moment. */
export function quota(contract: Contract): Told[] {
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
export function insurance(contract: Contract): Told[] {
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
      en: `${capital(row.name.en)} comes with the order, once the device's MAC address is registered.`,
    }),
    day(row.rule, "insurance-from", first, "保険期間は{}からです。", "The cover begins on {}."),
    day(row.rule, "insurance-to", last, "保険期間は{}までです。", "The cover lasts until {}."),
  ];
}

/** SEC-71. */
export function wallets(contract: Contract): Told[] {
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
        en: `${capital(name.en)}: ${bought} bought.`,
      }),
      fact("SEC-71", `tickets-used:${code}`, used, {
        ja: `「${name.ja}」の使用数は${used}です。`,
        en: `${capital(name.en)}: ${used} used.`,
      }),
      fact("SEC-71", `tickets-remaining:${code}`, bought - used, {
        ja: `「${name.ja}」の残数は${bought - used}です。`,
        en: `${capital(name.en)}: ${bought - used} left.`,
      }),
    ];
  });
}
