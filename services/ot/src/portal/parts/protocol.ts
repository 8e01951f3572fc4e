/** How a protocol is written: as the site calls it, else as the field does; what nobody recognised in the reader's language. */
import { createContext, useCallback, useContext, useMemo } from "react";
import { useWords } from "@yagura/portal/language.tsx";
import { useGet } from "@yagura/portal/queries.ts";
import { useOrganisation } from "@yagura/portal/session.tsx";
import type { DeclaredParser } from "../../wire/api-declared.ts";
import { slotOf } from "../../wire/declared.ts";
import { protocols, type ProtocolName } from "../../wire/vocabulary.ts";
import { useSite } from "../site.tsx";
import { words } from "../words.ts";

/** The site that a page is about, where it is not the one that was chosen. */
export const SiteShown = createContext<string | null>(null);

const none: readonly DeclaredParser[] = [];
/** What is declared for the site, also what was removed and has a history. */
function useDeclared(): readonly DeclaredParser[] {
  const here = useOrganisation();
  const { site } = useSite();
  const shown = useContext(SiteShown) ?? site?.id;
  const { data } = useGet<DeclaredParser[]>(here.api("/ot/parsers"), { site: shown }, { enabled: shown !== undefined });
  return data ?? none;
}

export function useProtocolTitle(): (protocol: ProtocolName) => string {
  const t = useWords(words);
  const declared = useDeclared();
  return useCallback(
    (protocol) =>
      protocol === "unknown"
        ? t("protocol.unknown")
        : (declared.find((one) => one.protocol === protocol)?.description.name ?? protocols[protocol].title),
    [t, declared],
  );
}

const builtIn = (Object.keys(protocols) as ProtocolName[]).filter((name) => slotOf(name) === 0);
/** Protocols to choose from: those of the factory first, as they are written; of the slots those that the site uses or used. */
export function useProtocolChoice(): readonly ProtocolName[] {
  const declared = useDeclared();
  const title = useProtocolTitle();
  return useMemo(
    () =>
      [...builtIn, ...declared.map(({ protocol }) => protocol)].toSorted(
        (a, b) => Number(protocols[b].ot) - Number(protocols[a].ot) || title(a).localeCompare(title(b), "en"),
      ),
    [declared, title],
  );
}
