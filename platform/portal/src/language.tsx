/** The reader's language and zone, for every page: words, numbers, dates. */
import { createContext, useCallback, useContext, useEffect, useMemo, useState, type ReactNode } from "react";
import { setLanguageHeader } from "./api.ts";
import * as plain from "./format.ts";
import { sayer, sentence, type Catalogue, type Language, type Parameters, type Say, type Text } from "./words.ts";

interface LanguageValue {
  readonly language: Language;
  readonly setLanguage: (language: Language) => void;
}
const LanguageContext = createContext<LanguageValue>({ language: "en", setLanguage: () => undefined });
const ZoneContext = createContext<string>("Asia/Tokyo");

const STORED = "yagura.language";
/** What was chosen on this device, else what the browser asks for. */
function firstLanguage(): Language {
  const stored = localStorage.getItem(STORED);
  if (stored === "ja" || stored === "en") return stored;
  return navigator.languages.some((each) => each.toLowerCase().startsWith("ja")) ? "ja" : "en";
}

export function LanguageProvider({ children }: { readonly children: ReactNode }): ReactNode {
  const [language, choose] = useState<Language>(() => {
    const first = firstLanguage();
    setLanguageHeader(first);
    return first;
  });
  const setLanguage = useCallback((next: Language) => {
    localStorage.setItem(STORED, next);
    setLanguageHeader(next);
    choose(next);
  }, []);
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  const value = useMemo(() => ({ language, setLanguage }), [language, setLanguage]);
  return <LanguageContext value={value}>{children}</LanguageContext>;
}

/** Times below are shown in this zone. */
export const ZoneProvider = ({
  zone,
  children,
}: {
  readonly zone: string;
  readonly children: ReactNode;
}): ReactNode => <ZoneContext value={zone}>{children}</ZoneContext>;

export const useLanguage = (): LanguageValue => useContext(LanguageContext);
export const useZone = (): string => useContext(ZoneContext);

/** `t("key", { n: 3 })` of one catalogue. */
export function useWords<C extends Catalogue>(messages: C): Say<C> {
  const { language } = useLanguage();
  return useMemo(() => sayer(messages, language), [messages, language]);
}

/** Says a text that was handed in, such as a label of the nav. */
export function useSay(): (text: Text, parameters?: Parameters) => string {
  const { language } = useLanguage();
  return useCallback((text, parameters) => sentence(text, language, parameters), [language]);
}

export interface Format {
  readonly number: (value: number | null | undefined, digits?: number) => string;
  readonly percent: (share: number | null | undefined) => string;
  /** From microseconds. */
  readonly duration: (us: number | null | undefined) => string;
  /** From seconds. */
  readonly span: (seconds: number) => string;
  readonly yen: (yen: number) => string;
  /** A difference, with its sign. */
  readonly change: (yen: number) => string;
  readonly bytes: (bytes: number | null | undefined) => string;
  readonly date: (at: number | string) => string;
  readonly day: (day: string | null | undefined) => string;
  /** From `YYYY-MM`. */
  readonly month: (month: string | null | undefined) => string;
  readonly instant: (at: number | string, precision?: plain.Precision) => string;
  readonly time: (at: number | string, precision?: plain.Precision) => string;
  readonly ago: (at: number | string, now?: number) => string;
  /** Short name of the zone in which times are shown. */
  readonly zoneName: string;
}

export function useFormat(): Format {
  const { language } = useLanguage();
  const zone = useZone();
  return useMemo(() => {
    const options = { language, zone };
    return {
      number: (value, digits) => plain.formatNumber(value, language, digits),
      percent: (share) => plain.formatPercent(share, language),
      duration: (us) => plain.formatDuration(us, language),
      span: (seconds) => plain.formatSpan(seconds, language),
      yen: (yen) => plain.formatYen(yen, language),
      change: (yen) => plain.formatChange(yen, language),
      bytes: (bytes) => plain.formatBytes(bytes, language),
      date: (at) => plain.formatDate(at, options),
      day: (day) => plain.formatDay(day, language),
      month: (month) => plain.formatMonth(month, language),
      instant: (at, precision) => plain.formatInstant(at, options, precision),
      time: (at, precision) => plain.formatTime(at, options, precision),
      ago: (at, now) => plain.formatAgo(typeof at === "number" ? at : Date.parse(at), now ?? Date.now(), language),
      zoneName: plain.formatZone(zone),
    } satisfies Format;
  }, [language, zone]);
}
