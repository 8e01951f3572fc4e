/**
 * Why a line of a rule file is not used, in both languages: the sensor's log and the command line say it in English, the portal in
 * the reader's language. `{name}` is replaced by the parameter of that name.
 */
interface Text {
  readonly en: string;
  readonly ja: string;
}
export const refusalReasons = {
  "content-hex": {
    en: "not hexadecimal in content: {text}",
    ja: "content の中に 16 進数ではない文字があります: {text}",
  },
  "content-bar": {
    en: "a bar of a content is not closed",
    ja: "content の「|」が閉じられていません",
  },
  "content-empty": {
    en: "empty content",
    ja: "content が空です",
  },
  "list-deep": {
    en: "lists or variables lie deeper than {limit}",
    ja: "リストまたは変数の入れ子が {limit} 段を超えています",
  },
  "variable-unset": {
    en: "variable {name} is not set",
    ja: "変数 {name} が設定されていません",
  },
  "list-open": {
    en: "list is not closed: {text}",
    ja: "リストが閉じられていません: {text}",
  },
  "not-any": {
    en: "!any matches nothing",
    ja: "!any に一致するものはありません",
  },
  "address-range": {
    en: "address range {text}: write it as CIDR",
    ja: "アドレスの範囲 {text} は CIDR で表記してください",
  },
  address: {
    en: "not an address: {text}",
    ja: "アドレスではありません: {text}",
  },
  prefix: {
    en: "not a prefix length: {text}",
    ja: "プレフィックス長ではありません: {text}",
  },
  port: {
    en: "not a port: {text}",
    ja: "ポート番号ではありません: {text}",
  },
  number: {
    en: "not a number: {text}",
    ja: "数値ではありません: {text}",
  },
  value: {
    en: "{option}: {text} is not in the subset",
    ja: "{option} の値 {text} には対応していません",
  },
  "cip-class": {
    en: "cip_service with class or attribute",
    ja: "cip_service でのクラスと属性の指定には対応していません",
  },
  "number-of": {
    en: "{option} is not a number: {text}",
    ja: "{option} が数値ではありません: {text}",
  },
  option: {
    en: "option {option} is not in the subset",
    ja: "オプション {option} には対応していません",
  },
  base: {
    en: "hex, dec and oct need string",
    ja: "hex、dec、oct には string が必要です",
  },
  bytes: {
    en: "reads {bytes} bytes; at most {limit}",
    ja: "{bytes} バイトを読み取ろうとしています（上限 {limit} バイト）",
  },
  "no-content": {
    en: "{option} without a content before it",
    ja: "{option} の前に content がありません",
  },
  long: {
    en: "longer than {limit} characters",
    ja: "{limit} 文字を超えています",
  },
  action: {
    en: "action {action}: only rules that alert are of use to a sensor that blocks nothing",
    ja: "アクション {action}: センサーは通信を遮断しないため、alert のルールだけを使用できます",
  },
  direction: {
    en: "direction {text}: write -> or <>",
    ja: "方向 {text}: -> または <> と書いてください",
  },
  protocol: {
    en: "protocol {protocol}: its fields are not given to rules",
    ja: "プロトコル {protocol} のフィールドはルールで使用できません",
  },
  "no-sid": {
    en: "no sid",
    ja: "sid がありません",
  },
  "no-rule": {
    en: "not a rule: action protocol address port direction address port (options)",
    ja: "ルールの形式ではありません: アクション プロトコル アドレス ポート 方向 アドレス ポート (オプション)",
  },
  options: {
    en: "more than {limit} options",
    ja: "オプションが {limit} 個を超えています",
  },
  keyword: {
    en: "keyword {keyword} is not in the subset",
    ja: "キーワード {keyword} には対応していません",
  },
  quote: {
    en: "a quotation mark is not closed",
    ja: "引用符が閉じられていません",
  },
  "pcre-cost": {
    en: "pcre: with its repetitions without end and its choices a payload could take too long",
    ja: "pcre: 終わりのない繰り返しと選択の組み合わせのため、照合に時間がかかりすぎるおそれがあります",
  },
  "pcre-deep": {
    en: "pcre: groups within groups, too deep",
    ja: "pcre: グループの入れ子が深すぎます",
  },
  "pcre-repeat": {
    en: "pcre: a repeated group with a choice or a repetition in it can take too long",
    ja: "pcre: 選択や繰り返しを含むグループの繰り返しは、照合に時間がかかりすぎるおそれがあります",
  },
  "pcre-form": {
    en: "pcre is not written as /…/",
    ja: "pcre が /…/ の形で書かれていません",
  },
  "pcre-long": {
    en: "pcre longer than {limit} characters",
    ja: "pcre が {limit} 文字を超えています",
  },
  "pcre-flag": {
    en: "pcre flag {flag} is not in the subset",
    ja: "pcre のフラグ {flag} には対応していません",
  },
  "pcre-unreadable": {
    en: "pcre: JavaScript cannot read it",
    ja: "pcre: JavaScript の正規表現として読み取れません",
  },
  "pcre-atomic": {
    en: "pcre: atomic group",
    ja: "pcre: アトミックグループ（(?>…)）には対応していません",
  },
  "pcre-possessive": {
    en: "pcre: possessive quantifier",
    ja: "pcre: 強欲な量指定子（*+ など）には対応していません",
  },
  "pcre-named": {
    en: "pcre: named group",
    ja: "pcre: 名前付きグループには対応していません",
  },
  "pcre-condition": {
    en: "pcre: condition or recursion",
    ja: "pcre: 条件分岐と再帰には対応していません",
  },
  "pcre-comment": {
    en: "pcre: comment",
    ja: "pcre: コメント（(?#…)）には対応していません",
  },
  "pcre-inline": {
    en: "pcre: options inside of the expression",
    ja: "pcre: 式の途中でのオプション指定には対応していません",
  },
  "pcre-posix": {
    en: "pcre: POSIX class",
    ja: "pcre: POSIX 文字クラスには対応していません",
  },
  "pcre-escape": {
    en: "pcre: an escape that JavaScript does not know",
    ja: "pcre: JavaScript にないエスケープには対応していません",
  },
  "pcre-verb": {
    en: "pcre: verb",
    ja: "pcre: バックトラック制御（(*…)）には対応していません",
  },
  "sid-twice": {
    en: "sid {sid} is there more than once: revision {revision} is used",
    ja: "sid {sid} のルールが重複しています（リビジョン {revision} を使用します）",
  },
  "too-many": {
    en: "more than {limit} rules: this line and those after it are not used",
    ja: "ルールが {limit} 件を超えているため、この行以降は使用されません",
  },
} as const satisfies Readonly<Record<string, Text>>;

export type RefusalCode = keyof typeof refusalReasons;
export const refusalCodes = Object.keys(refusalReasons) as readonly RefusalCode[];
export type RefusalParameters = Readonly<Record<string, string | number>>;

export const sayRefusal = (code: RefusalCode, parameters: RefusalParameters, language: keyof Text): string =>
  refusalReasons[code][language].replaceAll(/\{(\w+)\}/g, (_, name: string) => String(parameters[name] ?? ""));
