/** Sub-commands of the service that need no server. Answers go to standard output, complaints to standard error with status 2. */
import { readFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { YaguraError } from "@yagura/core/errors.ts";
import { machineLanguage } from "@yagura/core/language.ts";
import type { CliCommand } from "@yagura/service/service.ts";
import type { AnalyseOptions } from "./offline/analyse.ts";

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
      options: { json: { type: "boolean" }, rules: { type: "string", multiple: true } },
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
  const { analyseFiles } = await import("./offline/analyse.ts");
  const { reportOf } = await import("./offline/report.ts");
  const rules = await readRules(values.rules ?? []);
  if (rules === null) return 2;
  const analysed = await analyseFiles(files, rules);
  const report = reportOf(analysed, language());
  if (values.json === true) process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
  else process.stdout.write(`${(await import("./offline/print.ts")).printReport(report, language())}\n`);
  for (const { file, error } of analysed.damaged)
    console.error(
      `${file}: ${error instanceof YaguraError ? `${error.code}: ${error.say(language())}` : error.message}`,
    );
  return analysed.damaged.length === 0 ? 0 : 2;
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
      en: "Analyses capture files without a server: devices, conversations, commands and findings. Status 2 when a file is damaged.",
      ja: "キャプチャファイルをサーバーなしで解析し、機器・通信・コマンド・検知を表示します。ファイルに破損があれば終了ステータス 2。",
    },
    usage: "FILE… [--json] [--rules FILE]…",
    run: runAnalyse,
  },
];
