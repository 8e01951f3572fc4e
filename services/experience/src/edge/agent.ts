/** The measuring part of the agent (EXP-T01): sessions in, blocks of samples out. One timer drives it; it is idle between slots. */
import { join } from "node:path";
import type { EdgeHost, EdgeLog, EdgeService } from "@yagura/edge/service.ts";
import type { AgentConfiguration, SessionConfiguration } from "../wire/configuration.ts";
import type { SamplesBody } from "../wire/samples.ts";
import { BlockBuilder } from "./blocks.ts";
import { systemAgentClock, type AgentClock } from "./clock.ts";
import { readConfiguration } from "./configuration.ts";
import { Environment, networkState, type NetworkState } from "./environment.ts";
import { loadLibc } from "./libc.ts";
import { Memory } from "./memory.ts";
import { Circle, DueHeap } from "./plan.ts";
import { Probers } from "./probers.ts";
import { EARLY, reasonIndex, Track } from "./track.ts";

/** While answers are awaited and kernel stamps tell when they came, sockets are read at least this often, µs. */
const READ_EVERY = 250_000;
/** Without kernel stamps, reading is what takes the time, µs. */
const READ_EVERY_USER = 1_000;
/** The surroundings are looked at this often even when nothing is due, µs. */
const LOOK_EVERY = 1_000_000;
/** A process that stood still this long on a system without a boot clock has rather slept than been busy, µs. */
const RATHER_SLEPT = 10_000_000;

export interface ExperienceEdgeOptions {
  /** Takes a body; called at most once per upload interval and body. */
  readonly submit: (body: SamplesBody) => void;
  readonly log: EdgeLog;
  readonly clock?: AgentClock;
  readonly network?: () => NetworkState;
  /** False: does without koffi, as where it cannot be loaded. */
  readonly native?: boolean;
  /** Where to remember until when it measured. */
  readonly memory?: string;
  /** ICMP sockets to try, in this order. */
  readonly icmp?: readonly ("raw" | "dgram")[];
}

/** The service as the edge runtime starts it. */
export const startExperience = (host: EdgeHost): EdgeService =>
  experienceEdge({
    submit: (body) => void host.submit("experience.samples", body),
    log: host.log,
    memory: join(host.folder, "measured.json"),
  });

export interface ExperienceEdge extends EdgeService {
  capabilities(): Record<string, string>;
  /** Begins no more slots; resolves when those under way have come to their end. */
  drain(): Promise<void>;
}

export function experienceEdge(options: ExperienceEdgeOptions): ExperienceEdge {
  const agent = new Agent(options);
  return {
    id: "experience",
    configure: (document) => agent.configure(readConfiguration(document)),
    capabilities: () => agent.probers.capabilities(),
    warnings: () => agent.probers.warnings(),
    drain: () => agent.drain(),
    stop: () => agent.stop(),
  };
}

const idle: AgentConfiguration = { sessions: [], upload: 2_000 };

class Agent {
  readonly probers: Probers;
  readonly #submit: (body: SamplesBody) => void;
  readonly #log: EdgeLog;
  readonly #clock: AgentClock;
  readonly #environment: Environment;
  readonly #memory: Memory;
  readonly #blocks = new BlockBuilder();
  readonly #tracks = new Map<string, Track>();
  readonly #heap = new DueHeap<Track>();
  readonly #circles = new Map<number, Circle>();
  #configuration = idle;
  #timer: NodeJS.Timeout | null = null;
  /** When the timer should fire: what is later is how late we are. */
  #wakeAt = Number.POSITIVE_INFINITY;
  #uploadAt: number;
  #lookAt = 0;
  #stopped = false;
  #drained: (() => void) | null = null;

