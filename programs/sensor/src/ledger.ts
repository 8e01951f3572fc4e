/** `--ledger`: shows and checks the ledger of uploads, also against what the server says it received. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { sha256 } from "@yagura/packets/node/primitives.ts";
import { raise } from "@yagura/ot/edge/errors.ts";
import { readLedger, type LedgerLine } from "@yagura/ot/edge/ledger-file.ts";
import { ledgerFolder } from "@yagura/ot/edge/sensor.ts";
import { compareLedgers, type LedgerLink } from "@yagura/ot/wire/ledger.ts";
import { stateOf, usage, wholeNumber, type Values } from "./command-line.ts";

const SHOWN = 20;

/** Exit status 1 when the chain is broken or the two do not agree. */
export function ledger(values: Values, positionals: readonly string[]): number {
  // "verify" may stand before the file.
  const [file, ...more] = positionals[0] === "verify" ? positionals.slice(1) : positionals;
  if (more.length > 0) throw usage(more.join(" "));
  const { lines, faults } = readLedger(ledgerFolder(join(stateOf(values), "services")), sha256);
  const theirs = file === undefined ? null : readExport(file);
  const comparison = theirs === null ? null : compareLedgers(lines, theirs);
  const agree = comparison === null || comparison.different.length + comparison.unknown.length === 0;
  if (values.json === true) console.log(JSON.stringify({ lines, faults, comparison }));
  else {
    for (const line of lines.slice(-wholeNumber(values, "last", 0, 1_000_000_000, SHOWN) || lines.length))
      console.log(describe(line));
    const last = lines.at(-1);
    console.log(
      last === undefined
        ? "the ledger is empty: nothing was uploaded"
        : `${lines.length} uploads, ${lines[0]?.number} to ${last.number}; the newest has the hash ${last.hash}`,
    );
    console.log(faults.length === 0 ? "the chain is whole" : `the chain is broken:\n  ${faults.join("\n  ")}`);
    if (comparison !== null) {
      const { same, different, unknown, missing, waiting, older } = comparison;
      console.log(
        `with the server: ${same} the same, ${waiting} not there yet, ${older} older than this ledger reaches`,
      );
      if (missing.length > 0) console.log(`never arrived (dropped from a full spool): ${list(missing)}`);
      if (different.length > 0) console.log(`CHANGED, the hashes differ: ${list(different)}`);
      if (unknown.length > 0) console.log(`NOT FROM THIS SENSOR: ${list(unknown)}`);
      console.log(agree ? "the server has nothing that this sensor did not send" : "the two do not agree");
    }
  }
  return faults.length === 0 && agree ? 0 : 1;
}

const list = (numbers: readonly number[]): string =>
  numbers.slice(0, 20).join(", ") + (numbers.length > 20 ? ` and ${numbers.length - 20} more` : "");

const describe = (line: LedgerLine): string =>
  `${String(line.number).padStart(8)}  ${new Date(line.from / 1000).toISOString()}  ${String((line.to - line.from) / 1e6).padStart(7)} s  ${String(line.rows).padStart(6)} rows  ${String(line.bytes).padStart(8)} bytes${line.urgent ? "  urgent" : ""}${line.tokens === null ? "" : "  tokens"}  ${line.hash}`;

/** An export of the server: the API's page (`items`), a list, or one JSON object a line. Throws LEDGER_UNREADABLE. */
function readExport(file: string): Pick<LedgerLink, "number" | "hash">[] {
  const unreadable = (told: string, cause?: unknown): Error => raise("LEDGER_UNREADABLE", { file, told }, { cause });
  let rows: unknown;
  try {
    const text = readFileSync(file, "utf8").trim();
    rows =
      text.startsWith("{") && text.includes("}\n{")
        ? text.split("\n").map((line) => JSON.parse(line))
        : JSON.parse(text);
  } catch (error) {
    throw unreadable((error as Error).message, error);
  }
  const items = Array.isArray(rows) ? rows : ((rows as { items?: unknown } | null)?.items ?? [rows]);
  if (!Array.isArray(items)) throw unreadable("no list of uploads");
  return items.map((item: unknown) => {
    const { number, hash } = (item ?? {}) as { number?: unknown; hash?: unknown };
    if (typeof number !== "number" || typeof hash !== "string") throw unreadable("an upload without number and hash");
    return { number, hash };
  });
}
