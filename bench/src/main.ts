/** `npm run bench -- [GROUP|NAME …] [--list]`: runs benchmarks, prints a table each, writes JSON into bench/results. */
import { benches } from "./list.ts";
import type { BenchResult } from "./result.ts";
import { formatTable, writeJson } from "./table.ts";

const argv = process.argv.slice(2);
const words = argv.filter((word) => !word.startsWith("--"));
const chosen = benches.filter(({ group, name }) => words.length === 0 || words.includes(group) || words.includes(name));
if (argv.includes("--list")) {
  for (const { group, name, summary } of benches) console.log(`${group.padEnd(12)} ${name.padEnd(10)} ${summary}`);
} else if (chosen.length === 0) {
  console.error(`No benchmark is called '${words.join(" ")}'. See them with: npm run bench -- --list`);
  process.exitCode = 2;
} else {
  const results: BenchResult[] = [];
  for (const { name, load } of chosen) {
    console.error(`running ${name} …`);
    const { bench } = await load();
    const result = await bench.run();
    results.push(result);
    console.log(formatTable(result));
    const path = new URL(`../results/${name}.json`, import.meta.url).pathname;
    writeJson(path, [result]);
    console.log(`written to bench/results/${name}.json\n`);
  }
  if (results.some(({ reach }) => reach.some(({ met }) => met === false))) process.exitCode = 1;
}
