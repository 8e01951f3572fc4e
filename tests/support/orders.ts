/** For tests: complete order forms of any offer, and an office in which the five services can be ordered. */
import type { FormField, Offer } from "@yagura/commerce/charging/offer.ts";
import type { Application, FieldValue, OrderLine } from "@yagura/commerce/applications/shapes.ts";
import type { ContractItem } from "@yagura/commerce/contracts/shapes.ts";
import { newSignInLink } from "@yagura/server/setup.ts";
import type { Answer, Client } from "@yagura/testkit/server.ts";
import { openOffice, type Office } from "./office.ts";
import { offers } from "./offers.ts";
import { offerServices } from "./provider-data.ts";

/** A corporate number with the right check digit. */
export const CORPORATE_NUMBER = "7000012050002";

let counter = 0;
const valueOf = (field: FormField, day: string): FieldValue => {
  const first = field.choices?.[0]?.value ?? "";
  switch (field.type) {
    case "corporate-number":
      return CORPORATE_NUMBER;
    case "postal-address":
      return "東京都千代田区千代田1-1";
    case "mail":
      return "kanri@customer.test";
    case "phone":
      return "03-1234-5678";
    case "date":
      return day;
    case "choice":
      return first;
    case "choices":
      return (field.choices ?? []).slice(0, field.least ?? 1).map(({ value }) => value);
    case "consent":
      return true;
    case "number":
      return 1;
    case "mac":
      return "00:1b:44:11:3a:b7";
    case "ip-address":
      return "192.0.2.10";
    default:
      return field.name === "area"
        ? "大阪府"
        : field.name === "line-type"
          ? "house-1g"
          : `${field.name} ${++counter}`.slice(0, field.maximum ?? 60);
  }
};

/** A complete line of an order for the form in force on the day. */
export function orderLine(
  offer: Offer,
  plan: string,
  day: string,
  more: Omit<Partial<OrderLine>, "fields"> & { readonly fields?: Readonly<Record<string, FieldValue | null>> } = {},
): OrderLine {
  const form = offer.forms.find(
    (one) => one.plan === plan && (one.from === null || one.from <= day) && (one.until === null || day < one.until),
  );
  if (form === undefined) throw new Error(`no form of ${offer.service}/${plan} on ${day}`);
  const fields: Record<string, FieldValue> = {};
  const given = more.fields ?? {};
  for (const field of form.sections.flatMap((section) => section.fields)) {
    const { when } = field;
    if (when !== undefined && fields[when.field] !== when.value) continue;
    const value =
      field.name in given
        ? given[field.name]
        : field.name === "router-stays" || field.name === "construction"
          ? "no"
          : valueOf(field, day);
    if (value !== null && value !== undefined) fields[field.name] = value;
  }
  for (const [name, value] of Object.entries(given)) if (value !== null) fields[name] = value;
  const { items, desiredStartOn, quoteId } = more;
  return {
    service: offer.service,
    plan,
    fields,
    ...(items === undefined ? {} : { items }),
    ...(desiredStartOn === undefined ? {} : { desiredStartOn }),
    ...(quoteId === undefined ? {} : { quoteId }),
  };
}

export interface Counter extends Office {
  /** A customer with an owner who is signed in. */
  customer(name?: string): Promise<{ readonly id: string; readonly owner: Client; readonly base: string }>;
  /** The administrator, signed in anew: sign-ins end when a test moves the clock by days. */
  again(): Promise<Client>;
  /** Moves the clock to a moment. */
  moveTo(time: string): void;
  /** Applies as the staff and accepts; throws with the answer when either is refused. */
  contract(base: string, line: OrderLine, accept?: object, order?: object): Promise<ContractItem>;
}

/** Every service can be ordered, from long ago. */
export async function openCounter(start = "2026-11-20T03:00:00Z"): Promise<Counter> {
  const office = await openOffice(start, offers);
  await offerServices(office.admin, offers, "2020-01-01");
  let customers = 0;
  return {
    ...office,
    async customer(name = `株式会社${++customers}`) {
      const { id } = await office.organisation(name);
      const owner = await office.member(id, `owner${id.slice(-12)}@customer.test`, "owner");
      return { id, owner, base: `/api/v1/organisations/${id}` };
    },
    async again() {
      const person = office.client();
      const link = await newSignInLink(office.platform, "admin@provider.test");
      done(await person.post(`/api/v1/sign-in-links/${link.split("#link=")[1]}`, {}));
      return person;
    },
    moveTo: (time) => office.clock.advance(Date.parse(time) - office.clock.now()),
    async contract(base, line, accept = {}, order = {}) {
      const [application] = done(
        await office.admin.post<Application[]>(`${base}/applications`, {
          channel: "order-site",
          lines: [line],
          ...order,
        }),
      );
      if (application?.state !== "received") throw new Error(JSON.stringify(application?.remarks));
      return done(await office.admin.post<ContractItem>(`${base}/applications/${application.id}/accept`, accept));
    },
  };
}

/** The body of an answer that is no refusal. */
export function done<T>(answer: Answer<T>): T {
  if (answer.status >= 300) throw new Error(`${answer.status} ${answer.text}`);
  return answer.body;
}
