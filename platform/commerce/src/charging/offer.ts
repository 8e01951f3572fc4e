/**
 * What a service brings to commerce: one object of data. Commerce knows no service by name; a new service is a new offer
 * (its columns of matrices 7.1 to 7.5, its price tables, order forms, grounds, hours), not new code. Shipped rows are written
 * to the database once, at start, where they are missing; afterwards the provider's own rows decide.
 */
import type { Day } from "@yagura/core/calendar.ts";
import type { Yen } from "@yagura/core/yen.ts";
import type { Activity, PlanTerms, Text } from "./tables.ts";

export interface Offer {
  /** The room's folder name. */
  readonly service: string;
  /** First letters of its contract numbers, e.g. `EXP`. */
  readonly prefix: string;
  readonly name: Text;
  readonly terms: readonly ShippedTerms[];
  readonly prices: readonly ShippedPrice[];
  readonly activities: readonly Activity[];
  readonly grounds: readonly Ground[];
  readonly notices: readonly NoticeRule[];
  /** 8.6: activation is refused while one of them has no value (COM-30). */
  readonly required: readonly RequiredData[];
  /** Readings of section 8 that change money: settings with the chosen default. */
  readonly readings: readonly Reading[];
  readonly forms: readonly OrderForm[];
  /** Invoice unit of COM-28. */
  readonly invoiceUnit: "contract" | "organisation-month" | "claim";
  /** COM-31: sole traders may be customers. */
  readonly soleTraders: boolean;
  /** COM-24. */
  readonly assignment: { readonly rule: string; readonly allowed: "never" | "with-consent" | "with-approval" };
  /** RNS-05: days after formation in which the provider may rescind. */
  readonly rescission: { readonly rule: string; readonly days: number } | null;
  /** UTM-22: longest suspension. */
  readonly suspension: { readonly rule: string; readonly maximumMonths: number | null };
  /** SEC-05: applications are accepted in the order in which they came, or a reason is given. */
  readonly inOrderOfReceipt?: { readonly rule: string };
  /** UTM-10: use starts when the work is reported finished, not on the day that was wished for. */
  readonly startsByReport?: { readonly rule: string };
  /** RNS-66: the prices of the order stay the contract's own. */
  readonly frozenPrices?: { readonly rule: string };
  /** What somebody has to do once a contract is over (RNS-14, RNS-45), by so many days after it. */
  readonly endTasks?: readonly EndTask[];
  /** Contract texts without a calculation, as facts: which articles there are and what they are about (SEC-27, UTM-59). */
  readonly articles: readonly { readonly article: string; readonly about: Text; readonly rule: string }[];
  /** SEC-02: terms of others that the customer accepts with the order. */
  readonly thirdPartyTerms: readonly ThirdPartyTerms[];
  /** Lists and figures that the terms themselves give: settings with their first value, which the provider may date anew. */
  readonly defaults: readonly DefaultSetting[];
  /** What has to be true or be done on the customer's side, to be ticked off per order or job (UTM-19, RNS-28). */
  readonly checklists: readonly Checklist[];
}

export interface EndTask {
  readonly kind: string;
  readonly rule: string;
  readonly audience: "staff" | "customer";
  readonly title: Text;
  readonly days: number;
}

export interface ThirdPartyTerms {
  readonly rule: string;
  readonly plan: string;
  /** Stable name, e.g. `endpoint-vendor`; the provider sets title, version and address of the text. */
  readonly code: string;
  readonly name: Text;
  /** Only where the order's field has this value: the environment of SEC-02. */
  readonly when?: { readonly field: string; readonly value: string };
  /** Also for contracts made before this day, which were never asked (SEC-60). */
  readonly alsoBefore?: { readonly rule: string; readonly day: Day };
  /** Clauses that apply, as they are numbered there; null: all of them. */
  readonly clauses: readonly string[] | null;
  /** Where the two differ. */
  readonly precedence: "provider-terms" | "third-party";
  readonly note: Text;
}

export interface DefaultSetting {
  readonly rule: string;
  readonly key: string;
  readonly name: Text;
  readonly value: unknown;
}

export interface Checklist {
  readonly rule: string;
  readonly code: string;
  readonly name: Text;
  readonly points: readonly Text[];
}

export interface ShippedTerms {
  readonly code: string;
  readonly from: Day | null;
  readonly until: Day | null;
  readonly sourceDocument: string;
  /** SHA-256 of the text it was read from. */
  readonly textHash: string;
  /**
   * False: only the date is known, not the text (UTM-86, SEC-73). Plans and items that it lacks are refused until the provider
   * supplies the text; what it has was told by other sources, such as the one text that is known.
   */
  readonly known: boolean;
  readonly labels: Readonly<Record<string, Text>>;
  readonly plans: Readonly<Record<string, PlanTerms>>;
  /** Plans that can be ordered in this version; a plan may exist only for old contracts. */
  readonly orderable: readonly string[];
}

