/** Errors of starting and administering the control plane. */
import { errorTable } from "@yagura/core/errors.ts";

export const { rows: errors, raise } = errorTable({
  OPTION_UNKNOWN: {
    status: 400,
    en: "The command line was not understood: {detail}. Run `npx yagura help` to see the options.",
    ja: "コマンドラインを解釈できませんでした（{detail}）。`npx yagura help` で使えるオプションを確認してください。",
  },
  OPTION_INVALID: {
    status: 400,
    en: "The option {option} has the value '{value}', which cannot be used. Allowed: {allowed}.",
    ja: "オプション {option} の値「{value}」は使用できません。指定できる値: {allowed}",
  },
  PORT_IN_USE: {
    status: 500,
    en: "Port {port} on {host} is already used by another program. Stop that program, or start with --port and another number.",
    ja: "{host} のポート {port} は別のプログラムが使用中です。そのプログラムを停止するか、--port で別の番号を指定して起動してください。",
  },
  PORT_FORBIDDEN: {
    status: 500,
    en: "Listening on {host} port {port} is not permitted. Ports below 1024 need privilege; choose a higher one with --port.",
    ja: "{host} のポート {port} で待ち受ける権限がありません。1024 未満のポートには特権が必要です。--port でより大きい番号を指定してください。",
  },
  HOST_UNKNOWN: {
    status: 500,
    en: "The address {host} does not belong to this machine, so nothing can listen on it. Give --host an address of this machine, or 0.0.0.0 for all.",
    ja: "アドレス {host} はこのマシンのものではないため待ち受けできません。--host にはこのマシンのアドレス、またはすべてを表す 0.0.0.0 を指定してください。",
  },
  ADMINISTRATION_UNKNOWN: {
    status: 400,
    en: "There is no administrative command '{command}'. Known: {known}.",
    ja: "管理コマンド「{command}」はありません。使用できるコマンド: {known}",
  },
  ADMINISTRATION_ARGUMENT: {
    status: 400,
    en: "The command {command} needs {need}. Run `npx yagura help` for its usage.",
    ja: "コマンド {command} には {need} が必要です。使い方は `npx yagura help` を参照してください。",
  },
});
