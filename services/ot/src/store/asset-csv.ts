/** The list of devices as a file for spreadsheets. */
import { toCsv } from "@yagura/commerce/csv.ts";
import type { AssetItem } from "../wire/api-assets.ts";

const csvColumns: readonly (readonly [header: string, value: (item: AssetItem) => string])[] = [
  ["id", ({ id }) => id],
  ["name", ({ name }) => name],
  ["role", ({ role }) => role],
  ["vendor", ({ vendor }) => vendor ?? ""],
  ["model", ({ model }) => model ?? ""],
  ["firmware", ({ firmware }) => firmware ?? ""],
  ["os", ({ os }) => os ?? ""],
  ["serial", ({ serial }) => serial ?? ""],
  ["macs", ({ macs }) => macs.join(" ")],
  ["addresses", ({ addresses }) => addresses.join(" ")],
  ["vlans", ({ vlans }) => vlans.join(" ")],
  ["protocols", ({ protocols }) => protocols.join(" ")],
  ["zone", ({ zoneName }) => zoneName ?? ""],
  ["level", ({ level }) => (level === null ? "" : String(level))],
  ["criticality", ({ criticality }) => criticality],
  ["learning", ({ learning }) => learning],
  ["first_seen", ({ firstAt }) => firstAt],
  ["last_seen", ({ lastAt }) => lastAt],
  ["open_findings", ({ findings }) => String(findings)],
  ["registered", ({ registered: known }) => (known === null ? "" : String(known))],
];
export const assetsCsv = (items: readonly AssetItem[]): string =>
  toCsv(
    csvColumns.map(([header]) => header),
    items.map((item) => csvColumns.map(([, value]) => value(item))),
  );
