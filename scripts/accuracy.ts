/**
 * `npm run accuracy`: every capture of the corpus through the engine, compared with what other tools said of it. Prints the table,
 * writes docs/accuracy.md and the figures as JSON. Without the corpus it says so and ends well. `npm run accuracy -- TEXT…` runs
 * only captures with such a name and writes nothing; `--differences` also prints what differs.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { capturesOf, corpusFolder } from "./accuracy/corpus.ts";
import { page, terminalTable } from "./accuracy/page.ts";
import { Run, type Result } from "./accuracy/run.ts";
import type { Score } from "./accuracy/score.ts";

const root = join(import.meta.dirname, "..");
const { values, positionals } = parseArgs({
  options: { differences: { type: "boolean" } },
  allowPositionals: true,
});

const figures = ({ captures, same, told, truth, precision, recall }: Score) => ({ captures, same, told, truth, precision, recall }); // prettier-ignore
const asJson = ({
  measure,
  zeek,
  zeekAsStored,
  tsharkOnZeek,
  suricataOnZeek,
  tshark,
  suricata,
  disagreements,
  settled,
}: Result) => ({
  protocol: measure.protocol,
  what: measure.what,
  key: measure.key,
  parserLogs: {
    sensor: figures(zeek),
    nothingLeftOut: figures(zeekAsStored),
    tshark: figures(tsharkOnZeek),
    suricata: figures(suricataOnZeek),
  },
  tshark: figures(tshark),
  suricata: figures(suricata),
  disagreements,
  settled,
});

const folder = corpusFolder();
if (folder === null)
  console.log(
    "The corpus of captures is not there (../shared/corpus, or the folder in YAGURA_CORPUS): nothing to measure.",
  );
else {
  const run = new Run();
  for (const capture of capturesOf(folder)) {
    if (positionals.length > 0 && !positionals.some((part) => capture.name.includes(part))) continue;
    await run.capture(capture);
  }
  const { results, totals } = run;
  console.log(terminalTable(results));
  const { payloads, undissected, captures } = totals.ethernet;
  console.log(
    `\n${totals.captures} captures, ${totals.packets} packets, ${totals.faults.length} exceptions, ${totals.damaged.length} files damaged; ` +
      `${undissected} of ${payloads} packets with payload (${captures} Ethernet captures) undissected: ${((100 * undissected) / Math.max(1, payloads)).toFixed(1)} %`,
  );
  if (values.differences === true)
    for (const { measure, disagreements } of results)
      for (const one of disagreements)
        console.log(`${measure.protocol} ${one.against} ${one.capture} ${one.differs}\n    ${one.what.join("\n    ")}`);
  if (positionals.length === 0) {
    mkdirSync(join(root, ".cache"), { recursive: true });
    writeFileSync(
      join(root, ".cache", "accuracy.json"),
      `${JSON.stringify({ totals, results: results.map(asJson) }, null, 2)}\n`,
    );
    writeFileSync(join(root, "docs", "accuracy.md"), page(results, totals));
    console.log("\nwritten: docs/accuracy.md, .cache/accuracy.json");
  }
  if (totals.faults.length > 0) process.exitCode = 1;
}
