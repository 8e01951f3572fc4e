/** An analysis as people and programs read it: names instead of ids, words instead of numbers, the greatest first. */
import type { Language } from "@yagura/core/errors.ts";
import type { Severity } from "@yagura/core/finding.ts";
import { subnetOf } from "../analysis/assets/addresses.ts";
import { conflictsOf, shownOf } from "../analysis/assets/evidence.ts";
import { findingKinds } from "../analysis/findings.ts";
import type { Asset, AssetAttribute } from "../analysis/model.ts";
import { diagnose, sumCaptures, type CaptureSum } from "../decode/doctor.ts";
import { sayDiagnosis } from "../decode/doctor-words.ts";
import type { Vocabulary } from "../analysis/observe.ts";
import { isCritical } from "../wire/vocabulary.ts";
import type { Analysed } from "./analyse.ts";

const time = (milliseconds: number): string => new Date(milliseconds).toISOString();
const severities: readonly Severity[] = ["critical", "bad", "notice", "info"];
const shown: readonly AssetAttribute[] = [
  "vendor",
  "model",
  "order-number",
  "firmware",
  "hardware",
  "serial",
  "os",
  "name",
];

/** What `yagura ot analyse --json` prints. Field names are part of the product's interface. */
export function reportOf(analysed: Analysed, language: Language) {
  const names = new Map(analysed.assets.map((asset) => [asset.id, nameOf(asset)]));
  const who = (party: string): string => names.get(party) ?? party;
  const networks = networksOf(analysed.assets);
  return {
    from: analysed.from === null ? null : time(analysed.from),
    to: analysed.to === null ? null : time(analysed.to),
    packets: analysed.stats.packets,
    bytes: analysed.stats.bytes,
    dropped: analysed.stats.dropped,
    damaged: analysed.damaged.map(({ file, error }) => ({ file, reason: error.message })),
    captures: analysed.captures.map(({ name, counters }) => ({
      name,
      ...counters,
      advice: diagnose(sumOf(name, counters, networks)).map((diagnosis) => sayDiagnosis(diagnosis, language)),
    })),
    /** What is declared beside the built-in protocols, by its protocol. */
    declared: Object.fromEntries(Array.from(analysed.vocabulary.declared, ([protocol, { name }]) => [protocol, name])),
    assets: analysed.assets
      .map((asset) => assetOf(asset, analysed.vocabulary))
      .toSorted((a, b) => compareNames(a.name, b.name)),
    conversations: analysed.conversations
      .map(({ client, server, first, last, ...row }) => ({
        client: who(client),
        server: who(server),
        ...row,
        first: time(first),
        last: time(last),
      }))
      .toSorted((a, b) => b.bytesIn + b.bytesOut - a.bytesIn - a.bytesOut),
    commands: analysed.commands
      .map(({ client, server, first, last, ...row }) => ({
        client: who(client),
        server: who(server),
        ...row,
        critical: isCritical(row.class),
        first: time(first),
        last: time(last),
      }))
      .toSorted(
        (a, b) =>
          Number(b.critical) - Number(a.critical) || b.requests + b.events - (a.requests + a.events) || a.code - b.code,
      ),
    findings: analysed.findings
      .map((finding) => ({
        kind: finding.kind,
        severity: finding.severity,
        confidence: finding.confidence,
        ...wordsOf(finding.kind, finding.parameters, language),
        subject: who(finding.subject.id),
        since: time(finding.since),
        until: finding.until === undefined ? null : time(finding.until),
        parameters: finding.parameters,
        evidence: finding.evidence.map(({ label, value }) => ({ label, value })),
      }))
      .toSorted(
        (a, b) => severities.indexOf(a.severity) - severities.indexOf(b.severity) || (a.since < b.since ? -1 : 1),
      ),
  };
}
export type Report = ReturnType<typeof reportOf>;

type Counters = Parameters<typeof sumCaptures>[1] extends Iterable<infer One> ? One : never;
/** A sum of the words of `captures`, whose names are those of its columns. */
const sumOf = (name: string, counters: Readonly<Record<string, number>>, networks: number): CaptureSum =>
  sumCaptures(name, [counters as unknown as Counters], { networks, sent: null });

/** IPv4 networks (/24) and IPv6 networks (/64) with hosts. */
const networksOf = (assets: readonly Asset[]): number =>
  new Set(assets.flatMap(({ addresses }) => addresses).flatMap((address) => subnetOf(address) ?? [])).size;

const compareNames = (a: string, b: string): number => a.localeCompare(b, "en", { numeric: true });

const nameOf = (asset: Asset): string =>
  asset.addresses[0] ?? shownOf(asset, "name")?.value ?? asset.macs[0] ?? asset.id;

function assetOf(asset: Asset, { title }: Vocabulary) {
  const attributes = Object.fromEntries(
    shown.flatMap((attribute) => {
      const evidence = shownOf(asset, attribute);
      return evidence === null ? [] : [[attribute, evidence.value]];
    }),
  );
  return {
    name: nameOf(asset),
    macs: asset.macs,
    addresses: asset.addresses,
    vlans: asset.vlans,
    role: asset.role,
    roleConfidence: asset.roleConfidence,
    routes: asset.routes,
    attributes,
    evidence: asset.attributes,
    conflicts: conflictsOf(asset).map(({ attribute }) => attribute),
    protocols: asset.protocols.map((protocol) => title(protocol)),
    first: time(asset.first),
    last: time(asset.last),
  };
}

/** `{name}` becomes the parameter. */
const fill = (text: string, parameters: Readonly<Record<string, string | number>>): string =>
  text.replaceAll(/\{([A-Za-z0-9_]+)\}/g, (_, name: string) => String(parameters[name] ?? "")).trim();

function wordsOf(kind: string, parameters: Readonly<Record<string, string | number>>, language: Language) {
  const row = findingKinds[kind];
  const say = (text: { readonly en: string; readonly ja: string } | undefined): string =>
    text === undefined ? kind : fill(text[language], parameters);
  return {
    title: say(row?.title),
    normal: say(row?.normal),
    changed: say(row?.changed),
    advice: say(row?.advice),
    techniques: row?.techniques ?? [],
  };
}
