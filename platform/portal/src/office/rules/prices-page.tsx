/** Prices by date, and the books that they came from. */
import { useState, type ReactNode } from "react";
import type { PriceBookItem, PriceItem } from "@yagura/commerce/terms/shapes.ts";
import { api } from "../../api.ts";
import { useWords } from "../../language.tsx";
import { Button } from "../../parts/button.tsx";
import { Empty } from "../../parts/notice.tsx";
import { Page as Frame, Section } from "../../parts/page.tsx";
import { DataTable } from "../../parts/table.tsx";
import { useList } from "../../queries.ts";
import { useProvider } from "../../session.tsx";
import { useUrlState } from "../../url-state.ts";
import { dayIn } from "../../zoned.ts";
import { useServiceName } from "../data.ts";
import { actorColumn, countColumn, textColumn, whenColumn } from "../../parts/columns.tsx";
import { yenColumn } from "../parts/columns.tsx";
import { navWords } from "../words/nav.ts";
import { useName } from "../parts/name.ts";
import { ruleWords } from "../words/rules.ts";
import { LoadDialog } from "./load-dialog.tsx";
import { BOOKS, PRICES } from "./paths.ts";
import { PriceDialog } from "./price-dialog.tsx";
import { useRangeColumns } from "./range-columns.tsx";

export function Page(): ReactNode {
  const t = useWords(ruleWords);
  const n = useWords(navWords);
  const say = useName();
  const nameOf = useServiceName();
  const { can } = useProvider();
  const [on, setOn] = useUrlState("on", dayIn("Asia/Tokyo"));
  const [all, setAll] = useUrlState("all");
  const [open, setOpen] = useState<"load" | PriceItem | null>(null);
  const ranges = useRangeColumns<PriceItem>();
  const list = useList<PriceItem>(PRICES, all === "1" ? {} : { on }, { keep: true });
  const may = can("terms.write");
  const load = may ? (
    <Button kind="primary" onClick={() => setOpen("load")}>
      {t("prices.load")}
    </Button>
  ) : null;
  const save = (): void => void api.download(`${BOOKS}/export`, { query: { format: "csv" }, name: "prices.csv" });
  return (
    <Frame
      title={n("prices")}
      lead={t("prices.lead")}
      actions={
        <>
          <Button icon="download" onClick={save}>
            {t("prices.export")}
          </Button>
          {load}
        </>
      }
    >
      <DataTable<PriceItem>
        id="prices"
        label={n("prices")}
        rows={list.rows}
        error={list.error}
        retry={list.refetch}
        rowKey={(row) => row.id}
        rowName={(row) => `${row.plan}/${row.item}`}
        sort="service"
        tools={
          <>
            <label className="choice">
              <span className="small soft">{t("prices.on")}</span>
              <input
                className="input"
                type="date"
                value={on}
                disabled={all === "1"}
                onChange={(event) => setOn(event.target.value)}
              />
            </label>
            <label className="choice">
              <input
                type="checkbox"
                checked={all === "1"}
                onChange={(event) => setAll(event.target.checked ? "1" : "")}
              />
              <span>{t("prices.all")}</span>
            </label>
          </>
        }
        {...(may ? { rowActions: (row: PriceItem) => [{ label: t("prices.set"), run: () => setOpen(row) }] } : {})}
        empty={
          <Empty title={t("prices.none")} action={load}>
            {t("prices.noneText")}
          </Empty>
        }
        columns={[
          textColumn("service", t("col.service"), (row) => nameOf(row.service)),
          textColumn("plan", t("col.plan"), (row) => (row.planName === null ? row.plan : say(row.planName))),
          textColumn("item", t("col.item"), (row) => (row.itemName === null ? row.item : say(row.itemName)), {
            fill: true,
          }),
          yenColumn("amount", t("col.amount"), (row) => row.amount),
          yenColumn("display", t("col.display"), (row) => row.display, { hidden: true }),
          ...ranges,
          textColumn("book", t("col.book"), (row) => row.book),
        ]}
      />
      <Section title={t("prices.books")}>
        <Books />
      </Section>
      {open === "load" ? <LoadDialog close={() => setOpen(null)} /> : null}
      {open === null || open === "load" ? null : <PriceDialog price={open} close={() => setOpen(null)} />}
    </Frame>
  );
}

function Books(): ReactNode {
  const t = useWords(ruleWords);
  const list = useList<PriceBookItem>(BOOKS);
  return (
    <DataTable<PriceBookItem>
      id="price-books"
      label={t("prices.books")}
      urlKey="b"
      plain
      rows={list.rows}
      error={list.error}
      retry={list.refetch}
      rowKey={(row) => row.id}
      rowName={(row) => row.code}
      sort="-at"
      empty={<Empty title={t("books.none")} />}
      columns={[
        textColumn("code", t("col.book"), (row) => row.code),
        countColumn("prices", t("books.prices"), (row) => row.prices),
        actorColumn("by", t("books.by"), (row) => row.loadedBy),
        whenColumn("at", t("books.at"), (row) => row.loadedAt),
      ]}
    />
  );
}
