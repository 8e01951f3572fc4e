/** Problems of a description in the words of people, in both languages. */
import type { Language } from "@yagura/core/errors.ts";
import type { DescriptionProblem, ProblemKind } from "./declared-check.ts";

const words: Readonly<Record<ProblemKind, Readonly<Record<Language, string>>>> = {
  missing: { en: "is missing", ja: "がありません" },
  "unknown-field": { en: "is no field here; there are: {allowed}", ja: "という項目はありません（使える項目: {allowed}）" },
  type: { en: "has to be: {wanted}", ja: "の種類が違います（必要な種類: {wanted}）" },
  choice: { en: "has to be one of: {allowed}", ja: "は次のいずれかにしてください: {allowed}" },
  range: { en: "has to lie between {minimum} and {maximum}", ja: "は {minimum}〜{maximum} の範囲にしてください" },
  length: { en: "has to have {minimum} to {maximum} characters", ja: "は {minimum}〜{maximum} 文字にしてください" },
  many: { en: "has to have {minimum} to {maximum} entries", ja: "は {minimum}〜{maximum} 件にしてください" },
  pattern: { en: "has signs that cannot stand there", ja: "に使えない文字があります" },
  duplicate: { en: "is there twice: {value}", ja: "が重複しています: {value}" },
  nowhere: { en: "names no port and no EtherType", ja: "にポートも EtherType もありません" },
  ethertype: { en: "is not between 0x0600 and 0xffff, or belongs to another protocol", ja: "は 0x0600〜0xffff の範囲外か、ほかのプロトコルのものです" },
  "by-port": { en: "cannot be “port” below IP: there are no ports", ja: "は EtherType では「port」にできません（ポートがありません）" },
  unrecognisable: { en: "needs at least 8 bits, or the description a length: any bytes would be such a message", ja: "には 8 ビット以上が必要です（または length を書いてください）。このままではどのバイト列も該当します" },
  "mask-size": { en: "has to have as many bytes as “bytes”: {bytes}", ja: "は「bytes」と同じ {bytes} バイトにしてください" },
  "mask-bytes": { en: "has bits that the mask takes away: it would never match", ja: "にマスクで消えるビットがあり、一致することがありません" },
  overlap: { en: "says byte {byte} twice", ja: "は {byte} バイト目を二重に指定しています" },
  beyond: { en: "reaches beyond the first {most} bytes", ja: "は先頭 {most} バイトを超えています" },
  "one-of": { en: "needs exactly one of: {names}", ja: "には次のうち 1 つだけを書いてください: {names}" },
  never: { en: "can never be so with the rest of the description", ja: "はほかの項目と合わず、該当することがありません" },
  short: { en: "is shorter than the fields reach: at least {least}", ja: "が項目の範囲より短くなっています（{least} 以上）" },
  needs: { en: "needs “{name}” too", ja: "には「{name}」も必要です" },
}; // prettier-ignore

const whole: Readonly<Record<Language, string>> = { en: "The description", ja: "定義全体" };

/** `functions[3].class: has to be one of: other, session …`. */
export function sayProblem({ path, kind, told }: DescriptionProblem, language: Language): string {
  const text = words[kind][language].replaceAll(/\{(\w+)\}/g, (_, name: string) => String(told[name] ?? ""));
  return `${path === "" ? whole[language] : path} ${text}`;
}
