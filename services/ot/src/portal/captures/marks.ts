/** States of captures, what failed first. */
import type { State } from "@yagura/core/state.ts";
import type { CaptureUpload } from "../../wire/api-register.ts";

export const captureMarks: Readonly<Record<CaptureUpload["state"], { readonly state: State; readonly order: number }>> =
  {
    failed: { state: "bad", order: 0 },
    running: { state: "notice", order: 1 },
    queued: { state: "unknown", order: 2 },
    done: { state: "good", order: 3 },
  };
