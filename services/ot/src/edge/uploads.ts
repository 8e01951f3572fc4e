/** From an interval to what leaves the premises: tokens, parts, ledger, hand-over; in this order, one interval after the other. */
import type { EdgeLog } from "@yagura/edge/service.ts";
import { METADATA_VERSION, type MetadataBody } from "../wire/metadata.ts";
import type { Tokens } from "../wire/tokens.ts";
import type { Interval } from "../decode/engine.ts";
import { split } from "./split.ts";
import { tokenise } from "./tokenise.ts";

export interface UploadTarget {
  /** Where the next upload stands in the ledger. */
  next(): MetadataBody["ledger"];
  /** Notes and hands over. Throws: it could not be noted, and was not handed over. */
  hand(body: MetadataBody): void;
}

/** The bodies of an interval, as they would be uploaded, without their place in the ledger. */
export async function contentsOf(interval: Interval, tokens: Tokens | null): Promise<Interval[]> {
  return split(tokens === null ? interval : await tokenise(interval, tokens));
}

export class Uploads {
  readonly #target: UploadTarget;
  readonly #tokens: Tokens | null;
  readonly #log: EdgeLog;
  #queue: Promise<void> = Promise.resolve();
  /** Uploads that were lost because the ledger could not be written. */
  lost = 0;
  /** Uploads handed over since the start. */
  handed = 0;

  constructor(target: UploadTarget, tokens: Tokens | null, log: EdgeLog) {
    this.#target = target;
    this.#tokens = tokens;
    this.#log = log;
  }

  /** Resolves when it is handed over; never rejects. */
  add(interval: Interval): Promise<void> {
    this.#queue = this.#queue.then(() => this.#hand(interval));
    return this.#queue;
  }

  async #hand(interval: Interval): Promise<void> {
    for (const content of await contentsOf(interval, this.#tokens)) {
      const tokens = this.#tokens === null ? null : { check: this.#tokens.check };
      try {
        this.#target.hand({ version: METADATA_VERSION, ...content, ledger: this.#target.next(), tokens });
        this.handed++;
      } catch (error) {
        this.lost++;
        this.#log.error("an upload was not made: the ledger could not be written", { cause: String(error) });
      }
    }
  }
}
