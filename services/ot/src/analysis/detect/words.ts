/** Words that findings carry as parameters, in both languages, and how figures are written in sentences. */
import { commandClasses, type CommandClass } from "../../wire/vocabulary.ts";
import { DAY, MINUTE } from "./settings.ts";

interface Text {
  readonly en: string;
  readonly ja: string;
}

export const classWords: Readonly<Record<CommandClass, Text>> = {
  other: { en: "another command", ja: "その他の命令" },
  session: { en: "session handling", ja: "セッションの開始・終了" },
  identify: { en: "asking what the device is", ja: "機器情報の問い合わせ" },
  read: { en: "reading values", ja: "値の読み出し" },
  write: { en: "writing values", ja: "値の書き込み" },
  report: { en: "sending values by itself", ja: "値の自発送信" },
  diagnose: { en: "diagnosis", ja: "診断" },
  file: { en: "file transfer", ja: "ファイル転送" },
  login: { en: "login", ja: "ログイン" },
  control: { en: "operating switchgear", ja: "開閉器などの操作" },
  configure: { en: "changing the settings", ja: "設定の変更" },
  "time-set": { en: "setting the clock", ja: "時刻の設定" },
  download: { en: "program download", ja: "プログラムの書き込み(ダウンロード)" },
  upload: { en: "program upload", ja: "プログラムの読み出し(アップロード)" },
  mode: { en: "change of operating mode", ja: "運転モードの変更" },
  stop: { en: "stop", ja: "停止" },
  restart: { en: "restart", ja: "再起動" },
  firmware: { en: "firmware update", ja: "ファームウェアの更新" },
  force: { en: "forcing of inputs or outputs", ja: "入出力の強制" },
};
export const isCommandClass = (text: string): text is CommandClass =>
  (commandClasses as readonly string[]).includes(text);

/** A word that differs by language becomes two parameters, `nameEn` and `nameJa`. */
export const both = (name: string, text: Text): Record<string, string> => ({
  [`${name}En`]: text.en,
  [`${name}Ja`]: text.ja,
});

/** `2026-11-20 14:05` in the site's time. */
export const atMinute = (time: number, utcOffset: number): string =>
  new Date(time + utcOffset * MINUTE).toISOString().slice(0, 16).replace("T", " ");
export const atDay = (time: number, utcOffset: number): string => atMinute(time, utcOffset).slice(0, 10);
/** Whole days, at least 0. */
export const daysBetween = (from: number, to: number): number => Math.max(0, Math.floor((to - from) / DAY));

/** `1.5 MB`, decimal. */
export function bytesText(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit === 0 ? value : value.toFixed(1)} ${units[unit]}`;
}

/** Microseconds as `250 ms`, `1.5 s`, `4 min`. */
export function periodText(us: number): string {
  if (us < 1_000) return `${Math.round(us)} µs`;
  if (us < 1_000_000) return `${round(us / 1_000)} ms`;
  if (us < 120_000_000) return `${round(us / 1_000_000)} s`;
  return us < 7_200_000_000 ? `${round(us / 60_000_000)} min` : `${round(us / 3_600_000_000)} h`;
}
const round = (value: number): number => (value < 10 ? Math.round(value * 10) / 10 : Math.round(value));

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  if (sorted.length === 0) return 0;
  const high = sorted[middle] as number;
  return sorted.length % 2 === 1 ? high : ((sorted[middle - 1] as number) + high) / 2;
}
/** Median absolute deviation, scaled to a standard deviation of normal values (factor 1.4826). */
export function deviation(values: readonly number[]): number {
  const middle = median(values);
  return 1.4826 * median(values.map((value) => Math.abs(value - middle)));
}
