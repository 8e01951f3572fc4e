/** Words of the page of conversations and commands. */
import { catalogue } from "@yagura/portal/words.ts";

export const trafficWords = catalogue({
  lead: {
    ja: "拠点内の通信とコマンドの一覧です。通信の中身（プロセス値）は保存していません。",
    en: "Who talks with whom, and which commands are sent. Process values are never kept.",
  },
  tabs: { ja: "表示する内容", en: "What" },
  "tab.commands": { ja: "コマンド", en: "Commands" },
  "tab.conversations": { ja: "通信", en: "Conversations" },
  class: { ja: "種類", en: "Class" },
  anyClass: { ja: "すべての種類", en: "Any class" },
  critical: { ja: "重要な操作のみ", en: "Critical ones only" },
  protocol: { ja: "プロトコル", en: "Protocol" },
  anyProtocol: { ja: "すべてのプロトコル", en: "Any protocol" },
  client: { ja: "接続元", en: "Client" },
  server: { ja: "接続先", en: "Server" },
  port: { ja: "ポート", en: "Port" },
  bytes: { ja: "通信量", en: "Bytes" },
  packets: { ja: "パケット", en: "Packets" },
  connections: { ja: "接続数", en: "Connections" },
  refused: { ja: "拒否", en: "Refused" },
  unanswered: { ja: "応答なし", en: "Unanswered" },
  retransmissions: { ja: "再送", en: "Retransmissions" },
  missing: { ja: "取得漏れ", en: "Not captured" },
  rtt: { ja: "往復時間", en: "Round trip" },
  first: { ja: "初回", en: "First" },
  last: { ja: "最終", en: "Last" },
  noTalk: { ja: "この条件に合う通信はありません", en: "No conversation is like that" },
  noTalkText: {
    ja: "期間を長くするか、絞り込みを解除してください。",
    en: "Choose a longer time or fewer filters.",
  },
  more: {
    ja: "{n} 件中 {shown} 件を表示しています。プロトコルや期間で絞り込んでください。",
    en: "{shown} of {n} are shown. Choose a protocol or a shorter time.",
  },
});
