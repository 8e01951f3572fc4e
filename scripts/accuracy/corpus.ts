/** The corpus of captures beside the repository: which captures there are and where the stored outputs of other tools lie. */
import { existsSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";

export interface Capture {
  /** Path below the corpus, its name everywhere. */
  readonly name: string;
  readonly path: string;
  /** Stored outputs by file name: `modbus.log` → paths. */
  readonly logs: ReadonlyMap<string, readonly string[]>;
  /** Suricata's events and tshark's fields, null where there are none. */
  readonly eve: string | null;
  readonly fields: string | null;
}

/** Folder of the captures (`YAGURA_CORPUS`, else beside the repository), null where there is none. */
export function corpusFolder(): string | null {
  const root = process.env["YAGURA_CORPUS"] ?? join(import.meta.dirname, "../../../shared/corpus");
  const folder = join(root, "ot");
  return existsSync(join(folder, "INDEX.tsv")) ? folder : null;
}

const rows = (path: string): string[][] =>
  readFileSync(path, "utf8")
    .split("\n")
    .slice(1)
    .filter((line) => line !== "")
    .map((line) => line.split("\t"));

/** Every capture of the index that is there, with the outputs that are there. */
export function capturesOf(folder: string): Capture[] {
  const outputs = new Map<string, string[]>();
  for (const [capture = "", output = ""] of rows(join(folder, "BASELINES.tsv")))
    outputs.set(capture, [...(outputs.get(capture) ?? []), output]);
  return rows(join(folder, "INDEX.tsv"))
    .map(([name = ""]) => name)
    .filter((name) => name !== "" && existsSync(join(folder, name)))
    .map((name) => {
      const logs = new Map<string, string[]>();
      const beside = (outputs.get(name) ?? []).map((output) => join(folder, output)).filter((path) => existsSync(path));
      for (const path of beside) {
        const file = basename(path);
        logs.set(file, [...(logs.get(file) ?? []), path]);
      }
      const other = (kind: string): string | null => beside.find((path) => path.startsWith(join(folder, kind))) ?? null;
      return { name, path: join(folder, name), logs, eve: other("suricata7-eve"), fields: other("tshark-oracle") };
    });
}
