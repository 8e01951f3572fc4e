/** States of permits, the active ones first. */
import type { State } from "@yagura/core/state.ts";
import type { Permit } from "../../wire/api-findings.ts";

export const permitMarks: Readonly<Record<Permit["state"], { readonly state: State; readonly order: number }>> = {
  active: { state: "notice", order: 0 },
  planned: { state: "good", order: 1 },
  over: { state: "unknown", order: 2 },
  cancelled: { state: "unknown", order: 3 },
};
