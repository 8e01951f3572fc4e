/**
 * A provider's office with some life in it, made through the API alone: prices and settings, customers, contracts of several
 * services, three months of bills, payments, a late payer, applications that wait. For browser tests and screenshots.
 */
import type { BrowserContext } from "playwright-core";
import { corporateCheckDigit } from "@yagura/core/corporate-number.ts";
import type { Application } from "@yagura/commerce/applications/shapes.ts";
import type { BillRunItem } from "@yagura/commerce/billing/shapes.ts";
import type { FormField, OrderForm } from "@yagura/commerce/charging/shapes.ts";
import type { ContractItem } from "@yagura/commerce/contracts/shapes.ts";
import type { OfferItem } from "@yagura/commerce/offers/shapes.ts";
import type { ClaimItem } from "@yagura/commerce/receivables/shapes.ts";
import type { MissingItem, OfferingItem } from "@yagura/commerce/terms/shapes.ts";
import type { Me, Organisation, Page } from "@yagura/server/shapes.ts";

/** Calls the API below `/api/v1` as the provider's administrator; throws with the answer when it is refused. */
export type Call = <T>(method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE", path: string, body?: unknown) => Promise<T>;

export interface DemoContract extends ContractItem {
  readonly customer: string;
}
export interface DemoOffice {
  readonly customers: readonly Organisation[];
  readonly contracts: readonly DemoContract[];
  /** Applications that wait for a decision. */
  readonly waiting: readonly Application[];
  readonly runs: readonly BillRunItem[];
  /** The customer that does not pay. */
  readonly late: Organisation;
}

/** Prices that are nobody's: for showing only. */
const PRICES: Readonly<Record<string, number>> = { agent: 3_000, base: 12_000, hardware: 98_000, installation: 35_000 };
const price = (item: string): number => PRICES[item] ?? 5_000;
const SINCE = "2023-08-01";

/** Gives every service what it lacks and offers it. */
async function openServices(call: Call, services: readonly string[]): Promise<void> {
  const { items } = await call<Page<OfferingItem>>("GET", "/provider/offering");
  for (const { service, missing } of items.filter((each) => services.includes(each.service))) {
    for (const one of missing) await supply(call, service, one);
    await call("POST", `/provider/offering/${service}`, { offered: true, from: SINCE, confirmPast: true });
  }
}

async function supply(call: Call, service: string, { key, kind, suggestion }: MissingItem): Promise<void> {
  const from = SINCE;
  if (kind === "price") {
    const [plan = "", item = ""] = key.replace(/^price:/, "").split("/");
    await call("POST", "/provider/prices", { service, plan, item, amount: price(item), from, confirmPast: true });
  } else if (kind === "activity") {
    const activity = key.replace(/^activity:/, "");
    await call("POST", "/provider/calendars/activities", {
      service,
      activity,
      hours: suggestion,
      from,
      confirmPast: true,
    });
  } else {
    await call("POST", "/provider/settings", { service, key, value: suggestion, from, confirmPast: true });
  }
}

/** The twelve digits with their check digit before them. */
const corporateNumber = (twelve: string): string => `${corporateCheckDigit(twelve)}${twelve}`;

interface Company {
  readonly name: string;
  readonly twelve: string;
  readonly address: string;
  readonly contact: string;
  readonly mail: string;
}
const companies: readonly Company[] = [
  {
    name: "青葉製作所株式会社",
    twelve: "010001000001",
    address: "宮城県仙台市青葉区一番町1-2-3",
    contact: "総務部 佐藤 恵",
    mail: "aoba@example.jp",
  },
  {
    name: "みなと物流株式会社",
    twelve: "020001000002",
    address: "神奈川県横浜市中区海岸通4-5",
    contact: "情報システム部 鈴木 一郎",
    mail: "minato@example.jp",
  },
  {
    name: "北斗メディカル株式会社",
    twelve: "030001000003",
    address: "北海道札幌市中央区北一条西7-8",
    contact: "管理課 田中 花子",
    mail: "hokuto@example.jp",
  },
];

async function makeCustomer(call: Call, company: Company): Promise<Organisation> {
  const number = corporateNumber(company.twelve);
  const made = await call<Organisation>("POST", "/organisations", {
    name: company.name,
    corporateNumber: number,
    timeZone: "Asia/Tokyo",
    language: "ja",
  });
  const { name, address, contact, mail } = company;
  await call("PUT", `/organisations/${made.id}/customer`, {
    kind: "corporation",
    corporateNumber: number,
    details: {
      holder: name,
      address,
      contact,
      mail,
      phone: "03-1234-5678",
      billingAddressee: name,
      billingAddress: address,
      billingContact: contact,
      billingMail: mail,
    },
  });
  return made;
}

/** An answer for any field of any form. */
function sampleOf(field: FormField, company: Company): unknown {
  switch (field.type) {
    case "consent":
      return true;
    case "corporate-number":
      return corporateNumber(company.twelve);
    case "postal-address":
      return company.address;
    case "mail":
      return company.mail;
    case "phone":
      return "03-1234-5678";
    case "date":
      return "2026-12-01";
    case "choice":
      return field.choices?.[0]?.value ?? "";
    case "choices":
      return (field.choices ?? []).slice(0, field.least ?? 1).map(({ value }) => value);
    case "number":
      return 1;
    case "mac":
      return "00:1A:2B:3C:4D:5E";
    case "ip-address":
      return "192.0.2.10";
    case "secret":
      return "moat-lantern-42";
    case "text":
      if (field.name === "holder-name" || field.name === "billing-name") return company.name;
      return company.contact.slice(0, field.maximum ?? 40);
  }
}

/** Values for every field that is asked for, in order, so that a later one may depend on an earlier. */
export function filled(
  form: OrderForm,
  company: Company,
  own: Readonly<Record<string, unknown>> = {},
): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const field of form.sections.flatMap((section) => section.fields)) {
    const { when } = field;
    if (when !== undefined && values[when.field] !== when.value) continue;
    if (field.required || own[field.name] !== undefined)
      values[field.name] = own[field.name] ?? sampleOf(field, company);
  }
  return values;
}

