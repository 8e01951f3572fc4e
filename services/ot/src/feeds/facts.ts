/** The public facts that the watch asks: loaded ones where there are, else those that are shipped. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Tx } from "@yagura/store/store.ts";
import { SupportTable } from "../analysis/assets/end-of-support.ts";
import { Advisories, type Vulnerability } from "../analysis/assets/vulnerabilities.ts";
import type { EndOfSupport, KnownVulnerability } from "../analysis/detect/types.ts";
import type { Asset } from "../analysis/model.ts";
import { support } from "./shipped/support.ts";
import { openOui } from "./oui.ts";
import type { FeedState, StoredFeeds } from "./store.ts";
import { readFeeds } from "./store.ts";

/** Less sure than this is shown on the device's page and not told as a finding. */
export const TELL_VULNERABILITY = 0.5;
export const TELL_SUPPORT = 0.4;

export interface Facts {
  /** What was loaded, and when; empty: only what is shipped. */
  readonly states: readonly FeedState[];
  readonly vendorOf: (mac: string) => string | null;
  readonly support: SupportTable;
  readonly advisories: Advisories;
}

let shipped: Promise<string> | null = null;
/** The shipped table of MAC prefixes, as packed text. */
const shippedOui = (): Promise<string> => (shipped ??= readFile(join(import.meta.dirname, "shipped/oui.txt"), "utf8"));

/** Without a database: for one-off analyses of captures. */
export const factsOf = async (stored: StoredFeeds | null = null): Promise<Facts> => ({
  states: stored?.states ?? [],
  vendorOf: openOui(stored?.oui ?? (await shippedOui())).vendorOf,
  support: new SupportTable(stored?.support ?? support),
  advisories: new Advisories(stored?.advisories ?? [], stored?.exploited ?? []),
});

/** Keeps the facts of a process: asks the database only whether something was loaded since, and makes them ready once. */
export class FactsKeeper {
  #facts: Facts | null = null;
  async of(tx: Tx): Promise<Facts> {
    const stored = await readFeeds(tx, this.#facts?.states ?? null);
    if (stored !== null || this.#facts === null) this.#facts = await factsOf(stored);
    return this.#facts;
  }
}

/** Systems whose end is certain, for detections. `today` is a day, ISO 8601. */
export const endOfSupportOf = (facts: Facts, assets: Iterable<Asset>, today: string): readonly EndOfSupport[] =>
  Array.from(assets).flatMap((asset) => {
    const found = facts.support.of(asset, today);
    if (found?.state !== "over" || found.confidence < TELL_SUPPORT) return [];
    return [{ asset: asset.id, product: found.system, ended: found.ended, confidence: found.confidence }];
  });

/** Vulnerabilities that are sure enough to be told, for detections. */
export const vulnerabilitiesOf = (facts: Facts, assets: Iterable<Asset>): readonly KnownVulnerability[] =>
  Array.from(assets).flatMap((asset) =>
    facts.advisories.of(asset).flatMap((found) => {
      if (found.version !== "affected" || found.confidence < TELL_VULNERABILITY) return [];
      const { advisory, cve, product, confidence } = found;
      return [
        {
          asset: asset.id,
          advisory,
          cve,
          product,
          matched: matchedOf(found),
          exploited: found.exploited !== null,
          confidence,
        },
      ];
    }),
  );
const words = { "order-number": "order number", model: "model", family: "family of" } as const;
const matchedOf = ({ by, value, firmware }: Vulnerability): string =>
  `${words[by]} ${value}${firmware === null ? "" : `, firmware ${firmware}`}`;
