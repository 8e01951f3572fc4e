/** Systems that their makers correct no more (goal 24), by the operating system that traffic shows. */
import type { Asset, Evidence } from "../model.ts";
import { shownOf } from "./evidence.ts";
import { osOf } from "./os.ts";

export interface SupportRow {
  /** As `osOf` names systems. */
  readonly system: string;
  /** "" is the common one. */
  readonly edition: string;
  /** Last day of corrections, ISO 8601. */
  readonly ended: string;
  /** Last day of corrections that are paid for; null when there are none. */
  readonly paid: string | null;
}
export interface SupportState {
  /** What is said to people: `Windows 7`, `Windows 10 1809 / Server 2019`. */
  readonly system: string;
  /** `over`: for every system and edition that it can be. `perhaps`: for some of them. */
  readonly state: "over" | "perhaps" | "supported";
  /** Last day: of the longest supported when all are over, else of the first that is over or will be. */
  readonly ended: string;
  /** Paid corrections go on until then; null when there are none any more. */
  readonly paid: string | null;
  /** Of the evidence for the system, less where editions differ. */
  readonly confidence: number;
  readonly evidence: Evidence;
}

/** A name that stands for a client and a server: `Windows 7 / Server 2008 R2` is two. */
export function systemsOf(os: string): readonly string[] {
  const [first = "", ...others] = os.split(" / ");
  return [first, ...others.map((other) => (other.startsWith("Server") ? `Windows ${other}` : other))].map((name) =>
    name.replace(/ or later$/, "").trim(),
  );
}

/** Rows by system, made once. */
export class SupportTable {
  readonly #rows = new Map<string, SupportRow[]>();
  constructor(rows: Iterable<SupportRow>) {
    for (const row of rows) {
      const list = this.#rows.get(row.system);
      if (list === undefined) this.#rows.set(row.system, [row]);
      else list.push(row);
    }
  }
  get size(): number {
    return this.#rows.size;
  }

  /** `today` is a day, ISO 8601. Null when the system is not known or not in the table. */
  of(asset: Pick<Asset, "attributes">, today: string): SupportState | null {
    const evidence = shownOf(asset, "os");
    return evidence === null ? null : this.ofSystem(evidence, today);
  }
  ofSystem(evidence: Evidence, today: string): SupportState | null {
    const os = osOf(evidence.value) ?? evidence.value;
    // "or later" can be anything that is newer.
    const open = os.endsWith(" or later");
    const rows = systemsOf(os).flatMap((system) => this.#of(system));
    if (rows.length === 0 || open) return null;
    const ends = rows.map(({ ended }) => ended).toSorted();
    const over = ends.filter((ended) => ended < today);
    const state = over.length === 0 ? "supported" : over.length === ends.length ? "over" : "perhaps";
    const paid =
      rows
        .flatMap((row) => row.paid ?? [])
        .filter((day) => day >= today)
        .toSorted()
        .at(-1) ?? null;
    const ended = (state === "over" ? ends.at(-1) : ends[0]) as string;
    const confidence = Math.round(evidence.confidence * (state === "perhaps" ? 0.5 : 1) * 100) / 100;
    return { system: os, state, ended, paid, confidence, evidence };
  }
  /** A system without its version stands for all its versions: `Windows 10`. */
  #of(system: string): readonly SupportRow[] {
    const exact = this.#rows.get(system);
    if (exact !== undefined) return exact;
    if (!/^Windows 1[01]$/.test(system)) return [];
    return [...this.#rows].filter(([name]) => name.startsWith(`${system} `)).flatMap(([, rows]) => rows);
  }
}
