/**
 * Messages go to machines of others, which may be slow on purpose. A channel, an organisation and all of them together have so many
 * under way at a time, so that whoever is slow waits for themselves only.
 */

/** Messages under way at once. */
export interface Bounds {
  readonly all: number;
  readonly organisation: number;
  readonly channel: number;
}
/** Null: not now. Else the turn's end, to be called once. */
export type Turns = (organisation: string, channel: string) => (() => void) | null;

export function createTurns({ all, organisation: perOrganisation, channel: perChannel }: Bounds): Turns {
  const busy = new Map<string, number>();
  const has = (key: string, most: number): boolean => (busy.get(key) ?? 0) >= most;
  const add = (key: string, change: 1 | -1): void => {
    const now = (busy.get(key) ?? 0) + change;
    if (now === 0) busy.delete(key);
    else busy.set(key, now);
  };
  return (organisation, channel) => {
    const keys = ["all", `organisation ${organisation}`, `channel ${channel}`];
    const [whole = "", ofOrganisation = "", ofChannel = ""] = keys;
    if (has(whole, all) || has(ofOrganisation, perOrganisation) || has(ofChannel, perChannel)) return null;
    for (const key of keys) add(key, 1);
    return () => {
      for (const key of keys) add(key, -1);
    };
  };
}

/** False: not now. Else `work` was run; its failure is the caller's. */
export async function inTurn(
  turns: Turns,
  organisation: string,
  channel: string,
  work: () => Promise<void>,
): Promise<boolean> {
  const end = turns(organisation, channel);
  if (end === null) return false;
  try {
    await work();
  } finally {
    end();
  }
  return true;
}
