/** Everything that can go wrong with the stores, in the reader's words. */
import { errorTable } from "@yagura/core/errors.ts";

export const { rows: errors, raise } = errorTable({
  DATA_FOLDER_IN_USE: {
    status: 503,
    en: "The data folder {folder} is already used by another Yagura (process {pid}). Stop that one first, or start this one with another folder by --data.",
    ja: "データフォルダー {folder} は、別の Yagura（プロセス {pid}）が使用中です。そちらを先に止めるか、--data で別のフォルダーを指定してください。",
  },
  DATA_FOLDER_NOT_WRITABLE: {
    status: 503,
    en: "The data folder {folder} cannot be written ({reason}). Run this as the user who owns it, or choose another folder by --data.",
    ja: "データフォルダー {folder} に書き込めません（{reason}）。所有するユーザーで実行するか、--data で別のフォルダーを指定してください。",
  },
  DISK_FULL: {
    status: 507,
    en: "The disk that holds {place} is full, so nothing more was stored. What was acknowledged before is safe. Free some space; storing then goes on by itself.",
    ja: "{place} のあるディスクがいっぱいのため、新しいデータを保存できませんでした。すでに受領済みのデータは失われていません。空き容量を確保すると、自動的に保存を再開します。",
  },
  EMBEDDED_UNSUPPORTED: {
    status: 503,
    en: "There is no embedded {engine} for this kind of machine ({platform}). Use an external server: set {variable}.",
    ja: "この機種（{platform}）では内蔵の {engine} を使えません。外部サーバーを {variable} で指定してください。",
  },
  POSTGRES_START_FAILED: {
    status: 503,
    en: "The embedded PostgreSQL did not start: {reason}. Its log is {log}.",
    ja: "内蔵の PostgreSQL を起動できませんでした：{reason}。ログは {log} にあります。",
  },
  POSTGRES_ROOT_REFUSED: {
    status: 503,
    en: "PostgreSQL must not run as root, and this folder is closed to other users: {folder}. Choose a folder that others may pass through (for example /var/lib/yagura) by --data, or start Yagura as an ordinary user.",
    ja: "PostgreSQL は root では動作できず、フォルダー {folder} は他のユーザーに閉じられています。他のユーザーが通過できるフォルダー（例：/var/lib/yagura）を --data で指定するか、一般ユーザーで Yagura を起動してください。",
  },
  POSTGRES_VERSION: {
    status: 503,
    en: "The PostgreSQL server has version {version}; at least {needed} is needed. Upgrade the server, or choose another by DATABASE_URL.",
    ja: "PostgreSQL サーバーのバージョンは {version} です。{needed} 以上が必要です。サーバーを更新するか、DATABASE_URL で別のサーバーを指定してください。",
  },
  POSTGRES_DATA_VERSION: {
    status: 503,
    en: "The data in {folder} was written by PostgreSQL {found}; this Yagura brings {bundled}. Start it with the Yagura that wrote it, make a backup there, and restore the backup here into an empty folder.",
    ja: "{folder} のデータは PostgreSQL {found} で書かれていますが、この Yagura の内蔵版は {bundled} です。元の Yagura でバックアップを作成し、空のフォルダーに復元してください。",
  },
  STORE_UNAVAILABLE: {
    status: 503,
    en: "The database does not answer ({reason}), so nothing was changed. Try again in a moment.",
    ja: "データベースが応答しません（{reason}）。変更は行われていません。しばらくしてからもう一度お試しください。",
  },
  STORE_OUTCOME_UNKNOWN: {
    status: 503,
    en: "The database went away while it was storing the change, so it is not known whether the change was stored. Look before trying again.",
    ja: "変更の保存中にデータベースとの接続が切れたため、保存されたかどうか確認できません。内容を確認してから、もう一度お試しください。",
  },
  TELEMETRY_UNAVAILABLE: {
    status: 503,
    en: "The telemetry store does not answer ({reason}). Try again in a moment; an insert may be repeated with the same token.",
    ja: "テレメトリーの保存先が応答しません（{reason}）。しばらくしてからもう一度お試しください。同じトークンでの再登録は安全です。",
  },
  TELEMETRY_UNSCOPED: {
    status: 500,
    en: "A telemetry query without the organisation was refused. Every such query must contain {placeholder}.",
    ja: "組織を指定しないテレメトリーの問い合わせを拒否しました。問い合わせには必ず {placeholder} を含めてください。",
  },
  TELEMETRY_TIMEOUT: {
    status: 504,
    en: "The query was given up after {seconds} s. Ask for a shorter time range or fewer sessions.",
    ja: "問い合わせが {seconds} 秒を超えたため中止しました。期間を短くするか、対象を減らしてください。",
  },
  TELEMETRY_MEMORY: {
    status: 503,
    en: "The query needs more memory than is allowed. Ask for a shorter time range or fewer sessions.",
    ja: "問い合わせに必要なメモリーが上限を超えました。期間を短くするか、対象を減らしてください。",
  },
  TELEMETRY_QUERY: {
    status: 500,
    en: "The telemetry store refused a statement: {reason}.",
    ja: "テレメトリーの保存先が命令を拒否しました：{reason}。",
  },
  TELEMETRY_ROW_COUNT: {
    status: 500,
    en: "An insert into {table} gave {given} rows, but {stored} arrived. It was not acknowledged; it will be sent again.",
    ja: "{table} への登録で {given} 行を渡しましたが、{stored} 行しか届きませんでした。受領していないため、再送されます。",
  },
  MIGRATION_CHANGED: {
    status: 500,
    en: "Migration {name} of room {room} ({engine}) was changed after it had been applied. Put the file back as it was, and write the change as a new migration.",
    ja: "{room} の移行 {name}（{engine}）が、適用後に変更されています。ファイルを元に戻し、変更は新しい移行として追加してください。",
  },
  MIGRATION_MISSING: {
    status: 500,
    en: "Migration {version} of room {room} ({engine}) was applied to this data, but its file is missing. The program is older than the data, or incomplete: use the version that last ran here, or a newer one.",
    ja: "{room} の移行 {version}（{engine}）はこのデータに適用済みですが、ファイルがありません。プログラムがデータより古いか、不完全です。最後に使用したバージョン以降をお使いください。",
  },
  MIGRATION_NEWER: {
    status: 500,
    en: "This data was used by a newer Yagura (room {room}, {engine}, migration {version} is unknown here). Use that version or a newer one; going back is not possible.",
    ja: "このデータは新しい Yagura で使用されています（{room}、{engine}、移行 {version} は未知です）。そのバージョン以降をお使いください。前のバージョンには戻せません。",
  },
  MIGRATION_ORDER: {
    status: 500,
    en: "Migration files of room {room} must be named NNNN-name.sql and numbered 1, 2, 3 … without holes; {name} is not.",
    ja: "{room} の移行ファイルは NNNN-name.sql の形式で、1 から順に番号を付けてください。{name} は規則に合っていません。",
  },
  MIGRATION_FAILED: {
    status: 500,
    en: "Migration {name} of room {room} ({engine}) failed: {reason}. It was not recorded as applied.",
    ja: "{room} の移行 {name}（{engine}）に失敗しました：{reason}。適用済みとして記録されていません。",
  },
  BACKUP_FILE_INVALID: {
    status: 400,
    en: "The file {file} is not a whole Yagura backup ({reason}). Nothing was restored. Use another copy of it.",
    ja: "ファイル {file} は正しい Yagura のバックアップではありません（{reason}）。何も復元していません。別のコピーをお使いください。",
  },
  BACKUP_FILE_EXISTS: {
    status: 409,
    en: "The file {file} exists already and is not overwritten. Choose another name.",
    ja: "ファイル {file} はすでに存在するため、上書きしません。別の名前を指定してください。",
  },
  BACKUP_UNREADABLE_TABLE: {
    status: 500,
    en: "The table {table} cannot be read by the backup ({reason}), so no backup was made. Mark it by yagura.tenant_table, provider_table or shared_table in its migration.",
    ja: "テーブル {table} を読み取れないため（{reason}）、バックアップを作成しませんでした。移行で yagura.tenant_table などを指定してください。",
  },
  RESTORE_NOT_EMPTY: {
    status: 409,
    en: "There is data already in {place}, and a restore never overwrites. Restore into an empty data folder and empty databases.",
    ja: "{place} にはすでにデータがあります。復元は上書きしません。空のデータフォルダーと空のデータベースに復元してください。",
  },
});
