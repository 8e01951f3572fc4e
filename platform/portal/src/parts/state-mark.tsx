/** State by shape, colour and text: good is a disc, notice a triangle, bad a diamond, unknown a hatched square. */
import type { ReactNode } from "react";
import type { State } from "@yagura/core/state.ts";
import { useFormat, useWords } from "../language.tsx";
import { shell } from "../messages/shell.ts";

const shapes: Readonly<Record<State, ReactNode>> = {
  good: <circle cx="6" cy="6" r="4.5" />,
  notice: <path d="M6 1 11.4 10.6H.6Z" />,
  bad: <path d="M6 .4 11.6 6 6 11.6.4 6Z" />,
  unknown: (
    <>
      <rect className="mark-frame" x="1.25" y="1.25" width="9.5" height="9.5" rx="1" />
      <path className="mark-hatch" d="M1.6 6.2 6.2 1.6M1.6 10.4l8.8-8.8M5.8 10.4l4.6-4.6" />
    </>
  ),
};

/** The shape alone; say the state in words beside it. */
export const StateShape = ({ state, size = 12 }: { readonly state: State; readonly size?: number }): ReactNode => (
  <svg
    className={`mark mark-${state}`}
    width={size}
    height={size}
    viewBox="0 0 12 12"
    aria-hidden="true"
    focusable="false"
  >
    {shapes[state]}
  </svg>
);

interface StateMarkProps {
  readonly state: State;
  /** Instead of the word of the state, e.g. a score. */
  readonly label?: string;
  /** Only the shape is seen; the word is for screen readers and the tip. */
  readonly quiet?: boolean;
}
export function StateMark({ state, label, quiet = false }: StateMarkProps): ReactNode {
  const t = useWords(shell);
  const word = t(`state.${state}`);
  if (quiet) {
    return (
      <span className="state-mark" title={label ?? word}>
        <StateShape state={state} />
        <span className="unseen">{label ?? word}</span>
      </span>
    );
  }
  return (
    <span className={`state-mark state-${state}`}>
      <StateShape state={state} />
      <span>{label ?? word}</span>
    </span>
  );
}

const order = ["bad", "unknown", "notice", "good"] as const;
/** How many are in each state, worst first; states with none are left out. */
export function StateCounts({ counts }: { readonly counts: Readonly<Record<State, number>> }): ReactNode {
  const t = useWords(shell);
  const format = useFormat();
  const shown = order.filter((state) => counts[state] > 0);
  if (shown.length === 0) return <span className="soft">–</span>;
  return (
    <span className="state-counts">
      {shown.map((state) => (
        <span key={state} className={`state-mark state-${state}`} title={t(`state.${state}`)}>
          <StateShape state={state} />
          <span>{format.number(counts[state])}</span>
          <span className="unseen">{t(`state.${state}`)}</span>
        </span>
      ))}
    </span>
  );
}
