/** Levels of the Purdue model as zones can have them. */
export const levels = [0, 1, 2, 3, 3.5, 4, 5] as const;

/** The word of a level; one between is told by the level below. */
export const levelWord = (level: number) =>
  level === 3.5
    ? "level.dmz"
    : (`level.${Math.min(5, Math.max(0, Math.floor(level))) as 0 | 1 | 2 | 3 | 4 | 5}` as const);
