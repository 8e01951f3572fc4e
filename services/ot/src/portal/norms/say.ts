/** What others do as sentences in the reader's language (OT-N9). */
import { useFormat, useWords } from "@yagura/portal/language.tsx";
import { NORM_K } from "../../analysis/norms/sums.ts";
import type { NormAnswer, NormSubject } from "../../wire/api-norms.ts";
import { useProtocolTitle } from "../parts/protocol.ts";
import { useAttributeValue } from "../parts/role.ts";
import { words } from "../words.ts";
import { normWords } from "./words.ts";

export function useSubject(): (subject: NormSubject) => string {
  const t = useWords(normWords);
  const told = useAttributeValue();
  return ({ level, vendor, name }) =>
    t(`subject.${level}`, { vendor, name: level === "role" ? told("role", name) : name });
}

export interface Said {
  readonly verdict: string;
  /** What it rests on. */
  readonly figures: string | null;
}
export function useAnswer(): (answer: NormAnswer) => Said {
  const t = useWords(normWords);
  const w = useWords(words);
  const format = useFormat();
  const title = useProtocolTitle();
  const say = useSubject();
  const k = format.number(NORM_K);
  return ({ asset, subject, habit, seen, verdict }) => {
    if (subject === null || verdict === null) return { verdict: t("unknown", { name: asset.name, k }), figures: null };
    const of = { sites: format.number(subject.of.sites), organisations: format.number(subject.of.organisations) };
    if (habit === null)
      return { verdict: t("verdict.device", { subject: say(subject) }), figures: t("figures.device", of) };
    const named = t(`habit.${habit.kind}`, {
      protocol: title(habit.protocol),
      name: habit.name ?? "",
      class: habit.class === null ? "" : w(`class.${habit.class}`),
    });
    return {
      verdict: t(`verdict.${verdict}`, { subject: say(subject), habit: named }),
      figures:
        seen === null ? t("figures.few", { ...of, k }) : t("figures.seen", { ...of, seen: format.number(seen.sites) }),
    };
  };
}
