/** Why a device was not taken off the network: a code of the closed list, and words for the log on the premises. */
import type { BlockCode } from "../../wire/enforcement.ts";

export class Trouble extends Error {
  readonly code: BlockCode;
  /** Trying again may help. */
  readonly passing: boolean;
  /** Nothing was changed: it was refused in words, or never asked. */
  readonly certain: boolean;
  /** MACs that were counted at the port, 0 when nobody counted. */
  readonly learned: number;

  constructor(code: BlockCode, message: string, more: Partial<Pick<Trouble, "passing" | "certain" | "learned">> = {}) {
    super(message);
    this.name = "Trouble";
    this.code = code;
    this.passing = more.passing ?? false;
    this.certain = more.certain ?? false;
    this.learned = more.learned ?? 0;
  }
}
