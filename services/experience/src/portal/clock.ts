/** The server's time on the reader's screen: a live chart ends at the server's now, even when the reader's clock is wrong. */
import { useEffect, useState, useSyncExternalStore } from "react";

/** Below this a difference is the network's and the header's whole seconds, not the clock's: milliseconds. */
const TOLERANCE = 3_000;
let ahead = 0;
let asked = false;
const listeners = new Set<() => void>();

async function ask(): Promise<void> {
  const sent = Date.now();
  const response = await fetch("/healthz", { cache: "no-store" });
  const date = Date.parse(response.headers.get("date") ?? "");
  // The header has whole seconds: half of one is its mean.
  const difference = date + 500 - (sent + Date.now()) / 2;
  if (!Number.isFinite(difference) || Math.abs(difference) < TOLERANCE) return;
  ahead = difference;
  for (const listener of listeners) listener();
}
function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  if (!asked) {
    asked = true;
    // Without an answer the reader's own clock is used: the charts then say what they can.
    ask().catch(() => (asked = false));
  }
  return () => listeners.delete(listener);
}

/** The server's time, seconds since the epoch. */
export const serverNow = (): number => (Date.now() + ahead) / 1000;

/** The server's time in seconds since the epoch, in steps of `step` seconds. */
export function useNow(step: number): number {
  const offset = useSyncExternalStore(subscribe, () => ahead);
  const [now, setNow] = useState(serverNow);
  useEffect(() => {
    const timer = setInterval(() => setNow((Date.now() + offset) / 1000), step * 1000);
    return () => clearInterval(timer);
  }, [step, offset]);
  return Math.floor(now / step) * step;
}
