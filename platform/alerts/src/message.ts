/** What a message of an incident says, before it takes the form of a mail, a webhook or a line of syslog. */
import type { Language } from "@yagura/core/errors.ts";
import type { OrganisationId, Uuid } from "@yagura/core/ids.ts";
import type { IncidentRow } from "./incidents.ts";
import { severities } from "./shapes.ts";
import { sentences, type Kinds, type Parameters, type Sentences } from "./text.ts";

export interface Message extends Sentences {
  readonly occasion: "opened" | "worse" | "escalated" | "ended" | "digest" | "test";
  readonly organisation: { readonly id: OrganisationId; readonly name: string };
  readonly incident: Uuid | null;
  readonly number: number | null;
  readonly service: string;
  readonly kind: string;
  readonly severity: (typeof severities)[number];
  readonly state: string;
  readonly subject: { readonly kind: string; readonly id: string } | null;
  readonly parameters: Parameters;
  readonly findings: number;
  /** ISO. */
  readonly openedAt: string;
  readonly lastAt: string;
  readonly url: string;
  readonly language: Language;
  /** Of a digest: one line for each incident that was held back, worst first. */
  readonly lines: readonly string[];
}

export function messageOf(
  row: IncidentRow,
  occasion: Message["occasion"],
  { kinds, language, publicUrl }: { readonly kinds: Kinds; readonly language: Language; readonly publicUrl: string },
): Message {
  return {
    ...sentences(kinds, row.kind, row.parameters, language),
    occasion,
    organisation: { id: row.organisation, name: row.organisation_name },
    incident: row.id,
    number: row.number,
    service: row.service,
    kind: row.kind,
    severity: severities[row.severity] ?? "notice",
    state: row.state,
    subject: { kind: row.subject_kind, id: row.subject_id },
    parameters: row.parameters,
    findings: row.findings,
    openedAt: row.opened_at.toISOString(),
    lastAt: row.last_at.toISOString(),
    url: `${publicUrl}/o/${row.organisation}/alerts/${row.id}`,
    language,
    lines: [],
  };
}

const words = {
  ja: {
    severity: { info: "情報", notice: "注意", bad: "警告", critical: "重大" },
    occasion: { opened: "", worse: "悪化", escalated: "未対応", ended: "収束", digest: "まとめ", test: "テスト" },
    normal: "通常",
    changed: "変化",
    advice: "対応",
    since: "発生",
    findings: "検知数",
    digest: "短時間に多数のアラートが発生したため、次のものをまとめてお知らせします。",
  },
  en: {
    severity: { info: "Info", notice: "Notice", bad: "Warning", critical: "Critical" },
    occasion: {
      opened: "",
      worse: "worse",
      escalated: "not taken yet",
      ended: "over",
      digest: "summary",
      test: "test",
    },
    normal: "Normal",
    changed: "Changed",
    advice: "What to do",
    since: "Since",
    findings: "Findings",
    digest: "Many alerts came within a short time. These were held back and are told here together.",
  },
} as const;

/** One line: what stands in a subject. */
export function headline(message: Message): string {
  const { severity, occasion } = words[message.language];
  const number = message.number === null ? "" : ` #${message.number}`;
  const why = occasion[message.occasion];
  return `[${severity[message.severity]}${why === "" ? "" : ` · ${why}`}]${number} ${message.title}`;
}

/** Plain text for a person. */
export function plain(message: Message): string {
  const said = words[message.language];
  const line = (label: string, text: string): string[] => (text === "" ? [] : [`${label}: ${text}`]);
  if (message.occasion === "digest")
    return [message.organisation.name, "", said.digest, "", ...message.lines, "", message.url].join("\n");
  return [
    message.organisation.name,
    "",
    message.title,
    ...line(said.normal, message.normal),
    ...line(said.changed, message.changed),
    ...line(said.advice, message.advice),
    ...line("ATT&CK for ICS", message.techniques.join(", ")),
    "",
    `${said.since}: ${message.openedAt}`,
    `${said.findings}: ${message.findings}`,
    "",
    message.url,
  ].join("\n");
}
