/** What one process remembers of devices between requests: nonces that were used, epochs that were begun. */
import { SIGNATURE_WINDOW } from "@yagura/wire/signature.ts";
import { createBuckets } from "./limits.ts";

/**
 * Each epoch costs a row of the ledger for ever, and an honest program begins one in months: one that begins them as fast as
 * it can is slowed down. The batches of two epochs may come mixed for a moment.
 */
const EPOCHS_AT_ONCE = 50;
const EPOCHS_PER_HOUR = 60;
const MAX_REMEMBERED = 200_000;
/** Says 0 when a device may use an epoch now, else the seconds to wait. */
export function createEpochs(monotonic: () => number): (device: string, epoch: string) => number {
  const last = new Map<string, string>();
  const bucket = createBuckets(EPOCHS_PER_HOUR / 3_600, EPOCHS_AT_ONCE, monotonic);
  return (device, epoch) => {
    if (last.get(device) === epoch) return 0;
    const seconds = bucket.take(device);
    if (seconds > 0) return seconds;
    if (last.size >= MAX_REMEMBERED) last.clear();
    last.set(device, epoch);
    return 0;
  };
}

export interface Nonces {
  /** True the first time within twice the signature window. */
  first(nonce: string): boolean;
}
/** Two generations of nonces: each lives for at least the time in which its signature would be taken. */
export function createNonces(monotonic: () => number): Nonces {
  let [young, old] = [new Set<string>(), new Set<string>()];
  let turnAt = monotonic() + 2_000 * SIGNATURE_WINDOW;
  return {
    first(nonce) {
      if (monotonic() >= turnAt) {
        [young, old] = [new Set(), young];
        turnAt = monotonic() + 2_000 * SIGNATURE_WINDOW;
      }
      if (young.has(nonce) || old.has(nonce)) return false;
      young.add(nonce);
      return true;
    },
  };
}
