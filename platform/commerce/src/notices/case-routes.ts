/** The API of cases, of the list of subcontractors and of data uses. */
import { Type } from "typebox";
import { dayOf } from "@yagura/core/calendar.ts";
import { raise as raiseServer } from "@yagura/server/errors.ts";
import { route, type Route } from "@yagura/server/route.ts";
import { closed, Id, literals, page } from "@yagura/server/shapes.ts";
import type { Tx } from "@yagura/store/store.ts";
import { pageById, wholeList } from "../paging.ts";
import { caseById, caseDetail, listCases, openCase, showCase, takeStep, type CaseRow } from "./cases.ts";
import { addSubcontractor, endSubcontractor, readDataUses, readSubcontractors, setDataUse } from "./data-use.ts";
import {
  CaseDetail,
  CaseItem,
  CaseQuery,
  DataUseItem,
  EndSubcontractor,
  NewCase,
  NewCaseStep,
  NewSubcontractor,
  SetDataUse,
  SubcontractorItem,
} from "./shapes.ts";
import { Code } from "../terms/shapes.ts";

const provider = "/api/v1/provider";
const organisations = "/api/v1/organisations/:organisation";
const reads = { kind: "provider", scope: "contract.read" } as const;
const writes = { kind: "provider", scope: "notice.write" } as const;
const ofCase = Type.Object({ case: Id });

const caseOr404 = async (tx: Tx, id: string): Promise<CaseRow> => {
  const row = await caseById(tx, id, true);
  if (row === null) throw raiseServer("NOT_FOUND");
  return row;
};

const cases: readonly Route[] = [
  route({
    method: "GET",
    path: `${provider}/cases`,
    tag: "notices",
    summary: "Cases: disclosure, confidentiality, deletion, data use; newest first",
    access: reads,
    query: CaseQuery,
    response: page(CaseItem),
    handler: async ({ tx, query }) => {
      const { rows, total } = await listCases(tx, query);
      return pageById(rows, query.limit ?? 100, total, showCase);
    },
  }),
  route({
    method: "POST",
    path: `${provider}/cases`,
    tag: "notices",
    summary: "Open a case (COM-25, RNS-23, RNS-30, UTM-79)",
    access: writes,
    body: NewCase,
    response: CaseDetail,
    status: 201,
    handler: async ({ tx, now, actor, audit, body }) => caseDetail(tx, await openCase({ tx, now, actor, audit }, body)),
  }),
  route({
    method: "GET",
    path: `${provider}/cases/:case`,
    tag: "notices",
    summary: "One case with all its steps",
    access: reads,
    params: ofCase,
    response: CaseDetail,
    handler: async ({ tx, params }) => caseDetail(tx, await caseOr404(tx, params.case)),
  }),
  route({
    method: "POST",
    path: `${provider}/cases/:case/steps`,
    tag: "notices",
    summary: "Take a step: identity checked, answered, certified, approved by a second person, carried out, closed",
    access: writes,
    params: ofCase,
    body: NewCaseStep,
    response: CaseDetail,
    handler: async ({ tx, now, actor, audit, params, body }) =>
      caseDetail(tx, await takeStep({ tx, now, actor, audit }, await caseOr404(tx, params.case), body)),
  }),
];

const OwnCase = Type.Object(
  {
    kind: literals("disclosure", "confidentiality", "data-use"),
    contract: NewCase.properties.contract,
    subject: NewCase.properties.subject,
    request: NewCase.properties.request,
  },
  closed,
);
const ownCases: readonly Route[] = [
  route({
    method: "GET",
    path: `${organisations}/cases`,
    tag: "notices",
    summary: "The organisation's own requests and where they stand",
    access: { kind: "organisation", scope: "application.write" },
    params: Type.Object({ organisation: Id }),
    response: page(CaseItem),
    handler: async ({ tx, organisation }) => {
      const { rows } = await listCases(tx, { organisation, limit: 500 });
      // A deletion is an act of the provider.
      return wholeList(rows.filter(({ kind }) => kind !== "deletion").map(showCase));
    },
  }),
  route({
    method: "POST",
    path: `${organisations}/cases`,
    tag: "notices",
    summary: "Ask for disclosure of held data, or for return or destruction of confidential material",
    access: { kind: "organisation", scope: "application.write" },
    params: Type.Object({ organisation: Id }),
    body: OwnCase,
    response: CaseItem,
    status: 201,
    handler: async ({ tx, now, actor, audit, organisation, body }) =>
      showCase(await openCase({ tx, now, actor, audit }, { ...body, organisation })),
  }),
];

const subcontractors: readonly Route[] = [
  route({
    method: "GET",
    path: `${provider}/subcontractors`,
    tag: "notices",
    summary: "Those to whom data may go as far as the service needs it, past and present (COM-27)",
    access: reads,
    response: page(SubcontractorItem),
    handler: async ({ tx }) => wholeList(await readSubcontractors(tx, null)),
  }),
  route({
    method: "POST",
    path: `${provider}/subcontractors`,
    tag: "notices",
    summary: "Add a subcontractor from a day",
    access: { kind: "provider", scope: "terms.write" },
    body: NewSubcontractor,
    response: SubcontractorItem,
    status: 201,
    handler: async ({ tx, now, actor, audit, body }) => addSubcontractor({ tx, now, actor, audit }, body),
  }),
  route({
    method: "POST",
    path: `${provider}/subcontractors/:subcontractor/end`,
    tag: "notices",
    summary: "End a subcontractor's task",
    access: { kind: "provider", scope: "terms.write" },
    params: Type.Object({ subcontractor: Id }),
    body: EndSubcontractor,
    response: SubcontractorItem,
    handler: async ({ tx, now, actor, audit, params, body }) =>
      endSubcontractor({ tx, now, actor, audit }, params.subcontractor, body.until),
  }),
  route({
    method: "GET",
    path: `${organisations}/subcontractors`,
    tag: "notices",
    summary: "Those to whom the organisation's data may go today (COM-27)",
    access: { kind: "organisation", scope: "contract.read" },
    params: Type.Object({ organisation: Id }),
    response: page(SubcontractorItem),
    handler: async ({ tx, now }) => wholeList(await readSubcontractors(tx, dayOf(now))),
  }),
];

const dataUses: readonly Route[] = [
  route({
    method: "GET",
    path: `${organisations}/data-uses`,
    tag: "notices",
    summary: "For what the organisation's data may be used (UTM-79, UTM-81)",
    access: { kind: "organisation", scope: "contract.read" },
    params: Type.Object({ organisation: Id }),
    response: page(DataUseItem),
    handler: async ({ tx, organisation }) => wholeList(await readDataUses(tx, organisation)),
  }),
  route({
    method: "PUT",
    path: `${organisations}/data-uses/:purpose`,
    tag: "notices",
    summary: "Allow a purpose or switch it off",
    access: { kind: "organisation", scope: "application.write" },
    params: Type.Object({ organisation: Id, purpose: Code }),
    body: SetDataUse,
    response: page(DataUseItem),
    handler: async ({ tx, now, actor, audit, organisation, params, body }) => {
      await setDataUse({ tx, now, actor, audit }, organisation, params.purpose, body.allowed);
      return wholeList(await readDataUses(tx, organisation));
    },
  }),
];

export const caseRoutes: readonly Route[] = [...cases, ...ownCases, ...subcontractors, ...dataUses];
