/**
 * Makes services/ot/src/feeds/shipped/oui.txt, the table of MAC prefixes, from the registry's listings:
 *
 *   node scripts/oui.ts DATE FILE…
 *
 * FILE is a listing of the IEEE Registration Authority as CSV (oui.csv, mam.csv, oui36.csv, iab.csv) or systemd's 20-OUI.hwdb, which
 * holds the same. Later files win. DATE is the day of the listings, ISO 8601.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { packOui, readRegistry } from "@yagura/ot/feeds/oui.ts";

const [date, ...files] = process.argv.slice(2);
if (date === undefined || !/^\d{4}-\d\d-\d\d$/.test(date) || files.length === 0) {
  console.error("node scripts/oui.ts DATE FILE…");
  process.exit(2);
}
const all = new Map<string, string>();
for (const file of files) for (const [prefix, name] of readRegistry(readFileSync(file, "utf8"))) all.set(prefix, name);
const text = packOui(all, date);
writeFileSync(join(import.meta.dirname, "../services/ot/src/feeds/shipped/oui.txt"), text);
console.log(`${all.size} prefixes, ${text.length} bytes`);
