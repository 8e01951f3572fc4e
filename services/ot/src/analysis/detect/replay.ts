/**
 * What-if (OT-N3): the same observations under the settings of today and under changed ones, before the change goes live. Runs
 * from nothing learned, so give what should be judged with the learning time before it.
 */
import type { Finding } from "@yagura/core/finding.ts";
import type { Asset, Learned, Observation } from "../model.ts";
import { detect } from "./detect.ts";
import type { AssetOf } from "./parties.ts";
import { silence } from "./silence.ts";
import { MINUTE } from "./settings.ts";
import type { Baseline } from "./baselines.ts";
import type { Conditions } from "./types.ts";

export interface Scene {
  readonly observation: Observation;
  readonly assets: ReadonlyMap<string, Asset>;
  readonly assetOf: AssetOf;
}
export interface Replayed {
  /** Alerts by kind, and incidents (groups) over all. Only what came at or after `countFrom`. */
  readonly kinds: Readonly<Record<string, number>>;
  readonly incidents: number;
  readonly weeks: number;
  readonly findings: readonly Finding[];
  readonly logged: number;
}
const WEEK = 7 * 24 * 60 * MINUTE;

/** One run through scenes in the order of time. `countFrom`: where the report begins, after what only teaches. */
export class Replay {
  readonly #conditions: Conditions;
  readonly #countFrom: number;
  readonly #learned = new Map<string, Learned>();
  readonly #baselines = new Map<string, Baseline>();
  readonly #findings: Finding[] = [];
  #logged = 0;
  #last: number;
  #looked = Number.NEGATIVE_INFINITY;

  constructor(conditions: Conditions, countFrom: number) {
    this.#conditions = conditions;
    this.#countFrom = countFrom;
    this.#last = countFrom;
  }

  feed(scene: Scene): void {
    const { observation } = scene;
    const now = observation.to;
    // The timer of the server, once a minute of the replayed time.
    if (now - this.#looked >= MINUTE) {
      this.#look(scene);
      this.#looked = now;
    }
    const output = detect({
      ...this.#conditions,
      ...scene,
      learned: this.#learned,
      baselines: this.#baselines,
      now,
    });
    for (const one of output.learned) this.#learned.set(one.key, one);
    for (const one of output.baselines) this.#baselines.set(one.key, one);
    this.#add(output.findings, now);
    if (now >= this.#countFrom) this.#logged += output.logged.length;
    this.#last = Math.max(this.#last, now);
  }
  #look({ observation, assets }: Scene): void {
    const at = observation.from;
    const due = [...this.#baselines.values()].filter((one) => one.due !== null && one.due <= at);
    const overdue = silence({ ...this.#conditions, baselines: due, assets, heard: at, now: at });
    for (const one of overdue.baselines) this.#baselines.set(one.key, one);
    this.#add(overdue.findings, at);
  }
  #add(found: readonly Finding[], at: number): void {
    if (at >= this.#countFrom) this.#findings.push(...found);
  }

  result(): Replayed {
    const findings = this.#findings;
    return { ...counted(findings), weeks: (this.#last - this.#countFrom) / WEEK, findings, logged: this.#logged };
  }
}

/** Scenes in the order of time. */
export function replay(scenes: Iterable<Scene>, conditions: Conditions, countFrom: number): Replayed {
  const run = new Replay(conditions, countFrom);
  for (const scene of scenes) run.feed(scene);
  return run.result();
}

function counted(findings: readonly Finding[]): Pick<Replayed, "kinds" | "incidents"> {
  const kinds: Record<string, number> = {};
  const told = new Set<string>();
  for (const finding of findings) {
    // The same trouble seen again is the same alert; its end is none.
    if (finding.until !== undefined || told.has(finding.dedupeKey)) continue;
    told.add(finding.dedupeKey);
    kinds[finding.kind] = (kinds[finding.kind] ?? 0) + 1;
  }
  return { kinds, incidents: new Set(findings.map(({ group, dedupeKey }) => group ?? dedupeKey)).size };
}

export interface WhatIf {
  readonly kind: string;
  /** Alerts per week. */
  readonly before: number;
  readonly after: number;
}
/** Alerts per week by kind, before and after the change; kinds that neither gives are left out. */
export function whatIf(
  scenes: readonly Scene[],
  conditions: Conditions,
  changed: Partial<Conditions>,
  countFrom: number,
): { readonly weeks: number; readonly kinds: readonly WhatIf[] } {
  const before = replay(scenes, conditions, countFrom);
  const after = replay(scenes, { ...conditions, ...changed }, countFrom);
  const weeks = Math.max(before.weeks, 1 / 7);
  const kinds = [...new Set([...Object.keys(before.kinds), ...Object.keys(after.kinds)])].sort();
  return {
    weeks: before.weeks,
    kinds: kinds.map((kind) => ({
      kind,
      before: (before.kinds[kind] ?? 0) / weeks,
      after: (after.kinds[kind] ?? 0) / weeks,
    })),
  };
}
