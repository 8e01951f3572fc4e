/** Tells customers that a document was issued: at most one notice for each document (COM-15), after it has come into being. */
import { sql } from "kysely";
import type { Language } from "@yagura/core/errors.ts";
import type { OrganisationId, Uuid } from "@yagura/core/ids.ts";
import { grouped } from "@yagura/core/yen.ts";
import type { Platform } from "@yagura/server/route.ts";
import type { Tx } from "@yagura/store/store.ts";
import type { MailText } from "../contracts/mails.ts";
import { tellCustomers } from "../notices/tell.ts";
import { readCustomers } from "./content.ts";

interface Issued {
  readonly id: Uuid;
  readonly organisation: OrganisationId;
  readonly number: string;
  readonly kind: "invoice" | "corrected" | "credit-note";
  readonly total: string;
  readonly dueOn: string | null;
}

/** Documents whose customers are told in one transaction. */
const BATCH = 100;

/** Which documents: those of a run, or one. */
export type Told = { readonly run: Uuid } | { readonly invoice: Uuid };

/** Tells the customers who were not told yet. Gives how many documents they were told of. */
export async function mailDocuments(platform: Platform, which: Told): Promise<number> {
  let told = 0;
  for (let after: Uuid | null = null; ;) {
    const batch = await platform.store.provider((tx) => mailBatch(platform, tx, which, after));
    told += batch.told;
    if (batch.last === null) return told;
    after = batch.last;
  }
}

async function mailBatch(
  platform: Platform,
  tx: Tx,
  which: Told,
  after: Uuid | null,
): Promise<{ told: number; last: Uuid | null }> {
  const { rows } =
    await sql<Issued>`select i.id, i.organisation_id as organisation, i.number, i.kind, i.total, i.due_on as "dueOn"
    from commerce.invoice i
    where ${"run" in which ? sql`i.run_id = ${which.run}` : sql`i.id = ${which.invoice}`}
      and (${after}::uuid is null or i.id > ${after}::uuid) order by i.id limit ${BATCH}`.execute(tx);
  const marked = await sql<{
    id: Uuid;
  }>`insert into commerce.invoice_mail (invoice_id, organisation_id, mailed_at, recipients)
    select i.id, i.organisation_id, ${new Date(platform.clock.now())}, 0 from commerce.invoice i
    where i.id = any(${rows.map(({ id }) => id)}::uuid[])
    on conflict (invoice_id) do nothing returning invoice_id as id`.execute(tx);
  const mine = new Set(marked.rows.map(({ id }) => id));
  await tell(
    platform,
    tx,
    rows.filter(({ id }) => mine.has(id)),
  );
  return { told: mine.size, last: rows.length < BATCH ? null : (rows.at(-1)?.id ?? null) };
}

async function tell(platform: Platform, tx: Tx, documents: readonly Issued[]): Promise<void> {
  const customers = await readCustomers(tx, [...new Set(documents.map(({ organisation }) => organisation))]);
  const told = documents.flatMap((document) => {
    const customer = customers.get(document.organisation);
    if (customer === undefined) return [];
    const { language } = customer;
    const mail = issuedMail(document, language, `${platform.publicUrl()}/invoices/${document.id}`);
    const { organisation, kind } = document;
    return [
      { document: document.id, organisation, contract: null, service: null, kind, mail, language, to: customer.mail },
    ];
  });
  const work = {
    tx,
    now: new Date(platform.clock.now()),
    actor: { kind: "system", name: "billing" } as const,
    platform,
  };
  const given = await tellCustomers(
    work,
    told.map(({ document: _document, to, ...one }) => ({ ...one, to: to ?? undefined })),
  );
  const counts = JSON.stringify(told.map(({ document }, at) => ({ document, recipients: given[at]?.recipients ?? 0 })));
  await sql`update commerce.invoice_mail m set recipients = r.recipients
    from jsonb_to_recordset(${counts}::jsonb) as r(document uuid, recipients integer)
    where m.invoice_id = r.document`.execute(tx);
  for (const { document, organisation } of told)
    await platform.live.publish(tx, organisation, { topic: "invoice", data: { id: document } });
}

/** Link, amount, due date. */
function issuedMail(
  { number, kind, total, dueOn }: Pick<Issued, "number" | "kind" | "total" | "dueOn">,
  language: Language,
  link: string,
): MailText {
  const amount = grouped(Math.abs(Number(total)));
  if (language === "ja") {
    const name = kind === "credit-note" ? "返還請求書" : kind === "corrected" ? "修正請求書" : "請求書";
    return {
      subject: `${name}を発行しました: ${number}`,
      text: [
        `${name}番号: ${number}`,
        kind === "credit-note" ? `ご返還額（税込）: ${amount} 円` : `ご請求額（税込）: ${amount} 円`,
        ...(dueOn === null ? [] : [`お支払期限: ${dueOn}`]),
        "",
        "明細と金額の理由は、次のページでご確認いただけます。",
        link,
      ].join("\n"),
    };
  }
  const name = kind === "credit-note" ? "credit note" : kind === "corrected" ? "corrected invoice" : "invoice";
  return {
    subject: `Your ${name} ${number}`,
    text: [
      `Number: ${number}`,
      kind === "credit-note" ? `Credited, with tax: ${amount} yen` : `Amount, with tax: ${amount} yen`,
      ...(dueOn === null ? [] : [`Due: ${dueOn}`]),
      "",
      "The lines, and why each amount is what it is:",
      link,
    ].join("\n"),
  };
}
