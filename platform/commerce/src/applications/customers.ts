/** Registered details of a customer (COM-31, COM-32): who holds, where to write; every change keeps what was before. */
import { sql } from "kysely";
import { newId, type OrganisationId, type Uuid } from "@yagura/core/ids.ts";
import { isCorporateNumber } from "@yagura/core/corporate-number.ts";
import type { Tx } from "@yagura/store/store.ts";
import { actorName } from "../actor.ts";
import type { ContractWork } from "../contracts/contract-row.ts";
import { raise } from "./errors.ts";
import type { Values } from "./fields.ts";
import type { Bounce, Customer, CustomerChange, CustomerDetails, CustomerInput } from "./shapes.ts";

type Work = Pick<ContractWork, "tx" | "now" | "actor">;

const columns = sql`kind, corporate_number as "corporateNumber", details, declaration, bounced, updated_at as "updatedAt"`;
type Row = Omit<Customer, "updatedAt"> & { readonly updatedAt: Date };

/** The organisation's registered details, or null. */
export async function customerOf(tx: Tx, organisation: OrganisationId): Promise<Customer | null> {
  const { rows } =
    await sql<Row>`select ${columns} from commerce.customer where organisation_id = ${organisation}`.execute(tx);
  const [row] = rows;
  return row === undefined ? null : { ...row, updatedAt: row.updatedAt.toISOString() };
}

/** Registers or changes the details. CUSTOMER_NUMBER_WRONG for a corporation without the right corporate number. */
export async function registerCustomer(
  work: Work,
  organisation: OrganisationId,
  input: CustomerInput,
): Promise<Customer> {
  const { kind, corporateNumber, details } = input;
  if (kind === "corporation" && !isCorporateNumber(corporateNumber ?? "")) {
    throw raise("CUSTOMER_NUMBER_WRONG", { number: corporateNumber ?? "" });
  }
  const before = await lockCustomer(work, organisation);
  await sql`insert into commerce.customer (organisation_id, kind, corporate_number, details, updated_at)
    values (${organisation}, ${kind}, ${corporateNumber ?? null}, ${JSON.stringify(details)}::jsonb, ${work.now})
    on conflict (organisation_id) do update set kind = excluded.kind, corporate_number = excluded.corporate_number,
      details = excluded.details, updated_at = excluded.updated_at`.execute(work.tx);
  await note(
    work,
    organisation,
    before === null ? "registered" : "changed",
    told(before),
    { kind, corporateNumber: corporateNumber ?? null, details },
    input.evidence,
  );
  return (await customerOf(work.tx, organisation)) as Customer;
}

async function lockCustomer({ tx }: Work, organisation: OrganisationId): Promise<Customer | null> {
  await sql`select from commerce.customer where organisation_id = ${organisation} for update`.execute(tx);
  return customerOf(tx, organisation);
}

const told = (customer: Customer | null): Record<string, unknown> | null =>
  customer === null
    ? null
    : { kind: customer.kind, corporateNumber: customer.corporateNumber, details: customer.details };

/** COM-26: the customer declares that it neither is nor deals with anti-social forces. CUSTOMER_UNKNOWN. */
export async function declare(work: Work, organisation: OrganisationId, textVersion: string): Promise<Customer> {
  const before = await lockCustomer(work, organisation);
  if (before === null) throw raise("CUSTOMER_UNKNOWN");
  const declaration = { textVersion, at: work.now.toISOString(), by: actorName(work) };
  await sql`update commerce.customer set declaration = ${JSON.stringify(declaration)}::jsonb, updated_at = ${work.now}
    where organisation_id = ${organisation}`.execute(work.tx);
  await note(work, organisation, "declared", before.declaration, declaration);
  return (await customerOf(work.tx, organisation)) as Customer;
}

/**
 * COM-32: something that was sent came back. The flag stands until the address is changed or the flag is taken away; notices
 * still count as given. An organisation without registered details keeps nothing. For the notices' own use too.
 */
