/** The sensor as a service of the edge runtime (OST-T01): packets of its captures in, metadata batches out. */
import { join } from "node:path";
import { sha256 } from "@yagura/packets/node/primitives.ts";
import type { EdgeHost, EdgeService, StartService } from "@yagura/edge/service.ts";
import type { Engine } from "../decode/engine.ts";
import type { DeclaredSlot } from "../wire/declared.ts";
import type { MetadataBody } from "../wire/metadata.ts";
import type { Tokens } from "../wire/tokens.ts";
import type { Capture, CaptureCounters, OnFrame } from "./capture.ts";
import { defaultConfiguration, readConfiguration } from "./configuration.ts";
import type { Enforcement } from "./enforce/link.ts";
import type { Seen } from "./enforce/seen.ts";
import { Intervals } from "./intervals.ts";
import { openLedger } from "./ledger-file.ts";
import { Uploads } from "./uploads.ts";

export const METADATA_KIND = "ot.metadata";
/** How often it is looked whether an interval ends: an urgent one leaves within a second and this, ms. */
const LOOK_MS = 200;

export interface SensorOptions {
  /** Begins to capture and gives frames to the engine. */
  readonly capture: (onFrame: OnFrame) => Promise<Capture>;
  /** The engine, and how its rules are exchanged (gives what could not be read). */
  readonly engine: Engine;
  readonly setRules: (rules: readonly string[]) => readonly string[];
  /** The same for the protocols that are declared for the site. */
  readonly setDeclared: (declared: readonly DeclaredSlot[]) => readonly string[];
  readonly tokens: Tokens | null;
  /** Takes devices off the network as the server asks, where the premises gave the means. */
  readonly enforcement: Enforcement;
  readonly seen: Seen;
  /** The kernel itself refuses that anything is sent through the capture sockets. */
  readonly sealed: boolean;
  /** The capture ended by itself; null: there is no more to read (a file). */
  readonly ended: (error: Error | null) => void;
}

export const ledgerFolder = (services: string): string => join(services, "ot-ledger");

export const startSensor =
  (options: SensorOptions): StartService =>
  async (host) => {
    const sensor = new Sensor(options, host);
    await sensor.start();
    return sensor.service();
  };

class Sensor {
  readonly #options: SensorOptions;
  readonly #host: EdgeHost;
  readonly #uploads: Uploads;
  readonly #ledger: ReturnType<typeof openLedger>;
  readonly #intervals: Intervals;
  #capture: Capture | null = null;
  #configuration = defaultConfiguration;
  /** By capture: whether the configuration wants it. */
  #wanted: boolean[] = [];
  #refusedRules: readonly string[] = [];
  #refusedSlots: readonly string[] = [];
  /** Drops that were told to the engine. */
  #told: number[] = [];
  #counters: readonly CaptureCounters[] = [];
  #timer: NodeJS.Timeout | null = null;

  constructor(options: SensorOptions, host: EdgeHost) {
    this.#options = options;
    this.#host = host;
    this.#ledger = openLedger(ledgerFolder(host.folder), sha256);
    this.#intervals = new Intervals(host.time.clock.monotonic(), defaultConfiguration.upload);
    const target = {
      next: () => this.#ledger.next(),
      hand: (body: MetadataBody) => {
        this.#ledger.add(body);
        host.submit(METADATA_KIND, body, body.urgent);
      },
    };
    this.#uploads = new Uploads(target, options.tokens, host.log);
  }

