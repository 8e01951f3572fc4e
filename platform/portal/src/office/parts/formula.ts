/** A formula as people write it: the engine's words for cutting and for its inputs in the reader's language. */
import { useCallback } from "react";
import { useWords } from "../../language.tsx";
import { partWords } from "../words/parts.ts";

/** `tell("floor(2,333 × 10%) = 233")`: “切り捨て(2,333 × 10%) = 233”. */
export function useFormula(): (formula: string) => string {
  const t = useWords(partWords);
  return useCallback(
    (formula) =>
      formula
        .replaceAll("floor(", `${t("formula.floor")}(`)
        .replaceAll(/\bdays left\b/g, t("formula.daysLeft"))
        .replaceAll(/\bcharge\b/g, t("input.charge"))
        .replaceAll(/\bprice\b/g, t("input.unitPrice"))
        .replaceAll(/\bquantity\b/g, t("input.quantity")),
    [t],
  );
}