export async function flagBounced(work: Work, organisation: OrganisationId, bounce: Bounce): Promise<void> {
  const before = await lockCustomer(work, organisation);
  if (before === null) return;
  const bounced = [...before.bounced.filter(({ channel }) => channel !== bounce.channel), bounce];
  await sql`update commerce.customer set bounced = ${JSON.stringify(bounced)}::jsonb, updated_at = ${work.now}
    where organisation_id = ${organisation}`.execute(work.tx);
  await note(work, organisation, "bounced", null, { ...bounce });
}

/** Takes the flags of a channel away, e.g. once the customer confirmed the address. CUSTOMER_UNKNOWN. */
export async function clearBounce(work: Work, organisation: OrganisationId, channel: string): Promise<Customer> {
  const before = await lockCustomer(work, organisation);
  if (before === null) throw raise("CUSTOMER_UNKNOWN");
  const bounced = before.bounced.filter((one) => one.channel !== channel);
  await sql`update commerce.customer set bounced = ${JSON.stringify(bounced)}::jsonb, updated_at = ${work.now}
    where organisation_id = ${organisation}`.execute(work.tx);
  await note(work, organisation, "bounce-cleared", { channel }, { channel });
  return (await customerOf(work.tx, organisation)) as Customer;
}

async function note(
  { tx, now, actor }: Work,
  organisation: OrganisationId,
  kind: string,
  before: Readonly<Record<string, unknown>> | null,
  after: Readonly<Record<string, unknown>>,
  evidence: readonly Uuid[] = [],
): Promise<void> {
  await sql`insert into commerce.customer_change (id, organisation_id, at, actor, kind, before, after, evidence)
    values (${newId()}, ${organisation}, ${now}, ${actorName({ actor })}, ${kind},
      ${before === null ? null : JSON.stringify(before)}::jsonb, ${JSON.stringify(after)}::jsonb, ${[...evidence]}::uuid[])`.execute(
    tx,
  );
}

/** Every change, oldest first. */
export async function customerHistory(tx: Tx, organisation: OrganisationId): Promise<CustomerChange[]> {
  const { rows } = await sql<Omit<CustomerChange, "at"> & { at: Date }>`select at, actor, kind, before, after, evidence
    from commerce.customer_change where organisation_id = ${organisation} order by ordinal`.execute(tx);
  return rows.map(({ at, ...row }) => Object.assign(row, { at: at.toISOString() }));
}

const isMail = (text: string): boolean => /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text);

/** A first registration from the fields of an order form, where there is none yet; the forms share the fields' names. */
export async function registerFromOrder(work: Work, organisation: OrganisationId, fields: Values): Promise<void> {
  if ((await customerOf(work.tx, organisation)) !== null) return;
  const text = (...names: string[]): string => {
    for (const name of names) {
      const value = fields[name];
      if (typeof value === "string" && value.trim() !== "") return value;
    }
    return "";
  };
  // Names are one line, as where they are registered by hand: they stand in lines of mails and letters.
  const name = (...names: string[]): string =>
    text(...names)
      .replaceAll(/[\p{Cc}\u2028\u2029]+/gu, " ")
      .slice(0, 120);
  const details: CustomerDetails = {
    holder: name("holder-name"),
    address: text("holder-address"),
    contact: name("contact-name", "contact", "holder-name"),
    mail: ["contact-mail", "billing-contact", "contact", "pc-holder-mail"].map((name) => text(name)).find(isMail) ?? "",
    ...(text("contact-phone") === "" ? {} : { phone: text("contact-phone") }),
    billingAddressee: name("billing-name", "holder-name"),
    billingAddress: text("billing-address", "holder-address"),
    billingContact: name("billing-contact", "contact-name"),
  };
  const corporateNumber = text("corporate-number");
  const soleTrader = fields["holder"] === "sole-trader";
  if (details.holder === "" || details.address === "" || details.mail === "") return;
  if (!soleTrader && !isCorporateNumber(corporateNumber)) return;
  await registerCustomer(work, organisation, {
    kind: soleTrader ? "sole-trader" : "corporation",
    ...(soleTrader ? {} : { corporateNumber }),
    details,
  });
}
