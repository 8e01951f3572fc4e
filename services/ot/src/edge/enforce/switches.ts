/**
 * Shutting the port that a device stands at (IF-MIB, RFC 2863), found by the bridge's tables (BRIDGE-MIB, RFC 4188; Q-BRIDGE-MIB,
 * RFC 4363) or named in the file.
 *
 *   dot1qTpFdbPort.FDB.MAC, dot1dTpFdbPort.MAC → bridge port → dot1dBasePortIfIndex → ifAdminStatus (1 up, 2 down)
 *
 * A device is learned on every switch of its network, on all but one at the port towards the others. So the port with the fewest
 * devices is meant, and a port with more than the premises allow is an uplink or a hub: it stays.
 */
import { writeMac } from "../../wire/addresses.ts";
import type { Switch } from "./file.ts";
import { openSnmp, type Snmp } from "./snmp.ts";
import { Trouble } from "./trouble.ts";

const oids = {
  bridgePort: "1.3.6.1.2.1.17.4.3.1.2",
  bridgeStatus: "1.3.6.1.2.1.17.4.3.1.3",
  vlanPort: "1.3.6.1.2.1.17.7.1.2.2.1.2",
  vlanStatus: "1.3.6.1.2.1.17.7.1.2.2.1.3",
  interfaceOfPort: "1.3.6.1.2.1.17.1.4.1.2",
  type: "1.3.6.1.2.1.2.2.1.3",
  description: "1.3.6.1.2.1.2.2.1.2",
  administrative: "1.3.6.1.2.1.2.2.1.7",
  name: "1.3.6.1.2.1.31.1.1.1.1",
} as const;
const UP = 1;
const DOWN = 2;
/** How often and how far apart it is looked whether a port has changed. */
const LOOKS = 5;
const LOOK_MS = 300;
/** dot1dTpFdbStatus: an address of the switch itself. */
const SELF = 4;
/** ifType of an aggregation (RFC 7224: ieee8023adLag) and of what is no single wire. */
const AGGREGATED = new Set([161, 53, 135, 136, 24]);

/** Where a device stands. */
export interface Port {
  readonly switch: Switch;
  readonly index: number;
  readonly name: string;
  /** MACs learned there, 0: the switch tells none. */
  readonly learned: number;
}

/** What a switch has learned: interface by MAC, and MACs by interface. */
interface Table {
  readonly interfaceOf: ReadonlyMap<number, number>;
  readonly macsAt: ReadonlyMap<number, ReadonlySet<number>>;
}

export async function withSnmp<T>(target: Switch, work: (snmp: Snmp) => Promise<T>): Promise<T> {
  const snmp = openSnmp(target);
  try {
    return await work(snmp);
  } finally {
    snmp.close();
  }
}

/** The last six numbers of an index, as a MAC. */
const macIn = (index: string): number =>
  index
    .split(".")
    .slice(-6)
    .reduce((sum, part) => sum * 256 + Number(part), 0);

async function readTable(snmp: Snmp): Promise<Table> {
  const ports = await snmp.column(oids.interfaceOfPort);
  const interfaceOf = new Map<number, number>();
  const macsAt = new Map<number, Set<number>>();
  for (const [port, status] of [
    [oids.vlanPort, oids.vlanStatus],
    [oids.bridgePort, oids.bridgeStatus],
  ] as const) {
    const found = await snmp.column(port);
    const states = found.size === 0 ? new Map<string, number | string>() : await snmp.column(status);
    for (const [index, bridgePort] of found) {
      const at = Number(ports.get(String(bridgePort)) ?? 0);
      if (at === 0 || states.get(index) === SELF) continue;
      const mac = macIn(index);
      interfaceOf.set(mac, at);
      macsAt.set(at, (macsAt.get(at) ?? new Set<number>()).add(mac));
    }
  }
  return { interfaceOf, macsAt };
}

/** ifName, else ifDescr: what stands on the switch. */
async function nameOf(snmp: Snmp, index: number): Promise<string> {
  const [name, description] = await snmp.get([`${oids.name}.${index}`, `${oids.description}.${index}`]);
  return String(name ?? "") || String(description ?? "") || String(index);
}

async function indexOf(snmp: Snmp, wanted: string): Promise<number | null> {
  for (const oid of [oids.name, oids.description]) {
    for (const [index, name] of await snmp.column(oid)) if (name === wanted) return Number(index);
  }
  return null;
}

