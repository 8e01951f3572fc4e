/**
 * The order of functions: which function a client asked for after which other one, counted for each client, server and protocol of the
 * factory. The one before is remembered for each conversation, so that two connections of a pair do not mix. Session handling (keep-alives,
 * confirmations) comes when its timers say and stands outside the order; the same function again is no change. Fixed memory;
 * in cyclic traffic each command has the same predecessor, and one compare finds its row.
 */
import { FLOW_WORDS, word } from "@yagura/packets/flows.ts";
import { KeyTable } from "@yagura/packets/key-table.ts";
import { protocols } from "../wire/vocabulary.ts";
import { COMMAND_WORDS, kept as keptWord, type Commands } from "./commands.ts";
import { MAX_COMMANDS, MAX_ORDERED_PAIRS, MAX_PAIR_TRANSITIONS, MAX_TRANSITIONS, TRANSITIONS_OF_UPLOAD, TRANSITION_EVERY } from "./limits.ts"; // prettier-ignore
import type { Running } from "./telling.ts";

/** Protocols whose order is followed. In the office what is asked changes with each program. */
const followed = new Set<number>(Object.values(protocols).flatMap(({ id, ot }) => (ot ? [id] : [])));
/**
 * A command's record remembers what was asked before it the last time (as flows keep it), and which row that transition is; −1 for
 * none. What the former says of a command that stands outside the order, and of one that stands in it and had none before it; 0: not
 * known yet.
 */
const OUTSIDE = -1;
const INSIDE = 1;
/** Numbers of rows before a new generation of them would not fit any more. */
const MOST = 0x4000_0000;

/** Places of what is kept of a row. */
const fact = { count: 0, first: 1, last: 2, told: 3 } as const;
const FACTS = 4;

export class Transitions {
  /** Client, server, protocol, code before, code after. */
  readonly table = new KeyTable(5, MAX_TRANSITIONS);
  /** Of each row together, as counting one fetches them: since it was told last, its count, first and last; when it was told, NaN for never. */
  readonly #facts = new Float64Array(FACTS * MAX_TRANSITIONS);
  dropped = 0;
  /** Transitions that were told in this interval. */
  readonly #telling: number[] = [];
  /** Client, server, protocol; and how many transitions each has. */
  readonly #pairs = new KeyTable(3, MAX_ORDERED_PAIRS);
  readonly #pairCounts = new Uint16Array(MAX_ORDERED_PAIRS);
  /** Added to the rows that flows keep: those of an earlier numbering are below it. Greater than INSIDE. */
  #base = MAX_COMMANDS;
  readonly #commands: Commands;

  constructor(commands: Commands) {
    this.#commands = commands;
  }

