/** Two periods side by side (goal 14): devices, conversations, commands and volumes that are new, gone or changed. */
import type { CommandClass, ProtocolName } from "../../wire/vocabulary.ts";
import type { Asset, AssetAttribute, Evidence } from "../model.ts";
import { agree } from "./evidence.ts";

export interface Period {
  /** ms. */
  readonly from: number;
  readonly to: number;
}
/** What talked in a period, summed by client, server, protocol and port; ends that are no device are null. */
export interface PeriodTalk {
  readonly client: string | null;
  readonly server: string | null;
  readonly protocol: ProtocolName;
  readonly port: number;
  readonly bytes: number;
  readonly packets: number;
}
export interface PeriodCommand {
  readonly client: string | null;
  readonly server: string | null;
  readonly protocol: ProtocolName;
  readonly code: number;
  readonly name: string;
  readonly class: CommandClass;
  readonly count: number;
}
export interface PeriodFacts extends Period {
  readonly conversations: Iterable<PeriodTalk>;
  readonly commands: Iterable<PeriodCommand>;
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
    readonly items: readonly (Omit<PeriodTalk, "bytes" | "packets"> & {
      readonly change: Change;
      readonly bytes: Volume;
    })[];
  };
  readonly commands: {
    readonly before: number;
    readonly after: number;
    readonly items: readonly (Omit<PeriodCommand, "count"> & { readonly change: Change; readonly count: Volume })[];
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

/** `assets`: all of the site with their times; who was there in a period is told by `first` and `last` and by the talk. */
export function compare(
  before: PeriodFacts,
  after: PeriodFacts,
  assets: Iterable<Asset>,
  thresholds: Thresholds = usualThresholds,
): PeriodComparison {
  const talks = [collect(before.conversations, talkKey), collect(after.conversations, talkKey)] as const;
  const commands = [collect(before.commands, commandKey), collect(after.commands, commandKey)] as const;
  const all = [...assets];
  const there = [present(all, before, talks[0]), present(all, after, talks[1])] as const;
  const items = all.flatMap((asset) => {
    const [was, is] = [there[0].has(asset.id), there[1].has(asset.id)];
    const change = was ? ("gone" as const) : ("new" as const);
    return was === is ? [] : [{ change, asset: asset.id, first: asset.first, last: asset.last }];
  });
  return {
    assets: {
      before: there[0].size,
      after: there[1].size,
      items: items.toSorted((a, b) => Number(a.change === "gone") - Number(b.change === "gone") || a.first - b.first),
      attributes: all.flatMap((asset) =>
        there[0].has(asset.id) && there[1].has(asset.id) ? attributeChanges(asset, before, after) : [],
      ),
    },
    conversations: {
      before: talks[0].size,
      after: talks[1].size,
      items: changesOf(talks, before, after, (row) => row.bytes, thresholds, thresholds.bytes).map(
        ({ row, change, volume }) => {
          const { client, server, protocol, port } = row;
          return { client, server, protocol, port, change, bytes: volume };
        },
      ),
    },
    commands: {
      before: commands[0].size,
      after: commands[1].size,
      items: changesOf(commands, before, after, (row) => row.count, thresholds, thresholds.times).map(
        ({ row, change, volume }) => {
          const { count: _, ...rest } = row;
          return { ...rest, change, count: volume };
        },
      ),
    },
    volumes: volumesOf(talks, before, after),
  };
}

const talkKey = (row: PeriodTalk): string => `${row.client} ${row.server} ${row.protocol} ${row.port}`;
const commandKey = (row: PeriodCommand): string => `${row.client} ${row.server} ${row.protocol} ${row.code}`;
const collect = <T>(rows: Iterable<T>, key: (row: T) => string): ReadonlyMap<string, T> =>
  new Map(Array.from(rows, (row) => [key(row), row]));
const perHour = (amount: number, { from, to }: Period): number =>
  to > from ? Math.round((amount * 3_600_000) / (to - from)) : 0;

/** A device was there when it talked, or when the period touches its first or last sight. */
function present(
  assets: readonly Asset[],
  period: Period,
  talks: ReadonlyMap<string, PeriodTalk>,
): ReadonlySet<string> {
  const within = (time: number): boolean => time >= period.from && time <= period.to;
  const talked = new Set([...talks.values()].flatMap(({ client, server }) => [client, server]));
  return new Set(
    assets.filter(({ id, first, last }) => talked.has(id) || within(first) || within(last)).map(({ id }) => id),
  );
}

function changesOf<T>(
  [before, after]: readonly [ReadonlyMap<string, T>, ReadonlyMap<string, T>],
  first: Period,
  second: Period,
  amount: (row: T) => number,
  { factor }: Thresholds,
  least: number,
): { row: T; change: Change; volume: Volume }[] {
  const found: { row: T; change: Change; volume: Volume }[] = [];
  for (const key of new Set([...before.keys(), ...after.keys()])) {
    const [was, is] = [before.get(key), after.get(key)];
    const volume = {
      before: was === undefined ? 0 : perHour(amount(was), first),
      after: is === undefined ? 0 : perHour(amount(is), second),
    };
    if (was === undefined || is === undefined)
      found.push({ row: (is ?? was) as T, change: was === undefined ? "new" : "gone", volume });
    else {
      const [low, high] = [Math.min(volume.before, volume.after), Math.max(volume.before, volume.after)];
      if (high >= low * factor && high - low >= least) found.push({ row: is, change: "changed", volume });
    }
  }
  const order: Readonly<Record<Change, number>> = { new: 0, gone: 1, changed: 2 };
  const weight = ({ volume }: { volume: Volume }): number => Math.abs(volume.after - volume.before);
  return found.toSorted((a, b) => order[a.change] - order[b.change] || weight(b) - weight(a));
}

function volumesOf(
  [before, after]: readonly [ReadonlyMap<string, PeriodTalk>, ReadonlyMap<string, PeriodTalk>],
  first: Period,
  second: Period,
): PeriodComparison["volumes"] {
  const sums = new Map<ProtocolName, [number, number, number, number]>();
  [before, after].forEach((rows, side) => {
    for (const { protocol, bytes, packets } of rows.values()) {
      const sum = sums.get(protocol) ?? [0, 0, 0, 0];
      sums.set(protocol, sum);
      sum[side] = (sum[side] as number) + bytes;
      sum[side + 2] = (sum[side + 2] as number) + packets;
    }
  });
  return Array.from(sums, ([protocol, [bytesWas, bytesIs, packetsWas, packetsIs]]) => ({
    protocol,
    bytes: { before: perHour(bytesWas, first), after: perHour(bytesIs, second) },
    packets: { before: perHour(packetsWas, first), after: perHour(packetsIs, second) },
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
