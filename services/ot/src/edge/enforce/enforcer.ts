/**
 * Makes the network as it should be: takes off what is ordered, puts on what is no longer, by itself at the end of each order and
 * after a restart. One thing at a time; what was done, or is about to be, is on the disk before.
 */
import { MAX_BLOCKS, type BlockCode, type BlockReport, type BlockState } from "../../wire/enforcement.ts";
import type { Deed, Deeds, Done } from "./deeds.ts";
import type { Enforcement } from "./file.ts";
import { refusalOf, type Facts, type Wanted } from "./guard.ts";
import { Trouble } from "./trouble.ts";

/** An order that could not be done is given up after this: a port that shuts hours later helps nobody. */
const GIVE_UP_MS = 10 * 60_000;
const AGAIN_MS = 15_000;
const HOLD_MS = 60_000;
/** What is over is told for so long, and remembered so that the same order is not done twice. */
const REMEMBERED_MS = 24 * 3_600_000;
const MAX_KEPT = 2 * MAX_BLOCKS;

export interface Kept {
  readonly order: string;
  readonly mac: number;
  readonly until: number;
  readonly state: BlockState;
  readonly code: BlockCode;
  readonly where: string;
  readonly learned: number;
  /** When the state came. */
  readonly at: number;
  readonly first: number;
  /** What was done or is about to be; null: nothing is to be undone. */
  readonly done: Done | null;
  /** It was given up: what may have been done is undone. */
  readonly givenUp: boolean;
}
export interface EnforcerOptions {
  readonly enforcement: Enforcement;
  readonly deeds: Deeds;
  readonly kept: readonly Kept[];
  /** Writes to the disk; throws when it cannot, and nothing is done then. */
  readonly keep: (all: readonly Kept[]) => void;
  /** Milliseconds, the server's clock. */
  readonly now: () => number;
  readonly own: () => ReadonlySet<number>;
  readonly log: (message: string) => void;
}

/** Refused by the premises or by what stands at the port; the rest was tried and failed. */
const tried: ReadonlySet<BlockCode> = new Set([
  "unreachable",
  "switch-refuses",
  "nac-refuses",
  "answer-unproven",
  "fault",
]);
const troubleOf = (error: unknown): Trouble =>
  error instanceof Trouble ? error : new Trouble("fault", error instanceof Error ? error.message : String(error));

export class Enforcer {
  readonly #options: EnforcerOptions;
  readonly #kept = new Map<string, Kept>();
  #wanted = new Map<string, Wanted>();
  #tokens = false;
  /** Nothing is lifted before the server's wish is known. */
  #told = false;
  readonly #lastTry = new Map<string, number>();

  constructor(options: EnforcerOptions) {
    this.#options = options;
    for (const one of options.kept) this.#kept.set(one.order, one);
  }

  want(wanted: readonly Wanted[], tokens: boolean): void {
    this.#wanted = new Map(wanted.map((one) => [one.order, one]));
    this.#tokens = tokens;
    this.#told = true;
  }

