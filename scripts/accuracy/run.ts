/** Runs every capture through the engine and scores what is said of it against what other tools stored. */
import { basename, dirname } from "node:path";
import type { Capture } from "./corpus.ts";
import { factory } from "./factory.ts";
import { lookedAt, type LookedAt } from "./looked-at.ts";
import { readEvents, readFields, readZeek, textAt, type Row } from "./logs.ts";
import { plain, withoutIpv6, type Measure, type ZeekTruth } from "./measure.ts";
import { office } from "./office.ts";
import { decode, type Ours } from "./ours.ts";
import { between, common, difference, distance, Score, Tally } from "./score.ts";

export interface Result {
  readonly measure: Measure;
  /** Against field-level logs: we, tshark, Suricata. */
  readonly zeek: Score;
  /** The same with nothing left out. */
  readonly zeekAsStored: Score;
  readonly tsharkOnZeek: Score;
  readonly suricataOnZeek: Score;
  /** Against tshark and Suricata themselves. */
  readonly tshark: Score;
  readonly suricata: Score;
  readonly disagreements: Disagreement[];
  /** Captures that were looked at and are not counted, by what they are compared with. */
  readonly settled: LookedAt[];
}
export interface Disagreement {
  readonly capture: string;
  readonly against: "zeek" | "tshark" | "suricata";
  readonly differs: number;
  readonly what: readonly string[];
}
export interface Totals {
  captures: number;
  packets: number;
  /** Of Ethernet captures. */
  ethernet: { captures: number; payloads: number; undissected: number };
  readonly faults: string[];
  readonly damaged: string[];
}

export const measures: readonly Measure[] = [...factory, ...office];

const tallyOf = (keys: Iterable<string>, once: boolean): Tally => {
  const tally = new Tally();
  for (const one of once ? new Set(keys) : keys) tally.add(one);
  return tally;
};

/** A test's log may cover several captures: rows of ends or times that this one has not are of another one. */
const within = (row: Row, ours: Ours, anyTime: boolean): boolean => {
  const [from, to] = [row["id.orig_h"] ?? "", row["id.resp_h"] ?? ""];
  if (from !== "" && to !== "") return ours.pairs.has(`${from}>${to}`);
  const macs = `${row["src_mac"]}>${row["dst_mac"]}`;
  if (row["src_mac"] !== undefined && row["ts_end"] !== undefined && !ours.pairs.has(macs) && macs.length === 35) return false; // prettier-ignore
  if (anyTime) return true;
  const end = Number(row["ts_end"]);
  return !(end > 100_000) || (end >= ours.first - 1 && end <= ours.last + 1);
};

/** Tests have several logs of one name for a capture: the one of the capture's own name, else the one that says most of it. */
function chosen(capture: Capture, paths: readonly string[], truth: ZeekTruth, ours: Ours): Row[] {
  const own = plain(basename(capture.name).replace(/\.[a-z]+$/, ""));
  const mine = paths.filter((path) => plain(basename(dirname(path))).endsWith(own));
  const all = (mine.length > 0 ? mine : paths).map((path) =>
    readZeek(path, truth.columns).filter((row) => within(row, ours, truth.anyTime === true)),
  );
  return all.toSorted((a, b) => b.length - a.length)[0] ?? [];
}

function zeekKeys(capture: Capture, truth: ZeekTruth, ours: Ours): string[] {
  const paths = capture.logs.get(truth.log);
  if (paths === undefined) return [];
  return chosen(capture, paths, truth, ours).flatMap((row) => [...truth.keys(row)]);
}

export class Run {
  readonly results: Result[] = measures.map((measure) => ({
    measure,
    zeek: new Score(),
    zeekAsStored: new Score(),
    tsharkOnZeek: new Score(),
    suricataOnZeek: new Score(),
    tshark: new Score(),
    suricata: new Score(),
    disagreements: [],
    settled: [],
  }));
  readonly totals: Totals = {
    captures: 0,
    packets: 0,
    ethernet: { captures: 0, payloads: 0, undissected: 0 },
    faults: [],
    damaged: [],
  };

