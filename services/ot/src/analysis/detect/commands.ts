/** What is commanded between two devices: new commands and classes (OT-19), and the verbs that are told each time (OT-22). */
import type { Observation } from "../model.ts";
import { type CommandClass, isCritical } from "../../wire/vocabulary.ts";
import { classKey, coarseKey, commandKey, isVerb, verbKey } from "./keys.ts";
import { verbOf } from "./kinds/verbs.ts";
import { isChatter, isDevice, isFactory } from "./parties.ts";
import type { Run } from "./run.ts";
import { atDay, atMinute, both, classWords, pastWords, sentWords } from "./words.ts";

export type Command = Observation["commands"][number];

/** Classes that change nothing: their first appearance between a pair is only told as a command, not as a change of task. */
export const harmless: ReadonlySet<CommandClass> = new Set<CommandClass>([
  "other",
  "session",
  "identify",
  "read",
  "report",
  "diagnose",
]);

export function newCommands(run: Run): void {
  for (const row of run.observation.commands) {
    const [client, server] = [run.at(row.client), run.at(row.server)];
    if (client === server || (!isDevice(client) && !isDevice(server)) || isChatter(row.protocol)) continue;
    if (isVerb(row.class)) continue;
    // The office's machines are judged by their conversations: their commands change with each program.
    if (!isFactory(row.protocol) && !run.isFactory(server)) continue;
    if (run.isNoisy(client) && !run.isFactory(server)) {
      run.see(coarseKey(client, row.protocol), row, true);
      continue;
    }
    const newClass = run.novel(classKey(client, server, row.protocol, row.class), row, client, server);
    const newCommand = run.novel(commandKey(client, server, row), row, client, server);
    if (newClass && !harmless.has(row.class)) tellCommand(run, row, "ot.command.class-new");
    // That two new partners begin with asking and reading is no further news.
    else if (newCommand && !(harmless.has(row.class) && run.newTalks.has(`${client}|${server}`))) {
      tellCommand(run, row, "ot.command.new");
    }
  }
}

function tellCommand(run: Run, row: Command, kind: "ot.command.new" | "ot.command.class-new"): void {
  const [client, server] = [run.at(row.client), run.at(row.server)];
  run.raise({
    kind,
    about: isDevice(server) ? server : client,
    peer: isDevice(server) ? client : server,
    key:
      kind === "ot.command.new" ? commandKey(client, server, row) : classKey(client, server, row.protocol, row.class),
    group: run.groupOf(client, server).group ?? `pair|${client}|${server}`,
    since: row.first,
    confidence: row.responses > 0 || row.events > 0 ? 0.95 : 0.8,
    parameters: { ...wordsOf(run, row), ...run.history(isDevice(client) ? client : server) },
    ...whoOf(row, client, server),
  });
}

const whoOf = (row: Command, client: string, server: string) => ({
  client,
  server,
  protocol: row.protocol,
  class: row.class,
});

export function wordsOf(run: Run, row: Command): Record<string, string | number> {
  return {
    client: run.name(run.at(row.client)),
    server: run.name(run.at(row.server)),
    protocol: run.title(row.protocol),
    command: row.objectName === null ? row.name : `${row.name} (${row.objectName})`,
    count: row.requests + row.events,
    refused: row.errors,
    ...both("class", classWords[row.class]),
  };
}

/**
 * Program, mode, stop, restart, firmware and forcing are told each time, known or not. Setting clocks and parameters is told
 * until it has become a habit: so many days with it, seen while the devices were learned or approved.
 */
export function verbs(run: Run): void {
  const rows = new Map<string, Command[]>();
  for (const row of run.observation.commands) {
    const [client, server] = [run.at(row.client), run.at(row.server)];
    if (!isVerb(row.class) || client === server || (!isFactory(row.protocol) && !run.isFactory(server))) continue;
    const key = verbKey(client, server, row.protocol, row.class);
    rows.set(key, [...(rows.get(key) ?? []), row]);
  }
  for (const [key, same] of rows) tellVerb(run, key, same);
}

function tellVerb(run: Run, key: string, rows: readonly Command[]): void {
  const [row] = rows;
  const kind = row === undefined ? undefined : verbOf[row.class];
  if (row === undefined || kind === undefined) return;
  const [client, server] = [run.at(row.client), run.at(row.server)];
  const span = { first: Math.min(...rows.map(({ first }) => first)), last: Math.max(...rows.map(({ last }) => last)) };
  const before = run.see(key, span, false);
  if (!isCritical(row.class) && before !== undefined && !run.isNew(before, span.first)) return;
  const sum = (pick: (one: Command) => number): number => rows.reduce((total, one) => total + pick(one), 0);
  const count = sum(({ requests, events }) => requests + events);
  const refused = sum(({ errors }) => errors);
  const { utcOffset } = run.input.settings;
  // While all is learned, the clocks and parameters that are set in normal work are listed, in one incident of each kind.
  run.verbPairs.add(`${client}|${server}`);
  const habit = !isCritical(row.class) && run.learns(client) && run.learns(server);
  run.raise({
    kind,
    about: isDevice(server) ? server : client,
    peer: client,
    key,
    group: habit ? `habit|${row.class}` : `pair|${client}|${server}`,
    since: span.first,
    // A device that refused everything did not change: told, but as an attempt.
    ...(habit ? { severity: "info" as const } : count > 0 && refused >= count ? { severity: "bad" as const } : {}),
    confidence: sum(({ responses, events }) => responses + events) > 0 ? 0.98 : 0.85,
    parameters: {
      ...wordsOf(run, row),
      command: [...new Set(rows.map(({ name }) => name))].slice(0, 3).join(", "),
      count,
      refused,
      since: atDay(run.site.since, utcOffset),
      times: before?.count ?? 0,
      ...both("past", pastWords(before?.count ?? 0, before === undefined ? null : atMinute(before.last, utcOffset))),
      ...both("sent", sentWords(count, refused)),
    },
    ...whoOf(row, client, server),
  });
}
