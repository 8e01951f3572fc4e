/** The API of banking: customers' accounts, files to and from the bank, deposits. */
import { sql } from "kysely";
import { Type } from "typebox";
import type { OrganisationId } from "@yagura/core/ids.ts";
import { route, type Route, type RouteContext } from "@yagura/server/route.ts";
import { closed, Id, page } from "@yagura/server/shapes.ts";
import { auditMoney, ofOrganisation, office, own, workOf } from "../receivables/paths.ts";
import { shownPayment, type PaymentDone } from "../receivables/payments.ts";
import { PaymentResult } from "../receivables/shapes.ts";
import { countRows, offsetOf, pageByOffset } from "../paging.ts";
import { ByOffset } from "../shapes.ts";
import { attachedAs } from "../downloads.ts";
import { forgetAccount, keysOf, registerAccount, showAccount } from "./customer-accounts.ts";
import { importDebitResults, requestDebits } from "./debit-requests.ts";
import { addCollectionAccount, collectionAccounts, fileBytes, filesWhere } from "./files.ts";
import { depositsWhere, ignoreDeposit, importDeposits, matchDeposit, shownDeposit } from "./incoming.ts";
import { refundFile } from "./refund-files.ts";
import {
  BankFileItem,
  BankFileResult,
  BankFileUpload,
  CollectionAccount,
  CollectionAccountItem,
  CustomerAccount,
  CustomerAccountShown,
  DebitResult,
  DepositIgnore,
  DepositImportResult,
  DepositItem,
  DepositMatch,
  depositStates,
  NewDebitRequest,
  NewRefundFile,
} from "./shapes.ts";

const tag = "payments";
const read = { tag, access: { kind: "provider", scope: "payment.write" } } as const;
const ofFile = Type.Object({ file: Id });
const ofDeposit = Type.Object({ deposit: Id });
const UPLOAD = 15_000_000;

const showCustomerAccount = route({
  tag,
  access: { kind: "organisation", scope: "invoice.read" },
  method: "GET",
  path: `${own}/bank-account`,
  summary: "The organisation's bank account, as far as it is shown",
  params: ofOrganisation,
  response: CustomerAccountShown,
  handler: ({ tx, organisation }) => showAccount(tx, organisation),
});

const setCustomerAccount = route({
  tag,
  access: { kind: "organisation", scope: "payment.write" },
  method: "PUT",
  path: `${own}/bank-account`,
  summary: "Register the organisation's bank account for direct debit and refunds; kept sealed",
  params: ofOrganisation,
  body: CustomerAccount,
  response: CustomerAccountShown,
  handler: async (context) => {
    const { tx, organisation, body, platform } = context;
    await registerAccount(workOf(context), await keysOf(platform), organisation, body);
    const shown = await showAccount(tx, organisation);
    await auditMoney(context, organisation, "bank-account.register", organisation, {
      shown: shown.shown,
      debit: shown.debit,
    });
    return shown;
  },
});

const removeCustomerAccount = route({
  tag,
  access: { kind: "organisation", scope: "payment.write" },
  method: "DELETE",
  path: `${own}/bank-account`,
  summary: "Forget the organisation's bank account",
  params: ofOrganisation,
  handler: async (context) => {
    await forgetAccount(context.tx, context.organisation);
    await auditMoney(context, context.organisation, "bank-account.forget", context.organisation, {});
  },
});

const listAccounts = route({
  ...read,
  method: "GET",
  path: `${office}/zengin/accounts`,
  summary: "The provider's own accounts, by use",
  response: Type.Object({ items: Type.Array(CollectionAccountItem) }),
  handler: async ({ tx }) => ({ items: await collectionAccounts(tx) }),
});

const addAccount = route({
  ...read,
  method: "POST",
  path: `${office}/zengin/accounts`,
  summary: "Add an account of the provider, with the consignor code that the bank gave",
  body: CollectionAccount,
  response: CollectionAccountItem,
  status: 201,
  handler: async (context) => {
    const made = await addCollectionAccount(workOf(context), context.body);
    await context.audit({ action: "bank-account.add", subject: made.id, details: { use: made.use, bank: made.bank } });
    return made;
  },
});

const listFiles = route({
  ...read,
  method: "GET",
  path: `${office}/zengin/files`,
  summary: "Files to and from the bank, newest first",
  response: Type.Object({ items: Type.Array(BankFileItem) }),
  handler: async ({ tx }) => ({ items: await filesWhere(tx, sql`true`) }),
});

const downloadFile = route({
  ...read,
  method: "GET",
  path: `${office}/zengin/files/:file/content`,
  summary: "A file as it is sent to the bank, byte for byte",
  params: ofFile,
  raw: "application/octet-stream",
  handler: async (context) => {
    const { tx, params, platform, reply } = context;
    const { name, bytes } = await fileBytes(tx, await keysOf(platform), params.file);
    await context.audit({ action: "bank-file.download", subject: params.file, details: { name } });
    attachedAs(reply, name);
    return bytes;
  },
});

const makeDebits = route({
  ...read,
  method: "POST",
  path: `${office}/zengin/debits`,
  summary: "A file of direct debits (口座振替, kind 91) for customers with a mandate",
  body: NewDebitRequest,
  response: BankFileResult,
  status: 201,
  handler: async (context) => {
    const result = await requestDebits(workOf(context), await keysOf(context.platform), context.body);
    const { id, records, total, onDay } = result.file;
    await context.audit({
      action: "bank-file.debits",
      subject: id,
      details: { records, total, onDay, left: result.left.length },
    });
    return result;
  },
});

