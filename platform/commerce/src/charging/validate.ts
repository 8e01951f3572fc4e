/** Facts that contradict each other are refused, one sentence per field: nothing is charged by guess. */
import { dayOf, isDay, type Day } from "@yagura/core/calendar.ts";
import { at as valueAt } from "./agreements.ts";
import type { Contract } from "./contract.ts";
import type { FactKind } from "./facts.ts";
import { itemTerms } from "./lives.ts";
import type { ItemTerms, Text } from "./tables.ts";
import { overdrawn } from "./wallet.ts";

/** Notes an issue for each contradiction. */
export function check(contract: Contract): void {
  calendar(contract);
  if (contract.issues.length > 0 || !isKnown(contract)) return;
  items(contract);
  kinds(contract);
  attributes(contract);
  attributeValues(contract);
  model(contract);
  order(contract);
  once(contract);
  ranges(contract);
  options(contract);
  units(contract);
  wallets(contract);
  agreements(contract);
}

/** The plan exists in some version; else every other complaint would follow from that one. */
function isKnown(contract: Contract): boolean {
  const { service, plan } = contract.facts;
  if (contract.index.versions(service).some((version) => Object.hasOwn(version.plans, plan))) return true;
  contract.termsOn(contract.asOf);
  return false;
}

function items(contract: Contract): void {
  const known = contract.index.items(contract.facts.service, contract.facts.plan);
  const complain = (pointer: string, code: string): void =>
    contract.issue(pointer, {
      en: `The plan “${contract.facts.plan}” has no item “${code}”. It has: ${[...known].toSorted().join(", ")}.`,
      ja: `プラン「${contract.facts.plan}」に「${code}」という品目はありません。指定できる品目: ${[...known].toSorted().join(", ")}`,
    });
  for (const code of Object.keys(contract.facts.items)) if (!known.has(code)) complain(`/items/${code}`, code);
  for (const [at, fact] of contract.facts.facts.entries()) {
    if (!("item" in fact) || fact.item === undefined || known.has(fact.item)) continue;
    if (fact.kind === "damage" && fact.cause === "base") continue;
    complain(`/facts/${at}/item`, fact.item);
  }
}

/** What can happen to an item by its kind: a monthly fee is not bought, a ticket has no quantity by the day. */
const fitting: Readonly<
  Partial<Record<FactKind, { readonly fits: (item: ItemTerms) => boolean; readonly text: Text }>>
> = {
  quantity: {
    fits: ({ recurring }) => recurring !== undefined,
    text: { ja: "月額の品目", en: "charged by the month" },
  },
  "option-started": {
    fits: ({ recurring }) => recurring !== undefined,
    text: { ja: "月額の品目", en: "charged by the month" },
  },
  "option-ended": {
    fits: ({ recurring }) => recurring !== undefined,
    text: { ja: "月額の品目", en: "charged by the month" },
  },
  purchase: {
    fits: ({ recurring, kind }) => recurring === undefined && kind !== "ancillary",
    text: { ja: "1回ごとに購入する品目", en: "bought once" },
  },
  "ticket-used": { fits: ({ kind }) => kind === "ticket", text: { ja: "チケット", en: "a ticket" } },
  "ancillary-started": {
    fits: ({ kind }) => kind === "ancillary",
    text: { ja: "附帯サービス", en: "an ancillary service" },
  },
  "ancillary-ended": {
    fits: ({ kind }) => kind === "ancillary",
    text: { ja: "附帯サービス", en: "an ancillary service" },
  },
  "document-issued": {
    fits: ({ kind }) => kind === "document",
    text: { ja: "書類の手数料", en: "a fee for a document" },
  },
};

function kinds(contract: Contract): void {
  for (const [at, fact] of contract.facts.facts.entries()) {
    const rule = fitting[fact.kind];
    if (rule === undefined || !("item" in fact) || fact.item === undefined) continue;
    const item = itemTerms(contract, fact.item);
    if (item === undefined || rule.fits(item)) continue;
    contract.issue(`/facts/${at}/item`, {
      en: `“${fact.item}” is not ${rule.text.en}, so “${fact.kind}” does not fit it.`,
      ja: `「${fact.item}」は${rule.text.ja}ではないため、「${fact.kind}」は指定できません。`,
    });
  }
}

