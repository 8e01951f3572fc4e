/** The scrolling part of a table: sticky head, rows moved through by keyboard, only the visible ones in the page. */
import { useRouter } from "@tanstack/react-router";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useRef, useState, type KeyboardEvent, type MouseEvent, type ReactNode } from "react";
import { flushSync } from "react-dom";
import { useWords } from "../language.tsx";
import { shell } from "../messages/shell.ts";
import type { Sort } from "../table-state.ts";
import { Menu } from "./button.tsx";
import { Icon } from "./icon.tsx";
import { Link } from "./link.tsx";
import type { Column, DataTableProps } from "./table.tsx";

const ROW_HEIGHT = 32;
/** Up to this many rows all are in the page, so that the browser's own find and print see them. */
const ALL_ROWS = 120;

interface BodyProps<Row> {
  readonly table: DataTableProps<Row>;
  readonly rows: readonly Row[];
  readonly columns: readonly Column<Row>[];
  readonly sort: Sort;
  readonly setSort: (sort: Sort) => void;
}

export function TableBody<Row>({ table, rows, columns, sort, setSort }: BodyProps<Row>): ReactNode {
  const t = useWords(shell);
  const scroller = useRef<HTMLDivElement>(null);
  const [active, setActive] = useState(0);
  const printing = usePrinting();
  const virtual = rows.length > ALL_ROWS && !printing;
  const virtualizer = useVirtualizer({
    count: virtual ? rows.length : 0,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 12,
  });
  const open = useOpen(table);
  const shown = virtual
    ? virtualizer.getVirtualItems().map((item) => item.index)
    : Array.from({ length: rows.length }, (_, index) => index);
  const first = shown[0] ?? 0;
  const after = rows.length - 1 - (shown.at(-1) ?? -1);
  const current = Math.min(active, rows.length - 1);
  const go = (to: number): void => {
    const next = Math.max(0, Math.min(rows.length - 1, to));
    if (virtual) virtualizer.scrollToIndex(next);
    setActive(next);
    const rowOf = (): HTMLElement | null => scroller.current?.querySelector(`[data-row="${next}"]`) ?? null;
    // A row far away only comes into the page with the next frame.
    const there = rowOf();
    if (there !== null) there.focus();
    else requestAnimationFrame(() => rowOf()?.focus());
  };
  const actions = table.rowActions !== undefined;
  return (
    <div ref={scroller} className={virtual ? "table-scroll table-virtual" : "table-scroll"}>
      <table
        className={virtual ? "table table-fixed" : "table"}
        aria-label={table.label}
        aria-rowcount={rows.length + 1}
      >
        <TableHead columns={columns} sort={sort} setSort={setSort} actions={actions} />
        <tbody onKeyDown={(event) => rowKeys(event, current, rows.length, go)}>
          {virtual && first > 0 ? <Spacer rows={first} columns={columns.length + (actions ? 1 : 0)} /> : null}
          {shown.map((index) => (
            <TableRow
              key={table.rowKey(rows[index] as Row)}
              {...{ table, columns, index, open }}
              row={rows[index] as Row}
              active={shown.includes(current) ? index === current : index === first}
              focused={() => setActive(index)}
              actionsLabel={(name) => t("table.actionsOf", { name })}
            />
          ))}
          {virtual && after > 0 ? <Spacer rows={after} columns={columns.length + (actions ? 1 : 0)} /> : null}
        </tbody>
      </table>
    </div>
  );
}

const Spacer = ({ rows, columns }: { readonly rows: number; readonly columns: number }): ReactNode => (
  <tr aria-hidden="true" className="table-spacer">
    <td colSpan={columns} style={{ blockSize: rows * ROW_HEIGHT }} />
  </tr>
);

interface HeadProps<Row> extends Pick<BodyProps<Row>, "columns" | "sort" | "setSort"> {
  readonly actions: boolean;
}
function TableHead<Row>({ columns, sort, setSort, actions }: HeadProps<Row>): ReactNode {
  const t = useWords(shell);
  return (
    <thead>
      <tr>
        {columns.map((column) => {
          const sorted = sort.column === column.id;
          const next = sorted ? !sort.descending : column.descending === true;
          return (
            <th
              key={column.id}
              scope="col"
              className={cellClass(column)}
              style={column.width === undefined ? undefined : { inlineSize: column.width }}
              aria-sort={sorted ? (sort.descending ? "descending" : "ascending") : undefined}
            >
              <button
                type="button"
                className="head-button"
                onClick={() => setSort({ column: column.id, descending: next })}
              >
                {column.head}
                {sorted ? <Icon name={sort.descending ? "down" : "up"} size={12} /> : null}
              </button>
            </th>
          );
        })}
        {actions ? (
          <th scope="col" className="cell-actions">
            <span className="unseen">{t("actions")}</span>
          </th>
        ) : null}
      </tr>
    </thead>
  );
}