  constructor(options: ExperienceEdgeOptions) {
    const libc = options.native === false ? "koffi was not asked for" : loadLibc();
    this.#submit = options.submit;
    this.#log = options.log;
    this.#memory = new Memory(options.memory ?? null);
    this.#clock = options.clock ?? systemAgentClock(typeof libc === "string" ? null : libc);
    this.#environment = new Environment(this.#clock, options.network ?? networkState);
    this.probers = new Probers(libc, this.#clock, () => this.#clock.monotonic() - this.#wakeAt, options.icmp);
    this.#uploadAt = this.#clock.monotonic() + idle.upload * 1000;
    this.#log.info("experience: ready to measure", this.probers.capabilities());
  }

  /** Takes a new configuration: sessions that did not change go on undisturbed. */
  configure(configuration: AgentConfiguration): void {
    const wanted = new Map(configuration.sessions.map((session) => [session.session, session]));
    const now = this.#clock.monotonic();
    const gone = new Set<Track>();
    for (const track of this.#tracks.values()) {
      const next = wanted.get(track.session);
      if (next !== undefined && JSON.stringify(next) === JSON.stringify(track.configuration)) continue;
      gone.add(track);
      this.#tracks.delete(track.session);
      this.#circle(track.interval).free(track.place);
      track.stop(now, this.#blocks);
    }
    if (gone.size > 0) this.#heap.keep((track) => !gone.has(track));
    // In the order of their ids, so that the same sessions get the same places after a restart.
    const added = configuration.sessions.filter((session) => !this.#tracks.has(session.session));
    for (const session of added.toSorted((a, b) => (a.session < b.session ? -1 : 1))) this.#add(session, now);
    if (configuration.upload !== this.#configuration.upload)
      this.#uploadAt = Math.min(this.#uploadAt, now + configuration.upload * 1000);
    this.#configuration = configuration;
    this.#log.info("experience: configured", { sessions: this.#tracks.size, added: added.length, ended: gone.size });
    this.#sleep();
  }

  #add(session: SessionConfiguration, now: number): void {
    const circle = this.#circle(session.interval * 1000);
    const place = circle.take(session.session);
    const track = new Track(session, this.probers.prober(session), place, now, this.#environment.offset);
    this.#tracks.set(session.session, track);
    this.#heap.push(track);
    const until = this.#memory.before.get(session.session);
    if (until === undefined) return;
    this.#memory.before.delete(session.session);
    this.#blocks.gap(session.session, { from: until, to: track.nextAt, reason: reasonIndex("agent-stopped") });
  }

  #circle(interval: number): Circle {
    let circle = this.#circles.get(interval);
    if (circle === undefined) this.#circles.set(interval, (circle = new Circle()));
    return circle;
  }

  readonly #tick = (): void => {
    this.#timer = null;
    // After sleep, what was answered before it is told from what was not before anything is read.
    if (this.#environment.jumped) this.#look();
    // An answer that waited for us is an answer.
    this.probers.read();
    if (this.#clock.monotonic() >= this.#lookAt) this.#look();
    const started = this.#clock.monotonic();
    const reason = this.#clock.boot() === null && started - this.#wakeAt > RATHER_SLEPT ? "sleep" : "agent-overloaded";
    while (this.#drained === null) {
      const track = this.#heap.peek();
      if (track === undefined || track.due > started + EARLY) break;
      track.begin(started, reason, this.#environment.networkMissing);
      this.#heap.sink();
    }
    this.probers.flush();
    if (started >= this.#uploadAt) this.#upload(started);
    this.#sleep();
  };

  /** Sets the timer for whatever comes next. */
  #sleep(): void {
    if (this.#stopped) return;
    const now = this.#clock.monotonic();
    const read = this.probers.unanswered === 0 ? LOOK_EVERY : this.probers.kernelTime ? READ_EVERY : READ_EVERY_USER;
    this.#wakeAt = Math.min(
      this.#heap.peek()?.due ?? Number.POSITIVE_INFINITY,
      this.#uploadAt,
      this.#lookAt,
      now + read,
    );
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = setTimeout(this.#tick, Math.max(1, Math.ceil((this.#wakeAt - EARLY - now) / 1000)));
  }

  #look(closely = false): void {
    for (const change of this.#environment.look(closely)) {
      const now = this.#clock.monotonic();
      const about: Record<string, unknown> = { change: change.kind };
      for (const track of this.#tracks.values())
        switch (change.kind) {
          case "slept":
            track.slept(now, change.offset, this.#blocks);
            about["seconds"] = change.by / 1e6;
            break;
          case "clock-set":
            track.redate(change.offset);
            about["seconds"] = change.by / 1e6;
            break;
          case "network-changed":
            track.networkChanged(now);
            break;
          case "network-lost":
            track.networkLost();
            break;
        }
      this.#log.info("experience: the surroundings changed", about);
    }
    this.#lookAt = this.#clock.monotonic() + LOOK_EVERY;
  }

  #upload(now: number): void {
    // Failures are judged by the network as it is now, before they leave.
    this.#look(true);
    if (this.probers.overflowed()) for (const track of this.#tracks.values()) track.overflowed();
    for (const track of this.#tracks.values()) track.settle(now, this.#blocks);
    this.#send();
    this.#remember(now);
    if (this.#drained !== null && [...this.#tracks.values()].every((track) => track.underWay === 0)) this.#drained();
    this.#uploadAt = Math.max(this.#uploadAt + this.#configuration.upload * 1000, now);
  }

  #remember(now: number, clean = false): void {
    this.#memory.write(now, now + this.#environment.offset, this.#tracks.keys(), clean);
  }

  #send(): void {
    for (const body of this.#blocks.take()) this.#submit(body);
  }

  drain(): Promise<void> {
    return new Promise((resolve) => {
      this.#drained = resolve;
    });
  }

  /** Hands over what is known. */
  stop(): void {
    if (this.#stopped) return;
    this.#stopped = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.probers.read();
    const now = this.#clock.monotonic();
    for (const track of this.#tracks.values()) track.stop(now, this.#blocks);
    this.#send();
    this.#remember(now, true);
    this.probers.close();
  }
}
