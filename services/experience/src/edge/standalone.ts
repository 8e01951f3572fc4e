/**
 * The agent's measuring alone, without a server, for tests: `node standalone.ts <JSON of Standalone>` measures for a while, lets
 * the slots under way come to their end, and prints `StandaloneResult` as JSON. Says on standard error when it is "ready", and
 * "sealed SESSION COUNT" for each block of samples.
 */
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import type { AgentConfiguration } from "../wire/configuration.ts";
import { outcomes, methods, type Gap, type SamplesBody } from "../wire/samples.ts";
import { experienceEdge } from "./agent.ts";

export interface Standalone {
  readonly configuration: AgentConfiguration;
  /** How long it measures; null: until its standard input ends. */
  readonly milliseconds: number | null;
  readonly native?: boolean;
  readonly icmp?: readonly ("raw" | "dgram")[];
}
export interface StandaloneResult {
  readonly capabilities: Readonly<Record<string, string>>;
  readonly bodies: readonly SamplesBody[];
}

/** One sample, read back from its block. Times in microseconds. */
export interface PlainSample {
  readonly at: number;
  readonly delay: number;
  readonly rtt: number;
  readonly outcome: (typeof outcomes)[number];
  readonly flags: number;
  readonly method: (typeof methods)[number];
  readonly bound: number;
  readonly phases: Readonly<Record<string, number>>;
}

/** The samples of one session, in order. */
export function samplesOf(bodies: readonly SamplesBody[], session: string): PlainSample[] {
  const found: PlainSample[] = [];
  for (const block of bodies.flatMap((body) => body.blocks)) {
    if (block.session !== session) continue;
    const at = (column: readonly unknown[], i: number): number => column[column.length === 1 ? 0 : i] as number;
    let slot = 0;
    for (let i = 0; i < block.count; i++) {
      if (block.slot.length > 1) slot += at(block.slot, i);
      else if (i > 0) slot += at(block.slot, 0);
      found.push({
        at: block.start + slot * block.interval,
        delay: at(block.delay, i),
        rtt: at(block.rtt, i),
        outcome: outcomes[at(block.outcome, i)] as PlainSample["outcome"],
        flags: at(block.flags, i),
        method: methods[block.method] as PlainSample["method"],
        bound: at(block.bound, i),
        phases: Object.fromEntries(Object.entries(block.phases ?? {}).map(([name, column]) => [name, at(column, i)])),
      });
    }
  }
  return found.sort((a, b) => a.at - b.at);
}

/** The gaps of one session, in the order in which they were sealed. */
export const gapsOf = (bodies: readonly SamplesBody[], session: string): Gap[] =>
  bodies.flatMap((body) => body.gaps).filter((gap) => gap.session === session);

if (process.argv[1] === import.meta.filename && process.argv[2] !== undefined) {
  const { configuration, milliseconds, ...options } = JSON.parse(process.argv[2]) as Standalone;
  const bodies: SamplesBody[] = [];
  const quiet = (): void => undefined;
  const log = { info: quiet, warn: quiet, error: quiet };
  const submit = (body: SamplesBody): void => {
    bodies.push(body);
    for (const { session, count } of body.blocks) process.stderr.write(`sealed ${session} ${count}\n`);
  };
  const edge = experienceEdge({ ...options, log, submit });
  const capabilities = edge.capabilities();
  await edge.configure(configuration);
  process.stderr.write("ready\n");
  if (milliseconds === null) await once(process.stdin.resume(), "end");
  else await sleep(milliseconds);
  // No new slots, but those under way come to their end: what is unanswered then has been lost.
  await edge.drain();
  await edge.stop();
  process.stdout.write(JSON.stringify({ capabilities, bodies } satisfies StandaloneResult));
}
