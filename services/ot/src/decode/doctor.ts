/**
 * The doctor of mirror ports (N6 of the goals): counters of captures in, findings out, each with what to look at on the switch.
 * Pure; the sensor, the server and the portal say the same.
 */
import type { Row } from "../wire/metadata.ts";

/** What was counted on one interface over a while; `networks`: IP networks (/24, /64) with hosts, as far as known. */
export interface CaptureSum extends Omit<Row<"captures">, "name"> {
  readonly name: string;
  readonly networks: number;
  /** Packets that this machine sent through the interface; null: not known. */
  readonly sent: number | null;
}

/** In the order of importance. */
export const complaints = [
  "sends",
  "nothing",
  "only-broadcast",
  "loss-here",
  "one-way",
  "loss-at-mirror",
  "truncated",
  "duplicates",
  "untagged",
  "malformed",
] as const;
export type Complaint = (typeof complaints)[number];

export interface Diagnosis {
  readonly capture: string;
  readonly complaint: Complaint;
  /** bad: what is shown will be wrong or missing; notice: worth a look. */
  readonly severity: "bad" | "notice";
  /** For the sentence: counts, or shares in percent. */
  readonly figures: Readonly<Record<string, number>>;
}

/** Fewer packets than this say nothing about shares. */
const ENOUGH = 200;
/** Conversations with data that are needed to judge whether mirrors are one-way. */
const ENOUGH_TALKS = 4;
const LOSS_BAD = 0.01;
const LOSS_NOTICE = 0.0001;
const ONE_WAY = 0.3;
const DUPLICATES = 0.02;
const TRUNCATED = 0.001;
const MALFORMED = 0.005;
/** Broadcast and multicast reach every port; so much unicast at most comes without a mirror (unknown destinations). */
const MIRRORED = 0.01;
const NETWORKS = 3;

const percent = (part: number, whole: number): number => (whole === 0 ? 0 : Math.round((10_000 * part) / whole) / 100);

/** What is wrong with one capture, most important first; empty: nothing that can be seen from here. */
export function diagnose(sum: CaptureSum): Diagnosis[] {
  const found: Diagnosis[] = [];
  const tell = (complaint: Complaint, severity: Diagnosis["severity"], figures: Record<string, number>): void =>
    void found.push({ capture: sum.name, complaint, severity, figures });
  const { packets, dropped, unicasts, broadcasts, oneWay, twoWay, tcpBytes, tcpMissing } = sum;
  const talks = oneWay + twoWay;
  if (sum.sent !== null && sum.sent > 0) tell("sends", "bad", { sent: sum.sent });
  if (packets === 0) tell("nothing", "bad", {});
  else if (packets >= ENOUGH && unicasts < MIRRORED * (unicasts + broadcasts))
    tell("only-broadcast", "bad", { share: percent(unicasts, unicasts + broadcasts) });
  const offered = packets + dropped;
  if (dropped > LOSS_NOTICE * offered)
    tell("loss-here", dropped > LOSS_BAD * offered ? "bad" : "notice", { dropped, share: percent(dropped, offered) });
  if (talks >= ENOUGH_TALKS && oneWay > ONE_WAY * talks)
    tell("one-way", "bad", { oneWay, talks, share: percent(oneWay, talks) });
  // Gaps that our own drops explain are told above.
  const missing = tcpMissing / Math.max(1, tcpBytes + tcpMissing);
  if (packets >= ENOUGH && missing > Math.max(LOSS_NOTICE, (2 * dropped) / Math.max(1, offered)))
    tell("loss-at-mirror", missing > LOSS_BAD ? "bad" : "notice", { missing: tcpMissing, share: percent(tcpMissing, tcpBytes + tcpMissing) }); // prettier-ignore
  if (sum.truncated > TRUNCATED * packets)
    tell("truncated", "bad", { truncated: sum.truncated, share: percent(sum.truncated, packets) });
  if (packets >= ENOUGH && sum.duplicates > DUPLICATES * packets)
    tell("duplicates", "notice", { duplicates: sum.duplicates, share: percent(sum.duplicates, packets) });
  if (packets >= ENOUGH && sum.tagged === 0 && sum.networks >= NETWORKS)
    tell("untagged", "notice", { networks: sum.networks });
  if (packets >= ENOUGH && sum.malformed > MALFORMED * packets)
    tell("malformed", "notice", { malformed: sum.malformed, share: percent(sum.malformed, packets) });
  return found;
}

/** Adds the rows of several uploads of one capture. */
export function sumCaptures(
  name: string,
  rows: Iterable<Omit<Row<"captures">, "name">>,
  known: { readonly networks: number; readonly sent: number | null },
): CaptureSum {
  const sum: Record<string, number> = {};
  for (const row of rows)
    for (const [column, value] of Object.entries(row)) if (column !== "name") sum[column] = (sum[column] ?? 0) + value;
  return { ...empty, ...sum, name, ...known };
}
const empty: Omit<Row<"captures">, "name"> = {
  packets: 0,
  bytes: 0,
  dropped: 0,
  duplicates: 0,
  truncated: 0,
  tagged: 0,
  twoWay: 0,
  oneWay: 0,
  tcpBytes: 0,
  tcpMissing: 0,
  broadcasts: 0,
  unicasts: 0,
  malformed: 0,
  undissected: 0,
  payloads: 0,
};