async function portOn(target: Switch, mac: number): Promise<Port | null> {
  return withSnmp(target, async (snmp) => {
    const table = await readTable(snmp);
    const named = target.ports.get(mac);
    const index = named === undefined ? table.interfaceOf.get(mac) : await indexOf(snmp, named);
    if (index === null) throw new Trouble("not-found", `${target.name} has no port ${named}, which the file names`);
    if (index === undefined) return null;
    const learned = table.macsAt.get(index)?.size ?? 0;
    return { switch: target, index, name: await nameOf(snmp, index), learned };
  });
}

/** Asks all switches. Throws Trouble: nobody knows it, it cannot be told where it stands, or the port may not be shut. */
export async function findPort(switches: readonly Switch[], mac: number, most: number): Promise<Port> {
  const asked = await Promise.allSettled(switches.map((target) => portOn(target, mac)));
  const found = asked.flatMap((one) => (one.status === "fulfilled" && one.value !== null ? [one.value] : []));
  const troubles = asked.flatMap((one) => (one.status === "rejected" ? [one.reason as unknown] : []));
  // A switch that does not answer may be the one at which the device stands, with its uplink seen from here.
  const first = troubles.find((one) => one instanceof Trouble) ?? troubles[0];
  if (first !== undefined) throw first;
  const named = found.find((port) => port.switch.ports.has(mac));
  const sorted = named === undefined ? found.toSorted((a, b) => a.learned - b.learned) : [named];
  const [best, second] = sorted;
  if (best === undefined) throw new Trouble("not-found", `no switch has learned ${writeMac(mac)}`);
  if (best.learned > most)
    throw new Trouble("port-shared", `${best.learned} devices stand behind ${best.name} of ${best.switch.name}`, {
      learned: best.learned,
    });
  if (second !== undefined && second.learned === best.learned)
    throw new Trouble("port-ambiguous", `${best.switch.name} and ${second.switch.name} both look like its switch`);
  return best;
}

/** Whether the port may be shut: a single wire, up, and not protected. Throws Trouble. */
export async function checkPort(snmp: Snmp, { switch: target, index, name }: Port): Promise<void> {
  const [status, type, description] = await snmp.get([
    `${oids.administrative}.${index}`,
    `${oids.type}.${index}`,
    `${oids.description}.${index}`,
  ]);
  if (target.protected.includes(name) || target.protected.includes(String(description)))
    throw new Trouble("port-protected", `${name} of ${target.name} is protected by the file`);
  if (AGGREGATED.has(Number(type)))
    throw new Trouble("port-aggregated", `${name} of ${target.name} is no single wire (ifType ${type})`);
  if (status === null) throw new Trouble("switch-refuses", `${target.name} does not tell the state of ${name}`);
  if (status !== UP) throw new Trouble("port-already-down", `${name} of ${target.name} is shut already`);
}

/** Reads back what it set: some agents answer without doing it, or do it a little later. */
async function setStatus(
  snmp: Snmp,
  { switch: target, index, name }: Pick<Port, "switch" | "index" | "name">,
  status: number,
): Promise<void> {
  await snmp.set(`${oids.administrative}.${index}`, status);
  for (let looks = 0; looks < LOOKS; looks++) {
    const [now] = await snmp.get([`${oids.administrative}.${index}`]);
    if (now === status) return;
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
  throw new Trouble("switch-refuses", `${name} of ${target.name} did not change`);
}

export const shutPort = (snmp: Snmp, port: Port): Promise<void> => setStatus(snmp, port, DOWN);

/** A port as it is remembered between starts. */
export interface ShutPort {
  readonly switch: string;
  readonly index: number;
  readonly name: string;
}

/** Its number may have changed with the switch's restart: the name holds. */
async function indexNow(snmp: Snmp, { index, name }: ShutPort): Promise<number> {
  if ((await nameOf(snmp, index)) === name) return index;
  const found = await indexOf(snmp, name);
  if (found === null) throw new Trouble("switch-refuses", `the port ${name} is gone`);
  return found;
}

/** Whether the port is still shut. Throws Trouble. */
export const isShut = (target: Switch, port: ShutPort): Promise<boolean> =>
  withSnmp(target, async (snmp) => {
    const [status] = await snmp.get([`${oids.administrative}.${await indexNow(snmp, port)}`]);
    return status === DOWN;
  });

/** Opens the port. Throws Trouble. */
export const openPort = (target: Switch, port: ShutPort): Promise<void> =>
  withSnmp(target, async (snmp) => {
    const index = await indexNow(snmp, port);
    await setStatus(snmp, { switch: target, index, name: port.name }, UP);
  });