interface Wish {
  readonly company: number;
  readonly service: string;
  readonly plan: string;
  readonly items: Readonly<Record<string, number>>;
  readonly orderedOn: string;
  /** Null: the application waits. */
  readonly startOn: string | null;
}
const wishes: readonly Wish[] = [
  {
    company: 0,
    service: "experience",
    plan: "agent",
    items: { agent: 1 },
    orderedOn: "2026-06-22",
    startOn: "2026-07-01",
  },
  {
    company: 0,
    service: "security",
    plan: "endpoint",
    items: { "seat-100": 1, "seat-10": 2 },
    orderedOn: "2026-06-22",
    startOn: "2026-07-13",
  },
  {
    company: 1,
    service: "security",
    plan: "endpoint",
    items: { "seat-10": 1 },
    orderedOn: "2026-07-02",
    startOn: "2026-07-20",
  },
  {
    company: 1,
    service: "experience",
    plan: "agent",
    items: { agent: 1 },
    orderedOn: "2026-07-02",
    startOn: "2026-08-05",
  },
  {
    company: 2,
    service: "experience",
    plan: "agent",
    items: { agent: 1 },
    orderedOn: "2026-07-06",
    startOn: "2026-07-21",
  },
  {
    company: 2,
    service: "security",
    plan: "cloud-app",
    items: { "seat-10": 1 },
    orderedOn: "2026-07-06",
    startOn: "2026-08-03",
  },
  {
    company: 1,
    service: "security",
    plan: "cloud-app",
    items: { "seat-10": 1 },
    orderedOn: "2026-11-17",
    startOn: null,
  },
  { company: 2, service: "experience", plan: "agent", items: { agent: 1 }, orderedOn: "2026-11-19", startOn: null },
];

async function order(call: Call, organisation: string, company: Company, wish: Wish): Promise<Application> {
  const { items } = await call<Page<OfferItem>>("GET", `/organisations/${organisation}/offers?on=${wish.orderedOn}`);
  const plan = items.find(({ service }) => service === wish.service)?.plans.find(({ plan }) => plan === wish.plan);
  if (plan === undefined) throw new Error(`${wish.service}/${wish.plan} is not offered on ${wish.orderedOn}`);
  const asked = new Set(plan.form.items.map(({ item }) => item));
  const made = await call<Application[]>("POST", `/organisations/${organisation}/applications`, {
    channel: "form",
    orderedOn: wish.orderedOn,
    lines: [
      {
        service: wish.service,
        plan: wish.plan,
        items: Object.fromEntries(Object.entries(wish.items).filter(([item]) => asked.has(item))),
        fields: filled(plan.form, company),
        ...(wish.startOn === null ? {} : { desiredStartOn: wish.startOn }),
      },
    ],
  });
  const [application] = made;
  if (application === undefined) throw new Error("the order made no application");
  if (application.state === "incomplete") {
    const missing = application.remarks.map(({ pointer, text }) => `${pointer}: ${text.en}`);
    throw new Error(`the demo's own order is incomplete: ${missing.join("; ")}`);
  }
  return application;
}

