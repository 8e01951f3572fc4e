/** What the terms leave to the provider (8.6: the whole price book among it), and readings that change money. */
import type { DefaultSetting, Reading, RequiredData } from "@yagura/commerce/charging/offer.ts";

const amount = {
  ja: "申込書・申込承諾書に記載する金額（税抜）です。",
  en: "Amount without tax, as on the application and acceptance forms.",
} as const;
const plans = [
  { plan: "utm-gateway", name: { ja: "UTMプラン", en: "UTM plan" } },
  { plan: "router", name: { ja: "ルータープラン", en: "router plan" } },
  { plan: "wireless", name: { ja: "ワイヤレスプラン", en: "wireless plan" } },
] as const;
const items = [
  { item: "base", name: { ja: "月額費用", en: "monthly fee" } },
  { item: "hardware", name: { ja: "機器代金", en: "equipment" } },
  { item: "installation", name: { ja: "導入設置", en: "installation" } },
  { item: "wlan-survey", name: { ja: "無線LAN環境調査", en: "wireless LAN survey" }, only: "wireless" },
  { item: "onsite-maintenance", name: { ja: "オンサイト保守", en: "on-site maintenance" } },
  { item: "client-setting", name: { ja: "クライアント設定", en: "client setting" } },
  { item: "client-support", name: { ja: "クライアントサポート", en: "client support" } },
  { item: "vpn-build", name: { ja: "VPN構築", en: "VPN set-up" } },
  { item: "vpn", name: { ja: "VPN設定保守・ヘルプデスク", en: "VPN maintenance and help desk" } },
  { item: "backup-unit", name: { ja: "バックアップ機", en: "backup unit" } },
  { item: "early-termination", name: { ja: "解約金", en: "cancellation charge" } },
  { item: "visit-surcharge", name: { ja: "訪問追加料金", en: "visit surcharge" } },
  { item: "equipment-damage", name: { ja: "機器損害金", en: "equipment damage charge" } },
] as const;

/** Price book, cancellation charges, visit surcharge and equipment damage by plan. */
const prices: readonly RequiredData[] = plans.flatMap(({ plan, name }) =>
  items
    .filter((item) => !("only" in item) || item.only === plan)
    .map((item) => ({
      key: `price:${plan}/${item.item}`,
      name: { ja: `${item.name.ja}（${name.ja}）`, en: `${item.name.en} (${name.en})` },
      hint: amount,
      suggestion: null,
    })),
);

export const required: readonly RequiredData[] = [
  ...prices,
  {
    key: "designated-days",
    name: { ja: "指定休業日", en: "designated closed days" },
    hint: {
      ja: "年末年始など、祝日のほかに休業とする日です。入力した日は暦に反映されます（A-RNS-15）。",
      en: "Days closed beside national holidays, such as the turn of the year (A-RNS-15).",
    },
    suggestion: { yearEnd: { from: "12-29", to: "01-04" } },
  },
  {
    key: "due",
    name: { ja: "月額費用の支払期日", en: "due date of monthly fees" },
    hint: {
      ja: "月額費用の請求から何か月後の何日を期日とするかを定めます。",
      en: "How many months after the billed month, and on which day, monthly fees fall due.",
    },
    suggestion: { monthsAfter: 1, day: "last" },
  },
];

export const readings = [
  {
    id: "A-RNS-6",
    key: "reading:A-RNS-6",
    question: {
      ja: "消費税率が変わったとき、どの日の税率を使いますか。",
      en: "Which day decides the rate when the consumption tax changes?",
    },
    choices: [
      {
        value: "supply",
        text: { ja: "サービスを提供した日（消費税法による）", en: "the day of supply (as the law has it)" },
      },
      {
        value: "payment",
        text: { ja: "支払われた日（規約の文言による）", en: "the day of payment (as the terms are worded)" },
      },
    ],
    chosen: "supply",
  },
  {
    id: "A-RNS-4",
    key: "cancellation-charge",
    question: { ja: "最低利用期間内の解約金はどう決めますか。", en: "How is the cancellation charge found?" },
    choices: [
      { value: "table", text: { ja: "料金表の金額", en: "the amount in the price book" } },
      {
        value: "remaining-months",
        text: { ja: "残りの月数 × 月額費用", en: "months that remain × monthly fees" },
      },
    ],
    chosen: "table",
  },
  {
    id: "A-COM-3",
    key: "reading:A-COM-3",
    question: { ja: "解約金に消費税はかかりますか。", en: "Is the cancellation charge taxed?" },
    choices: [
      { value: "out-of-scope", text: { ja: "かからない（不課税）", en: "no: out of scope" } },
      { value: "taxable", text: { ja: "かかる（課税）", en: "yes: taxable" } },
    ],
    chosen: "out-of-scope",
  },
] as const satisfies readonly Reading[];

/** RNS-89, Annex 2: supported software and surroundings; each entry ends with its maker's support. */
export const defaults = [
  {
    rule: "RNS-89",
    key: "supported-software",
    name: { ja: "サポート対象のソフトウェアと動作環境", en: "supported software and surroundings" },
    value: {
      windows: ["7 SP1", "8", "8.1", "10"],
      "windows-editions": "all, 32 and 64 bit, not RT",
      ios: "5.0+",
      android: "2.2+",
      "android-screen-lock-from": "4",
      processor: "Intel Pentium 4 1 GHz",
      "memory-megabytes": 512,
      "disk-megabytes": 1024,
      "upstream-kilobits": 128,
      proxies: ["with-authentication", "without-authentication"],
      browsers: ["Internet Explorer 8-11", "Edge", "Chrome latest", "Firefox latest", "Safari 6-8"],
      "smart-devices": "view and download only, no backup",
    },
  },
] as const satisfies readonly DefaultSetting[];
