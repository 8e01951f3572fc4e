/** What a device is by what it does: whom it answers, whom it asks, what it loads (goal 8). */
import type { ProtocolName } from "../../wire/vocabulary.ts";
import type { Evidence, Observation, Role } from "../model.ts";
import { readCipIo } from "./cip-io.ts";
import type { RoleReason } from "./roles.ts";

export interface Behaviour extends Evidence {
  readonly asset: string;
  readonly reason: RoleReason;
}
type Answer = readonly [role: Role, confidence: number, reason: RoleReason];

/** What a device that answers commands of the protocol most likely is. */
const answering: Readonly<Partial<Record<ProtocolName, Answer>>> = {
  modbus: ["plc", 0.5, "answers-controller"],
  cip: ["plc", 0.5, "answers-controller"],
  s7comm: ["plc", 0.7, "answers-controller"],
  "s7comm-plus": ["plc", 0.7, "answers-controller"],
  melsoft: ["plc", 0.7, "answers-controller"],
  slmp: ["plc", 0.6, "answers-controller"],
  fins: ["plc", 0.65, "answers-controller"],
  "ge-srtp": ["plc", 0.7, "answers-controller"],
  dnp3: ["rtu", 0.65, "answers-station"],
  iec104: ["rtu", 0.65, "answers-station"],
  "roc-plus": ["rtu", 0.65, "answers-station"],
  bsap: ["rtu", 0.65, "answers-station"],
  genisys: ["rtu", 0.5, "answers-station"],
  mms: ["ied", 0.55, "answers-station"],
  synchrophasor: ["ied", 0.55, "answers-station"],
  bacnet: ["building-controller", 0.6, "answers-building"],
  fox: ["building-controller", 0.6, "answers-building"],
  c1222: ["meter", 0.65, "answers-meter"],
  "hart-ip": ["gateway", 0.5, "answers-controller"],
  "profinet-cm": ["io", 0.55, "answers-io"],
  "cclink-ief-basic": ["io", 0.55, "answers-io"],
  opcua: ["server", 0.35, "serves-data"],
};
/** Protocols in which the asking side is a controller that exchanges inputs and outputs. */
const drivesIo: ReadonlySet<ProtocolName> = new Set<ProtocolName>(["profinet-cm", "cclink-ief-basic"]);
const publishes: ReadonlySet<ProtocolName> = new Set<ProtocolName>(["goose", "sv"]);
/** Protocols that people's screens ask controllers by. */
const asks: ReadonlySet<ProtocolName> = new Set<ProtocolName>(
  (Object.keys(answering) as ProtocolName[]).filter((protocol) => !drivesIo.has(protocol)),
);
const loads: ReadonlySet<string> = new Set(["download", "upload", "firmware"]);
const operates: ReadonlySet<string> = new Set(["mode", "stop", "restart", "configure"]);
const quiet: ReadonlySet<string> = new Set(["identify", "session", "login"]);

/** Operation number of Connect (IEC 61158-6-10, 5.2.2). */
const PROFINET_CONNECT = 0;

/** Asked devices from which on a reader is a control room rather than a panel; askers from which on a device is a server. */
const MANY_CONTROLLERS = 3;
const MANY_CLIENTS = 4;

export function behavioursOf(
  observation: Observation,
  assetOf: (endpoint: number) => string | null,
): readonly Behaviour[] {
  const notes = new Notes(observation.from, observation.to);
  readCommands(observation, assetOf, notes);
  readConversations(observation, assetOf, notes);
  readCipIo(observation, assetOf, (...note) => notes.add(...note));
  return notes.all();
}

class Notes {
  readonly #from: number;
  readonly #to: number;
  readonly #found = new Map<string, Behaviour>();
  constructor(from: number, to: number) {
    this.#from = from;
    this.#to = to;
  }
  add(asset: string, value: Role, confidence: number, reason: RoleReason, count = 1): void {
    const key = `${asset} ${value} ${reason}`;
    const known = this.#found.get(key);
    const best = Math.max(known?.confidence ?? 0, confidence);
    const total = (known?.count ?? 0) + count;
    this.#found.set(key, {
      asset,
      value,
      source: "behaviour",
      confidence: best,
      reason,
      count: total,
      first: this.#from,
      last: this.#to,
    });
  }
  all(): readonly Behaviour[] {
    return [...this.#found.values()];
  }
}

const into = (map: Map<string, Set<string>>, key: string, value: string): void => {
  const set = map.get(key);
  if (set === undefined) map.set(key, new Set([value]));
  else set.add(value);
};

