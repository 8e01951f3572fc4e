/** Sub-commands of the service that need no server. Answers go to standard output, complaints to standard error with status 2. */
import { readFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { YaguraError } from "@yagura/core/errors.ts";
import { machineLanguage } from "@yagura/core/language.ts";
import type { CliCommand } from "@yagura/service/service.ts";
import type { AnalyseOptions } from "./offline/analyse.ts";
import type { LoadedDeclared } from "./protocols/declared/load.ts";

const language = () => machineLanguage(process.env);
const complain = (en: string, ja: string): number => {
  console.error(`COMMAND_USAGE: ${language() === "ja" ? ja : en}`);
  return 2;
};

async function runAnalyse(argv: readonly string[]): Promise<number> {
  let parsed;
  try {
    parsed = parseArgs({
      args: [...argv],
      options: {
        json: { type: "boolean" },
        rules: { type: "string", multiple: true },
        log: { type: "string" },
        dir: { type: "string" },
        parsers: { type: "string" },
      },
      allowPositionals: true,
      strict: true,
    });
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    return complain(detail, detail);
  }
  const { values, positionals: files } = parsed;
  if (files.length === 0)
    return complain(
      "Name at least one capture file (pcap or pcapng, also compressed with gzip or Zstandard).",
      "キャプチャファイル（pcap または pcapng。gzip・Zstandard 圧縮も可）を 1 つ以上指定してください。",
    );
  const parsers = values.parsers === undefined ? undefined : await parsersOf(values.parsers);
  if (parsers === null) return 2;
  const declared = parsers === undefined ? {} : { declared: parsers };
  if (values.log !== undefined) return runLogs(files, values.log, values.dir ?? ".", parsers);
  if (values.dir !== undefined)
    return complain(
      "--dir is the folder of logs: give --log zeek too.",
      "--dir はログの出力先です。--log zeek も指定してください。",
    );
  const { analyseFiles } = await import("./offline/analyse.ts");
  const { reportOf } = await import("./offline/report.ts");
  const rules = await readRules(values.rules ?? []);
  if (rules === null) return 2;
  const analysed = await analyseFiles(files, { ...rules, ...declared });
  const report = reportOf(analysed, language());
  if (values.json === true) process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
  else process.stdout.write(`${(await import("./offline/print.ts")).printReport(report, language())}\n`);
  return tellDamaged(analysed.damaged);
}

function tellDamaged(damaged: readonly { readonly file: string; readonly error: Error }[]): number {
  for (const { file, error } of damaged)
    console.error(
      `${file}: ${error instanceof YaguraError ? `${error.code}: ${error.say(language())}` : error.message}`,
    );
  return damaged.length === 0 ? 0 : 2;
}

async function runLogs(
  files: readonly string[],
  format: string,
  directory: string,
  declared: LoadedDeclared | undefined,
): Promise<number> {
  if (format !== "zeek")
    return complain(`--log ${format}: the only format is zeek.`, `--log ${format}: 指定できる形式は zeek だけです。`);
  const { writeZeekLogs } = await import("./offline/zeek.ts");
  const written = await writeZeekLogs(files, directory, declared);
  for (const { path, rows } of written.files) process.stdout.write(`${path}\t${rows}\n`);
  return tellDamaged(written.damaged);
}

/** Declared protocols of a file; what cannot be used is told. Null: the file cannot be read. */
async function parsersOf(file: string): Promise<LoadedDeclared | null> {
  const { readParsers } = await import("./offline/parsers.ts");
  try {
    const { loaded, complaints } = await readParsers(file, language());
    for (const complaint of complaints) console.error(complaint);
    return loaded;
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    complain(`The descriptions in ${file} cannot be read: ${detail}`, `${file} の定義を読み取れません: ${detail}`);
    return null;
  }
}

async function runTest(argv: readonly string[]): Promise<number> {
  let parsed;
  try {
    const options = { json: { type: "boolean" }, parser: { type: "string" } } as const;
    parsed = parseArgs({ args: [...argv], options, allowPositionals: true, strict: true });
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    return complain(detail, detail);
  }
  const { values, positionals: files } = parsed;
  if (files.length === 0 || values.parser === undefined)
    return complain(
      "Name a capture file, and with --parser the file of one description (docs/declared-protocols.md).",
      "キャプチャファイルと、--parser で定義ファイルを 1 つ指定してください（docs/declared-protocols.md）。",
    );
  const loaded = await parsersOf(values.parser);
  const [only] = loaded?.loaded ?? [];
  if (only === undefined) return 2;
  const { tryParser } = await import("./offline/trial.ts");
  const { trial, damaged } = await tryParser(files, only);
  if (values.json === true) process.stdout.write(`${JSON.stringify(trial, null, 2)}\n`);
  else process.stdout.write(`${(await import("./offline/print-trial.ts")).printTrial(trial, language())}\n`);
  return tellDamaged(damaged);
}

/** Signatures of rule files; each rule that is not loaded is told with its reason. Null: a file cannot be read. */
async function readRules(files: readonly string[]): Promise<AnalyseOptions | null> {
  if (files.length === 0) return {};
  const { loadRules, refusalText } = await import("./decode/rules/load.ts");
  const lines: string[] = [];
  for (const file of files) {
    try {
      lines.push(...(await readFile(file, "utf8")).split(/\r?\n/));
    } catch (error) {
      const detail = error instanceof Error ? error.message : String(error);
      complain(`The rule file ${file} cannot be read: ${detail}`, `ルールファイル ${file} を読み取れません: ${detail}`);
      return null;
    }
  }
  const { signatures, facts, refused } = loadRules(lines);
  for (const refusal of refused) console.error(refusalText(refusal));
  return signatures === null ? {} : { signatures: { match: signatures.match.bind(signatures), facts } };
}

export const cli: readonly CliCommand[] = [
  {
    name: "analyse",
    summary: {
      en: "Analyses capture files without a server: devices, conversations, commands and findings, or logs in Zeek's format. Status 2 when a file is damaged.",
      ja: "キャプチャファイルをサーバーなしで解析し、機器・通信・コマンド・検知を表示、または Zeek 形式のログを出力します。ファイルに破損があれば終了ステータス 2。",
    },
    usage: "FILE… [--json] [--rules FILE]… [--parsers FILE] | FILE… --log zeek [--dir DIR] [--parsers FILE]",
    run: runAnalyse,
  },
  {
    name: "test-parser",
    summary: {
      en: "Tries the description of a protocol with capture files: messages that it reads, functions, identities, and where bytes and description do not agree.",
      ja: "プロトコルの定義をキャプチャファイルで試し、読み取れたメッセージ・機能・識別情報と、定義と合わない箇所を表示します。",
    },
    usage: "FILE… --parser FILE [--json]",
    run: runTest,
  },
];
