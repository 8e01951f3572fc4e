/** Reads the service's part of the device configuration. A validator library would cost the sensor memory for four fields. */
import { MAX_DECLARED, type DeclaredSlot } from "../wire/declared.ts";
import type { SensorConfiguration } from "../wire/metadata.ts";
import { MAX_BLOCKS, type Block } from "../wire/enforcement.ts";
import { readMac } from "../wire/addresses.ts";
import { raise } from "./errors.ts";

export type SensorService = SensorConfiguration & { readonly declared: readonly DeclaredSlot[] };

/** Without a configuration: what it was started with, every 10 s. */
export const defaultConfiguration: SensorService = { interfaces: [], upload: 10_000, rules: [], declared: [] };

/** The configuration, checked. Throws SENSOR_CONFIGURATION_REFUSED, and the one before stays in force. */
export function readConfiguration(document: unknown): SensorService {
  if (document === undefined || document === null) return defaultConfiguration;
  const {
    interfaces,
    upload,
    rules,
    blocks = [],
    declared = [],
  } = document as Partial<Record<keyof SensorConfiguration, unknown>>;
  const refused = (told: string): Error => raise("SENSOR_CONFIGURATION_REFUSED", { told });
  if (!texts(interfaces, 8, 15)) throw refused("interfaces");
  if (typeof upload !== "number" || !Number.isInteger(upload) || upload < 1_000 || upload > 60_000)
    throw refused("upload");
  if (!texts(rules, 20_000, 8_192)) throw refused("rules");
  if (!Array.isArray(blocks) || blocks.length > MAX_BLOCKS || !blocks.every(isBlock)) throw refused("blocks");
  if (!slots(declared)) throw refused("declared");
  return { interfaces, upload, rules, blocks, declared };
}

function isBlock(value: unknown): value is Block {
  const { order, mac, addresses, asked, until } = (value ?? {}) as Partial<Record<keyof Block, unknown>>;
  const isTime = (time: unknown): boolean => Number.isSafeInteger(time) && (time as number) >= 0;
  return (
    typeof order === "string" &&
    /^[0-9a-f-]{36}$/.test(order) &&
    typeof mac === "string" &&
    readMac(mac) !== null &&
    texts(addresses, 16, 64) &&
    isTime(asked) &&
    isTime(until)
  );
}

const texts = (value: unknown, most: number, longest: number): value is string[] =>
  Array.isArray(value) &&
  value.length <= most &&
  value.every((each) => typeof each === "string" && each.length <= longest);

/** What a description says is checked where it is compiled: one that is refused is a warning, and the others work. */
const slots = (value: unknown): value is DeclaredSlot[] =>
  Array.isArray(value) &&
  value.length <= MAX_DECLARED &&
  value.every((each: unknown) => {
    const slot = typeof each === "object" && each !== null && "slot" in each ? each.slot : 0;
    return typeof slot === "number" && Number.isInteger(slot) && slot >= 1 && slot <= MAX_DECLARED;
  });
