/**
 * Runs the agent's measuring on many hosts for a while and prints what it measured as JSON; a program of its own, so that it
 * can live in a namespace and on one processor: `node accuracy-run.ts <JSON of AccuracyRun>`.
 */
import { experienceEdge } from "@yagura/experience/edge/agent.ts";
import { methods, outcomes, type SamplesBody } from "@yagura/experience/wire/samples.ts";

export interface AccuracyRun {
  readonly hosts: readonly string[];
  /** Milliseconds. */
  readonly interval: number;
  readonly timeout: number;
  /** How long to measure. */
  readonly milliseconds: number;
}
/** By host, in the order of their slots; `rtt` null: lost. Microseconds. */
export type AccuracyFigures = Record<
  string,
  { rtt: (number | null)[]; method: string; delay: number[]; bound: number[] }
>;

const id = (n: number): string => `00000000-0000-7000-8000-${String(n).padStart(12, "0")}`;

export function figures(bodies: readonly SamplesBody[], hosts: readonly string[]): AccuracyFigures {
  const by = new Map(hosts.map((host, i) => [id(i), host]));
  const found: AccuracyFigures = {};
  for (const block of bodies.flatMap((body) => body.blocks)) {
    const host = by.get(block.session) as string;
    const entry = (found[host] ??= { rtt: [], method: methods[block.method] as string, delay: [], bound: [] });
    const at = (column: readonly unknown[], i: number): number => column[column.length === 1 ? 0 : i] as number;
    for (let i = 0; i < block.count; i++) {
      const answered = ["ok", "late"].includes(outcomes[at(block.outcome, i)] as string);
      entry.rtt.push(answered ? at(block.rtt, i) : null);
      entry.delay.push(at(block.delay, i));
      entry.bound.push(at(block.bound, i));
    }
  }
  return found;
}

if (process.argv[2] !== undefined) {
  const run = JSON.parse(process.argv[2]) as AccuracyRun;
  const bodies: SamplesBody[] = [];
  const quiet = (): void => undefined;
  const edge = experienceEdge({ submit: (body) => bodies.push(body), log: { info: quiet, warn: quiet, error: quiet } });
  const sessions = run.hosts.map((host, i) => ({
    session: id(i),
    probe: { kind: "icmp" as const, host },
    interval: run.interval,
    timeout: run.timeout,
  }));
  await edge.configure({ sessions, upload: 500 });
  await new Promise((resolve) => setTimeout(resolve, run.milliseconds));
  // No new slots, but those under way come to their end: what is left then has been lost.
  await edge.drain();
  await edge.stop();
  process.stdout.write(JSON.stringify(figures(bodies, run.hosts)));
}
