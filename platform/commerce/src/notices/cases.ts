/**
 * Cases that follow from the terms' duties: disclosure of personal data with its fee (COM-25, SEC-25), return or destruction of
 * confidential material (RNS-30), deletion of a customer's data with a second person's approval (RNS-23), uses of data (UTM-79).
 * Which step follows which is one table; every step is kept.
 */
import { sql } from "kysely";
import { addDays, dayOf } from "@yagura/core/calendar.ts";
import { newId, type OrganisationId, type Uuid } from "@yagura/core/ids.ts";
import { raise as raiseServer } from "@yagura/server/errors.ts";
import type { Actor } from "@yagura/server/route.ts";
import type { Tx } from "@yagura/store/store.ts";
import { actorName } from "../actor.ts";
import { addFact } from "../contracts/fact-door.ts";
import { addKeyedTask, closeKeyedTask } from "../contracts/tasks.ts";
import { loadTables } from "../terms/load.ts";
import { holds } from "../terms/ranges.ts";
import type { TermsWork } from "../terms/work.ts";
import { raise } from "./errors.ts";
import type { CaseDetail, CaseItem, CaseKind, CaseState, CaseStepKind, NewCase, NewCaseStep } from "./shapes.ts";

interface Step {
  readonly from: readonly CaseState[];
  readonly to: CaseState;
}
type Flow = Readonly<Partial<Record<CaseStepKind, Step>>>;

const living: readonly CaseState[] = ["open", "identity-checked", "approved", "answered"];
const closing: Flow = {
  closed: { from: ["answered"], to: "closed" },
  refused: { from: ["open", "identity-checked", "approved"], to: "refused" },
};

/** The steps of each kind of case; a note is possible while it lives. */
const flows: Readonly<Record<CaseKind, Flow>> = {
  disclosure: {
    "identity-checked": { from: ["open"], to: "identity-checked" },
    "identity-refused": { from: ["open"], to: "refused" },
    answered: { from: ["identity-checked"], to: "answered" },
    delivered: { from: ["answered"], to: "answered" },
    ...closing,
  },
  confidentiality: {
    instructed: { from: ["open"], to: "open" },
    certified: { from: ["open"], to: "answered" },
    delivered: { from: ["answered"], to: "answered" },
    ...closing,
  },
  deletion: {
    "approval-asked": { from: ["open"], to: "open" },
    approved: { from: ["open"], to: "approved" },
    rejected: { from: ["open"], to: "refused" },
    "carried-out": { from: ["approved"], to: "answered" },
    ...closing,
  },
  "data-use": { answered: { from: ["open"], to: "answered" }, ...closing },
};
const rules: Readonly<Record<CaseKind, string>> = {
  disclosure: "COM-25",
  confidentiality: "RNS-30",
  deletion: "RNS-23",
  "data-use": "UTM-79",
};
/** Item whose price is the fee of a disclosure, where the plan has one (SEC-25). */
const FEE_ITEM = "disclosure";

export interface CaseRow {
  readonly id: Uuid;
  readonly organisation: OrganisationId;
  readonly organisationName: string | null;
  readonly contract: Uuid | null;
  readonly kind: CaseKind;
  readonly state: CaseState;
  readonly rule: string;
  readonly subject: string;
  readonly request: Record<string, unknown>;
  readonly openedBy: string;
  readonly openedAt: Date;
  readonly closedAt: Date | null;
}
const columns = sql`c.id, c.organisation_id as organisation,
  (select o.name from server.organisation o where o.id = c.organisation_id) as "organisationName",
  c.contract_id as contract, c.kind, c.state, c.rule, c.subject, c.request, c.opened_by as "openedBy",
  c.opened_at as "openedAt", c.closed_at as "closedAt"`;

export async function caseById(tx: Tx, id: Uuid, lock = false): Promise<CaseRow | null> {
  const { rows } = await sql<CaseRow>`select ${columns} from commerce.legal_case c where c.id = ${id}
    ${lock ? sql`for update of c` : sql``}`.execute(tx);
  return rows[0] ?? null;
}

export interface CaseFilter {
  readonly kind?: string;
  readonly state?: string;
  readonly organisation?: string;
  readonly limit?: number;
  readonly cursor?: string;
}

