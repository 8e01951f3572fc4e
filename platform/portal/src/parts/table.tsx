/** Tables of 32 px rows: filter and sort in the address, column choice, export of exactly what is seen, keyboard, 10,000 rows. */
import { useDeferredValue, useMemo, useRef, useState, type ReactNode } from "react";
import { saveFile, type ApiError } from "../api.ts";
import { useFormat, useWords } from "../language.tsx";
import { shell } from "../messages/shell.ts";
import { filterRows, readSort, sortRows, toCsv, writeSort, type TableColumn } from "../table-state.ts";
import { useTypedUrlState, useUrlState } from "../url-state.ts";
import { Button, Menu } from "./button.tsx";
import { Icon } from "./icon.tsx";
import { ErrorBox, Loading } from "./notice.tsx";
import { TableBody } from "./table-body.tsx";

export interface Column<Row> extends TableColumn<Row> {
  readonly cell: (row: Row) => ReactNode;
  /** Figures stand at the end of the cell. */
  readonly align?: "end";
  /** Takes the width that is left and cuts what does not fit. */
  readonly fill?: boolean;
  /** Greatest CSS width; needed where the content is much longer than the column should be. */
  readonly width?: string;
  /** Not shown until chosen. */
  readonly hidden?: boolean;
  /** The first click on the head sorts downwards. */
  readonly descending?: boolean;
}
export interface RowAction {
  readonly label: string;
  readonly run: () => void;
  readonly danger?: boolean;
}

export interface DataTableProps<Row> {
  /** Name of the exported file and of the column choice kept on the device. */
  readonly id: string;
  /** What the table lists, for screen readers. */
  readonly label: string;
  /** Undefined while loading. */
  readonly rows: readonly Row[] | undefined;
  readonly columns: readonly Column<Row>[];
  readonly rowKey: (row: Row) => string;
  /** What a row is called, for its actions. */
  readonly rowName: (row: Row) => string;
  /** Worst first: e.g. `state`, or `-at` for newest first. */
  readonly sort: string;
  /** Null: this row opens nothing. */
  readonly rowHref?: (row: Row) => string | null;
  /** Enter and click, where a row opens something that is not a page. */
  readonly onOpen?: (row: Row) => void;
  readonly rowActions?: (row: Row) => readonly RowAction[];
  readonly error?: ApiError | null;
  readonly retry?: () => void;
  /** Shown when there is nothing at all. */
  readonly empty: ReactNode;
  /** Beside the filter. */
  readonly tools?: ReactNode;
  /** Rows on the server, when the list was cut. */
  readonly total?: number;
  readonly cut?: boolean;
  /** Prefix of the names in the address where a page has several tables. */
  readonly urlKey?: string;
  /** Short lists need no filter: hides the tool bar. */
  readonly plain?: boolean;
}

export function DataTable<Row>(props: DataTableProps<Row>): ReactNode {
  const { id, columns, rows, urlKey = "", error, retry, empty } = props;
  const filterRef = useRef<HTMLInputElement>(null);
  const [typed, setFilter] = useTypedUrlState(`${urlKey}q`);
  const filter = useDeferredValue(typed);
  const [sortText, setSort] = useUrlState(`${urlKey}sort`, props.sort);
  const [chosen, setChosen] = useColumnChoice(id, columns);
  const sort = useMemo(() => readSort(sortText), [sortText]);
  const shown = useMemo(() => columns.filter((column) => chosen.has(column.id)), [columns, chosen]);
  const found = useMemo(
    () => (rows === undefined ? undefined : sortRows(filterRows(rows, columns, filter), columns, sort)),
    [rows, columns, filter, sort],
  );
  if (found === undefined || rows === undefined) {
    return error ? <ErrorBox error={error} {...(retry === undefined ? {} : { retry })} /> : <Loading />;
  }
  if (rows.length === 0) return <div className="table-empty">{empty}</div>;
  return (
    <div className="table-block">
      {props.plain === true ? null : (
        <TableTools {...{ props, found, shown, chosen, setChosen, filter: typed, setFilter, filterRef }} />
      )}
      {error ? <ErrorBox error={error} {...(retry === undefined ? {} : { retry })} /> : null}
      <TableBody table={props} rows={found} columns={shown} sort={sort} setSort={(next) => setSort(writeSort(next))} />
      {found.length === 0 ? <NoMatch clear={() => setFilter("")} /> : null}
      {props.cut === true ? <Cut shown={rows.length} total={props.total ?? rows.length} /> : null}
    </div>
  );
}

