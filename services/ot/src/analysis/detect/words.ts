/** Words that findings carry as parameters, in both languages, and how figures are written in sentences. */
import { commandClasses, type CommandClass } from "../../wire/vocabulary.ts";
import type { Role } from "../model.ts";
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

/** In sentences; the portal has its own labels. */
export const roleWords: Readonly<Record<Role, Text>> = {
  plc: { en: "a controller (PLC)", ja: "コントローラ(PLC)" },
  rtu: { en: "a remote terminal unit", ja: "遠隔端末装置(RTU)" },
  ied: { en: "a protection relay (IED)", ja: "保護継電器(IED)" },
  io: { en: "an I/O station", ja: "入出力ユニット" },
  drive: { en: "a drive", ja: "ドライブ・インバータ" },
  robot: { en: "a robot", ja: "ロボット" },
  cnc: { en: "a machine tool control", ja: "工作機械の制御装置(CNC)" },
  safety: { en: "a safety controller", ja: "安全コントローラ" },
  hmi: { en: "an operator panel (HMI)", ja: "操作盤(HMI)" },
  scada: { en: "a SCADA server", ja: "監視サーバー(SCADA)" },
  historian: { en: "a historian", ja: "データ収集サーバー" },
  "engineering-station": { en: "an engineering station", ja: "エンジニアリング端末" },
  gateway: { en: "a protocol gateway", ja: "プロトコル変換器" },
  meter: { en: "a meter", ja: "計器" },
  sensor: { en: "a sensor", ja: "センサー" },
  camera: { en: "a camera", ja: "カメラ" },
  printer: { en: "a printer", ja: "プリンター" },
  server: { en: "a server", ja: "サーバー" },
  "domain-controller": { en: "a domain controller", ja: "ドメインコントローラ" },
  pc: { en: "a PC", ja: "PC" },
  mobile: { en: "a mobile device", ja: "携帯端末" },
  phone: { en: "a telephone", ja: "電話機" },
  switch: { en: "a switch", ja: "スイッチ" },
  router: { en: "a router", ja: "ルーター" },
  firewall: { en: "a firewall", ja: "ファイアウォール" },
  "access-point": { en: "a wireless access point", ja: "無線アクセスポイント" },
  "time-server": { en: "a time server", ja: "時刻サーバー" },
  "building-controller": { en: "a building controller", ja: "ビル設備コントローラ" },
  unknown: { en: "not yet known", ja: "まだ不明" },
};

/** A word that differs by language becomes two parameters, `nameEn` and `nameJa`. */
export const both = (name: string, text: Text): Record<string, string> => ({
  [`${name}En`]: text.en,
  [`${name}Ja`]: text.ja,
});

const timesEn = (count: number): string => (count === 1 ? "once" : `${count} times`);
/** How often something was done before; `last` is when. */
export const pastWords = (times: number, last: string | null): Text =>
  times === 0 || last === null
    ? { en: "never before", ja: "なし(今回が初めて)" }
    : { en: `${timesEn(times)}, last on ${last}`, ja: `${times}回(最後は${last})` };
/** How often a command was sent, and what the device made of it. */
export const sentWords = (count: number, refused: number): Text => ({
  en: `${timesEn(count)}${refused === 0 ? "" : refused >= count ? ", all refused by the device" : `, ${refused} of them refused by the device`}`,
  ja: `${count}回送りました${refused === 0 ? "" : refused >= count ? "(すべて機器が拒否)" : `(うち${refused}回は機器が拒否)`}`,
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
