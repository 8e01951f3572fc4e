/**
 * Keys of what is learned and of what is usual. A key is a line of words parted by `|`; parties are asset ids or the words of
 * parties.ts. The first word tells the kind.
 */
import {
  type Attribute,
  type CommandClass,
  type ProtocolName,
  type Weakness,
  isCritical,
} from "../../wire/vocabulary.ts";
import type { Observation } from "../model.ts";
import { type AssetOf, INTERNET, isChatter, isDevice, partiesOf } from "./parties.ts";
import { HOUR } from "./settings.ts";
import type { Input } from "./types.ts";

type Conversation = Observation["conversations"][number];
type Command = Observation["commands"][number];
type Transition = Observation["transitions"][number];

/** Ports from here on change from one connection to the next (RFC 6335, section 6). */
const DYNAMIC = 49_152;
/** A sensor that is added later has a learning time of its own: all it shows is new. */
export const siteKey = (sensor: string): string => `site|${sensor}`;

export const deviceKey = (asset: string): string => `device|${asset}`;
export const conversationKey = (client: string, server: string, { transport, port, protocol }: Service): string =>
  `talk|${client}|${server}|${transport}|${protocol === "unknown" && port < DYNAMIC ? port : protocol}`;
interface Service {
  readonly transport: Conversation["transport"];
  readonly port: number;
  readonly protocol: ProtocolName;
}
/** Unknown services of a pair: some change their port with each connection. */
export const portsKey = (client: string, server: string, transport: Conversation["transport"]): string =>
  `ports|${client}|${server}|${transport}`;
/** What is learned of a device that never comes to rest: which protocols it speaks, not with whom. */
export const coarseKey = (client: string, protocol: ProtocolName): string => `coarse|${client}|${protocol}`;
export const coarseServerKey = (server: string, protocol: ProtocolName): string => `coarse-in|${server}|${protocol}`;
export const commandKey = (client: string, server: string, { protocol, code, object }: Command): string =>
  `command|${client}|${server}|${protocol}|${code}|${object}`;
export const classKey = (client: string, server: string, protocol: ProtocolName, kind: CommandClass): string =>
  `class|${client}|${server}|${protocol}|${kind}`;
export const verbKey = (client: string, server: string, protocol: ProtocolName, kind: CommandClass): string =>
  `verb|${client}|${server}|${protocol}|${kind}`;
export const orderKey = (client: string, server: string, { protocol, from, to }: Transition): string =>
  `order|${client}|${server}|${protocol}|${from.code}|${to.code}`;
/** A write outside what is usual, by blocks of addresses: what slides on is told once for each block. */
export const outsideKey = (client: string, server: string, row: Command): string =>
  `outside|${client}|${server}|${row.protocol}|${row.object}|${block(row.low)}|${block(row.high)}`;
const BLOCK = 256;
const block = (address: number | null): number | "-" => (address === null ? "-" : Math.floor(address / BLOCK));
export const serverKey = (service: "dhcp" | "dns" | "gateway", party: string): string => `server|${service}|${party}`;
export const internetKey = (asset: string, direction: "to" | "from", protocol: ProtocolName): string =>
  `internet|${asset}|${direction}|${protocol}`;
export const zoneKey = (from: string, to: string, protocol: ProtocolName): string => `zone|${from}|${to}|${protocol}`;
/** Ways in which a password goes in clear: one login shows several of them (Telnet itself, and the login over it). */
export const clearLogins: ReadonlySet<Weakness> = new Set(["cleartext-login", "http-basic", "telnet", "ftp"]);
export const weaknessKey = (server: string, { kind, protocol }: { kind: Weakness; protocol: ProtocolName }): string =>
  `weakness|${server}|${clearLogins.has(kind) ? `clear|${protocol}` : kind}`;
export const weirdKey = (from: string, to: string, protocol: ProtocolName, kind: string): string =>
  `weird|${from}|${to}|${protocol}|${kind}`;
export const refusedKey = (client: string, server: string, protocol: ProtocolName, login: boolean): string =>
  `refused|${client}|${server}|${protocol}|${login ? "login" : "command"}`;
