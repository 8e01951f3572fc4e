/** The role of a device with its reasons (goal 8): evidences combined; `unknown` while they are weak. */
import type { Evidence, Role } from "../model.ts";
import { roles } from "../model.ts";

/** Sure less than this is not said. */
export const ROLE_FLOOR = 0.3;

interface Sentence {
  readonly en: string;
  readonly ja: string;
}
/** What an evidence of a role means; `{source}` is the protocol. Keys are stored: append only. */
export const roleReasons = {
  "states-role": { en: "It says so itself by {source}.", ja: "機器自身が{source}でそう名乗っています。" },
  "device-type": {
    en: "The device type in its {source} identity says so.",
    ja: "{source}の識別情報の機器種別がそう示しています。",
  },
  capability: { en: "It announces this ability by {source}.", ja: "{source}でこの機能を通知しています。" },
  "model-name": { en: "Its model, told by {source}, is of this kind.", ja: "{source}で得た型名がこの種類の製品です。" },
  "order-number": {
    en: "Its order number, told by {source}, is of this kind.",
    ja: "{source}で得た注文番号がこの種類の製品です。",
  },
  description: {
    en: "Its description by {source} names such a product.",
    ja: "{source}の説明文がこの種類の製品を示しています。",
  },
  "host-name": { en: "Its name, told by {source}, sounds like it.", ja: "{source}で得た名前がこの種類を思わせます。" },
  system: {
    en: "Its operating system, told by {source}, is common for it.",
    ja: "{source}で得たOSがこの種類の機器に多いものです。",
  },
  software: {
    en: "Its software, told by {source}, is typical of it.",
    ja: "{source}で得たソフトウェア名がこの種類の機器に特有です。",
  },
  "answers-controller": {
    en: "It answers commands of a controller protocol.",
    ja: "制御装置のプロトコルのコマンドに応答しています。",
  },
  "answers-station": {
    en: "It answers as a remote station of a telecontrol protocol.",
    ja: "遠方監視制御プロトコルの子局として応答しています。",
  },
  "answers-building": {
    en: "It answers a protocol of building automation.",
    ja: "ビル設備のプロトコルに応答しています。",
  },
  "answers-meter": { en: "It answers a protocol of meters.", ja: "計器のプロトコルに応答しています。" },
  "answers-io": {
    en: "A controller exchanges inputs and outputs with it.",
    ja: "制御装置が入出力データを交換しています。",
  },
  "serves-data": { en: "It hands out data by OPC UA.", ja: "OPC UAでデータを提供しています。" },
  "drives-io": {
    en: "It exchanges inputs and outputs with field devices.",
    ja: "現場機器と入出力データを交換しています。",
  },
  "publishes-substation": {
    en: "It publishes GOOSE or sampled values.",
    ja: "GOOSEまたはサンプル値を送信しています。",
  },
  "asks-few": { en: "It asks one or two controllers for data.", ja: "1〜2台の制御装置からデータを読んでいます。" },
  "asks-many": { en: "It asks many controllers for data.", ja: "多数の制御装置からデータを読んでいます。" },
  programs: {
    en: "It loads programs or firmware to or from controllers.",
    ja: "制御装置のプログラムやファームウェアを読み書きしています。",
  },
  operates: { en: "It starts, stops or configures controllers.", ja: "制御装置の運転・停止や設定を行っています。" },
  "directory-service": { en: "It serves Kerberos and LDAP.", ja: "KerberosとLDAPを提供しています。" },
  "gives-time": { en: "It gives the time to others.", ja: "他の機器に時刻を提供しています。" },
  "gives-names": { en: "It answers DNS for others.", ja: "他の機器のDNSに応答しています。" },
  "serves-many": { en: "Many devices ask it.", ja: "多数の機器から利用されています。" },
  "serves-database": { en: "It serves a database.", ja: "データベースを提供しています。" },
  "printer-ports": { en: "It takes print jobs.", ja: "印刷ジョブを受け付けています。" },
  "camera-ports": { en: "It streams video.", ja: "映像を配信しています。" },
  "spanning-tree": { en: "It takes part in the spanning tree.", ja: "スパニングツリーに参加しています。" },
  "virtual-router": {
    en: "Its MAC is the shared one of redundant routers.",
    ja: "冗長化ルーターの共有MACアドレスです。",
  },
  routes: { en: "It carries packets of other networks.", ja: "他のネットワークのパケットを中継しています。" },
  "gives-inputs": {
    en: "It sends its inputs to a group of controllers.",
    ja: "入力データを制御装置のグループに送信しています。",
  },
  "office-client": { en: "It only asks office services.", ja: "事務系サービスを利用するだけの端末です。" },
} as const satisfies Readonly<Record<string, Sentence>>;
export type RoleReason = keyof typeof roleReasons;

/** Independent evidences of a role strengthen each other; the order of roles settles what is equally sure. */
export function judgeRole(evidence: readonly Evidence[], routes: boolean): { role: Role; confidence: number } {
  const doubt = new Map<Role, number>();
  const hear = (role: string, confidence: number): void => {
    if (role === "unknown" || !(roles as readonly string[]).includes(role)) return;
    doubt.set(role as Role, (doubt.get(role as Role) ?? 1) * (1 - confidence));
  };
  const given = evidence.find(({ source }) => source === "hand");
  if (given !== undefined) return { role: given.value as Role, confidence: 1 };
  for (const { value, confidence } of evidence) hear(value, confidence);
  if (routes) hear("router", 0.6);
  let role: Role = "unknown";
  let best = ROLE_FLOOR;
  for (const candidate of roles) {
    const confidence = 1 - (doubt.get(candidate) ?? 1);
    if (confidence <= best) continue;
    best = confidence;
    role = candidate;
  }
  return { role, confidence: role === "unknown" ? 0 : Math.min(0.99, Math.round(best * 100) / 100) };
}
