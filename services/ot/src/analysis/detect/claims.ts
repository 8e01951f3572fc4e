/** Who claims an address (OT-26): two at once is a conflict; one that has an address of its own, a pretender. */
import { macKind } from "../assets/addresses.ts";
import type { Observation } from "../model.ts";
import { addressKey } from "./keys.ts";
import { MINUTE } from "./settings.ts";
import type { Run } from "./run.ts";
import type { AddressBaseline } from "./baselines.ts";
import { atDay } from "./words.ts";

type Binding = Observation["bindings"][number];
type Claim = AddressBaseline["claims"][number];
/** MACs kept for one address; the oldest goes. */
const MAX_CLAIMS = 8;
/** Both are there when both were seen within this time. */
const TOGETHER = 10 * MINUTE;
/** The same trouble is told again after this time. */
const AGAIN = 60 * MINUTE;

export function claims(run: Run): void {
  const owned = addressesByMac(run.observation.bindings);
  const rows = run.observation.bindings.filter(isClaim);
  // All are noted before any is judged: two claims of one batch are seen whatever their order.
  for (const row of rows) {
    const key = addressKey(row.vlan, row.address);
    run.keep(withClaim(run.baseline("address", key), key, row));
  }
  for (const row of rows) {
    const now = run.baseline("address", addressKey(row.vlan, row.address));
    const rival = now === undefined ? undefined : rivalOf(run, now, row);
    if (now === undefined || rival === undefined || (now.told !== null && row.last - now.told < AGAIN)) continue;
    tell(run, row, rival, owned.get(row.mac) ?? new Set([row.address]));
    run.keep({ ...now, told: row.last });
  }
}

/** A router speaks for others; a shared MAC of a redundancy group is meant to move; a probe only asks. */
const isClaim = ({ kind, mac, address }: Binding): boolean =>
  kind !== "traffic" &&
  kind !== "arp-probe" &&
  macKind(mac) === "device" &&
  address !== "0.0.0.0" &&
  !address.startsWith("fe80:");

function addressesByMac(rows: readonly Binding[]): Map<string, Set<string>> {
  const owned = new Map<string, Set<string>>();
  for (const { mac, address } of rows) owned.set(mac, (owned.get(mac) ?? new Set()).add(address));
  return owned;
}

function withClaim(before: AddressBaseline | undefined, key: string, row: Binding): AddressBaseline {
  const old = before?.claims.find(({ mac }) => mac === row.mac);
  const claim: Claim = {
    mac: row.mac,
    first: Math.min(row.first, old?.first ?? row.first),
    last: Math.max(row.last, old?.last ?? row.last),
    count: row.count + (old?.count ?? 0),
    dhcp: row.kind === "dhcp" || old?.dhcp === true,
    shared: old?.shared === true,
  };
  const others = (before?.claims ?? []).filter(({ mac }) => mac !== row.mac);
  return { kind: "address", key, due: null, claims: [...others, claim].slice(-MAX_CLAIMS), told: before?.told ?? null };
}

/** Another device that was seen with the address at the same time, and had it before. */
function rivalOf(run: Run, { claims: all }: AddressBaseline, row: Binding): Claim | undefined {
  const mine = all.find(({ mac }) => mac === row.mac);
  if (mine === undefined) return undefined;
  return all.find(
    (other) =>
      other.mac !== row.mac &&
      isOlder(run, other, mine) &&
      !(other.shared && mine.shared) &&
      !sameDevice(run, other.mac, row.mac) &&
      row.last - other.last < TOGETHER &&
      // A lease that moved on: the old holder was silent before the new one began.
      !(mine.dhcp && other.dhcp && other.last < mine.first) &&
      // The old one was seen again after the new one came: a replaced device is not.
      other.last >= mine.first,
  );
}

/** Had the address before; of two that came in one batch, the device that is known for longer. */
function isOlder(run: Run, other: Claim, mine: Claim): boolean {
  if (other.first !== mine.first) return other.first < mine.first;
  const since = ({ mac }: Claim): number => run.asset(run.byMac.get(mac) ?? "")?.first ?? Number.POSITIVE_INFINITY;
  return since(other) <= since(mine);
}

/** Two cards of one device, as far as the assets know. */
function sameDevice(run: Run, a: string, b: string): boolean {
  const [one, two] = [run.byMac.get(a), run.byMac.get(b)];
  return one !== undefined && one === two;
}

function tell(run: Run, row: Binding, rival: Claim, claimed: ReadonlySet<string>): void {
  const claimant = run.byMac.get(row.mac);
  const owner = run.byMac.get(rival.mac);
  const ownAddresses = claimant === undefined ? [] : (run.asset(claimant)?.addresses ?? []);
  const others = [...claimed, ...ownAddresses].filter((address) => address !== row.address && address.includes("."));
  const spoofing = others.length > 0;
  run.raise({
    kind: spoofing ? "ot.arp.spoofing" : "ot.address.conflict",
    about: owner ?? rival.mac,
    peer: claimant ?? row.mac,
    key: `${addressKey(row.vlan, row.address)}|${[row.mac, rival.mac].sort().join(" ")}`,
    // A pretender stands between two: both addresses are one incident.
    group: spoofing ? `spoofing|${row.mac}` : `conflict|${row.vlan}|${row.address}`,
    since: row.first,
    confidence: spoofing ? 0.85 : 0.9,
    parameters: {
      address: row.address,
      claimant: claimant === undefined ? row.mac : `${run.name(claimant)} [${row.mac}]`,
      owner: owner === undefined ? rival.mac : `${run.name(owner)} [${rival.mac}]`,
      since: atDay(rival.first, run.input.settings.utcOffset),
      times: rival.count,
    },
    evidence: [
      { label: "MAC", value: rival.mac },
      { label: "MAC", value: row.mac },
      ...others.slice(0, 3).map((address) => ({ label: "IP", value: address })),
    ],
  });
}
