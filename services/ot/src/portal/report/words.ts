/** Words of the assessment. */
import { catalogue } from "@yagura/portal/words.ts";

export const reportWords = catalogue({
  lead: {
    ja: "拠点の状態を 1 枚にまとめた診断です。点数の理由と、やるべきことを順に示します。",
    en: "The state of a site on one page: its score, the reasons, and what to do first.",
  },
  pdf: { ja: "PDF で保存", en: "Save as PDF" },
  range: { ja: "対象: {from} から {to}", en: "From {from} to {to}" },
  score: { ja: "総合点", en: "Score" },
  outOf: { ja: "100 点満点", en: "of 100" },
  "verdict.good": { ja: "良好", en: "Well" },
  "verdict.notice": { ja: "改善の余地あり", en: "Could be better" },
  "verdict.bad": { ja: "早めの対応が必要", en: "Act soon" },
  "verdict.critical": { ja: "直ちに対応が必要", en: "Act now" },
  reasons: { ja: "減点の理由", en: "What takes points away" },
  noReasons: { ja: "減点はありません", en: "Nothing takes points away" },
  reason: { ja: "内容", en: "What" },
  points: { ja: "減点", en: "Points" },
  cases: { ja: "件数", en: "Cases" },
  affected: { ja: "機器", en: "Devices" },
  findings: { ja: "優先して対応する検知", en: "What to deal with first" },
  noFindings: { ja: "対応が必要な検知はありません", en: "Nothing to deal with" },
  severity: { ja: "重大度", en: "Severity" },
  advice: { ja: "どうするか", en: "What to do" },
  inventory: { ja: "機器の構成", en: "Inventory" },
  total: { ja: "機器", en: "Devices" },
  appeared: { ja: "期間内に出現", en: "Appeared in this time" },
  unregistered: { ja: "台帳にない機器", en: "Not on your list" },
  vendors: { ja: "ベンダー", en: "Vendors" },
  roles: { ja: "役割", en: "Roles" },
  quality: { ja: "センサーの取得品質", en: "How well the sensors hear" },
});
