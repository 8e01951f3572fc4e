/** `yagura ot feeds`: how the answer is written for a person. */
import type { Language } from "@yagura/core/errors.ts";

export interface FeedAnswer {
  readonly loaded: readonly { readonly kind: string; readonly rows: number; readonly files: readonly string[] }[];
  readonly unknown: readonly string[];
}

const kinds: Readonly<Record<string, Readonly<Record<Language, string>>>> = {
  oui: { en: "vendors of MAC prefixes", ja: "MAC アドレスの割り当て" },
  support: { en: "end dates of systems", ja: "OS のサポート終了日" },
  advisories: { en: "products of advisories", ja: "勧告の対象製品" },
  exploited: { en: "exploited vulnerabilities", ja: "悪用が確認された脆弱性" },
};
const left: Readonly<Record<Language, string>> = {
  en: "Left out, of no kind that is known:",
  ja: "対応していない種類のため、登録しなかったファイル：",
};

/** One line a kind, then the files that were left out. */
export function sayFeeds({ loaded, unknown }: FeedAnswer, language: Language): string {
  const lines = loaded.map(({ kind, rows }) => {
    const name = kinds[kind]?.[language] ?? kind;
    const count = rows.toLocaleString("en-US");
    return language === "ja" ? `${name}：${count} 件` : `${name}: ${count}`;
  });
  return [...lines, ...(unknown.length === 0 ? [] : [left[language], ...unknown.map((file) => `  ${file}`)])].join(
    "\n",
  );
}