const makeRefunds = route({
  ...read,
  method: "POST",
  path: `${office}/zengin/transfers`,
  summary: "A file of bulk transfers (総合振込, kind 21) for the refunds that wait",
  body: NewRefundFile,
  response: BankFileResult,
  status: 201,
  handler: async (context) => {
    const result = await refundFile(workOf(context), await keysOf(context.platform), context.body);
    const { id, records, total, onDay } = result.file;
    await context.audit({
      action: "bank-file.refunds",
      subject: id,
      details: { records, total, onDay, left: result.left.length },
    });
    return result;
  },
});

/** Each customer's own audit tells of the payment. */
async function auditPayments(
  context: RouteContext<unknown, unknown, unknown>,
  action: string,
  payments: readonly { readonly organisation: OrganisationId; readonly done: PaymentDone }[],
): Promise<void> {
  for (const { organisation, done } of payments) {
    if (!done.changed) continue;
    const { id, paidOn, amount, way, reversedOn } = done.payment;
    await auditMoney(
      context,
      organisation,
      reversedOn === null ? action : "payment.reverse",
      id,
      { paidOn, amount, way },
      done.moved,
    );
  }
}

const readResults = route({
  ...read,
  method: "POST",
  path: `${office}/zengin/debit-results`,
  summary: "Read what the bank answered to direct debits; the same file again changes nothing",
  body: BankFileUpload,
  bodyLimit: UPLOAD,
  response: DebitResult,
  status: 200,
  handler: async (context) => {
    const { name, base64 } = context.body;
    const { result, payments } = await importDebitResults(
      workOf(context),
      await keysOf(context.platform),
      name,
      Buffer.from(base64, "base64"),
    );
    await auditPayments(context, "payment.debit", payments);
    const { debited, failed, already, total } = result;
    await context.audit({
      action: "bank-file.debit-results",
      subject: name,
      details: { debited, failed, already, total },
    });
    return result;
  },
});

const readDepositFile = route({
  ...read,
  method: "POST",
  path: `${office}/zengin/deposits`,
  summary: "Read deposits (振込入金通知 01, 入出金取引明細 03); known ones are passed over",
  body: BankFileUpload,
  bodyLimit: UPLOAD,
  response: DepositImportResult,
  status: 200,
  handler: async (context) => {
    const { name, base64 } = context.body;
    const { result, payments } = await importDeposits(
      workOf(context),
      await keysOf(context.platform),
      name,
      Buffer.from(base64, "base64"),
    );
    await auditPayments(context, "payment.match", payments);
    const { deposits, already, matched } = result;
    await context.audit({
      action: "bank-file.deposits",
      subject: result.file.id,
      details: { deposits, already, matched },
    });
    return result;
  },
});

const listDeposits = route({
  ...read,
  method: "GET",
  path: `${office}/deposits`,
  summary: "Deposits, newest first, with proposals of whose they are",
  query: Type.Object(
    {
      ...ByOffset,
      state: Type.Optional(Type.Unsafe<(typeof depositStates)[number]>(Type.String({ enum: [...depositStates] }))),
    },
    closed,
  ),
  response: page(DepositItem),
  handler: async ({ tx, query }) => {
    const [limit, offset] = [Math.min(query.limit ?? 50, 100), offsetOf(query.cursor)];
    const condition = sql`(${query.state ?? null}::text is null or state = ${query.state ?? null})`;
    const total = await countRows(tx, sql`commerce.deposit where ${condition}`);
    const items: DepositItem[] = [];
    for (const row of await depositsWhere(tx, condition, limit, offset)) items.push(await shownDeposit(tx, row));
    return pageByOffset(items, offset, total);
  },
});

const match = route({
  ...read,
  method: "POST",
  path: `${office}/deposits/:deposit/match`,
  summary: "Say whose deposit it is: it becomes a payment, and the payer's name is remembered",
  params: ofDeposit,
  body: DepositMatch,
  response: PaymentResult,
  status: 200,
  handler: async (context) => {
    const { params, body } = context;
    const done = await matchDeposit(workOf(context), params.deposit, body);
    await auditPayments(context, "payment.match", [{ organisation: body.organisationId, done }]);
    return { payment: shownPayment(done.payment), recorded: done.changed, moved: done.moved.length };
  },
});

const ignore = route({
  ...read,
  method: "POST",
  path: `${office}/deposits/:deposit/ignore`,
  summary: "The deposit is no payment of a customer",
  params: ofDeposit,
  body: DepositIgnore,
  handler: async (context) => {
    await ignoreDeposit(workOf(context), context.params.deposit, context.body.note);
    await context.audit({
      action: "deposit.ignore",
      subject: context.params.deposit,
      details: { note: context.body.note },
    });
  },
});

export const bankingRoutes: readonly Route[] = [
  showCustomerAccount,
  setCustomerAccount,
  removeCustomerAccount,
  listAccounts,
  addAccount,
  listFiles,
  downloadFile,
  makeDebits,
  makeRefunds,
  readResults,
  readDepositFile,
  listDeposits,
  match,
  ignore,
];
