/** The engine as the sensor runs it: every dissector, Node's cryptography, rules that can be exchanged while it runs. */
import { openQuicInitial, sha256 } from "@yagura/packets/node/primitives.ts";
import { createEngine, type Engine } from "../decode/engine.ts";
import { loadRules, refusalText } from "../decode/rules/load.ts";
import type { Signatures } from "../decode/signatures.ts";
import { loadDeclared } from "../protocols/declared/load.ts";
import { dissectors } from "../protocols/registry.ts";
import { sayProblem } from "../wire/declared-words.ts";
import type { DeclaredSlot } from "../wire/declared.ts";

export interface SensorEngine {
  readonly engine: Engine;
  /** Exchanges the signatures; gives what could not be understood, one sentence each. */
  readonly setRules: (rules: readonly string[]) => readonly string[];
  /** Exchanges the protocols that are declared for the site; the same. */
  readonly setDeclared: (declared: readonly DeclaredSlot[]) => readonly string[];
}

export function makeEngine(): SensorEngine {
  let current: Signatures | null = null;
  const signatures: Signatures = { match: (view, matched) => current?.match(view, matched) };
  const engine = createEngine({ dissectors, primitives: { sha256, openQuicInitial }, signatures });
  let told = "[]";
  let refusedSlots: readonly string[] = [];
  return {
    engine,
    setDeclared(declared) {
      // Conversations are looked at again: only when something is different.
      const text = JSON.stringify(declared);
      if (text === told) return refusedSlots;
      told = text;
      const { dissectors: compiled, refused } = loadDeclared(declared);
      engine.declare(compiled);
      refusedSlots = refused.map(({ slot, problems: [first] }) => `slot ${slot}: ${first === undefined ? "" : sayProblem(first, "en")}`); // prettier-ignore
      return refusedSlots;
    },
    setRules(rules) {
      const loaded = loadRules(rules);
      current = loaded.signatures;
      return loaded.refused.map(refusalText);
    },
  };
}
