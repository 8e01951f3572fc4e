/** API tokens of an organisation. */
import type { ReactNode } from "react";
import { useWords } from "../../language.tsx";
import { officeWords } from "../../messages/office.ts";
import { useOrganisation } from "../../session.tsx";
import { TokenList } from "./token-list.tsx";

export function Page(): ReactNode {
  const t = useWords(officeWords);
  const here = useOrganisation();
  return (
    <TokenList
      path={here.api("/tokens")}
      title={t("tokens.title")}
      scopes={here.scopes}
      may={here.can("token.write")}
    />
  );
}