export const signatureKey = (rule: number, from: string, to: string): string => `signature|${rule}|${from}|${to}`;
export const factKey = (kind: "support" | "vulnerability", asset: string, what: string): string =>
  `fact|${kind}|${asset}|${what}`;

export const assetKey = (asset: string): string => `asset|${asset}`;
export const volumeKey = (client: string, server: string, protocol: ProtocolName, hourOfWeek: number): string =>
  `volume|${client}|${server}|${protocol}|${hourOfWeek}`;
export const peakKey = (client: string, server: string, protocol: ProtocolName): string =>
  `volume|${client}|${server}|${protocol}|peak`;
export const cycleKey = (client: string, server: string, cycle: Observation["cycles"][number]): string =>
  `cycle|${client}|${server}|${cycle.port}|${cycle.protocol}|${cycle.code ?? "-"}|${cycle.object ?? "-"}`;
export const silenceKey = (client: string, server: string, protocol: ProtocolName): string =>
  `silence|${client}|${server}|${protocol}`;
export const rangeKey = (client: string, server: string, { protocol, object, unit }: Command): string =>
  `range|${client}|${server}|${protocol}|${object}|${unit ?? "-"}`;
export const stepsKey = (client: string, server: string, protocol: ProtocolName): string =>
  `steps|${client}|${server}|${protocol}`;
export const identityKey = (asset: string, attribute: Attribute, protocol: ProtocolName): string =>
  `identity|${asset}|${attribute}|${protocol}`;
export const addressKey = (vlan: number, address: string): string => `address|${vlan}|${address}`;
export const scanKey = (client: string): string => `scan|${client}`;
export const captureKey = (sensor: string, name: string): string => `capture|${sensor}|${name}`;

/** 0 is Thursday 00:00 UTC, where the epoch begins. */
export const hourOfWeek = (time: number): number => Math.floor(time / HOUR) % 168;

/** Attributes whose change means another device, or another program in it. */
export const watchedAttributes = new Set<Attribute>([
  "firmware",
  "serial",
  "model",
  "order-number",
  "hardware",
  "vendor",
]);
/** Classes that are told by themselves (critical.ts). */
export const isVerb = (kind: CommandClass): boolean => isCritical(kind) || kind === "configure" || kind === "time-set";
/** Classes that set process values at addresses. */
export const isWrite = (kind: CommandClass): boolean => kind === "write" || kind === "control" || kind === "force";

/** Addresses of gateways or DNS servers that an identity tells, as parties. */
export const toldServers = ({ attribute, value }: Observation["identities"][number]): readonly string[] =>
  attribute === "gateway" || attribute === "dns-server"
    ? value
        .split(/[\s,]+/)
        .filter((text) => text !== "")
        .map((address) => `at:${address}`)
    : [];

/** What else `detect` is given and asks for by key. */
type Also = Pick<Input, "zoneOf" | "endOfSupport" | "vulnerabilities"> & {
  /** `heirOf` of an asset. */
  readonly heirOf?: (asset: string) => string | undefined;
};

/** The key under which the same was learned while its parties were taken for the routers before them. */
export const inheritedKey = (key: string, heirs: ReadonlyMap<string, string>): string =>
  key
    .split("|")
    .map((part) => heirs.get(part) ?? part)
    .join("|");

