/** Errors of the command line itself. */
import { errorTable } from "@yagura/core/errors.ts";

export const { rows: errors, raise } = errorTable({
  COMMAND_UNKNOWN: {
    status: 400,
    en: "There is no command '{command}'. Run `npx yagura help` to see what there is.",
    ja: "「{command}」というコマンドはありません。`npx yagura help` で一覧を確認してください。",
  },
  COMMAND_USAGE: {
    status: 400,
    en: "The command was not understood: {detail}. Usage: {usage}",
    ja: "コマンドを解釈できませんでした（{detail}）。使い方: {usage}",
  },
  CONTROL_PLANE_FAILED: {
    status: 500,
    en: "The control plane stopped with status {status}; its message stands above. Put right what it names and start again.",
    ja: "コントロールプレーンが状態 {status} で終了しました。直前のメッセージの内容に対処してから、もう一度起動してください。",
  },
});
