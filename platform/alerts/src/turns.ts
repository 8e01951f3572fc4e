/**
 * Messages go to machines of others, which may be slow on purpose. Few are under way at a time, and of one organisation one, so
 * that the workers of this process always have time for everybody else.
 */

/** False: not now. Else `work` was run; its failure is the caller's. */
export type InTurn = (organisation: string, work: () => Promise<void>) => Promise<boolean>;

export function createTurns(atOnce: number): InTurn {
  const busy = new Set<string>();
  return async (organisation, work) => {
    if (busy.has(organisation) || busy.size >= atOnce) return false;
    busy.add(organisation);
    try {
      await work();
    } finally {
      busy.delete(organisation);
    }
    return true;
  };
}
