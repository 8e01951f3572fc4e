/** What the terms leave to the provider (8.6), and readings that change money. */
import type { DefaultSetting, Reading, RequiredData } from "@yagura/commerce/charging/offer.ts";

export const required = [
  {
    key: "due",
    name: { ja: "支払期日", en: "due date" },
    hint: {
      ja: "請求する月から何か月後の何日を期日とするかを定めます（規約第30条）。",
      en: "How many months after the billed month, and on which day, bills fall due (a.30).",
    },
    suggestion: { monthsAfter: 1, day: "last" },
  },
  {
    key: "areas",
    name: { ja: "提供区域", en: "areas served" },
    hint: {
      ja: "本サービスを提供する都道府県または市区町村の一覧です（規約第5条）。",
      en: "Prefectures or municipalities in which the service is offered (a.5).",
    },
    // Nobody but the provider knows where it works.
    suggestion: null,
  },
  {
    key: "log-retention",
    name: { ja: "ログの保存期間（種類ごと）", en: "log retention by kind" },
    hint: {
      ja: "ログの種類ごとの保存日数です。仕様書の表4-1は入手できないため、提供者が定めます。",
      en: "Days that each kind of log is kept. Table 4-1 of the specification is not at hand, so the provider decides.",
    },
    suggestion: { traffic: 90, virus: 90, url: 90, application: 90, mail: 90 },
  },
  {
    key: "quarantine-size",
    name: { ja: "隔離メールの保存容量", en: "capacity for quarantined mail" },
    hint: {
      ja: "機種ごとの保存容量（MB）です。超えたときは古いものから削除されます。",
      en: "Megabytes by model; beyond it the oldest mail goes first.",
    },
    suggestion: { ssb5: 500, ssb10: 500, ssb30: 1000, standard: 1000, professional: 2000 },
  },
  {
    key: "security-defaults",
    name: { ja: "セキュリティ機能の初期設定", en: "security defaults" },
    hint: {
      ja: "変更オーダーシートを受けるまで適用する設定値です。",
      en: "Settings that hold until a change-order sheet changes them.",
    },
    suggestion: { firewall: "rule-2", "quarantine-reports-per-day": 1 },
  },
  {
    key: "underbilling-threshold",
    name: { ja: "過少請求を請求しない上限額", en: "underbilling threshold" },
    hint: {
      ja: "不足額がこの金額（円）以下のときは、請求の費用が上回るものとして請求しません（別紙5）。",
      en: "A shortage of up to this many yen is not billed, as billing would cost more than it brings (Annex 5).",
    },
    suggestion: 100,
  },
  {
    key: "return-months",
    name: { ja: "故障機の返却期限", en: "return period of a faulty unit" },
    hint: {
      ja: "交換機の発送から故障機の返却までの月数です。規約に定めがありません（A-UTM-15）。",
      en: "Months from the dispatch of the replacement; the terms name none (A-UTM-15).",
    },
    suggestion: 1,
  },
  {
    key: "price:gateway/reprocurement-ssb5",
    name: { ja: "再調達費用（SSB5）", en: "re-procurement price (SSB5)" },
    hint: { ja: "返却されないときに請求する金額です。", en: "Claimed when the unit does not come back." },
    suggestion: null,
  },
  {
    key: "price:gateway/reprocurement-ssb10",
    name: { ja: "再調達費用（SSB10）", en: "re-procurement price (SSB10)" },
    hint: { ja: "返却されないときに請求する金額です。", en: "Claimed when the unit does not come back." },
    suggestion: null,
  },
  {
    key: "price:gateway/reprocurement-ssb30",
    name: { ja: "再調達費用（SSB30）", en: "re-procurement price (SSB30)" },
    hint: { ja: "返却されないときに請求する金額です。", en: "Claimed when the unit does not come back." },
    suggestion: null,
  },
  {
    key: "price:gateway/reprocurement-standard",
    name: { ja: "再調達費用（Standard）", en: "re-procurement price (Standard)" },
    hint: { ja: "返却されないときに請求する金額です。", en: "Claimed when the unit does not come back." },
    suggestion: null,
  },
  {
    key: "price:gateway/reprocurement-professional",
    name: { ja: "再調達費用（Professional）", en: "re-procurement price (Professional)" },
    hint: { ja: "返却されないときに請求する金額です。", en: "Claimed when the unit does not come back." },
    suggestion: null,
  },
  {
    key: "postage",
    name: { ja: "送料", en: "postage" },
    hint: {
      ja: "書類1通を送る実費（円）の初期値です。発行のたびに実際の額へ直せます（別紙4）。",
      en: "First value, in yen, for sending one document; each issue may state the real sum (Annex 4).",
    },
    suggestion: 110,
  },
] as const satisfies readonly RequiredData[];

