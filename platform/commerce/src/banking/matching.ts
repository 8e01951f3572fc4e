/**
 * Which customer sent this money? Proposals with a score and its reasons. Pure: what is known of the possible customers is
 * brought along. Staff confirm; only a proposal that nothing else comes near may be taken without asking.
 */
import type { OrganisationId, Uuid } from "@yagura/core/ids.ts";
import type { DepositProposal } from "./shapes.ts";
import { comparable } from "./text.ts";

/** A customer who may have paid. */
export interface Candidate {
  readonly organisation: OrganisationId;
  readonly name: string;
  /** Names under which transfers came before or as the customer's own account has it; comparable. */
  readonly names: readonly string[];
  readonly virtualAccount: string | null;
  readonly claims: readonly { readonly id: Uuid; readonly number: string; readonly left: number }[];
}
export interface Incoming {
  readonly amount: number;
  readonly payer: string;
  readonly payerCode: string;
  readonly edi: string;
  readonly virtualAccount: string | null;
}

const points = {
  "virtual-account": 60,
  reference: 50,
  "known-name": 45,
  name: 40,
  "similar-name": 15,
  "amount-of-claim": 30,
  "amount-of-all": 25,
} as const;
type Reason = keyof typeof points;

/** Best first; who shares nothing with the deposit is left out. */
export function propose(deposit: Incoming, candidates: readonly Candidate[]): DepositProposal[] {
  return candidates
    .flatMap((candidate) => proposal(deposit, candidate))
    .toSorted((a, b) => b.score - a.score || a.organisationId.localeCompare(b.organisationId))
    .slice(0, 10);
}

function proposal(deposit: Incoming, candidate: Candidate): DepositProposal[] {
  const open = candidate.claims.reduce((sum, { left }) => sum + left, 0);
  const named = candidate.claims.find(({ number }) => mentions(deposit, number));
  const reasons: Reason[] = [];
  if (candidate.virtualAccount !== null && candidate.virtualAccount === deposit.virtualAccount)
    reasons.push("virtual-account");
  if (named !== undefined) reasons.push("reference");
  const likeness = nameReason(deposit.payer, candidate);
  if (likeness !== null) reasons.push(likeness);
  if (candidate.claims.some(({ left }) => left === deposit.amount)) reasons.push("amount-of-claim");
  if (candidate.claims.length > 1 && open === deposit.amount) reasons.push("amount-of-all");
  if (reasons.length === 0) return [];
  return [
    {
      organisationId: candidate.organisation,
      name: candidate.name,
      // COM-13: only a remittance that names a claim goes to it before older ones.
      claimId: named?.id ?? null,
      score: Math.min(
        100,
        reasons.reduce((sum, reason) => sum + points[reason], 0),
      ),
      reasons,
      open,
    },
  ];
}

function nameReason(payer: string, { name, names }: Candidate): Reason | null {
  const paid = comparable(payer);
  if (paid === "") return null;
  if (names.includes(paid)) return "known-name";
  const own = comparable(name);
  if (own === paid) return "name";
  const near = (other: string): boolean =>
    other.length >= 4 && paid.length >= 4 && (other.startsWith(paid) || paid.startsWith(other));
  return near(own) || names.some(near) ? "similar-name" : null;
}

/** The number of a document in the remittance: whole, or its last digits where they are long enough to mean only it. */
function mentions({ edi, payer }: Incoming, number: string): boolean {
  const text = `${edi} ${payer}`.toUpperCase();
  const whole = number.replace(/[^0-9A-Z]/gi, "").toUpperCase();
  if (whole.length >= 6 && text.replace(/[^0-9A-Z]/g, "").includes(whole)) return true;
  const digits = /(\d{5,})$/.exec(number)?.[1];
  return (
    digits !== undefined && (text.match(/\d{5,}/g) ?? []).some((run) => run.padStart(digits.length, "0") === digits)
  );
}

const tells: ReadonlySet<Reason> = new Set<Reason>(["virtual-account", "reference", "known-name", "name"]);
const sums: ReadonlySet<Reason> = new Set<Reason>(["amount-of-claim", "amount-of-all"]);

/** The one proposal that may be taken without asking: it tells who and how much, and no other tells who. Else null. */
export function certain(proposals: readonly DepositProposal[]): DepositProposal | null {
  const who = proposals.filter(({ reasons }) => reasons.some((reason) => tells.has(reason)));
  const [only] = who;
  if (only === undefined || who.length > 1) return null;
  return only.reasons.some((reason) => sums.has(reason)) ? only : null;
}
