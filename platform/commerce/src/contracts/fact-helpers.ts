/** Small ways through the door of facts that several steps share. */
import type { Uuid } from "@yagura/core/ids.ts";
import type { Fact } from "../charging/facts.ts";
import type { ContractRow } from "./contract-row.ts";
import { addFact, factsOf, type FactWork } from "./fact-door.ts";

/** Adds a fact unless one of its kind stands already; null then. */
export async function addMissingFact(work: FactWork, contract: ContractRow, fact: Fact): Promise<Uuid | null> {
  const [known] = await factsOf(work.tx, contract.id);
  if (known?.facts.some(({ kind }) => kind === fact.kind) === true) return null;
  return addFact(work, contract, fact);
}
