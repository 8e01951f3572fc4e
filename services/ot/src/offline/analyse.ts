/**
 * Analyses capture files without any server: the engine of the sensor, then the analysis of the control plane, in one process.
 * Capture time is the clock: what a sensor would have uploaded every ten seconds is analysed in that order.
 */
import { newId } from "@yagura/core/ids.ts";
import type { Finding } from "@yagura/core/finding.ts";
import { readCapture } from "@yagura/packets/node/open-capture.ts";
import { openQuicInitial, sha256 } from "@yagura/packets/node/primitives.ts";
import { AssetIndex } from "../analysis/assets/asset-index.ts";
import { resolve } from "../analysis/assets/resolve.ts";
import { detect } from "../analysis/detect/detect.ts";
import { defaultSettings } from "../analysis/detect/settings.ts";
import type { Baseline, Conditions, RuleFacts } from "../analysis/detect/types.ts";
import type { Asset, Learned } from "../analysis/model.ts";
import { observe, vocabularyOf, type Vocabulary } from "../analysis/observe.ts";
import { createEngine, type Engine, type EngineStats } from "../decode/engine.ts";
import type { Signatures } from "../decode/signatures.ts";
import { endOfSupportOf, factsOf, vulnerabilitiesOf, type Facts } from "../feeds/facts.ts";
import type { LoadedDeclared } from "../protocols/declared/load.ts";
import { dissectors } from "../protocols/registry.ts";
import { METADATA_VERSION } from "../wire/metadata.ts";
import { Gathering, type Capture, type CommandRow, type TalkRow } from "./gather.ts";

/** µs of capture time that are analysed together: what a sensor sends at most every ten seconds. */
const SLICE = 10_000_000;

export interface AnalyseOptions {
  readonly signal?: AbortSignal;
  readonly signatures?: Signatures & { readonly facts?: ReadonlyMap<number, RuleFacts> };
  /** Protocols that are declared beside those that are built in. */
  readonly declared?: LoadedDeclared;
  /** Told after each slice: packets so far. */
  readonly progress?: (packets: number) => void;
}

export interface Analysed {
  /** Milliseconds since the epoch of the first and last packet; null without packets. */
  readonly from: number | null;
  readonly to: number | null;
  readonly stats: EngineStats;
  readonly captures: readonly Capture[];
  readonly assets: readonly Asset[];
  readonly conversations: readonly TalkRow[];
  readonly commands: readonly CommandRow[];
  /** Each trouble once, the worst state of it. */
  readonly findings: readonly Finding[];
  readonly vocabulary: Vocabulary;
  /** Files that could be read in part only, and why. */
  readonly damaged: readonly { readonly file: string; readonly error: Error }[];
}

/** One analysis over all files in the order given. A damaged file counts up to its damage. */
export async function analyseFiles(files: readonly string[], options: AnalyseOptions = {}): Promise<Analysed> {
  const work = new Analysis(options, await factsOf());
  const damaged: { file: string; error: Error }[] = [];
  for (const [i, file] of files.entries()) {
    work.engine.nameInterface(i, file.split("/").at(-1) ?? file);
    try {
      await readCapture(
        file,
        (bytes, from, to, wireLength, time, linkType) =>
          work.packet(bytes, from, to, { wireLength, time, linkType, interface: i }),
        options.signal === undefined ? {} : { signal: options.signal },
      );
    } catch (error) {
      options.signal?.throwIfAborted();
      damaged.push({ file, error: error as Error });
    }
  }
  return work.finish(damaged);
}

/** The organisation and the site of an analysis without a server. */
const NOBODY = "00000000-0000-7000-8000-000000000000";

class Analysis {
  readonly engine: Engine;
  readonly #options: AnalyseOptions;
  readonly #index: AssetIndex;
  readonly #learned = new Map<string, Learned>();
  readonly #baselines = new Map<string, Baseline>();
  readonly #findings = new Map<string, Finding>();
  readonly #gathering = new Gathering();
  readonly #conditions: Conditions;
  readonly #facts: Facts;
  readonly #vocabulary: Vocabulary;
  #sliceEnd = Number.NEGATIVE_INFINITY;
  #first = Number.POSITIVE_INFINITY;
  #last = Number.NEGATIVE_INFINITY;

