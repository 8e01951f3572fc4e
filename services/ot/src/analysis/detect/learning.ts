/**
 * Learning per device: until it brings nothing new any more (saturation), at most `maximumDays`. An office machine that never
 * comes to rest goes to the noisy class, where only its protocols are learned, not its partners; a device of the factory is
 * watched to the pair in any case.
 */
import { assetKey, deviceKey } from "./keys.ts";
import { isDevice } from "./parties.ts";
import type { Run } from "./run.ts";
import { DAY } from "./settings.ts";
import type { AssetBaseline } from "./baselines.ts";
import { both, roleWords } from "./words.ts";

/** Days with new items that are remembered. */
const KEPT_DAYS = 14;
/** A watched office machine is noisy when each of so many days brought so many items that nobody had learned. */
const NOISY_DAYS = 3;
const NOISY_ITEMS = 5;
/** New devices in one upload from which on they are told together. */
const MANY = 5;

/** Loads what is known of the devices of this batch and tells the new ones. */
export function meetDevices(run: Run): void {
  const { observation } = run;
  const spans = spansOf(run);
  const fresh = new Map<string, number>();
  for (const party of new Set(run.parties)) {
    if (!isDevice(party) || run.asset(party) === undefined) continue;
    const first = spans.get(party) ?? observation.from;
    const before = run.see(deviceKey(party), { first, last: observation.to }, run.siteLearns);
    if (run.state(party) === undefined) {
      const approved = run.siteLearns || before?.known === true;
      const state: AssetBaseline = {
        kind: "asset",
        key: assetKey(party),
        due: null,
        since: first,
        state: "learning",
        approved,
        items: 0,
        days: [],
      };
      run.keep(state);
    }
    if (run.isNew(before, first) && !run.siteLearns) fresh.set(party, first);
  }
  // A whole segment that comes up at once is one incident.
  const together = fresh.size > MANY ? `devices|${observation.sensor}|${observation.from}` : null;
  for (const [party, first] of fresh) newDevice(run, party, first, together ?? `device|${party}`);
}

/** Of each party, the first time in this batch. */
function spansOf(run: Run): Map<string, number> {
  const spans = new Map<string, number>();
  const meet = (party: string, first: number): void => {
    if (first < (spans.get(party) ?? Number.POSITIVE_INFINITY)) spans.set(party, first);
  };
  for (const { client, server, first } of run.observation.conversations) {
    meet(run.at(client), first);
    meet(run.at(server), first);
  }
  for (const { endpoint, first } of run.observation.identities) meet(run.at(endpoint), first);
  return spans;
}

function newDevice(run: Run, party: string, first: number, group: string): void {
  run.fresh.add(party);
  const asset = run.asset(party);
  const vendor = asset?.attributes.vendor?.[0]?.value ?? "";
  run.raise({
    kind: "ot.device.new",
    about: party,
    key: deviceKey(party),
    group,
    since: first,
    confidence: 0.95,
    parameters: {
      device: run.name(party),
      address: asset?.addresses[0] ?? "-",
      mac: asset?.macs[0] ?? "-",
      vendor: vendor === "" ? "-" : vendor,
      ...both("role", roleWords[asset?.role ?? "unknown"]),
      ...run.history("site"),
    },
    evidence: (asset?.macs ?? []).slice(0, 4).map((mac) => ({ label: "MAC", value: mac })),
  });
}

/** After all detections: counts what was new of each device and moves it from learning to watching. */
export function moveOn(run: Run): void {
  const today = Math.floor(run.observation.to / DAY);
  for (const party of new Set(run.parties)) {
    const state = isDevice(party) ? run.state(party) : undefined;
    if (state === undefined) continue;
    const count = run.newItems(party);
    const days = count === 0 ? state.days : addDay(state.days, today, count);
    const next = { ...state, days, items: state.items + count };
    run.keep({ ...next, state: nextState(run, party, next, today) });
  }
}

function addDay(days: AssetBaseline["days"], today: number, count: number): AssetBaseline["days"] {
  const last = days.at(-1);
  if (last?.[0] === today) return [...days.slice(0, -1), [today, last[1] + count]];
  return [...days, [today, count] as const].slice(-KEPT_DAYS);
}

function nextState(run: Run, party: string, state: AssetBaseline, today: number): AssetBaseline["state"] {
  const { minimumDays, maximumDays, saturation } = run.input.settings.learning;
  const age = (run.observation.to - state.since) / DAY;
  const perDay = itemsPerDay(state.days, today);
  if (state.state === "learning") {
    if (age < minimumDays) return "learning";
    if (perDay <= saturation) return "watching";
    if (age < maximumDays) return "learning";
    return run.isFactory(party) ? "watching" : "noisy";
  }
  if (run.isFactory(party)) return "watching";
  if (state.state === "noisy") return perDay <= saturation && quietFor(state.days, today) ? "watching" : "noisy";
  const busy = state.days.filter(([day, items]) => day >= today - NOISY_DAYS && day < today && items >= NOISY_ITEMS);
  return busy.length >= NOISY_DAYS ? "noisy" : "watching";
}

/** Mean of the last three whole days. */
function itemsPerDay(days: AssetBaseline["days"], today: number): number {
  let sum = 0;
  for (const [day, items] of days) if (day >= today - 3 && day < today) sum += items;
  return sum / 3;
}
const quietFor = (days: AssetBaseline["days"], today: number): boolean =>
  !days.some(([day, items]) => day >= today - KEPT_DAYS && items > 1);
