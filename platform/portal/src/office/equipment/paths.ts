/** What the pages about equipment share. */
import { useWords } from "../../language.tsx";
import { useToast } from "../../parts/toast.tsx";
import { useRefresh } from "../../queries.ts";
import { useOrganisation } from "../../session.tsx";
import { equipmentWords } from "../words/equipment.ts";

export const DAY = { pattern: /^\d{4}-\d{2}-\d{2}$/ };
export const unitKinds = ["gateway", "router", "access-point", "sensor", "other"] as const;

export function useKindName(): (kind: string) => string {
  const t = useWords(equipmentWords);
  return (kind) => (`kind.${kind}` in equipmentWords ? t(`kind.${kind}` as "kind.router") : kind);
}

/** What every act ends with: it is told, and what rests on it loads again. */
export function useNoted(close: () => void): () => void {
  const t = useWords(equipmentWords);
  const toast = useToast();
  const refresh = useRefresh();
  const here = useOrganisation();
  return () => {
    toast(t("act.done"));
    refresh(["/equipment", "/equipment-returns", "/contracts", "/next-bill"].map(here.api));
    close();
  };
}
