/** A person says that a finding is in order: from then on it is learned (OT-27). */
import type { Finding } from "@yagura/core/finding.ts";
import type { Learned } from "../model.ts";
import { assetKey } from "./keys.ts";
import { withRange } from "./ranges.ts";
import type { Baseline } from "./baselines.ts";

/** What the finding was told for: its dedupe key without the site and the kind. */
export function keyOf({ dedupeKey, kind, parameters }: Finding): string {
  const key = dedupeKey.slice(dedupeKey.indexOf(`|${kind}|`) + kind.length + 2);
  return kind === "ot.permit.exceeded" ? key.slice(String(parameters.permitId).length + 1) : key;
}

/** Keys of the learned items and baselines that `approve` changes: to be loaded. */
export function keysToApprove(finding: Finding): {
  readonly learned: readonly string[];
  readonly baselines: readonly string[];
} {
  const key = keyOf(finding);
  const kind = String(finding.parameters.base ?? finding.kind);
  if (kind === "ot.device.new") return { learned: [key], baselines: [assetKey(finding.subject.id)] };
  if (kind === "ot.write.outside-range") return { learned: [key], baselines: [String(finding.parameters.range)] };
  if (kind.startsWith("ot.cycle.") || kind.startsWith("ot.volume.")) return { learned: [], baselines: [key] };
  if (kind === "ot.arp.spoofing" || kind === "ot.address.conflict") {
    return { learned: [], baselines: [key.slice(0, key.lastIndexOf("|"))] };
  }
  return { learned: [key], baselines: [] };
}

/** Gives what is to be stored. Verbs, scans and passwords are never learned: allow them by a rule, or mute them. */
export function approve(
  finding: Finding,
  stored: { readonly learned: ReadonlyMap<string, Learned>; readonly baselines: ReadonlyMap<string, Baseline> },
): { readonly learned: readonly Learned[]; readonly baselines: readonly Baseline[] } {
  const keys = keysToApprove(finding);
  const learned = keys.learned.map((key) => {
    const before = stored.learned.get(key);
    return before === undefined
      ? { key, first: finding.since, last: finding.since, count: 1, known: true }
      : { ...before, known: true };
  });
  const baselines = keys.baselines.flatMap((key) => {
    const before = stored.baselines.get(key);
    return before === undefined ? [] : [approved(finding, before)];
  });
  return { learned, baselines };
}

function approved({ parameters }: Finding, before: Baseline): Baseline {
  switch (before.kind) {
    case "asset":
      return { ...before, approved: true };
    case "range":
      return { ...before, ranges: withRange(before.ranges, [Number(parameters.low), Number(parameters.high)]) };
    // A new rhythm or amount is usual from now on: learned afresh.
    case "cycle":
      return { ...before, periods: [], jitters: [], batches: 0, shifted: 0, shaky: 0 };
    case "volume":
      return { ...before, samples: [...before.samples, before.bytes, before.bytes, before.bytes].slice(-8) };
    case "silence":
      return { ...before, told: null, group: null, due: null };
    case "address":
      return { ...before, claims: before.claims.map((claim) => ({ ...claim, shared: true })) };
    default:
      return before;
  }
}
