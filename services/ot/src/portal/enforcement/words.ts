/** Words of taking devices off the network. */
import { catalogue } from "@yagura/portal/words.ts";

export const enforcementWords = catalogue({
  lead: {
    ja: "センサーを通じて、拠点のスイッチまたは NAC でネットワークから遮断した機器の一覧です。自動で遮断することはありません。",
    en: "Devices that were taken off the network by the site's switch or NAC, through its sensor. Nothing is ever blocked by itself.",
  },
  blocks: { ja: "遮断した機器", en: "Blocked devices" },
  none: { ja: "遮断中の機器はありません", en: "No device is blocked" },
  noneText: {
    ja: "遮断は、機器のページまたは検知の画面から行います。",
    en: "A device is blocked from its own page, or from a finding.",
  },
  means: { ja: "遮断の手段", en: "Means" },
  "means.lead": {
    ja: "遮断に使うスイッチや NAC の情報は、センサー側のファイルだけに保存されます。このサーバーには送られません。",
    en: "How switches and NAC are reached stands in a file on the sensor's machine only; this server never has it.",
  },
  "means.none": {
    ja: "このセンサーには遮断の手段が与えられていません",
    en: "This sensor was not given the means",
  },
  "means.unheard": { ja: "センサーからまだ報告がありません", en: "This sensor has not told yet" },
  "means.given": {
    ja: "NAC {nacs} 台、スイッチ {switches} 台。同時に {devices} 台まで、最長 {hours} 時間。遮断しない対象 {never} 件。",
    en: "{nacs} NAC and {switches} switches. At most {devices} devices at once, for {hours} hours. {never} entries are never blocked.",
  },
  "means.unencrypted": {
    ja: "暗号化されない SNMPv2c を使うスイッチがあります。SNMPv3 への変更を検討してください。",
    en: "Some switches are spoken to by SNMPv2c, which is not encrypted. Consider SNMPv3.",
  },
  act: { ja: "ネットワークから遮断", en: "Take off the network" },
  "act.of": { ja: "「{name}」を遮断", en: "Take {name} off" },
  noMeans: {
    ja: "この拠点には、遮断の手段を持つセンサーがありません",
    en: "No sensor of this site has the means to block a device",
  },
  noMeansText: {
    ja: "センサーを設置した担当者が、センサー側のファイルでスイッチまたは NAC を設定すると使えるようになります（docs/enforcement.md）。",
    en: "Whoever runs the sensor's machine names switches or a NAC in a file there (docs/enforcement.md); then it works.",
  },
  mac: { ja: "MACアドレス", en: "MAC" },
  duration: { ja: "遮断する時間", en: "For how long" },
  reason: { ja: "理由", en: "Reason" },
  reasonHint: { ja: "操作の記録に残ります。", en: "It is kept in the audit log." },
  next: { ja: "影響を確認する", en: "See what it means" },
  "confirm.what": {
    ja: "「{name}」（{mac}）は {span} の間、ネットワークを使えなくなります。",
    en: "“{name}” ({mac}) loses its network for {span}.",
  },
  "confirm.dependents": {
    ja: "この機器と直接やり取りしている {n} 台に影響します: {names}",
    en: {
      one: "{n} device talks with it and is affected: {names}",
      other: "{n} devices talk with it and are affected: {names}",
    },
  },
  "confirm.nobody": {
    ja: "直近の通信では、この機器に依存している機器は見つかっていません。",
    en: "Nothing was seen lately that depends on it.",
  },
  "confirm.factory": {
    ja: "うち {n} 台は制御系の通信です。設備が停止するおそれがあります。",
    en: {
      one: "{n} of them by a factory protocol: a machine may stop.",
      other: "{n} of them by factory protocols: machines may stop.",
    },
  },
  "confirm.undo": {
    ja: "時間が来ると自動で解除されます。いつでも「遮断中の機器」から解除できます。",
    en: "It ends by itself when the time is over, and can be taken back at any time under “Blocked devices”.",
  },
  "confirm.floor": {
    ja: "実行する前に、現場の担当者に連絡してください。",
    en: "Tell the people on the floor before you do it.",
  },
  device: { ja: "機器", en: "Device" },
  state: { ja: "状態", en: "State" },
  place: { ja: "場所", en: "Where" },
  why: { ja: "説明", en: "Told" },
  until: { ja: "解除予定", en: "Until" },
  by: { ja: "指示した人", en: "By" },
  created: { ja: "指示した日時", en: "Ordered" },
  sensor: { ja: "センサー", en: "Sensor" },
  undo: { ja: "遮断を解除", en: "Put on again" },
  "undo.text": { ja: "「{name}」をネットワークに戻します。", en: "“{name}” comes back on the network." },
  "banner.done": { ja: "この機器はネットワークから遮断されています", en: "This device is off the network" },
  "banner.asked": { ja: "この機器の遮断を指示しています", en: "This device is being taken off the network" },
  "banner.stuck": {
    ja: "この機器をネットワークに戻せていません",
    en: "This device could not be put on the network again",
  },
  "banner.text": { ja: "{reason}（{by}、{until} まで）", en: "{reason} ({by}, until {until})" },
  toBlocks: { ja: "遮断中の機器へ", en: "To the blocked devices" },
});

