/** The audit log of an organisation. */
import type { ReactNode } from "react";
import { useWords } from "../../language.tsx";
import { officeWords } from "../../messages/office.ts";
import { useOrganisation } from "../../session.tsx";
import { AuditList } from "./audit-list.tsx";

export function Page(): ReactNode {
  const t = useWords(officeWords);
  return <AuditList path={useOrganisation().api("/audit")} title={t("audit.title")} organisations={false} />;
}
