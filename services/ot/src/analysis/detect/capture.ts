/** How well the sensor sees, over ten minutes: with a bad mirror port, silence and new things mean little. */
import { captureKey } from "./keys.ts";
import type { Run } from "./run.ts";
import { MINUTE } from "./settings.ts";
import type { CaptureBaseline } from "./baselines.ts";
import type { Settings } from "./types.ts";
import { both } from "./words.ts";

const WINDOW = 10 * MINUTE;
/** Fewer packets or conversations say nothing. */
const LEAST_PACKETS = 1_000;
const LEAST_TALKS = 20;

interface Text {
  readonly en: string;
  readonly ja: string;
}
interface Fault {
  readonly name: string;
  readonly what: Text;
  readonly advice: Text;
}

export function captureQuality(run: Run): void {
  for (const { name, counters } of run.observation.captures) {
    const key = captureKey(run.observation.sensor, name);
    const before = run.baseline("capture", key);
    const sums: Record<string, number> = { ...before?.counters };
    for (const [counter, value] of Object.entries(counters)) sums[counter] = (sums[counter] ?? 0) + value;
    const from = before?.from ?? run.observation.from;
    const next: CaptureBaseline = { kind: "capture", key, due: null, from, counters: sums };
    if (run.observation.to - from < WINDOW) {
      run.keep(next);
      continue;
    }
    for (const fault of faults(sums, run.input.settings)) tell(run, name, key, from, fault, sums.packets ?? 0);
    run.keep({ ...next, from: run.observation.to, counters: {} });
  }
}

const percent = (share: number): string => `${(share * 100).toFixed(share < 0.1 ? 1 : 0)} %`;

function faults(sums: Readonly<Record<string, number>>, { capture }: Settings): Fault[] {
  const of = (counter: string): number => sums[counter] ?? 0;
  const found: Fault[] = [];
  const packets = of("packets");
  if (packets + of("dropped") < LEAST_PACKETS) return found;
  const dropped = of("dropped") / (packets + of("dropped"));
  if (dropped > capture.dropped) {
    found.push({
      name: "dropped",
      what: { en: `${percent(dropped)} of the packets dropped`, ja: `パケットの取りこぼし${percent(dropped)}` },
      advice: advices.dropped,
    });
  }
  const missing = of("tcpMissing") / Math.max(1, of("tcpBytes") + of("tcpMissing"));
  if (missing > capture.missing) {
    found.push({
      name: "missing",
      what: { en: `${percent(missing)} of the TCP bytes missing`, ja: `TCPデータの欠落${percent(missing)}` },
      advice: advices.missing,
    });
  }
  const talks = of("oneWay") + of("twoWay");
  if (talks >= LEAST_TALKS && of("oneWay") / talks > capture.oneWay) {
    const share = percent(of("oneWay") / talks);
    const what = {
      en: `${share} of the conversations seen in one direction only`,
      ja: `片方向しか見えない通信${share}`,
    };
    found.push({ name: "one-way", what, advice: advices.oneWay });
  }
  if (of("duplicates") / packets > capture.duplicates) {
    const share = percent(of("duplicates") / packets);
    found.push({
      name: "duplicates",
      what: { en: `${share} of the packets are duplicates`, ja: `重複パケット${share}` },
      advice: advices.duplicates,
    });
  }
  if (of("unicasts") * 100 < of("broadcasts")) {
    found.push({
      name: "no-mirror",
      what: { en: "hardly anything but broadcasts", ja: "ほぼブロードキャストのみ" },
      advice: advices.noMirror,
    });
  }
  return found;
}

const advices: Readonly<Record<"dropped" | "missing" | "oneWay" | "duplicates" | "noMirror", Text>> = {
  dropped: {
    en: "The sensor's PC is too slow for this port: mirror fewer ports or VLANs, or use a faster PC.",
    ja: "センサーのPCの処理が追いついていません。ミラーするポートやVLANを減らすか、より速いPCを使ってください。",
  },
  missing: {
    en: "The mirror port itself loses packets: several busy ports are copied into one. Mirror fewer of them, or use a faster port.",
    ja: "ミラーポート自体が溢れています。複数の混んだポートを1つに複製していませんか。対象を減らすか、より速いポートを使ってください。",
  },
  oneWay: {
    en: "Only one direction is copied: set the mirror session to “both” (rx and tx) at the switch.",
    ja: "片方向しか複製されていません。スイッチのミラー設定を「双方向(rx・tx両方)」にしてください。",
  },
  duplicates: {
    en: "Each packet comes twice: both ports of the same conversation, or a whole VLAN in both directions, are mirrored. Mirror one side only, or “rx” of the VLAN.",
    ja: "同じパケットが2回届いています。通信の両端のポート、またはVLAN全体の双方向をミラーしていませんか。片側のみ、またはVLANの受信(rx)のみにしてください。",
  },
  noMirror: {
    en: "This looks like a normal port, not a mirror: check the cable and the mirror (SPAN) session at the switch.",
    ja: "ミラーポートではなく通常のポートのようです。配線と、スイッチのミラー(SPAN)設定を確認してください。",
  },
};

function tell(run: Run, name: string, key: string, since: number, fault: Fault, packets: number): void {
  run.raise({
    kind: "ot.capture.bad",
    about: run.observation.sensor,
    subject: "sensor",
    key: `${key}|${fault.name}`,
    group: key,
    since,
    confidence: 0.9,
    parameters: { interface: name, packets, ...both("what", fault.what), ...both("advice", fault.advice) },
  });
}
