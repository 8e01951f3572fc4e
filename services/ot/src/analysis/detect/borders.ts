/** Borders that are crossed (OT-12): between zones, and out to the Internet. */
import type { Observation } from "../model.ts";
import { isAttempt } from "./conversations.ts";
import { internetKey, zoneKey } from "./keys.ts";
import { INTERNET, isChatter, isDevice } from "./parties.ts";
import type { Run } from "./run.ts";
import type { Zone } from "./types.ts";
import { both, bytesText } from "./words.ts";

type Conversation = Observation["conversations"][number];

export function borders(run: Run): void {
  for (const row of run.observation.conversations) {
    if (isChatter(row.protocol) || isAttempt(row)) continue;
    const [client, server] = [run.at(row.client), run.at(row.server)];
    const from = run.input.zoneOf?.(client) ?? null;
    const to = run.input.zoneOf?.(server) ?? null;
    if (from !== null && to !== null && from.name !== to.name) crossed(run, row, from, to);
    if (row.packetsIn === 0 || row.packetsOut === 0) continue;
    if (server === INTERNET && isDevice(client)) internet(run, row, client, "to");
    if (client === INTERNET && isDevice(server)) internet(run, row, server, "from");
  }
}

function crossed(run: Run, row: Conversation, from: Zone, to: Zone): void {
  const [client, server] = [run.at(row.client), run.at(row.server)];
  const key = zoneKey(from.name, to.name, row.protocol);
  const before = run.see(key, row, run.siteLearns);
  if (run.siteLearns || !run.isNew(before, row.first)) return;
  const apart = from.level === null || to.level === null ? 1 : Math.abs(from.level - to.level);
  run.raise({
    kind: "ot.zone.crossed",
    about: isDevice(server) ? server : client,
    peer: client,
    key,
    ...run.groupOf(client, server),
    since: row.first,
    // A neighbour level may be a forgotten conduit; a jump over levels is none.
    severity: apart >= 2 ? "bad" : "notice",
    confidence: 0.9,
    parameters: {
      client: run.name(client),
      server: run.name(server),
      from: from.name,
      to: to.name,
      levels: `${from.level ?? "?"} → ${to.level ?? "?"}`,
      protocol: run.title(row.protocol),
      ...run.history("site"),
    },
    client,
    server,
    protocol: row.protocol,
  });
}

function internet(run: Run, row: Conversation, device: string, direction: "to" | "from"): void {
  const key = internetKey(device, direction, row.protocol);
  const before = run.see(key, row, true);
  const level = run.input.zoneOf?.(device)?.level ?? null;
  // Told once also while learning: what a controller wants in the Internet is never a matter of habit.
  const factory = run.isFactory(device) || (level !== null && level <= 2);
  if (!factory || run.asset(device)?.routes === true || !run.isNew(before, row.first)) return;
  const peer = run.observation.endpoints[direction === "to" ? row.server : row.client]?.address ?? "-";
  run.raise({
    kind: "ot.internet.access",
    about: device,
    peer: INTERNET,
    key,
    group: run.groupOf(device).group ?? `internet|${device}`,
    since: row.first,
    severity: direction === "from" ? "critical" : "bad",
    confidence: 0.9,
    technique: direction === "from" ? "T0883" : "T0822",
    parameters: {
      device: run.name(device),
      peer,
      protocol: run.title(row.protocol),
      bytes: bytesText(row.bytesIn + row.bytesOut),
      ...both(
        "direction",
        direction === "to"
          ? { en: "the device called out", ja: "機器からの接続" }
          : { en: "somebody outside called in", ja: "外部からの接続" },
      ),
      ...run.history(device),
    },
    evidence: [{ label: "IP", value: peer }],
    client: direction === "to" ? device : INTERNET,
    server: direction === "to" ? INTERNET : device,
    protocol: row.protocol,
  });
}
