/** Words of what others do, and of taking part in it. */
import { catalogue } from "@yagura/portal/words.ts";

export const normWords = catalogue({
  others: { ja: "他の組織では", en: "What others do" },
  "subject.model": { ja: "{vendor} {name}", en: "{vendor} {name}" },
  "subject.family": { ja: "{vendor} {name} シリーズ", en: "{vendor} {name} (family)" },
  "subject.role": { ja: "{vendor} の機器（{name}）", en: "devices of {vendor} ({name})" },
  "habit.function": { ja: "{protocol} の命令「{name}」を受けること", en: "receiving “{name}” by {protocol}" },
  "habit.class": {
    ja: "{protocol} で「{class}」の命令を受けること",
    en: "receiving a command of the kind “{class}” by {protocol}",
  },
  "habit.serves": { ja: "{protocol} で応答すること", en: "answering by {protocol}" },
  "habit.uses": { ja: "自分から {protocol} で通信すること", en: "talking by {protocol} of its own accord" },
  "verdict.usual": { ja: "{subject} では、{habit}は普通です。", en: "For {subject}, {habit} is usual." },
  "verdict.some": {
    ja: "{subject} で{habit}は、一部の拠点で見られます。",
    en: "For {subject}, {habit} is seen at some sites.",
  },
  "verdict.rare": {
    ja: "{subject} で{habit}は、他ではまったく、またはほとんど見られません。よく確認してください。",
    en: "For {subject}, {habit} is seen nowhere else, or hardly anywhere. Look closely.",
  },
  "verdict.device": { ja: "{subject} は他の組織でも使われています。", en: "Others have {subject} as well." },
  "figures.seen": {
    ja: "この機器がある {sites} 拠点以上（{organisations} 組織以上）のうち、{seen} 拠点以上で見られました。",
    en: "Seen at {seen} or more of the {sites} or more sites that have it ({organisations} or more organisations).",
  },
  "figures.few": {
    ja: "この機器がある {sites} 拠点以上（{organisations} 組織以上）のうち、見られたのは {k} 組織未満（0 を含む）です。",
    en: "Of {sites} or more sites that have it ({organisations} or more organisations) fewer than {k} organisations show it, or none.",
  },
  "figures.device": {
    ja: "{sites} 拠点以上（{organisations} 組織以上）にあります。",
    en: "At {sites} or more sites of {organisations} or more organisations.",
  },
  unknown: {
    ja: "{name}: 同じ機器のある参加組織が {k} 未満か、機器のメーカーが不明なため、比較できません。",
    en: "{name}: fewer than {k} organisations that take part have such a device, or its vendor is not known, so nothing can be said.",
  },
  of: {
    ja: "{from} から {to} までの集計（お客様の拠点を含む）",
    en: "Sums from {from} to {to}, your own sites among them",
  },
  off: {
    ja: "他の組織との比較に参加すると、同じ型式の機器でこれが普通かどうかが表示されます。",
    en: "When your organisation takes part in the comparison, this says whether it is usual for devices of the same model.",
  },
  waiting: {
    ja: "お客様の拠点が集計に入ると表示されます（集計は毎日未明）。",
    en: "Shown once your own sites are in the sums, which are made every night.",
  },
  toSetting: { ja: "比較の設定へ", en: "To the setting" },
  column: { ja: "他の組織", en: "At others" },
  "column.seen": { ja: "{seen}／{sites} 拠点以上", en: "{seen}+ of {sites}+ sites" },
  "column.few": { ja: "まれ", en: "rare" },
  columnNote: {
    ja: "「他の組織」は {subject} についての集計です（{at} 作成）。「まれ」は {k} 組織未満（0 を含む）です。受けた命令だけを比べています。",
    en: "“At others” is of {subject}, as of {at}. “Rare”: at fewer than {k} organisations, or at none. Only commands that the device receives are compared.",
  },

  lead: {
    ja: "参加する組織の間で、「この型式の機器はこの命令を受けることがあるか」を比べます。設定は組織全体に効きます。初めは参加していません。",
    en: "Organisations that take part see whether devices of a model do what was found at other sites too. It holds for the whole organisation, and is off until you say so.",
  },
  gives: { ja: "出ていくもの", en: "What leaves" },
  "text.gives": {
    ja: "型式（メーカーと製品の型番、または機器の役割）ごとの合計だけです: その機器がある拠点と組織の数、そのうち各プロトコルや命令が見られた数。直近 {days} 日分。",
    en: "Sums for each model only (vendor with designation, or with role): how many sites and organisations have it, and how many of them show each protocol and command, over {days} days.",
  },
  stays: { ja: "出ていかないもの", en: "What stays" },
  "text.stays": {
    ja: "組織名、拠点名、機器の名前・アドレス・台数、通信の量や時刻、手入力した情報。名前をトークンに置き換えている拠点は、拠点ごと除きます。",
    en: "Names of organisations, sites and devices, addresses, how many devices there are, amounts and times, whatever was written by hand. Sites whose names are tokens are left out whole.",
  },
  protects: { ja: "守り方", en: "How it is kept anonymous" },
  "text.protects": {
    ja: "{k} 組織以上が同じことをしている場合にだけ、5 の倍数に切り捨てた数を示します。それ未満は「{k} 組織未満」とし、0 と区別しません。1 組織から数えるのは {sites} 拠点までです。",
    en: "A figure is told only from {k} organisations on, rounded down to a multiple of five; below that it says “fewer than {k}”, which may be none. Of one organisation {sites} sites count at most.",
  },
  gets: { ja: "得られるもの", en: "What you get" },
  "text.gets": {
    ja: "検知と機器のページに「他の組織では」が表示されます。見られるのは、自分の拠点が集計に入っている組織だけです。重大度は変わりません。",
    en: "Findings and devices say what others do. Only organisations whose own sites are in the sums see it. No severity changes by it.",
  },
  ends: { ja: "やめるとき", en: "To end it" },
  "text.ends": {
    ja: "いつでもやめられます。表示はすぐに終わり、お客様の分は次の夜の集計から除かれます。参加と終了は監査ログに残ります。",
    en: "At any time. What others do is hidden from you at once, and your share is out of the next night's sums. Beginning and end are in the audit log.",
  },
  state: { ja: "参加", en: "Taking part" },
  "state.off": { ja: "参加していません", en: "No" },
  "state.on": { ja: "参加しています", en: "Yes" },
  stateSince: { ja: "{at} から（{by}）", en: "since {at}, by {by}" },
  counted: { ja: "集計に入っている拠点", en: "Sites in the sums" },
  countedOf: { ja: "{counted}／{sites} 拠点", en: "{counted} of {sites}" },
  countedNone: { ja: "次の夜の集計から入ります", en: "From the next night on" },
  tokenSites: {
    ja: "トークンを使う {n} 拠点は除かれています。",
    en: {
      one: "{n} site is left out, because its names are tokens.",
      other: "{n} sites are left out, because their names are tokens.",
    },
  },
  sums: { ja: "最新の集計", en: "Newest sums" },
  sumsOf: { ja: "{n} 組織以上が参加", en: "{n} or more organisations take part" },
  sumsFew: { ja: "参加は {k} 組織未満", en: "fewer than {k} organisations take part" },
  noSums: { ja: "まだありません", en: "none yet" },
  join: { ja: "比較に参加する", en: "Take part" },
  leave: { ja: "参加をやめる", en: "End taking part" },
  joinTitle: { ja: "他の組織との比較に参加しますか？", en: "Take part in the comparison?" },
  leaveTitle: { ja: "他の組織との比較をやめますか？", en: "End taking part in the comparison?" },

  overview: { ja: "型式ごとの比較", en: "Norms of models" },
  overviewLead: {
    ja: "お客様の同意で集計している、型式ごとの傾向です。参加の設定はお客様自身が行います。",
    en: "What is usual for a model, summed over customers who agreed. Taking part is their own decision.",
  },
  members: { ja: "参加している組織", en: "Organisations that take part" },
  giving: { ja: "最新の集計に入っている組織", en: "In the newest sums" },
  countedSites: { ja: "集計に入っている拠点", en: "Sites in the sums" },
  subjects: { ja: "公開している型式", en: "What is published" },
  noSubjects: { ja: "公開している型式はありません", en: "Nothing is published" },
  noSubjectsText: {
    ja: "同じ型式の機器を持つ参加組織が {k} 以上になると、ここに表示されます。",
    en: "A model stands here when {k} organisations that take part have it.",
  },
  vendor: { ja: "メーカー", en: "Vendor" },
  level: { ja: "まとめ方", en: "By" },
  "level.model": { ja: "型式", en: "model" },
  "level.family": { ja: "シリーズ", en: "family" },
  "level.role": { ja: "役割", en: "role" },
  name: { ja: "名称", en: "Name" },
  organisations: { ja: "組織（以上）", en: "Organisations, at least" },
  sites: { ja: "拠点（以上）", en: "Sites, at least" },
});
