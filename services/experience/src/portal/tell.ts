/** Values of the API in words: reasons of a score, probes, intervals, gaps, methods. */
import type { Format } from "@yagura/portal/language.tsx";
import type { Say } from "@yagura/portal/words.ts";
import { probeText } from "../analysis/probe-text.ts";
import type { PausedReason, Score } from "../wire/api.ts";
import { words } from "./words.ts";

export type Words = Say<typeof words>;
type Reason = Score["reasons"][number];

/** A value with its unit as the analysis names it. */
export function tellValue(value: number, unit: string, format: Format): string {
  if (unit === "%") return format.percent(value / 100);
  if (unit === "ms") return format.duration(value * 1000);
  if (unit === "s") return format.span(value);
  const number = format.number(value, 1);
  return unit === "" ? number : `${number} ${unit}`;
}

function tellUnobserved(reason: Reason, t: Words, format: Format): string {
  if (reason.unit === "s" && reason.value > 0) return t("reason.notObservedFor", { span: format.span(reason.value) });
  if (reason.unit === "%") return t("reason.notObservedShare", { share: format.percent(reason.value / 100) });
  if (reason.unit === "sessions" && reason.value > 0) return t("reason.notObservedSessions", { n: reason.value });
  return t("reason.not-observed");
}

export function tellReason(reason: Reason, t: Words, format: Format): string {
  const value = tellValue(reason.value, reason.unit, format);
  switch (reason.kind) {
    case "loss":
    case "latency":
    case "jitter":
    case "refused":
    case "late":
      return t(`reason.${reason.kind}`, { value });
    case "unreachable":
      return t("reason.unreachable");
    case "not-observed":
      return tellUnobserved(reason, t, format);
    default:
      return t("reason.other", { kind: reason.kind, value });
  }
}

/** The reasons in one line, worst first, at most `most` of them; what is well says so. */
export const tellReasons = (score: Score, t: Words, format: Format, most = Number.POSITIVE_INFINITY): string =>
  score.reasons.length > 0
    ? score.reasons
        .slice(0, most)
        .map((reason) => tellReason(reason, t, format))
        .join(" · ")
    : t(score.value === null ? "reason.not-observed" : "reason.none");

/** What is probed, in the terms of the field: `icmp 192.0.2.1`, `tcp example.jp:443`. */
export const tellProbe = probeText;

/** From milliseconds. */
export function tellInterval(milliseconds: number, t: Words): string {
  const seconds = milliseconds / 1000;
  if (seconds >= 3600 && seconds % 3600 === 0) return t("every.hours", { n: seconds / 3600 });
  if (seconds >= 60 && seconds % 60 === 0) return t("every.minutes", { n: seconds / 60 });
  return t("every.seconds", { n: seconds });
}

const gapKeys = {
  sleep: "gap.sleep",
  "network-change": "gap.network-change",
  "agent-stopped": "gap.agent-stopped",
  "agent-overloaded": "gap.agent-overloaded",
  paused: "gap.paused",
  "not-permitted": "gap.not-permitted",
  "no-network": "gap.no-network",
  "spool-full": "gap.spool-full",
  "before-start": "gap.before-start",
} as const;
export const tellGap = (reason: string | null, t: Words): string =>
  t(reason !== null && reason in gapKeys ? gapKeys[reason as keyof typeof gapKeys] : "gap.unknown");

/** How a sample was stamped, e.g. `ICMP, kernel time stamps`; a method that this version does not know is named as it is. */
export const tellMethod = (method: string, t: Words): string => {
  const key = `method.${method}`;
  return key in words ? t(key as "method.icmp-raw-kernel") : method;
};

/** Why something is paused; an empty text when it is not. */
export const tellPaused = (
  of: { readonly paused: boolean; readonly pausedReason: PausedReason | null },
  t: Words,
): string => (of.paused ? t(of.pausedReason === null ? "paused" : `paused.${of.pausedReason}`) : "");

const phrases = [
  ["raw socket", "can.raw"],
  ["unprivileged socket", "can.unprivileged"],
  ["kernel round trip of the handshake", "can.handshake"],
  ["kernel time stamps", "can.kernel"],
  ["program's clock", "can.clock"],
  ["the system's ping command", "can.command"],
] as const;
/** What an agent says it can do, in the reader's language; a reason in brackets stays as the agent gave it. */
export function tellCapability(said: string, t: Words): string {
  let told = said;
  for (const [phrase, key] of phrases) told = told.replace(phrase, t(key));
  return told.replace(/(?<=\p{sc=Han}|\p{sc=Katakana}|ー), /gu, "、");
}
const capabilityKeys = {
  icmp4: "can.icmp4",
  icmp6: "can.icmp6",
  tcp: "can.tcp",
  dns: "can.dns",
  http: "can.http",
} as const;
export const tellCapabilityName = (name: string, t: Words): string =>
  name in capabilityKeys ? t(capabilityKeys[name as keyof typeof capabilityKeys]) : name;
