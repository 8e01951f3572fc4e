/** The sensor's end of the line to its enforcer: orders in clear to it, reports to the server. */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { EdgeHost } from "@yagura/edge/service.ts";
import {
  ENFORCEMENT_VERSION,
  type Block,
  type BlockReport,
  type EnforcementBody,
  type Means,
} from "../../wire/enforcement.ts";
import { readMac } from "../../wire/addresses.ts";
import type { Tokens } from "../../wire/tokens.ts";
import { raise } from "../errors.ts";
import type { FromEnforcer, ToEnforcer } from "./run-enforcer.ts";
import type { Seen } from "./seen.ts";
import type { Wanted } from "./guard.ts";

export const ENFORCEMENT_KIND = "ot.enforcement";
/** How often the enforcer is told anew: the clock's offset and what was seen change. */
const TELL_MS = 30_000;
/** A report that says the same is sent again after this, so that the server knows that it holds. */
const REPEAT_MS = 15 * 60_000;
/** How long a sensor that was cut off waits for its devices to be put on again. */
const RELEASE_MS = 45_000;

/** A started enforcer; it has read its file. */
export interface EnforcerProcess {
  readonly means: Means;
  readonly child: ChildProcess;
  readonly lines: AsyncIterable<string>;
}

/** Starts this program as the enforcer and gives it the file's descriptor, which is closed here. Throws ENFORCER_FAILED. */
export async function startEnforcer(descriptor: number, folder: string): Promise<EnforcerProcess> {
  const [program = ""] = process.argv.slice(1);
  const child = spawn(process.execPath, [...process.execArgv, program, "--enforcer", folder], {
    stdio: ["pipe", "pipe", "inherit", descriptor],
  });
  const { stdout } = child;
  if (stdout === null) throw raise("ENFORCER_FAILED", { told: "it has no line" });
  const lines = createInterface({ input: stdout })[Symbol.asyncIterator]();
  const first = await Promise.race([
    lines.next(),
    once(child, "error").then(([error]) => Promise.reject(raise("ENFORCER_FAILED", { told: String(error) }))),
  ]);
  if (first.done === true) throw raise("ENFORCER_FAILED", { told: "it ended; its own words stand before this line" });
  const line = JSON.parse(first.value) as FromEnforcer;
  if (line.say !== "means") throw raise("ENFORCER_FAILED", { told: "it began with something else" });
  return { means: line.means, child, lines: { [Symbol.asyncIterator]: () => lines } };
}

export interface EnforcementOptions {
  /** Null: the premises gave no means. */
  readonly enforcer: EnforcerProcess | null;
  readonly tokens: Tokens | null;
  readonly seen: Seen;
  /** The enforcer ended by itself. */
  readonly ended: (error: Error) => void;
}

export class Enforcement {
  readonly #options: EnforcementOptions;
  #host: EdgeHost | null = null;
  #blocks: readonly Block[] = [];
  #reports: readonly BlockReport[] = [];
  #sent = "";
  #sentAt = Number.NEGATIVE_INFINITY;
  #timer: NodeJS.Timeout | null = null;
  #stopping = false;
  #released: () => void = () => undefined;

  constructor(options: EnforcementOptions) {
    this.#options = options;
    if (options.enforcer !== null) void this.#listen(options.enforcer);
  }

  start(host: EdgeHost): void {
    this.#host = host;
    this.#timer = setInterval(() => void this.#tell(), TELL_MS);
  }

  /** Never throws: what cannot be done is a report. */
  async want(blocks: readonly Block[]): Promise<void> {
    this.#blocks = blocks;
    await this.#tell();
  }

  told(): string {
    const { enforcer } = this.#options;
    if (enforcer === null) return "off: this sensor was not given the means to take devices off the network";
    const off = this.#reports.filter(({ state }) => state === "done" || state === "stuck").length;
    const { nacs, switches, devices, hours } = enforcer.means;
    return `${nacs} NAC, ${switches} switches; at most ${devices} devices for ${hours} hours; ${off} off now`;
  }
  warnings(): string[] {
    return this.#reports
      .filter(({ state }) => state === "stuck")
      .map(
        ({ order }) =>
          `order ${order}: a device could not be put on the network again; look at the log of this machine and at the switch`,
      );
  }

