/** Order forms: until 2025-07-30 the sensor alone, from 2025-07-31 with ancillary services beside it (OST-02, OST-20). */
import { applicant, billing, declarationChecks, declarations } from "@yagura/commerce/charging/form-parts.ts";
import type { FormSection, OrderForm } from "@yagura/commerce/charging/offer.ts";

const sensor: FormSection = {
  title: { ja: "センサー", en: "sensor" },
  fields: [
    {
      name: "sensor-type",
      rule: "OST-12",
      required: true,
      label: { ja: "センサーの種類", en: "type of sensor" },
      type: "choice",
      choices: [
        { value: "n", text: { ja: "Type N", en: "Type N" } },
        { value: "d", text: { ja: "Type D", en: "Type D" } },
      ],
      attribute: true,
    },
    {
      name: "place",
      rule: "OST-23",
      required: true,
      label: { ja: "設置場所", en: "place of installation" },
      type: "postal-address",
    },
    {
      name: "opening",
      rule: "OST-15",
      required: true,
      label: { ja: "開通希望日", en: "desired opening" },
      hint: {
        ja: "センサーの設置は、開通日の4営業日前までにお客さまが済ませてください。",
        en: "The customer finishes the installation at least four business days before.",
      },
      type: "date",
    },
    {
      name: "consent-opening",
      rule: "OST-16",
      required: true,
      label: {
        ja: "設置が間に合わない場合も、開通日から料金がかかることに同意します",
        en: "We agree that fees run from the opening even if the sensor is not yet installed",
      },
      type: "consent",
    },
  ],
};

/** a.5(4), a.6-2: the specification is part of the contract (OST-22); each ancillary service has its period. */
const ancillary: FormSection = {
  title: { ja: "附帯サービス", en: "ancillary services" },
  fields: [
    {
      name: "consent-specification",
      rule: "OST-22",
      required: true,
      label: { ja: "サービス仕様書の内容を確認しました", en: "We have read the service specification" },
      type: "consent",
    },
    {
      name: "consent-ancillary",
      rule: "OST-03",
      required: false,
      label: {
        ja: "附帯サービスには契約期間があり、途中で終えると残りの料金がかかることに同意します",
        en: "We agree that an ancillary service has its period, and that its rest is owed when it ends early",
      },
      type: "consent",
    },
  ],
};

const common = {
  plan: "sensor",
  name: { ja: "OTセキュリティのお申し込み", en: "order of OT security" },
  checks: [{ kind: "consent", rule: "OST-16", field: "consent-opening" }, ...declarationChecks],
} as const satisfies Partial<OrderForm>;
// OST-14: a contract is one sensor.
const basic = { item: "basic", minimum: 1, maximum: 1, initially: 1 } as const;

export const forms: readonly OrderForm[] = [
  {
    ...common,
    from: null,
    until: "2025-07-31",
    sections: [applicant, billing, sensor, declarations],
    items: [basic],
  },
  {
    ...common,
    from: "2025-07-31",
    until: null,
    sections: [applicant, billing, sensor, ancillary, declarations],
    items: [basic, { item: "ancillary", minimum: 0, maximum: 20, initially: 0 }],
  },
];
