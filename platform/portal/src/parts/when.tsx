/** Times and days as text; the full time with its zone is in the tip. */
import { useSyncExternalStore, type ReactNode } from "react";
import { useFormat, useWords } from "../language.tsx";
import { catalogue } from "../words.ts";

const words = catalogue({ never: { ja: "なし", en: "never" } });

/** One clock for all relative times of the page, in steps of 15 s. */
const STEP = 15_000;
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;
function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(() => {
    for (const each of listeners) each();
  }, STEP);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}
const step = (): number => Math.floor(Date.now() / STEP);

interface WhenProps {
  /** RFC 3339 text or milliseconds; null: never. */
  readonly at: string | number | null | undefined;
  /** `5 min ago` instead of day and time. */
  readonly ago?: boolean;
  readonly precision?: "minute" | "second" | "millisecond";
}
export function When({ at, ago = false, precision }: WhenProps): ReactNode {
  const format = useFormat();
  const t = useWords(words);
  useSyncExternalStore(subscribe, step);
  if (at === null || at === undefined) return <span className="soft">{t("never")}</span>;
  const iso = typeof at === "number" ? new Date(at).toISOString() : at;
  const full = `${format.instant(at, "second")} ${format.zoneName}`;
  return (
    <time dateTime={iso} title={full} className="when">
      {ago ? format.ago(at) : format.instant(at, precision)}
    </time>
  );
}

/** A calendar day without a zone. */
export function Day({ day }: { readonly day: string | null | undefined }): ReactNode {
  const format = useFormat();
  return day === null || day === undefined ? (
    <span className="soft">–</span>
  ) : (
    <time dateTime={day}>{format.day(day)}</time>
  );
}
