/**
 * The capture interface, seen and made silent (OST-T05). A silent interface has no address, answers no ARP, does no IPv6 and
 * no multicast: then neither the kernel nor a program that uses the interface by its address has anything to send through it.
 */
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { raise } from "./errors.ts";
import { AF_INET, SOCK_DGRAM, type Libc } from "./libc.ts";

const SIOCGIFCONF = 0x8912;
const SIOCGIFFLAGS = 0x8913;
const SIOCSIFFLAGS = 0x8914;
const SIOCSIFADDR = 0x8916;
const SIOCGIFHWADDR = 0x8927;
const SIOCGIFINDEX = 0x8933;
/** sizeof(struct ifreq) */
const REQUEST = 40;
const MOST_ADDRESSES = 256;
const IFF_UP = 0x1;
const IFF_NOARP = 0x80;
const IFF_MULTICAST = 0x1000;
/** ARPHRD_ETHER */
export const ETHERNET = 1;

export interface InterfaceState {
  readonly name: string;
  readonly up: boolean;
  /** It answers and asks by ARP. */
  readonly arp: boolean;
  readonly multicast: boolean;
  /** Addresses as the kernel writes them. */
  readonly addresses: readonly string[];
  /** IPv6 runs on it: as soon as it is up it sends neighbour solicitations and reports. */
  readonly ipv6: boolean;
}

/** What would let the interface send; empty: it is silent. */
export type Loudness = "address" | "arp" | "ipv6" | "multicast";
export function loudness(state: InterfaceState): readonly Loudness[] {
  const found: Loudness[] = [];
  if (state.addresses.length > 0) found.push("address");
  if (state.arp) found.push("arp");
  if (state.ipv6) found.push("ipv6");
  if (state.multicast) found.push("multicast");
  return found;
}

/** Runs with a socket for ioctl. */
function withSocket<T>(libc: Libc, work: (fd: number) => T): T {
  const fd = libc.socket(AF_INET, SOCK_DGRAM, 0);
  try {
    return work(fd);
  } finally {
    libc.close(fd);
  }
}

/** A `struct ifreq` of the interface after an ioctl; null when the kernel refuses. */
function ask(libc: Libc, fd: number, request: number, name: string, fill?: (view: DataView) => void): DataView | null {
  const octets = new Uint8Array(REQUEST);
  octets.set(Buffer.from(name, "latin1").subarray(0, 15));
  const view = new DataView(octets.buffer);
  fill?.(view);
  return libc.ioctl(fd, request, octets) < 0 ? null : view;
}

/** Index and hardware type. Throws INTERFACE_UNKNOWN. */
export function findInterface(libc: Libc, name: string): { index: number; hardware: number } {
  return withSocket(libc, (fd) => {
    const index = ask(libc, fd, SIOCGIFINDEX, name)?.getInt32(16, true);
    if (index === undefined) throw raise("INTERFACE_UNKNOWN", { name });
    return { index, hardware: ask(libc, fd, SIOCGIFHWADDR, name)?.getUint16(16, true) ?? 0 };
  });
}

/** How the interface stands. Throws INTERFACE_UNKNOWN. Without libc by ip(8). */
export function readInterface(libc: Libc | null, name: string): InterfaceState {
  const { flags, ipv4 } =
    libc === null
      ? askCommand(name)
      : withSocket(libc, (fd) => ({
          flags: flagsOf(libc, fd, name),
          ipv4: ipv4Of(libc, fd, name).map(({ address }) => address),
        }));
  return {
    name,
    up: (flags & IFF_UP) !== 0,
    arp: (flags & IFF_NOARP) === 0,
    multicast: (flags & IFF_MULTICAST) !== 0,
    addresses: [...ipv4, ...ipv6Of(name)],
    ipv6: text(ipv6Switch(name))?.trim() === "0",
  };
}

function flagsOf(libc: Libc, fd: number, name: string): number {
  const flags = ask(libc, fd, SIOCGIFFLAGS, name)?.getUint16(16, true);
  if (flags === undefined) throw raise("INTERFACE_UNKNOWN", { name });
  return flags;
}

function askCommand(name: string): { flags: number; ipv4: string[] } {
  const { stdout, status } = spawnSync("ip", ["-j", "address", "show", "dev", name], { encoding: "utf8" });
  if (status !== 0) throw raise("INTERFACE_UNKNOWN", { name });
  const [found] = JSON.parse(stdout) as { flags: string[]; addr_info: { family: string; local: string }[] }[];
  const has = (word: string, bit: number): number => (found?.flags.includes(word) === true ? bit : 0);
  return {
    flags: has("UP", IFF_UP) | has("NOARP", IFF_NOARP) | has("MULTICAST", IFF_MULTICAST),
    ipv4: (found?.addr_info ?? []).filter(({ family }) => family === "inet").map(({ local }) => local),
  };
}

