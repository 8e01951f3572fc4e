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
  TLS_FILES_BOTH: {
    status: 400,
    en: "Only one of --tls-cert and --tls-key was given. Give both, or neither to use a certificate of Yagura's own authority.",
    ja: "--tls-cert と --tls-key の一方だけが指定されています。両方を指定するか、両方とも省略してください（省略時は Yagura 独自の認証局の証明書を使用します）。",
  },
  TLS_FILE_UNREADABLE: {
    status: 400,
    en: "The file {file} of {option} cannot be read ({reason}). Check its name and that this user may read it.",
    ja: "{option} のファイル {file} を読み取れません（{reason}）。ファイル名と、このユーザーの読み取り権限を確認してください。",
  },
  UNEXPECTED: {
    status: 500,
    en: "The control plane ended with an error that was not foreseen: {detail}. Start it again; if it happens again, start with --log-level debug and report what is printed (CONTRIBUTING.md).",
    ja: "コントロールプレーンが予期しないエラーで終了しました（{detail}）。もう一度起動し、再び発生する場合は --log-level debug を付けて起動して、表示された内容を報告してください（CONTRIBUTING.md）。",
  },
  DATA_FOLDER_EMPTY: {
    status: 404,
    en: "There is no data of Yagura in {folder}, so the command changed nothing. Name the right folder by --data (or YAGURA_DATA), or start Yagura there first with `npm start`.",
    ja: "{folder} に Yagura のデータがないため、何も変更していません。--data（または YAGURA_DATA）で正しいフォルダーを指定するか、先に `npm start` で起動してください。",
  },
  CONTROL_PLANE_BUSY: {
    status: 503,
    en: "The Yagura of {folder} is starting or stopping at this moment and takes no commands. Try again in a few seconds.",
    ja: "{folder} の Yagura は起動中または停止中のため、コマンドを受け付けられません。数秒後にもう一度実行してください。",
  },
  BACKUP_FILE_UNWRITABLE: {
    status: 400,
    en: "The backup file {file} cannot be written ({reason}), so no backup was made. Name a file in an existing folder that the control plane's user may write.",
    ja: "バックアップファイル {file} に書き込めないため（{reason}）、バックアップを作成していません。コントロールプレーンの実行ユーザーが書き込める既存のフォルダーのファイル名を指定してください。",
  },
  PRICE_FILE_UNREADABLE: {
    status: 400,
    en: "The price book {file} cannot be read ({reason}). Check its name and that the control plane's user may read it.",
    ja: "価格表 {file} を読み取れません（{reason}）。ファイル名と、コントロールプレーンの実行ユーザーの読み取り権限を確認してください。",
  },
  PRICE_FILE_TOO_LARGE: {
    status: 400,
    en: "The price book {file} is larger than {limit} bytes. Split it: each part is loaded as a book of its own.",
    ja: "価格表 {file} が {limit} バイトを超えています。分割し、それぞれを別の価格表として登録してください。",
  },
  TOKEN_ORGANISATION_NEEDED: {
    status: 400,
    en: "A token of the role {role} belongs to one organisation. Add --organisation ID; the ids are in the portal's addresses and in GET /api/v1/organisations.",
    ja: "権限 {role} のトークンは一つの組織に属します。--organisation ID を付けてください。ID はポータルのアドレスと GET /api/v1/organisations で確認できます。",
  },
  TOKEN_ORGANISATION_REFUSED: {
    status: 400,
    en: "A token of the role {role} is the provider's own and not bound to an organisation. Leave --organisation out, or choose owner, admin or viewer.",
    ja: "権限 {role} のトークンはプロバイダー全体のもので、特定の組織には属しません。--organisation を省略するか、owner・admin・viewer のいずれかを選んでください。",
  },
  TOKEN_ORGANISATION_UNKNOWN: {
    status: 404,
    en: "There is no active organisation with the id {organisation}. The ids are in the portal's addresses and in GET /api/v1/organisations.",
    ja: "ID {organisation} の有効な組織はありません。ID はポータルのアドレスと GET /api/v1/organisations で確認できます。",
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
