/** What an intruder, or a broken device, does to a network. */
import type { FindingKind, FindingKinds } from "@yagura/core/finding.ts";

interface Text {
  readonly en: string;
  readonly ja: string;
}
const scan = (title: Text, changed: Text): FindingKind => ({
  severity: "bad",
  title,
  normal: {
    en: "{client} has been watched since {watchedSince} ({watchedDays} days) and did not do this. Its known partners are not counted.",
    ja: "{client}は{watchedSince}から{watchedDays}日間監視していますが、このような動きはありませんでした(普段の通信相手は数に含みません)。",
  },
  changed,
  advice: {
    en: "Ask whether IT or a maker searches for devices right now (inventory software, an engineering tool's search). Old controllers can stop when they are scanned. If nobody does it, unplug {client} and have it checked for malware.",
    ja: "情報システム部門やメーカーが機器の検索(資産管理ソフトや設定ツールの検索機能)をしていないか確認してください。古いコントローラは走査だけで停止することがあります。心当たりがなければ{client}を切り離し、マルウェアを検査してください。",
  },
  techniques: ["T0846", "T0888"],
});
const service = (name: Text, techniques: readonly string[]): FindingKind => ({
  severity: "bad",
  title: { en: `Unexpected ${name.en}: {server}`, ja: `想定外の${name.ja}:{server}` },
  normal: {
    en: `In the {watchedDays} days since {watchedSince} this device was never used for that. Meant to be there by the settings: {known}.`,
    ja: `{watchedSince}から{watchedDays}日間、この機器が${name.ja}として使われたことはありません(設定に登録済みのもの:{known})。`,
  },
  changed: {
    en: `Now {server} is used as ${name.en} ({client}). Certainty {sure} %: {seenEn}`,
    ja: `今回、{server}が${name.ja}として使われました({client})。確からしさ{sure}%:{seenJa}`,
  },
  advice: {
    en: "A private router or a wrongly set PC does this, and an attacker to get between devices. Find the switch port of {server}. If it is wanted, approve it or enter it in the settings.",
    ja: "持ち込みルーターや設定を誤ったPC、または通信に割り込む攻撃者の可能性があります。{server}のスイッチポートを特定してください。正当なら「承認」するか設定に登録してください。",
  },
  techniques,
});

