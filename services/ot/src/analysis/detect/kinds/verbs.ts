/** Commands that change what a device does: told at once, however well known the pair is. */
import type { FindingKind, FindingKinds, Severity } from "@yagura/core/finding.ts";
import type { CommandClass } from "../../../wire/vocabulary.ts";

interface Text {
  readonly en: string;
  readonly ja: string;
}
const normal: Text = {
  en: "How often {client} did this to {server} since {since}: {pastEn}. It is told each time, because it changes what the device does.",
  ja: "{since}以降に{client}が{server}へこれを行った回数: {pastJa}。機器の動作を変える操作のため、毎回お知らせします。",
};

function verb(severity: Severity, title: Text, advice: Text, techniques: readonly string[]): FindingKind {
  return {
    severity,
    title: { en: `${title.en}: {server}, by {client}`, ja: `${title.ja}:{server}(操作元 {client})` },
    normal,
    changed: {
      en: "{client} sent {server} “{command}” ({protocol}): {sentEn}. Certainty {sure} %: the command was read from the packets.",
      ja: "{client}が{server}に「{command}」({protocol})を{sentJa}。確からしさ{sure}%:パケットから命令を読み取りました。",
    },
    advice,
    techniques,
  };
}
const ask = {
  en: "Ask who is working on the device right now. If it is planned work, enter a permit so that the next time stays quiet.",
  ja: "今その機器で作業している人を確認してください。計画された作業なら「作業許可」を登録すると、次回から通知されません。",
};
const orElse = (en: string, ja: string): Text => ({ en: `${ask.en} ${en}`, ja: `${ask.ja}${ja}` });

export const verbKinds: FindingKinds = {
  "ot.program.downloaded": verb(
    "critical",
    { en: "Program written to a controller", ja: "コントローラへのプログラム書き込み" },
    orElse(
      "If nobody is: keep the machine in a safe state and compare the program with your backup.",
      "誰も作業していなければ、設備を安全な状態にし、プログラムをバックアップと照合してください。",
    ),
    ["T0843", "T0889"],
  ),
  "ot.program.uploaded": verb(
    "bad",
    { en: "Program read from a controller", ja: "コントローラからのプログラム読み出し" },
    orElse(
      "If nobody is: somebody may copy your program; find out what {client} is.",
      "誰も作業していなければ、プログラムが持ち出されている可能性があります。{client}が何かを調べてください。",
    ),
    ["T0845", "T0882"],
  ),
  "ot.mode.changed": verb(
    "critical",
    { en: "Operating mode of a controller changed", ja: "コントローラの運転モード変更" },
    orElse(
      "If nobody is: turn the key switch to RUN and look whether the machine does what it should.",
      "誰も作業していなければ、キースイッチをRUNにして設備が正しく動いているか確認してください。",
    ),
    ["T0858"],
  ),
  "ot.device.stopped": verb(
    "critical",
    { en: "Controller stopped", ja: "コントローラの停止命令" },
    orElse(
      "If nobody is: take {client} off the network before the controller is started again.",
      "誰も作業していなければ、{client}をネットワークから外してからコントローラを再始動してください。",
    ),
    ["T0858", "T0816"],
  ),
  "ot.device.restarted": verb(
    "critical",
    { en: "Controller restarted", ja: "コントローラの再起動命令" },
    orElse(
      "If nobody is: check that the machine came up correctly, then look at {client}.",
      "誰も作業していなければ、設備が正しく立ち上がったかを確認し、{client}を調べてください。",
    ),
    ["T0816"],
  ),
  "ot.firmware.written": verb(
    "critical",
    { en: "Firmware written to a device", ja: "機器へのファームウェア書き込み" },
    orElse(
      "If nobody is: do not switch the device off while it writes; afterwards compare the version with the maker's.",
      "誰も作業していなければ、書き込み中は電源を切らず、完了後にメーカーの版と照合してください。",
    ),
    ["T1693.001"],
  ),
  "ot.output.forced": verb(
    "critical",
    { en: "Inputs or outputs forced", ja: "入出力の強制(フォース)" },
    orElse(
      "If nobody is: keep people away from the machine, then remove the forcing with the engineering tool.",
      "誰も作業していなければ、人を設備から遠ざけ、エンジニアリングツールで強制を解除してください。",
    ),
    ["T0835"],
  ),
  "ot.clock.set": verb(
    "notice",
    { en: "Clock of a device set", ja: "機器の時刻設定" },
    orElse(
      "A wrong clock makes logs useless: compare it.",
      "時刻がずれると記録が役に立ちません。時刻を確認してください。",
    ),
    ["T0836", "T1692.001"],
  ),
  "ot.device.configured": verb(
    "bad",
    { en: "Settings of a device changed", ja: "機器の設定変更" },
    orElse(
      "If nobody is: compare name, address and parameters of the device with your records.",
      "誰も作業していなければ、機器の名称・アドレス・パラメータを記録と照合してください。",
    ),
    ["T0836"],
  ),
};

/** Which finding a command class makes by itself. */
export const verbOf: Readonly<Partial<Record<CommandClass, string>>> = {
  download: "ot.program.downloaded",
  upload: "ot.program.uploaded",
  mode: "ot.mode.changed",
  stop: "ot.device.stopped",
  restart: "ot.device.restarted",
  firmware: "ot.firmware.written",
  force: "ot.output.forced",
  "time-set": "ot.clock.set",
  configure: "ot.device.configured",
};
