/** The audit log over all organisations. */
import type { ReactNode } from "react";
import { useWords } from "../../language.tsx";
import { providerWords } from "../../messages/provider.ts";
import { AuditList } from "../office/audit-list.tsx";

export function Page(): ReactNode {
  const t = useWords(providerWords);
  return <AuditList path="/api/v1/provider/audit" title={t("audit.title")} organisations />;
}
