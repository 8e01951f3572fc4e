/** Tests wait for what must come to be; they never sleep to let something settle. */
import { setTimeout as sleep } from "node:timers/promises";

/**
 * Asks again, each `every` milliseconds, until the answer is something other than false, null or undefined; gives that answer.
 * The test's own time limit ends a wait for what never comes.
 */
export async function until<T>(ask: () => T | Promise<T>, every = 20): Promise<Exclude<T, false | null | undefined>> {
  for (;;) {
    const answer = await ask();
    if (answer !== false && answer !== null && answer !== undefined)
      return answer as Exclude<T, false | null | undefined>;
    await sleep(every);
  }
}
