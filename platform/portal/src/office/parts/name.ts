/** Names of things that are sold, as they stand alone: in English with a capital. */
import { useCallback } from "react";
import type { Text } from "@yagura/commerce/charging/shapes.ts";
import { useLanguage } from "../../language.tsx";
import { sentence } from "../../words.ts";

export function useName(): (text: Text) => string {
  const { language } = useLanguage();
  return useCallback(
    (text) => {
      const words = sentence(text, language);
      return language === "en" ? words.charAt(0).toUpperCase() + words.slice(1) : words;
    },
    [language],
  );
}
