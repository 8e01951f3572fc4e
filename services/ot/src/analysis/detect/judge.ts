/** From drafts to findings: switched off, allowed, planned, muted; storms bounded; dedupe keys and groups of the site. */
import type { Finding, Severity } from "@yagura/core/finding.ts";
import { valueOf } from "../assets/evidence.ts";
import { findingKinds } from "../findings.ts";
import { isVerb } from "./keys.ts";
import { matchesRule } from "./allow.ts";
import { judgePermits } from "./permits.ts";
import type { Draft, Run } from "./run.ts";
import type { Logged, Mute } from "./types.ts";

const ranks: readonly Severity[] = ["info", "notice", "bad", "critical"];
export const worse = (a: Severity, b: Severity): Severity => (ranks.indexOf(a) >= ranks.indexOf(b) ? a : b);

/**
 * Findings of one upload at most, the worst first, and those that permits, mutes and rules cover: forged senders would make one
 * for each packet, and each is some writing to the database.
 */
export const MAX_FINDINGS = 300;
const MAX_LOGGED = 1_000;

export function judge(run: Run): { readonly findings: Finding[]; readonly logged: Logged[] } {
  const findings: Finding[] = [];
  const logged: Logged[] = [];
  for (const draft of run.drafts) {
    const { settings, allowed, mutes, now } = run.input;
    const finding = findingOf(run, draft);
    const rule = allowed.find((one) => matchesRule(run, one, draft));
    const permit = judgePermits(run, draft);
    const mute = mutes.find((one) => isMuted(one, finding, draft, now));
    if (settings.off.includes(draft.kind)) logged.push({ finding, because: "off", id: "" });
    else if (rule !== undefined) logged.push({ finding, because: "allow", id: rule.id });
    else if (permit.inside !== null) {
      // What is done under a permit is no habit: the same without one is told.
      if (draft.class === undefined || !isVerb(draft.class)) run.unsee(draft.key);
      logged.push({ finding, because: "permit", id: permit.inside.id });
    } else if (mute !== undefined) logged.push({ finding, because: "mute", id: mute.id });
    else if (permit.exceeded === null) findings.push(finding);
    else findings.push(findingOf(run, permit.exceeded));
  }
  return {
    findings: worstOf(bounded(findings, run.input.settings.burst)),
    logged: logged.slice(0, MAX_LOGGED),
  };
}

/** The worst of many, in their order; the last says how many more there were. */
function worstOf(findings: readonly Finding[]): Finding[] {
  if (findings.length <= MAX_FINDINGS) return [...findings];
  const rank = ({ severity }: Finding): number => ranks.indexOf(severity);
  const kept = findings.toSorted((a, b) => rank(b) - rank(a)).slice(0, MAX_FINDINGS);
  const last = kept.at(-1) as Finding;
  return [...kept.slice(0, -1), { ...last, parameters: { ...last.parameters, more: findings.length - MAX_FINDINGS } }];
}

function findingOf(run: Run, draft: Draft): Finding {
  const { organisation, site } = run.input;
  const kind = findingKinds[draft.kind];
  const technique = draft.technique ?? kind?.techniques?.[0];
  return {
    kind: draft.kind,
    subject: { kind: draft.subject ?? "asset", id: draft.about },
    organisation,
    dedupeKey: `${site}|${draft.kind}|${draft.key}`,
    group: `${site}|${draft.group ?? `${draft.kind}|${draft.about}`}`,
    since: draft.since,
    ...(draft.until === undefined ? {} : { until: draft.until }),
    severity: draft.severity ?? kind?.severity ?? "notice",
    confidence: draft.confidence,
    parameters: {
      ...draft.parameters,
      sure: Math.round(draft.confidence * 100),
      ...(technique === undefined ? {} : { technique }),
      ...(draft.peer === undefined ? {} : { peerId: draft.peer }),
    },
    evidence: [...(draft.evidence ?? []), ...whereOf(run, draft)],
  };
}

/** The port of a switch that the device is plugged into, where some protocol told it: where to unplug it. */
function whereOf(run: Run, { about, subject }: Draft): Finding["evidence"][number][] {
  const asset = subject === undefined ? run.asset(about) : undefined;
  const place = asset === undefined ? null : valueOf(asset, "attached-to");
  return place === null ? [] : [{ label: "Switch", value: place.replace("|", " · ") }];
}

const isMuted = (mute: Mute, finding: Finding, draft: Draft, now: number): boolean =>
  (mute.until === null || now < mute.until) &&
  (mute.kind === null || mute.kind === finding.kind) &&
  (mute.asset === null || mute.asset === draft.about || mute.asset === draft.peer) &&
  (mute.dedupeKey === null || mute.dedupeKey === finding.dedupeKey);

/** Of each kind and subject at most `burst`: the last one says how many more there were. */
function bounded(findings: readonly Finding[], burst: number): Finding[] {
  const kept: Finding[] = [];
  const counts = new Map<string, { count: number; last: number }>();
  for (const finding of findings) {
    const key = `${finding.kind}|${finding.subject.id}`;
    const count = counts.get(key) ?? { count: 0, last: -1 };
    counts.set(key, count);
    count.count++;
    if (count.count > burst) continue;
    count.last = kept.push(finding) - 1;
  }
  for (const { count, last } of counts.values()) {
    const finding = kept[last];
    if (count <= burst || finding === undefined) continue;
    kept[last] = { ...finding, parameters: { ...finding.parameters, more: count - burst } };
  }
  return kept;
}
