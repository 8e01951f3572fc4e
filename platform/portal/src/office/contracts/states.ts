/** How the state of a contract is marked: what needs attention comes first. */
import type { State } from "@yagura/core/state.ts";
import type { ContractState } from "@yagura/commerce/contracts/shapes.ts";

export const contractMarks: Readonly<Record<ContractState, { readonly state: State; readonly order: number }>> = {
  suspended: { state: "bad", order: 0 },
  discontinued: { state: "bad", order: 1 },
  ending: { state: "notice", order: 2 },
  "awaiting-start": { state: "notice", order: 3 },
  active: { state: "good", order: 4 },
  ended: { state: "unknown", order: 5 },
  revoked: { state: "unknown", order: 6 },
  void: { state: "unknown", order: 7 },
};

/** States in which nothing more can be done. */
export const isOver = (state: ContractState): boolean => state === "ended" || state === "revoked" || state === "void";
