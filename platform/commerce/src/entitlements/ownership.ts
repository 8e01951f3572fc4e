/** Who owns a unit of equipment on a day, and who bears its loss (RNS-40 to RNS-45, RNS-73, UTM-68, OST-23). Pure. */
import type { Day } from "@yagura/core/calendar.ts";
import type { Text } from "../charging/tables.ts";

export type Arrangement = "sold" | "lent" | "leased" | "owned-by-customer";
export type Owner = "provider" | "customer" | "lessor";

export interface Unit {
  readonly arrangement: Arrangement;
  /** The day on which the customer took it over; null: not yet. */
  readonly deliveredOn: Day | null;
  /** The day on which its price was fully paid and cleared, or the title was passed by word; of sold units. */
  readonly titleOn: Day | null;
  /** Of a unit that took another's place: that unit, and the day on which this one was sent. */
  readonly replaces: { readonly unit: Unit; readonly on: Day } | null;
  /** The day on which the unit that takes its place was sent. */
  readonly replacedOn: Day | null;
  readonly returnedOn: Day | null;
}

export interface Ownership {
  /** First day; null: from the beginning. */
  readonly since: Day | null;
  readonly owner: Owner;
  readonly because: Text;
}

const reasons = {
  unpaid: {
    ja: "初期費用の全額が支払われるまで、所有権は当社にあります(RNS-40)。",
    en: "The title stays with the provider until the initial fee is fully paid (RNS-40).",
  },
  paid: {
    ja: "初期費用の全額が支払われたため、所有権がお客さまに移りました(RNS-40)。",
    en: "The initial fee is fully paid, so the title has passed to the customer (RNS-40).",
  },
  lent: { ja: "お貸ししている機器です。所有権は当社にあります。", en: "The unit is lent; it is the provider's." },
  leased: {
    ja: "リース会社の機器です。リース契約はお客さまとリース会社の間のものです(RNS-44)。",
    en: "The unit is the leasing company's; the lease is between it and the customer (RNS-44).",
  },
  customers: { ja: "お客さまの機器です。", en: "The unit is the customer's own." },
  stock: { ja: "発送までは当社の在庫です。", en: "Until it is sent the unit is the provider's stock." },
  exchanged: {
    ja: "交換品の発送をもって、お客さまの機器になりました(RNS-73、UTM-68)。",
    en: "With its dispatch as a replacement the unit became the customer's (RNS-73, UTM-68).",
  },
  inPlace: {
    ja: "交換前の機器と同じ扱いです。",
    en: "The unit took the place of another and is treated as that one was.",
  },
  faulty: {
    ja: "交換品の発送をもって、故障した機器は当社のものになりました(RNS-73、UTM-68)。",
    en: "With the dispatch of the replacement the faulty unit became the provider's (RNS-73, UTM-68).",
  },
} as const satisfies Readonly<Record<string, Text>>;

/** Owners one after the other; each holds until the next. */
export function owners(unit: Unit): Ownership[] {
  const found = unit.replaces === null ? fromOrder(unit) : fromExchange(unit, unit.replaces);
  if (unit.replacedOn === null) return found;
  const before = found.filter(({ since }) => since === null || since < (unit.replacedOn as Day));
  // What was the provider's already stays so, for the same reason.
  if (before.at(-1)?.owner === "provider") return before;
  return [...before, { since: unit.replacedOn, owner: "provider", because: reasons.faulty }];
}

function fromOrder({ arrangement, titleOn }: Unit): Ownership[] {
  if (arrangement === "leased") return [{ since: null, owner: "lessor", because: reasons.leased }];
  if (arrangement === "lent") return [{ since: null, owner: "provider", because: reasons.lent }];
  if (arrangement === "owned-by-customer") return [{ since: null, owner: "customer", because: reasons.customers }];
  const unpaid: Ownership = { since: null, owner: "provider", because: reasons.unpaid };
  return titleOn === null ? [unpaid] : [unpaid, { since: titleOn, owner: "customer", because: reasons.paid }];
}

function fromExchange(unit: Unit, { unit: former, on }: NonNullable<Unit["replaces"]>): Ownership[] {
  const stock: Ownership = { since: null, owner: "provider", because: reasons.stock };
  // Whose the former was before this one was sent.
  const { owner } = ownerOn({ ...former, replacedOn: null }, on);
  if (owner === "customer") return [stock, { since: on, owner, because: reasons.exchanged }];
  if (owner === "lessor") return [stock, { since: on, owner, because: reasons.inPlace }];
  const { titleOn, arrangement } = unit;
  const same: Ownership = { since: on, owner, because: arrangement === "sold" ? reasons.unpaid : reasons.inPlace };
  // Sold and not yet paid for when it was exchanged: the price passes the title of the unit that is there now.
  return arrangement === "sold" && titleOn !== null && titleOn > on
    ? [stock, same, { since: titleOn, owner: "customer", because: reasons.paid }]
    : [stock, same];
}

export const ownerOn = (unit: Unit, on: Day): Ownership =>
  owners(unit).findLast(({ since }) => since === null || since <= on) as Ownership;

export interface Risk {
  readonly bears: "provider" | "customer";
  readonly because: Text;
}

/** RNS-41, RNS-43, A-RNS-17: with the hand-over the risk is the customer's, whoever owns the unit, until it is back. */
export function riskOn({ arrangement, replaces, deliveredOn, returnedOn }: Unit, on: Day): Risk {
  if (returnedOn !== null && returnedOn <= on) {
    return { bears: "provider", because: { ja: "返却済みの機器です。", en: "The unit came back." } };
  }
  if (arrangement === "owned-by-customer" && replaces === null) {
    return { bears: "customer", because: reasons.customers };
  }
  if (deliveredOn !== null && deliveredOn <= on) {
    return {
      bears: "customer",
      because: {
        ja: "引渡しが完了した機器の滅失・損傷は、お客さまの負担です(RNS-41、RNS-43)。",
        en: "After the hand-over, loss and damage are the customer's (RNS-41, RNS-43).",
      },
    };
  }
  return {
    bears: "provider",
    because: {
      ja: "引渡しが完了するまでの滅失・損傷は、当社の負担です(RNS-43)。",
      en: "Until the hand-over, loss and damage are the provider's (RNS-43).",
    },
  };
}