async function begin(call: Call, application: Application, startOn: string): Promise<ContractItem> {
  const base = `/organisations/${application.organisationId}`;
  const contract = await call<ContractItem>("POST", `${base}/applications/${application.id}/accept`, {
    acceptedOn: application.orderedOn,
    startOn,
    outOfTurn: "移行時に登録",
  });
  // Some services start on their planned day by themselves, others when somebody reports it.
  if (contract.state !== "awaiting-start") return contract;
  return call<ContractItem>("POST", `${base}/contracts/${contract.id}/start`, { kind: "started", on: startOn });
}

/** Computes and issues a month; returns when every document stands. */
export async function bill(call: Call, month: string, issueOn: string): Promise<BillRunItem> {
  const made = await call<BillRunItem>("POST", "/provider/bill-runs", { month, issueOn });
  await settled(call, made.id, "ready");
  await call("POST", `/provider/bill-runs/${made.id}/issue`, {});
  return settled(call, made.id, "done");
}
async function settled(call: Call, id: string, state: BillRunItem["state"]): Promise<BillRunItem> {
  const deadline = Date.now() + 60_000;
  for (;;) {
    const run = await call<BillRunItem>("GET", `/provider/bill-runs/${id}`);
    if (run.state === state) return run;
    if (Date.now() > deadline) throw new Error(`bill run ${id} is ${run.state}, not ${state}`);
    await new Promise((done) => setTimeout(done, 200));
  }
}

/** More seats in the middle of October, and one fact that was learnt late: the next bills show both. */
async function change(call: Call, contract: DemoContract): Promise<void> {
  const facts = `/organisations/${contract.organisationId}/contracts/${contract.id}/facts`;
  await call("POST", facts, {
    fact: { kind: "quantity", on: "2026-10-16", item: "seat-10", quantity: 5, by: "customer" },
  });
}

/** Everybody but the late payer pays what is due. */
async function pay(call: Call, organisation: string): Promise<void> {
  const { items } = await call<Page<ClaimItem>>("GET", `/organisations/${organisation}/claims?limit=500`);
  for (const claim of items.filter(({ state }) => state === "open")) {
    if (claim.dueOn > "2026-11-15") continue;
    await call("POST", `/organisations/${organisation}/payments`, {
      paidOn: claim.dueOn,
      amount: claim.left,
      way: "transfer",
      reference: claim.number,
      claimId: claim.id,
    });
  }
}

/** Fills an empty provider. The days are fixed, so that pictures stay the same; today is after 2026-11-20. */
export async function fillOffice(call: Call): Promise<DemoOffice> {
  await call("PATCH", "/provider/profile", {
    name: "やぐらネットワークス株式会社",
    registrationNumber: `T${corporateNumber("090001000009")}`,
    contact: {
      postalCode: "100-0001",
      address: "東京都千代田区千代田1-1",
      phone: "03-0000-0000",
      mail: "billing@example.jp",
    },
  });
  await openServices(call, ["experience", "security"]);
  const customers: Organisation[] = [];
  for (const company of companies) customers.push(await makeCustomer(call, company));
  const contracts: DemoContract[] = [];
  const waiting: Application[] = [];
  for (const wish of wishes) {
    const [company, customer] = [companies[wish.company], customers[wish.company]];
    if (company === undefined || customer === undefined) continue;
    const application = await order(call, customer.id, company, wish);
    if (wish.startOn === null) waiting.push(application);
    else contracts.push({ ...(await begin(call, application, wish.startOn)), customer: customer.name });
  }
  const growing = contracts.find(({ plan }) => plan === "endpoint");
  if (growing !== undefined) await change(call, growing);
  const runs: BillRunItem[] = [];
  for (const [month, issueOn] of [
    ["2026-08", "2026-09-01"],
    ["2026-09", "2026-10-01"],
    ["2026-10", "2026-11-02"],
  ] as const) {
    runs.push(await bill(call, month, issueOn));
  }
  const late = customers[1] as Organisation;
  for (const customer of customers) if (customer.id !== late.id) await pay(call, customer.id);
  return { customers, contracts, waiting, runs, late };
}

