/**
 * Bytes of each pair against the same hour of the week (OT-18): median and scaled MAD of the last weeks, so that the weekly
 * backup is usual on its day and one odd week changes nothing. Too much is told while the hour runs, too little by the timer
 * after it.
 */
import type { Observation } from "../model.ts";
import { conversationKey, hourOfWeek, peakKey, volumeKey } from "./keys.ts";
import { isChatter, isDevice } from "./parties.ts";
import type { Draft, Run } from "./run.ts";
import { HOUR } from "./settings.ts";
import type { VolumeBaseline } from "./baselines.ts";
import type { Settings } from "./types.ts";
import { both, bytesText, deviation, median } from "./words.ts";

/** Weeks that are kept. */
const WEEKS = 8;
/** A steady pair has a deviation near 0: this share of the median counts as one. */
const LEAST_DEVIATION = 0.15;
/** And less than so many times as much is never told. */
const LEAST_TIMES = 3;
/** Nor what the pair moves in its busiest hour anyway: a backup may move by an hour. */
const OVER_PEAK = 1.5;

export function volumes(run: Run): void {
  const hour = Math.floor(run.observation.to / HOUR);
  for (const row of run.observation.conversations) {
    const [client, server] = [run.at(row.client), run.at(row.server)];
    if (isChatter(row.protocol) || (!isDevice(client) && !isDevice(server)) || client === server) continue;
    const bytes = row.bytesOut + row.bytesIn;
    const who = { client, server, protocol: row.protocol };
    const key = volumeKey(client, server, row.protocol, hourOfWeek(run.observation.to));
    const before = run.baseline("volume", key) ?? neverInThisHour(run, row, { key, ...who }, hour);
    const next = counted(before, { key, ...who }, hour, bytes, run.input.settings);
    const peak = peaked(run, { key: peakKey(client, server, row.protocol), ...who }, hour, bytes);
    const draft = next.told ? null : tooHigh(run, next, peak.samples[0] ?? 0);
    if (draft !== null) run.raise(draft);
    run.keep({ ...next, told: next.told || draft !== null });
    run.keep(peak);
  }
}

type Who = Pick<VolumeBaseline, "key" | "client" | "server" | "protocol">;
type Row = Observation["conversations"][number];

/** A pair that is known for weeks and was never seen in this hour of the week usually exchanges nothing in it. */
function neverInThisHour(run: Run, row: Row, who: Who, hour: number): VolumeBaseline | undefined {
  const talk = run.learned(conversationKey(who.client, who.server, row));
  const weeks = talk === undefined ? 0 : Math.min(WEEKS, Math.floor((run.observation.to - talk.first) / (168 * HOUR)));
  if (weeks === 0) return undefined;
  return { kind: "volume", ...who, due: null, samples: zeros(weeks - 1), hour: hour - 168, bytes: 0, told: false };
}
const zeros = (length: number): number[] => Array.from({ length }, () => 0);

function counted(
  before: VolumeBaseline | undefined,
  who: Who,
  hour: number,
  bytes: number,
  settings: Settings,
): VolumeBaseline {
  if (before?.hour === hour) return dated({ ...before, bytes: before.bytes + bytes }, settings);
  // Weeks in which the pair said nothing are weeks of 0 bytes.
  const missed = before === undefined ? 0 : Math.min(WEEKS, Math.round((hour - before.hour) / 168) - 1);
  const samples = before === undefined ? [] : [...before.samples, before.bytes, ...zeros(Math.max(0, missed))];
  return dated(
    { kind: "volume", ...who, due: null, samples: samples.slice(-WEEKS), hour, bytes, told: false },
    settings,
  );
}
/** Only a pair that usually moves much can be missed: the timer looks at no other. */
const dated = (one: VolumeBaseline, { volume }: Settings): VolumeBaseline => ({
  ...one,
  due: Math.max(one.bytes, ...one.samples) < volume.floor ? null : (one.hour + 1) * HOUR,
});

