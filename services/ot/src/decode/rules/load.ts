/** A rule file as the sensor and the server use it: what matches, what each rule is called, and what was not loaded and why. */
import type { Signatures } from "../signatures.ts";
import { compile } from "./match.ts";
import { parseRules } from "./parse.ts";
import type { Refusal } from "./rule.ts";

export interface LoadedRule {
  readonly message: string;
  readonly revision: number;
  /** 1 is the worst. */
  readonly priority: number;
  readonly classtype: string | null;
  readonly references: readonly string[];
  /** ATT&CK techniques that the rule's metadata names. */
  readonly techniques: readonly string[];
}
export interface LoadedRules {
  /** Null: there is nothing to ask for. */
  readonly signatures: Signatures | null;
  /** By sid. */
  readonly facts: ReadonlyMap<number, LoadedRule>;
  readonly refused: readonly Refusal[];
}

/** Never throws: each line that is no rule of the subset is in `refused`. */
export function loadRules(lines: readonly string[]): LoadedRules {
  const { rules, refused } = parseRules(lines);
  const facts = new Map(
    rules.map(({ sid, message, revision, priority, classtype, references, metadata }) => [
      sid,
      { message, revision, priority, classtype, references, techniques: metadata.flatMap(techniquesOf) },
    ]),
  );
  return { signatures: compile(rules), facts, refused };
}

/** `mitre_technique_id T0858`, as Emerging Threats writes it. */
const techniquesOf = (metadata: string): readonly string[] =>
  metadata.match(/\bT\d{4}(?:[._]\d{3})?\b/g)?.map((id) => id.replace("_", ".")) ?? [];

/** One sentence for a person. */
export const refusalText = ({ line, sid, reason }: Refusal): string =>
  `line ${line}${sid === null ? "" : `, sid ${sid}`}: ${reason}`;
