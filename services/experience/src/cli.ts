/** Sub-commands that need no server. Answers are JSON on standard output, complaints go to standard error with status 2. */
import { parseArgs } from "node:util";
import { machineLanguage } from "@yagura/core/language.ts";
import { normaliseContractNumber, readContractNumber } from "@yagura/commerce/contracts/contract-number.ts";
import type { CliCommand } from "@yagura/service/service.ts";
import { codecs, emodel, emodelDefaults, type Codec, type EmodelParameters } from "./analysis/emodel.ts";

const names = Object.keys(emodelDefaults) as (keyof EmodelParameters)[];
const codecNames = Object.keys(codecs) as Codec[];

const print = (value: unknown): void => console.log(JSON.stringify(value, null, 2));
const complain = (en: string, ja: string): number => {
  console.error(`COMMAND_USAGE: ${machineLanguage(process.env) === "ja" ? ja : en}`);
  return 2;
};

/** `--Ta 150 --Ppl 1 --codec "G.729A with VAD"`: parameters of G.107 table 2 by their own names. */
async function runEmodel(argv: readonly string[]): Promise<number> {
  const options = Object.fromEntries([...names, "codec"].map((name) => [name, { type: "string" } as const]));
  let values: Record<string, string | boolean | undefined>;
  try {
    ({ values } = parseArgs({ args: joinNegative(argv), options, strict: true }));
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    return complain(
      `${detail}. Run \`npx yagura help\` to see the parameters.`,
      `${detail}。指定できるパラメーターは \`npx yagura help\` で確認してください。`,
    );
  }
  const { codec } = values;
  if (codec !== undefined && !codecNames.includes(codec as Codec)) {
    return complain(
      `Unknown codec “${String(codec)}”. Known: ${codecNames.join("; ")}.`,
      `コーデック「${String(codec)}」はありません。指定できるもの: ${codecNames.join("; ")}`,
    );
  }
  const changed: Record<string, number> = codec === undefined ? {} : { ...codecs[codec as Codec] };
  for (const name of names) {
    const text = values[name];
    if (text === undefined) continue;
    const value = Number(text);
    if (text === "" || !Number.isFinite(value))
      return complain(
        `--${name} needs a number, not “${String(text)}”.`,
        `--${name} には数値を指定してください（「${String(text)}」は使用できません）。`,
      );
    changed[name] = value;
  }
  const parameters = { ...emodelDefaults, ...changed };
  print({ ...emodel(parameters), parameters });
  return 0;
}

/** `--Nc -70` as `--Nc=-70`: a value that begins with a minus would be taken for an option. */
const joinNegative = (argv: readonly string[]): string[] =>
  argv.reduce<string[]>((out, word) => {
    const last = out.at(-1);
    if (/^-[\d.]/.test(word) && last?.startsWith("--") === true && !last.includes("=")) {
      out[out.length - 1] = `${last}=${word}`;
    } else out.push(word);
    return out;
  }, []);

async function runContractNumberCheck(argv: readonly string[]): Promise<number> {
  if (argv.length === 0)
    return complain(
      "Name at least one contract number, for example EXP-2611-000002-3.",
      "契約番号を 1 つ以上指定してください（例: EXP-2611-000002-3）。",
    );
  const checked = argv.map((text) => {
    const read = readContractNumber(text);
    return { number: normaliseContractNumber(text), valid: read !== null, ...read };
  });
  print(checked.length === 1 ? checked[0] : checked);
  return checked.every(({ valid }) => valid) ? 0 : 1;
}

export const cli: readonly CliCommand[] = [
  {
    name: "emodel",
    summary: {
      en: "Rates a voice path by ITU-T G.107: prints R, MOS and the impairments as JSON.",
      ja: "音声経路を ITU-T G.107 で評価し、R 値・MOS・劣化要因を JSON で表示します。",
    },
    usage: `[--codec ${codecNames.map((name) => `"${name}"`).join("|")}] [--${names.join(" N] [--")} N]`,
    run: runEmodel,
  },
  {
    name: "contract-number check",
    summary: {
      en: "Checks the form and the check digit of contract numbers (status 1 when one is wrong).",
      ja: "契約番号の形式とチェックディジットを確認します（誤りがあれば終了ステータス 1）。",
    },
    usage: "NUMBER…",
    run: runContractNumberCheck,
  },
];