function readCommands(observation: Observation, assetOf: (endpoint: number) => string | null, notes: Notes): void {
  const asked = new Map<string, Set<string>>();
  for (const row of observation.commands) {
    const client = assetOf(row.client);
    const server = assetOf(row.server);
    // A PROFINET device asks too ("application ready"); only its controller connects to it.
    const sets = row.protocol !== "profinet-cm" || row.code === PROFINET_CONNECT;
    const answered = row.responses + row.errors > 0;
    if (client !== null && publishes.has(row.protocol))
      notes.add(client, "ied", 0.6, "publishes-substation", row.events);
    if (client !== null && answered && drivesIo.has(row.protocol) && sets)
      notes.add(client, "plc", 0.6, "drives-io", row.requests);
    if (server !== null && answered && (!quiet.has(row.class) || (row.protocol === "profinet-cm" && sets))) {
      const [role, confidence, reason] = answering[row.protocol] ?? [];
      if (role !== undefined && confidence !== undefined && reason !== undefined) {
        notes.add(server, role, confidence, reason, row.responses);
      }
    }
    if (client === null || !answered || !asks.has(row.protocol)) continue;
    if (loads.has(row.class)) notes.add(client, "engineering-station", 0.75, "programs", row.requests);
    else if (operates.has(row.class)) notes.add(client, "engineering-station", 0.35, "operates", row.requests);
    else if (!quiet.has(row.class) && server !== null) into(asked, client, server);
  }
  for (const [client, servers] of asked) {
    if (servers.size >= MANY_CONTROLLERS) notes.add(client, "scada", 0.55, "asks-many", servers.size);
    else notes.add(client, "hmi", 0.4, "asks-few", servers.size);
  }
}

const printing: ReadonlySet<number> = new Set([9100, 515, 631]);
/** Services of offices that many devices ask one server for. */
const office: ReadonlySet<ProtocolName> = new Set<ProtocolName>([
  "smb1",
  "smb2",
  "http",
  "tls",
  "rdp",
  "ldap",
  "tds",
  "mqtt",
  "sip",
  "syslog",
  "radius",
  "ftp",
]);

function readConversations(observation: Observation, assetOf: (endpoint: number) => string | null, notes: Notes): void {
  const clients = new Map<string, Set<string>>();
  const directory = new Map<string, Set<string>>();
  for (const row of observation.conversations) {
    const client = assetOf(row.client);
    const server = assetOf(row.server);
    if (client !== null && row.protocol === "stp") notes.add(client, "switch", 0.7, "spanning-tree", row.packetsOut);
    if (client !== null && publishes.has(row.protocol))
      notes.add(client, "ied", 0.6, "publishes-substation", row.packetsOut);
    if (client !== null && row.packetsIn > 0 && office.has(row.protocol))
      notes.add(client, "pc", 0.31, "office-client");
    if (
      server === null ||
      row.packetsIn === 0 ||
      (row.connections <= row.refused && row.transport === "tcp" && row.bytesIn < 100)
    )
      continue;
    const asker = client ?? `${row.client}`;
    if (row.protocol === "kerberos" || row.protocol === "ldap") into(directory, server, row.protocol);
    if (row.protocol === "ntp") into(clients, `ntp ${server}`, asker);
    if (row.protocol === "dns") into(clients, `dns ${server}`, asker);
    if (office.has(row.protocol)) into(clients, `any ${server}`, asker);
    if (row.protocol === "tds" || row.protocol === "postgresql") notes.add(server, "server", 0.5, "serves-database");
    if (row.transport === "tcp" && printing.has(row.port)) notes.add(server, "printer", 0.65, "printer-ports");
    if (row.transport === "tcp" && row.port === 554) notes.add(server, "camera", 0.55, "camera-ports");
  }
  for (const [server, found] of directory) {
    notes.add(server, "domain-controller", found.size > 1 ? 0.85 : 0.35, "directory-service", found.size);
  }
  for (const [key, askers] of clients) {
    const [kind, server] = key.split(" ") as [string, string];
    if (kind === "ntp") notes.add(server, "time-server", askers.size >= 3 ? 0.55 : 0.32, "gives-time", askers.size);
    else if (kind === "dns") notes.add(server, "server", askers.size >= 3 ? 0.4 : 0.31, "gives-names", askers.size);
    else if (askers.size >= MANY_CLIENTS) notes.add(server, "server", 0.5, "serves-many", askers.size);
  }
}
