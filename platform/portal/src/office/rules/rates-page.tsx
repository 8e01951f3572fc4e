/** Consumption tax and the statutory rate, by date. */
import { useState, type ReactNode } from "react";
import type { StatutoryRateItem, TaxRateItem } from "@yagura/commerce/terms/shapes.ts";
import { useWords } from "../../language.tsx";
import { Button } from "../../parts/button.tsx";
import { SelectField, TextField } from "../../parts/form.tsx";
import { Empty } from "../../parts/notice.tsx";
import { Page as Frame, Section } from "../../parts/page.tsx";
import { DataTable } from "../../parts/table.tsx";
import { useList } from "../../queries.ts";
import { useProvider } from "../../session.tsx";
import { textColumn } from "../../parts/columns.tsx";
import { navWords } from "../words/nav.ts";
import { partWords } from "../words/parts.ts";
import { ruleWords } from "../words/rules.ts";
import { DatedDialog } from "./dated-dialog.tsx";
import { STATUTORY, TAX } from "./paths.ts";
import { useRangeColumns } from "./range-columns.tsx";

const RATE = { pattern: /^\d{1,3}(\.\d{1,4})?%$/ };

export function Page(): ReactNode {
  const t = useWords(ruleWords);
  const p = useWords(partWords);
  const n = useWords(navWords);
  const { can } = useProvider();
  const [open, setOpen] = useState<"tax" | "statutory" | null>(null);
  const tax = useList<TaxRateItem>(TAX);
  const statutory = useList<StatutoryRateItem>(STATUTORY);
  const taxRanges = useRangeColumns<TaxRateItem>();
  const statutoryRanges = useRangeColumns<StatutoryRateItem>();
  const close = (): void => setOpen(null);
  const set = (of: "tax" | "statutory"): ReactNode =>
    can("terms.write") ? <Button onClick={() => setOpen(of)}>{t("rates.set")}</Button> : null;
  return (
    <Frame title={n("rates")} lead={t("rates.lead")}>
      <Section title={t("rates.tax")} actions={set("tax")}>
        <DataTable<TaxRateItem>
          id="tax-rates"
          label={t("rates.tax")}
          urlKey="t"
          plain
          rows={tax.rows}
          error={tax.error}
          retry={tax.refetch}
          rowKey={(row) => `${row.class} ${row.from ?? ""}`}
          rowName={(row) => row.rate}
          sort="-from"
          empty={<Empty title={t("rates.none")} />}
          columns={[
            textColumn("class", t("rates.class"), (row) => p(`tax.${row.class}`)),
            textColumn("rate", t("rates.rate"), (row) => row.rate),
            ...taxRanges,
          ]}
        />
      </Section>
      <Section title={t("rates.statutory")} actions={set("statutory")}>
        <DataTable<StatutoryRateItem>
          id="statutory-rates"
          label={t("rates.statutory")}
          urlKey="s"
          plain
          rows={statutory.rows}
          error={statutory.error}
          retry={statutory.refetch}
          rowKey={(row) => row.from ?? ""}
          rowName={(row) => row.rate}
          sort="-from"
          empty={<Empty title={t("rates.none")} />}
          columns={[
            textColumn("rate", t("rates.rate"), (row) => row.rate),
            ...statutoryRanges,
            textColumn("source", t("rates.source"), (row) => row.source),
          ]}
        />
      </Section>
      {open === "tax" ? (
        <DatedDialog
          title={t("rates.tax")}
          path={TAX}
          initial={{ class: "taxable", rate: "" }}
          rules={{ rate: RATE }}
          body={({ class: of, rate }) => ({ class: of, rate })}
          refresh={[TAX]}
          close={close}
        >
          {(form) => (
            <>
              <SelectField
                form={form}
                name="class"
                label={t("rates.class")}
                options={(["taxable", "exempt", "out-of-scope"] as const).map((each) => ({
                  value: each,
                  label: p(`tax.${each}`),
                }))}
              />
              <TextField form={form} name="rate" label={t("rates.rate")} hint={t("rates.rateHint")} />
            </>
          )}
        </DatedDialog>
      ) : null}
      {open === "statutory" ? (
        <DatedDialog
          title={t("rates.statutory")}
          path={STATUTORY}
          initial={{ rate: "", source: "" }}
          rules={{ rate: RATE, source: { maxLength: 200 } }}
          body={({ rate, source }) => ({ rate, source: source.trim() })}
          refresh={[STATUTORY]}
          close={close}
        >
          {(form) => (
            <>
              <TextField form={form} name="rate" label={t("rates.rate")} hint={t("rates.rateHint")} />
              <TextField form={form} name="source" label={t("rates.source")} />
            </>
          )}
        </DatedDialog>
      ) : null}
    </Frame>
  );
}
