/** Descriptions as a sensor or an analysis is given them: those that can be used as dissectors, and why others cannot. */
import { checkDescription, type DescriptionProblem } from "../../wire/declared-check.ts";
import { MAX_DECLARED, type DeclaredDescription } from "../../wire/declared.ts";
import type { Dissector } from "../dissector.ts";
import { compile } from "./compile.ts";

export interface GivenSlot {
  readonly slot: number;
  readonly description: unknown;
}
export interface LoadedSlot {
  readonly slot: number;
  readonly description: DeclaredDescription;
}
export interface RefusedSlot {
  readonly slot: number;
  readonly problems: readonly DescriptionProblem[];
}
export interface LoadedDeclared {
  readonly dissectors: readonly Dissector[];
  readonly loaded: readonly LoadedSlot[];
  readonly refused: readonly RefusedSlot[];
}

export function loadDeclared(given: readonly GivenSlot[]): LoadedDeclared {
  const loaded: LoadedSlot[] = [];
  const refused: RefusedSlot[] = [];
  for (const { slot, description } of given.slice(0, MAX_DECLARED)) {
    const checked = checkDescription(description);
    if (checked.description === null) refused.push({ slot, problems: checked.problems });
    else loaded.push({ slot, description: checked.description });
  }
  return { dissectors: loaded.map((one) => compile(one.slot, one.description)), loaded, refused };
}
