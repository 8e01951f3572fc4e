/** Notices that the machine slept, that its clock was set, and that its way to the network changed. */
import { readFileSync } from "node:fs";
import { networkInterfaces } from "node:os";
import { wallOffset, type AgentClock } from "./clock.ts";

/** A sleep shorter than this cannot be told from /proc/uptime's coarseness, µs. */
const SLEEP = 300_000;
/** Without a boot clock, a forward jump of the wall clock of this length is taken for sleep, µs. */
const JUMP = 20_000_000;
/** The wall clock was set, not disciplined: more than this between it and the grid's dates, µs. */
const STEP = 20_000;
/** Looking at interfaces and routes costs about 0.15 ms, so once per this time, µs. */
const NETWORK_EVERY = 1_000_000;

export interface NetworkState {
  /** What a change of network changes: default routes and the addresses on their interfaces. */
  readonly fingerprint: string;
  /** Whether any interface but loopback is up with an address. */
  readonly present: boolean;
}

export type Change =
  /** `by`: how far the wall clock went on, µs; `offset`: the new wall minus monotonic. */
  | { readonly kind: "slept"; readonly by: number; readonly offset: number }
  | { readonly kind: "clock-set"; readonly by: number; readonly offset: number }
  | { readonly kind: "network-changed" }
  | { readonly kind: "network-lost" };

export class Environment {
  readonly #clock: AgentClock;
  readonly #network: () => NetworkState;
  /** Wall minus monotonic by which slots are dated. */
  offset: number;
  #asleep: number | null;
  #state: NetworkState;
  #networkAt: number;

  constructor(clock: AgentClock, network: () => NetworkState = networkState) {
    this.#clock = clock;
    this.#network = network;
    this.offset = wallOffset(clock);
    this.#asleep = asleep(clock);
    this.#networkAt = clock.monotonic();
    this.#state = network();
  }

  get networkMissing(): boolean {
    return !this.#state.present;
  }

  /** Whether the wall clock has left the monotonic one: cheap enough to be asked at each wake-up. */
  get jumped(): boolean {
    return Math.abs(this.#clock.wall() - this.#clock.monotonic() - this.offset) > STEP;
  }

  /** What changed since the last look; `closely`: the network too, however lately it was looked at. */
  look(closely = false): Change[] {
    const changes: Change[] = [];
    const offset = wallOffset(this.#clock);
    const moved = offset - this.offset;
    const now = this.#clock.monotonic();
    const sum = asleep(this.#clock);
    const slept = sum === null || this.#asleep === null ? 0 : sum - this.#asleep;
    const known = sum !== null;
    if ((known && slept > SLEEP) || (!known && moved > JUMP)) {
      changes.push({ kind: "slept", by: moved, offset });
      this.offset = offset;
      this.#networkAt = Number.NEGATIVE_INFINITY;
    } else if (Math.abs(moved) > STEP) {
      changes.push({ kind: "clock-set", by: moved, offset });
      this.offset = offset;
    }
    this.#asleep = sum;
    if (closely || now - this.#networkAt >= NETWORK_EVERY) {
      this.#networkAt = now;
      const state = this.#network();
      if (state.fingerprint !== this.#state.fingerprint)
        changes.push({ kind: state.present ? "network-changed" : "network-lost" });
      this.#state = state;
    }
    return changes;
  }
}

const asleep = (clock: AgentClock): number | null => {
  const boot = clock.boot();
  return boot === null ? null : boot - clock.monotonic();
};

/** The network as it is now: default routes (Linux), and the addresses of the interfaces that have one. */
export function networkState(): NetworkState {
  const routes = defaultRoutes(readText("/proc/net/route"), readText("/proc/net/ipv6_route"));
  const carrying = new Set(routes.map((route) => route.split(" ")[0]));
  const addresses: string[] = [];
  let present = false;
  for (const [name, entries] of Object.entries(networkInterfaces())) {
    for (const entry of entries ?? []) {
      if (entry.internal) continue;
      present = true;
      if (carrying.size > 0 && !carrying.has(name)) continue;
      // Privacy addresses come and go within one network: of IPv6 only the prefix tells where we are.
      if (entry.family === "IPv4") addresses.push(`${name} ${entry.address}`);
      else if (entry.scopeid === 0) addresses.push(`${name} ${entry.address.split(":").slice(0, 4).join(":")}`);
    }
  }
  return { fingerprint: [...routes, ...new Set(addresses)].sort().join("\n"), present };
}

/** Interface and gateway of each default route, from /proc/net/route and /proc/net/ipv6_route (proc(5)). */
export function defaultRoutes(v4: string, v6: string): string[] {
  const routes: string[] = [];
  for (const line of v4.split("\n").slice(1)) {
    const [device, destination, gateway, , , , , mask] = line.split("\t");
    if (destination === "00000000" && mask === "00000000") routes.push(`${device} ${gateway}`);
  }
  for (const line of v6.split("\n")) {
    const [destination, prefix, , , gateway, , , , , device] = line.split(/\s+/);
    if (destination === "0".repeat(32) && prefix === "00" && device !== "lo") routes.push(`${device} ${gateway}`);
  }
  return routes;
}

function readText(path: string): string {
  try {
    return readFileSync(path, "latin1");
  } catch {
    return "";
  }
}