export const stateWords = catalogue({
  asked: { ja: "センサーの応答待ち", en: "Waiting for the sensor" },
  working: { ja: "実行中", en: "Under way" },
  done: { ja: "遮断中", en: "Blocked" },
  lifting: { ja: "解除中", en: "Being put on again" },
  undone: { ja: "解除済み", en: "On again" },
  refused: { ja: "拒否", en: "Refused" },
  failed: { ja: "失敗", en: "Failed" },
  stuck: { ja: "解除できていません", en: "Could not be put on again" },
});

export const codeWords = catalogue({
  "": { ja: "", en: "" },
  "no-means": {
    ja: "このセンサーには遮断の手段が与えられていません。",
    en: "This sensor was not given the means.",
  },
  "never-block": {
    ja: "拠点側の「遮断しない対象」に含まれています。",
    en: "It is on the premises' list of what is never blocked.",
  },
  "own-address": {
    ja: "センサー自身、または遮断に使うスイッチ・NAC のアドレスです。",
    en: "It is the sensor's own machine, or the switch or NAC by which it would be done.",
  },
  "address-unknown": {
    ja: "IP アドレスが分からないため、「遮断しない対象」と照合できません。",
    en: "No address of it is known, so it cannot be held against the list of what is never blocked.",
  },
  "not-seen": {
    ja: "センサーがこの機器をまだ見ていないため、本物かどうか確かめられません。",
    en: "The sensor has not seen it since its start, so it cannot tell that the key of the tokens is right.",
  },
  limit: {
    ja: "同時に遮断できる台数の上限に達しています。",
    en: "As many devices as the premises allow are off already.",
  },
  "too-long": { ja: "拠点で許可された時間より長い指示です。", en: "It is longer than the premises allow." },
  "too-late": {
    ja: "指示がセンサーに届くのが遅すぎました（15 分以内）。必要なら、もう一度指示してください。",
    en: "The order reached the sensor later than 15 minutes after it was given. Order it again if it is still needed.",
  },
  "not-found": {
    ja: "スイッチにも NAC にも見つかりません。電源が切れているか、別のスイッチの先にあります。",
    en: "No switch or NAC knows it: it is off, or behind a switch that the file does not name.",
  },
  "port-shared": {
    ja: "同じポートの先に {n} 台の機器があります（上り回線や小型スイッチ）。ほかの機器も止まるため、閉じません。",
    en: "{n} devices stand behind the same port (an uplink, a small switch). The others would go down too, so it stays open.",
  },
  "port-ambiguous": {
    ja: "どのスイッチにつながっているか判断できません。ファイルでポートを指定してください。",
    en: "It cannot be told at which switch it stands. Name its port in the file.",
  },
  "port-aggregated": {
    ja: "束ねられたポート（リンクアグリゲーション）などのため、閉じません。",
    en: "The port is an aggregation or no single wire, so it stays open.",
  },
  "port-protected": { ja: "拠点側で保護されたポートです。", en: "The premises protect this port." },
  "port-already-down": {
    ja: "ポートはすでに閉じられています（このシステムの操作ではありません）。",
    en: "The port is shut already, and not by us.",
  },
  unreachable: {
    ja: "センサー、スイッチまたは NAC が 10 分以内に応答しませんでした。",
    en: "Sensor, switch or NAC did not answer for ten minutes.",
  },
  "switch-refuses": {
    ja: "スイッチが拒否しました。センサーの機器のログと、SNMP ユーザーの書き込み権限を確認してください。",
    en: "The switch refuses. See the log of the sensor's machine, and whether its SNMP user may write.",
  },
  "nac-refuses": {
    ja: "NAC が拒否しました。センサーの機器のログを確認してください。",
    en: "The NAC refuses. See the log of the sensor's machine.",
  },
  "answer-unproven": {
    ja: "応答が本物と確認できませんでした（偽装の可能性、または古い機器の設定）。",
    en: "An answer came that proves nothing: forged, or of old equipment.",
  },
  fault: {
    ja: "センサーで予期しない問題が起きました。センサーの機器のログを確認してください。",
    en: "Something unforeseen went wrong at the sensor. See the log of its machine.",
  },
  ended: { ja: "指示により解除しました。", en: "It was taken back." },
  expired: { ja: "予定の時間が来たため解除しました。", en: "Its time was over." },
  "lifted-on-site": {
    ja: "現場でポートが開かれたため、終了しました。再び閉じることはしません。",
    en: "Somebody opened the port on site. It is not shut again.",
  },
  "cut-off": {
    ja: "センサーの登録が取り消されました。センサーは解除を試みますが、結果は届きません。ポートを現場で確認してください。",
    en: "The sensor was cut off. It lifts what it holds when it learns so, but cannot tell: look at the port.",
  },
});
