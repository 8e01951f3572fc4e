/** Whether the server can be reached, and since when not: what was loaded stays, and the page says how old it is. */
import { useSyncExternalStore } from "react";
import { onReach } from "./api.ts";

interface Reach {
  readonly online: boolean;
  /** Milliseconds since the epoch of the last answer. */
  readonly lastAt: number;
}
/** Milliseconds between attempts to reach the server again. */
const AGAIN = 3_000;

let reach: Reach = { online: true, lastAt: Date.now() };
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setTimeout> | undefined;

function put(online: boolean): void {
  const before = reach;
  // A new object only when something is to be shown, else every request would draw the page again.
  if (online) reach = { online, lastAt: Date.now() };
  else if (before.online) reach = { online, lastAt: before.lastAt };
  if (before.online !== online) for (const listener of listeners) listener();
  if (!online) timer ??= setTimeout(() => void tryAgain(), AGAIN);
}

async function tryAgain(): Promise<void> {
  timer = undefined;
  try {
    const answer = await fetch("/healthz", { cache: "no-store" });
    put(answer.ok);
  } catch {
    put(false);
  }
}

/** Starts to watch; called once by the shell. */
export function watchReach(): () => void {
  const off = (): void => put(false);
  const on = (): void => void tryAgain();
  addEventListener("offline", off);
  addEventListener("online", on);
  const remove = onReach(put);
  return () => {
    removeEventListener("offline", off);
    removeEventListener("online", on);
    remove();
    clearTimeout(timer);
    timer = undefined;
  };
}

export const useReach = (): Reach =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => (reach.online ? ONLINE : reach),
  );
/** One object while all is well: the time of the last answer is only shown when the next one fails. */
const ONLINE: Reach = { online: true, lastAt: 0 };
