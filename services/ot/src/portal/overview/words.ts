/** Words of the overview. */
import { catalogue } from "@yagura/portal/words.ts";

export const overviewWords = catalogue({
  lead: {
    ja: "工場ネットワークの今の状態です。対応が必要なものから順に並びます。",
    en: "How the factory network is now. What needs somebody comes first.",
  },
  report: { ja: "診断レポート", en: "Assessment report" },
  attention: { ja: "対応が必要なもの", en: "What needs somebody" },
  well: { ja: "対応が必要なものはありません", en: "Nothing needs anybody now" },
  wellText: {
    ja: "センサーは正常に受信しており、未対応の警告はありません。",
    en: "The sensors hear well and no warning is open.",
  },
  "open.critical": {
    ja: "重大な検知が {n} 件あります",
    en: { one: "{n} critical finding is open", other: "{n} critical findings are open" },
  },
  "open.bad": { ja: "警告の検知が {n} 件あります", en: { one: "{n} warning is open", other: "{n} warnings are open" } },
  "open.notice": {
    ja: "注意の検知が {n} 件あります",
    en: { one: "{n} notice is open", other: "{n} notices are open" },
  },
  "sensor.trouble": { ja: "{label}: {state}", en: "{label}: {state}" },
  "sensor.quality": { ja: "{label}: 受信品質に問題があります", en: "{label}: does not hear everything" },
  "new.devices": {
    ja: "24 時間以内に現れた機器が {n} 台あります",
    en: { one: "{n} device appeared within a day", other: "{n} devices appeared within a day" },
  },
  full: { ja: "機器一覧が上限の {limit} 台に達しました", en: "The list of devices is full: {limit}" },
  fullText: {
    ja: "上限を超えた機器は一覧に載らず、監視もされません。一度だけ現れた機器は 7 日後に自動で外れます。同じ機器が分かれていれば統合し、台数が多い場合は拠点を分けてください。",
    en: "What comes beyond the limit is neither listed nor watched. Devices that were seen once only are taken off after seven days. Join those that are one, or divide a large plant into sites.",
  },
  nearlyFull: {
    ja: "機器一覧がまもなく上限に達します（{n} / {limit} 台）",
    en: "The list of devices is nearly full ({n} of {limit})",
  },
  toDevices: { ja: "機器一覧を開く", en: "To the devices" },
  conflicts: {
    ja: "情報が矛盾している機器が {n} 台あります",
    en: { one: "{n} device with contradicting evidence", other: "{n} devices with contradicting evidence" },
  },
  findings: { ja: "未対応の検知", en: "Open findings" },
  "findings.days": { ja: "直近 14 日間の新しい検知", en: "New findings of 14 days" },
  day: { ja: "日", en: "Day" },
  devices: { ja: "機器", en: "Devices" },
  total: { ja: "合計", en: "In all" },
  active: { ja: "24 時間以内に通信", en: "Seen within a day" },
  appeared: { ja: "24 時間以内に出現", en: "New within a day" },
  learningText: {
    ja: "{total} 台中 {n} 台を学習中です。学習中も停止や書き込みなどの重要な操作は通知されます。",
    en: "{n} of {total} devices are being learned. Critical commands are told meanwhile.",
  },
  learned: { ja: "すべての機器の学習が完了しています。", en: "All devices are known." },
  sensors: { ja: "センサー", en: "Sensors" },
  noSensor: { ja: "センサーはありません", en: "No sensor" },
  permits: { ja: "作業許可", en: "Permits" },
  "permits.active": { ja: "有効", en: "Active" },
  "permits.planned": { ja: "予定", en: "Planned" },
  protocols: { ja: "プロトコル（24 時間）", en: "Protocols (24 hours)" },
  protocol: { ja: "プロトコル", en: "Protocol" },
  kind: { ja: "用途", en: "For" },
  factory: { ja: "制御系", en: "Factory" },
  office: { ja: "情報系", en: "Office" },
  bytes: { ja: "通信量", en: "Bytes" },
  packets: { ja: "パケット", en: "Packets" },
  noProtocol: { ja: "24 時間以内の通信はありません", en: "No traffic within a day" },
  noProtocolText: {
    ja: "センサーの状態とミラーポートの設定を確認してください。",
    en: "Look at the sensors and at the switch's mirror port.",
  },
  firstRun: { ja: "まだ何も受信していません", en: "Nothing was heard yet" },
  firstRunText: {
    ja: "センサーの登録キーを発行し、スイッチのミラーポートに接続してください。機器は 1 分以内に表示されます。",
    en: "Issue a sensor's key and put the sensor on a mirror port. Devices stand here within a minute.",
  },
  roles: { ja: "役割", en: "Roles" },
  updated: { ja: "{time} 現在", en: "As of {time}" },
});
