/** What can be ordered on a day: the forms, items, prices and texts of the versions of terms in force then (COM-02). */
import { sql } from "kysely";
import type { Day } from "@yagura/core/calendar.ts";
import type { Tx } from "@yagura/store/store.ts";
import type { FormField, Offer, OrderForm } from "../charging/offer.ts";
import type { ItemTerms, PlanTerms, Tables, Text } from "../charging/tables.ts";
import { loadTables } from "../terms/load.ts";
import { holds } from "../terms/ranges.ts";
import { isOffered } from "../terms/offering.ts";
import { thirdPartyText } from "../terms/third-party.ts";
import { formsOn } from "./forms.ts";
import type { OfferedItem, OfferedPlan, OfferItem } from "./shapes.ts";

interface VersionRow {
  readonly service: string;
  readonly code: string;
  readonly from: Day | null;
  readonly until: Day | null;
  readonly sourceDocument: string;
  readonly labels: Readonly<Record<string, Text>>;
  readonly orderable: readonly string[];
}

/** The services with a version of terms on the day; one without a version is left out. */
export async function offeredOn(tx: Tx, offers: readonly Offer[], day: Day): Promise<OfferItem[]> {
  const tables = await loadTables(tx);
  const { rows } =
    await sql<VersionRow>`select service, code, lower(in_force)::text as "from", upper(in_force)::text as until,
      source_document as "sourceDocument", labels, orderable
    from commerce.service_version where in_force @> ${day}::date`.execute(tx);
  const found: OfferItem[] = [];
  for (const offer of offers) {
    const version = rows.find(({ service }) => service === offer.service);
    if (version !== undefined) found.push(await offerItem({ tx, tables, offer, version, day }));
  }
  return found;
}

interface Frame {
  readonly tx: Tx;
  readonly tables: Tables;
  readonly offer: Offer;
  readonly version: VersionRow;
  readonly day: Day;
}

async function offerItem({ tx, tables, offer, version, day }: Frame): Promise<OfferItem> {
  const { service, name, soleTraders, articles, checklists } = offer;
  const { code, from, until, sourceDocument, labels, orderable } = version;
  const plans = tables.terms.find((terms) => terms.service === service && terms.code === code)?.plans ?? {};
  const forms = formsOn(tables, offer, day).filter((form) => orderable.includes(form.plan));
  const lists = listsOf(tables, service, forms, day);
  return {
    service,
    name,
    offered: await isOffered(tx, service, day),
    terms: { code, from, until, sourceDocument },
    labels,
    soleTraders,
    plans: forms.flatMap((form) => {
      const plan = plans[form.plan];
      return plan === undefined ? [] : [planOf(tables, offer, withChoices(form, lists), plan, day)];
    }),
    lists,
    articles: [...articles],
    checklists: checklists.map((list) => ({ ...list, points: [...list.points] })),
  };
}

function planOf(tables: Tables, offer: Offer, form: OrderForm, plan: PlanTerms, day: Day): OfferedPlan {
  const { rule, notice, channels } = plan.cancellation;
  const ordered = new Set(form.items.map(({ item }) => item));
  return {
    plan: form.plan,
    name: plan.name,
    form,
    items: Object.entries(plan.items).map(([code, item]) =>
      itemOf(tables, { service: offer.service, plan: form.plan, code, day }, item, ordered.has(code)),
    ),
    minimumTerm:
      plan.minimumTerm === undefined ? null : { rule: plan.minimumTerm.rule, months: plan.minimumTerm.months },
    cancellation: { rule, ...notice, channels: [...channels] },
    longestUse: plan.longestUse === undefined ? null : { ...plan.longestUse },
    thirdPartyTerms: offer.thirdPartyTerms
      .filter((terms) => terms.plan === form.plan)
      .map((terms) => ({
        ...terms,
        clauses: terms.clauses === null ? null : [...terms.clauses],
        text: thirdPartyText(tables, offer.service, terms.code, day),
      })),
  };
}

function itemOf(
  tables: Tables,
  { service, plan, code, day }: { service: string; plan: string; code: string; day: Day },
  item: ItemTerms,
  orderable: boolean,
): OfferedItem {
  const price = tables.prices.find(
    (one) => one.service === service && one.plan === plan && one.item === code && holds(one, day),
  );
  return {
    item: code,
    name: item.name,
    unit: item.unit,
    kind: item.kind,
    monthly: item.recurring !== undefined,
    orderable,
    seats: item.seats ?? null,
    clause: item.clause ?? null,
    taxClass: item.taxClass,
    rule: item.rule,
    price:
      price === undefined
        ? null
        : { amount: price.amount, display: price.display, from: price.from, until: price.until, book: price.book },
  };
}

/** A field that is checked against a list is a choice of what stands in it. */
function withChoices(form: OrderForm, lists: OfferItem["lists"]): OrderForm {
  const choices = new Map(
    form.checks.flatMap((check) =>
      check.kind === "listed" ? [[check.field, lists[check.setting] ?? []] as const] : [],
    ),
  );
  const filled = (field: FormField): FormField => {
    const list = choices.get(field.name);
    return list === undefined || list.length === 0 ? field : { ...field, type: "choice", choices: list };
  };
  return {
    ...form,
    sections: form.sections.map((section) => ({ ...section, fields: section.fields.map(filled) })),
  };
}

/** Lists that checks of the forms name, as choices; an entry is a word, or a code with its names. */
function listsOf(tables: Tables, service: string, forms: readonly OrderForm[], day: Day): OfferItem["lists"] {
  const keys = forms.flatMap(({ checks }) =>
    checks.flatMap((check) => (check.kind === "listed" ? [check.setting] : [])),
  );
  return Object.fromEntries(
    [...new Set(keys)].map((key) => {
      const set = tables.settings.find((one) => one.service === service && one.key === key && holds(one, day))?.value;
      return [key, Array.isArray(set) ? set.flatMap(choiceOf) : []];
    }),
  );
}

function choiceOf(entry: unknown): { value: string; text: Text }[] {
  if (typeof entry === "string") return [{ value: entry, text: { ja: entry, en: entry } }];
  if (typeof entry !== "object" || entry === null || !("code" in entry)) return [];
  const { code, ja, en } = entry as Readonly<Record<string, unknown>>;
  const value = String(code);
  return [{ value, text: { ja: typeof ja === "string" ? ja : value, en: typeof en === "string" ? en : value } }];
}