export const readings = [
  {
    id: "A-UTM-6",
    key: "reading:A-UTM-6",
    question: {
      ja: "利用できなかった日があるときの端数は、どこで切り捨てますか。",
      en: "Where is the fraction cut when days of outage are credited?",
    },
    choices: [
      {
        value: "reduce-days",
        text: { ja: "残る日数の料金を計算して切り捨てる", en: "the fee for the days that are left is cut down" },
      },
      {
        value: "floor-credit",
        text: { ja: "差し引く額を計算して切り捨てる", en: "the credit is cut down by itself" },
      },
    ],
    chosen: "reduce-days",
  },
  {
    id: "A-COM-3",
    key: "reading:A-COM-3",
    question: {
      ja: "返却されない機器の損害賠償などに消費税はかかりますか。",
      en: "Are damages, such as those for a unit that does not come back, taxed?",
    },
    choices: [
      { value: "out-of-scope", text: { ja: "かからない（不課税）", en: "no: out of scope" } },
      { value: "taxable", text: { ja: "かかる（課税）", en: "yes: taxable" } },
    ],
    chosen: "out-of-scope",
  },
] as const satisfies readonly Reading[];

/** Lists and figures of the terms themselves. */
export const defaults = [
  {
    // UTM-03, a.3: speed and kind of building; the provider dates a new list when lines come or go.
    rule: "UTM-03",
    key: "line-types",
    name: { ja: "対象となる回線の種類", en: "lines that the service runs on" },
    value: [
      { code: "house-100m", ja: "戸建て 100Mbps", en: "house, 100 Mbit/s" },
      { code: "house-200m", ja: "戸建て 200Mbps", en: "house, 200 Mbit/s" },
      { code: "business-1g", ja: "事業所 1Gbps", en: "business, 1 Gbit/s" },
      { code: "house-1g", ja: "戸建て 1Gbps", en: "house, 1 Gbit/s" },
      { code: "house-10g", ja: "戸建て 10Gbps", en: "house, 10 Gbit/s" },
      { code: "apartment-100m", ja: "集合住宅 100Mbps", en: "apartment building, 100 Mbit/s" },
      { code: "apartment-200m", ja: "集合住宅 200Mbps", en: "apartment building, 200 Mbit/s" },
      { code: "apartment-1g", ja: "集合住宅 1Gbps", en: "apartment building, 1 Gbit/s" },
      { code: "apartment-10g", ja: "集合住宅 10Gbps", en: "apartment building, 10 Gbit/s" },
    ],
  },
  {
    // UTM-83, specification 3.3.5.2.
    rule: "UTM-83",
    key: "reserved-ranges",
    name: { ja: "お客さまが使用できないアドレス帯", en: "address ranges that the customer must not use" },
    value: ["172.30.0.0/24", "172.26.0.0/16", "172.27.0.0/16", "172.28.0.0/16", "172.29.0.0/16"],
  },
  {
    // UTM-82, specification 3.3.5.4(4).
    rule: "UTM-82",
    key: "quarantine-days",
    name: { ja: "隔離メールの保存日数", en: "days that quarantined mail is kept" },
    value: 16,
  },
  {
    // UTM-84, specification tables 3-12 and 3-13.
    rule: "UTM-84",
    key: "firewall-openings",
    name: { ja: "上位の機器で許可する通信", en: "traffic that devices before the gateway must let through" },
    value: {
      operation: ["tcp/443"],
      signatures: ["udp/53", "udp/33000-34000", "tcp/443"],
      "outside-databases": ["udp/53", "tcp/80"],
      "mail-release": ["tcp/3840"],
    },
  },
] as const satisfies readonly DefaultSetting[];
