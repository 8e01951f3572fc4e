/** What the service refuses, with the facts, and what to do about it. */
import { errorTable } from "@yagura/core/errors.ts";

const table = errorTable({
  PARSER_REFUSED: {
    status: 422,
    en: "This is no description of a protocol: {problem}. It was not stored; correct it there.",
    ja: "プロトコルの定義として使えません: {problem}。保存されませんでした。該当箇所を修正してください。",
  },
  PARSERS_FULL: {
    status: 409,
    en: "The site has all its {limit} own protocols; {ended} of them are removed ones whose history is still kept. Change one that is there; a removed one makes room when its history is gone.",
    ja: "この拠点の独自プロトコルは上限の {limit} 件に達しています（うち {ended} 件は削除済みで、履歴が残っているもの）。既存の定義を変更してください。削除済みの枠は、履歴の保存期間が過ぎると空きます。",
  },
  PARSER_ENDED: {
    status: 409,
    en: "The protocol “{name}” was removed; only its names stay beside its history. Declare it anew.",
    ja: "プロトコル「{name}」は削除済みで、履歴の名称だけが残っています。新しく登録してください。",
  },
  METADATA_COLUMNS: {
    status: 422,
    en: "A table of the upload is not consistent: its columns must be equally long, and each index must lie within the texts and endpoints of the same upload. It was not stored; update the sensor.",
    ja: "アップロードの表に矛盾があります。各列は同じ長さで、索引は同じアップロードの文字列と端点の範囲内でなければなりません。保存されませんでした。センサーを更新してください。",
  },
  METADATA_INTERVAL: {
    status: 422,
    en: "The upload's interval ends before it begins or is longer than a day. It was not stored; check the sensor's clock and update the sensor.",
    ja: "アップロードの期間の終わりが始まりより前であるか、1 日を超えています。保存されませんでした。センサーの時計を確認し、センサーを更新してください。",
  },
  METADATA_FUTURE: {
    status: 422,
    en: "The upload tells of a time more than a day in the future, after the correction of the sensor's clock. It was not stored; set the sensor's clock.",
    ja: "センサーの時計を補正した後も 1 日以上先の時刻のデータが含まれているため、保存されませんでした。センサーの時計を合わせてください。",
  },
  METADATA_ANCIENT: {
    status: 422,
    en: "The upload tells of a time more than 400 days ago, after the correction of the sensor's clock. It was not stored; set the sensor's clock.",
    ja: "センサーの時計を補正した後も 400 日以上前の時刻のデータが含まれているため、保存されませんでした。センサーの時計を合わせてください。",
  },
  METADATA_TOO_MANY: {
    status: 422,
    en: "The upload holds more than 60,000 rows. It was not stored; the sensor has to upload more often.",
    ja: "アップロードに 60,000 行を超えるデータが含まれているため、保存されませんでした。センサーはより短い間隔でアップロードする必要があります。",
  },
  METADATA_FOREIGN: {
    status: 403,
    en: "The device is no sensor of OT security (any more), so its upload was not stored. Issue a new key for the sensor and enrol it again.",
    ja: "このデバイスは OT セキュリティのセンサーではない（または、なくなった）ため、アップロードは保存されませんでした。センサーの新しいキーを発行し、登録し直してください。",
  },
  SITE_IN_USE: {
    status: 409,
    en: "The site “{name}” has {sensors} sensors, and what they saw belongs to it, so it stays. Assign sensors that have not uploaded yet to another site; a site that is no longer used can be renamed.",
    ja: "拠点「{name}」にはセンサーが {sensors} 台あり、その内容は拠点に属するため、削除できません。まだアップロードしていないセンサーは別の拠点に割り当てられます。使わなくなった拠点は名称を変更してください。",
  },
  SENSOR_CONTRACT_UNKNOWN: {
    status: 422,
    en: "This organisation has no contract {number} for OT security. Compare the number with the notice of the contract.",
    ja: "この組織に、OT セキュリティの契約 {number} はありません。契約のお知らせの番号と照らし合わせてください。",
  },
  SENSOR_CONTRACT_OVER: {
    status: 409,
    en: "The contract {number} ended on {endedOn}, so no sensor can run under it. Ask for a new contract.",
    ja: "契約 {number} は {endedOn} に終了しているため、センサーを登録できません。新しい契約をお申し込みください。",
  },
  SENSOR_CONTRACT_TAKEN: {
    status: 409,
    en: "The contract {number} already belongs to the sensor “{label}”: a contract is one sensor. For a new machine, issue a new key of that sensor.",
    ja: "契約 {number} はすでにセンサー「{label}」のものです。1 契約につきセンサーは 1 台です。機器を取り替える場合は、そのセンサーのキーを再発行してください。",
  },
  SENSOR_ENDED: {
    status: 409,
    en: "The sensor “{label}” ended with its contract {number}. It uploads nothing any more; what it saw stays readable.",
    ja: "センサー「{label}」は契約 {number} とともに終了しました。アップロードは行われませんが、これまでの内容は参照できます。",
  },
  SENSOR_SITE_FIXED: {
    status: 409,
    en: "The sensor “{label}” has already uploaded since {since}, and what it saw belongs to the site “{site}”. To watch another place, use another sensor.",
    ja: "センサー「{label}」は {since} からアップロードしており、その内容は拠点「{site}」のものです。別の場所を監視するには、別のセンサーを使ってください。",
  },
  SENSOR_KEY_NONE: {
    status: 409,
    en: "The sensor “{label}” has no open key: it was used, has expired or was revoked. Issue a new one.",
    ja: "センサー「{label}」に有効なキーはありません（使用済み、期限切れ、または取り消し済みです）。新しいキーを発行してください。",
  },
  SENSOR_DEVICE_NONE: {
    status: 409,
    en: "No machine is enrolled for the sensor “{label}”, so there is nothing to revoke.",
    ja: "センサー「{label}」として登録されている機器がないため、取り消すものがありません。",
  },
  OT_RANGE_INVALID: {
    status: 422,
    en: "The time from {from} to {to} is empty or longer than {limit} days. Choose an end after the start, within that limit.",
    ja: "{from} から {to} までの期間が空であるか、{limit} 日を超えています。開始より後で、上限以内の終了時刻を選んでください。",
  },
  SITE_NEEDED: {
    status: 422,
    en: "The organisation has {sites} sites. Say which one is meant by “site”.",
    ja: "この組織には拠点が {sites} か所あります。「site」でどの拠点かを指定してください。",
  },
  CURSOR_INVALID: {
    status: 422,
    en: "The cursor does not belong to this list and its order. Begin again with the first page.",
    ja: "カーソルがこの一覧と並び順に対応していません。最初のページからやり直してください。",
  },
  NETWORK_INVALID: {
    status: 422,
    en: "“{network}” is no network. Write an address and a length such as 192.0.2.0/24 or 2001:db8::/64.",
    ja: "「{network}」はネットワークの表記ではありません。192.0.2.0/24 や 2001:db8::/64 のように、アドレスと長さを入力してください。",
  },
  MERGE_SELF: {
    status: 422,
    en: "A device cannot be joined with itself, nor with one of another site. Choose other devices of the same site.",
    ja: "デバイスを自分自身や、別の拠点のデバイスと統合することはできません。同じ拠点の別のデバイスを選んでください。",
  },
  SPLIT_NOTHING: {
    status: 422,
    en: "Nothing to split: name at least one MAC or address that the device “{name}” has, and leave it at least one.",
    ja: "分割できません。デバイス「{name}」が持つ MAC アドレスまたは IP アドレスを 1 つ以上指定し、1 つ以上を残してください。",
  },
  ASSET_MERGED: {
    status: 409,
    en: "The device “{name}” was joined into another and is changed there.",
    ja: "デバイス「{name}」は別のデバイスに統合されています。変更は統合先で行ってください。",
  },
  FINDING_DECIDED: {
    status: 409,
    en: "The finding is {state} already; nothing is left to decide.",
    ja: "この検知はすでに「{state}」の状態で、決定することはありません。",
  },
  MUTE_UNTIL: {
    status: 422,
    en: "The end {until} is not ahead or more than {limit} days ahead. A mute needs an end within that time.",
    ja: "終了時刻 {until} が過去であるか、{limit} 日より先です。ミュートには、その期間内の終了時刻が必要です。",
  },
  ALLOW_EMPTY: {
    status: 422,
    en: "The rule would allow everything. Name at least a client, a server, a protocol, a class of commands or a kind of finding.",
    ja: "このルールではすべてが許可されます。クライアント、サーバー、プロトコル、コマンドの種別、検知の種類のいずれかを指定してください。",
  },
  SELECTOR_INVALID: {
    status: 422,
    en: "“{selector}” names no side of a rule. Write a device's id, an address, a network such as 192.0.2.0/24, role:…, zone:…, internet or group.",
    ja: "「{selector}」はルールの対象として読み取れません。デバイスの ID、アドレス、192.0.2.0/24 のようなネットワーク、role:…、zone:…、internet、group のいずれかを入力してください。",
  },
  PERMIT_INTERVAL: {
    status: 422,
    en: "The work from {from} to {to} is empty or longer than {limit} days. Plan long work in parts.",
    ja: "{from} から {to} までの作業期間が空であるか、{limit} 日を超えています。長い作業は分けて登録してください。",
  },
  PERMIT_OVER: {
    status: 409,
    en: "The permit “{title}” is over or was cancelled and stays as it is. Make a new one.",
    ja: "作業許可「{title}」は終了または取り消し済みのため、変更できません。新しく登録してください。",
  },
  PERMITS_FULL: {
    status: 409,
    en: "The site already has {limit} permits that are planned or under way; more are not kept. Cancel those that are not needed, or name several devices in one permit.",
    ja: "この拠点には、予定または実施中の作業許可がすでに {limit} 件（上限）あります。不要なものを取り消すか、1 件の作業許可に複数のデバイスをまとめてください。",
  },
  MUTES_FULL: {
    status: 409,
    en: "The site already has {limit} mutes in force; more are not kept. End those that are not needed, or mute a whole kind or device.",
    ja: "この拠点には、有効な通知停止がすでに {limit} 件（上限）あります。不要なものを解除するか、検知の種類やデバイスの単位でまとめて停止してください。",
  },
  ALLOW_RULES_FULL: {
    status: 409,
    en: "The site already has {limit} allow rules; more are not kept. Remove those that never hit, or allow a network, a role or a zone in one rule.",
    ja: "この拠点には、許可ルールがすでに {limit} 件（上限）あります。該当のないルールを削除するか、ネットワーク・役割・ゾーンの単位で 1 つのルールにまとめてください。",
  },
  SETTING_UNKNOWN: {
    status: 422,
    en: "There is no threshold or kind “{name}”.",
    ja: "しきい値または検知の種類「{name}」はありません。",
  },
  SETTING_RANGE: {
    status: 422,
    en: "“{name}” may be from {minimum} to {maximum}, not {value}.",
    ja: "「{name}」は {minimum}～{maximum} の範囲で指定してください（{value} は指定できません）。",
  },
  WHAT_IF_BUSY: {
    status: 409,
    en: "Another what-if of this site still runs. Wait for it or delete it.",
    ja: "この拠点の別の What-if が実行中です。終わるのを待つか、削除してください。",
  },
  REGISTER_HEADERS: {
    status: 422,
    en: "No column of the file could be told: {headers}. Name the headers of at least one of number, name, MAC, address or serial.",
    ja: "ファイルの列を判別できませんでした：{headers}。管理番号、名称、MAC アドレス、IP アドレス、シリアル番号のうち、少なくとも 1 つの見出しを指定してください。",
  },
  REGISTER_TOO_LONG: {
    status: 422,
    en: "The file has more than {limit} rows. Import the devices of one site only.",
    ja: "ファイルが {limit} 行を超えています。1 つの拠点のデバイスだけを取り込んでください。",
  },
  CAPTURE_EMPTY: {
    status: 422,
    en: "The file is empty. Send the capture (pcap, pcapng, also compressed with gzip or Zstandard) as the body of the request.",
    ja: "ファイルが空です。キャプチャファイル（pcap、pcapng、gzip または Zstandard 圧縮も可）をリクエスト本文として送信してください。",
  },
  CAPTURE_BUSY: {
    status: 409,
    en: "{limit} captures of this organisation are waiting or being analysed. Wait until one is done.",
    ja: "この組織のキャプチャが {limit} 件、待機中または解析中です。いずれかが終わるまでお待ちください。",
  },
  CAPTURES_FULL: {
    status: 409,
    en: "There are {limit} captures with their results already; more are not kept. Remove those that are no longer needed.",
    ja: "キャプチャと解析結果は {limit} 件まで保存できます。不要なものを削除してください。",
  },
  CAPTURE_FAILED: {
    status: 422,
    en: "The capture could not be analysed: {cause}. Check that it is a pcap or pcapng file and whole.",
    ja: "キャプチャを解析できませんでした：{cause}。pcap または pcapng 形式で、壊れていないことを確認してください。",
  },
  NORMS_OWN: {
    status: 403,
    en: "Taking part in the comparison with others is the organisation's own decision. Ask an owner or administrator of the organisation to switch it on; ending it is open to you.",
    ja: "他社との比較への参加は、お客様自身が決める設定です。お客様の所有者または管理者に有効化を依頼してください。参加の終了は提供者側でも行えます。",
  },
  FEED_UNREADABLE: {
    status: 422,
    en: "{file} could not be read, so nothing was loaded. Check its name and that the user of Yagura may read it.",
    ja: "{file}を読み取れなかったため、何も登録されませんでした。ファイル名と、Yagura のユーザーが読み取れることを確認してください。",
  },
  FEED_UNKNOWN: {
    status: 422,
    en: "Nothing was loaded: {file} is none of the known kinds. Known are CSAF 2.0 documents (JSON), tab-separated advisories, the list of known exploited vulnerabilities (CSV or JSON), end dates of endoflife.date (JSON or tab-separated) and listings of MAC prefixes (CSV of the IEEE, hwdb).",
    ja: "{file}は対応していない種類のため、何も登録されませんでした。対応しているのは、CSAF 2.0 文書（JSON）、タブ区切りの勧告一覧、悪用が確認された脆弱性の一覧（CSV または JSON）、endoflife.date のサポート終了日（JSON またはタブ区切り）、MAC アドレスの割り当て一覧（IEEE の CSV または hwdb）です。",
  },
  FEED_TOO_LARGE: {
    status: 422,
    en: "{file} exceeds what can be loaded at once ({limit}), so nothing was loaded. Load it in parts.",
    ja: "{file}は一度に登録できる上限（{limit}）を超えているため、何も登録されませんでした。分けて登録してください。",
  },
  BLOCK_NO_MEANS: {
    status: 409,
    en: "No sensor of this site was given the means to take devices off the network, so nothing was done. Whoever runs the sensor's machine gives them by a file there (--enforcement, docs/enforcement.md).",
    ja: "この拠点のセンサーには機器を遮断する手段が与えられていないため、何も行っていません。センサーを設置した担当者が、センサー側のファイル（--enforcement、docs/enforcement.md）で設定してください。",
  },
  BLOCK_MAC: {
    status: 422,
    en: "The device “{name}” has no MAC {mac}, so nothing was done. Reload the page and choose one of its MACs.",
    ja: "機器「{name}」に MAC アドレス {mac} はないため、何も行っていません。ページを再読み込みし、表示された MAC アドレスから選んでください。",
  },
  BLOCK_UNCONFIRMED: {
    status: 422,
    en: "“{name}” is a device whose loss can stop machines, so its name has to be typed exactly. Nothing was done.",
    ja: "「{name}」は停止すると設備に影響する機器のため、機器名を正確に入力する必要があります。何も行っていません。",
  },
  BLOCK_TOO_LONG: {
    status: 422,
    en: "The premises allow {hours} hours at most, so nothing was done. Choose a shorter time; it can be ordered again.",
    ja: "この拠点で許可されている遮断時間は最大 {hours} 時間のため、何も行っていません。より短い時間を選んでください。後からもう一度遮断できます。",
  },
  BLOCK_LIMIT: {
    status: 409,
    en: "{limit} devices are off the network already, more at once the premises do not allow. Put one on again first.",
    ja: "すでに {limit} 台を遮断しており、この拠点ではこれ以上同時に遮断できません。先にいずれかの遮断を解除してください。",
  },
  BLOCK_TWICE: {
    status: 409,
    en: "“{name}” is off the network already, or being taken off. See the list of blocked devices.",
    ja: "「{name}」はすでに遮断済み、または遮断中です。遮断中の機器の一覧を確認してください。",
  },
  BLOCK_OVER: {
    status: 409,
    en: "The order is over already: it was taken back, refused, or its time has come. Reload the list.",
    ja: "この遮断はすでに終わっています（解除済み、拒否、または期限切れ）。一覧を再読み込みしてください。",
  },
});

export const errors = table.rows;
export const raise = table.raise;