/** The pair's busiest hour, slowly forgotten (a week takes 15 %); the running hour is not yet part of it. */
function peaked(run: Run, who: Who, hour: number, bytes: number): VolumeBaseline {
  const before = run.baseline("volume", who.key);
  if (before === undefined) return { kind: "volume", ...who, due: null, samples: [0], hour, bytes, told: false };
  if (before.hour === hour) return { ...before, bytes: before.bytes + bytes };
  const faded = (before.samples[0] ?? 0) * 0.999 ** (hour - before.hour);
  return { ...before, samples: [Math.max(faded, before.bytes)], hour, bytes };
}

function tooHigh(run: Run, one: VolumeBaseline, peak: number): Draft | null {
  const { deviations, floor, weeks } = run.input.settings.volume;
  const { bytes, samples, client, server } = one;
  if (samples.length < weeks || bytes < floor || bytes < peak * OVER_PEAK) return null;
  const usual = median(samples);
  const limit = usual + deviations * Math.max(deviation(samples), usual * LEAST_DEVIATION);
  if (bytes <= limit || bytes < LEAST_TIMES * Math.max(...samples)) return null;
  const severity = run.isFactory(client) || run.isFactory(server) ? "notice" : "info";
  return { ...words(run, "ot.volume.high", one), since: run.observation.from, severity };
}

/** After the hour: what usually is much and now was nearly nothing. Gives the baseline for the next week. */
export function closeHour(run: Run, one: VolumeBaseline, heard: number): VolumeBaseline {
  const end = (one.due ?? 0) - HOUR;
  const hour = Math.floor(end / HOUR);
  const isThis = one.hour === hour;
  const bytes = isThis ? one.bytes : 0;
  const samples = isThis ? one.samples : [...one.samples, one.bytes].slice(-WEEKS);
  const next: VolumeBaseline = { ...one, hour, bytes, samples, told: isThis && one.told, due: end + 169 * HOUR };
  const { deviations, floor, weeks } = run.input.settings.volume;
  const usual = median(samples);
  const limit = usual - deviations * Math.max(deviation(samples), usual * LEAST_DEVIATION);
  // Without the sensor's word for the whole hour nothing is missing.
  if (heard < end + HOUR || samples.length < weeks || usual < floor) return next;
  if (bytes < Math.max(limit, usual / 20) && bytes < usual / 10) {
    run.raise({ ...words(run, "ot.volume.low", { ...next, bytes }), since: end, until: end + HOUR });
  }
  return next;
}

function words(
  run: Pick<Run, "name" | "input" | "title">,
  kind: string,
  { client, server, protocol, key, samples, bytes }: Omit<VolumeBaseline, "kind" | "due" | "hour" | "told">,
): Draft {
  const usual = median(samples);
  return {
    kind,
    about: isDevice(client) ? client : server,
    peer: isDevice(client) ? server : client,
    key,
    group: `volume|${client}|${server}`,
    since: 0,
    confidence: samples.length >= 6 ? 0.8 : 0.6,
    parameters: {
      client: run.name(client),
      server: run.name(server),
      protocol: run.title(protocol),
      usual: bytesText(usual),
      now: bytesText(bytes),
      times: usual === 0 ? "∞" : Math.round(bytes / usual),
      weeks: samples.length,
      ...both("hour", hourText(Number(key.split("|").at(-1)), run.input.settings.utcOffset)),
    },
    client,
    server,
    protocol,
  };
}

const days = [
  { en: "Thursday", ja: "木曜" },
  { en: "Friday", ja: "金曜" },
  { en: "Saturday", ja: "土曜" },
  { en: "Sunday", ja: "日曜" },
  { en: "Monday", ja: "月曜" },
  { en: "Tuesday", ja: "火曜" },
  { en: "Wednesday", ja: "水曜" },
] as const;
/** In the site's time; hour 0 is where the epoch begins, a Thursday. */
function hourText(hour: number, utcOffset: number): { readonly en: string; readonly ja: string } {
  const local = (((hour * 60 + utcOffset) % 10_080) + 10_080) % 10_080;
  const day = days[Math.floor(local / 1_440)] ?? days[0];
  const from = Math.floor((local % 1_440) / 60);
  return { en: `${day.en} ${String(from).padStart(2, "0")}:00`, ja: `${day.ja}${from}時台` };
}
