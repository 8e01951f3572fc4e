/** Words of waivers for a disaster and of the withdrawal of a service. */
import { catalogue } from "../../words.ts";

export const reliefWords = catalogue({
  lead: {
    ja: "災害などのときに、サービス・地域・期間を決めて料金を減免します。減免額は請求書に番号とともに記載され、あとから取り消せます。",
    en: "Charges reduced for a disaster, by service, area and days. The reduction stands on the bill with its number, and can be taken back.",
  },
  none: { ja: "減免はありません", en: "No waivers" },
  noneText: {
    ja: "災害のときに公表した減免が、ここに並びます。",
    en: "What was published for a disaster appears here.",
  },
  new: { ja: "減免を公表", en: "Publish a waiver" },
  look: { ja: "対象を確認", en: "See whom it concerns" },
  service: { ja: "サービス", en: "Service" },
  item: { ja: "項目", en: "Item" },
  everyItem: { ja: "すべての項目", en: "Every item" },
  percent: { ja: "減免率", en: "Reduction" },
  areas: { ja: "対象の地域", en: "Areas" },
  areasHint: {
    ja: "登録住所に含まれる地名を1行に1つ入力します（例: 石川県）。空欄ならすべての地域です。",
    en: "Parts of registered addresses, such as a prefecture, one in each line. Empty: everywhere.",
  },
  areasBad: {
    ja: "地域は200件まで、1件200文字までです。",
    en: "At most 200 areas of at most 200 characters.",
  },
  everywhere: { ja: "すべての地域", en: "Everywhere" },
  from: { ja: "開始日", en: "From" },
  lastDay: { ja: "最終日", en: "Last day" },
  order: { ja: "最終日は、開始日以降にしてください。", en: "The last day cannot be before the first." },
  reference: { ja: "公表の番号", en: "Number of the publication" },
  reason: { ja: "理由", en: "Reason" },
  reasonJa: { ja: "お知らせの文（日本語）", en: "Reason as published, in Japanese" },
  reasonEn: { ja: "お知らせの文（英語）", en: "Reason as published, in English" },
  state: { ja: "状態", en: "State" },
  contracts: { ja: "対象の契約", en: "Contracts" },
  published: { ja: "公表日時", en: "Published" },
  "state.active": { ja: "有効", en: "In force" },
  "state.reversed": { ja: "取消済み", en: "Taken back" },
  concerned: {
    ja: "{customers} 社・{n} 契約が対象です。",
    en: {
      one: "{n} contract of {customers} customers is concerned.",
      other: "{n} contracts of {customers} customers are concerned.",
    },
  },
  nobody: { ja: "この条件に当てはまる契約はありません。", en: "No contract fits." },
  change: {
    ja: "公表すると、対象のお客様へお知らせし、各月の請求から減免します。すでに請求した月は、次回の請求で調整します。",
    en: "When published, the customers are told and each month’s bill is reduced; months already billed are adjusted on the next bill.",
  },
  done: { ja: "減免を公表しました（{n} 契約）。", en: "The waiver stands on {n} contracts." },
  extend: { ja: "新しい契約を追加", en: "Add new contracts" },
  extendText: {
    ja: "公表のあとで対象になった契約にも、同じ減免を適用してお知らせします。",
    en: "Contracts that came into its scope since get the same reduction and are told.",
  },
  extended: { ja: "{n} 契約を追加しました。", en: "Contracts added: {n}." },
  reverse: { ja: "減免を取り消す", en: "Take it back" },
  reverseText: {
    ja: "{n} 契約の減免を取り消します。すでに減額した分は、次回の請求で調整します。",
    en: "It is taken off {n} contracts. What was already waived comes as an adjustment on the next bill.",
  },
  reversed: { ja: "減免を取り消しました（{n} 契約）。", en: "Taken off {n} contracts." },

  withdraw: { ja: "サービスを廃止", en: "Withdraw the service" },
  withdrawTitle: { ja: "{service} を廃止する", en: "Withdraw {service}" },
  plan: { ja: "対象のプラン", en: "Plan" },
  everyPlan: { ja: "サービス全体", en: "The whole service" },
  on: { ja: "廃止日", en: "Ends on" },
  noticeOn: { ja: "契約者への通知日", en: "Day of the notice" },
  "withdraw.counting": { ja: "対象の契約を数えています。", en: "The contracts are being counted." },
  "withdraw.count": {
    ja: "継続中の {n} 契約が、廃止日に終了します。",
    en: { one: "{n} running contract ends on that day.", other: "{n} running contracts end on that day." },
  },
  "withdraw.lead": {
    ja: "通知日から廃止日まで、規約の予告期間が必要です。足りないときは登録されず、間に合う通知日をお知らせします。",
    en: "Between notice and end the terms ask for a time. If it is too short nothing is recorded, and you are told by when the notice had to be given.",
  },
  "withdraw.final": { ja: "登録した廃止は、この画面から取り消せません。", en: "It cannot be taken back here." },
  "withdraw.order": { ja: "廃止日は、通知日より後にしてください。", en: "The end must be after the notice." },
  "withdraw.typed": { ja: "確認のため「{name}」と入力してください", en: "Type “{name}” to confirm" },
  "withdraw.notSame": { ja: "サービス名が一致しません。", en: "This is not its name." },
  "withdraw.done": { ja: "廃止を登録しました（{n} 契約）。", en: "The withdrawal is recorded for {n} contracts." },
});
