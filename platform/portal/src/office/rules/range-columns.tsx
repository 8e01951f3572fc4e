/** The columns that every dated table has: first day, last day, whether it is in force. */
import { useMemo } from "react";
import { useFormat, useWords } from "../../language.tsx";
import type { Column } from "../../parts/table.tsx";
import { dayIn } from "../../zoned.ts";
import { stateColumn, textColumn } from "../../parts/columns.tsx";
import { ruleWords } from "../words/rules.ts";
import { lastDayOf, placeOf, type Place, type Range } from "./in-force.ts";

const order: Readonly<Record<Place, number>> = { coming: 0, now: 1, past: 2 };
const marks = { coming: "notice", now: "good", past: "unknown" } as const;

export function useRangeColumns<Row extends Range>(): readonly Column<Row>[] {
  const t = useWords(ruleWords);
  const format = useFormat();
  return useMemo(() => {
    const today = dayIn("Asia/Tokyo");
    return [
      textColumn<Row>("from", t("col.from"), (row) => (row.from === null ? t("ever") : format.day(row.from)), {
        sort: (row) => row.from ?? "",
        descending: true,
      }),
      textColumn<Row>(
        "last",
        t("col.last"),
        (row) => (row.until === null ? t("further") : format.day(lastDayOf(row))),
        {
          sort: (row) => row.until ?? "9999",
        },
      ),
      stateColumn<Row>("state", t("col.state"), (row) => {
        const place = placeOf(row, today);
        return { state: marks[place], label: t(`state.${place}`), order: order[place] };
      }),
    ];
  }, [t, format]);
}