  async start(): Promise<void> {
    const { engine } = this.#options;
    const wanted = this.#wanted;
    this.#capture = await this.#options.capture((bytes, from, to, length, time, link, capture) => {
      if (wanted[capture] !== false) engine.packet(bytes, from, to, length, time, link, capture);
    });
    for (const [i, name] of this.#capture.names.entries()) engine.nameInterface(i, name);
    this.#capture.ended.then(
      () => this.#options.ended(null),
      (error: unknown) => this.#options.ended(error as Error),
    );
    this.#options.enforcement.start(this.#host);
    this.#timer = setInterval(() => this.#look(), LOOK_MS);
  }

  service(): EdgeService {
    return {
      id: "ot",
      configure: (document) => this.#configure(document),
      capabilities: () => this.#capabilities(),
      warnings: () => this.#warnings(),
      stop: () => this.#stop(),
    };
  }

  #configure(document: unknown): Promise<void> {
    const next = readConfiguration(document);
    this.#refusedRules = this.#options.setRules(next.rules);
    this.#refusedSlots = this.#options.setDeclared(next.declared);
    this.#intervals.upload = next.upload;
    for (const [i, name] of (this.#capture?.names ?? []).entries())
      this.#wanted[i] = next.interfaces.length === 0 || next.interfaces.includes(name);
    this.#configuration = next;
    return this.#options.enforcement.want(next.blocks ?? []);
  }

  #look(): void {
    const now = this.#host.time.clock.monotonic();
    if (this.#intervals.due(now, this.#options.engine.urgent, this.#host.waiting().batches) === null) return;
    this.#intervals.ended(now);
    void this.#take();
  }

  #take(): Promise<void> {
    this.#tellDrops();
    const interval = this.#options.engine.take(Math.round(this.#host.time.clock.now() * 1000));
    if (interval === null) return Promise.resolve();
    this.#options.seen.add(interval);
    return this.#uploads.add(interval);
  }

  #tellDrops(): void {
    this.#counters = this.#capture?.counters() ?? [];
    for (const [i, { dropped }] of this.#counters.entries()) {
      const more = dropped - (this.#told[i] ?? 0);
      if (more > 0) this.#options.engine.addDropped(i, more);
      this.#told[i] = dropped;
    }
  }

  #capabilities(): Record<string, string> {
    const { tokens, sealed } = this.#options;
    return {
      "ot.capture": this.#capture?.told ?? "",
      "ot.interfaces": (this.#capture?.names ?? []).join(", "),
      "ot.silence":
        this.#capture?.method !== "ring"
          ? "no capture sockets of its own"
          : sealed
            ? "the kernel refuses to send through the capture sockets"
            : "capture sockets are only read; the kernel does not enforce it here",
      "ot.enforcement": this.#options.enforcement.told(),
      "ot.tokens": tokens === null ? "off: names and addresses are uploaded as they are" : `on, key ${tokens.check}`,
    };
  }

  #warnings(): string[] {
    const found = this.#options.enforcement.warnings();
    for (const { name, dropped, sent } of this.#counters) {
      if (dropped > 0) found.push(`${name}: the kernel dropped ${dropped} packets because the sensor was too slow`);
      if (sent !== null && sent > 0)
        found.push(`${name}: this machine sent ${sent} packets through the capture interface: another program uses it`);
    }
    const unknown = this.#configuration.interfaces.filter((name) => !(this.#capture?.names ?? []).includes(name));
    if (unknown.length > 0)
      found.push(`${unknown.join(", ")}: not among the interfaces that this sensor was started with; nothing is captured there`); // prettier-ignore
    if (this.#uploads.lost > 0)
      found.push(
        `${this.#uploads.lost} uploads were not made because the ledger could not be written: look at the disk`,
      );
    if (this.#refusedRules.length > 0)
      found.push(`${this.#refusedRules.length} signatures were not understood, the first: ${this.#refusedRules[0]}`);
    if (this.#refusedSlots.length > 0)
      found.push(`${this.#refusedSlots.length} of the site's own protocols were not understood (update the sensor), the first: ${this.#refusedSlots[0]}`); // prettier-ignore
    for (const [limit, count] of Object.entries(this.#options.engine.stats().dropped))
      if (count > 0) found.push(`the limit ${limit} was reached ${count} times: more devices or conversations than this sensor keeps`); // prettier-ignore
    return found;
  }

  async #stop(): Promise<void> {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#capture?.stop();
    await this.#capture?.ended.catch(() => undefined);
    await this.#take();
    this.#ledger.close();
  }
}
