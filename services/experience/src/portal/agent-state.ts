/** The mark of an agent's connection. */
import type { State } from "@yagura/core/state.ts";
import type { Agent } from "../wire/api.ts";

const marks: Readonly<Record<Agent["state"], State>> = {
  online: "good",
  waiting: "notice",
  offline: "bad",
  revoked: "unknown",
  ended: "unknown",
};
/** Offline is bad: nobody knows how its PC fares. Waiting asks for something to be done. What has ended is only not observed. */
export const agentMark = (state: Agent["state"]): State => marks[state];
