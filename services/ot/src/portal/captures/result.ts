/** What `yagura ot analyse --json` prints, as far as the portal shows it. Parts that are missing (older results) are empty. Pure. */
import { roles, type Role } from "../../analysis/model.ts";
import { commandClasses, protocols, type CommandClass, type ProtocolName } from "../../wire/vocabulary.ts";
import { isSeverity, type Severity } from "../severity.ts";

export interface ResultAsset {
  readonly name: string;
  readonly role: Role;
  readonly attributes: Readonly<Partial<Record<string, string>>>;
  readonly addresses: readonly string[];
  readonly macs: readonly string[];
  readonly protocols: readonly string[];
}
export interface ResultCommand {
  readonly client: string;
  readonly server: string;
  readonly protocol: string;
  readonly code: number;
  readonly name: string;
  readonly class: CommandClass;
  readonly critical: boolean;
  readonly count: number;
}
export interface ResultFinding {
  readonly severity: Severity;
  readonly title: string;
  readonly changed: string;
  readonly advice: string;
  readonly subject: string;
}
export interface CaptureReport {
  readonly from: string | null;
  readonly to: string | null;
  readonly packets: number;
  readonly bytes: number;
  readonly dropped: number;
  readonly damaged: readonly string[];
  readonly quality: readonly { readonly name: string; readonly advice: readonly string[] }[];
  readonly assets: readonly ResultAsset[];
  readonly commands: readonly ResultCommand[];
  readonly findings: readonly ResultFinding[];
}

type Row = Readonly<Record<string, unknown>>;
export const isRow = (value: unknown): value is Row =>
  typeof value === "object" && value !== null && !Array.isArray(value);
export const rows = (value: unknown): Row[] => (Array.isArray(value) ? value.filter(isRow) : []);
export const text = (value: unknown): string => (typeof value === "string" ? value : "");
const texts = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((one): one is string => typeof one === "string") : [];
export const number = (value: unknown): number => (typeof value === "number" ? value : 0);
export const oneOf = <T extends string>(list: readonly T[], value: unknown, otherwise: T): T =>
  list.find((one) => one === value) ?? otherwise;
/** What is declared for the site is named in the report. */
const titleOf = (name: string, declared: unknown): string =>
  (isRow(declared) ? text(declared[name]) : "") || (name in protocols ? protocols[name as ProtocolName].title : name);

export function readResult(result: unknown): CaptureReport {
  const report = isRow(result) ? result : {};
  return {
    from: text(report["from"]) || null,
    to: text(report["to"]) || null,
    packets: number(report["packets"]),
    bytes: number(report["bytes"]),
    dropped: number(report["dropped"]),
    damaged: rows(report["damaged"]).map(({ reason }) => text(reason)),
    quality: rows(report["captures"]).map(({ name, advice }) => ({ name: text(name), advice: texts(advice) })),
    assets: rows(report["assets"]).map((row) => ({
      name: text(row["name"]),
      role: oneOf(roles, row["role"], "unknown"),
      attributes: isRow(row["attributes"])
        ? Object.fromEntries(Object.entries(row["attributes"]).map(([name, value]) => [name, text(value)]))
        : {},
      addresses: texts(row["addresses"]),
      macs: texts(row["macs"]),
      protocols: texts(row["protocols"]),
    })),
    commands: rows(report["commands"]).map((row) => ({
      client: text(row["client"]),
      server: text(row["server"]),
      protocol: titleOf(text(row["protocol"]), report["declared"]),
      code: number(row["code"]),
      name: text(row["name"]),
      class: oneOf(commandClasses, row["class"], "other"),
      critical: row["critical"] === true,
      count: Math.max(number(row["requests"]), number(row["events"])),
    })),
    findings: rows(report["findings"]).map((row) => ({
      severity: isSeverity(text(row["severity"])) ? (text(row["severity"]) as Severity) : "info",
      title: text(row["title"]),
      changed: text(row["changed"]),
      advice: text(row["advice"]),
      subject: text(row["subject"]),
    })),
  };
}
