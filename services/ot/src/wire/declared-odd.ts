/** Why a message and the description of its protocol do not agree, in the words of people. */
import type { Language } from "@yagura/core/errors.ts";

const oddWords: Readonly<Record<string, Readonly<Record<Language, string>>>> = {
  match: { en: "the byte is not as “match” says", ja: "バイトが match と一致しません" },
  short: { en: "the message ends before the fields that every message has", ja: "必須の項目より前でメッセージが終わっています" },
  length: { en: "“length” gives a length that cannot be", ja: "length の値が正しい長さになりません" },
  cut: { en: "the packet ends before “length” says", ja: "length の示す長さより前でパケットが終わっています" },
  function: { en: "the function is not in “functions”", ja: "機能コードが functions にありません" },
  question: { en: "an answer whose question was not seen", ja: "対応する要求が見つからない応答です" },
  many: {
    en: "too many different values for an identifier (256 units or objects, 8 identities): is it this field?",
    ja: "識別子としては値の種類が多すぎます（ユニット・対象は 256 種、識別情報は 8 回まで）。項目の位置を確認してください",
  },
  identity: { en: "the identity is cut, or no printable text", ja: "識別情報が途切れているか、印字できない文字です" },
}; // prettier-ignore
export const sayOdd = (reason: string, language: Language): string => oddWords[reason]?.[language] ?? reason;
