/** The engine as the sensor runs it: every dissector, Node's cryptography, rules that can be exchanged while it runs. */
import { openQuicInitial, sha256 } from "@yagura/packets/node/primitives.ts";
import { createEngine, type Engine } from "../decode/engine.ts";
import { loadRules, refusalText } from "../decode/rules/load.ts";
import type { Signatures } from "../decode/signatures.ts";
import { dissectors } from "../protocols/registry.ts";

export interface SensorEngine {
  readonly engine: Engine;
  /** Exchanges the signatures; gives what could not be understood, one sentence each. */
  readonly setRules: (rules: readonly string[]) => readonly string[];
}

export function makeEngine(): SensorEngine {
  let current: Signatures | null = null;
  const signatures: Signatures = { match: (view, matched) => current?.match(view, matched) };
  return {
    engine: createEngine({ dissectors, primitives: { sha256, openQuicInitial }, signatures }),
    setRules(rules) {
      const loaded = loadRules(rules);
      current = loaded.signatures;
      return loaded.refused.map(refusalText);
    },
  };
}
