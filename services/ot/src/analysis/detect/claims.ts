/** Who claims an address (OT-26): two at once is a conflict; one that has an address of its own, a pretender. */
import { macKind } from "../assets/addresses.ts";
import type { Observation } from "../model.ts";
import { addressKey } from "./keys.ts";
import { MINUTE } from "./settings.ts";
import type { Run } from "./run.ts";
import type { AddressBaseline } from "./baselines.ts";
import { atDay, both } from "./words.ts";

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
    const claimed = owned.get(row.mac) ?? new Set([row.address]);
    const rival = now === undefined ? undefined : rivalOf(run, now, row, claimed);
    if (now === undefined || rival === undefined || (now.told !== null && row.last - now.told < AGAIN)) continue;
    tell(run, row, rival, claimed);
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

/** Another device that has the address too, and had it before. */
function rivalOf(
  run: Run,
  { claims: all }: AddressBaseline,
  row: Binding,
  claimed: ReadonlySet<string>,
): Claim | undefined {
  const mine = all.find(({ mac }) => mac === row.mac);
  if (mine === undefined) return undefined;
  return all.find(
    (other) =>
      other.mac !== row.mac &&
      isOlder(run, other, mine) &&
      !(other.shared && mine.shared) &&
      !sameDevice(run, other.mac, row.mac) &&
      // A lease that moved on: the old holder was silent before the new one began.
      !(mine.dhcp && other.dhcp && other.last < mine.first) &&
      (isAlive(run, other, mine, row) || takesOver(row, claimed)),
  );
}

const isAlive = (run: Run, other: Claim, mine: Claim, row: Binding): boolean =>
  claimsStill(other, mine, row) || isThereStill(run, other, mine);

/** Says within one upload that two addresses are its own, and nobody asked it to: a pretender, or a cluster that failed over. */
const takesOver = ({ kind, address }: Binding, claimed: ReadonlySet<string>): boolean =>
  (kind === "arp-reply" || kind === "arp-gratuitous") &&
  [...claimed].some((other) => other !== address && other.includes(".") && other !== "0.0.0.0");

/** It was heard with the address again after the other came: a device that was replaced is not. */
const claimsStill = (other: Claim, mine: Claim, row: Binding): boolean =>
  row.last - other.last < TOGETHER && other.last >= mine.first;

/**
 * It did not say so itself, but it works on: a router, which seldom tells its address, or a device that has no other one now.
 * One that has another moved, as with a lease.
 */
function isThereStill(run: Run, other: Claim, mine: Claim): boolean {
  const asset = run.asset(run.byMac.get(other.mac) ?? "");
  if (asset === undefined || asset.last < mine.first || run.observation.to - asset.last > TOGETHER) return false;
  return asset.routes || !asset.addresses.some((address) => address.includes("."));
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

const there = { en: "the holder is still there", ja: "元の機器は今も動作中" };
const silent = { en: "the holder was not heard lately", ja: "元の機器は最近見られていません" };

function tell(run: Run, row: Binding, rival: Claim, claimed: ReadonlySet<string>): void {
  const claimant = run.byMac.get(row.mac);
  const owner = run.byMac.get(rival.mac);
  const ownAddresses = claimant === undefined ? [] : (run.asset(claimant)?.addresses ?? []);
  const others = [...claimed, ...ownAddresses].filter((address) => address !== row.address && address.includes("."));
  const spoofing = others.length > 0;
  const mine = { mac: row.mac, first: row.first, last: row.last, count: row.count, dhcp: false, shared: false };
  const alive = isAlive(run, rival, mine, row);
  run.raise({
    kind: spoofing ? "ot.arp.spoofing" : "ot.address.conflict",
    about: owner ?? rival.mac,
    peer: claimant ?? row.mac,
    key: `${addressKey(row.vlan, row.address)}|${[row.mac, rival.mac].sort().join(" ")}`,
    // A pretender stands between two: both addresses are one incident.
    group: spoofing ? `spoofing|${row.mac}` : `conflict|${row.vlan}|${row.address}`,
    since: row.first,
    ...(alive ? {} : { severity: "bad" as const }),
    confidence: alive ? (spoofing ? 0.85 : 0.9) : 0.6,
    parameters: {
      address: row.address,
      claimant: claimant === undefined ? row.mac : `${run.name(claimant)} [${row.mac}]`,
      owner: owner === undefined ? rival.mac : `${run.name(owner)} [${rival.mac}]`,
      since: atDay(rival.first, run.input.settings.utcOffset),
      times: rival.count,
      ...both("state", alive ? there : silent),
    },
    evidence: [
      { label: "MAC", value: rival.mac },
      { label: "MAC", value: row.mac },
      ...others.slice(0, 3).map((address) => ({ label: "IP", value: address })),
    ],
  });
}
