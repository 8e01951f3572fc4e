/** Words of the ranking. */
import { catalogue } from "@yagura/portal/words.ts";

export const rankingWords = catalogue({
  lead: {
    ja: "通信量や操作の多い順に並べます。右端のグラフは期間内の推移です。",
    en: "Who and what has the most. The bars show the course over the time.",
  },
  by: { ja: "単位", en: "By" },
  "by.assets": { ja: "機器", en: "Devices" },
  "by.pairs": { ja: "通信の組", en: "Pairs" },
  "by.protocols": { ja: "プロトコル", en: "Protocols" },
  "by.services": { ja: "サービス（ポート）", en: "Services" },
  measure: { ja: "指標", en: "Measure" },
  "measure.bytes": { ja: "通信量", en: "Bytes" },
  "measure.packets": { ja: "パケット数", en: "Packets" },
  "measure.connections": { ja: "接続数", en: "Connections" },
  "measure.commands": { ja: "コマンド数", en: "Commands" },
  "measure.errors": { ja: "エラー数", en: "Errors" },
  rank: { ja: "順位", en: "Rank" },
  device: { ja: "機器", en: "Device" },
  client: { ja: "送信元", en: "From" },
  server: { ja: "宛先", en: "To" },
  outside: { ja: "外部", en: "outside" },
  protocol: { ja: "プロトコル", en: "Protocol" },
  port: { ja: "ポート", en: "Port" },
  share: { ja: "割合", en: "Share" },
  course: { ja: "推移", en: "Course" },
  courseOf: { ja: "{name} の推移", en: "Course of {name}" },
  none: { ja: "この期間に該当する通信はありません", en: "Nothing of this kind in this time" },
  noneText: {
    ja: "期間を長くするか、別の指標を選んでください。センサーの状態も確認してください。",
    en: "Choose a longer time or another measure, and see whether the sensors hear.",
  },
  more: { ja: "{n} 件中、上位 {shown} 件を表示しています。", en: "The first {shown} of {n} are shown." },
});
