/** How customers' device lists name their columns and write MACs, addresses and kinds of devices (goal 10). */
import { registerFields, type RegisterField } from "../../wire/api-register.ts";
import { roles, type Role } from "../model.ts";
import { roleOfWord } from "./roles-by-identity.ts";

export type RegisterRow = Readonly<Partial<Record<RegisterField, string>>>;

/** Headers that lists of factories bear, Japanese and English, without spaces and in lower case. */
const headers: Readonly<Record<RegisterField, readonly string[]>> = {
  number: [
    "管理番号",
    "資産番号",
    "設備番号",
    "機器番号",
    "台帳番号",
    "番号",
    "no",
    "no.",
    "id",
    "assetid",
    "assetnumber",
    "assetno",
    "assettag",
    "tag",
    "inventorynumber",
    "number",
  ],
  name: [
    "機器名",
    "機器名称",
    "設備名",
    "設備名称",
    "装置名",
    "名称",
    "ホスト名",
    "コンピュータ名",
    "コンピューター名",
    "端末名",
    "name",
    "hostname",
    "devicename",
    "assetname",
    "device",
    "computername",
  ],
  mac: [
    "macアドレス",
    "mac",
    "物理アドレス",
    "macaddress",
    "mac-address",
    "hwaddress",
    "physicaladdress",
    "ethernetaddress",
  ],
  address: [
    "ipアドレス",
    "ip",
    "ipv4アドレス",
    "アドレス",
    "ipaddress",
    "ip-address",
    "ipv4",
    "ipv4address",
    "address",
  ],
  vendor: [
    "メーカー",
    "メーカ",
    "メーカー名",
    "メーカ名",
    "製造元",
    "製造者",
    "ベンダー",
    "ベンダ",
    "vendor",
    "manufacturer",
    "maker",
    "make",
  ],
  model: [
    "型式",
    "型番",
    "形式",
    "形名",
    "型名",
    "機種",
    "機種名",
    "モデル",
    "品番",
    "製品名",
    "model",
    "modelnumber",
    "modelno",
    "type",
    "product",
    "partnumber",
    "catalognumber",
    "ordernumber",
  ],
  serial: [
    "シリアル番号",
    "シリアル",
    "シリアルno",
    "シリアルno.",
    "製造番号",
    "製番",
    "s/n",
    "sn",
    "serial",
    "serialnumber",
    "serialno",
    "serialno.",
  ],
  role: [
    "種別",
    "機器種別",
    "分類",
    "役割",
    "区分",
    "用途",
    "role",
    "devicetype",
    "category",
    "class",
    "kind",
    "function",
  ],
  place: [
    "設置場所",
    "場所",
    "設置先",
    "ライン",
    "工程",
    "エリア",
    "棟",
    "location",
    "place",
    "site",
    "area",
    "line",
    "building",
    "room",
  ],
  owner: [
    "管理者",
    "担当者",
    "担当",
    "所有者",
    "管理部署",
    "部署",
    "owner",
    "responsible",
    "department",
    "contact",
    "administrator",
  ],
  note: ["備考", "メモ", "注記", "コメント", "note", "notes", "remarks", "comment", "comments", "description"],
};
const plainHeader = (header: string): string =>
  header
    .normalize("NFKC")
    .toLowerCase()
    .replaceAll(/[\s_\u3000]+|[（(].*?[)）]/g, "");

/** Column of each field by its usual headers; the first that fits. `given` overrules, field → header as written. */
export function columnsOf(
  found: readonly string[],
  given: Readonly<Partial<Record<RegisterField, string>>> = {},
): ReadonlyMap<RegisterField, number> {
  const columns = new Map<RegisterField, number>();
  const taken = new Set<number>();
  for (const field of registerFields) {
    const at = given[field] === undefined ? -1 : found.indexOf(given[field]);
    if (at >= 0) {
      columns.set(field, at);
      taken.add(at);
    }
  }
  const plain = found.map(plainHeader);
  for (const field of registerFields) {
    if (columns.has(field)) continue;
    const at = headers[field]
      .map((name) => plain.findIndex((header, i) => header === name && !taken.has(i)))
      .find((index) => index >= 0);
    if (at === undefined) continue;
    columns.set(field, at);
    taken.add(at);
  }
  return columns;
}
/** A line of the list as fields; empty values are left out. */
export function rowOf(cells: readonly string[], columns: ReadonlyMap<RegisterField, number>): RegisterRow {
  const row: Partial<Record<RegisterField, string>> = {};
  for (const [field, at] of columns) {
    const value = (cells[at] ?? "").normalize("NFKC").trim();
    if (value !== "" && !/^(-+|n\/a|なし|不明|未定)$/i.test(value)) row[field] = value;
  }
  return row;
}

/** Any way of writing a MAC: `AA-BB-…`, `aabb.ccdd.eeff`, without signs. Several in one cell are read all. */
export const macsIn = (text: string): string[] =>
  (text.match(/(?:[0-9a-f]{2}[-:. ]?){5}[0-9a-f]{2}/gi) ?? []).map((mac) =>
    mac
      .toLowerCase()
      .replaceAll(/[-:. ]/g, "")
      .replaceAll(/..(?=.)/g, "$&:"),
  );
/** Addresses of a cell, without masks and leading zeros. */
export const addressesIn = (text: string): string[] =>
  text
    .split(/[\s,;、]+/)
    .map((part) => (part.split("/")[0] as string).toLowerCase())
    .map((part) => (/^\d+\.\d+\.\d+\.\d+$/.test(part) ? part.split(".").map(Number).join(".") : part))
    .filter((part) => part !== "" && part !== "dhcp");

const roleWords: Readonly<Record<string, Role>> = {
  シーケンサ: "plc",
  シーケンサー: "plc",
  plc: "plc",
  制御装置: "plc",
  コントローラ: "plc",
  コントローラー: "plc",
  表示器: "hmi",
  タッチパネル: "hmi",
  操作盤: "hmi",
  パソコン: "pc",
  端末: "pc",
  サーバ: "server",
  サーバー: "server",
  スイッチ: "switch",
  ハブ: "switch",
  スイッチングハブ: "switch",
  ルータ: "router",
  ルーター: "router",
  ファイアウォール: "firewall",
  無線ap: "access-point",
  アクセスポイント: "access-point",
  プリンタ: "printer",
  プリンター: "printer",
  複合機: "printer",
  カメラ: "camera",
  ロボット: "robot",
  インバータ: "drive",
  インバーター: "drive",
  サーボ: "drive",
  センサ: "sensor",
  センサー: "sensor",
  リモートio: "io",
  保守端末: "engineering-station",
  プログラミング端末: "engineering-station",
};
export const roleIn = (text: string): Role | null => {
  const plain = text.normalize("NFKC").toLowerCase().replaceAll(/\s/g, "");
  return (
    (Object.hasOwn(roleWords, plain) ? roleWords[plain] : undefined) ??
    roleOfWord(plain) ??
    ((roles as readonly string[]).includes(plain) ? (plain as Role) : null)
  );
};