  async capture(capture: Capture): Promise<Ours> {
    const ours = await decode(capture.path);
    this.#count(capture, ours);
    const fields = capture.fields === null ? [] : readFields(capture.fields);
    const events = capture.eve === null ? [] : readEvents(capture.eve);
    for (const result of this.results) this.#compare(capture, ours, result, fields, events);
    return ours;
  }

  #count(capture: Capture, ours: Ours): void {
    const { totals } = this;
    totals.captures++;
    totals.packets += ours.packets;
    for (const fault of ours.faults) totals.faults.push(`${capture.name} ${fault}`);
    if (ours.damage !== null) totals.damaged.push(`${capture.name}: ${ours.damage}`);
    if (ours.linkTypes.size !== 1 || !ours.linkTypes.has(1)) return;
    totals.ethernet.captures++;
    totals.ethernet.payloads += ours.payloads;
    totals.ethernet.undissected += ours.undissected;
  }

  #compare(
    capture: Capture,
    ours: Ours,
    result: Result,
    fields: readonly Row[],
    events: ReturnType<typeof readEvents>,
  ): void {
    const { measure } = result;
    const once = measure.once === true;
    let mine: string[] | null = null;
    const own = (): string[] => (mine ??= [...measure.ours(ours)]);
    const truths = (measure.zeek ?? []).map((truth) => ({ truth, keys: zeekKeys(capture, truth, ours) }));
    const told = truths.filter(({ keys }) => keys.length > 0);
    const zeek = told.flatMap(({ keys }) => keys);
    const { tshark, suricata } = measure;
    const theirs = tshark === undefined || !(fields.length > 0 && tshark.field in (fields[0] as Row)) ? null : fields.filter((row) => !(row["frame.protocols"] ?? "").includes(":icmp:")).flatMap((row) => [...tshark.keys(row)]); // prettier-ignore
    const eve = suricata === undefined ? null : events.filter((event) => textAt(event, "event_type") === suricata.type).flatMap((event) => [...suricata.keys(event)]); // prettier-ignore
    const cut = (keys: readonly string[]): string[] => keys.map(withoutIpv6);
    const excerpt = told.some(({ truth }) => truth.excerpt === true) ? new Set(zeek) : null;
    if (zeek.length > 0) {
      const judged = excerpt === null ? own() : own().filter((one) => excerpt.has(one));
      const mineTally = tallyOf(judged, once);
      const truth = tallyOf(zeek, once);
      result.zeekAsStored.add(mineTally, truth);
      const settled = this.#score(capture, result, "zeek", mineTally, truth);
      const other = (
        score: Score,
        keys: readonly string[],
        fold: (keys: readonly string[]) => readonly string[],
      ): void => {
        const told = tallyOf(fold(keys), once);
        const right = tallyOf(fold(zeek), once);
        score.add(told, settled ? between(told, right, tallyOf(fold(judged), once)) : right);
      };
      if (theirs !== null && theirs.length > 0) other(result.tsharkOnZeek, theirs, cut);
      if (eve !== null && eve.length > 0) other(result.suricataOnZeek, eve, (keys) => keys);
    }
    if (theirs !== null && theirs.length > 0)
      this.#score(capture, result, "tshark", tallyOf(cut(own()), once), tallyOf(cut(theirs), once));
    if (eve !== null && eve.length > 0)
      this.#score(capture, result, "suricata", tallyOf(own(), once), tallyOf(eve, once));
  }

  /** True: what differs was looked at. */
  #score(capture: Capture, result: Result, against: Disagreement["against"], ours: Tally, truth: Tally): boolean {
    const what = difference(ours, truth);
    const differs = distance(ours, truth);
    const { measure } = result;
    const known = lookedAt.find(
      (one) =>
        one.against === against &&
        one.protocol === measure.protocol &&
        (one.what === undefined || one.what === measure.what) &&
        capture.name.endsWith(one.capture) &&
        differs <= one.differs,
    );
    if (known !== undefined && differs > 0) {
      result.settled.push(known);
      const both = common(ours, truth);
      result[against].add(both, both);
      return true;
    }
    result[against].add(ours, truth);
    if (differs > 0) result.disagreements.push({ capture: capture.name, against, differs, what });
    return false;
  }
}
