/** A device that suddenly says that it is another: firmware, serial number, model. */
import type { Attribute } from "../../wire/vocabulary.ts";
import type { Observation } from "../model.ts";
import { identityKey, watchedAttributes } from "./keys.ts";
import type { Run } from "./run.ts";
import type { IdentityBaseline } from "./baselines.ts";
import { atDay, both } from "./words.ts";

type Identity = Observation["identities"][number];
/** Values that are kept for one attribute: a rack tells those of all its modules. */
const MAX_VALUES = 16;

export function changedIdentities(run: Run): void {
  for (const row of run.observation.identities) {
    const asset = run.at(row.endpoint);
    if (!watchedAttributes.has(row.attribute) || run.asset(asset) === undefined) continue;
    const key = identityKey(asset, row.attribute, row.protocol);
    const before = run.baseline("identity", key);
    const values = before?.values ?? [];
    const same = values.find(({ value }) => value === row.value);
    const [usual] = [...values].sort((a, b) => b.last - a.last || b.count - a.count);
    // Several values from the beginning on are modules of one rack: only what is new after learning is a change.
    if (same === undefined && usual !== undefined && !run.learns(asset)) tell(run, asset, row, usual);
    run.keep(withValue(before, key, row));
  }
}

function withValue(before: IdentityBaseline | undefined, key: string, row: Identity): IdentityBaseline {
  const { value, first, last, count } = row;
  const old = before?.values.find((one) => one.value === value);
  const next = {
    value,
    first: Math.min(first, old?.first ?? first),
    last: Math.max(last, old?.last ?? last),
    count: count + (old?.count ?? 0),
  };
  const others = (before?.values ?? []).filter((one) => one.value !== value);
  return { kind: "identity", key, due: null, values: [...others, next].slice(-MAX_VALUES) };
}

const words: Readonly<Partial<Record<Attribute, { readonly en: string; readonly ja: string }>>> = {
  serial: { en: "serial number", ja: "製造番号" },
  model: { en: "model", ja: "型式" },
  "order-number": { en: "order number", ja: "注文番号" },
  hardware: { en: "hardware version", ja: "ハードウェアの版" },
  vendor: { en: "vendor", ja: "メーカー" },
  firmware: { en: "firmware", ja: "ファームウェア" },
};

function tell(run: Run, asset: string, row: Identity, usual: IdentityBaseline["values"][number]): void {
  run.raise({
    kind: row.attribute === "firmware" ? "ot.identity.firmware-changed" : "ot.identity.changed",
    about: asset,
    key: `${identityKey(asset, row.attribute, row.protocol)}|${row.value}`,
    // An exchanged device changes serial, model and firmware at once: one incident.
    group: `identity|${asset}`,
    since: row.first,
    severity: row.attribute === "vendor" ? "notice" : "bad",
    confidence: 0.9,
    parameters: {
      device: run.name(asset),
      ...both("attribute", words[row.attribute] ?? { en: row.attribute, ja: row.attribute }),
      value: row.value,
      before: usual.value,
      times: usual.count,
      since: atDay(usual.first, run.input.settings.utcOffset),
      protocol: run.title(row.protocol),
    },
    evidence: [
      { label: row.attribute, value: `${usual.value} → ${row.value}` },
      { label: "protocol", value: run.title(row.protocol) },
    ],
    server: asset,
    protocol: row.protocol,
  });
}
