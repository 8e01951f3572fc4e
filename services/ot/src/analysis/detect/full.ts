/** The list of devices is full: what came beyond it is neither listed nor watched, and somebody must know. */
import type { Run } from "./run.ts";

export function fullList(run: Run): void {
  const { unlisted } = run.input;
  if (unlisted === undefined || unlisted.count === 0) return;
  run.raise({
    kind: "ot.devices.full",
    about: run.input.site,
    subject: "site",
    key: "full",
    since: run.observation.from,
    confidence: 1,
    parameters: { refused: unlisted.count, limit: unlisted.limit },
  });
}
