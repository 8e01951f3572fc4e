/** Settings that are being changed: what the fields hold, what is sent, and how it differs from what is in force. Pure. */
import type { SettingChange, Settings, Threshold } from "../../wire/api-rules.ts";
import { unitOf } from "./threshold-words.ts";

export const serverKinds = ["dhcp", "dns", "gateway"] as const;
export type ServerKind = (typeof serverKinds)[number];

export interface Draft {
  /** Texts of the fields, in the unit that is shown, by `group.name`. */
  readonly thresholds: Readonly<Record<string, string>>;
  readonly off: readonly string[];
  /** Texts of the fields: one address a line. */
  readonly servers: Readonly<Record<ServerKind, string>>;
}
export const keyOf = ({ group, name }: Pick<Threshold, "group" | "name">): string => `${group}.${name}`;

/** In the unit that is shown; factors are decimal, so the noise of binary fractions is cut. */
export const shownValue = (value: number, unit: string): number =>
  Number((value / unitOf(unit).factor).toPrecision(12));
const storedValue = (shown: number, unit: string): number => Number((shown * unitOf(unit).factor).toPrecision(12));

/** Null: no number, or out of bounds. */
export function readThreshold(text: string, { unit, minimum, maximum }: Threshold): number | null {
  if (text.trim() === "") return null;
  const value = storedValue(Number(text), unit);
  return value >= minimum && value <= maximum ? value : null;
}

/** Seconds of what is less than a day, which nobody reads as a fraction of one; else null. */
export function partOfDay(text: string, unit: string): number | null {
  const days = Number(text);
  return unit === "days" && days > 0 && days < 1 ? Math.round(days * 86_400) : null;
}

export const draftOf = (settings: Settings): Draft => ({
  thresholds: Object.fromEntries(
    settings.thresholds.map((one) => [keyOf(one), String(shownValue(one.value, one.unit))]),
  ),
  off: settings.kinds.filter(({ enabled }) => !enabled).map(({ kind }) => kind),
  servers: {
    dhcp: settings.servers.dhcp.join("\n"),
    dns: settings.servers.dns.join("\n"),
    gateway: settings.servers.gateway.join("\n"),
  },
});

/** The draft with a change that was tried before. */
export function adopt(settings: Settings, change: SettingChange): Draft {
  const values = change.thresholds ?? {};
  return {
    thresholds: Object.fromEntries(
      settings.thresholds.map((one) => [keyOf(one), String(shownValue(values[keyOf(one)] ?? one.default, one.unit))]),
    ),
    off: change.off ?? [],
    servers: {
      dhcp: (change.servers?.dhcp ?? []).join("\n"),
      dns: (change.servers?.dns ?? []).join("\n"),
      gateway: (change.servers?.gateway ?? []).join("\n"),
    },
  };
}

export const addressesIn = (text: string): string[] => [...new Set(text.split(/[\s,、]+/).filter((one) => one !== ""))];

/** What differs from the defaults. Null while a field holds what cannot be. */
export function changeOf(draft: Draft, settings: Settings): SettingChange | null {
  const thresholds: Record<string, number> = {};
  for (const one of settings.thresholds) {
    const value = readThreshold(draft.thresholds[keyOf(one)] ?? "", one);
    if (value === null) return null;
    if (value !== one.default) thresholds[keyOf(one)] = value;
  }
  return {
    thresholds,
    off: [...draft.off],
    servers: {
      dhcp: addressesIn(draft.servers.dhcp),
      dns: addressesIn(draft.servers.dns),
      gateway: addressesIn(draft.servers.gateway),
    },
  };
}

/** How many settings the draft has otherwise than they are in force. */
export function differences(draft: Draft, settings: Settings): number {
  const was = draftOf(settings);
  const thresholds = Object.keys(was.thresholds).filter((key) => draft.thresholds[key] !== was.thresholds[key]).length;
  const kinds = settings.kinds.filter(({ kind }) => draft.off.includes(kind) !== was.off.includes(kind)).length;
  const servers = serverKinds.filter(
    (kind) => addressesIn(draft.servers[kind]).join() !== addressesIn(was.servers[kind]).join(),
  ).length;
  return thresholds + kinds + servers;
}
