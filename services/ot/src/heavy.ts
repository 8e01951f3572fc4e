/** Work of minutes that customers ask for: one at a time in a process, so that its other workers are there for everybody else. */
import type { Platform } from "@yagura/server/route.ts";

/** Milliseconds after which work that found no turn comes again. */
const COME_BACK = 5_000;
let busy = false;

/** Runs `work` now, or puts the job back for a little later. */
export async function inTurn(
  platform: Platform,
  job: { readonly name: string; readonly payload: Readonly<Record<string, unknown>>; readonly key: string },
  work: () => Promise<void>,
): Promise<void> {
  if (busy) {
    const runAt = new Date(platform.clock.now() + COME_BACK);
    await platform.store.provider((tx) => platform.jobs.add(tx, job.name, job.payload, { key: job.key, runAt }));
    return;
  }
  busy = true;
  try {
    await work();
  } finally {
    busy = false;
  }
}
