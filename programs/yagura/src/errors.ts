/** Errors of the command line itself. */
import { errorTable } from "@yagura/core/errors.ts";

export const { rows: errors, raise } = errorTable({
  COMMAND_UNKNOWN: {
    status: 400,
    en: "There is no command '{command}'. Run `npx yagura help` to see what there is.",
    ja: "「{command}」というコマンドはありません。`npx yagura help` で一覧を確認してください。",
  },
  COMMAND_INCOMPLETE: {
    status: 400,
    en: "'{command}' alone is no command: a word is missing. There is: {known}.",
    ja: "「{command}」だけではコマンドになりません。続く語が必要です。使用できるコマンド: {known}",
  },
  COMMAND_FAILED: {
    status: 500,
    en: "The command ended with an error that was not foreseen: {detail}. Try it again; if it happens again, report it with this line (CONTRIBUTING.md).",
    ja: "コマンドが予期しないエラーで終了しました（{detail}）。もう一度実行し、再び発生する場合はこの行を添えて報告してください（CONTRIBUTING.md）。",
  },
  COMMAND_USAGE: {
    status: 400,
    en: "The command was not understood: {detail}. Usage: {usage}",
    ja: "コマンドを解釈できませんでした（{detail}）。使い方: {usage}",
  },
  CHARGES_FILE_UNREADABLE: {
    status: 400,
    en: "The file {file} cannot be read: {detail}. Name a file of UTF-8 text that may be read, or - for standard input.",
    ja: "ファイル {file} を読み込めません（{detail}）。読み取りできる UTF-8 のファイルか、標準入力を表す - を指定してください。",
  },
  CHARGES_FILE_NOT_JSON: {
    status: 400,
    en: "The file {file} is not JSON: {detail}. `npx yagura charges schema` prints what it may hold.",
    ja: "ファイル {file} は JSON ではありません（{detail}）。書式は `npx yagura charges schema` で確認できます。",
  },
  CONTROL_PLANE_FAILED: {
    status: 500,
    en: "The control plane ended before it was ready ({status}); what it printed stands above. Put right what it names and try again.",
    ja: "コントロールプレーンが起動前に終了しました（{status}）。直前に表示された内容に対処してから、もう一度実行してください。",
  },
});
