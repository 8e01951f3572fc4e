/** How a protocol is written: as the field does; what nobody recognised in the reader's language. */
import { useCallback } from "react";
import { useWords } from "@yagura/portal/language.tsx";
import { protocols, type ProtocolName } from "../../wire/vocabulary.ts";
import { words } from "../words.ts";

export function useProtocolTitle(): (protocol: ProtocolName) => string {
  const t = useWords(words);
  return useCallback((protocol) => (protocol === "unknown" ? t("protocol.unknown") : protocols[protocol].title), [t]);
}
