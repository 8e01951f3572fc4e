/** Words of the assessment report, in both languages. */
import type { Role } from "../analysis/model.ts";
import type { Assessment } from "../wire/api-register.ts";

export interface Both {
  readonly ja: string;
  readonly en: string;
}
const both = (ja: string, en: string): Both => ({ ja, en });

export const roleWords: Readonly<Record<Role, Both>> = {
  plc: both("PLC", "PLC"),
  rtu: both("RTU", "RTU"),
  ied: both("保護リレー・IED", "IED"),
  io: both("リモートI/O", "Remote I/O"),
  drive: both("インバーター・サーボ", "Drive"),
  robot: both("ロボット", "Robot"),
  cnc: both("CNC", "CNC"),
  safety: both("安全コントローラー", "Safety controller"),
  hmi: both("表示器（HMI）", "HMI"),
  scada: both("監視制御（SCADA）", "SCADA"),
  historian: both("ヒストリアン", "Historian"),
  "engineering-station": both("エンジニアリングPC", "Engineering station"),
  gateway: both("ゲートウェイ", "Gateway"),
  meter: both("計測器", "Meter"),
  sensor: both("センサー", "Sensor"),
  camera: both("カメラ", "Camera"),
  printer: both("プリンター", "Printer"),
  server: both("サーバー", "Server"),
  "domain-controller": both("ドメインコントローラー", "Domain controller"),
  pc: both("PC", "PC"),
  mobile: both("モバイル端末", "Mobile device"),
  phone: both("電話機", "Phone"),
  switch: both("スイッチ", "Switch"),
  router: both("ルーター", "Router"),
  firewall: both("ファイアウォール", "Firewall"),
  "access-point": both("無線アクセスポイント", "Access point"),
  "time-server": both("時刻サーバー", "Time server"),
  "building-controller": both("ビル設備コントローラー", "Building controller"),
  unknown: both("不明", "Unknown"),
};

export const severityWords: Readonly<Record<Assessment["findings"][number]["severity"], Both>> = {
  critical: both("重大", "Critical"),
  bad: both("警告", "Warning"),
  notice: both("注意", "Notice"),
  info: both("情報", "Info"),
};
export const stateWords = {
  good: both("良好", "well"),
  notice: both("要確認", "worth a look"),
  bad: both("問題あり", "badly"),
  unknown: both("不明", "not known"),
} as const;

export const words = {
  title: both("OTセキュリティ アセスメント報告書", "OT security assessment"),
  verdict: {
    good: both("大きな問題は見つかっていません", "Nothing grave was found"),
    notice: both("計画的な改善が必要です", "Some things should be put right"),
    bad: both("早めの対応が必要です", "Act soon"),
    critical: both("直ちに対応が必要です", "Act now"),
  },
  devices: both("機器", "Devices"),
  appeared: both("期間内の新規", "New in this time"),
  unregistered: both("台帳にない機器", "Not in your list"),
  protocols: both("プロトコル", "Protocols"),
  sensors: both("センサーの取得品質", "How well sensors hear"),
  doFirst: both("最初に対応すること", "What to do first"),
  findings: both("検知と対応", "Findings and what to do"),
  findingsLead: both(
    "重いものから順に示します。「対応」は現場で行う作業です。",
    "The worst first. “What to do” is for the people on the floor.",
  ),
  noFindings: both("この期間に検知はありません。", "Nothing was found in this time."),
  kinds: both("検知の種類", "Kinds of findings"),
  inventory: both("機器と通信の内訳", "Devices and talk"),
  quality: both("取得品質", "How well the network is heard"),
  method: both("この報告書について", "About this report"),
  kind: both("種類", "Kind"),
  severity: both("重大度", "Severity"),
  count: both("件数", "Times"),
  affected: both("対象機器", "Devices"),
  role: both("役割", "Role"),
  vendor: both("ベンダー", "Vendor"),
  volume: both("通信量", "Volume"),
  sensor: both("センサー", "Sensor"),
  state: both("状態", "State"),
  checks: both("確認事項", "To look at"),
  normal: both("通常の状態", "What is normal"),
  changed: both("何が変わったか", "What changed"),
  advice: both("対応", "What to do"),
  since: both("発生", "Since"),
  technique: both("攻撃手法", "Technique"),
  methodText: both(
    "センサーはミラーポートの通信を受信するだけで、制御ネットワークには何も送信しません。アップロードしたのは通信のメタデータ（機器、アドレス、プロトコル、操作の種類と回数）で、制御データの値や通信の中身は含みません。点数は、未解決の検知を重さに応じて 100 点から差し引いたものです（同じ種類は最大 25 点）。見えない通信（ミラー対象外のポートなど）は評価に含まれません。",
    "The sensors only listen to mirror ports and send nothing into the control network. They uploaded metadata (devices, addresses, protocols, kinds and counts of commands), never values or payload. The score is 100 less points for findings that are not settled, by their severity (at most 25 for one kind). What a mirror does not show is not judged.",
  ),
} as const;
