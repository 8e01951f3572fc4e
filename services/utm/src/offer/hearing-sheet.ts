/** The hearing sheet (UTM-84; specification 3.3.4, 3.3.5.2 and 3.3.5.3): what has to be known of the customer's network. */
import type { FormSection } from "@yagura/commerce/charging/offer.ts";

const asked = { rule: "UTM-84", required: true } as const;
const yesNo = [
  { value: "yes", text: { ja: "はい", en: "yes" } },
  { value: "no", text: { ja: "いいえ", en: "no" } },
] as const;

export const hearingSheet: FormSection = {
  title: { ja: "ヒアリングシート", en: "hearing sheet" },
  fields: [
    {
      ...asked,
      name: "gateway-address",
      label: { ja: "装置に割り当てる固定IPアドレス", en: "fixed address for the gateway" },
      hint: { ja: "装置1台につき1つ必要です。", en: "One for each gateway." },
      type: "ip-address",
    },
    {
      ...asked,
      name: "provider-dns",
      label: { ja: "プロバイダーのDNSサーバー", en: "DNS server of the internet provider" },
      type: "ip-address",
    },
    {
      ...asked,
      name: "own-ranges",
      label: {
        ja: "お客さまのネットワークで使用中のアドレス帯",
        en: "address ranges in use in the customer's network",
      },
      hint: {
        ja: "監視・保守用のアドレス帯と重ならないかを確認します。重なる場合は別のアドレス帯を使います。",
        en: "Compared with the ranges kept for monitoring; others are used if they clash.",
      },
      type: "text",
      maximum: 500,
    },
    {
      ...asked,
      name: "upstream-devices",
      label: {
        ja: "装置の上位に、お客さまのファイアウォールやルーターがありますか",
        en: "Is there a firewall or router of the customer before the gateway?",
      },
      type: "choice",
      choices: yesNo,
    },
    {
      ...asked,
      name: "consent-firewall-openings",
      label: {
        ja: "上位の機器で、必要な通信を許可する設定に変更します",
        en: "We let the needed traffic through on the devices before it",
      },
      type: "consent",
      when: { field: "upstream-devices", value: "yes" },
    },
    {
      ...asked,
      name: "bridge-mode",
      label: {
        ja: "装置をブリッジとして設置し、PPPoEは別の機器で終端します",
        en: "The gateway is set up as a bridge; another device ends PPPoE",
      },
      type: "consent",
    },
  ],
};
