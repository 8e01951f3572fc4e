/** Amounts of money: digits aligned, separators, and the button that says why. */
import type { ReactNode } from "react";
import { useFormat } from "../../language.tsx";
import "../office.css";

/** Whole yen. Nothing known is a dash, never a zero. */
export function Yen({ amount }: { readonly amount: number | null | undefined }): ReactNode {
  const format = useFormat();
  if (amount === null || amount === undefined) return <span className="soft">–</span>;
  return <span className={amount < 0 ? "yen yen-less" : "yen"}>{format.yen(amount)}</span>;
}

/** A difference, with its sign: more is told by a plus, less by a minus, nothing by a dash. */
export function Change({ amount }: { readonly amount: number }): ReactNode {
  const format = useFormat();
  return <span className={amount === 0 ? "yen soft" : "yen"}>{format.change(amount)}</span>;
}
