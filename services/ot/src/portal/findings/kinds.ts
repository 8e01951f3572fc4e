/** Names of kinds of findings without what one finding is about: for lists of kinds. */
import type { Language } from "@yagura/portal/words.ts";
import type { Both } from "../parts/both.ts";
import { findingKinds } from "../../analysis/findings.ts";

/** Kinds whose title has no head before a colon. */
const named: Readonly<Record<string, Both>> = {
  "ot.command.class-new": { ja: "初めての種類の操作", en: "New class of commands" },
  "ot.write.outside-range": {
    ja: "書いたことのないアドレスへの書き込み",
    en: "Write to addresses never written before",
  },
  "ot.identity.firmware-changed": { ja: "ファームウェアの変化", en: "Firmware changed" },
  "ot.identity.changed": { ja: "機器の属性の変化", en: "Identity of a device changed" },
  "ot.permit.exceeded": { ja: "作業許可を超えた操作", en: "Work beyond the permit" },
  "ot.devices.full": { ja: "機器一覧の上限", en: "List of devices is full" },
  "ot.capture.bad": { ja: "センサーの取得漏れ", en: "The sensor does not see everything" },
  "ot.scan.hosts": { ja: "機器の探索（スキャン）", en: "Search for devices (scan)" },
  "ot.scan.ports": { ja: "サービスの探索（ポートスキャン）", en: "Search for services (port scan)" },
  "ot.scan.arp": { ja: "ARP による探索", en: "Search by ARP" },
  "ot.command.refused": { ja: "命令の拒否", en: "Refused commands" },
  "ot.login.refused": { ja: "ログイン失敗の多発", en: "Refused logins" },
  "ot.arp.spoofing": { ja: "ARP のなりすまし", en: "ARP spoofing" },
  "ot.address.conflict": { ja: "IP アドレスの重複", en: "Address conflict" },
  "ot.traffic.malformed": { ja: "不正な形式の通信", en: "Malformed messages" },
  "ot.zone.crossed": { ja: "ゾーンをまたぐ新しい通信", en: "New traffic across zones" },
  "ot.internet.access": { ja: "インターネットとの通信", en: "Talk with the Internet" },
  "ot.os.end-of-support": { ja: "サポートが終了した OS", en: "System without corrections" },
  "ot.vulnerability.known": { ja: "既知の脆弱性", en: "Known vulnerability" },
  "ot.vulnerability.exploited": { ja: "悪用が確認されている脆弱性", en: "Known-exploited vulnerability" },
};

/** A kind that this portal does not know is told by its id. */
export function kindName(kind: string, language: Language): string {
  const own = named[kind];
  if (own !== undefined) return own[language];
  const title = findingKinds[kind]?.title[language] ?? kind;
  return /^([^{:：]+)[:：]/.exec(title)?.[1]?.trim() ?? title;
}
export const kindNames: readonly string[] = Object.keys(findingKinds);
