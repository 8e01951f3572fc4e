/** The page docs/accuracy.md and the table for the terminal. */
import { protocols } from "@yagura/ot/wire/vocabulary.ts";
import { lookedAt } from "./looked-at.ts";
import type { Disagreement, Result, Totals } from "./run.ts";
import type { Score } from "./score.ts";

const percent = (share: number): string => `${(Math.floor(share * 1000) / 10).toFixed(1)} %`;
const rates = (score: Score): string =>
  score.truth + score.told === 0 ? "–" : `${percent(score.precision)} / ${percent(score.recall)}`;
const count = (number: number): string => number.toLocaleString("en-GB");

/** Rows of the table: those with some truth. */
const rows = (results: readonly Result[]): string[][] =>
  results
    .filter(({ zeek, tshark, suricata }) => zeek.captures + tshark.captures + suricata.captures > 0)
    .map(({ measure, zeek, zeekAsStored, tsharkOnZeek, suricataOnZeek, tshark, suricata }) => [
      protocols[measure.protocol].title,
      `${measure.what}: ${measure.key}`,
      zeek.captures === 0 ? "–" : `${zeek.captures} / ${count(zeek.truth)}`,
      rates(zeek),
      rates(zeekAsStored),
      rates(tsharkOnZeek),
      rates(suricataOnZeek),
      tshark.captures === 0 ? "–" : `${tshark.captures} / ${count(tshark.truth)}`,
      rates(tshark),
      suricata.captures === 0 ? "–" : `${suricata.captures} / ${count(suricata.truth)}`,
      rates(suricata),
    ]);

const heads = [
  "Protocol",
  "What is compared",
  "Parser logs: captures / entries",
  "Sensor",
  "Sensor, nothing left out",
  "tshark",
  "Suricata",
  "tshark's fields: captures / entries",
  "Sensor",
  "Suricata's events: captures / entries",
  "Sensor",
];
const table = (head: readonly string[], body: readonly (readonly string[])[]): string =>
  [head, head.map(() => "---"), ...body].map((row) => `| ${row.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`).join("\n"); // prettier-ignore

const shortName = (capture: string): string => capture.split("/").at(-1) ?? capture;
const others: Readonly<Record<Disagreement["against"], string>> = {
  zeek: "parser log",
  tshark: "tshark",
  suricata: "Suricata",
};

export function terminalTable(results: readonly Result[]): string {
  const body = [heads, ...rows(results)].map(([protocol = "", what = "", ...rest]) => [protocol, what.split(":")[0] ?? "", ...rest]); // prettier-ignore
  const widths = heads.map((_, i) => Math.min(26, Math.max(...body.map((row) => (row[i] ?? "").length))));
  return body.map((row) => row.map((cell, i) => cell.slice(0, 26).padEnd(widths[i] ?? 0)).join("  ")).join("\n");
}

export function page(results: readonly Result[], totals: Totals): string {
  const { ethernet } = totals;
  const settled = new Set(results.flatMap((result) => result.settled));
  const open = results.flatMap(({ measure, disagreements }) =>
    disagreements.map((one) => ({ protocol: measure.protocol, ...one })),
  );
  return `# Accuracy of the OT sensor

\`npm run accuracy\` writes this page. It runs every capture of the corpus (\`../shared/corpus\`, or the folder that \`YAGURA_CORPUS\` names)
through the sensor's engine and compares what it tells with what other programs said of the same capture. Without the corpus the
command says so and ends with status 0. The same figures lie as JSON in \`.cache/accuracy.json\`.

- Captures: ${count(totals.captures)}, ${count(totals.packets)} packets. Exceptions of dissectors: ${totals.faults.length}. Files that could not be read to their end: ${totals.damaged.length}.
- Packets with payload in the ${count(ethernet.captures)} Ethernet captures: ${count(ethernet.payloads)}; nobody knew the protocol of ${count(ethernet.undissected)} = ${percent(ethernet.undissected / Math.max(1, ethernet.payloads))} (goal: at most 8 %; tshark 4.0.17 on its measured set: 17.4 %). Known means that a dissector read the message: of encrypted ones (TLS, QUIC, SSH, ESP) and of tunnels that is their header.

## Score

Precision / recall. Each entry is a key as named in the second column; a message that appears twice counts twice (names count once).
Precision is Σ min(sensor, truth) / Σ sensor, recall Σ min(sensor, truth) / Σ truth, each over all captures that have such a truth.

- **Parser logs**: stored logs of independent Zeek parsers (CISA ICSNPP, DINA, haolipeng, NTT Communications, Zeek itself). They are the best
  truth there is. "Nothing left out" counts also what was looked at and
  is not the sensor's (below). Beside the sensor: tshark 4.0.17 and Suricata 7.0.10 on the same logs, where their output is stored for the capture.
- **tshark's fields** and **Suricata's events**: a second opinion where no parser log exists, so this is agreement rather than truth.

${table(heads, rows(results))}

## Looked at: not the sensor's

Where the bytes show that the stored output is wrong or counts something else, the entries in question are left out of that one
comparison (scripts/accuracy/looked-at.ts). When more differs than was looked at, everything counts again.

${table(
  ["Capture", "Protocol", "Compared with", "Entries", "Why"],
  lookedAt
    .filter((one) => settled.has(one))
    .map((one) => [
      shortName(one.capture),
      protocols[one.protocol].title,
      others[one.against],
      String(one.differs),
      one.why,
    ]),
)}

## Not settled

These differences count in the table above. \`+\`: the sensor says more, \`-\`: it lacks something.

${table(
  ["Capture", "Protocol", "Compared with", "Entries", "Most of it"],
  open.map((one) => [
    shortName(one.capture),
    protocols[one.protocol].title,
    others[one.against],
    String(one.differs),
    one.what
      .slice(0, 2)
      .map((text) => `\`${text}\``)
      .join(", "),
  ]),
)}

## How it is counted

- The engine runs with all dissectors, as in the sensor, and takes its tables every ten seconds of capture time. What a dissector tells is
  written down message by message beside the engine; a message that touches several objects counts once, the services of a CIP Multiple
  Service Packet count each.
- Keys carry the function as the protocol numbers it. Logs that name functions are mapped by name; subfunctions that have numbers of
  their own here are folded to the function.
- Zeek rows that pair a request with its answer give two keys. Where a log does not say who sent, both directions are one.
- A log of a test that covers several captures counts only with rows whose addresses (and times, where the table has them) occur in the capture.
  Tables of a README that show some kinds of messages only judge those kinds.
- Where a difference was looked at, tshark and Suricata may agree with either side on those entries.
- tshark's stored fields have no IPv6 addresses; there IPv6 addresses are all taken as one.
`;
}
