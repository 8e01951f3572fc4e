/** Errors of the sensor, as they are printed to the person at the machine. */
import { errorTable } from "@yagura/core/errors.ts";

export const { rows: errors, raise } = errorTable({
  INTERFACE_UNKNOWN: {
    status: 404,
    en: "There is no network interface {name} on this machine. See those there are with: ip link",
    ja: "このマシンにネットワークインターフェース {name} はありません。ip link で一覧を確認してください。",
  },
  INTERFACE_NOT_ETHERNET: {
    status: 400,
    en: "The interface {name} is not Ethernet (hardware type {hardware}). Capture on the port that the switch mirrors to.",
    ja: "インターフェース {name} は Ethernet ではありません(種別 {hardware})。スイッチのミラー先ポートに接続したインターフェースを指定してください。",
  },
  INTERFACE_LOUD: {
    status: 409,
    en: "The interface {name} could send into the plant's network ({why}), so nothing was captured. Prepare it once as root with: yagura sensor --prepare --interface {name}",
    ja: "インターフェース {name} は工場のネットワークへ送信するおそれがある({why})ため、キャプチャーを開始しません。root で一度「yagura sensor --prepare --interface {name}」を実行して準備してください。",
  },
  INTERFACE_IN_USE: {
    status: 409,
    en: "The interface {name} is this machine's own way to others (a route with a gateway leads through it), so it was left as it is. Capture on a second interface, at the mirror port.",
    ja: "インターフェース {name} はこのマシン自身の通信に使われています(ゲートウェイへの経路があります)。変更していません。ミラーポートに接続した別のインターフェースを指定してください。",
  },
  INTERFACE_NOT_PREPARED: {
    status: 403,
    en: "The interface {name} could not be made silent: {what} was refused ({errno}). Run this as root (CAP_NET_ADMIN).",
    ja: "インターフェース {name} を送信しない状態にできませんでした({what} が拒否されました: {errno})。root(CAP_NET_ADMIN)で実行してください。",
  },
  CAPTURE_REFUSED: {
    status: 403,
    en: "The kernel refused to capture on {name} ({step}: {errno}). The sensor needs the right CAP_NET_RAW: run it as root, or by its systemd unit.",
    ja: "カーネルが {name} でのキャプチャーを拒否しました({step}: {errno})。CAP_NET_RAW 権限が必要です。root または付属の systemd ユニットで実行してください。",
  },
  CAPTURE_PIPE_FAILED: {
    status: 500,
    en: "tcpdump does not capture on {name}: {told}. Install tcpdump, and run the sensor as root or allow tcpdump to capture.",
    ja: "tcpdump が {name} でキャプチャーできません({told})。tcpdump をインストールし、センサーを root で実行するか、tcpdump にキャプチャー権限を与えてください。",
  },
  CAPTURE_ENDED: {
    status: 500,
    en: "Capturing on {name} ended: {told}. Check the interface; a supervisor starts the sensor again.",
    ja: "{name} でのキャプチャーが終了しました({told})。インターフェースを確認してください。センサーは監視プログラムにより再起動されます。",
  },
  CAPTURE_FILE_UNREADABLE: {
    status: 400,
    en: "The capture file {file} cannot be played: {told}. Give another one.",
    ja: "キャプチャーファイル {file} を再生できません({told})。別のファイルを指定してください。",
  },
  NOTHING_TO_CAPTURE: {
    status: 400,
    en: "Nothing to capture was named. Give --interface NAME (several times if need be) or --file FILE.",
    ja: "キャプチャーの対象が指定されていません。--interface 名前(複数指定可)または --file ファイル を指定してください。",
  },
  USER_UNKNOWN: {
    status: 400,
    en: "There is no user {user} on this machine under whom the sensor could go on after opening the interfaces. Give another with --user.",
    ja: "インターフェースを開いた後に切り替えるユーザー {user} がこのマシンにありません。--user で別のユーザーを指定してください。",
  },
  RIGHTS_NOT_DROPPED: {
    status: 500,
    en: "The sensor could not give up its rights ({step}), so it does not go on. Report this with the system's version.",
    ja: "センサーが権限を手放せなかった({step})ため、処理を続行しません。システムのバージョンを添えて報告してください。",
  },
  TOKEN_KEY_UNREADABLE: {
    status: 400,
    en: "The token key {file} cannot be used: {told}. Give the file that `yagura sensor --make-key FILE` made; nothing is uploaded without it.",
    ja: "トークンの鍵 {file} を使用できません({told})。「yagura sensor --make-key ファイル」で作成したファイルを指定してください。鍵がない間は何も送信しません。",
  },
  TOKEN_KEY_EXISTS: {
    status: 409,
    en: "The file {file} is there already. A new key would make every token until now unreadable: give another file name, or move the old key to a safe place first.",
    ja: "ファイル {file} は既に存在します。新しい鍵を使うと、これまでのトークンを元に戻せなくなります。別のファイル名を指定するか、先に古い鍵を安全な場所へ移してください。",
  },
  LEDGER_UNREADABLE: {
    status: 400,
    en: "{file} is not an export of the ledger: {told}. Export it from the sensor's page of the portal.",
    ja: "{file} は台帳の書き出しファイルではありません({told})。ポータルのセンサーのページから書き出したファイルを指定してください。",
  },
  ENFORCEMENT_FILE_UNREADABLE: {
    status: 400,
    en: "The file with the means to take devices off the network cannot be used: {told}. Correct it (docs/enforcement.md), or start without --enforcement; nothing is blocked without it.",
    ja: "機器を遮断する手段のファイルを使用できません({told})。修正するか(docs/enforcement.md)、--enforcement を付けずに起動してください。このファイルがない間は何も遮断しません。",
  },
  ENFORCEMENT_FILE_UNSAFE: {
    status: 403,
    en: "The file {file} holds keys of switches, and others than its owner may read it, or it belongs to another user. Do: chown root {file}; chmod 600 {file}",
    ja: "ファイル {file} にはスイッチの鍵が含まれていますが、所有者以外も読み取れるか、別のユーザーの所有になっています。「chown root {file}; chmod 600 {file}」を実行してください。",
  },
  ENFORCER_FAILED: {
    status: 500,
    en: "The part of the sensor that takes devices off the network does not run: {told}. A supervisor starts the sensor again; devices that are off stay off until then.",
    ja: "機器を遮断するセンサーの部分が動作していません({told})。センサーは監視プログラムにより再起動されます。遮断中の機器は、それまで遮断されたままです。",
  },
  SENSOR_CONFIGURATION_REFUSED: {
    status: 400,
    en: "The sensor does not take this configuration: {told}. Correct it in the portal.",
    ja: "センサーがこの設定を受け付けません({told})。ポータルで修正してください。",
  },
});
