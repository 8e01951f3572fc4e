/** Severities of findings as marks: the worst first. */
import type { State } from "@yagura/core/state.ts";
import type { FindingView } from "../wire/api-findings.ts";

export type Severity = FindingView["severity"];
export const severities = ["critical", "bad", "notice", "info"] as const satisfies readonly Severity[];
export const isSeverity = (text: string): text is Severity => (severities as readonly string[]).includes(text);
export const severityState: Readonly<Record<Severity, State>> = {
  critical: "bad",
  bad: "bad",
  notice: "notice",
  info: "good",
};
/** Null: nothing was found. */
export const severityOrder = (severity: Severity | null): number =>
  severity === null ? severities.length : severities.indexOf(severity);
