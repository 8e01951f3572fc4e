/** `yagura prices`: what the office loads and takes out, and how the answer is written for a person. */
import { addDays } from "@yagura/core/calendar.ts";
import type { Language } from "@yagura/core/errors.ts";
import { grouped } from "@yagura/core/yen.ts";

interface Row {
  readonly line: number;
  readonly service: string;
  readonly plan: string;
  readonly item: string;
  readonly from: string;
  readonly until: string | null;
  readonly effect: "new" | "changed" | "ended" | "same";
  readonly oldAmount: number | null;
  readonly newAmount: number | null;
  readonly reachesBilled: boolean;
}
export interface PriceAnswer {
  readonly book: string;
  readonly applied: boolean;
  readonly dryRun: boolean;
  readonly counts: Readonly<Record<"new" | "changed" | "ended" | "same" | "refused", number>>;
  readonly rows: readonly Row[];
  readonly refused: readonly {
    readonly line: number;
    readonly column: string | null;
    readonly reason: Readonly<Record<Language, string>>;
  }[];
}

const words = {
  en: {
    effects: { new: "new", changed: "changed", ended: "ended", same: "same" },
    line: "line",
    from: "from",
    until: "to",
    none: "–",
    billed: "[reaches back into billed months]",
    refused: "refused",
    done: "The price book {book} is loaded.",
    dry: "Dry run: nothing was changed.",
    nothing: "Everything in it holds already: nothing was changed.",
    failed: "Nothing was changed: correct the lines that were refused.",
    counts: "{new} new, {changed} changed, {ended} ended, {same} the same, {refused} refused",
  },
  ja: {
    effects: { new: "新規", changed: "変更", ended: "終了", same: "変更なし" },
    line: "行",
    from: "適用開始",
    until: "最終日",
    none: "なし",
    billed: "［請求済みの月にさかのぼります］",
    refused: "誤り",
    done: "価格表 {book} を登録しました。",
    dry: "確認のみです。何も変更していません。",
    nothing: "すべて登録済みの内容と同じです。何も変更していません。",
    failed: "何も変更していません。誤りのある行を修正してください。",
    counts: "新規 {new}、変更 {changed}、終了 {ended}、変更なし {same}、誤り {refused}",
  },
} as const;

/** Lines for the terminal: what changes from when, what was refused, and how it ended. */
export function sayPrices(answer: PriceAnswer, language: Language): string {
  const say = words[language];
  const yen = (amount: number | null): string => (amount === null ? say.none : `¥${grouped(amount)}`);
  const rows = answer.rows
    .filter(({ effect }) => effect !== "same")
    .map((row) =>
      [
        say.effects[row.effect],
        `${row.service}/${row.plan}/${row.item}`,
        `${say.from} ${row.from}`,
        ...(row.until === null ? [] : [`${say.until} ${addDays(row.until, -1)}`]),
        `${yen(row.oldAmount)} → ${yen(row.newAmount)}`,
        ...(row.reachesBilled ? [say.billed] : []),
      ].join("  "),
    );
  const refused = answer.refused.map(
    ({ line, column, reason }) =>
      `${say.refused}  ${say.line} ${line}${column === null ? "" : ` (${column})`}  ${reason[language]}`,
  );
  const end =
    answer.refused.length > 0 ? say.failed : answer.dryRun ? say.dry : answer.applied ? say.done : say.nothing;
  const filled = (text: string): string =>
    text.replace(/\{(\w+)\}/g, (_whole, name: string) =>
      name === "book" ? answer.book : String(answer.counts[name as keyof typeof answer.counts]),
    );
  return [...rows, ...refused, filled(say.counts), filled(end)].join("\n");
}
