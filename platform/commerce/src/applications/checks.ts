/** Checks of an order against what stands elsewhere: the customer, its contracts, the other lines, the provider's lists. */
import { createHash } from "node:crypto";
import { sql } from "kysely";
import type { OrganisationId, Uuid } from "@yagura/core/ids.ts";
import { grouped } from "@yagura/core/yen.ts";
import type { Day } from "@yagura/core/calendar.ts";
import type { Tx } from "@yagura/store/store.ts";
import type { Offer, OrderCheck, OrderForm } from "../charging/offer.ts";
import type { Tables } from "../charging/tables.ts";
import { settingOn, termsOn } from "../contracts/offers.ts";
import { fieldsOf, formRemarks, hint, itemRemarks, missing, type Values } from "./fields.ts";
import { isInJapan } from "./japan.ts";
import { cheaperPacking, packingOf, type Pack } from "./packs.ts";
import type { Remark } from "./shapes.ts";

/** One line of an order as it is checked. */
export interface CheckedLine {
  readonly offer: Offer;
  readonly form: OrderForm;
  readonly orderedOn: Day;
  readonly items: Readonly<Record<string, number>>;
  readonly fields: Values;
  /** The application, when it is stored already. */
  readonly application: Uuid | null;
}
export interface OrderSurroundings {
  readonly tx: Tx;
  readonly organisation: OrganisationId;
  readonly tables: Tables;
  readonly customer: { readonly kind: "corporation" | "sole-trader"; readonly corporateNumber: string | null } | null;
  /** Service and plan of the order's other lines that are not refused. */
  readonly together: readonly { readonly service: string; readonly plan: string }[];
}

/** Everything that is missing or might be better, in the order of the form. */
export async function lineRemarks(line: CheckedLine, around: OrderSurroundings): Promise<Remark[]> {
  const remarks = [
    ...formRemarks(line.form, line.fields),
    ...itemRemarks(line.form, line.items),
    ...customerRemarks(line, around),
  ];
  for (const check of line.form.checks) {
    const remark = await checkRemark(check, line, around);
    if (remark !== null && !remarks.some(({ pointer }) => pointer === remark.pointer)) remarks.push(remark);
  }
  return [...remarks, ...packHints(line, around.tables)];
}

/** COM-31, SEC-01: who may be a customer of the service. */
function customerRemarks({ offer, fields }: CheckedLine, { customer }: OrderSurroundings): Remark[] {
  const remarks: Remark[] = [];
  const soleTrader = customer?.kind === "sole-trader" || fields["holder"] === "sole-trader";
  if (soleTrader && !offer.soleTraders) {
    remarks.push(
      missing("/customer", "COM-31", {
        ja: "このサービスは法人のお客さまのみお申し込みいただけます。",
        en: "Only corporations can order this service.",
      }),
    );
  }
  const given = fields["corporate-number"];
  if (typeof given === "string" && customer?.corporateNumber != null && given !== customer.corporateNumber) {
    remarks.push(
      hint("/fields/corporate-number", "COM-32", {
        ja: "登録されている法人番号と異なります。",
        en: "This is not the corporate number that is registered.",
      }),
    );
  }
  return remarks;
}

async function checkRemark(check: OrderCheck, line: CheckedLine, around: OrderSurroundings): Promise<Remark | null> {
  switch (check.kind) {
    case "in-japan": {
      const value = line.fields[check.field];
      if (typeof value !== "string" || isInJapan(value)) return null;
      return missing(`/fields/${check.field}`, check.rule, {
        ja: "日本国内の住所を、都道府県名から入力してください。国外の場所ではご利用いただけません。",
        en: "The place must be in Japan: name its prefecture. Places abroad are not served.",
      });
    }
    case "consent":
      return line.fields[check.field] === true || !isAsked(line, check.field) ? null : consentMissing(check);
    case "needs-plan":
      return (await hasPlan(line, around, check.plans)) ? null : planMissing(line.offer, check);
    case "unique":
      return uniqueRemark(check, line, around);
    case "listed":
      return listedRemark(check, line, around.tables);
    case "not-both":
      return check.fields.every(({ field, value }) => String(line.fields[field] ?? "") === value)
        ? missing(`/fields/${check.fields[0]?.field ?? ""}`, check.rule, check.because)
        : null;
  }
}

/** A consent of a field that another answer switches off is not asked for. */
function isAsked({ form, fields }: CheckedLine, name: string): boolean {
  const field = fieldsOf(form).find((one) => one.name === name);
  return field === undefined || field.when === undefined || String(fields[field.when.field] ?? "") === field.when.value;
}

const consentMissing = (check: { readonly field: string; readonly rule: string }): Remark =>
  missing(`/fields/${check.field}`, check.rule, {
    ja: "お申し込みにはこの項目への同意が必要です。",
    en: "The order needs this consent.",
  });

