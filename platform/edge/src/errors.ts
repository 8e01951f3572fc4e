/** Errors of the edge runtime, as they are printed to the person at the machine. */
import { errorTable } from "@yagura/core/errors.ts";

export const { rows: errors, raise } = errorTable({
  ENROLMENT_KEY_MALFORMED: {
    status: 400,
    en: "The enrolment key is not complete. Copy the whole key from the mail: it starts with yk1 and has two dots.",
    ja: "登録キーが不完全です。メールに記載されたキー全体(yk1 で始まり、ドットが 2 つあります)をコピーしてください。",
  },
  NOT_ENROLLED: {
    status: 409,
    en: "This program is not enrolled yet, and no enrolment key was given. Start it once with --server and --key from the invitation mail.",
    ja: "このプログラムはまだ登録されておらず、登録キーも指定されていません。招待メールの --server と --key を付けて一度起動してください。",
  },
  SERVER_ADDRESS_INVALID: {
    status: 400,
    en: "{server} is not an http or https address. Give --server the address from the invitation mail, for example https://yagura.example.jp.",
    ja: "{server} は http または https のアドレスではありません。招待メールに記載されたアドレス(例: https://yagura.example.jp)を --server で指定してください。",
  },
  PLAIN_HTTP_REFUSED: {
    status: 400,
    en: "Plain http to {host} was refused, because others on the way could read and change it. Use https, or give --insecure-http if you accept that.",
    ja: "{host} への暗号化されない http 接続を拒否しました。経路上で読み取られ、改変されるおそれがあるためです。https を使うか、承知のうえで --insecure-http を指定してください。",
  },
  AUTHORITY_MISMATCH: {
    status: 502,
    en: "The server's certificate authority does not match the fingerprint in the key. Either the address is another server's, or something stands between: nothing was sent. Ask for a new key.",
    ja: "サーバーの認証局がキーに含まれる指紋と一致しません。別のサーバーのアドレスであるか、通信が中継されています。何も送信していません。新しいキーを依頼してください。",
  },
  SERVER_UNREACHABLE: {
    status: 503,
    en: "{server} cannot be reached ({cause}). Check the network, the firewall (outgoing to that address and port) and the proxy, then try again.",
    ja: "{server} に接続できません({cause})。ネットワーク、ファイアウォール(このアドレスとポートへの外向き通信)、プロキシを確認し、再度お試しください。",
  },
  ENROLMENT_REFUSED: {
    status: 403,
    en: "The server refused the enrolment: {reason}",
    ja: "サーバーが登録を拒否しました: {reason}",
  },
  SUBMISSION_TOO_LARGE: {
    status: 413,
    en: "A batch of {bytes} bytes is larger than the {limit} bytes that one batch may have; this is an error in the program.",
    ja: "バッチ({bytes} バイト)が上限の {limit} バイトを超えています。プログラムの誤りです。",
  },
  PROGRAM_USAGE: {
    status: 400,
    en: "The command line of the {program} was not understood: {detail}. Usage: {usage}",
    ja: "{program} のコマンドラインを解釈できませんでした({detail})。使い方: {usage}",
  },
  STATE_FOLDER_NEEDED: {
    status: 400,
    en: "The {program} needs a folder of its own for its identity and for what is not sent yet. Add --state DIR. Usage: {usage}",
    ja: "{program} には、識別情報と未送信のデータを保存する専用のフォルダーが必要です。--state DIR を付けてください。使い方: {usage}",
  },
  NEVER_RAN: {
    status: 500,
    en: "No {program} has run with the state folder {folder}, or this user may not read it. Check --state (the installed one is /var/lib/yagura-{program}), and run the command as root or as the user of the {program}.",
    ja: "状態フォルダー {folder} で {program} が動作した記録がないか、このユーザーには読み取り権限がありません。--state(インストール版は /var/lib/yagura-{program})を確認し、root または {program} の実行ユーザーで実行してください。",
  },
  PROGRAM_FAILED: {
    status: 500,
    en: "The {program} ended with an error that was not foreseen: {detail}. Start it again; if it happens again, report it with this line.",
    ja: "{program} が予期しないエラーで終了しました({detail})。もう一度起動し、再び発生する場合はこの行を添えて報告してください。",
  },
  STATE_FOLDER_UNUSABLE: {
    status: 500,
    en: "The state folder {folder} cannot be used ({cause}). Give a folder that this user may write with --state.",
    ja: "状態フォルダー {folder} を使用できません({cause})。このユーザーが書き込めるフォルダーを --state で指定してください。",
  },
  ALREADY_RUNNING: {
    status: 409,
    en: "Another program (process {pid}) is using the state folder {folder}. Stop it first, or give another folder with --state.",
    ja: "別のプログラム(プロセス {pid})が状態フォルダー {folder} を使用しています。先に停止するか、--state で別のフォルダーを指定してください。",
  },
});
