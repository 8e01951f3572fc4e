/** The site that a page shows: in the address, else the one that was looked at last in this tab, else the first. */
import { useEffect, useState, type ReactNode } from "react";
import { useWords } from "@yagura/portal/language.tsx";
import { useGet } from "@yagura/portal/queries.ts";
import { useOrganisation } from "@yagura/portal/session.tsx";
import { useUrlState } from "@yagura/portal/url-state.ts";
import type { Site } from "../wire/api.ts";
import { Choice } from "./parts/choice.tsx";
import { words } from "./words.ts";

export interface Sites {
  /** Undefined while loading; empty: the organisation has none yet. */
  readonly sites: readonly Site[] | undefined;
  readonly site: Site | null;
  readonly choose: (id: string) => void;
}
export function useSite(): Sites {
  const here = useOrganisation();
  const { data: sites } = useGet<Site[]>(here.api("/ot/sites"));
  const [chosen, choose] = useUrlState("site");
  const stored = `yagura.ot.site.${here.id}`;
  const [last] = useState(() => sessionStorage.getItem(stored));
  useEffect(() => {
    if (chosen !== "") sessionStorage.setItem(stored, chosen);
  }, [chosen, stored]);
  const known = (id: string | null): Site | undefined => sites?.find((site) => site.id === id);
  return { sites, site: known(chosen) ?? known(last) ?? sites?.[0] ?? null, choose };
}

/** Nothing to choose where there is one. */
export function SiteSwitch({ sites, site, choose }: Sites): ReactNode {
  const t = useWords(words);
  if (sites === undefined || sites.length < 2 || site === null) return null;
  return (
    <Choice
      label={t("site")}
      value={site.id}
      set={choose}
      options={sites.map(({ id }) => id)}
      say={(chosen) => sites.find(({ id }) => id === chosen)?.name ?? chosen}
    />
  );
}
