/** Terms of the remote network service: columns RNS of matrices 7.1, 7.2 and 7.5. One undated text. */
import type { ShippedTerms } from "@yagura/commerce/charging/offer.ts";
import type {
  CancellationTerms,
  InterestTerms,
  ItemTerms,
  MinimumTerm,
  PlanTerms,
  RecurringTerms,
  ReplacementTerms,
} from "@yagura/commerce/charging/tables.ts";

/** a.34(3), A-RNS-2: from the month after the acceptance day to the month of C, whole months. */
const months = {
  rule: "RNS-61",
  startMonth: "NEXT_MONTH_AFTER_ACCEPTANCE",
  endMonth: "FULL",
  endDay: "included",
  endMonthWhen: "always",
  change: "NONE",
  removedOnEndDay: "charged",
  minimumDays: 0,
  feeMonth: "calendar",
  floor: "segment",
} as const satisfies RecurringTerms;

/** a.10(1): in writing, one month before the day wished for; the contract then ends with that month (A-RNS-1). */
const cancellation = {
  rule: "RNS-10",
  notice: { count: 1, unit: "month" },
  channels: ["letter", "form"],
  endsWithMonth: true,
} as const satisfies CancellationTerms;

/** a.36: the day of payment in, no grace, 365 (A-RNS-7). */
const interest = {
  rule: "RNS-65",
  rate: "14.6%",
  paymentDay: "included",
  graceDays: 0,
  yearDays: 365,
  since: null,
  alone: true,
} as const satisfies InterestTerms;

/** a.10(3). */
const minimumTerm = {
  rule: "RNS-12",
  months: 12,
  after: "acceptance",
  early: {
    kind: "provider-table",
    rule: "RNS-12",
    item: "early-termination",
    by: ["customer"],
    due: { monthsAfter: 1, day: "last" },
  },
} as const satisfies MinimumTerm;

/** Annex 1 II/III(3) 3 and 4, IV(4) 4 and 5; a.23. */
const replacement = {
  rule: "RNS-74",
  returnMonths: 1,
  item: "equipment-damage",
  needsPickupOffer: true,
  handling: {
    decides: "provider-on-report",
    ownerChanges: { rule: "RNS-73", on: "dispatch" },
    return: { rule: "RNS-74", way: "courier-collects", paidBy: "provider" },
    unit: { rule: "RNS-73", kind: "same-model-or-successor" },
    alsoForDamage: false,
    atContractEnd: { rule: "RNS-45", owed: "return-at-once" },
  },
} as const satisfies ReplacementTerms;

/** a.34(4). */
const visitSurcharge = {
  rule: "RNS-62",
  item: "visit-surcharge",
  kilometres: 50,
  hours: 2,
  outlyingIslands: true,
} as const;

/** a.34(2): by the last day of the month that holds the acceptance day. */
const once = {
  taxClass: "taxable",
  rule: "RNS-60",
  once: { at: "inspection", automatic: false, due: { monthsAfter: 0, day: "last" } },
} as const;
const monthly = { taxClass: "taxable", rule: "RNS-61", recurring: months } as const;
const perSite = { ja: "1拠点", en: "site" } as const;
const perDevice = { ja: "1台", en: "device" } as const;
const perTime = { ja: "1回", en: "time" } as const;

/** Annex 1 table: licence, operation, monitoring and help desk are mandate; hardware is sale; installation is work (RNS-50). */
const base: ItemTerms = {
  ...monthly,
  name: {
    ja: "月額費用（ライセンス・運用・監視・ヘルプデスク）",
    en: "monthly fee (licence, operation, monitoring, help desk)",
  },
  unit: perDevice,
  kind: "base",
  clause: "mandate",
};
const hardware: ItemTerms = {
  ...once,
  name: { ja: "機器代金", en: "equipment" },
  unit: perDevice,
  kind: "initial",
  clause: "sale",
};
const installation: ItemTerms = {
  ...once,
  name: { ja: "導入設置", en: "installation" },
  unit: perDevice,
  kind: "initial",
  clause: "work",
};
const survey: ItemTerms = {
  ...once,
  name: { ja: "無線LAN環境調査", en: "wireless LAN survey" },
  unit: perSite,
  kind: "one-off",
  clause: "work",
};

