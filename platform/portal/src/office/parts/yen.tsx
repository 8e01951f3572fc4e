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
