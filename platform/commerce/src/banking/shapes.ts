/** Shapes of banking: accounts, files to and from the bank, deposits. Pure: the portal sees them. Money is whole yen. */
import { Type, type Static } from "typebox";
import { CivilDate, closed, Id, Instant, literals, orNull } from "@yagura/server/shapes.ts";

const Yen = Type.Integer({ description: "whole yen" });
const Sentence = Type.Object({ ja: Type.String(), en: Type.String() }, closed);

const accountKinds = ["ordinary", "current", "savings", "other"] as const;
export const AccountKind = literals(...accountKinds);
const Digits = (count: number) => Type.String({ pattern: `^[0-9]{${count}}$` });
const accountFields = {
  bank: Digits(4),
  bankName: Type.String({ minLength: 1, maxLength: 30 }),
  branch: Digits(3),
  branchName: Type.String({ minLength: 1, maxLength: 30 }),
  accountKind: AccountKind,
  accountNumber: Type.String({ pattern: "^[0-9]{1,7}$" }),
  /** In kana, as the bank has it. */
  holder: Type.String({ minLength: 1, maxLength: 60 }),
};
export const CustomerAccount = Type.Object(
  {
    ...accountFields,
    /** Known to the bank: the mandate for direct debit is in force. */
    debit: Type.Boolean(),
    /** The customer's own virtual account for incoming transfers. */
    virtualAccount: Type.Optional(Type.String({ pattern: "^[0-9]{1,10}$" })),
  },
  closed,
);
export type CustomerAccount = Static<typeof CustomerAccount>;
/** As it is shown: never the whole number. */
export const CustomerAccountShown = Type.Object(
  {
    shown: Type.String(),
    bank: Type.String(),
    branch: Type.String(),
    holder: Type.String(),
    debit: Type.Boolean(),
    customerNumber: Type.String(),
    virtualAccount: orNull(Type.String()),
    registeredAt: Instant,
  },
  closed,
);
const collectionUses = ["direct-debit", "transfer", "deposit"] as const;
export const CollectionAccount = Type.Object(
  { use: literals(...collectionUses), consignorCode: Digits(10), ...accountFields },
  closed,
);
export type CollectionAccount = Static<typeof CollectionAccount>;
export const CollectionAccountItem = Type.Object({ id: Id, ...CollectionAccount.properties }, closed);

const bankFileKinds = ["debit-request", "debit-result", "transfer", "deposits"] as const;
export const BankFileItem = Type.Object(
  {
    id: Id,
    kind: literals(...bankFileKinds),
    name: Type.String(),
    onDay: orNull(CivilDate),
    records: Type.Integer(),
    total: Yen,
    sha256: Type.String(),
    at: Instant,
    by: Type.String(),
  },
  closed,
);
export type BankFileItem = Static<typeof BankFileItem>;
export const NewDebitRequest = Type.Object(
  {
    accountId: Id,
    debitOn: CivilDate,
    /** Claims that are due by this day. */
    dueBy: CivilDate,
    lineEnds: Type.Optional(literals("crlf", "none")),
  },
  closed,
);
export const NewRefundFile = Type.Object(
  { accountId: Id, transferOn: CivilDate, lineEnds: Type.Optional(literals("crlf", "none")) },
  closed,
);
export const BankFileResult = Type.Object(
  {
    file: BankFileItem,
    /** Customers that were left out, and why. */
    left: Type.Array(Type.Object({ organisationId: Id, reason: Type.String() }, closed)),
  },
  closed,
);
/** A file as it came from the bank. */
export const BankFileUpload = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 200 }),
    base64: Type.String({ maxLength: 14_000_000, pattern: "^[A-Za-z0-9+/=]*$" }),
  },
  closed,
);
export const DebitResult = Type.Object(
  {
    debited: Type.Integer(),
    failed: Type.Integer(),
    already: Type.Integer(),
    total: Yen,
    failures: Type.Array(
      Type.Object({ customerNumber: Type.String(), code: Type.String(), meaning: Sentence }, closed),
    ),
  },
  closed,
);

export const depositStates = ["unmatched", "matched", "ignored", "cancelled"] as const;
export const DepositProposal = Type.Object(
  {
    organisationId: Id,
    name: Type.String(),
    claimId: orNull(Id),
    /** 0 to 100. */
    score: Type.Integer({ minimum: 0, maximum: 100 }),
    reasons: Type.Array(
      literals(
        "virtual-account",
        "reference",
        "amount-of-claim",
        "amount-of-all",
        "name",
        "known-name",
        "similar-name",
      ),
    ),
    open: Yen,
  },
  closed,
);
export type DepositProposal = Static<typeof DepositProposal>;
export const DepositItem = Type.Object(
  {
    id: Id,
    fileId: Id,
    onDay: CivilDate,
    amount: Yen,
    payer: Type.String(),
    payerCode: Type.String(),
    edi: Type.String(),
    bank: Type.String(),
    state: literals(...depositStates),
    organisationId: orNull(Id),
    paymentId: orNull(Id),
    note: Type.String(),
    proposals: Type.Array(DepositProposal),
  },
  closed,
);
export type DepositItem = Static<typeof DepositItem>;
export const DepositImportResult = Type.Object(
  { file: BankFileItem, deposits: Type.Integer(), already: Type.Integer(), matched: Type.Integer() },
  closed,
);
export const DepositMatch = Type.Object(
  { organisationId: Id, claimId: Type.Optional(Id), remember: Type.Optional(Type.Boolean({ default: true })) },
  closed,
);
export const DepositIgnore = Type.Object({ note: Type.String({ minLength: 1, maxLength: 200 }) }, closed);