  /** A command (its row) was asked in the flow whose words begin at `flow`. */
  ask(words: Int32Array, flow: number, running: Running, command: number, time: number): void {
    const kept = this.#commands.words;
    const record = command * COMMAND_WORDS;
    const known = kept[record + keptWord.before] as number;
    if (known <= 0 && (known < 0 || this.#isOutside(running, command))) return;
    const place = flow + word.askedEven + (running.protocol & 1);
    const before = words[place] as number;
    const now = this.#base + command + 1;
    if (before === now) return;
    words[place] = now;
    if (before <= this.#base) return;
    const row = known === before ? (kept[record + keptWord.transition] as number) : this.#find(before, command);
    if (row < 0) return;
    const facts = this.#facts;
    const at = FACTS * row;
    const count = facts[at] as number;
    if (count === 0) facts[at + fact.first] = time;
    facts[at] = count + 1;
    facts[at + fact.last] = time;
  }

  /** What was asked is no longer what comes before the next: bytes were lost, or the conversation begins anew. */
  static interrupt(words: Int32Array, flow: number): void {
    const at = flow * FLOW_WORDS;
    words[at + word.askedEven] = 0;
    words[at + word.askedOdd] = 0;
  }

  #isOutside({ protocol, dissector }: Running, command: number): boolean {
    const code = this.#commands.table.word(command, 3) >>> 0;
    const outside = !followed.has(protocol) || dissector.functions?.get(code)?.class === "session";
    this.#commands.words[command * COMMAND_WORDS + keptWord.before] = outside ? OUTSIDE : INSIDE;
    return outside;
  }

  /** The row of "this command after that one", −1 for none; the command remembers it. */
  #find(before: number, command: number): number {
    const row = this.#put(before - this.#base - 1, command);
    const record = command * COMMAND_WORDS;
    this.#commands.words[record + keptWord.before] = before;
    this.#commands.words[record + keptWord.transition] = row;
    return row;
  }
  #put(from: number, to: number): number {
    const keys = this.#commands.words;
    const [a, b] = [from * COMMAND_WORDS, to * COMMAND_WORDS];
    // Two protocols of a conversation may share a place; and who is the client may have been learned in between.
    if (keys[a] !== keys[b] || keys[a + 1] !== keys[b + 1] || keys[a + 2] !== keys[b + 2]) return -1;
    if (keys[a + 3] === keys[b + 3]) return -1;
    const { key } = this.table;
    key[0] = keys[b] as number;
    key[1] = keys[b + 1] as number;
    key[2] = (keys[b + 2] as number) >>> 16;
    key[3] = keys[a + 3] as number;
    key[4] = keys[b + 3] as number;
    const found = this.table.find();
    return found >= 0 ? found : this.#begin();
  }
  /** A row for the key in `table.key`, when its pair and the table have room. */
  #begin(): number {
    const pairs = this.#pairs;
    const { key } = this.table;
    pairs.key.set(key.subarray(0, 3));
    const pair = pairs.put();
    if (pairs.fresh) this.#pairCounts[pair] = 0;
    const count = pair < 0 ? MAX_PAIR_TRANSITIONS : (this.#pairCounts[pair] as number);
    const row = count < MAX_PAIR_TRANSITIONS ? this.table.put() : -1;
    if (row < 0) {
      this.dropped++;
      return -1;
    }
    this.#pairCounts[pair] = count + 1;
    this.#facts[FACTS * row] = 0;
    this.#facts[FACTS * row + fact.told] = Number.NaN;
    return row;
  }

  fact(row: number, which: "count" | "first" | "last"): number {
    return this.#facts[FACTS * row + fact[which]] as number;
  }

  /** Rows to tell at the end of an interval: new ones at once, others when they were not told for long. */
  due(now: number): readonly number[] {
    const due = this.#telling;
    due.length = 0;
    for (let row = 0; row < this.table.count && due.length < TRANSITIONS_OF_UPLOAD; row++) {
      const told = FACTS * row + fact.told;
      if (this.fact(row, "count") === 0 || Math.abs(now - (this.#facts[told] as number)) < TRANSITION_EVERY) continue;
      this.#facts[told] = now;
      due.push(row);
    }
    return due;
  }

  /** Ends the interval. `all`: endpoints are numbered anew; `commands`: commands are. */
  reset(all: boolean, commands: boolean): void {
    for (const row of this.#telling) this.#facts[FACTS * row] = 0;
    this.#telling.length = 0;
    const crowded = this.table.count > (MAX_TRANSITIONS * 3) / 4 || this.#pairs.count > (MAX_ORDERED_PAIRS * 3) / 4;
    if (!all && !commands && !crowded) return;
    // Rows of commands or of transitions will mean others.
    const { words } = this.#commands;
    for (let at = keptWord.before; at < words.length; at += COMMAND_WORDS) words[at] = 0;
    this.#base = this.#base >= MOST ? MAX_COMMANDS : this.#base + MAX_COMMANDS;
    if (!all && !crowded) return;
    this.table.clear();
    this.#pairs.clear();
  }
}
