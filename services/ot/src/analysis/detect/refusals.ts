/** Devices that refuse: many wrong commands are somebody trying things out, many refused logins somebody guessing a password. */
import { refusedKey } from "./keys.ts";
import { wordsOf, type Command } from "./commands.ts";
import { isDevice, isFactory } from "./parties.ts";
import type { Run } from "./run.ts";
import { HOUR, MINUTE } from "./settings.ts";

/** Share of the commands that must be refused. */
const LEAST_SHARE = 0.2;
/** Refused logins in one upload. A person mistypes a few. */
const LOGINS = 5;
/** The same trouble is told again after this pause. */
const AGAIN = 24 * HOUR;

interface Sum {
  readonly row: Command;
  readonly kind: "ot.command.refused" | "ot.login.refused";
  requests: number;
  errors: number;
  first: number;
  last: number;
}

export function refusals(run: Run): void {
  const sums = new Map<string, Sum>();
  for (const row of run.observation.commands) {
    const [client, server] = [run.at(row.client), run.at(row.server)];
    const login = row.class === "login";
    if (!isDevice(server) || client === server || (!login && !isFactory(row.protocol))) continue;
    const key = refusedKey(client, server, row.protocol, login);
    const kind = login ? "ot.login.refused" : "ot.command.refused";
    const sum = sums.get(key) ?? { row, kind, requests: 0, errors: 0, first: row.first, last: row.last };
    sum.requests += row.requests;
    sum.errors += row.errors;
    sum.first = Math.min(sum.first, row.first);
    sum.last = Math.max(sum.last, row.last);
    sums.set(key, sum);
  }
  for (const [key, sum] of sums) if (sum.errors > 0) look(run, key, sum);
}

function look(run: Run, key: string, { row, kind, requests, errors, first, last }: Sum): void {
  const [client, server] = [run.at(row.client), run.at(row.server)];
  const minutes = Math.max(1 / 6, (run.observation.to - run.observation.from) / MINUTE);
  const many =
    kind === "ot.login.refused"
      ? errors >= LOGINS
      : errors / minutes >= run.input.settings.malformed.perMinute && errors >= LEAST_SHARE * requests;
  if (!many) return;
  // A client that always asks for what is not there is a habit; guessing a password never is.
  const habit = kind === "ot.command.refused" && run.learns(client) && run.learns(server);
  const before = run.see(key, { first, last }, habit, errors);
  if (before === undefined ? habit : before.known || first - before.last < AGAIN) return;
  run.raise({
    kind,
    about: server,
    peer: client,
    key,
    group: run.groupOf(client).group ?? `pair|${client}|${server}`,
    since: first,
    confidence: 0.85,
    parameters: {
      ...wordsOf(run, row),
      count: requests,
      refused: errors,
      ...run.history(isDevice(client) ? client : server),
    },
    client,
    server,
    protocol: row.protocol,
    class: row.class,
  });
}