/** OST-12: where a fee depends on what the contract is about, it has to be told; silence would leave the fee out. */
function attributes(contract: Contract): void {
  const plan = contract.knownTermsOn(contract.startedOn ?? contract.asOf)?.plan;
  for (const [code, { when, once }] of Object.entries(plan?.items ?? {})) {
    if (when === undefined || once?.automatic !== true || contract.facts.items[code] !== undefined) continue;
    if (contract.attribute(when.attribute, contract.asOf) !== undefined) continue;
    contract.issue(`/attributes/${when.attribute}`, {
      en: `“${when.attribute}” is missing: fees of the plan “${contract.facts.plan}” depend on it.`,
      ja: `「${when.attribute}」がありません。プラン「${contract.facts.plan}」の料金の計算に必要です。`,
    });
  }
}

/** A value that no fee knows would leave fees out, or charge what is waived. */
function attributeValues(contract: Contract): void {
  const known = contract.knownTermsOn(contract.asOf)?.plan.attributeValues;
  if (known === undefined) return;
  const look = (pointer: string, name: string, value: string | undefined): void => {
    const values = Object.hasOwn(known, name) ? known[name] : undefined;
    if (values === undefined || value === undefined || values.includes(value)) return;
    contract.issue(pointer, {
      en: `“${name}” cannot be “${value}”. It has to be one of: ${values.join(", ")}.`,
      ja: `「${name}」に「${value}」という値は指定できません。指定できる値: ${values.join(", ")}`,
    });
  };
  for (const [name, value] of Object.entries(contract.facts.attributes ?? {})) look(`/attributes/${name}`, name, value);
  for (const { fact, at } of contract.of("attribute")) look(`/facts/${at}/value`, fact.name, fact.value);
}

/** UTM-08: a model that the terms do not know would never come to the end of its longest use. */
function model(contract: Contract): void {
  const longest = contract.knownTermsOn(contract.asOf)?.plan.longestUse;
  const named = contract.attribute("model", contract.asOf);
  if (longest === undefined || named === undefined || Object.hasOwn(longest.yearsByModel, named)) return;
  const known = Object.keys(longest.yearsByModel).join(", ");
  contract.issue("/attributes/model", {
    en: `There is no model “${named}”. There are: ${known}.`,
    ja: `「${named}」という機種はありません。指定できる機種: ${known}`,
  });
}

/** Pairs of which the first cannot lie after the second. */
const pairs: readonly (readonly [FactKind, FactKind])[] = [
  ["applied", "accepted"],
  ["applied", "started"],
  ["started", "cancelled"],
  ["inspected", "cancelled"],
  ["accepted", "inspected"],
  ["applied", "cancelled"],
  ["accepted", "cancelled"],
];

function order(contract: Contract): void {
  for (const [before, after] of pairs) {
    const [first, second] = [contract.last(before), contract.of(after).at(-1)];
    if (first === undefined || second === undefined || first.on <= second.fact.on) continue;
    contract.issue(`/facts/${second.at}/on`, {
      en: `“${after}” on ${second.fact.on} lies before “${before}” on ${first.on}. Put right one of the two days.`,
      ja: `「${after}」（${second.fact.on}）が「${before}」（${first.on}）より前になっています。いずれかの日付を直してください。`,
    });
  }
  const started = contract.startedOn;
  for (const kind of ["quantity", "option-started", "ancillary-started", "purchase"] as const)
    for (const { fact, at } of contract.of(kind)) {
      const { end } = contract;
      if (end !== null && fact.on > end.on)
        contract.issue(`/facts/${at}/on`, {
          en: `“${kind}” on ${fact.on} lies after the end of the contract on ${end.on}.`,
          ja: `「${kind}」（${fact.on}）が契約の終了日（${end.on}）より後になっています。`,
        });
    }
  const request = contract.of("cancellation-requested").at(-1);
  if (request !== undefined && started !== null && request.fact.desiredOn < started)
    contract.issue(`/facts/${request.at}/desiredOn`, {
      en: `The end asked for, ${request.fact.desiredOn}, lies before the start on ${started}.`,
      ja: `希望する終了日（${request.fact.desiredOn}）が開始日（${started}）より前になっています。`,
    });
}