  constructor(options: AnalyseOptions, facts: Facts) {
    this.#options = options;
    this.#facts = facts;
    this.#index = new AssetIndex([], { vendorOf: facts.vendorOf });
    this.engine = createEngine({
      dissectors,
      primitives: { sha256, openQuicInitial },
      ...(options.signatures === undefined ? {} : { signatures: options.signatures }),
      ...(options.declared === undefined ? {} : { declared: options.declared.dissectors }),
    });
    this.#vocabulary = vocabularyOf(options.declared?.loaded ?? []);
    const rules = options.signatures?.facts;
    this.#conditions = {
      organisation: NOBODY,
      site: NOBODY,
      settings: defaultSettings,
      permits: [],
      mutes: [],
      allowed: [],
      titleOf: this.#vocabulary.title,
      ...(rules === undefined ? {} : { rules }),
    };
  }

  packet(
    bytes: Uint8Array,
    from: number,
    to: number,
    about: {
      readonly wireLength: number;
      readonly time: number;
      readonly linkType: number;
      readonly interface: number;
    },
  ): void {
    const { time } = about;
    // A capture whose clock went back, or another file: the slice ends as well.
    if (time >= this.#sliceEnd || time < this.#sliceEnd - 2 * SLICE) {
      this.#slice();
      this.#sliceEnd = time + SLICE;
    }
    if (time < this.#first) this.#first = time;
    if (time > this.#last) this.#last = time;
    this.engine.packet(bytes, from, to, about.wireLength, time, about.linkType, about.interface);
  }

  #slice(): void {
    if (!Number.isFinite(this.#sliceEnd)) return;
    const interval = this.engine.take(Math.min(this.#sliceEnd, Math.max(this.#last, this.#sliceEnd - SLICE)));
    if (interval === null) return;
    const body = {
      ...interval,
      version: METADATA_VERSION,
      ledger: { number: 1, previous: "0".repeat(64) },
      tokens: null,
    } as const;
    const observation = observe(body, { sensor: NOBODY, clockOffset: 0, vocabulary: this.#vocabulary });
    const { assetOf, changed, merged } = resolve(this.#index, observation, newId);
    for (const { from, into } of merged) this.#gathering.merge(from, into);
    this.#gathering.add(observation, assetOf);
    const assets = new Map([...this.#index.assets()].map((asset) => [asset.id, asset]));
    const output = detect({
      ...this.#conditions,
      observation,
      assets,
      assetOf,
      learned: this.#learned,
      baselines: this.#baselines,
      endOfSupport: endOfSupportOf(this.#facts, changed, new Date(observation.to).toISOString().slice(0, 10)),
      vulnerabilities: vulnerabilitiesOf(this.#facts, changed),
      now: observation.to,
    });
    for (const one of output.learned) this.#learned.set(one.key, one);
    for (const one of output.baselines) this.#baselines.set(one.key, one);
    for (const finding of output.findings) {
      const known = this.#findings.get(finding.dedupeKey);
      this.#findings.set(finding.dedupeKey, known === undefined ? finding : { ...finding, since: known.since });
    }
    this.#options.progress?.(this.engine.stats().packets);
  }

  finish(damaged: Analysed["damaged"]): Analysed {
    this.#sliceEnd = Math.min(this.#sliceEnd, this.#last + 1);
    this.#slice();
    const some = Number.isFinite(this.#first);
    return {
      from: some ? this.#first / 1000 : null,
      to: some ? this.#last / 1000 : null,
      stats: this.engine.stats(),
      captures: this.#gathering.captures(),
      assets: [...this.#index.assets()],
      conversations: this.#gathering.conversations(),
      commands: this.#gathering.commands(),
      findings: [...this.#findings.values()],
      vocabulary: this.#vocabulary,
      damaged,
    };
  }
}