  async #tell(): Promise<void> {
    const { enforcer, tokens } = this.#options;
    if (enforcer !== null) {
      const blocks = this.#blocks;
      const wanted = await Promise.all(blocks.map((block) => this.#clear(block)));
      // A newer wish came meanwhile, and is told by itself.
      if (blocks !== this.#blocks) return;
      const offset = (this.#host?.clockOffset()?.offset ?? 0) / 1000;
      this.#say({ say: "want", wanted, tokens: tokens !== null, offset });
    }
    await this.#report();
  }

  async #clear({ mac, addresses, ...block }: Block): Promise<Wanted> {
    const { tokens, seen } = this.#options;
    const number = readMac(mac) ?? 0;
    const plain = tokens === null ? number : await tokens.openMac(number);
    const named = tokens === null ? addresses : await Promise.all(addresses.map((one) => tokens.openAddress(one)));
    const own = seen.addressesOf(plain);
    return { ...block, mac: plain, addresses: [...new Set([...named, ...(own ?? [])])], seen: own !== null };
  }

  #say(line: ToEnforcer): void {
    const stdin = this.#options.enforcer?.child.stdin;
    if (stdin?.writable === true) stdin.write(`${JSON.stringify(line)}\n`);
  }

  async #listen({ child, lines }: EnforcerProcess): Promise<void> {
    // A line that breaks is told by its end.
    child.stdin?.on("error", () => undefined);
    for await (const text of lines) {
      const line = JSON.parse(text) as FromEnforcer;
      if (line.say === "reports") {
        this.#reports = line.reports;
        await this.#report();
      }
      if (line.say === "released") this.#released();
    }
    this.#released();
    if (!this.#stopping) this.#options.ended(raise("ENFORCER_FAILED", { told: "it ended" }));
  }

  async #report(): Promise<void> {
    const host = this.#host;
    if (host === null) return;
    const { enforcer, tokens } = this.#options;
    const now = Math.round(host.time.clock.now() + (host.clockOffset()?.offset ?? 0) / 1000);
    const orders = enforcer === null ? this.#blocks.map(({ order }) => refused(order, now)) : this.#reports;
    const said = JSON.stringify(enforcer === null ? this.#blocks.map(({ order }) => order) : orders);
    const elapsed = host.time.clock.monotonic() - this.#sentAt;
    if (said === this.#sent && elapsed < REPEAT_MS) return;
    [this.#sent, this.#sentAt] = [said, host.time.clock.monotonic()];
    const hidden = await Promise.all(
      orders.map(async (one) => ({ ...one, where: tokens === null ? one.where : await tokens.text(one.where) })),
    );
    const means = enforcer?.means ?? null;
    const body: EnforcementBody = { version: ENFORCEMENT_VERSION, at: now, means, orders: hidden };
    host.submit(ENFORCEMENT_KIND, body, true);
  }

  /** The server cut this sensor off: what is off comes on again before the sensor ends. */
  async releaseAll(): Promise<void> {
    const { enforcer } = this.#options;
    if (enforcer === null) return;
    const done = new Promise<void>((resolve) => {
      this.#released = resolve;
    });
    this.#say({ say: "release" });
    const late = new Promise<void>((resolve) => setTimeout(resolve, RELEASE_MS).unref());
    await Promise.race([done, late]);
  }

  /** Ends the enforcer; devices that are off stay so until the next start, or their end then. */
  async stop(): Promise<void> {
    this.#stopping = true;
    if (this.#timer !== null) clearInterval(this.#timer);
    const child = this.#options.enforcer?.child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, "exit");
    child.stdin?.end();
    await gone;
  }
}

const refused = (order: string, at: number): BlockReport => ({
  order,
  state: "refused",
  code: "no-means",
  where: "",
  learned: 0,
  at,
});