/** Newest first; one more than the limit, so that the caller knows whether there are more. */
export async function listCases(tx: Tx, filter: CaseFilter): Promise<{ rows: CaseRow[]; total: number }> {
  const { kind = null, state = null, organisation = null, cursor = null, limit = 100 } = filter;
  const where = sql`(${kind}::text is null or c.kind = ${kind}) and (${state}::text is null or c.state = ${state})
    and (${organisation}::uuid is null or c.organisation_id = ${organisation}::uuid)`;
  const counted = await sql<{ total: number }>`select count(*)::int as total from commerce.legal_case c
    where ${where}`.execute(tx);
  const { rows } = await sql<CaseRow>`select ${columns} from commerce.legal_case c where ${where}
    and (${cursor}::uuid is null or c.id < ${cursor}::uuid) order by c.id desc limit ${limit + 1}`.execute(tx);
  return { rows, total: counted.rows[0]?.total ?? 0 };
}

export const showCase = (row: CaseRow): CaseItem => ({
  id: row.id,
  organisationId: row.organisation,
  organisationName: row.organisationName,
  contractId: row.contract,
  kind: row.kind,
  state: row.state,
  rule: row.rule,
  subject: row.subject,
  openedAt: row.openedAt.toISOString(),
  openedBy: row.openedBy,
  closedAt: row.closedAt?.toISOString() ?? null,
});

interface StepRow {
  readonly at: Date;
  readonly kind: CaseStepKind;
  readonly by: string;
  readonly detail: Record<string, unknown>;
}
async function stepsOf(tx: Tx, id: Uuid): Promise<StepRow[]> {
  const { rows } = await sql<StepRow>`select at, kind, by, detail from commerce.legal_case_step
    where case_id = ${id} order by ordinal`.execute(tx);
  return rows;
}
export const caseDetail = async (tx: Tx, row: CaseRow): Promise<CaseDetail> => ({
  ...showCase(row),
  request: row.request,
  steps: (await stepsOf(tx, row.id)).map(({ at, ...step }) => Object.assign(step, { at: at.toISOString() })),
});

/** Opens a case. NOT_FOUND for an organisation or a contract that is not its own. */
export async function openCase(work: TermsWork, input: NewCase): Promise<CaseRow> {
  const { tx, now, actor } = work;
  const { organisation, contract = null, kind, subject, request = {} } = input;
  const found =
    await sql`select 1 from server.organisation o where o.id = ${organisation} and (${contract}::uuid is null
    or exists (select from commerce.contract k where k.id = ${contract}::uuid and k.organisation_id = o.id))`.execute(
      tx,
    );
  if (found.rows.length === 0) throw raiseServer("NOT_FOUND");
  const id = newId();
  await sql`insert into commerce.legal_case (id, organisation_id, contract_id, kind, state, rule, subject, request,
      opened_by, opened_at)
    values (${id}, ${organisation}, ${contract}, ${kind}, 'open', ${rules[kind]}, ${subject},
      ${JSON.stringify(request)}::jsonb, ${actorName({ actor })}, ${now})`.execute(tx);
  const row = (await caseById(tx, id)) as CaseRow;
  await addStep(work, row, "opened", {});
  await work.audit({ action: "case.open", subject: id, details: { kind, contract } });
  return row;
}

/** One step of a case. CASE_STEP_REFUSED with what is possible, CASE_NEEDS, CASE_SECOND_PERSON. */
export async function takeStep(work: TermsWork, row: CaseRow, input: NewCaseStep): Promise<CaseRow> {
  const { kind } = input;
  const flow = flows[row.kind];
  const step = kind === "note" ? { from: living, to: row.state } : flow[kind];
  if (step === undefined || !step.from.includes(row.state)) {
    const possible = Object.entries(flow)
      .filter(([, one]) => one.from.includes(row.state))
      .map(([name]) => name);
    throw raise("CASE_STEP_REFUSED", { state: row.state, step: kind, possible: [...possible, "note"].join(", ") });
  }
  checkNeeds(row, input);
  if (input.evidence !== undefined) await checkEvidence(work.tx, row, input.evidence);
  if (kind === "approval-asked") needPerson(work.actor, kind);
  if (kind === "approved") await checkSecondPerson(work, row);
  const { kind: _kind, ...detail } = input;
  await addStep(work, row, kind, { ...detail, ...personOf(work.actor) });
  if (row.kind === "deletion") await handOver(work, row, kind);
  if (row.kind === "disclosure" && kind === "answered") await billDisclosure(work, row, input.postage ?? 0);
  const closed = step.to === "closed" || step.to === "refused";
  await sql`update commerce.legal_case set state = ${step.to}, closed_at = ${closed ? work.now : null}
    where id = ${row.id}`.execute(work.tx);
  await work.audit({ action: "case.step", subject: row.id, details: { kind: row.kind, step: kind } });
  return (await caseById(work.tx, row.id)) as CaseRow;
}