/** Learned items that `detect` will look at: to be loaded by key. Give `also` what `detect` is given. */
export function keysOf(observation: Observation, assetOf: AssetOf, also: Also = {}): string[] {
  const keys = new Set<string>();
  const party = partiesOf(observation, assetOf);
  const at = (endpoint: number): string => party[endpoint] ?? "nobody";
  for (const one of party) if (isDevice(one)) keys.add(deviceKey(one));
  for (const row of observation.conversations) conversationKeys(keys, at(row.client), at(row.server), row, also);
  for (const row of observation.commands) {
    const [client, server] = [at(row.client), at(row.server)];
    keys.add(commandKey(client, server, row));
    keys.add(classKey(client, server, row.protocol, row.class));
    keys.add(coarseKey(client, row.protocol));
    if (row.errors > 0) keys.add(refusedKey(client, server, row.protocol, row.class === "login"));
    if (isVerb(row.class)) keys.add(verbKey(client, server, row.protocol, row.class));
    if (isWrite(row.class)) keys.add(outsideKey(client, server, row));
  }
  for (const row of observation.transitions) keys.add(orderKey(at(row.client), at(row.server), row));
  for (const row of observation.identities) {
    for (const address of toldServers(row)) {
      keys.add(serverKey(row.attribute === "gateway" ? "gateway" : "dns", address));
    }
  }
  for (const row of observation.weaknesses) keys.add(weaknessKey(at(row.server), row));
  for (const row of observation.weirds) keys.add(weirdKey(at(row.source), at(row.destination), row.protocol, row.kind));
  for (const row of observation.signatures) keys.add(signatureKey(row.rule, at(row.source), at(row.destination)));
  for (const { asset, product } of also.endOfSupport ?? []) keys.add(factKey("support", asset, product));
  for (const { asset, cve } of also.vulnerabilities ?? []) keys.add(factKey("vulnerability", asset, cve));
  const heirs = new Map(
    party.flatMap((one) => {
      const from = also.heirOf?.(one);
      return from === undefined ? [] : [[one, from] as const];
    }),
  );
  if (heirs.size > 0) for (const key of Array.from(keys)) keys.add(inheritedKey(key, heirs));
  return [...keys];
}

function conversationKeys(keys: Set<string>, client: string, server: string, row: Conversation, also: Also): void {
  const [from, to] = [also.zoneOf?.(client), also.zoneOf?.(server)];
  if (from && to && from.name !== to.name) keys.add(zoneKey(from.name, to.name, row.protocol));
  if (row.protocol === "dhcp") keys.add(serverKey("dhcp", server));
  if (row.protocol === "dns") keys.add(serverKey("dns", server));
  if (server === INTERNET) keys.add(internetKey(client, "to", row.protocol));
  if (client === INTERNET) keys.add(internetKey(server, "from", row.protocol));
  if (isChatter(row.protocol)) return;
  keys.add(conversationKey(client, server, row)).add(conversationKey(server, client, row));
  if (row.protocol === "unknown") keys.add(portsKey(client, server, row.transport));
  keys.add(coarseKey(client, row.protocol));
  keys.add(coarseServerKey(server, row.protocol));
}

/** Baselines that `detect` will look at: to be loaded by key. */
export function baselineKeysOf(observation: Observation, assetOf: AssetOf): string[] {
  const party = partiesOf(observation, assetOf);
  const at = (endpoint: number): string => party[endpoint] ?? "nobody";
  const keys = new Set<string>([siteKey(observation.sensor)]);
  for (const one of party) if (isDevice(one)) keys.add(assetKey(one)).add(scanKey(one));
  const hour = hourOfWeek(observation.to);
  for (const { client, server, protocol } of observation.conversations) {
    keys.add(volumeKey(at(client), at(server), protocol, hour));
    keys.add(peakKey(at(client), at(server), protocol));
    keys.add(silenceKey(at(client), at(server), protocol));
  }
  for (const row of observation.cycles) {
    keys.add(cycleKey(at(row.client), at(row.server), row));
    keys.add(silenceKey(at(row.client), at(row.server), row.protocol));
  }
  for (const row of observation.commands)
    if (isWrite(row.class)) keys.add(rangeKey(at(row.client), at(row.server), row));
  for (const { client, server, protocol } of observation.transitions)
    keys.add(stepsKey(at(client), at(server), protocol));
  for (const row of observation.identities) {
    if (watchedAttributes.has(row.attribute)) keys.add(identityKey(at(row.endpoint), row.attribute, row.protocol));
  }
  for (const row of observation.bindings) keys.add(addressKey(row.vlan, row.address));
  for (const row of observation.captures) keys.add(captureKey(observation.sensor, row.name));
  return [...keys];
}
