/** Names of the thresholds and what each does; units as people write them. */
import type { Both } from "../parts/both.ts";

interface ThresholdWords {
  readonly name: Both;
  readonly hint: Both;
}
/** By `group.name`. One that is missing here (a newer server) is told by its id. */
export const thresholdWords: Readonly<Record<string, ThresholdWords>> = {
  "learning.minimumDays": {
    name: { ja: "最短の学習期間", en: "Shortest learning" },
    hint: { ja: "新しい機器を少なくともこの期間学習します。", en: "A new device is learned at least this long." },
  },
  "learning.maximumDays": {
    name: { ja: "最長の学習期間", en: "Longest learning" },
    hint: { ja: "新しい動きが続いても、この期間で学習を終えます。", en: "Learning ends then, settled or not." },
  },
  "learning.saturation": {
    name: { ja: "学習完了とみなす新しい項目（1 日）", en: "New items a day that end learning" },
    hint: {
      ja: "直近 3 日の平均がこれを下回ると、学習が完了します。",
      en: "A device is known when the mean of three days falls below.",
    },
  },
  "learning.forgetDays": {
    name: { ja: "忘れるまでの期間", en: "Forget after" },
    hint: {
      ja: "この期間見られなかった通信は、再び新しいものとして通知されます。0 は忘れません。",
      en: "What was not seen so long is told as new again. 0: never.",
    },
  },
  "volume.deviations": {
    name: { ja: "普段からの逸脱", en: "Deviations from the usual" },
    hint: {
      ja: "同じ曜日・時間帯の中央値からどれだけ離れたら通知するか。大きいほど通知は減ります。",
      en: "From the median of that hour of the week. Greater: fewer alerts.",
    },
  },
  "volume.floor": {
    name: { ja: "対象とする最小の通信量（1 時間）", en: "Least volume of an hour" },
    hint: { ja: "これより少ない通信は通知しません。", en: "Less than this is never told." },
  },
  "volume.weeks": {
    name: { ja: "必要な過去の週数", en: "Weeks that must be known" },
    hint: { ja: "この週数のデータがそろうまでは通知しません。", en: "Nothing is told before." },
  },
  "cycle.shift": {
    name: { ja: "周期の変化", en: "Change of the period" },
    hint: { ja: "普段の周期に対する割合です。", en: "Share of the usual period." },
  },
  "cycle.jitter": {
    name: { ja: "周期の揺らぎ", en: "Jitter" },
    hint: { ja: "普段の揺らぎの何倍で通知するか。", en: "How many times the usual jitter." },
  },
  "cycle.batches": {
    name: { ja: "連続する測定回数", en: "Measurements in a row" },
    hint: { ja: "続けてこの回数現れたら通知します。", en: "So many must say the same." },
  },
  "cycle.silentPeriods": {
    name: { ja: "停止とみなす空白（普段の最長の何倍）", en: "Gaps that make a silence" },
    hint: { ja: "普段の最も長い空白に対する倍率です。", en: "Times the usual longest gap." },
  },
  "cycle.silentFloor": {
    name: { ja: "停止とみなす最短の時間", en: "Shortest silence" },
    hint: { ja: "これより短い途切れは「停止」としません。", en: "A shorter gap is none." },
  },
  "scan.window": {
    name: { ja: "数える時間", en: "Window" },
    hint: { ja: "この時間内の相手の数を数えます。", en: "The time in which hosts and ports are counted." },
  },
  "scan.hosts": {
    name: { ja: "機器の数", en: "Hosts" },
    hint: { ja: "1 つのポートを、この台数以上に試すと通知します。", en: "Hosts that are tried on one port." },
  },
  "scan.ports": {
    name: { ja: "ポートの数", en: "Ports" },
    hint: { ja: "1 台の機器の、この数以上のポートを試すと通知します。", en: "Ports that are tried on one host." },
  },
  "scan.addresses": {
    name: { ja: "ARP で探すアドレスの数", en: "Addresses asked by ARP" },
    hint: { ja: "この数以上のアドレスを ARP で探すと通知します。", en: "Addresses that one device asks for." },
  },
  "malformed.perMinute": {
    name: { ja: "不正なメッセージ（1 分）", en: "Odd messages a minute" },
    hint: { ja: "2 台の間でこの数を超えると通知します。", en: "Between two devices." },
  },
  "capture.dropped": {
    name: { ja: "取りこぼし", en: "Dropped packets" },
    hint: { ja: "センサーが取りこぼした割合です。", en: "Share that the sensor dropped." },
  },
  "capture.missing": {
    name: { ja: "欠けたデータ", en: "Missing data" },
    hint: {
      ja: "TCP の抜けから分かる、ミラーされなかった割合です。",
      en: "Share that never reached the mirror, seen by gaps of TCP.",
    },
  },
  "capture.oneWay": {
    name: { ja: "片方向だけの通信", en: "One-way talk" },
    hint: { ja: "片方向しか見えない通信の割合です。", en: "Share of conversations with one side only." },
  },
  "capture.duplicates": {
    name: { ja: "重複したパケット", en: "Duplicated packets" },
    hint: { ja: "同じパケットが 2 度ミラーされた割合です。", en: "Share of packets that the switch mirrored twice." },
  },
  "general.burst": {
    name: { ja: "一度に通知する件数", en: "Findings at once" },
    hint: {
      ja: "同じ機器・同じ種類の検知をまとめる件数です。残りは件数だけを伝えます。",
      en: "Of one kind about one device in one upload; the rest is counted.",
    },
  },
};

interface Unit extends Both {
  /** Shown times this is what the server keeps. */
  readonly factor: number;
}
const units: Readonly<Record<string, Unit>> = {
  days: { ja: "日", en: "days", factor: 1 },
  share: { ja: "%", en: "%", factor: 0.01 },
  bytes: { ja: "MB", en: "MB", factor: 1e6 },
  weeks: { ja: "週", en: "weeks", factor: 1 },
  times: { ja: "倍", en: "times", factor: 1 },
  batches: { ja: "回", en: "times", factor: 1 },
  ms: { ja: "秒", en: "s", factor: 1_000 },
  hosts: { ja: "台", en: "hosts", factor: 1 },
  ports: { ja: "個", en: "ports", factor: 1 },
  addresses: { ja: "個", en: "addresses", factor: 1 },
  messages: { ja: "件", en: "messages", factor: 1 },
  findings: { ja: "件", en: "findings", factor: 1 },
  deviations: { ja: "倍（偏差）", en: "deviations", factor: 1 },
  items: { ja: "件", en: "items", factor: 1 },
};
export const unitOf = (unit: string): Unit => units[unit] ?? { ja: unit, en: unit, factor: 1 };
