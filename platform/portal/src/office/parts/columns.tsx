/** Columns of money. */
import type { Column } from "../../parts/table.tsx";
import { figures, type More, type Of } from "../../parts/columns.tsx";
import { Change, Yen } from "./yen.tsx";

export const yenColumn = <Row,>(
  id: string,
  head: string,
  of: Of<Row, number | null>,
  more: More<Row> = {},
): Column<Row> => ({
  id,
  head,
  ...figures,
  text: of,
  cell: (row) => <Yen amount={of(row)} />,
  ...more,
});

/** The size of a difference decides its place, whatever its sign. */
export const changeColumn = <Row,>(
  id: string,
  head: string,
  of: Of<Row, number>,
  more: More<Row> = {},
): Column<Row> => ({
  id,
  head,
  ...figures,
  text: of,
  sort: (row) => Math.abs(of(row)),
  cell: (row) => <Change amount={of(row)} />,
  ...more,
});
