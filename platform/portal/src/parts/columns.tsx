/** Columns as most tables have them: texts, days, times, counts, bytes, states. */
import type { ReactNode } from "react";
import type { State } from "@yagura/core/state.ts";
import { useFormat } from "../language.tsx";
import { StateMark } from "./state-mark.tsx";
import type { Column } from "./table.tsx";
import { Day, When } from "./when.tsx";

export type More<Row> = Partial<Omit<Column<Row>, "id" | "head" | "text" | "cell">>;
export type Of<Row, T> = (row: Row) => T;

export const textColumn = <Row,>(
  id: string,
  head: string,
  of: Of<Row, string | null>,
  more: More<Row> = {},
): Column<Row> => ({
  id,
  head,
  text: of,
  cell: (row) => of(row) ?? <span className="soft">–</span>,
  ...more,
});

export const dayColumn = <Row,>(
  id: string,
  head: string,
  of: Of<Row, string | null>,
  more: More<Row> = {},
): Column<Row> => ({
  id,
  head,
  descending: true,
  text: of,
  cell: (row) => <Day day={of(row)} />,
  ...more,
});

export const whenColumn = <Row,>(
  id: string,
  head: string,
  of: Of<Row, string | null>,
  more: More<Row> = {},
): Column<Row> => ({
  id,
  head,
  descending: true,
  text: of,
  cell: (row) => <When at={of(row)} />,
  ...more,
});

/** How long ago. */
export const agoColumn = <Row,>(
  id: string,
  head: string,
  of: Of<Row, string | null>,
  more: More<Row> = {},
): Column<Row> => ({
  id,
  head,
  descending: true,
  text: of,
  cell: (row) => <When at={of(row)} ago />,
  ...more,
});

/** Who did it: people by their name, Yagura's own doings as they are recorded. */
export const actorColumn = <Row,>(
  id: string,
  head: string,
  of: Of<Row, string | null>,
  more: More<Row> = {},
): Column<Row> => textColumn(id, head, (row) => actorName(of(row)), more);
const actorName = (actor: string | null): string | null => actor?.replace(/^user:/, "") ?? null;

/** Figures stand at the end of the cell, the greatest first. */
export const figures = { align: "end", descending: true } as const;

export const countColumn = <Row,>(
  id: string,
  head: string,
  of: Of<Row, number>,
  more: More<Row> = {},
): Column<Row> => ({
  id,
  head,
  ...figures,
  text: of,
  cell: (row) => <Count of={of(row)} />,
  ...more,
});
function Count({ of }: { readonly of: number }): ReactNode {
  return useFormat().number(of);
}

export const bytesColumn = <Row,>(
  id: string,
  head: string,
  of: Of<Row, number>,
  more: More<Row> = {},
): Column<Row> => ({
  id,
  head,
  ...figures,
  text: of,
  cell: (row) => <Bytes of={of(row)} />,
  ...more,
});
function Bytes({ of }: { readonly of: number }): ReactNode {
  return useFormat().bytes(of);
}

export interface Stated {
  readonly state: State;
  readonly label: string;
  /** Small numbers first: what needs attention. */
  readonly order?: number;
}
export const stateColumn = <Row,>(
  id: string,
  head: string,
  of: Of<Row, Stated>,
  more: More<Row> = {},
): Column<Row> => ({
  id,
  head,
  text: (row) => of(row).label,
  sort: (row) => of(row).order ?? of(row).label,
  cell: (row) => {
    const { state, label } = of(row);
    return <StateMark state={state} label={label} />;
  },
  ...more,
});
