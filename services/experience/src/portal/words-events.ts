/** Words for what changed about the measuring itself. */
import { catalogue } from "@yagura/portal/words.ts";

export const eventWords = catalogue({
  "session.created": { ja: "セッションを作成", en: "Session created" },
  "session.interval": { ja: "測定間隔を変更: {before} → {after}", en: "Interval changed: {before} → {after}" },
  "session.timeout": { ja: "タイムアウトを変更: {before} → {after}", en: "Timeout changed: {before} → {after}" },
  "session.paused": { ja: "セッションを一時停止", en: "Session paused" },
  "session.resumed": { ja: "セッションを再開", en: "Session resumed" },
  "session.surplus": {
    ja: "セッションを一時停止（契約 {contract} の終了による上限超過）",
    en: "Session paused: above the limit since contract {contract} ended",
  },
  "target.probe": { ja: "ターゲットを変更: {before} → {after}", en: "Target changed: {before} → {after}" },
  "target.paused": { ja: "ターゲットを一時停止", en: "Target paused" },
  "target.resumed": { ja: "ターゲットを再開", en: "Target resumed" },
  "target.surplus": {
    ja: "ターゲットを一時停止（契約 {contract} の終了による上限超過）",
    en: "Target paused: above the limit since contract {contract} ended",
  },
  "agent.installed": {
    ja: "エージェントを {hostname} にインストール（{version}）",
    en: "Agent installed on {hostname} ({version})",
  },
  "agent.replaced": {
    ja: "エージェントの PC を交換: {before} → {hostname}（{version}）",
    en: "Agent moved to another PC: {before} → {hostname} ({version})",
  },
  "agent.revoked": { ja: "エージェントを失効（理由: {reason}）", en: "Agent revoked: {reason}" },
  "agent.ended": { ja: "エージェントの契約 {contract} が終了", en: "The agent’s contract {contract} ended" },
  "agent.program": {
    ja: "エージェントを更新: {before} → {after}",
    en: "Agent program updated: {before} → {after}",
  },
  by: { ja: "{event}（{who}）", en: "{event} (by {who})" },
  /** Of the flags of one chart. */
  group: { ja: "「{title}」の出来事", en: "Events on “{title}”" },
  more: { ja: "ほか {n} 件", en: "and {n} more" },
  column: { ja: "出来事", en: "Event" },
  summary: { ja: "出来事 {n} 件。", en: { one: "{n} event.", other: "{n} events." } },
});
