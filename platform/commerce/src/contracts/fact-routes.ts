/** The door of facts over the API: for the staff, and for programs of theirs with a token. */
import { Type } from "typebox";
import { route, type Route } from "@yagura/server/route.ts";
import { Id } from "@yagura/server/shapes.ts";
import type { Fact, FactKind } from "../charging/facts.ts";
import { assertWallets } from "../entitlements/wallets.ts";
import { raise } from "./errors.ts";
import { addFact, storedFacts, voidFact } from "./fact-door.ts";
import { correctFact } from "./corrections.ts";
import { NewFact, StoredFact, VoidFact } from "./shapes.ts";
import { lockedContract, tell, workOf, type ContractParts } from "./work.ts";
import { contractById } from "./contracts.ts";
import { raise as raiseServer } from "@yagura/server/errors.ts";

const facts = "/api/v1/organisations/:organisation/contracts/:contract/facts";
const ofContract = Type.Object({ organisation: Id, contract: Id });

/** Kinds that only a step of the contract writes: they go with its state. */
const ofTheState: ReadonlySet<FactKind> = new Set([
  "applied",
  "accepted",
  "started",
  "cancelled",
  "cancellation-requested",
  "suspended",
  "resumed",
  "transferred",
]);
/** What happens in the field; every other kind is about agreed money. */
const ofTheField: ReadonlySet<FactKind> = new Set([
  "inspected",
  "outage",
  "ticket-used",
  "visit",
  "opening",
  "installed",
  "replacement-accepted",
  "dispatched",
  "pickup-offered",
  "returned",
  "alarm",
  "hours",
  "damage",
]);

export const factRoutes = (parts: ContractParts): readonly Route[] => [listFacts, storeFact(parts), makeVoid(parts)];

const listFacts = route({
  method: "GET",
  path: facts,
  tag: "contracts",
  summary: "Every fact of a contract, voided ones too",
  access: { kind: "organisation", scope: "contract.read" },
  params: ofContract,
  response: Type.Array(StoredFact),
  handler: async ({ tx, organisation, params }) => {
    const row = await contractById(tx, organisation, params.contract);
    if (row === null) throw raiseServer("NOT_FOUND");
    return storedFacts(tx, row);
  },
});

const storeFact = (parts: ContractParts) =>
  route({
    method: "POST",
    path: facts,
    tag: "contracts",
    summary: "Record a dated fact that changes money; a late one gives an adjustment on the next bill (COM-18)",
    access: { kind: "organisation", scope: "fact.write" },
    params: ofContract,
    body: NewFact,
    response: Type.Object({ id: Id }),
    status: 201,
    handler: async (context) => {
      const { body, role } = context;
      const fact = body.fact as Fact;
      mayRecord(role, fact.kind);
      const contract = await lockedContract(context);
      const work = workOf(parts)(context);
      const { replaces } = body;
      const id =
        replaces === undefined
          ? await addFact(work, contract, notOfState(fact), { source: "office", key: body.key })
          : await correctFact(work, contract, replaces, fact, body.reason ?? "corrected");
      if (ofTickets(fact.kind)) await assertWallets(work, contract);
      await tell(context, replaces === undefined ? "fact.record" : "fact.correct", contract, {
        fact: id,
        kind: fact.kind,
        on: fact.on,
        replaces,
      });
      return { id };
    },
  });

const makeVoid = (parts: ContractParts) =>
  route({
    method: "POST",
    path: `${facts}/:fact/void`,
    tag: "contracts",
    summary: "Void a fact that was wrong; what it changed of billed months comes as an adjustment",
    access: { kind: "organisation", scope: "contract.write" },
    params: Type.Object({ organisation: Id, contract: Id, fact: Id }),
    body: VoidFact,
    response: Type.Array(StoredFact),
    status: 200,
    handler: async (context) => {
      const { params, body, tx } = context;
      const contract = await lockedContract(context);
      const found = (await storedFacts(tx, contract)).find(({ id }) => id === params.fact);
      if (found !== undefined) notOfState(found.fact);
      await voidFact(workOf(parts)(context), contract, params.fact, body.reason);
      if (found !== undefined && ofTickets(found.fact.kind)) await assertWallets(workOf(parts)(context), contract);
      await tell(context, "fact.void", contract, { fact: params.fact, reason: body.reason });
      return storedFacts(tx, contract);
    },
  });

/** SEC-71: a wallet never falls below zero, by whatever way a fact comes in or is voided. */
const ofTickets = (kind: FactKind): boolean => kind === "purchase" || kind === "ticket-used";

function notOfState(fact: Fact): Fact {
  if (ofTheState.has(fact.kind)) throw raise("FACT_OF_THE_STATE", { kind: fact.kind });
  return fact;
}

function mayRecord(role: string | null, kind: FactKind): void {
  if (role === "provider-operator" && !ofTheField.has(kind)) throw raise("FACT_NOT_YOURS", { kind });
}
