/** What the command line can do, beside what the services add. */
import { resolve } from "node:path";
import { parseArgs, type ParseArgsConfig } from "node:util";
import type { Language } from "@yagura/core/errors.ts";
import { machineLanguage } from "@yagura/core/language.ts";
import { administer, administerStopped } from "./administer.ts";
import { sayFeeds, type FeedAnswer } from "./feed-commands.ts";
import { sayPrices, type PriceAnswer } from "./price-commands.ts";
import { runProgram } from "./programs.ts";
import { start } from "./start.ts";
import { raise } from "./errors.ts";

export interface Command {
  /** e.g. `["token", "create"]`. */
  readonly words: readonly string[];
  readonly summary: Readonly<Record<Language, string>>;
  readonly usage: string;
  /** Returns the exit status. */
  readonly run: (argv: readonly string[]) => Promise<number>;
}

const PRICES_LOAD = "prices load FILE [--dry-run] [--book NAME] [--confirm-past] [--reason TEXT] [--data DIR]";
const FEEDS_LOAD = "ot feeds load FILE… [--data DIR]";
const PRICES_EXPORT = "prices export [--on DAY] [--format csv|yaml] [--data DIR]";

export const commands: readonly Command[] = [
  {
    words: ["start"],
    summary: {
      en: "Starts the control plane, its stores and, the first time, an agent on this machine; with --demo also a sensor of a synthetic factory. Ctrl-C stops everything.",
      ja: "コントロールプレーンとデータベースを起動します。初回はこのマシンのエージェントも登録します。--demo を付けると、架空の工場を監視するセンサーも動かします。Ctrl-C ですべて停止します。",
    },
    usage:
      "start [--data DIR] [--port N] [--host H] [--public-url URL] [--tls-cert FILE --tls-key FILE] [--plain-http] [--trust-proxy LIST] [--local-agent on|loopback|off] [--alert-reach public|any] [--demo] [--log-level L]",
    run: start,
  },
  {
    words: ["agent"],
    summary: {
      en: "Runs an agent: enrols with the key of an install invitation, then measures and uploads until stopped.",
      ja: "エージェントを実行します。招待メールのキーで登録し、停止するまで測定と送信を続けます。",
    },
    usage: "agent --server URL [--key KEY] --state DIR [--insecure-http]   |   agent status --state DIR",
    run: (argv) => runProgram("agent", argv),
  },
  {
    words: ["sensor"],
    summary: {
      en: "Runs an OT sensor: reads a mirror port (or capture files) and uploads metadata only. Shows what it would upload, checks the mirror, verifies its ledger. docs/sensor.md",
      ja: "OT センサーを実行します。ミラーポート（またはキャプチャーファイル）を読み取り、メタデータだけを送信します。送信内容の表示、ミラー設定の診断、台帳の検証もできます。docs/sensor.md",
    },
    usage:
      "sensor --interface NAME... --server URL [--key KEY] --state DIR   |   sensor --preview|--doctor --interface NAME|--file FILE   |   sensor --prepare --interface NAME   |   sensor ledger [FILE] --state DIR   |   sensor --make-key FILE   |   sensor status --state DIR",
    run: (argv) => runProgram("sensor", argv),
  },
  {
    words: ["token", "create"],
    summary: {
      en: "Makes an API token and prints it once.",
      ja: "API トークンを発行し、一度だけ表示します。",
    },
    usage: "token create --role ROLE [--organisation ID] [--name TEXT] [--days N] [--data DIR]",
    run: async (argv) => {
      const { values } = parse(
        argv,
        {
          role: { type: "string" },
          organisation: { type: "string" },
          name: { type: "string" },
          days: { type: "string" },
        },
        "token create --role ROLE [--organisation ID] [--name TEXT] [--days N] [--data DIR]",
      );
      const { data, ...input } = values;
      const answer = await administer(data, "token.create", input);
      console.log(String(answer["token"]));
      return 0;
    },
  },
  {
    words: ["link"],
    summary: {
      en: "Makes a new sign-in link for one of the provider's staff: the first administrator, or who has the mail address.",
      ja: "プロバイダーのスタッフ（指定がなければ最初の管理者）のサインイン用リンクを発行します。",
    },
    usage: "link [--mail ADDRESS] [--data DIR]",
    run: async (argv) => {
      const { values } = parse(argv, { mail: { type: "string" } }, "link [--mail ADDRESS] [--data DIR]");
      const { data, ...input } = values;
      const answer = await administer(data, "link.create", input);
      console.log(`sign-in ${String(answer["url"])}`);
      if (answer["stopped"] === true) console.error(notRunning[machineLanguage(process.env)]);
      return 0;
    },
  },
  {
    words: ["audit", "verify"],
    summary: {
      en: "Recomputes the hash chain of the audit log and compares it with the checkpoints outside the database.",
      ja: "監査ログのハッシュチェーンを計算し直し、データベースの外に保存した記録と照合します。",
    },
    usage: "audit verify [--data DIR]",
    run: async (argv) => {
      const { values } = parse(argv, {}, "audit verify [--data DIR]");
      const answer = await administer(values.data, "audit.verify", {});
      console.log(String(answer["text"]));
      return answer["ok"] === true ? 0 : 1;
    },
  },
  {
    words: ["charges", "preview"],
    summary: {
      en: "Computes lines, tax, totals, invoices and late interest from a file of contract facts, each with its reason, as JSON. Needs no server.",
      ja: "契約の事実を書いたファイルから、料金の明細・税・合計・請求書・遅延損害金を、根拠とともに JSON で出力します。サーバーは不要です。",
    },
    usage: "charges preview FACTS.json [--language ja|en]",
    run: async (argv) => {
      const usage = "charges preview FACTS.json [--language ja|en]";
      const { values, positionals } = parse(argv, { language: { type: "string" } }, usage, true);
      const { language } = values;
      if (language !== undefined && language !== "ja" && language !== "en")
        throw raise("COMMAND_USAGE", { detail: `--language is ja or en, not ${language}`, usage });
      const { previewFile } = await import("./charges.ts");
      console.log(await previewFile(onlyOne(positionals, usage), language ?? null));
      return 0;
    },
  },
  {
    words: ["charges", "schema"],
    summary: {
      en: "Prints the JSON Schema of the file that `charges preview` reads.",
      ja: "`charges preview` が読み込むファイルの JSON Schema を出力します。",
    },
    usage: "charges schema",
    run: async (argv) => {
      parse(argv, {}, "charges schema");
      const { previewSchema } = await import("./charges.ts");
      console.log(previewSchema());
      return 0;
    },
  },
  {
    words: ["backup"],
    summary: {
      en: "Writes both stores into one file, also while running.",
      ja: "稼働中でも、両方のデータベースの内容を 1 つのファイルに書き出します。",
    },
    usage: "backup FILE [--data DIR]",
    run: async (argv) => {
      const { values, positionals } = parse(argv, {}, "backup FILE [--data DIR]", true);
      const file = onlyOne(positionals, "backup FILE [--data DIR]");
      const answer = await administer(values.data, "backup", { file: resolve(file) });
      console.log(String(answer["text"]));
      return 0;
    },
  },
  {
    words: ["restore"],
    summary: {
      en: "Fills an empty data folder from a backup file. The control plane must be stopped.",
      ja: "バックアップファイルの内容を空のデータフォルダーに復元します。先にコントロールプレーンを停止してください。",
    },
    usage: "restore FILE [--data DIR]",
    run: async (argv) => {
      const { values, positionals } = parse(argv, {}, "restore FILE [--data DIR]", true);
      const file = onlyOne(positionals, "restore FILE [--data DIR]");
      const answer = await administerStopped(values.data, "restore", { file: resolve(file) });
      console.log(String(answer["text"]));
      return 0;
    },
  },
  {
    words: ["prices", "load"],
    summary: {
      en: "Loads a price book (CSV or YAML), all rows or none; --dry-run shows what changes from when.",
      ja: "価格表（CSV または YAML）を登録します。1行でも誤りがあれば登録しません。--dry-run で、いつから何が変わるかを確認できます。",
    },
    usage: PRICES_LOAD,
    run: async (argv) => {
      const options = {
        book: { type: "string" },
        reason: { type: "string" },
        "dry-run": { type: "boolean" },
        "confirm-past": { type: "boolean" },
      } as const;
      const { values, positionals } = parse(argv, options, PRICES_LOAD, true);
      const { data, book, reason } = values;
      const answer = await administer(data, "prices.load", {
        file: resolve(onlyOne(positionals, PRICES_LOAD)),
        ...(book === undefined ? {} : { book }),
        ...(reason === undefined ? {} : { reason }),
        dryRun: String(values["dry-run"] ?? false),
        confirmPast: String(values["confirm-past"] ?? false),
      });
      const prices = answer as unknown as PriceAnswer;
      console.log(sayPrices(prices, machineLanguage(process.env)));
      return prices.refused.length > 0 ? 2 : 0;
    },
  },
  {
    words: ["prices", "export"],
    summary: {
      en: "Writes the prices in force and planned, or those of one day, in the form in which they are loaded.",
      ja: "現在と今後の価格、または指定した日の価格を、登録できる形式で書き出します。",
    },
    usage: PRICES_EXPORT,
    run: async (argv) => {
      const options = { on: { type: "string" }, format: { type: "string" } } as const;
      const { values } = parse(argv, options, PRICES_EXPORT);
      const { data, ...input } = values;
      const answer = await administer(data, "prices.export", input);
      process.stdout.write(String(answer["text"]));
      return 0;
    },
  },
  {
    words: ["ot", "feeds", "load"],
    summary: {
      en: "Loads public facts for OT security from files: advisories (CSAF), exploited vulnerabilities, end dates of systems, vendors of MAC prefixes.",
      ja: "OT セキュリティの公開情報（CSAF の勧告、悪用が確認された脆弱性、OS のサポート終了日、MAC アドレスの割り当て）をファイルから登録します。",
    },
    usage: FEEDS_LOAD,
    run: async (argv) => {
      const { values, positionals } = parse(argv, {}, FEEDS_LOAD, true);
      if (positionals.length === 0)
        throw raise("COMMAND_USAGE", { detail: "name at least one file", usage: FEEDS_LOAD });
      const files = positionals.map((file) => resolve(file)).join("\n");
      const answer = await administer(values.data, "ot.feeds.load", { file: files });
      console.log(sayFeeds(answer as unknown as FeedAnswer, machineLanguage(process.env)));
      return 0;
    },
  },
  {
    words: ["version"],
    summary: {
      en: "Prints the version.",
      ja: "バージョンを表示します。",
    },
    usage: "version",
    run: async () => {
      const { default: manifest } = (await import("../package.json", { with: { type: "json" } })) as {
        default: { version: string };
      };
      console.log(manifest.version);
      return 0;
    },
  },
];

const notRunning: Readonly<Record<Language, string>> = {
  en: "Yagura does not run on this data folder now: the link opens once it is started.",
  ja: "このデータフォルダーの Yagura は現在停止しています。リンクは起動後に開けます。",
};

type OptionTable = NonNullable<ParseArgsConfig["options"]>;

function parse<T extends OptionTable>(argv: readonly string[], options: T, usage: string, allowPositionals = false) {
  try {
    const parsed = parseArgs({
      args: [...argv],
      allowPositionals,
      options: { ...options, data: { type: "string" as const } },
    });
    return {
      values: parsed.values as Record<string, string | undefined> & { data?: string },
      positionals: parsed.positionals,
    };
  } catch (error) {
    throw raise("COMMAND_USAGE", { detail: error instanceof Error ? error.message : String(error), usage });
  }
}

function onlyOne(positionals: readonly string[], usage: string): string {
  const [first, ...more] = positionals;
  if (first === undefined || more.length > 0)
    throw raise("COMMAND_USAGE", { detail: `exactly one file is needed, ${positionals.length} were named`, usage });
  return first;
}
