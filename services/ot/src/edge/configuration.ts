/** Reads the service's part of the device configuration. A validator library would cost the sensor memory for three fields. */
import type { SensorConfiguration } from "../wire/metadata.ts";
import { raise } from "./errors.ts";

/** Without a configuration: what it was started with, every 10 s. */
export const defaultConfiguration: SensorConfiguration = { interfaces: [], upload: 10_000, rules: [] };

/** The configuration, checked. Throws SENSOR_CONFIGURATION_REFUSED, and the one before stays in force. */
export function readConfiguration(document: unknown): SensorConfiguration {
  if (document === undefined || document === null) return defaultConfiguration;
  const { interfaces, upload, rules } = document as Partial<Record<keyof SensorConfiguration, unknown>>;
  const refused = (told: string): Error => raise("SENSOR_CONFIGURATION_REFUSED", { told });
  if (!texts(interfaces, 8, 15)) throw refused("interfaces");
  if (typeof upload !== "number" || !Number.isInteger(upload) || upload < 1_000 || upload > 60_000)
    throw refused("upload");
  if (!texts(rules, 20_000, 8_192)) throw refused("rules");
  return { interfaces, upload, rules };
}

const texts = (value: unknown, most: number, longest: number): value is string[] =>
  Array.isArray(value) &&
  value.length <= most &&
  value.every((each) => typeof each === "string" && each.length <= longest);
