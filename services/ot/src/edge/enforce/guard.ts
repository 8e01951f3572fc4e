/** What is refused before anything is asked of a switch: the premises' veto and limits. Pure. */
import { networkHas, writeMac } from "../../wire/addresses.ts";
import type { Block } from "../../wire/enforcement.ts";
import type { Enforcement } from "./file.ts";
import { Trouble } from "./trouble.ts";

/** An order that arrives later than this after it was given is not done: the person has gone on, the plant has changed. */
export const LATE_MS = 15 * 60_000;
const HOUR = 3_600_000;
/** The clock of the server may be a little away. */
const SLACK_MS = 5 * 60_000;

/** An order as the sensor understands it: MAC and addresses in clear. */
export interface Wanted extends Omit<Block, "mac"> {
  readonly mac: number;
  /** Whether this sensor has seen the MAC on the wire since its start. */
  readonly seen: boolean;
}
export interface Facts {
  /** Milliseconds, the server's clock. */
  readonly now: number;
  /** Devices that are off now, or being taken off. */
  readonly blocked: number;
  /** MACs of this machine, and of NAC and switches. */
  readonly own: ReadonlySet<number>;
  /** The sensor uploads tokens: what the server names was opened by a key that may not be the right one. */
  readonly tokens: boolean;
}

/** Why it is refused, or null. */
export function refusalOf(
  { neverMacs, neverNetworks, devices, hours }: Pick<Enforcement, "neverMacs" | "neverNetworks" | "devices" | "hours">,
  { mac, addresses, asked, until, seen }: Wanted,
  { now, blocked, own, tokens }: Facts,
): Trouble | null {
  const name = writeMac(mac);
  if (now - asked > LATE_MS || until <= now) return new Trouble("too-late", `the order of ${name} arrived too late`);
  if (until - now > hours * HOUR + SLACK_MS) return new Trouble("too-long", `${name}: at most ${hours} hours`);
  if (mac === 0 || isGroup(mac)) return new Trouble("never-block", `${name} is no device`);
  if (own.has(mac)) return new Trouble("own-address", `${name} is this machine, a NAC or a switch`);
  if (neverMacs.has(mac)) return new Trouble("never-block", `${name} is on the list of what is never blocked`);
  if (tokens && !seen) return new Trouble("not-seen", `${name} was not seen by this sensor`);
  if (neverNetworks.length > 0 && addresses.length === 0)
    return new Trouble("address-unknown", `no address of ${name} is known, and addresses are never blocked here`);
  if (addresses.some((address) => neverNetworks.some((network) => networkHas(network, address))))
    return new Trouble("never-block", `an address of ${name} is on the list of what is never blocked`);
  if (blocked >= devices) return new Trouble("limit", `${blocked} devices are off already, ${devices} may be`);
  return null;
}
/** The first bit on the wire: a group, not a device. */
const isGroup = (mac: number): boolean => Math.floor(mac / 2 ** 40) % 2 === 1;
