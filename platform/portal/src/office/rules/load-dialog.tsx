/** Loading a price book: a dry run shows what changes from when; then all rows or none. */
import { useId, useState, type ReactNode } from "react";
import type { PriceLoadResult, PriceLoadRow } from "@yagura/commerce/terms/shapes.ts";
import { api } from "../../api.ts";
import { useFormat, useSay, useWords } from "../../language.tsx";
import { Dialog } from "../../parts/dialog.tsx";
import { CheckField, Form, TextField, useForm } from "../../parts/form.tsx";
import { Banner } from "../../parts/notice.tsx";
import { DataTable } from "../../parts/table.tsx";
import { useToast } from "../../parts/toast.tsx";
import { useRefresh } from "../../queries.ts";
import { useSoldName } from "../offers.ts";
import { dayColumn, textColumn } from "../../parts/columns.tsx";
import { yenColumn } from "../parts/columns.tsx";
import { ruleWords } from "../words/rules.ts";
import { BOOKS, OFFERING, PRICES } from "./paths.ts";

export function LoadDialog({ close }: { readonly close: () => void }): ReactNode {
  const t = useWords(ruleWords);
  const toast = useToast();
  const refresh = useRefresh();
  const id = useId();
  const [file, setFile] = useState<File | null>(null);
  const [missing, setMissing] = useState(false);
  const [shown, setShown] = useState<PriceLoadResult | null>(null);
  const form = useForm({
    initial: { book: "", reason: "", confirmPast: false },
    rules: {
      book: { pattern: /^[A-Za-z0-9][A-Za-z0-9._-]{0,59}$/, optional: true },
      reason: { maxLength: 200, optional: true },
    },
    submit: async ({ book, reason, confirmPast }) => {
      if (file === null) return setMissing(true);
      const looked = shown !== null && shown.counts.refused === 0;
      const result = await api.upload<PriceLoadResult>(BOOKS, file, {
        ...(book === "" ? {} : { book }),
        ...(reason.trim() === "" ? {} : { reason: reason.trim() }),
        dryRun: !looked,
        confirmPast: confirmPast || !looked,
      });
      setShown(result);
      if (!result.applied) return undefined;
      toast(t("load.done", { book: result.book }));
      refresh([BOOKS, PRICES, OFFERING]);
      return close();
    },
  });
  const ready = shown !== null && shown.counts.refused === 0;
  return (
    <Dialog title={t("prices.load")} close={close} wide>
      <Form form={form} action={t(ready ? "load.apply" : "load.check")} cancel={close}>
        <div className="file-field">
          <label htmlFor={id}>{t("load.file")}</label>
          <input
            id={id}
            type="file"
            className="input"
            accept=".csv,.yaml,.yml,text/csv,application/yaml"
            aria-invalid={missing}
            onChange={(event) => {
              const chosen = event.target.files?.[0] ?? null;
              setFile(chosen);
              if (chosen !== null && form.values.book === "") form.set("book", bookOf(chosen.name));
              setMissing(false);
              setShown(null);
            }}
          />
          <p className="field-error" aria-live="polite">
            {missing ? t("load.needed") : null}
          </p>
        </div>
        <TextField form={form} name="book" label={t("load.book")} hint={t("load.bookHint")} mono />
        <TextField form={form} name="reason" label={t("load.reason")} />
        {shown === null ? null : <Result result={shown} />}
        {shown?.rows.some((row) => row.reachesBilled) === true ? (
          <>
            <Banner title={t("load.past")}>{t("load.pastText")}</Banner>
            <CheckField form={form} name="confirmPast" label={t("load.confirmPast")} />
          </>
        ) : null}
      </Form>
    </Dialog>
  );
}

/** A name for the book from its file; a YAML file may name it itself. */
const bookOf = (file: string): string =>
  /\.ya?ml$/i.test(file)
    ? ""
    : file
        .replace(/\.[^.]*$/, "")
        .replaceAll(/[^A-Za-z0-9._-]+/g, "-")
        .replace(/^[^A-Za-z0-9]+/, "")
        .slice(0, 60);

export function Result({ result }: { readonly result: PriceLoadResult }): ReactNode {
  const t = useWords(ruleWords);
  const say = useSay();
  const format = useFormat();
  const nameOf = useSoldName();
  const { counts, refused } = result;
  return (
    <div className="stack-wide" role="status">
      {refused.length === 0 ? null : (
        <Banner state="bad" title={t("load.refused", { n: counts.refused })}>
          <ul className="plain-list">
            {refused.map((each) => (
              <li key={`${each.line} ${each.column ?? ""}`}>
                {t("load.line", { line: each.line })} {each.column ?? ""}: {say(each.reason)}
              </li>
            ))}
          </ul>
        </Banner>
      )}
      <p>
        {t("load.counts", {
          fresh: format.number(counts.new),
          changed: format.number(counts.changed),
          ended: format.number(counts.ended),
          same: format.number(counts.same),
        })}
      </p>
      <DataTable<PriceLoadRow>
        id="price-changes"
        label={t("prices.load")}
        urlKey="r"
        plain
        rows={result.rows.filter((row) => row.effect !== "same")}
        rowKey={(row) => `${row.line} ${row.plan} ${row.item} ${row.from}`}
        rowName={(row) => row.item}
        sort="line"
        empty={t("dated.same")}
        columns={[
          textColumn("item", t("col.item"), (row) => nameOf(row.service, row.plan, row.item)),
          textColumn("effect", t("history.effect"), (row) => t(`effect.${row.effect}`)),
          yenColumn("old", t("load.old"), (row) => row.oldAmount),
          yenColumn("new", t("load.new"), (row) => row.newAmount),
          dayColumn("from", t("col.from"), (row) => row.from),
        ]}
      />
    </div>
  );
}
