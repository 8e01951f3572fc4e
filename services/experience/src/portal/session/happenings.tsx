/** What happened in the time shown: events, and the stretches that were not observed, with their reasons. */
import type { ReactNode } from "react";
import { Section } from "@yagura/portal/parts/page.tsx";
import type { Source, Window } from "../models.ts";
import type { Span } from "../chart/shape.ts";
import { tellGap } from "../tell.ts";
import { useTongue } from "./charts.tsx";

/** Lines shown; the newest are the ones that matter. */
const LINES = 50;

interface HappeningsProps {
  readonly source: Source;
  readonly window: Window;
  readonly spans: readonly Span[];
}
export function Happenings({ source, window, spans }: HappeningsProps): ReactNode {
  const { t, s, format } = useTongue();
  const flags = (source.flags ?? []).filter((flag) => flag.at >= window.from && flag.at <= window.to);
  const lines = [
    ...flags.map((flag) => ({ at: flag.at, text: flag.text, until: null as number | null })),
    ...spans.map((span) => ({
      at: span.from,
      text: `${t("notObserved")}: ${tellGap(span.reason, t)}`,
      until: span.to,
    })),
  ]
    .sort((a, b) => b.at - a.at)
    .slice(0, LINES);
  if (lines.length === 0) return null;
  return (
    <Section title={s("events.title")}>
      <ul className="ex-plain">
        {lines.map((line) => (
          <li key={`${line.at} ${line.text}`}>
            <span className="figures soft">
              {format.instant(line.at * 1000, "second")}
              {line.until === null
                ? ""
                : ` – ${format.instant(line.until * 1000, "second")} (${format.span(line.until - line.at)})`}
            </span>{" "}
            {line.text}
          </li>
        ))}
      </ul>
    </Section>
  );
}