/** Units in the register, one of them replaced and awaited back; a waiver for a disaster. Not in every office: it changes bills. */
export async function fillRegisters(call: Call, office: DemoOffice): Promise<void> {
  const contract = office.contracts.find(({ plan }) => plan === "endpoint");
  if (contract === undefined) throw new Error("the demo has no contract with equipment");
  const equipment = `/organisations/${contract.organisationId}/equipment`;
  const unit = { contractId: contract.id, kind: "router", model: "YR-200", deliveredOn: "2026-07-10" };
  const first = await call<{ id: string }>("POST", equipment, { ...unit, serial: "YR200-0001", arrangement: "lent" });
  await call("POST", equipment, {
    ...unit,
    serial: "YR200-0002",
    arrangement: "leased",
    lessor: "みらいリース株式会社",
  });
  await call("POST", `${equipment}/${first.id}/events`, { kind: "faulty", on: "2026-11-09", note: "電源が入らない" });
  await call("POST", `${equipment}/${first.id}/replace`, {
    serial: "YR200-0003",
    dispatchedOn: "2026-11-11",
    place: "東京都江東区豊洲1-1 返却センター",
  });
  await call("POST", "/provider/waivers", {
    service: "security",
    percent: 50,
    areas: ["宮城県"],
    from: "2026-11-01",
    lastDay: "2026-11-30",
    reference: "2026-災-01",
    reason: {
      ja: "大雨の被害を受けたお客様の料金を減額します。",
      en: "Charges are reduced for customers hit by the heavy rain.",
    },
  });
}

/** The API below `/api/v1` as whoever is signed in with the context. */
export async function callerOf(context: BrowserContext, url: string): Promise<Call> {
  const me = (await (await context.request.get(`${url}/api/v1/me`)).json()) as Me;
  return async (method, path, body) => {
    const answer = await context.request.fetch(`${url}/api/v1${path}`, {
      method,
      headers: { "x-yagura-csrf": me.csrf ?? "", origin: url, "accept-language": "en" },
      ...(body === undefined ? {} : { data: body }),
    });
    if (!answer.ok()) throw new Error(`${method} ${path}: ${answer.status()} ${await answer.text()}`);
    return answer.status() === 204 ? (undefined as never) : answer.json();
  };
}

/** Portal paths of the office's pages, filled as `fillOffice` fills them. */
export function officePages(office: DemoOffice, invoice: string): readonly string[] {
  const [customer] = office.customers;
  const contract = office.contracts.find(({ plan }) => plan === "endpoint");
  const [waiting] = office.waiting;
  const own = (page: string): string => `/o/${customer?.id ?? ""}/office/${page}`;
  const ofContract = (page: string): string => own(`contracts/${contract?.id ?? ""}${page}`);
  return [
    ...["contracts", "order", "order/security/endpoint", "applications", "invoices", `invoices/${invoice}`].map(own),
    ...[
      "next-bill",
      "account",
      "account?tab=statement",
      "account?tab=certificates",
      "equipment",
      "documents",
      "documents?tab=files",
      "details",
    ].map(own),
    ...["", "?tab=costs", "?tab=content", "?tab=rights", "?tab=facts", "/cancel", "/change"].map(ofContract),
    `/o/${waiting?.organisationId ?? ""}/office/applications/${waiting?.id ?? ""}`,
    ...[
      "applications",
      "contracts",
      "tasks",
      "bill-runs",
      `bill-runs/${office.runs[0]?.id ?? ""}`,
      "invoices",
      "receivables",
      "receivables?tab=proposals",
      "bank",
      "bank?tab=files",
      "bank?tab=transfers",
      "notices",
      "cases",
      "prices",
      "terms",
      "rates",
      "settings",
      "waivers",
      "calendars",
      "offering",
    ].map((page) => `/provider/office/${page}`),
  ];
}
