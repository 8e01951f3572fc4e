/**
 * The ledger of one device and epoch: which sequence numbers are stored. Pure. All up to the floor are, and those above it
 * that are named. docs/decisions/0003-exactly-once.md says why this is enough.
 */

/** Named numbers above the floor; a program that leaves more holes is told to wait until it fills them or gives them up. */
export const MAX_ABOVE = 4_096;

export interface Ledger {
  readonly floor: number;
  /** Ascending, all greater than floor + 1. */
  readonly above: readonly number[];
}
export interface LedgerEntry {
  readonly sequence: number;
  /** The program will send nothing below this any more (it was stored, dropped or set aside). */
  readonly oldest: number;
}
export type Verdict = "fresh" | "duplicate" | "gap";

export const emptyLedger: Ledger = { floor: 0, above: [] };

/** Takes entries in order; says of each whether it is new, and gives the ledger after them. */
export function advance(ledger: Ledger, entries: readonly LedgerEntry[]): { ledger: Ledger; verdicts: Verdict[] } {
  let floor = ledger.floor;
  const above = new Set(ledger.above);
  const raise = (): void => {
    while (above.delete(floor + 1)) floor++;
  };
  const verdicts = entries.map(({ sequence, oldest }): Verdict => {
    if (sequence <= floor || above.has(sequence)) return "duplicate";
    // A program cannot give up the number that it is sending.
    const given = Math.min(oldest, sequence) - 1;
    if (given > floor) {
      floor = given;
      for (const number of above) if (number <= floor) above.delete(number);
      raise();
      if (sequence <= floor) return "duplicate";
    }
    if (sequence !== floor + 1 && above.size >= MAX_ABOVE) return "gap";
    above.add(sequence);
    raise();
    return "fresh";
  });
  return { ledger: { floor, above: [...above].sort((a, b) => a - b) }, verdicts };
}
