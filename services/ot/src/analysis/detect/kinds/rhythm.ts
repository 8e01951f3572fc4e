/** How much, how regular, and whether at all. */
import type { FindingKinds } from "@yagura/core/finding.ts";

export const rhythmKinds: FindingKinds = {
  "ot.volume.high": {
    severity: "notice",
    title: {
      en: "Much more traffic than usual: {client} → {server} ({protocol})",
      ja: "通信量が普段より大幅に多い:{client} → {server}({protocol})",
    },
    normal: {
      en: "In this hour of the week ({hourEn}) the two usually exchange {usual} (middle of the last {weeks} weeks).",
      ja: "この曜日・時間帯({hourJa})の普段の通信量は{usual}です(直近{weeks}週の中央値)。",
    },
    changed: {
      en: "This time it was {now}, {times} times as much. Certainty {sure} %: bytes were counted, the cause is not known.",
      ja: "今回は{now}で、普段の{times}倍です。確からしさ{sure}%:バイト数の実測値です(原因は不明)。",
    },
    advice: {
      en: "Ask for a backup, a file copy or a camera. If the line feels slow, look at this pair first. Copies of whole folders to an unknown place are a reason to unplug {client}.",
      ja: "バックアップ、ファイルコピー、カメラの追加がないか確認してください。設備の反応が遅いときは、まずこの2台を疑ってください。不明な相手への大量コピーなら{client}を切り離してください。",
    },
    techniques: ["T0882", "T0814"],
  },
  "ot.volume.low": {
    severity: "notice",
    title: {
      en: "Usual traffic is missing: {client} → {server} ({protocol})",
      ja: "いつもの通信がない:{client} → {server}({protocol})",
    },
    normal: {
      en: "In this hour of the week ({hourEn}) the two usually exchange {usual} (middle of the last {weeks} weeks).",
      ja: "この曜日・時間帯({hourJa})の普段の通信量は{usual}です(直近{weeks}週の中央値)。",
    },
    changed: {
      en: "This time it was only {now}. Certainty {sure} %: bytes were counted.",
      ja: "今回は{now}だけでした。確からしさ{sure}%:バイト数の実測値です。",
    },
    advice: {
      en: "A backup or report that did not run looks like this. Check the job on {client}.",
      ja: "バックアップや帳票の処理が動かなかった場合によく見られます。{client}の処理を確認してください。",
    },
    techniques: ["T0829"],
  },
  "ot.cycle.period": {
    severity: "notice",
    title: {
      en: "Rhythm changed: {client} → {server} ({protocol}) now every {now}",
      ja: "通信周期の変化:{client} → {server}({protocol})が{now}周期に",
    },
    normal: {
      en: "Since {since} this came every {usual} ({times} measurements).",
      ja: "{since}以降、{usual}周期でした({times}回の測定)。",
    },
    changed: {
      en: "Now it comes every {now}. Certainty {sure} %: seen in {batches} measurements in a row.",
      ja: "今は{now}周期です。確からしさ{sure}%:{batches}回続けて測定しました。",
    },
    advice: {
      en: "Slower: look at the load of the controller and the network (a new program, a second client, a bad cable). Faster: look what was changed on {client}.",
      ja: "遅くなった場合は、コントローラやネットワークの負荷(新しいプログラム、別の接続、ケーブル不良)を確認してください。速くなった場合は{client}の変更を確認してください。",
    },
    techniques: ["T0814", "T1692.001"],
  },
  "ot.cycle.jitter": {
    severity: "notice",
    title: {
      en: "Rhythm is unsteady: {client} → {server} ({protocol})",
      ja: "通信周期の乱れ:{client} → {server}({protocol})",
    },
    normal: {
      en: "Since {since} this came every {usual}, give or take {usualJitter} ({times} measurements).",
      ja: "{since}以降、{usual}周期でばらつきは{usualJitter}程度でした({times}回の測定)。",
    },
    changed: {
      en: "Now it varies by {now}. Certainty {sure} %: seen in {batches} measurements in a row.",
      ja: "今はばらつきが{now}です。確からしさ{sure}%:{batches}回続けて測定しました。",
    },
    advice: {
      en: "Look at the switch port of both devices for errors, at the load of the network and at cables near drives. If control depends on it, tell the line's engineer.",
      ja: "両機器のスイッチポートのエラー、ネットワークの負荷、インバータ付近の配線を確認してください。制御に関わる通信なら、ラインの担当者に知らせてください。",
    },
    techniques: ["T0814"],
  },
  "ot.cycle.silent": {
    severity: "bad",
    title: {
      en: "Silent: {client} → {server} ({protocol}). Did the line stop?",
      ja: "通信停止:{client} → {server}({protocol})。ライン停止の可能性",
    },
    normal: {
      en: "Since {since} {client} spoke with {server} every {usual}; at this hour of the week in {share} % of the weeks.",
      ja: "{since}以降、{client}は{server}と{usual}周期で通信していました(この曜日・時間帯では{share}%の週で稼働)。",
    },
    changed: {
      en: "Nothing was seen since {last}. Certainty {sure} %: the sensor itself was heard all the time.",
      ja: "{last}から通信が見られません。確からしさ{sure}%:その間もセンサー自体は正常に動いていました。",
    },
    advice: {
      en: "Look whether the machine stands. If it was stopped on purpose, nothing needs to be done: the finding ends when it talks again. If not, check power, cable and switch of {server}, then of {client}.",
      ja: "設備が止まっていないか確認してください。計画停止なら対応は不要で、通信が戻れば自動的に終了します。そうでなければ、{server}、次に{client}の電源・ケーブル・スイッチを確認してください。",
    },
    techniques: ["T0826", "T0829"],
  },
  "ot.devices.full": {
    severity: "bad",
    title: {
      en: "The list of devices is full: {refused} were not taken up",
      ja: "機器一覧が上限に達し、{refused}台を登録できません",
    },
    normal: {
      en: "A site has at most {limit} devices; most have far fewer.",
      ja: "1つの拠点に登録できる機器は{limit}台までです。通常はこれよりはるかに少ない台数です。",
    },
    changed: {
      en: "The list of the site holds {limit} devices. What is new beyond them is neither listed nor watched. Certainty {sure} %: counted.",
      ja: "この拠点の機器一覧は{limit}台に達しました。これを超える新しい機器は一覧に載らず、監視もされません。確からしさ{sure}%:実際の台数です。",
    },
    advice: {
      en: "Look at the newest devices of the list: many that were seen once only are forged senders or a scan; find their switch port. Those are taken off by themselves after seven days; join devices that are one. If the plant is really that large, give each hall a site and a sensor of its own.",
      ja: "機器一覧を新しい順に確認してください。一度だけ現れた機器が多い場合は、送信元の偽装やスキャンが疑われるため、そのスイッチのポートを調べます。そのような機器は7日後に自動で一覧から外れます。同じ機器が分かれている場合は統合してください。実際に台数が多い場合は、建屋ごとに拠点とセンサーを分けてください。",
    },
  },
  "ot.capture.bad": {
    severity: "notice",
    title: {
      en: "The sensor does not see everything: {interface}",
      ja: "センサーが全部の通信を見られていません:{interface}",
    },
    normal: {
      en: "A good mirror port shows both directions of each conversation, once, and loses nothing.",
      ja: "正しく設定されたミラーポートでは、往復両方向の通信が、重複も欠落もなく見えます。",
    },
    changed: {
      en: "In the last minutes: {whatEn}. Certainty {sure} %: counted by the sensor over {packets} packets.",
      ja: "直近の測定:{whatJa}。確からしさ{sure}%:{packets}パケットをセンサーが数えた結果です。",
    },
    advice: {
      en: "{adviceEn}",
      ja: "{adviceJa}",
    },
  },
};
