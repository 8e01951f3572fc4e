/** API tokens of the provider. */
import type { ReactNode } from "react";
import { useWords } from "../../language.tsx";
import { providerWords } from "../../messages/provider.ts";
import { useMe, useProvider } from "../../session.tsx";
import { TokenList } from "../office/token-list.tsx";

export function Page(): ReactNode {
  const t = useWords(providerWords);
  const { scopes } = useMe();
  return (
    <TokenList
      path="/api/v1/provider/tokens"
      title={t("tokens.title")}
      scopes={scopes}
      may={useProvider().can("token.write")}
    />
  );
}
