/** Prices from the command line: for whoever owns the data folder, as the office does it in the portal. */
import { readFile, stat } from "node:fs/promises";
import { basename, extname } from "node:path";
import { dayOf, isDay } from "@yagura/core/calendar.ts";
import type { Offer } from "@yagura/commerce/charging/offer.ts";
import { loadTables } from "@yagura/commerce/terms/load.ts";
import { exportBook } from "@yagura/commerce/terms/prices/export-book.ts";
import { loadBook } from "@yagura/commerce/terms/prices/load-book.ts";
import { readPriceFile } from "@yagura/commerce/terms/prices/read-file.ts";
import { PRICE_FILE_BYTES } from "@yagura/commerce/terms/prices/routes.ts";
import { shipOffers } from "@yagura/commerce/terms/ship.ts";
import type { PriceFormat } from "@yagura/commerce/terms/shapes.ts";
import type { Platform } from "@yagura/server/route.ts";
import { raise } from "./errors.ts";

export interface PriceParts {
  readonly platform: Platform;
  readonly offers: readonly Offer[];
}
type Input = Readonly<Record<string, string | undefined>>;
type Answer = Readonly<Record<string, unknown>>;

const actor = { kind: "system", name: "command-line" } as const;

/** `file`, `book`, `dryRun`, `confirmPast`, `reason`. Rows that are refused are an answer, not an error: the person reads them. */
export async function loadPrices({ platform, offers }: PriceParts, input: Input): Promise<Answer> {
  const name = input["file"] ?? "";
  const file = readPriceFile(await readPrices(name), formatOf(name));
  const book = input["book"] ?? file.book ?? basename(name, extname(name));
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,59}$/.test(book))
    throw raise("OPTION_INVALID", { option: "--book", value: book, allowed: "A–Z a–z 0–9 . _ -, 1–60" });
  await shipOffers(platform, offers);
  return platform.store.provider(async (tx) => {
    const work = {
      tx,
      now: new Date(platform.clock.now()),
      actor,
      audit: (entry: Parameters<Platform["audit"]>[3]) => platform.audit(tx, actor, null, entry),
    };
    const options = {
      book,
      source: file.source ?? basename(name),
      confirmPast: input["confirmPast"] === "true",
      reason: input["reason"]?.slice(0, 200),
    };
    const dry = await loadBook(work, offers, file, { ...options, dryRun: true });
    if (input["dryRun"] === "true" || dry.refused.length > 0) return { ...dry };
    return { ...(await loadBook(work, offers, file, { ...options, dryRun: false })) };
  });
}

/** `on`, `format`: the text of the file. */
export async function exportPrices({ platform }: PriceParts, input: Input): Promise<Answer> {
  const format = input["format"] ?? "csv";
  if (format !== "csv" && format !== "yaml")
    throw raise("OPTION_INVALID", { option: "--format", value: format, allowed: "csv, yaml" });
  const on = input["on"] ?? null;
  if (on !== null && !isDay(on)) throw raise("OPTION_INVALID", { option: "--on", value: on, allowed: "YYYY-MM-DD" });
  const { prices } = await platform.store.provider(loadTables);
  return { text: exportBook(prices, on, dayOf(new Date(platform.clock.now())), format) };
}

const formatOf = (name: string): PriceFormat | undefined =>
  ({ ".csv": "csv", ".yaml": "yaml", ".yml": "yaml" })[extname(name).toLowerCase()] as PriceFormat | undefined;

async function readPrices(file: string): Promise<Uint8Array> {
  try {
    const { size } = await stat(file);
    if (size > PRICE_FILE_BYTES) throw raise("PRICE_FILE_TOO_LARGE", { file, limit: PRICE_FILE_BYTES });
    return await readFile(file);
  } catch (error) {
    if (!(error instanceof Error && "syscall" in error)) throw error;
    throw raise("PRICE_FILE_UNREADABLE", { file, reason: error.message }, { cause: error });
  }
}
