/** State of anything shown to people. Unknown is "not observed": never good, never bad. */
export type State = "good" | "notice" | "bad" | "unknown";

/** Worst first; unknown stands between bad and notice, because nobody knows. */
export const stateOrder: Readonly<Record<State, number>> = { bad: 0, unknown: 1, notice: 2, good: 3 };
