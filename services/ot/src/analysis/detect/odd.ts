/** Signatures that matched (OT-23), and messages that break their protocol's rules. */
import { signatureKey, weirdKey } from "./keys.ts";
import { isDevice } from "./parties.ts";
import type { Run } from "./run.ts";
import { MINUTE } from "./settings.ts";

export function signatureHits(run: Run): void {
  for (const row of run.observation.signatures) {
    const [client, server] = [run.at(row.source), run.at(row.destination)];
    const key = signatureKey(row.rule, client, server);
    const before = run.see(key, row, false, row.count);
    // Told at once and again after a quiet day, but not with each packet of it.
    if (before !== undefined && (before.known || row.first - before.last < AGAIN)) continue;
    const rule = run.input.rules?.get(row.rule);
    const priority = rule?.priority ?? 2;
    run.raise({
      kind: "ot.signature.hit",
      about: isDevice(server) ? server : client,
      peer: client,
      key,
      group: run.groupOf(client).group ?? `signature|${client}`,
      since: row.first,
      severity: priority <= 1 ? "bad" : priority === 2 ? "notice" : "info",
      confidence: 0.7,
      ...(rule?.techniques?.[0] === undefined ? {} : { technique: rule.techniques[0] }),
      parameters: {
        client: run.name(client),
        server: run.name(server),
        rule: rule?.message ?? `sid ${row.rule}`,
        sid: row.rule,
        revision: row.revision,
        count: row.count,
        ...run.history(isDevice(client) ? client : server),
      },
      evidence: [{ label: "sid", value: String(row.rule) }],
      client,
      server,
    });
  }
}
const AGAIN = 24 * 60 * MINUTE;

/** What a bad capture makes of good traffic. */
const captureFaults = new Set(["tcp-gap", "truncated", "response-without-request", "bad-checksum", "out-of-sync"]);

export function malformed(run: Run): void {
  const minutes = Math.max(1, (run.observation.to - run.observation.from) / MINUTE);
  for (const row of run.observation.weirds) {
    if (captureFaults.has(row.kind)) continue;
    const [client, server] = [run.at(row.source), run.at(row.destination)];
    const key = weirdKey(client, server, row.protocol, row.kind);
    const before = run.see(key, row, run.learns(client) && run.learns(server), row.count);
    if (before?.known === true || (before === undefined && run.learned(key)?.known === true)) continue;
    const rate = (row.count + recent(before, row.first)) / minutes;
    if (rate < run.input.settings.malformed.perMinute) continue;
    if (
      before !== undefined &&
      before.count >= run.input.settings.malformed.perMinute &&
      row.first - before.last < AGAIN
    ) {
      continue;
    }
    run.raise({
      kind: "ot.traffic.malformed",
      about: isDevice(server) ? server : client,
      peer: client,
      key,
      // However many kinds of odd messages: one incident for the pair.
      group: run.groupOf(client).group ?? `malformed|${client}|${server}`,
      since: row.first,
      confidence: 0.6,
      parameters: {
        client: run.name(client),
        server: run.name(server),
        protocol: run.title(row.protocol),
        what: row.kind,
        count: row.count + recent(before, row.first),
        ...run.history(isDevice(client) ? client : server),
      },
      client,
      server,
      protocol: row.protocol,
    });
  }
}
/** Odd messages of the minute before this batch. */
const recent = (before: { readonly last: number; readonly count: number } | undefined, first: number): number =>
  before !== undefined && first - before.last < MINUTE ? before.count : 0;
