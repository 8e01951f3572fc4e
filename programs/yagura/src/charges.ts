/**
 * `yagura charges`: computes a file of facts without a server, on the tables that the services ship, and prints the schema of
 * such a file. The functions are those of the bill run (COM-19).
 */
import { readFileSync } from "node:fs";
import { preview, inLanguage, type PreviewWorld } from "@yagura/commerce/charging/preview.ts";
import { PreviewFile } from "@yagura/commerce/charging/preview-file.ts";
import { shippedTables } from "@yagura/commerce/charging/shipped.ts";
import type { Language } from "@yagura/core/errors.ts";
import { raise } from "./errors.ts";

/** Larger files are refused before they are read whole: a hundred thousand facts fit. */
const LARGEST = 64 * 1024 * 1024;

/** The shipped tables of the five services; provider data that is only suggested (hours, due dates) stands in for what is not given. */
async function shipped(): Promise<PreviewWorld> {
  const offers = [
    (await import("@yagura/experience/charges.ts")).offer,
    (await import("@yagura/security/charges.ts")).offer,
    (await import("@yagura/remote/charges.ts")).offer,
    (await import("@yagura/ot/charges.ts")).offer,
    (await import("@yagura/utm/charges.ts")).offer,
  ];
  return {
    tables: shippedTables(offers, { suggested: true }),
    units: Object.fromEntries(offers.map(({ service, invoiceUnit }) => [service, invoiceUnit])),
  };
}

/** The answer as JSON; FactsInvalid with one issue per field, CHARGES_FILE_UNREADABLE or CHARGES_FILE_NOT_JSON. `-` is standard input. */
export async function previewFile(path: string, language: Language | null): Promise<string> {
  const answer = preview(await shipped(), parse(path, read(path)));
  return JSON.stringify(language === null ? answer : inLanguage(answer, language), null, 2);
}

/** JSON Schema (2020-12) of the file. */
export const previewSchema = (): string =>
  JSON.stringify({ $schema: "https://json-schema.org/draft/2020-12/schema", ...PreviewFile }, null, 2);

function read(path: string): string {
  try {
    const text = readFileSync(path === "-" ? 0 : path);
    if (text.length > LARGEST) throw new RangeError(`larger than ${LARGEST} bytes`);
    return new TextDecoder("utf-8", { fatal: true }).decode(text);
  } catch (error) {
    throw raise("CHARGES_FILE_UNREADABLE", { file: path, detail: because(error) }, { cause: error });
  }
}

function parse(path: string, text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw raise("CHARGES_FILE_NOT_JSON", { file: path, detail: because(error) }, { cause: error });
  }
}

const because = (error: unknown): string => (error instanceof Error ? error.message : String(error));
