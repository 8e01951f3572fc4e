/**
 * The synthetic factory: cyclic talk of two lines, the office behind a router, an engineering session and an attack, as frames
 * with times. The same options always give the same frames.
 */
import type { Timed } from "@yagura/packets/build/conversation.ts";
import { arp } from "@yagura/packets/build/frames.ts";
import { cyclicTalk } from "./cyclic.ts";
import { officeTalk } from "./office.ts";
import { onVlan } from "./talk.ts";
import { plant } from "./plant.ts";
import { attack, engineering } from "./scenes.ts";

/** What happens again and again: `run` gives the frames of one time, `every` is µs. */
export interface Actor {
  readonly every: number;
  /** µs after the start. */
  readonly from: number;
  /** Deviation of each time, µs. */
  readonly jitter: number;
  readonly run: (time: number) => readonly Timed[];
}

export interface FactoryOptions {
  /** µs since the epoch. */
  readonly start: number;
  /** Seconds after the start; null: never. */
  readonly engineering?: number | null;
  readonly attack?: number | null;
  /** Seconds after the start from which the packing line says nothing more: the line stopped. */
  readonly stops?: number | null;
}

const scenes = { engineering, attack } as const;
export type Scene = keyof typeof scenes;

export class Factory {
  readonly #start: number;
  readonly #actors: { readonly actor: Actor; next: number; random: number }[];
  /** Frames that are made and whose time has not come. */
  #later: Timed[];

  constructor({ start, engineering: session = null, attack: attacked = null, stops = null }: FactoryOptions) {
    this.#start = start;
    const until = stops === null ? Number.POSITIVE_INFINITY : start + stops * 1e6;
    this.#actors = [...cyclicTalk(until), ...officeTalk()].map((actor, i) => ({
      actor,
      next: start + actor.from,
      random: i + 1,
    }));
    this.#later = [...introductions(start)];
    if (session !== null) this.play("engineering", start + session * 1e6);
    if (attacked !== null) this.play("attack", start + attacked * 1e6);
  }

  /** A scene begins at a time, µs, that has not been given yet. */
  play(scene: Scene, time: number): void {
    this.#later.push(...scenes[scene](time));
  }

  /** All frames from the last call (or the start) until a time, µs, in their order. */
  frames(until: number): Timed[] {
    const all = this.#later;
    for (const entry of this.#actors) {
      const { every, jitter, run } = entry.actor;
      for (; entry.next < until; entry.next += every) {
        // A linear congruence is enough for jitter.
        entry.random = (Math.imul(entry.random, 1_664_525) + 1_013_904_223) >>> 0;
        all.push(...run(entry.next + Math.round((entry.random / 4_294_967_296) * jitter)));
      }
    }
    all.sort((a, b) => a.time - b.time);
    const first = all.findIndex(({ time }) => time >= until);
    const out = first === -1 ? all : all.slice(0, first);
    this.#later = first === -1 ? [] : all.slice(first);
    return out;
  }

  /** Frames of the first seconds. */
  first(seconds: number): Timed[] {
    return this.frames(this.#start + seconds * 1e6);
  }
}

/** When the mirror is switched on, hosts look each other up within the first seconds. */
function* introductions(start: number): Generator<Timed> {
  const pairs = [
    [plant.pressPanel, plant.pressPlc],
    [plant.routerPress, plant.transferPlc],
    [plant.cellPlc, plant.robot],
    [plant.routerPress, plant.drive],
    [plant.packingPanel, plant.packingPlc],
    [plant.routerPacking, plant.meter],
    [plant.routerPacking, plant.camera],
    [plant.scada, plant.router],
    [plant.engineer, plant.router],
    [plant.officePc, plant.directory],
    [plant.oldPc, plant.printer],
  ] as const;
  let time = start + 50_000;
  for (const [asks, answers] of pairs) {
    yield { time, frame: onVlan(asks, arp(1, asks, answers)) };
    yield { time: time + 200, frame: onVlan(answers, arp(2, answers, asks)) };
    time += 70_000;
  }
}