export interface ShippedPrice {
  readonly plan: string;
  readonly item: string;
  readonly amount: Yen;
  readonly display: Yen | null;
  readonly from: Day | null;
  readonly until: Day | null;
  readonly book: string;
}

export type GroundUse =
  | "refusal"
  | "revocation"
  | "rescission"
  | "suspension"
  | "discontinuance"
  | "cancellation-by-provider"
  | "acceleration"
  | "deemed-consent"
  | "assignment-refusal"
  | "excluded-work";

export interface Ground {
  readonly use: GroundUse;
  /** Short stable name, e.g. `arrears`. */
  readonly code: string;
  readonly article: string;
  readonly rule: string;
  readonly text: Text;
  /** May be used without prior notice. */
  readonly withoutNotice?: boolean;
  /** The customer has to report it by himself (RNS-16). */
  readonly customerReports?: boolean;
}

/** A row of matrix 7.3. */
export interface NoticeRule {
  readonly rule: string;
  /** e.g. `terms`, `withdrawal`, `suspension`, `end-of-service`, `other`. */
  readonly kind: string;
  readonly name: Text;
  readonly lead: {
    readonly count: number;
    readonly unit: "none" | "before" | "day" | "month" | "business-day" | "reasonable";
  };
  readonly channels: readonly ("web" | "post" | "mail" | "other")[];
  readonly effective: "posting" | "dispatch" | "named-time" | "publication" | "receipt" | "by-channel" | "at-once";
  /** Fields that the notice must state (SEC-19: reason, date, period). */
  readonly states: readonly string[];
  readonly emergencyWithoutLead: boolean;
  /** Who gives it. */
  readonly by: "provider" | "customer";
  /** Where another rule fixes the day that the notice brings about (UTM-27). */
  readonly dateRule?: string;
  /** It counts as given though it did not arrive (UTM-20). */
  readonly countsUndelivered?: boolean;
}

export interface RequiredData {
  readonly key: string;
  readonly name: Text;
  readonly hint: Text;
  /** `price:PLAN/ITEM` needs a price row, `activity:NAME` a row of hours, else a setting of that key. */
  readonly suggestion: unknown;
}

export interface Reading {
  /** e.g. `A-SEC-3`. */
  readonly id: string;
  readonly key: string;
  readonly question: Text;
  readonly choices: readonly { readonly value: string; readonly text: Text }[];
  readonly chosen: string;
}

/** An order form of a plan, for a range of order dates (COM-02: order forms go by version). */
export interface OrderForm {
  readonly plan: string;
  readonly from: Day | null;
  readonly until: Day | null;
  readonly name: Text;
  readonly sections: readonly FormSection[];
  /** Items that can be ordered and how many of each. */
  readonly items: readonly {
    readonly item: string;
    readonly minimum: number;
    readonly maximum: number;
    readonly initially: number;
  }[];
  readonly checks: readonly OrderCheck[];
  /** A cheaper combination of packs is shown (SEC-53); never converted silently. */
  readonly cheaperPacks?: boolean;
}
export interface FormSection {
  readonly title: Text;
  readonly fields: readonly FormField[];
}
export interface FormField {
  readonly name: string;
  readonly label: Text;
  readonly hint?: Text;
  readonly rule: string;
  readonly type:
    | "text"
    | "corporate-number"
    | "postal-address"
    | "mail"
    | "phone"
    | "date"
    | "choice"
    | "choices"
    | "consent"
    | "secret"
    | "number"
    | "mac"
    | "ip-address";
  readonly required: boolean;
  /** Characters as a person sees them (grapheme clusters after NFC). */
  readonly maximum?: number;
  readonly choices?: readonly { readonly value: string; readonly text: Text }[];
  /** At least so many of `choices` (UTM-72). */
  readonly least?: number;
  /** The value becomes an attribute of the contract that rules look at. */
  readonly attribute?: boolean;
  /** Only where another field has a value. */
  readonly when?: { readonly field: string; readonly value: string };
}
export type OrderCheck =
  /** RNS-07, EXP-10: an address outside Japan is refused. */
  | { readonly kind: "in-japan"; readonly rule: string; readonly field: string }
  /** SEC-07, RNS-90: an active contract, or one in the same order, of one of these plans. */
  | { readonly kind: "needs-plan"; readonly rule: string; readonly plans: readonly string[] }
  /** UTM-04: no other living contract has the same value. */
  | { readonly kind: "unique"; readonly rule: string; readonly field: string }
  /** UTM-03: the value is one of the list in this setting. */
  | { readonly kind: "listed"; readonly rule: string; readonly field: string; readonly setting: string }
  /** UTM-06, SEC-02, SEC-70 …: this consent is needed. */
  | { readonly kind: "consent"; readonly rule: string; readonly field: string }
  /** RNS-70: this combination of field values blocks the order. */
  | {
      readonly kind: "not-both";
      readonly rule: string;
      readonly fields: readonly { readonly field: string; readonly value: string }[];
      readonly because: Text;
    };
