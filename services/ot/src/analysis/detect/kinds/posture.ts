/** What is weak although nobody attacks. Told once, also while the site is learned. */
import type { FindingKinds } from "@yagura/core/finding.ts";

export const postureKinds: FindingKinds = {
  "ot.login.cleartext": {
    severity: "notice",
    title: {
      en: "Passwords cross the network in clear: {server} ({protocol})",
      ja: "パスワードが平文で流れています:{server}({protocol})",
    },
    normal: {
      en: "Seen since {since}; it may be much older: a sensor only sees it once somebody logs in.",
      ja: "{since}から確認しています(誰かがログインするまで見えないため、以前からの可能性があります)。",
    },
    changed: {
      en: "{client} logs in to {server} by {protocol} ({whatEn}). Whoever hears the network can read the password. Certainty {sure} %: the login was seen (its content is not kept).",
      ja: "{client}が{server}に{protocol}でログインしています({whatJa})。ネットワークを盗聴すればパスワードが読めます。確からしさ{sure}%:ログイン動作を確認しました(内容は保存しません)。",
    },
    advice: {
      en: "Use the encrypted variant (SSH, SFTP, HTTPS, SNMPv3) where the device has one; if not, allow this login only from one maintenance PC and change the password.",
      ja: "暗号化された方式(SSH、SFTP、HTTPS、SNMPv3)に対応していれば切り替えてください。未対応なら保守用PCからのみ許可し、パスワードを変更してください。",
    },
    techniques: ["T0842", "T0859"],
  },
  "ot.protocol.weak": {
    severity: "info",
    title: { en: "Weak protocol: {whatEn} at {server}", ja: "弱い方式の使用:{server}({whatJa})" },
    normal: { en: "Seen since {since}.", ja: "{since}から確認しています。" },
    changed: {
      en: "{client} and {server} use {protocol} in a way that is known to be weak: {whatEn}. Certainty {sure} %: read from the packets.",
      ja: "{client}と{server}が{protocol}を弱い方式で使っています:{whatJa}。確からしさ{sure}%:パケットから読み取りました。",
    },
    advice: {
      en: "Plan the change for the next maintenance stop. Until then limit by firewall who can reach {server}.",
      ja: "次の保守停止で切り替えを計画してください。それまでは{server}に接続できる機器をファイアウォールで限定してください。",
    },
    techniques: ["T0866", "T0842"],
  },
  "ot.login.default": {
    severity: "bad",
    title: {
      en: "Default login in use: {server} ({protocol})",
      ja: "初期設定のログイン情報を使用:{server}({protocol})",
    },
    normal: { en: "Seen since {since}.", ja: "{since}から確認しています。" },
    changed: {
      en: "{client} uses {server} with {whatEn} ({protocol}): anybody can. Certainty {sure} %: read from the packets.",
      ja: "{client}が{whatJa}で{server}を使っています({protocol})。誰でも使える状態です。確からしさ{sure}%:パケットから読み取りました。",
    },
    advice: {
      en: "Set a password of your own on {server} and on all that use it; write down where it is kept.",
      ja: "{server}とそれを使う機器に独自のパスワードを設定し、保管場所を記録してください。",
    },
    techniques: ["T1694.001"],
  },
  "ot.os.end-of-support": {
    severity: "notice",
    title: { en: "{device} gets no more corrections: {product}", ja: "{device}はサポート終了:{product}" },
    normal: {
      en: "The maker ended the support of {product} on {ended}.",
      ja: "{product}のメーカーサポートは{ended}に終了しました。",
    },
    changed: {
      en: "{device} was recognised as {product}. Certainty {sure} %: see the evidence on the page of the device.",
      ja: "{device}は{product}と判定されました。確からしさ{sure}%:機器のページの根拠をご覧ください。",
    },
    advice: {
      en: "Plan the replacement. Until then put it behind its own firewall port, take away Internet and mail, and keep a full backup.",
      ja: "更新を計画してください。それまでは専用のファイアウォール配下に置き、インターネットとメールを使わせず、完全なバックアップを取っておいてください。",
    },
    techniques: ["T0866"],
  },
  "ot.vulnerability.known": {
    severity: "notice",
    title: { en: "{device}: known vulnerability {cve}", ja: "{device}:既知の脆弱性 {cve}" },
    normal: { en: "Advisory {advisory} names {product}.", ja: "勧告{advisory}が{product}を対象としています。" },
    changed: {
      en: "{device} matches by: {matched}. Certainty {sure} %: by what the device tells of itself.",
      ja: "{device}が一致した項目:{matched}。確からしさ{sure}%:機器自身の申告に基づきます。",
    },
    advice: {
      en: "Read the advisory. Update at the next maintenance stop; until then limit who can reach the device as it says.",
      ja: "勧告を確認し、次の保守停止で更新してください。それまでは勧告に従い、接続できる機器を限定してください。",
    },
    techniques: ["T0866"],
  },
  "ot.vulnerability.exploited": {
    severity: "bad",
    title: {
      en: "{device}: vulnerability {cve} is being exploited elsewhere",
      ja: "{device}:悪用が確認されている脆弱性 {cve}",
    },
    normal: { en: "Advisory {advisory} names {product}.", ja: "勧告{advisory}が{product}を対象としています。" },
    changed: {
      en: "{device} matches by: {matched}, and attackers use this vulnerability (list of known exploited vulnerabilities). Certainty {sure} %: by what the device tells of itself.",
      ja: "{device}が一致した項目:{matched}。この脆弱性は実際の攻撃で使われています(KEVカタログ掲載)。確からしさ{sure}%:機器自身の申告に基づきます。",
    },
    advice: {
      en: "Do not wait for the next stop: limit today who can reach the device, then update it as the advisory says.",
      ja: "次の停止を待たず、今日のうちに接続できる機器を限定し、勧告に従って更新してください。",
    },
    techniques: ["T0866"],
  },
};
