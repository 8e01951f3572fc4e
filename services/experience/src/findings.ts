/** Findings of the service, with their words: sessions that are down or worse than usual. */
import type { FindingKinds } from "@yagura/core/finding.ts";

const advice = {
  ja: "同じターゲットを測る別の端末を確認してください。すべてで起きていればターゲット側、この端末だけなら端末側の回線や Wi-Fi を確認します。",
  en: "Look at other machines that measure the same target: if all of them are affected, the target or the way to it is at fault; if only this one, its own line or Wi-Fi.",
};

export const findings: FindingKinds = {
  "experience.session.down": {
    severity: "bad",
    title: { ja: "{target} に届きません（{agent}）", en: "{target} does not answer ({agent})" },
    normal: {
      ja: "過去 7 日間の同じ時間帯の損失率: {usualLoss}",
      en: "Loss at this hour in the last seven days: {usualLoss}",
    },
    changed: {
      ja: "直近 3 分間の測定 {sent} 回すべてに応答がありません。",
      en: "None of the {sent} probes of the last three minutes was answered.",
    },
    advice,
  },
  "experience.session.lossy": {
    severity: "notice",
    title: {
      ja: "{target} へのパケットロスが増えています（{agent}）",
      en: "More loss than usual to {target} ({agent})",
    },
    normal: {
      ja: "過去 7 日間の同じ時間帯の損失率: {usualLoss}",
      en: "Loss at this hour in the last seven days: {usualLoss}",
    },
    changed: { ja: "直近 5 分間の損失率: {loss}", en: "Loss of the last five minutes: {loss}" },
    advice,
  },
  "experience.session.slow": {
    severity: "notice",
    title: { ja: "{target} の応答が遅くなっています（{agent}）", en: "{target} answers slower than usual ({agent})" },
    normal: {
      ja: "過去 7 日間の同じ時間帯: 中央値 {usualP50}、95 パーセンタイル {usualP95}",
      en: "At this hour in the last seven days: median {usualP50}, 95th percentile {usualP95}",
    },
    changed: { ja: "直近 5 分間の中央値: {p50}", en: "Median of the last five minutes: {p50}" },
    advice,
  },
};
