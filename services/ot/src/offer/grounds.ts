/** Grounds for refusing and ending, as far as the excerpt tells them. */
import type { Ground } from "@yagura/commerce/charging/offer.ts";

export const grounds = [
  {
    use: "refusal",
    code: "ancillary-in-v1",
    article: "v1 a.5",
    rule: "OST-02",
    text: {
      ja: "附帯サービスは、2025年7月31日以降のお申し込みから承ります。",
      en: "Ancillary services can be ordered from 2025-07-31 only.",
    },
  },
  {
    use: "refusal",
    code: "ancillary-without-basic",
    article: "v2 a.5(3)",
    rule: "OST-02",
    text: {
      ja: "附帯サービスは、基本サービスと併せてのみ提供します。",
      en: "Ancillary services are provided only together with the basic service.",
    },
  },
  {
    use: "refusal",
    code: "basic-before-ancillary",
    article: "v2 a.13(2)",
    rule: "OST-06",
    text: {
      ja: "附帯サービスが続く間は、基本サービスだけを終えることはできません。",
      en: "The basic service cannot be cancelled while an ancillary service stays.",
    },
  },
  {
    use: "cancellation-by-provider",
    code: "cause",
    article: "a.14",
    rule: "OST-04",
    text: {
      ja: "規約に定める事由があり、当社が契約を解約します。",
      en: "The provider ends the contract for a cause named in the terms.",
    },
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
