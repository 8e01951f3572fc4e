/** How good or bad a sensor's state is, and what needs attention first. */
import type { State } from "@yagura/core/state.ts";
import type { Sensor } from "../../wire/api.ts";

export const sensorMarks: Readonly<Record<Sensor["state"], { readonly state: State; readonly order: number }>> = {
  silent: { state: "bad", order: 0 },
  offline: { state: "bad", order: 1 },
  revoked: { state: "notice", order: 2 },
  waiting: { state: "notice", order: 3 },
  online: { state: "good", order: 4 },
  ended: { state: "unknown", order: 5 },
};
