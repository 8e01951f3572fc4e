import { expect, test } from "vitest";
import { machineLanguage } from "./language.ts";

test.each([
  { name: "nothing set", environment: {}, language: "en" },
  { name: "the usual Japanese locale", environment: { LANG: "ja_JP.UTF-8" }, language: "ja" },
  { name: "LC_ALL before LANG", environment: { LC_ALL: "en_US.UTF-8", LANG: "ja_JP.UTF-8" }, language: "en" },
  { name: "LC_MESSAGES before LANG", environment: { LC_MESSAGES: "ja", LANG: "C" }, language: "ja" },
  { name: "an empty one does not count", environment: { LC_ALL: "", LANG: "ja_JP.UTF-8" }, language: "ja" },
])("the machine's language: $name is $language", ({ environment, language }) => {
  expect(machineLanguage(environment)).toBe(language);
});