/** Annex 1 V: options, only with a base plan (RNS-90). */
const options: PlanTerms["items"] = {
  "onsite-maintenance": {
    ...monthly,
    name: { ja: "オンサイト保守", en: "on-site maintenance" },
    unit: perDevice,
    kind: "option",
    clause: "work",
  },
  "client-setting": {
    ...once,
    name: { ja: "クライアント設定", en: "client setting" },
    unit: { ja: "1端末", en: "client" },
    kind: "one-off",
    clause: "work",
  },
  "client-support": {
    ...monthly,
    name: { ja: "クライアントサポート", en: "client support" },
    unit: { ja: "1端末", en: "client" },
    kind: "option",
    clause: "mandate",
  },
  "vpn-build": {
    ...once,
    name: { ja: "VPN構築", en: "VPN set-up" },
    unit: perSite,
    kind: "one-off",
    clause: "mandate",
  },
  vpn: {
    ...monthly,
    name: { ja: "VPN設定保守・ヘルプデスク", en: "VPN maintenance and help desk" },
    unit: perSite,
    kind: "option",
    clause: "mandate",
  },
  "backup-unit": {
    ...monthly,
    name: { ja: "バックアップ機", en: "backup unit" },
    unit: perDevice,
    kind: "option",
    clause: "work",
  },
};

/** Sums that an event brings about; each amount stands in the provider's price book. */
const events: PlanTerms["items"] = {
  "visit-surcharge": {
    name: { ja: "訪問追加料金", en: "visit surcharge" },
    unit: perTime,
    kind: "surcharge",
    taxClass: "taxable",
    rule: "RNS-62",
  },
  "equipment-damage": {
    name: { ja: "機器損害金", en: "equipment damage charge" },
    unit: perDevice,
    kind: "one-off",
    taxClass: "out-of-scope",
    rule: "RNS-74",
  },
  "early-termination": {
    name: { ja: "解約金", en: "cancellation charge" },
    unit: { ja: "1契約", en: "contract" },
    kind: "one-off",
    taxClass: "out-of-scope",
    rule: "RNS-12",
  },
};

const rules = {
  cancellation,
  interest,
  minimumTerm,
  replacement,
  visitSurcharge,
  // a.10(2): the end waits for the damage to be paid.
  beforeAcceptance: { rule: "RNS-11" },
  // a.5(3), a.13(2), a.30(1).
  rescission: { rule: "RNS-05", days: 30 },
  withdrawal: { rule: "RNS-19", months: 2 },
  defects: { rule: "RNS-48", months: 6 },
  // a.44(1).
  liabilityCap: [{ rule: "RNS-32", cause: "any", method: "monthly-fees-in-use" }],
} as const;

export const terms: readonly ShippedTerms[] = [
  {
    code: "RNS-v1",
    from: null,
    until: null,
    sourceDocument: "リモートネットワークサービス規約",
    textHash: "549d5f10096be262502735cb8062cacd9975bf0baf3f0405761f6a9775248155",
    known: true,
    labels: { device: { ja: "対象機器", en: "covered device" }, inspected: { ja: "検収日", en: "acceptance day" } },
    plans: {
      "utm-gateway": {
        ...rules,
        name: { ja: "UTMプラン", en: "UTM plan" },
        items: { base, hardware, installation, ...options, ...events },
      },
      router: {
        ...rules,
        name: { ja: "ルータープラン", en: "router plan" },
        items: { base, hardware, installation, ...options, ...events },
      },
      wireless: {
        ...rules,
        name: { ja: "ワイヤレスプラン", en: "wireless plan" },
        items: { base, hardware, installation, "wlan-survey": survey, ...options, ...events },
      },
    },
    orderable: ["utm-gateway", "router", "wireless"],
  },
];
