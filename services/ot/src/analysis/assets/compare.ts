/** Two periods side by side (goal 14): devices, conversations, commands and volumes that are new, gone or changed. */
import type { ProtocolName } from "../../wire/vocabulary.ts";
import type { Asset, AssetAttribute, Evidence } from "../model.ts";
import { agree } from "./evidence.ts";

export interface Period {
  /** ms. */
  readonly from: number;
  readonly to: number;
}
/** What talked by a protocol and port in either period; null where it did not. Ends that are no device are null. */
export interface PeriodTalk {
  readonly client: string | null;
  readonly server: string | null;
  readonly protocol: ProtocolName;
  readonly port: number;
  readonly before: Amount | null;
  readonly after: Amount | null;
}
export interface Amount {
  readonly bytes: number;
  readonly packets: number;
}
/** How often a function was used in either period; null where it was not. */
export interface PeriodCommand {
  readonly client: string | null;
  readonly server: string | null;
  readonly protocol: ProtocolName;
  readonly code: number;
  readonly before: number | null;
  readonly after: number | null;
}
/** Each conversation and each command once. */
export interface PeriodFacts {
  readonly talks: readonly PeriodTalk[];
  readonly commands: readonly PeriodCommand[];
  /** All of the site with their times; who was there in a period is told by `first` and `last` and by the talk. */
  readonly assets: readonly Asset[];
}
/** Per hour, so that periods of different lengths compare. */
export interface Volume {
  readonly before: number;
  readonly after: number;
}
export type Change = "new" | "gone" | "changed";
export interface Thresholds {
  /** Told as changed when it grew or shrank by at least this factor … */
  readonly factor: number;
  /** … and by at least this much an hour: bytes for volumes, times for commands. */
  readonly bytes: number;
  readonly times: number;
}
export const usualThresholds: Thresholds = { factor: 2, bytes: 10_000, times: 10 };

export interface PeriodComparison {
  readonly assets: {
    readonly before: number;
    readonly after: number;
    readonly items: readonly {
      readonly change: "new" | "gone";
      readonly asset: string;
      readonly first: number;
      readonly last: number;
    }[];
    readonly attributes: readonly AttributeChange[];
  };
  readonly conversations: {
    readonly before: number;
    readonly after: number;
    readonly items: readonly (Omit<PeriodTalk, "before" | "after"> & {
      readonly change: Change;
      readonly bytes: Volume;
    })[];
  };
  readonly commands: {
    readonly before: number;
    readonly after: number;
    readonly items: readonly (Omit<PeriodCommand, "before" | "after"> & {
      readonly change: Change;
      readonly count: Volume;
    })[];
  };
  readonly volumes: readonly { readonly protocol: ProtocolName; readonly bytes: Volume; readonly packets: Volume }[];
}
export interface AttributeChange {
  readonly asset: string;
  readonly attribute: AssetAttribute;
  readonly before: string | null;
  readonly after: string;
  /** When the new value was first seen, ms. */
  readonly at: number;
}

export function compare(
  before: Period,
  after: Period,
  { talks, commands, assets }: PeriodFacts,
  thresholds: Thresholds = usualThresholds,
): PeriodComparison {
  const there = [present(assets, before, talks, "before"), present(assets, after, talks, "after")] as const;
  const items = assets.flatMap((asset) => {
    const [was, is] = [there[0].has(asset.id), there[1].has(asset.id)];
    const change = was ? ("gone" as const) : ("new" as const);
    return was === is ? [] : [{ change, asset: asset.id, first: asset.first, last: asset.last }];
  });
  const judge = { before, after, factor: thresholds.factor };
  const talked = changesOf(talks, (amount: Amount) => amount.bytes, { ...judge, least: thresholds.bytes });
  const asked = changesOf(commands, (times: number) => times, { ...judge, least: thresholds.times });
  return {
    assets: {
      before: there[0].size,
      after: there[1].size,
      items: items.toSorted((a, b) => Number(a.change === "gone") - Number(b.change === "gone") || a.first - b.first),
      attributes: assets.flatMap((asset) =>
        there[0].has(asset.id) && there[1].has(asset.id) ? attributeChanges(asset, before, after) : [],
      ),
    },
    conversations: {
      before: talked.before,
      after: talked.after,
      items: talked.found.map(({ row: { client, server, protocol, port }, change, volume }) => {
        return { client, server, protocol, port, change, bytes: volume };
      }),
    },
    commands: {
      before: asked.before,
      after: asked.after,
      items: asked.found.map(({ row: { client, server, protocol, code }, change, volume }) => {
        return { client, server, protocol, code, change, count: volume };
      }),
    },
    volumes: volumesOf(talks, before, after),
  };
}

