/** The language of the person at this machine. */
import type { Language } from "./errors.ts";

/** Japanese where the locale says so (POSIX: LC_ALL before LC_MESSAGES before LANG; an empty one does not count), else English. */
export function machineLanguage(environment: Readonly<Record<string, string | undefined>>): Language {
  const locale = environment["LC_ALL"] || environment["LC_MESSAGES"] || environment["LANG"] || "";
  return locale.toLowerCase().startsWith("ja") ? "ja" : "en";
}