/** What can happen only once. */
function once(contract: Contract): void {
  for (const kind of ["applied", "accepted", "started", "inspected", "cancelled", "opening"] as const) {
    const [, second] = contract.of(kind);
    if (second === undefined) continue;
    contract.issue(`/facts/${second.at}/kind`, {
      en: `“${kind}” can happen only once, and is told more than once. Keep the one that is right.`,
      ja: `「${kind}」は1回だけの出来事ですが、複数あります。正しいものだけを残してください。`,
    });
  }
}

/** Days that rules count from: arithmetic has to stay inside the years that can be written. */
const counted = ["on", "desiredOn", "checkedOn", "orderedOn", "dueOn", "recordedOn"] as const;
const moments = ["knownAt", "restoredAt", "at"] as const;
const [EARLIEST, LATEST] = ["1900-01-01", "2199-12-31"];

/** Days of the calendar, and instants that are there. Facts from a file or a service are checked by their schemas too. */
function calendar(contract: Contract): void {
  for (const [at, fact] of contract.facts.facts.entries()) {
    const fields: Readonly<Record<string, unknown>> = fact;
    for (const name of counted) {
      const value = fields[name];
      if (typeof value === "string" && (!isDay(value) || value < EARLIEST || value > LATEST))
        refuseDay(contract, `/facts/${at}/${name}`, value);
    }
    const until = fields["until"];
    const latest = fact.kind === "damage" ? LATEST : "9999-12-31";
    if (typeof until === "string" && (!isDay(until) || until > latest))
      refuseDay(contract, `/facts/${at}/until`, until);
    for (const name of moments) {
      const value = fields[name];
      if (typeof value !== "string") continue;
      const time = Date.parse(value);
      if (Number.isNaN(time) || value < EARLIEST || value > LATEST) refuseDay(contract, `/facts/${at}/${name}`, value);
    }
  }
}

const refuseDay = (contract: Contract, pointer: string, value: string): void =>
  contract.issue(pointer, {
    en: `“${value}” is not a day or time from ${EARLIEST} to ${LATEST}.`,
    ja: `「${value}」は ${EARLIEST} から ${LATEST} までの日時ではありません。`,
  });

function ranges(contract: Contract): void {
  const backwards = (pointer: string, until: string, on: string): void =>
    contract.issue(pointer, {
      en: `The last day ${until} lies before the first day ${on}.`,
      ja: `最終日（${until}）が初日（${on}）より前になっています。`,
    });
  for (const [at, fact] of contract.facts.facts.entries()) {
    if ("until" in fact && fact.until !== undefined && fact.until < fact.on)
      backwards(`/facts/${at}/until`, fact.until, fact.on);
    if (fact.kind === "outage") outage(contract, at, fact);
  }
}

function outage(
  contract: Contract,
  at: number,
  { knownAt, restoredAt, on }: { knownAt: string; restoredAt: string; on: Day },
): void {
  if (Date.parse(restoredAt) < Date.parse(knownAt))
    contract.issue(`/facts/${at}/restoredAt`, {
      en: `The service was restored (${restoredAt}) before the outage was known (${knownAt}).`,
      ja: `復旧した時刻（${restoredAt}）が障害を知った時刻（${knownAt}）より前になっています。`,
    });
  const day = dayOf(new Date(knownAt));
  if (day !== on)
    contract.issue(`/facts/${at}/on`, {
      en: `The outage is dated ${on}, but was known on ${day} (Asia/Tokyo). Give ${day}.`,
      ja: `障害の日付は ${on} ですが、障害を知った日は ${day}（日本時間）です。${day} を指定してください。`,
    });
}

/** Options and ancillary services end only after they started. */
function options(contract: Contract): void {
  const check = (ended: "option-ended" | "ancillary-ended", has: (item: string, day: Day) => boolean): void => {
    for (const { fact, at } of contract.of(ended))
      if (!has(fact.item, fact.on))
        contract.issue(`/facts/${at}/on`, {
          en: `“${fact.item}” is ended on ${fact.on}, but was not in use then.`,
          ja: `「${fact.item}」は ${fact.on} に終了していますが、その日には利用されていません。`,
        });
  };
  const started = (
    kind: "option-started" | "ancillary-started" | "quantity",
    item: string,
    day: Day,
    since: Day,
  ): boolean => contract.of(kind).some(({ fact }) => fact.item === item && since <= fact.on && fact.on <= day);
  check("option-ended", (item, day) => {
    // Ended once before: it has to have begun anew since.
    const since = contract.of("option-ended").findLast(({ fact }) => fact.item === item && fact.on < day)?.fact.on;
    const ordered = since === undefined && (contract.facts.items[item] ?? 0) > 0;
    return ordered || started("option-started", item, day, since ?? "") || started("quantity", item, day, since ?? "");
  });
  check("ancillary-ended", (item, day) => started("ancillary-started", item, day, ""));
}

