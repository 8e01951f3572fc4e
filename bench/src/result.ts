/** What a bench is and what it gives: rows of figures measured side by side in one run, and what they should reach. */

/** One line of the table; a missing figure is null (shown as a dash, never as 0). */
export type BenchRow = Readonly<Record<string, string | number | null>>;

/** A stated aim beside what was measured. `met` is null when it could not be judged here (a peer is missing). */
export interface Reach {
  readonly what: string;
  readonly wanted: string;
  readonly got: string;
  readonly met: boolean | null;
}

export interface BenchResult {
  readonly name: string;
  /** In the order they are printed. Column names carry their unit, e.g. `probes/s`, `CPU µs/probe`. */
  readonly columns: readonly string[];
  readonly rows: readonly BenchRow[];
  readonly reach: readonly Reach[];
  /** Facts the reader needs: how often each row ran, missing peers, the load generator on the same machine. */
  readonly notes: readonly string[];
}

/** A bench module exports one of these as `bench`. */
export interface Bench {
  readonly name: string;
  /** Benches are started by group: `npm run bench -- experience`. */
  readonly group: string;
  readonly summary: string;
  run(): Promise<BenchResult>;
}