interface RowProps<Row> {
  readonly table: DataTableProps<Row>;
  readonly columns: readonly Column<Row>[];
  readonly row: Row;
  readonly index: number;
  readonly active: boolean;
  readonly focused: () => void;
  readonly open: ((row: Row) => void) | undefined;
  readonly actionsLabel: (name: string) => string;
}
function TableRow<Row>({ table, columns, row, index, active, focused, open, actionsLabel }: RowProps<Row>): ReactNode {
  const menu = useRef<HTMLButtonElement>(null);
  const actions = table.rowActions?.(row);
  const href = table.rowHref?.(row) ?? null;
  return (
    <tr
      data-row={index}
      aria-rowindex={index + 2}
      tabIndex={active ? 0 : -1}
      className={open === undefined ? undefined : "row-open"}
      onFocus={focused}
      onClick={(event) => {
        if (open !== undefined && !interactive(event)) open(row);
      }}
      onKeyDown={(event) => {
        if (event.target !== event.currentTarget) return;
        if (event.key === "Enter" && open !== undefined) open(row);
        else if (event.key === "." && menu.current !== null) menu.current.click();
        else return;
        event.preventDefault();
      }}
    >
      {columns.map((column, place) => (
        <td
          key={column.id}
          className={cellClass(column)}
          style={column.width === undefined ? undefined : { maxInlineSize: column.width }}
        >
          {place === 0 && href !== null ? (
            <Link href={href} tabIndex={-1} className="row-link">
              {column.cell(row)}
            </Link>
          ) : (
            column.cell(row)
          )}
        </td>
      ))}
      {actions === undefined ? null : (
        <td className="cell-actions">
          {actions.length === 0 ? null : (
            <Menu
              ref={menu}
              label={actionsLabel(table.rowName(row))}
              items={actions}
              className="row-actions"
              tabIndex={active ? 0 : -1}
            />
          )}
        </td>
      )}
    </tr>
  );
}

const cellClass = (column: { readonly align?: "end"; readonly fill?: boolean }): string | undefined =>
  column.fill === true ? "cell-fill" : column.align === "end" ? "cell-end" : undefined;

/** A click on a link or a button, or the end of selecting text, does not open the row. */
const interactive = (event: MouseEvent): boolean =>
  (event.target as HTMLElement).closest("a, button, input, select, [popover]") !== null ||
  (getSelection()?.toString() ?? "") !== "";

function useOpen<Row>(table: DataTableProps<Row>): ((row: Row) => void) | undefined {
  const router = useRouter();
  const { onOpen, rowHref } = table;
  if (onOpen !== undefined) return onOpen;
  if (rowHref === undefined) return undefined;
  return (row) => {
    const href = rowHref(row);
    if (href !== null) router.history.push(href);
  };
}

function rowKeys(event: KeyboardEvent, at: number, count: number, go: (to: number) => void): void {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if ((event.target as HTMLElement).closest("[popover], input, select, textarea") !== null) return;
  const next = {
    j: at + 1,
    ArrowDown: at + 1,
    k: at - 1,
    ArrowUp: at - 1,
    Home: 0,
    End: count - 1,
    PageDown: at + 15,
    PageUp: at - 15,
  }[event.key];
  if (next === undefined) return;
  event.preventDefault();
  event.stopPropagation();
  go(next);
}

/** While the page is printed every row is in it. */
function usePrinting(): boolean {
  const [printing, setPrinting] = useState(false);
  useEffect(() => {
    const before = (): void => flushSync(() => setPrinting(true));
    const after = (): void => setPrinting(false);
    addEventListener("beforeprint", before);
    addEventListener("afterprint", after);
    return () => {
      removeEventListener("beforeprint", before);
      removeEventListener("afterprint", after);
    };
  }, []);
  return printing;
}