function units(contract: Contract): void {
  for (const kind of ["returned", "pickup-offered"] as const)
    for (const { fact, at } of contract.of(kind))
      if (!contract.of("dispatched").some((one) => one.fact.unit === fact.unit && one.fact.on <= fact.on))
        contract.issue(`/facts/${at}/unit`, {
          en: `No replacement for the unit “${fact.unit}” was dispatched by ${fact.on}.`,
          ja: `機器「${fact.unit}」の交換品は、${fact.on} までに発送されていません。`,
        });
}

/** SEC-71: a wallet is never negative. */
function wallets(contract: Contract): void {
  if (contract.of("ticket-used").length === 0) return;
  for (const item of new Set(contract.of("ticket-used").map(({ fact }) => fact.item)))
    for (const { at, on, bought, used } of overdrawn(contract, item))
      contract.issue(`/facts/${at}/quantity`, {
        en: `By ${on}, ${used} of “${item}” were used but only ${bought} bought. A wallet cannot be negative.`,
        ja: `${on} までに「${item}」は ${bought} 枚しか購入されていませんが、${used} 枚使用されています。残数は負にできません。`,
      });
}

/** COM-21: the pointer leads to a parameter of the plan, and the value is of its kind. */
function agreements(contract: Contract): void {
  for (const { fact, at } of contract.of("parameter-agreed")) {
    const version = contract.index.terms(contract.facts.service, fact.on);
    const plan = version?.plans[contract.facts.plan];
    if (plan === undefined) continue;
    const present = valueAt(plan, fact.parameter);
    if (present === undefined)
      contract.issue(`/facts/${at}/parameter`, {
        en: `The plan's terms have no parameter “${fact.parameter}”. Name one by JSON pointer, e.g. /items/base/recurring/endMonth.`,
        ja: `プランの条件に「${fact.parameter}」という項目はありません。/items/base/recurring/endMonth のように JSON ポインターで指定してください。`,
      });
    else if (!isWord(fact.parameter, present, fact.value))
      contract.issue(`/facts/${at}/value`, {
        en: `“${fact.parameter}” cannot be “${String(fact.value)}”. It has to be one of: ${words(fact.parameter).join(", ")}.`,
        ja: `「${fact.parameter}」に「${String(fact.value)}」という値は指定できません。指定できる値: ${words(fact.parameter).join(", ")}`,
      });
    else if (present !== null && typeof present !== typeof fact.value)
      contract.issue(`/facts/${at}/value`, {
        en: `“${fact.parameter}” is a ${typeof present}, but the agreed value is a ${typeof fact.value}.`,
        ja: `「${fact.parameter}」の値は ${typeof present} 型ですが、合意された値は ${typeof fact.value} 型です。`,
      });
  }
}

/** Parameters that are one of some words, by the last step of their pointer. */
const vocabulary: Readonly<Record<string, readonly string[]>> = {
  startMonth: ["FULL", "FREE", "FREE_UNLESS_CANCELLED_THEN_FULL", "NEXT_MONTH_AFTER_ACCEPTANCE", "PRORATE"],
  endMonth: ["FULL", "PRORATE"],
  endDay: ["included", "excluded"],
  endMonthWhen: ["ifAnyDay", "always"],
  change: ["PRORATE", "NONE"],
  removedOnEndDay: ["free", "charged"],
  feeMonth: ["anchor", "calendar"],
  floor: ["segment", "month"],
  taxClass: ["taxable", "out-of-scope", "exempt"],
  paymentDay: ["included", "excluded"],
};
const words = (pointer: string): readonly string[] => {
  const name = pointer.slice(pointer.lastIndexOf("/") + 1);
  return Object.hasOwn(vocabulary, name) ? (vocabulary[name] ?? []) : [];
};
const isWord = (pointer: string, present: unknown, value: unknown): boolean =>
  words(pointer).length === 0 ||
  typeof present !== "string" ||
  typeof value !== "string" ||
  words(pointer).includes(value);