  reports(): BlockReport[] {
    return [...this.#kept.values()].map(({ order, state, code, where, learned, at }) => ({
      order,
      state,
      code,
      where,
      learned,
      at: Math.round(at),
    }));
  }

  /** Whether anything is off. */
  get holding(): boolean {
    return [...this.#kept.values()].some(({ done }) => done !== null);
  }

  /** Goes once through everything. Rejects when its state cannot be kept on the disk; nothing was done then. */
  async pass(): Promise<void> {
    for (const one of this.#kept.values()) {
      if (one.done === null && one.state !== "working") continue;
      const reason = this.#overBy(one);
      // Nothing was done yet, and nothing is to be done any more.
      if (reason !== null && one.done === null) this.#set(one, { state: "undone", code: reason });
      else if (reason !== null) await this.#lift(one, reason);
      else if (one.state === "done") await this.#hold(one);
    }
    for (const wanted of this.#wanted.values()) {
      const known = this.#kept.get(wanted.order);
      if (known === undefined) await this.#begin(wanted);
      else if (known.state === "working") await this.#tryAgain(known);
    }
    this.#forget();
  }

  /** Why it should be on again, or null. */
  #overBy({ order, until, givenUp, code }: Kept): BlockCode | null {
    if (givenUp) return code;
    if (until <= this.#options.now()) return "expired";
    return this.#told && !this.#wanted.has(order) ? "ended" : null;
  }

  async #begin(wanted: Wanted): Promise<void> {
    const { enforcement, now, own, log } = this.#options;
    const { order, mac, until } = wanted;
    const at = now();
    const first: Kept = { order, mac, until, state: "working", code: "", where: "", learned: 0, at, first: at, done: null, givenUp: false }; // prettier-ignore
    const busy = [...this.#kept.values()].filter(({ done, state }) => done !== null || state === "working").length;
    const facts: Facts = { now: at, blocked: busy, own: own(), tokens: this.#tokens };
    const refusal = refusalOf(enforcement, wanted, facts);
    if (refusal === null) return this.#attempt(first);
    log(`order ${order} is refused (${refusal.code}): ${refusal.message}`);
    this.#set(first, { state: "refused", code: refusal.code });
  }

  async #tryAgain(one: Kept): Promise<void> {
    const { now } = this.#options;
    if (!this.#isDue(one.order, AGAIN_MS)) return;
    if (now() - one.first > GIVE_UP_MS) {
      const code = one.code === "" ? "unreachable" : one.code;
      if (one.done === null) this.#set(one, { state: "failed", code });
      else this.#set(one, { state: "stuck", code, givenUp: true });
      return;
    }
    // It was about to be done when this program or the line broke off. While nobody can say whether it was, it stays remembered.
    if (one.done?.kind === "port") {
      this.#lastTry.set(one.order, now());
      const isDone = await this.#options.deeds.holds(one.done, one.mac).catch(() => null);
      if (isDone === null) return;
      if (isDone) {
        this.#set(one, { state: "done", code: "" });
        return;
      }
    }
    await this.#attempt({ ...one, done: null });
  }

  async #attempt(one: Kept): Promise<void> {
    const { deeds, log } = this.#options;
    let at = one;
    this.#lastTry.set(one.order, this.#options.now());
    const intend = (deed: Deed): void => {
      at = this.#set(at, { ...deed });
    };
    try {
      this.#set(at, {});
      const deed = await deeds.block(one.mac, intend);
      log(`order ${one.order}: ${deed.where} is off`);
      this.#set(at, { ...deed, state: "done", code: "" });
    } catch (error) {
      const { code, message, passing, certain, learned } = troubleOf(error);
      log(`order ${one.order} was not done (${code}): ${message}`);
      // Once it was asked for, only a clear no says that nothing was done.
      if (passing || (at.done !== null && !certain)) this.#set(at, { code });
      else this.#set(at, { done: null, where: "", state: tried.has(code) ? "failed" : "refused", code, learned });
    }
  }

  async #lift(one: Kept, reason: BlockCode): Promise<void> {
    if (one.done === null || !this.#isDue(one.order, one.state === "stuck" ? AGAIN_MS : 0)) return;
    const { deeds, log } = this.#options;
    this.#lastTry.set(one.order, this.#options.now());
    try {
      await deeds.release(one.done, one.mac);
      log(`order ${one.order}: ${one.where} is on again (${reason})`);
      this.#set(one, { done: null, state: one.givenUp ? "failed" : "undone", code: reason });
    } catch (error) {
      const { code, message } = troubleOf(error);
      log(`order ${one.order}: ${one.where} could not be put on again (${code}): ${message}`);
      this.#set(one, { state: "stuck", code: one.givenUp ? one.code : code });
    }
  }

  async #hold(one: Kept): Promise<void> {
    if (one.done === null || !this.#isDue(one.order, HOLD_MS)) return;
    this.#lastTry.set(one.order, this.#options.now());
    const holds = await this.#options.deeds.holds(one.done, one.mac).catch(() => true);
    // Who stands at the switch knows more than an order from far away: it is not shut again.
    if (!holds) this.#set(one, { done: null, state: "undone", code: "lifted-on-site" });
  }

  #isDue(order: string, after: number): boolean {
    const last = this.#lastTry.get(order);
    const passed = this.#options.now() - (last ?? Number.NEGATIVE_INFINITY);
    // A clock that went back does not stop the tries.
    return passed >= after || passed < 0;
  }

  /** On the disk before it is anywhere else. */
  #set(one: Kept, change: Partial<Kept>): Kept {
    const state = change.state ?? one.state;
    const next: Kept = { ...one, ...change, at: state === one.state ? one.at : this.#options.now() };
    const all = new Map(this.#kept).set(one.order, next);
    this.#options.keep([...all.values()]);
    this.#kept.set(one.order, next);
    return next;
  }

  #forget(): void {
    const before = this.#options.now() - REMEMBERED_MS;
    const over = [...this.#kept.values()]
      .filter(({ order, done, state }) => done === null && state !== "working" && !this.#wanted.has(order))
      .toSorted((a, b) => a.at - b.at);
    const most = Math.max(0, this.#kept.size - MAX_KEPT);
    for (const [i, { order, at }] of over.entries()) {
      if (i >= most && at >= before) continue;
      this.#kept.delete(order);
      this.#lastTry.delete(order);
    }
  }
}
