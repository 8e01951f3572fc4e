/** Grounds for refusing and ending, as far as the excerpt tells them. */
import type { Ground } from "@yagura/commerce/charging/offer.ts";

export const grounds = [
  {
    use: "refusal",
    code: "abroad",
    article: "a.6",
    rule: "EXP-10",
    text: { ja: "設置場所が日本国内ではありません。", en: "The place of installation is not in Japan." },
  },
  {
    use: "refusal",
    code: "incomplete",
    article: "a.6",
    rule: "EXP-08",
    text: { ja: "申込に必要な情報がそろっていません。", en: "The order lacks information that it has to bring." },
  },
  {
    use: "cancellation-by-provider",
    code: "antisocial",
    article: "–",
    rule: "COM-26",
    text: {
      ja: "反社会的勢力に関する表明に反していました。",
      en: "The declaration on anti-social forces turned out to be broken.",
    },
    withoutNotice: true,
  },
] as const satisfies readonly Ground[];
