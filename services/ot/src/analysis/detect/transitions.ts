/**
 * The order of functions between two devices (OT-20). A program asks for its functions in the same few orders; another program, or a
 * person who types commands, does not. How surprising a new order is, is counted and not guessed: with k different
 * followers in N steps the next one is new with a chance of k / (N + k) (Witten and Bell, "The zero-frequency problem", IEEE Trans.
 * Information Theory 37:4, 1991, method C). What comes when an operator wants it has many predecessors in few steps and stays below the limit;
 * what has come after the same function ten thousand times does not. A function that is itself new has no steps: it is told as a
 * new command and not here.
 */
import { isCritical } from "../../wire/vocabulary.ts";
import type { Observation } from "../model.ts";
import type { OrderBaseline, Step } from "./baselines.ts";
import { harmless } from "./commands.ts";
import { orderKey, stepsKey } from "./keys.ts";
import { isChatter, isDevice, isFactory } from "./parties.ts";
import type { Run } from "./run.ts";
import { DAY } from "./settings.ts";
import { atDay, both, classWords } from "./words.ts";

type Transition = Observation["transitions"][number];

/** Chance of a new order, before and after, above which it is no news. */
const LIMIT = 0.01;
/** A pair with so many different orders for each function, or new ones on so many of the last days, goes by no program. */
const FREE_ORDERS = 3;
const FREE_DAYS = 3;
const DAYS = 14;
/** Steps that are kept of a pair and protocol; a sensor tells no more. */
const MAX_STEPS = 256;
/** Functions that are named in a sentence. */
const SHOWN = 3;

export function newOrders(run: Run): void {
  const pairs = new Map<string, Transition[]>();
  for (const row of run.observation.transitions) {
    const [client, server] = [run.at(row.client), run.at(row.server)];
    if (client === server || !isFactory(row.protocol) || isChatter(row.protocol)) continue;
    if (!isDevice(client) || !isDevice(server)) continue;
    const key = stepsKey(client, server, row.protocol);
    const rows = pairs.get(key);
    if (rows === undefined) pairs.set(key, [row]);
    else rows.push(row);
  }
  for (const [key, rows] of pairs) look(run, key, rows);
}

function look(run: Run, key: string, rows: readonly Transition[]): void {
  const [one] = rows;
  if (one === undefined) return;
  const [client, server] = [run.at(one.client), run.at(one.server)];
  const before = run.baseline("order", key);
  const quiet = run.learns(client) && run.learns(server);
  const whole = isWhole(run.observation, one);
  const since = before?.since ?? one.first;
  const steps = new Map((before?.steps ?? []).map((step) => [`${step[0]} ${step[1]}`, step]));
  const names = { ...before?.names };
  let days = before?.days ?? [];
  for (const row of rows) {
    const item = orderKey(client, server, row);
    // Where packets are missing, so are steps between these two.
    if (!whole && run.learned(item) === undefined) continue;
    const known = run.see(item, row, quiet, row.count);
    const fresh = run.isNew(known, row.first) && !quiet;
    if (fresh && before !== undefined) judge(run, before, row, item);
    if (fresh && isRipe(run, since, row.first)) days = withDay(days, row.first);
    const place = `${row.from.code} ${row.to.code}`;
    const [, , count = 0, first = row.first] = steps.get(place) ?? [];
    if (!steps.has(place) && steps.size >= MAX_STEPS) continue;
    steps.set(place, [row.from.code, row.to.code, count + row.count, first]);
    names[row.from.code] = row.from.name;
    names[row.to.code] = row.to.name;
  }
  run.keep({ kind: "order", key, due: null, since, steps: [...steps.values()], names, days });
}
function withDay(days: readonly number[], at: number): readonly number[] {
  const today = Math.floor(at / DAY);
  return days.at(-1) === today ? days : [...days, today].slice(-DAYS);
}

/** Nothing was lost in this upload between these two, as far as the sensor knows. */
function isWhole({ captures, conversations }: Observation, { client, server, protocol }: Transition): boolean {
  if (captures.some(({ counters }) => (counters["dropped"] ?? 0) > 0)) return false;
  return !conversations.some(
    (row) => row.client === client && row.server === server && row.protocol === protocol && row.missing > 0,
  );
}

const isRipe = (run: Run, since: number, at: number): boolean =>
  at - since >= run.input.settings.learning.minimumDays * DAY;

function judge(run: Run, { steps, since, names, days }: OrderBaseline, row: Transition, key: string): void {
  const { from, to } = row;
  const followers = steps.filter(([before, after]) => before === from.code && after !== to.code);
  const predecessors = steps.filter(([before, after]) => after === to.code && before !== from.code);
  const chance = Math.max(chanceOf(followers), chanceOf(predecessors));
  // Both functions have had their own learning time in the order.
  const ripe = [since, firstOf(followers), firstOf(predecessors)].every((at) => isRipe(run, at, row.first));
  if (!ripe || chance > LIMIT) return;
  // Where the order is free, only what changes something is told.
  if (isFree(steps, days, row.first) && harmless.has(from.class) && harmless.has(to.class)) return;
  const [client, server] = [run.at(row.client), run.at(row.server)];
  // A stop or a download is told each time by itself.
  if ((isCritical(from.class) || isCritical(to.class)) && run.verbPairs.has(`${client}|${server}`)) return;
  const kind = harmless.has(to.class) && !harmless.has(from.class) ? from.class : to.class;
  run.raise({
    kind: "ot.command.order",
    about: server,
    peer: client,
    key,
    group: run.groupOf(client, server).group ?? `pair|${client}|${server}`,
    since: row.first,
    severity: kind === "control" || isCritical(kind) ? "bad" : harmless.has(kind) ? "info" : "notice",
    confidence: Math.min(0.9, 0.6 + 0.1 * Math.log10(LIMIT / chance)),
    parameters: {
      client: run.name(client),
      server: run.name(server),
      protocol: run.title(row.protocol),
      before: from.name,
      command: to.name,
      ...both("class", classWords[kind]),
      count: row.count,
      since: atDay(since, run.input.settings.utcOffset),
      times: steps.reduce((sum, [, , count]) => sum + count, 0),
      orders: steps.length,
      followers: listed(followers, 1, names),
      predecessors: listed(predecessors, 0, names),
    },
    client,
    server,
    protocol: row.protocol,
    class: kind,
  });
}

/** Chance that the next step is none of these. */
function chanceOf(steps: readonly Step[]): number {
  const count = steps.reduce((sum, [, , times]) => sum + times, 0);
  return steps.length === 0 ? 1 : steps.length / (count + steps.length);
}
const firstOf = (steps: readonly Step[]): number => Math.min(...steps.map(([, , , first]) => first));

function isFree(steps: readonly Step[], days: readonly number[], at: number): boolean {
  const codes = new Set(steps.flatMap(([before, after]) => [before, after])).size;
  const today = Math.floor(at / DAY);
  return (
    steps.length > FREE_ORDERS * codes || days.filter((day) => day < today && day >= today - DAYS).length >= FREE_DAYS
  );
}

/** `Read Coils (98 %), …`: the most frequent first; `side` 1: what came after. */
function listed(steps: readonly Step[], side: 0 | 1, names: OrderBaseline["names"]): string {
  const total = steps.reduce((sum, [, , count]) => sum + count, 0);
  const told = steps
    .toSorted((a, b) => b[2] - a[2])
    .slice(0, SHOWN)
    .map((step) => `${names[step[side]] ?? step[side]} (${Math.round((100 * step[2]) / Math.max(1, total))} %)`);
  return `${told.join(", ")}${steps.length > SHOWN ? " …" : ""}`;
}