function checkNeeds(row: CaseRow, { kind, held, outcome, evidence, note }: NewCaseStep): void {
  const need = (what: string, given: boolean): void => {
    if (!given) throw raise("CASE_NEEDS", { step: kind, needs: what });
  };
  if (kind === "answered" && row.kind === "disclosure") need("held (true or false)", held !== undefined);
  if (kind === "certified") {
    need("outcome (returned or destroyed)", outcome !== undefined);
    need("evidence (the certificate) or note", evidence !== undefined || note !== undefined);
  }
  if (kind === "approval-asked" || kind === "carried-out" || kind === "refused") need("note", note !== undefined);
}

/** NOT_FOUND for a file that is not the customer's. */
async function checkEvidence(tx: Tx, row: CaseRow, evidence: Uuid): Promise<void> {
  const { rows } = await sql`select 1 from commerce.evidence
    where id = ${evidence} and organisation_id = ${row.organisation}`.execute(tx);
  if (rows.length === 0) throw raiseServer("NOT_FOUND");
}

/** A person is a member of staff who signed in; a token is nobody in particular. */
const personOf = (actor: Actor): { person?: string } => (actor.kind === "user" ? { person: actor.userId } : {});

/** Asked by a token it would be asked by nobody: whoever made the token could approve it as the second person. */
function needPerson(actor: Actor, step: string): void {
  if (actor.kind !== "user") throw raise("CASE_NEEDS", { step, needs: "a person who signed in" });
}

/** RNS-23: somebody asked, and somebody else approves. */
async function checkSecondPerson(work: TermsWork, row: CaseRow): Promise<void> {
  const asked = (await stepsOf(work.tx, row.id)).findLast((step) => step.kind === "approval-asked");
  if (asked === undefined) throw raise("CASE_NEEDS", { step: "approved", needs: "approval-asked" });
  const { person } = personOf(work.actor);
  const first = asked.detail["person"];
  if (person === undefined || first === undefined || person === first)
    throw raise("CASE_SECOND_PERSON", { first: asked.by });
}

/** Days in which what was approved is to be deleted. */
const DELETE_WITHIN = 7;

/**
 * What was approved is deleted by people where the data lie (a mail store, a device at a site): a task of the staff until the case
 * says that it was carried out, with what was deleted as its log.
 */
async function handOver(work: TermsWork, row: CaseRow, step: CaseStepKind): Promise<void> {
  const key = `deletion:${row.id}`;
  if (step === "carried-out") await closeKeyedTask(work, row.organisation, key, "done");
  if (step === "refused") await closeKeyedTask(work, row.organisation, key, "dropped");
  if (step !== "approved") return;
  const task = {
    kind: "deletion",
    rule: rules.deletion,
    audience: "staff",
    title: {
      ja: `お客さまのデータの削除が承認されました（${row.subject}）。削除を行い、削除した内容を案件に記録してください。`,
      en: `The deletion of the customer's data was approved (${row.subject}). Delete it and record in the case what was deleted.`,
    },
    dueOn: addDays(dayOf(work.now), DELETE_WITHIN),
  } as const;
  await addKeyedTask(work, { id: row.contract, organisation: row.organisation }, task, key);
}

/** SEC-25: the fee is due with the answer, also with the answer that nothing is held; a fact of the contract bills it. */
async function billDisclosure(work: TermsWork, row: CaseRow, postage: number): Promise<void> {
  if (row.contract === null) return;
  const { rows } = await sql<{ service: string; plan: string }>`select service, plan from commerce.contract
    where id = ${row.contract}`.execute(work.tx);
  const today = dayOf(work.now);
  const { terms } = await loadTables(work.tx);
  const version = terms.find(({ service, ...days }) => service === rows[0]?.service && holds(days, today));
  if (version?.plans[rows[0]?.plan ?? ""]?.items[FEE_ITEM] === undefined) return;
  const contract = { id: row.contract, organisation: row.organisation };
  const source = { source: "case", key: row.id };
  const fact = await addFact(work, contract, { kind: "document-issued", on: today, item: FEE_ITEM, postage }, source);
  await addStep(work, row, "fee-billed", { fact, item: FEE_ITEM, postage });
}

async function addStep(work: TermsWork, row: CaseRow, kind: CaseStepKind, detail: object): Promise<void> {
  await sql`insert into commerce.legal_case_step (id, organisation_id, case_id, at, kind, by, detail)
    values (${newId()}, ${row.organisation}, ${row.id}, ${work.now}, ${kind}, ${actorName(work)},
      ${JSON.stringify(detail)}::jsonb)`.execute(work.tx);
}
