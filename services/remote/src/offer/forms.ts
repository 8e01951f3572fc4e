/** Order forms of a.5 and Annex 1: one per plan, with its options (RNS-90). */
import { applicant, billing, declarationChecks, declarations } from "@yagura/commerce/charging/form-parts.ts";
import type { FormField, FormSection, OrderForm } from "@yagura/commerce/charging/offer.ts";

const yesNo = [
  { value: "yes", text: { ja: "はい", en: "yes" } },
  { value: "no", text: { ja: "いいえ", en: "no" } },
] as const;

/** a.6: the term begins on this day. */
const desiredStart: FormField = {
  name: "desired-start",
  rule: "RNS-06",
  required: true,
  label: { ja: "契約開始希望日", en: "desired start of the contract" },
  type: "date",
};
const site: FormField = {
  name: "site",
  rule: "RNS-07",
  required: true,
  label: { ja: "設置場所（日本国内）", en: "site (in Japan)" },
  type: "postal-address",
};
/** a.1(2). */
const ownUse: FormField = {
  name: "own-use",
  rule: "RNS-01",
  required: true,
  label: { ja: "自社の利用目的に限って使用します", en: "For our own use only" },
  type: "consent",
};
/** Annex 1 II/III(1): it is the gateway; where a router stays it cannot be set up. */
const routerStays: FormField = {
  name: "router-stays",
  rule: "RNS-70",
  required: true,
  label: { ja: "既存のルーターをそのまま使いますか", en: "Does a router stay in place?" },
  type: "choice",
  choices: yesNo,
};
/** Annex 1 IV(1): only where no construction is needed. */
const construction: FormField = {
  name: "construction",
  rule: "RNS-81",
  required: true,
  label: { ja: "アクセスポイントの設置に工事が必要ですか", en: "Do the access points need construction work?" },
  type: "choice",
  choices: yesNo,
};
/** Annex 1 V(4)3(2). */
const globalAddress: FormField = {
  name: "global-address",
  rule: "RNS-87",
  required: true,
  label: {
    ja: "グローバルIPアドレスが割り当てられる回線ですか（VPNに必要です）",
    en: "Does the line get a global IP address? (VPN needs one.)",
  },
  type: "choice",
  choices: yesNo,
};

const use = (...fields: FormField[]): FormSection => ({
  title: { ja: "サービスのご利用", en: "use of the service" },
  fields: [desiredStart, site, ownUse, ...fields],
});

const options = [
  { item: "onsite-maintenance", minimum: 0, maximum: 1_000, initially: 0 },
  { item: "client-setting", minimum: 0, maximum: 1_000, initially: 0 },
  { item: "client-support", minimum: 0, maximum: 1_000, initially: 0 },
  { item: "vpn-build", minimum: 0, maximum: 1_000, initially: 0 },
  { item: "vpn", minimum: 0, maximum: 1_000, initially: 0 },
  { item: "backup-unit", minimum: 0, maximum: 1_000, initially: 0 },
] as const;
const devices = [
  { item: "base", minimum: 1, maximum: 1_000, initially: 1 },
  { item: "hardware", minimum: 0, maximum: 1_000, initially: 1 },
  { item: "installation", minimum: 0, maximum: 1_000, initially: 1 },
] as const;

const common = [
  { kind: "in-japan", rule: "RNS-07", field: "site" },
  { kind: "consent", rule: "RNS-01", field: "own-use" },
  ...declarationChecks,
] as const;
const noRouter = {
  kind: "not-both",
  rule: "RNS-70",
  fields: [{ field: "router-stays", value: "yes" }],
  because: {
    ja: "この機器はゲートウェイとして設置するため、ルーターを残す環境には導入できません。",
    en: "The device is set up as the gateway, so it cannot be installed where a router stays.",
  },
} as const;

const always = { from: null, until: null } as const;

export const forms: readonly OrderForm[] = [
  {
    ...always,
    plan: "utm-gateway",
    name: { ja: "UTMプランのお申し込み", en: "order of the UTM plan" },
    sections: [applicant, billing, use(routerStays, globalAddress), declarations],
    items: [...devices, ...options],
    checks: [...common, noRouter],
  },
  {
    ...always,
    plan: "router",
    name: { ja: "ルータープランのお申し込み", en: "order of the router plan" },
    sections: [applicant, billing, use(routerStays, globalAddress), declarations],
    items: [...devices, ...options],
    checks: [...common, noRouter],
  },
  {
    ...always,
    plan: "wireless",
    name: { ja: "ワイヤレスプランのお申し込み", en: "order of the wireless plan" },
    sections: [applicant, billing, use(construction, globalAddress), declarations],
    items: [...devices, { item: "wlan-survey", minimum: 0, maximum: 100, initially: 0 }, ...options],
    checks: [
      ...common,
      {
        kind: "not-both",
        rule: "RNS-81",
        fields: [{ field: "construction", value: "yes" }],
        because: {
          ja: "工事を伴う設置は対象外です。工事は別の請負契約で承ります。",
          en: "Installation with construction work is not part of the plan; it takes a contract of its own.",
        },
      },
    ],
  },
];
