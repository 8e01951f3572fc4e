/** Errors of devices: what an edge program, the person who installs it, and the API's reader are told. */
import { errorTable } from "@yagura/core/errors.ts";

export const { rows: errors, raise } = errorTable({
  DEVICE_NOT_FOUND: {
    status: 404,
    en: "There is no such device in this organisation. Check the id, or look at the list of devices.",
    ja: "この組織にそのデバイスはありません。ID を確認するか、デバイス一覧を参照してください。",
  },
  KEY_UNKNOWN: {
    status: 403,
    en: "This enrolment key is not known here. Copy the whole key from the newest invitation mail, and check that the server's address is the one in that mail.",
    ja: "この登録キーは見つかりません。最新の招待メールからキー全体をコピーし、サーバーのアドレスがメールと同じか確認してください。",
  },
  KEY_EXPIRED: {
    status: 403,
    en: "This enrolment key expired at {expiresAt}. Ask your administrator to issue a new invitation.",
    ja: "この登録キーは {expiresAt} に有効期限が切れました。管理者に招待の再発行を依頼してください。",
  },
  KEY_USED: {
    status: 409,
    en: "This enrolment key was already used at {usedAt}; a key works once. If it was not you, tell your administrator at once; else ask for a new invitation.",
    ja: "この登録キーは {usedAt} にすでに使用されています(キーは一度だけ有効です)。心当たりがない場合は直ちに管理者へ連絡し、そうでなければ招待の再発行を依頼してください。",
  },
  KEY_REVOKED: {
    status: 403,
    en: "This enrolment key was withdrawn. Use the newest invitation mail, or ask your administrator for a new one.",
    ja: "この登録キーは取り消されています。最新の招待メールを使うか、管理者に再発行を依頼してください。",
  },
  KEY_OTHER_PROGRAM: {
    status: 403,
    en: "This enrolment key is for the program {expected}, not for {program}. Install the program that the invitation names.",
    ja: "この登録キーは {expected} 用で、{program} には使えません。招待に記載されたプログラムをインストールしてください。",
  },
  ENROLMENT_MALFORMED: {
    status: 400,
    en: "The enrolment request could not be read ({cause}). Update the program, then try again.",
    ja: "登録要求を読み取れませんでした({cause})。プログラムを更新して再度お試しください。",
  },
  DEVICE_UNKNOWN: {
    status: 401,
    en: "This device is not enrolled here. If the server was restored from an old backup, enrol again with a new key.",
    ja: "このデバイスは登録されていません。サーバーが古いバックアップから復元された場合は、新しいキーで登録し直してください。",
  },
  DEVICE_REVOKED: {
    status: 403,
    en: "This device was cut off: {reason} Ask your administrator; a new invitation is needed to come back.",
    ja: "このデバイスは利用を停止されました: {reason} 管理者に確認してください。再開には新しい招待が必要です。",
  },
  SIGNATURE_INVALID: {
    status: 401,
    en: "The request's signature is not right: {cause}. The program's key may have been replaced; enrol again if this stays.",
    ja: "要求の署名が正しくありません: {cause}。プログラムの鍵が置き換わった可能性があります。続く場合は登録し直してください。",
  },
  SIGNATURE_TIME: {
    status: 401,
    en: "The request was signed {seconds} seconds off the server's clock; at most {limit} are taken. The program corrects its clock by this answer and signs again.",
    ja: "要求の署名時刻がサーバーの時計から {seconds} 秒ずれています(許容は {limit} 秒)。プログラムはこの応答で時刻を補正し、署名し直します。",
  },
  SIGNATURE_REPLAYED: {
    status: 401,
    en: "This signed request was already seen. The program signs a new one.",
    ja: "この署名付き要求はすでに受け付けています。プログラムは新しく署名します。",
  },
  WIRE_TOO_OLD: {
    status: 426,
    en: "The program speaks wire version {version}; this server takes {oldest} to {newest}. Update the program: its data waits until then.",
    ja: "プログラムの通信形式はバージョン {version} ですが、このサーバーが受け付けるのは {oldest} から {newest} です。プログラムを更新してください。データはそれまで保持されます。",
  },
  WIRE_TOO_NEW: {
    status: 426,
    en: "The program speaks wire version {version}; this server takes {oldest} to {newest}. Update the server: the program's data waits until then.",
    ja: "プログラムの通信形式はバージョン {version} ですが、このサーバーが受け付けるのは {oldest} から {newest} です。サーバーを更新してください。データはそれまで保持されます。",
  },
  BATCH_MALFORMED: {
    status: 400,
    en: "The batch could not be read: {cause}. The program keeps it aside; tell the provider with the program's version.",
    ja: "バッチを読み取れませんでした: {cause}。プログラムはこれを別に保管します。プログラムのバージョンを添えて提供者に連絡してください。",
  },
  BATCH_TOO_LARGE: {
    status: 413,
    en: "The batch is larger than the {limit} bytes that one may have. The program keeps it aside; tell the provider.",
    ja: "バッチが上限の {limit} バイトを超えています。プログラムはこれを別に保管します。提供者に連絡してください。",
  },
  BATCH_KIND_UNKNOWN: {
    status: 422,
    en: "This server takes no batches of kind {kind}. Update the server or remove the program.",
    ja: "このサーバーは種類 {kind} のバッチを受け付けません。サーバーを更新するか、プログラムを取り除いてください。",
  },
  BATCH_REFUSED: {
    status: 422,
    en: "The batch of kind {kind} was refused ({cause}).",
    ja: "種類 {kind} のバッチは拒否されました({cause})。",
  },
  BATCH_SEQUENCE_GAP: {
    status: 409,
    en: "Too many batches before this one are missing. The program sends those first.",
    ja: "これより前のバッチが多数届いていません。プログラムは先にそれらを送信します。",
  },
  ENCODING_UNKNOWN: {
    status: 415,
    en: "Content-encoding {encoding} is not taken; zstd, gzip and none are.",
    ja: "content-encoding {encoding} は使用できません。zstd、gzip、または無圧縮を使用してください。",
  },
  DIGEST_MISMATCH: {
    status: 400,
    en: "The body is not the one that was signed: it was changed or cut on the way. The program sends it again.",
    ja: "本文が署名されたものと異なります。経路上で改変または切断されました。プログラムは再送します。",
  },
  DEVICE_RATE_LIMITED: {
    status: 429,
    en: "Too many requests. Try again after {seconds} seconds.",
    ja: "要求が多すぎます。{seconds} 秒後に再度お試しください。",
  },
  DOOR_BUSY: {
    status: 503,
    en: "The server cannot take more just now ({cause}). Nothing is lost: the program tries again after {seconds} seconds.",
    ja: "サーバーは現在これ以上受け付けられません({cause})。データは失われず、プログラムは {seconds} 秒後に再送します。",
  },
  CERTIFICATE_UNUSABLE: {
    status: 500,
    en: "The TLS certificate {file} cannot be used ({cause}). Give a PEM chain with --tls-cert and its key with --tls-key.",
    ja: "TLS 証明書 {file} を使用できません({cause})。--tls-cert に PEM の証明書チェーン、--tls-key にその鍵を指定してください。",
  },
  PACKAGE_NOT_HERE: {
    status: 404,
    en: "There is no install package {name} here. Packages are made for linux-x64 and linux-arm64, and only where the server has the runtime of that kind.",
    ja: "インストールパッケージ {name} はありません。linux-x64 と linux-arm64 向けに、サーバーに該当するランタイムがある場合のみ作成されます。",
  },
});
