/**
 * What every analysis gives. A finding is a value: no clock, no database. Alerts turn findings into incidents.
 */
export type Severity = "info" | "notice" | "bad" | "critical";

export interface Finding {
  /** What was found, e.g. `experience.session.degraded`: the key of its sentence in both languages. */
  readonly kind: string;
  /** What it is about: kind and id, e.g. `{ kind: "session", id }`. */
  readonly subject: { readonly kind: string; readonly id: string };
  readonly organisation: string;
  /** Two findings with the same key are the same trouble seen twice. */
  readonly dedupeKey: string;
  /** Findings of one cause share it and become one incident; absent: the dedupe key. */
  readonly group?: string;
  /** Milliseconds since the epoch. */
  readonly since: number;
  /** Absent while it lasts. */
  readonly until?: number;
  readonly severity: Severity;
  /** 0 to 1. */
  readonly confidence: number;
  readonly parameters: Readonly<Record<string, string | number>>;
  /** Where a person can see it: links into the portal and the figures behind it. */
  readonly evidence: readonly { readonly label: string; readonly value: string; readonly href?: string }[];
}

interface Text {
  readonly en: string;
  readonly ja: string;
}

/**
 * What a service says about a kind of finding; `{name}` is replaced by the parameter of that name. A person who is no expert
 * reads: what happened, what was normal, what changed, what to do now.
 */
export interface FindingKind {
  readonly severity: Severity;
  /** One line, e.g. `{device}: program downloaded by {peer}`. */
  readonly title: Text;
  readonly normal: Text;
  readonly changed: Text;
  readonly advice: Text;
  /** ATT&CK for ICS techniques, e.g. `T0843`. */
  readonly techniques?: readonly string[];
}
export type FindingKinds = Readonly<Record<string, FindingKind>>;
