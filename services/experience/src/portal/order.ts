/** An order of worst first that does not make rows jump while they are read. */
import { stateOrder, type State } from "@yagura/core/state.ts";

export interface Ranked {
  readonly id: string;
  readonly state: State;
  readonly value: number | null;
}

/**
 * Worst first: by state, then by score. Rows that keep their state keep their place among each other, so that scores that
 * waver do not swap lines under the reader's pointer; a row whose state changed moves, and new rows enter by their score.
 */
export function settled(rows: readonly Ranked[], before: readonly Ranked[]): Ranked[] {
  const known = new Map(before.map((row, index) => [row.id, { state: row.state, index }]));
  const groups = new Map<State, Ranked[]>();
  for (const row of rows) {
    const group = groups.get(row.state) ?? [];
    group.push(row);
    groups.set(row.state, group);
  }
  return [...groups.entries()]
    .sort(([a], [b]) => stateOrder[a] - stateOrder[b])
    .flatMap(([state, group]) => {
      const kept = group.filter((row) => known.get(row.id)?.state === state);
      const fresh = group.filter((row) => known.get(row.id)?.state !== state);
      kept.sort((a, b) => (known.get(a.id)?.index ?? 0) - (known.get(b.id)?.index ?? 0));
      fresh.sort(worse);
      return merged(kept, fresh);
    });
}

const worse = (a: Ranked, b: Ranked): number => (a.value ?? -1) - (b.value ?? -1);

/** Each fresh row goes before the first kept row that is better than it. */
function merged(kept: readonly Ranked[], fresh: readonly Ranked[]): Ranked[] {
  if (kept.length === 0) return [...fresh];
  const result = [...kept];
  for (const row of fresh) {
    const place = result.findIndex((other) => worse(row, other) < 0);
    result.splice(place < 0 ? result.length : place, 0, row);
  }
  return result;
}