export const attackKinds: FindingKinds = {
  "ot.scan.hosts": scan(
    { en: "{client} searches the network for devices", ja: "{client}がネットワーク内の機器を探索" },
    {
      en: "It asked {count} devices in {minutes} minutes, for example {examples}. Certainty {sure} %: attempts were counted.",
      ja: "{minutes}分間に{count}台へ接続を試みました(例:{examples})。確からしさ{sure}%:接続の試行を数えました。",
    },
  ),
  "ot.scan.ports": scan(
    { en: "{client} tries the services of {server}", ja: "{client}が{server}のサービスを探索" },
    {
      en: "It tried {count} ports of {server} in {minutes} minutes. Certainty {sure} %: attempts were counted.",
      ja: "{minutes}分間に{server}の{count}個のポートを試みました。確からしさ{sure}%:接続の試行を数えました。",
    },
  ),
  "ot.scan.arp": scan(
    { en: "{client} asks for many addresses by ARP", ja: "{client}がARPで多数のアドレスを探索" },
    {
      en: "It asked for {count} addresses in {minutes} minutes. Certainty {sure} %: the questions were counted.",
      ja: "{minutes}分間に{count}個のアドレスを問い合わせました。確からしさ{sure}%:問い合わせを数えました。",
    },
  ),
  "ot.command.refused": {
    severity: "notice",
    title: {
      en: "{server} refuses commands of {client} ({protocol})",
      ja: "{server}が{client}の命令を拒否({protocol})",
    },
    normal: {
      en: "{client} has been watched since {watchedSince} ({watchedDays} days); it was not refused so often.",
      ja: "{client}は{watchedSince}から{watchedDays}日間監視していますが、これほど拒否されたことはありません。",
    },
    changed: {
      en: "Now {refused} of {count} commands were refused, for example “{command}”. Certainty {sure} %: the refusals were read from the packets.",
      ja: "今回、{count}回の命令のうち{refused}回が拒否されました(例:「{command}」)。確からしさ{sure}%:パケットから拒否応答を読み取りました。",
    },
    advice: {
      en: "After a change of the program of one of the two, addresses may no longer fit: ask the line's engineer. If nothing was changed, somebody may be trying out what {server} understands: find out what {client} is.",
      ja: "どちらかのプログラムを変更した後なら、アドレスが合わなくなった可能性があります。ラインの担当者に確認してください。変更がなければ、{server}が何に応答するかを探られている可能性があります。{client}が何かを調べてください。",
    },
    techniques: ["T0888", "T1692.001"],
  },
  "ot.login.refused": {
    severity: "bad",
    title: {
      en: "Refused logins at {server}, from {client} ({protocol})",
      ja: "{server}でログイン失敗が多発({client}から、{protocol})",
    },
    normal: {
      en: "{client} has been watched since {watchedSince} ({watchedDays} days). A person mistypes a password once or twice.",
      ja: "{client}は{watchedSince}から{watchedDays}日間監視しています。人の打ち間違いは1、2回です。",
    },
    changed: {
      en: "{refused} logins were refused within seconds. Certainty {sure} %: the refusals were read from the packets (not the passwords).",
      ja: "短時間に{refused}回のログインが拒否されました。確からしさ{sure}%:パケットから拒否応答を読み取りました(パスワードは読み取りません)。",
    },
    advice: {
      en: "A program with an old password does this after a change: look at {client}. If nobody changed a password, somebody is guessing: take {client} off the network and change the password of {server}.",
      ja: "パスワード変更後、古い設定のままのプログラムでよく起こります。{client}を確認してください。変更していなければ推測による侵入の試みです。{client}をネットワークから外し、{server}のパスワードを変更してください。",
    },
    techniques: ["T0859", "T1694.001"],
  },
  "ot.arp.spoofing": {
    severity: "critical",
    title: { en: "{claimant} pretends to be {address}", ja: "{claimant}が{address}になりすまし" },
    normal: {
      en: "Since {since} the address {address} belonged to {owner} ({times} times seen).",
      ja: "{since}以降、アドレス{address}は{owner}のものでした({times}回確認)。",
    },
    changed: {
      en: "Now {claimant}, which has another address of its own, claims it too ({stateEn}). Certainty {sure} %: both claims were seen in ARP.",
      ja: "自分の別のアドレスを持つ{claimant}が、同じアドレスも名乗りました({stateJa})。確からしさ{sure}%:両方のARPを確認しています。",
    },
    advice: {
      en: "This is how an attacker gets between two devices and reads or changes what they say. Find {claimant} at the switch and unplug it. Redundant pairs (VRRP, failover) do it too: then approve it.",
      ja: "通信の間に割り込み、盗聴や改ざんをする手口です。スイッチで{claimant}を特定して切り離してください。二重化機器(VRRPなど)でも起こります。その場合は「承認」してください。",
    },
    techniques: ["T0830"],
  },
  "ot.address.conflict": {
    severity: "bad",
    title: { en: "Two devices use the address {address}", ja: "アドレス{address}を2台の機器が使用" },
    normal: {
      en: "Since {since} the address {address} belonged to {owner} ({times} times seen).",
      ja: "{since}以降、アドレス{address}は{owner}のものでした({times}回確認)。",
    },
    changed: {
      en: "Now {claimant} uses it too, and both are there. Certainty {sure} %: both were seen in ARP.",
      ja: "今は{claimant}も使用しており、両方が存在します。確からしさ{sure}%:両方のARPを確認しています。",
    },
    advice: {
      en: "Connections to both break by turns. Find out which of the two was connected last (often a replaced or a factory-new device) and give it another address.",
      ja: "両方の通信が交互に途切れます。後から接続した方(交換品や初期設定のままの機器に多い)を探し、別のアドレスにしてください。",
    },
    techniques: ["T0830", "T0814"],
  },
  "ot.dhcp.unexpected": service({ en: "DHCP server", ja: "DHCPサーバー" }, ["T0830"]),
  "ot.dns.unexpected": service({ en: "DNS server", ja: "DNSサーバー" }, ["T0830"]),
  "ot.gateway.unexpected": service({ en: "gateway", ja: "ゲートウェイ" }, ["T0830"]),
  "ot.signature.hit": {
    severity: "bad",
    title: { en: "Known attack pattern: {rule}", ja: "既知の攻撃パターン:{rule}" },
    normal: {
      en: "Since {watchedSince} ({watchedDays} days) this pattern was not seen between these two.",
      ja: "{watchedSince}から{watchedDays}日間、この2台の間でこのパターンは見られませんでした。",
    },
    changed: {
      en: "{client} → {server}, {count} times: rule {sid} revision {revision} matched. Certainty {sure} %: a pattern can also match harmless traffic.",
      ja: "{client} → {server}で{count}回、ルール{sid}(改訂{revision})に一致しました。確からしさ{sure}%:無害な通信に一致することもあります。",
    },
    advice: {
      en: "Read the name of the rule. If it names something that your own tools do, mute it with the reason. If not, treat {client} as attacked.",
      ja: "ルールの名称を確認してください。自社のツールの動作であれば理由を付けて「通知停止」にし、そうでなければ{client}が侵害されたものとして対応してください。",
    },
    techniques: ["T0866"],
  },
  "ot.traffic.malformed": {
    severity: "notice",
    title: {
      en: "Malformed messages from {client} to {server} ({protocol})",
      ja: "{client}から{server}への不正な形式の通信({protocol})",
    },
    normal: {
      en: "{client} has been watched since {watchedSince} ({watchedDays} days); such messages were not seen.",
      ja: "{client}は{watchedSince}から{watchedDays}日間監視していますが、このような通信は見られませんでした。",
    },
    changed: {
      en: "{count} messages break the rules of the protocol ({what}). Certainty {sure} %: a rare device can also be right and the decoder wrong.",
      ja: "{count}件の通信がプロトコルの規則に反しています({what})。確からしさ{sure}%:特殊な機器では解析側が対応していない場合もあります。",
    },
    advice: {
      en: "A failing network card does this, and so do attacks that make devices crash. Watch whether {server} still works; check {client}.",
      ja: "故障しかけた通信カードや、機器を停止させる攻撃で見られます。{server}が正常に動いているかを見守り、{client}を確認してください。",
    },
    techniques: ["T0814", "T0866"],
  },
  "ot.zone.crossed": {
    severity: "bad",
    title: {
      en: "New traffic from zone {from} to zone {to} ({protocol})",
      ja: "ゾーン{from}から{to}への新しい通信({protocol})",
    },
    normal: {
      en: "Since {watchedSince} ({watchedDays} days) no device of {from} spoke {protocol} with {to}.",
      ja: "{watchedSince}から{watchedDays}日間、{from}から{to}への{protocol}通信はありませんでした。",
    },
    changed: {
      en: "{client} speaks with {server} across the border ({levels}). Certainty {sure} %: packets of this pair were seen.",
      ja: "{client}が境界を越えて{server}と通信しています({levels})。確からしさ{sure}%:この2台の間のパケットを確認しています。",
    },
    advice: {
      en: "Check the firewall or router between the two zones: who opened this, and is it written down? If it is wanted, approve it.",
      ja: "両ゾーンの間のファイアウォールやルーターを確認してください。誰が許可し、記録はありますか。必要な通信なら「承認」してください。",
    },
    techniques: ["T0886"],
  },
  "ot.internet.access": {
    severity: "bad",
    title: { en: "{device} talks with the Internet ({protocol})", ja: "{device}がインターネットと通信({protocol})" },
    normal: {
      en: "Devices of the factory need no Internet. Since {watchedSince} ({watchedDays} days) this one did not speak {protocol} with it.",
      ja: "工場の機器に通常インターネットは不要です。{watchedSince}から{watchedDays}日間、この機器の{protocol}通信はありませんでした。",
    },
    changed: {
      en: "It exchanged {bytes} with {peer} ({directionEn}). Certainty {sure} %: packets in both directions were seen.",
      ja: "{peer}と{bytes}を送受信しました({directionJa})。確からしさ{sure}%:往復のパケットを確認しています。",
    },
    advice: {
      en: "Find out what the connection is for (remote maintenance, cloud service, update). If nobody ordered it, block it at the firewall. A connection from outside to a controller must be cut at once.",
      ja: "何のための接続か(遠隔保守、クラウド、更新)を確認してください。誰も手配していなければファイアウォールで遮断してください。外部からコントローラへの接続は直ちに遮断が必要です。",
    },
    techniques: ["T0883", "T0822"],
  },
};