/** Small rates keep two digits: what was done once a day is not 0. */
function perHour(amount: number, { from, to }: Period): number {
  if (to <= from) return 0;
  const rate = (amount * 3_600_000) / (to - from);
  return rate < 10 ? Number(rate.toPrecision(2)) : Math.round(rate);
}

/** A device was there when it talked, or when the period touches its first or last sight. */
function present(
  assets: readonly Asset[],
  period: Period,
  talks: readonly PeriodTalk[],
  side: "before" | "after",
): ReadonlySet<string> {
  const within = (time: number): boolean => time >= period.from && time <= period.to;
  const talked = new Set<string | null>();
  for (const talk of talks) {
    if (talk[side] === null) continue;
    talked.add(talk.client);
    talked.add(talk.server);
  }
  const there = new Set<string>();
  for (const { id, first, last } of assets) if (talked.has(id) || within(first) || within(last)) there.add(id);
  return there;
}

interface Judge {
  readonly before: Period;
  readonly after: Period;
  readonly factor: number;
  readonly least: number;
}
const order: Readonly<Record<Change, number>> = { new: 0, gone: 1, changed: 2 };
const weight = ({ volume }: { readonly volume: Volume }): number => Math.abs(volume.after - volume.before);

/** How many there were in each period, and what changed: what is new first, then the greatest. */
function changesOf<A, T extends { readonly before: A | null; readonly after: A | null }>(
  rows: readonly T[],
  amount: (of: A) => number,
  { before, after, factor, least }: Judge,
): { before: number; after: number; found: { row: T; change: Change; volume: Volume }[] } {
  const found: { row: T; change: Change; volume: Volume }[] = [];
  const counts = [0, 0] as [number, number];
  for (const row of rows) {
    const volume = {
      before: row.before === null ? 0 : perHour(amount(row.before), before),
      after: row.after === null ? 0 : perHour(amount(row.after), after),
    };
    if (row.before !== null) counts[0]++;
    if (row.after !== null) counts[1]++;
    if (row.before === null || row.after === null) {
      found.push({ row, change: row.before === null ? "new" : "gone", volume });
      continue;
    }
    const [low, high] = [Math.min(volume.before, volume.after), Math.max(volume.before, volume.after)];
    if (high >= low * factor && high - low >= least) found.push({ row, change: "changed", volume });
  }
  found.sort((a, b) => order[a.change] - order[b.change] || weight(b) - weight(a));
  return { before: counts[0], after: counts[1], found };
}

function volumesOf(talks: readonly PeriodTalk[], first: Period, second: Period): PeriodComparison["volumes"] {
  const sums = new Map<ProtocolName, { before: [number, number]; after: [number, number] }>();
  for (const { protocol, before, after } of talks) {
    let sum = sums.get(protocol);
    if (sum === undefined) sums.set(protocol, (sum = { before: [0, 0], after: [0, 0] }));
    sum.before[0] += before?.bytes ?? 0;
    sum.before[1] += before?.packets ?? 0;
    sum.after[0] += after?.bytes ?? 0;
    sum.after[1] += after?.packets ?? 0;
  }
  return Array.from(sums, ([protocol, { before, after }]) => ({
    protocol,
    bytes: { before: perHour(before[0], first), after: perHour(after[0], second) },
    packets: { before: perHour(before[1], first), after: perHour(after[1], second) },
  })).toSorted((a, b) => Math.max(b.bytes.before, b.bytes.after) - Math.max(a.bytes.before, a.bytes.after));
}

/** Attributes whose change a person wants to know of. */
const told: readonly AssetAttribute[] = [
  "name",
  "vendor",
  "model",
  "order-number",
  "firmware",
  "hardware",
  "serial",
  "os",
  "attached-to",
];
/** What the same source said in one period and something else in the other. */
export function attributeChanges(
  asset: Pick<Asset, "id" | "attributes">,
  before: Period,
  after: Period,
): readonly AttributeChange[] {
  const changes: AttributeChange[] = [];
  for (const attribute of told) {
    const list = asset.attributes[attribute] ?? [];
    const during = ({ from, to }: Period): Evidence[] => list.filter(({ first, last }) => first <= to && last >= from);
    const [was, is] = [during(before), during(after)];
    for (const now of is) {
      const old = was.filter(({ source }) => source === now.source).toSorted((a, b) => b.last - a.last)[0];
      // Still said in the first period: no change.
      if (old === undefined || now.first <= before.to || agree(attribute, old.value, now.value)) continue;
      if (changes.some((known) => known.attribute === attribute && known.after === now.value)) continue;
      changes.push({ asset: asset.id, attribute, before: old.value, after: now.value, at: now.first });
    }
  }
  return changes;
}
