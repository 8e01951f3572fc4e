/** How the state of an application is marked. */
import type { State } from "@yagura/core/state.ts";
import type { ApplicationState } from "@yagura/commerce/applications/shapes.ts";

export const applicationMarks: Readonly<Record<ApplicationState, { readonly state: State; readonly order: number }>> = {
  received: { state: "notice", order: 0 },
  incomplete: { state: "notice", order: 1 },
  accepted: { state: "good", order: 2 },
  refused: { state: "bad", order: 3 },
  revoked: { state: "bad", order: 4 },
  rescinded: { state: "bad", order: 5 },
  withdrawn: { state: "unknown", order: 6 },
};
