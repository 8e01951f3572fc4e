/** Papers made of what is stored: the explanation of a document, a quote, the notice of a contract, the answer to an application. */
import { dayOf, type Day } from "@yagura/core/calendar.ts";
import type {
  ContractNoticeContent,
  ExplanationContent,
  LineGroup,
  QuoteContent,
  RefusalContent,
} from "@yagura/reports/shapes.ts";
import { day } from "@yagura/reports/words.ts";
import type { Tx } from "@yagura/store/store.ts";
import { jaMonth } from "../charging/explain.ts";
import type { Application, Quote } from "../applications/shapes.ts";
import type { InvoiceDetail } from "../billing/shapes.ts";
import { linesOf } from "../billing/stored-lines.ts";
import type { Contract } from "../charging/contract.ts";
import { minimumTerm } from "../charging/early-termination.ts";
import { index } from "../charging/index.ts";
import type { Offer } from "../charging/offer.ts";
import type { Text } from "../charging/tables.ts";
import type { ContractRow } from "../contracts/contract-row.ts";
import { itemsOn, priceOf, readContract } from "../entitlements/reading.ts";
import { loadTables } from "../terms/load.ts";
import { inputWord } from "./input-words.ts";
import { partiesNow, partiesOf } from "./parties.ts";

const month = (yearMonth: string): Text => ({ ja: `${jaMonth(yearMonth)}分`, en: yearMonth });
const taxName = (rate: string | null): Text =>
  rate === null ? { ja: "消費税なし", en: "No tax" } : { ja: `消費税(${rate})`, en: `Consumption tax (${rate})` };
/** The last twelve digits of an id: enough to tell papers apart. */
const short = (id: string): string => id.slice(-12).toUpperCase();

/** COM-18: every line of an issued document with its rule, inputs and formula. */
export async function explanationOf(tx: Tx, invoice: InvoiceDetail): Promise<ExplanationContent> {
  const lines = await linesOf(tx, invoice.id);
  const { subtotals } = invoice.content;
  return {
    ...partiesOf(invoice.content),
    number: `${invoice.number}/WHY`,
    issuedOn: invoice.issuedOn,
    document: invoice.number,
    lines: lines.map(({ contract, description, amount, why }) => ({
      group: contract,
      description,
      amount,
      sentence: why.sentence,
      formula: why.formula,
      rule: why.rule,
      version: why.version,
      basis: [...why.basis],
      inputs: Object.entries(why.inputs).map(([name, value]) => ({ label: inputWord(name), value: String(value) })),
    })),
    totals: [
      ...subtotals.map(({ rate, tax, formula }) => ({ label: taxName(rate), amount: tax, formula })),
      { label: { ja: "合計", en: "Total" }, amount: invoice.total },
    ],
  };
}

/** A quote as it was made; it holds until its last day (RNS-66). */
export async function quoteOf(
  tx: Tx,
  organisation: ContractRow["organisation"],
  quote: Quote,
  offers: readonly Offer[],
): Promise<QuoteContent> {
  const on = dayOf(new Date(quote.madeAt));
  const rates = index(await loadTables(tx));
  const { net, tax, total, subtotals } = quote.totals;
  const name = offers.find(({ service }) => service === quote.service)?.name ?? {
    ja: quote.service,
    en: quote.service,
  };
  const groups = [...Map.groupBy(quote.lines, ({ billMonth }) => billMonth)].map(([billMonth, lines]): LineGroup => ({
    title: month(billMonth),
    lines: lines.map((line) => ({
      description: line.description,
      detail: line.why.formula,
      period: { ...line.period },
      quantity: line.quantity,
      unitPrice: line.unitPrice,
      amount: line.amount,
      rate: rates.taxRate(line.taxClass, line.supplyOn) ?? line.taxClass,
    })),
  }));
  return {
    ...(await partiesNow(tx, organisation, on)),
    number: `QUO-${short(quote.id)}`,
    issuedOn: on,
    subject: { ja: `${name.ja} お見積り`, en: `Quote: ${name.en}` },
    validUntil: quote.validUntil,
    groups,
    subtotals: subtotals.map((one) => ({ rate: one.rate ?? one.class, base: one.base, tax: one.tax })),
    net,
    tax,
    total,
    facts: [
      {
        label: { ja: "開始予定日", en: "Planned start" },
        value: { ja: day(quote.startOn, "ja"), en: day(quote.startOn, "en") },
      },
    ],
    notes: [...quote.hints],
  };
}

/** What was accepted, from when, at which prices, and how long it binds. */
export async function contractNoticeOf(
  tx: Tx,
  row: ContractRow,
  offers: readonly Offer[],
): Promise<ContractNoticeContent> {
  const contract = await readContract(tx, row, row.startedOn ?? dayOf(row.createdAt));
  const acceptedOn = contract.first("accepted")?.on ?? dayOf(row.createdAt);
  const priced = row.serviceStartedOn ?? row.startedOn ?? acceptedOn;
  const name = offers.find(({ service }) => service === row.service)?.name ?? { ja: row.service, en: row.service };
  const plan = contract.knownTermsOn(priced)?.plan.name ?? { ja: row.plan, en: row.plan };
  const term = minimumTerm(contract, priced);
  return {
    ...(await partiesNow(tx, row.organisation, acceptedOn)),
    number: `${row.number}/N`,
    issuedOn: acceptedOn,
    contractNumber: row.number,
    service: name,
    plan,
    acceptedOn,
    startsOn: row.startedOn,
    minimumTerm: term === null ? null : { from: term.from, to: term.to },
    items: itemsOf(contract, row, priced),
  };
}

function itemsOf(contract: Contract, row: ContractRow, on: Day): ContractNoticeContent["items"] {
  const known = itemsOn(contract, on);
  return Object.entries(row.items).flatMap(([item, quantity]) => {
    const terms = known[item];
    const unitPrice = terms === undefined ? null : priceOf(contract, item, on);
    return terms === undefined || unitPrice === null || quantity === 0
      ? []
      : [{ description: terms.name, quantity, unitPrice, unit: terms.unit }];
  });
}

/** SEC-09: an application that was refused, with its ground. */
export async function refusalOf(tx: Tx, application: Application, offers: readonly Offer[]): Promise<RefusalContent> {
  const on = application.decidedAt === null ? application.orderedOn : dayOf(new Date(application.decidedAt));
  const offer = offers.find(({ service }) => service === application.service);
  const ground = offer?.grounds.find(({ use, code }) => use === "refusal" && code === application.ground);
  return {
    ...(await partiesNow(tx, application.organisationId, on)),
    number: `ANS-${short(application.id)}`,
    issuedOn: on,
    application: short(application.id),
    service: offer?.name ?? { ja: application.service, en: application.service },
    appliedOn: application.orderedOn,
    ground: ground === undefined ? null : { article: ground.article, text: ground.text },
  };
}
