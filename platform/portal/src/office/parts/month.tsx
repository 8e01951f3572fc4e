/** A choice of a calendar month: this one and those before it. */
import type { ReactNode } from "react";
import { useFormat, useWords } from "../../language.tsx";
import { dayIn } from "../../zoned.ts";
import { partWords } from "../words/parts.ts";
import { addMonth } from "./timeline-order.ts";

/** Months that are offered, newest first. */
const MONTHS = 36;

const thisMonth = (): string => dayIn("Asia/Tokyo").slice(0, 7);
export function recentMonths(count = MONTHS): readonly string[] {
  const now = thisMonth();
  return Array.from({ length: count }, (_, back) => addMonth(now, -back));
}

interface Props {
  readonly label: string;
  /** Empty: all months. */
  readonly month: string;
  readonly choose: (month: string) => void;
}
export function MonthChoice({ label, month, choose }: Props): ReactNode {
  const t = useWords(partWords);
  const format = useFormat();
  return (
    <label className="choice">
      <span className="small soft">{label}</span>
      <select className="input" value={month} onChange={(event) => choose(event.target.value)}>
        <option value="">{t("months.all")}</option>
        {recentMonths().map((each) => (
          <option key={each} value={each}>
            {format.month(each)}
          </option>
        ))}
      </select>
    </label>
  );
}
