/** Small controls above tables: a choice of a list, and the time that a page is about. */
import { useId, type ReactNode } from "react";
import { useWords } from "@yagura/portal/language.tsx";
import { useUrlState } from "@yagura/portal/url-state.ts";
import { words } from "../words.ts";

interface ChoiceProps<T extends string> {
  readonly label: string;
  readonly value: string;
  readonly set: (value: T) => void;
  readonly options: readonly T[];
  readonly say: (option: T) => string;
}
export function Choice<T extends string>({ label, value, set, options, say }: ChoiceProps<T>): ReactNode {
  const id = useId();
  return (
    <span className="ot-choice">
      <label htmlFor={id} className="soft">
        {label}
      </label>
      <select id={id} className="input" value={value} onChange={(event) => set(event.target.value as T)}>
        {options.map((option) => (
          <option key={option} value={option}>
            {say(option)}
          </option>
        ))}
      </select>
    </span>
  );
}

const HOUR = 3_600_000;
export const spans = { "1h": HOUR, "24h": 24 * HOUR, "7d": 7 * 24 * HOUR, "30d": 30 * 24 * HOUR } as const;
export type Span = keyof typeof spans;
export const isSpan = (text: string): text is Span => text in spans;
/** Whole minutes, so that the same question is asked for a while and its answer stays. */
export const ago = (span: Span): string =>
  new Date(Math.floor((Date.now() - spans[span]) / 60_000) * 60_000).toISOString();

/** The time in the address, and its control. */
export function useSpan(): { readonly span: Span; readonly from: string; readonly control: ReactNode } {
  const t = useWords(words);
  const [range, setRange] = useUrlState("range", "24h");
  const span = isSpan(range) ? range : "24h";
  return {
    span,
    from: ago(span),
    control: (
      <Choice
        label={t("range")}
        value={span}
        set={setRange}
        options={["1h", "24h", "7d", "30d"]}
        say={(one) => t(`range.${one}`)}
      />
    ),
  };
}
