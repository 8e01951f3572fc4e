/** Days, numbers and answers that follow from the facts by a rule: shown beside the lines, and asked for by tests and pages. */
import type { Contract } from "./contract.ts";
import { ancillary, damages, hours, replacements, visitsAndBills } from "./derived-events.ts";
import { beginning, ending, installation, suspensions, terms } from "./derived-life.ts";
import type { Told } from "./derived-told.ts";
import { insurance, quota, seats, wallets } from "./derived-use.ts";
import type { DerivedFact } from "./lines.ts";

/** Everything that can be told of the contract as of the last day of the months asked for. */
export function derivedFacts(contract: Contract): DerivedFact[] {
  const told: Told[] = [
    ...beginning(contract),
    ...terms(contract),
    ...ending(contract),
    ...seats(contract),
    ...quota(contract),
    ...insurance(contract),
    ...wallets(contract),
    ...installation(contract),
    ...suspensions(contract),
    ...ancillary(contract),
    ...replacements(contract),
    ...hours(contract),
    ...visitsAndBills(contract),
    ...damages(contract),
  ];
  return told.map((one) => ({ contract: contract.facts.contract, ...one }));
}