function NoMatch({ clear }: { readonly clear: () => void }): ReactNode {
  const t = useWords(shell);
  return (
    <p className="table-note">
      {t("table.none")} <Button onClick={clear}>{t("table.clear")}</Button>
    </p>
  );
}

function Cut({ shown, total }: { readonly shown: number; readonly total: number }): ReactNode {
  const t = useWords(shell);
  const format = useFormat();
  return <p className="table-note">{t("table.cut", { n: format.number(shown), total: format.number(total) })}</p>;
}

interface ToolsProps<Row> {
  readonly props: DataTableProps<Row>;
  readonly found: readonly Row[];
  readonly shown: readonly Column<Row>[];
  readonly chosen: ReadonlySet<string>;
  readonly setChosen: (chosen: ReadonlySet<string>) => void;
  readonly filter: string;
  readonly setFilter: (filter: string) => void;
  readonly filterRef: React.RefObject<HTMLInputElement | null>;
}
function TableTools<Row>({
  props,
  found,
  shown,
  chosen,
  setChosen,
  filter,
  setFilter,
  filterRef,
}: ToolsProps<Row>): ReactNode {
  const t = useWords(shell);
  const format = useFormat();
  const all = props.rows?.length ?? 0;
  const count =
    found.length === all
      ? t("table.rows", { n: format.number(all) })
      : t("table.rowsOf", { n: format.number(found.length), total: format.number(all) });
  const exportRows = (): void =>
    saveFile(new Blob([toCsv(found, shown)], { type: "text/csv;charset=utf-8" }), `${props.id}.csv`);
  return (
    <div className="table-tools">
      <label className="filter">
        <Icon name="search" />
        <span className="unseen">{t("table.filter")}</span>
        <input
          ref={filterRef}
          className="input"
          type="search"
          data-filter=""
          placeholder={t("table.filter")}
          value={filter}
          onChange={(event) => setFilter(event.target.value)}
          onKeyDown={(event) => {
            if (event.key !== "Escape") return;
            event.preventDefault();
            setFilter("");
          }}
        />
      </label>
      <span className="soft small figures" role="status">
        {count}
      </span>
      <span className="spread" />
      {props.tools}
      <Menu
        label={t("table.columns")}
        className="button button-quiet"
        items={props.columns.map((column) => ({
          label: column.head,
          checked: chosen.has(column.id),
          keepOpen: true,
          run: () => setChosen(toggled(chosen, column.id)),
        }))}
      >
        <Icon name="columns" />
        <span>{t("table.columns")}</span>
      </Menu>
      <Button
        kind="quiet"
        icon="download"
        title={t("table.exportHint", { n: format.number(found.length) })}
        onClick={exportRows}
      >
        {t("table.export")}
      </Button>
    </div>
  );
}

/** At least one column stays. */
function toggled(chosen: ReadonlySet<string>, id: string): ReadonlySet<string> {
  const next = new Set(chosen);
  if (!next.delete(id)) next.add(id);
  return next.size === 0 ? chosen : next;
}

/** Kept on the device as the difference from the default, so that new columns appear. */
function useColumnChoice<Row>(
  id: string,
  columns: readonly Column<Row>[],
): readonly [ReadonlySet<string>, (chosen: ReadonlySet<string>) => void] {
  const key = `yagura.columns.${id}`;
  const [flipped, setFlipped] = useState<ReadonlySet<string>>(
    () => new Set((localStorage.getItem(key) ?? "").split(" ")),
  );
  const chosen = useMemo(
    () =>
      new Set(
        columns.filter((column) => (column.hidden === true) === flipped.has(column.id)).map((column) => column.id),
      ),
    [columns, flipped],
  );
  const choose = (next: ReadonlySet<string>): void => {
    const changed = columns
      .filter((column) => next.has(column.id) === (column.hidden === true))
      .map((column) => column.id);
    localStorage.setItem(key, changed.join(" "));
    setFlipped(new Set(changed));
  };
  return [chosen, choose];
}
