/**
 * `yagura charges`: computes a file of facts without a server, on the tables that the services ship, and prints the schema of
 * such a file. The functions are those of the bill run (COM-19).
 */
import { readFileSync } from "node:fs";
import { FactsInvalid, type Issue } from "@yagura/commerce/charging/issues.ts";
import type { Offer } from "@yagura/commerce/charging/offer.ts";
import { preview, inLanguage, type PreviewWorld } from "@yagura/commerce/charging/preview.ts";
import { PreviewFile } from "@yagura/commerce/charging/preview-file.ts";
import { shippedTables } from "@yagura/commerce/charging/shipped.ts";
import { settingFaults } from "@yagura/commerce/terms/setting-shapes.ts";
import type { Language } from "@yagura/core/errors.ts";
import { raise } from "./errors.ts";

/** Larger files are refused before they are read whole: a hundred thousand facts fit. */
const LARGEST = 64 * 1024 * 1024;

/** The shipped tables of the five services; provider data that is only suggested (hours, due dates) stands in for what is not given. */
async function shipped(): Promise<PreviewWorld & { readonly offers: readonly Offer[] }> {
  const offers = [
    (await import("@yagura/experience/charges.ts")).offer,
    (await import("@yagura/security/charges.ts")).offer,
    (await import("@yagura/remote/charges.ts")).offer,
    (await import("@yagura/ot/charges.ts")).offer,
    (await import("@yagura/utm/charges.ts")).offer,
  ];
  return {
    offers,
    tables: shippedTables(offers, { suggested: true }),
    units: Object.fromEntries(offers.map(({ service, invoiceUnit }) => [service, invoiceUnit])),
  };
}

/** The answer as JSON; FactsInvalid with one issue per field, CHARGES_FILE_UNREADABLE or CHARGES_FILE_NOT_JSON. `-` is standard input. */
export async function previewFile(path: string, language: Language | null): Promise<string> {
  const world = await shipped();
  const file = parse(path, read(path));
  const faults = settingsOf(file).flatMap(({ key, value }, at) => faultsOf(world.offers, at, key, value));
  if (faults.length > 0) throw new FactsInvalid("file", faults, "CHARGES_FILE_INVALID");
  const answer = preview(world, file);
  return JSON.stringify(language === null ? answer : inLanguage(answer, language), null, 2);
}

/** Settings of a file that are told well enough to be looked at; the file's schema tells what else is wrong. */
function settingsOf(file: unknown): { readonly key: string; readonly value: unknown }[] {
  const inside = (value: unknown, name: string): unknown =>
    typeof value === "object" && value !== null && name in value ? (value as Record<string, unknown>)[name] : undefined;
  const rows = inside(inside(file, "tables"), "settings");
  return Array.isArray(rows)
    ? rows.map((row: unknown) => ({ key: String(inside(row, "key")), value: inside(row, "value") }))
    : [];
}

/** What the office would refuse as a setting is refused here too: a value that no rule understands is never passed over. */
function faultsOf(offers: readonly Offer[], at: number, key: string, value: unknown): Issue[] {
  const pointer = `/tables/settings/${at}/value`;
  const reading = offers.flatMap((offer) => offer.readings).find((one) => one.key === key);
  if (reading === undefined)
    return settingFaults(key, value).map((fault) => ({
      pointer: fault.pointer.replace("/body/value", pointer),
      text: {
        en: `“${key}” cannot be this: ${fault.message}.`,
        ja: `「${key}」にこの値は指定できません（${fault.message}）。`,
      },
    }));
  const choices = offers
    .flatMap((offer) => offer.readings.filter((one) => one.key === key))
    .flatMap((one) => one.choices.map((choice) => choice.value));
  if (typeof value === "string" && choices.includes(value)) return [];
  const known = [...new Set(choices)].join(", ");
  return [
    {
      pointer,
      text: {
        en: `“${key}” is a reading of the terms. It has to be one of: ${known}.`,
        ja: `「${key}」は約款の読み方です。指定できる値: ${known}`,
      },
    },
  ];
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
