/** Who speaks with whom, in which service (OT-17). */
import type { Observation } from "../model.ts";
import { coarseKey, coarseServerKey, conversationKey, portsKey } from "./keys.ts";
import { INTERNET, isChatter, isDevice, isFactory } from "./parties.ts";
import type { Run } from "./run.ts";

type Conversation = Observation["conversations"][number];

const SEVERAL_PORTS = 3;
/** Packets that a client sends for one connection that nobody answers: SYN and its repetitions. */
const KNOCKS = 6;
/**
 * Only knocked: scans.ts counts it. A conversation of which a bad mirror shows one side has more than knocks, and is none.
 */
export const isAttempt = (row: Conversation): boolean =>
  row.transport === "tcp"
    ? row.connections > 0 &&
      row.connections <= row.refused + row.unanswered &&
      row.packetsOut <= KNOCKS * row.connections
    : row.transport === "icmp" && row.packetsIn === 0;

export function newConversations(run: Run): void {
  for (const row of run.observation.conversations) {
    if (isChatter(row.protocol) || isAttempt(row)) continue;
    const [client, server] = [run.at(row.client), run.at(row.server)];
    if (client === server || (!isDevice(client) && !isDevice(server))) continue;
    if (isNovelTalk(run, row, client, server)) tell(run, row, client, server);
  }
}

function isNovelTalk(run: Run, row: Conversation, client: string, server: string): boolean {
  const [coarseOut, coarseIn] = [coarseKey(client, row.protocol), coarseServerKey(server, row.protocol)];
  // A machine of the office may become noisy one day: its protocols are learned from the beginning.
  const noisyClient = run.isNoisy(client) && !run.isFactory(server);
  const noisyServer = run.isNoisy(server) && !run.isFactory(client);
  if (noisyClient) return run.novel(coarseOut, row, client, client);
  if (noisyServer) return run.novel(coarseIn, row, server, server);
  if (isDevice(client) && !run.isFactory(client)) run.see(coarseOut, row, true);
  if (isDevice(server) && !run.isFactory(server)) run.see(coarseIn, row, true);
  const known = isTurned(run, row, client, server) || changesPorts(run, row, client, server);
  if (known) run.see(conversationKey(client, server, row), row, true);
  return !known && run.novel(conversationKey(client, server, row), row, client, server);
}

/** Taken up in the middle: who began is a guess, and the other way round it is known. */
const isTurned = (run: Run, row: Conversation, client: string, server: string): boolean =>
  row.connections === 0 && run.learned(conversationKey(server, client, row))?.known === true;

/** Services that nobody knows by name and that took several ports already: a new port is no news. */
function changesPorts(run: Run, row: Conversation, client: string, server: string): boolean {
  if (row.protocol !== "unknown" || run.learned(conversationKey(client, server, row)) !== undefined) return false;
  const before = run.see(portsKey(client, server, row.transport), row, run.learns(client) && run.learns(server));
  return before?.known === true && before.count >= SEVERAL_PORTS;
}

function tell(run: Run, row: Conversation, client: string, server: string): void {
  const pair = `${client}|${server}`;
  run.newTalks.add(pair);
  // A controller in the Internet is told as such (borders.ts).
  if ((client === INTERNET && run.isFactory(server)) || (server === INTERNET && run.isFactory(client))) return;
  const factory = isFactory(row.protocol) || run.isFactory(client) || run.isFactory(server);
  run.raise({
    kind: "ot.conversation.new",
    about: isDevice(client) ? client : server,
    peer: isDevice(client) ? server : client,
    key: conversationKey(client, server, row),
    ...(run.verbPairs.has(pair) ? { group: `pair|${pair}` } : {}),
    ...run.groupOf(client, server),
    since: row.first,
    severity: factory || server === INTERNET || client === INTERNET ? "notice" : "info",
    confidence: row.packetsIn > 0 && row.packetsOut > 0 ? 0.9 : 0.6,
    parameters: {
      client: run.name(client),
      server: run.name(server),
      protocol: run.title(row.protocol),
      port: row.port,
      transport: row.transport,
      packets: row.packetsOut + row.packetsIn,
      ...run.history(isDevice(client) ? client : server),
    },
    client,
    server,
    protocol: row.protocol,
  });
}