/** SEC-07, RNS-90: a living contract of one of the plans, or one in the same order. */
async function hasPlan({ offer }: CheckedLine, around: OrderSurroundings, plans: readonly string[]): Promise<boolean> {
  if (around.together.some(({ service, plan }) => service === offer.service && plans.includes(plan))) return true;
  const { rows } = await sql`select from commerce.contract where organisation_id = ${around.organisation}
    and service = ${offer.service} and plan = any(${[...plans]}::text[]) and ended_at is null limit 1`.execute(
    around.tx,
  );
  return rows.length > 0;
}

const planMissing = (offer: Offer, check: { readonly rule: string; readonly plans: readonly string[] }): Remark => {
  const names = check.plans.map(
    (plan) => offer.forms.find((form) => form.plan === plan)?.name ?? { ja: plan, en: plan },
  );
  return missing("/plan", check.rule, {
    ja: `このプランは、次のいずれかをご利用中か同時にお申し込みの場合に限ります: ${names.map(({ ja }) => ja).join("、")}`,
    en: `This plan needs one of these in use or in the same order: ${names.map(({ en }) => en).join(", ")}.`,
  });
};

/** The form in which values are compared: width, case, blanks and hyphens do not tell lines apart. */
export const valueHash = (value: string): string =>
  createHash("sha256")
    .update(
      value
        .normalize("NFKC")
        .toUpperCase()
        .replace(/[\s‐‑‒–—―−ー-]/g, ""),
      "utf8",
    )
    .digest("hex");

/** UTM-04: nobody else's living contract or application has the value. Only asks; `holdValues` takes it. */
async function uniqueRemark(
  check: { readonly field: string; readonly rule: string },
  line: CheckedLine,
  { tx }: OrderSurroundings,
): Promise<Remark | null> {
  const value = line.fields[check.field];
  if (typeof value !== "string" || value.trim() === "") return null;
  const { rows } = await sql<{ free: boolean }>`select commerce.value_is_free(${line.offer.service}, ${check.field},
    ${valueHash(value)}, ${line.application}::uuid) as free`.execute(tx);
  return rows[0]?.free === true ? null : takenRemark(check);
}
export const takenRemark = (check: { readonly field: string; readonly rule: string }): Remark =>
  missing(`/fields/${check.field}`, check.rule, {
    ja: "この値では、すでに別の契約または申込があります。1つにつき1契約に限ります。",
    en: "There is another contract or application with this value already: one contract for each.",
  });

/** UTM-03: the provider's dated list. Where the provider has set none, acceptance is what is blocked (COM-30). */
function listedRemark(
  check: { readonly field: string; readonly rule: string; readonly setting: string },
  { offer, orderedOn, fields }: CheckedLine,
  tables: Tables,
): Remark | null {
  const value = fields[check.field];
  if (typeof value !== "string" || value.trim() === "") return null;
  const list = listOf(settingOn(tables, offer.service, check.setting, orderedOn));
  if (list === null || list.includes(value)) return null;
  return missing(`/fields/${check.field}`, check.rule, {
    ja: `提供の対象ではありません。対象: ${list.slice(0, 20).join("、")}`,
    en: `This is not on the list of what is served: ${list.slice(0, 20).join(", ")}.`,
  });
}
function listOf(value: unknown): string[] | null {
  if (!Array.isArray(value)) return null;
  return value.map((one: unknown) =>
    typeof one === "object" && one !== null && "code" in one ? String(one.code) : String(one),
  );
}

/** SEC-53: 95 seats as nine tens and five ones cost more than one hundred. */
export function packHints({ offer, form, orderedOn, items }: CheckedLine, tables: Tables): Remark[] {
  if (form.cheaperPacks !== true) return [];
  const terms = termsOn(tables, offer.service, form.plan, orderedOn);
  const packs: Pack[] = Object.entries(terms?.plan.items ?? {}).flatMap(([item, { seats }]) => {
    const price = tables.prices.findLast(
      (one) =>
        one.service === offer.service &&
        one.plan === form.plan &&
        one.item === item &&
        (one.from === null || one.from <= orderedOn) &&
        (one.until === null || orderedOn < one.until),
    );
    return seats === undefined || price === undefined ? [] : [{ item, seats, price: price.amount }];
  });
  const ordered = packingOf(packs, items);
  const better = cheaperPacking(packs, ordered);
  if (better === null) return [];
  const named = (language: "ja" | "en"): string =>
    Object.entries(better.items)
      .map(([item, count]) => `${terms?.plan.items[item]?.name[language] ?? item} × ${grouped(count)}`)
      .join(language === "ja" ? "、" : ", ");
  return [
    hint("/items", "SEC-53", {
      ja: `${named("ja")} にすると、${grouped(better.seats)} ライセンスを月額 ${grouped(better.price)} 円（税抜）でご利用いただけます（現在の内容: ${grouped(ordered.seats)} ライセンス、${grouped(ordered.price)} 円）。`,
      en: `${named("en")} would give ${grouped(better.seats)} seats for ${grouped(better.price)} yen a month without tax; as ordered it is ${grouped(ordered.seats)} seats for ${grouped(ordered.price)} yen.`,
    }),
  ];
}
