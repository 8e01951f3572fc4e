/** Where a finding about a session leads. Pure. */
import type { IncidentFinding } from "@yagura/alerts/shapes.ts";

export interface IncidentLink {
  readonly label: string;
  /** Below the organisation. */
  readonly page: string;
}
export function linkOf({ subject, parameters }: Pick<IncidentFinding, "subject" | "parameters">): IncidentLink | null {
  if (subject.kind !== "session") return null;
  const names = [parameters["agent"], parameters["target"]].filter((name) => name !== undefined);
  return { label: names.join(" → ") || subject.id, page: `experience/sessions/${subject.id}` };
}