/** IPv4 addresses with the labels under which they can be taken away (`eth1:0`). */
function ipv4Of(libc: Libc, fd: number, name: string): { label: string; address: string }[] {
  const list = new Uint8Array(REQUEST * MOST_ADDRESSES);
  const head = new Uint8Array(16);
  const view = new DataView(head.buffer);
  view.setInt32(0, list.length, true);
  view.setBigUint64(8, libc.address(list), true);
  if (libc.ioctl(fd, SIOCGIFCONF, head) < 0) return [];
  const found: { label: string; address: string }[] = [];
  for (let at = 0; at + REQUEST <= view.getInt32(0, true); at += REQUEST) {
    const label = Buffer.from(list.subarray(at, at + 16))
      .toString("latin1")
      .replace(/\0.*$/s, "");
    if (label.split(":")[0] === name) found.push({ label, address: list.subarray(at + 20, at + 24).join(".") });
  }
  return found;
}

/** IPv6 addresses as hexadecimal digits (`/proc/net/if_inet6`). */
const ipv6Of = (name: string): string[] =>
  (text("/proc/self/net/if_inet6") ?? "")
    .split("\n")
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields[5] === name)
    .map(([digits = ""]) => digits.replace(/(.{4})(?!$)/g, "$1:"));

const ipv6Switch = (name: string): string => `/proc/sys/net/ipv6/conf/${name}/disable_ipv6`;
function text(path: string): string | null {
  try {
    return readFileSync(path, "latin1");
  } catch {
    return null;
  }
}

/** Packets that this machine has sent through the interface since it was made; null when it is not listed. */
export function sentPackets(name: string): number | null {
  const line = (text("/proc/self/net/dev") ?? "").split("\n").find((each) => each.trim().startsWith(`${name}:`));
  const fields = line?.split(":")[1]?.trim().split(/\s+/);
  return fields === undefined ? null : Number(fields[9]);
}

/** RTF_GATEWAY: this machine reaches others through the interface. */
const GATEWAY = 0x2;
/** Whether routes of this machine lead through a gateway on the interface (`/proc/net/route`, `/proc/net/ipv6_route`). */
function carriesRoutes(name: string): boolean {
  const rows = (path: string): string[][] => (text(path) ?? "").split("\n").map((line) => line.trim().split(/\s+/));
  const ipv4 = rows("/proc/self/net/route").some((row) => row[0] === name && (Number(`0x${row[3]}`) & GATEWAY) !== 0);
  const ipv6 = rows("/proc/self/net/ipv6_route").some(
    (row) => row[9] === name && (Number(`0x${row[8]}`) & GATEWAY) !== 0,
  );
  return ipv4 || ipv6;
}

/**
 * Makes the interface silent and brings it up: needs CAP_NET_ADMIN. IPv6 goes first, because it is what speaks when an
 * interface comes up. Throws INTERFACE_UNKNOWN, INTERFACE_NOT_ETHERNET, INTERFACE_IN_USE, INTERFACE_NOT_PREPARED.
 */
export function prepareInterface(libc: Libc, name: string): void {
  const { hardware } = findInterface(libc, name);
  if (hardware !== ETHERNET) throw raise("INTERFACE_NOT_ETHERNET", { name, hardware });
  if (carriesRoutes(name)) throw raise("INTERFACE_IN_USE", { name });
  const refused = (what: string): Error =>
    raise("INTERFACE_NOT_PREPARED", { name, what, errno: libc.errno() }, { cause: what });
  withSocket(libc, (fd) => {
    const flags = flagsOf(libc, fd, name);
    if (text(ipv6Switch(name)) !== null) {
      try {
        writeFileSync(ipv6Switch(name), "1");
      } catch (error) {
        throw raise("INTERFACE_NOT_PREPARED", { name, what: "disable_ipv6", errno: String(error) }, { cause: error });
      }
    }
    for (const { label } of ipv4Of(libc, fd, name))
      if (ask(libc, fd, SIOCSIFADDR, label, (view) => view.setUint16(16, AF_INET, true)) === null)
        throw refused("address");
    const quiet = (flags | IFF_NOARP) & ~IFF_MULTICAST;
    for (const next of [quiet, quiet | IFF_UP])
      if (ask(libc, fd, SIOCSIFFLAGS, name, (view) => view.setUint16(16, next, true)) === null) throw refused("flags");
  });
}
