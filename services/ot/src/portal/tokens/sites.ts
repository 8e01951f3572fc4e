/** Which sites are under the key that this tab holds. */
import { api } from "@yagura/portal/api.ts";
import type { Site } from "../../wire/api.ts";
import type { Tokens } from "../../wire/tokens.ts";
import type { Reach } from "./open.ts";

/** Addresses prove nothing by themselves: they are opened only where the site's sensors use this key. Null: any site. */
export function reachOf(sites: readonly Site[], site: string | null, tokens: Tokens): Reach {
  const asked = site === null ? sites : sites.filter(({ id }) => id === site);
  return asked.length > 0 && asked.every((one) => one.tokens === tokens.check) ? "all" : "texts";
}

/** Sites of an organisation, asked once for all the incidents of a list. */
const asked = new Map<string, { readonly until: number; readonly sites: Promise<readonly Site[]> }>();
const KEPT_MS = 30_000;
export function sitesOf(organisation: string): Promise<readonly Site[]> {
  const known = asked.get(organisation);
  if (known !== undefined && known.until > Date.now()) return known.sites;
  const sites = api.get<Site[]>(`/api/v1/organisations/${organisation}/ot/sites`);
  asked.set(organisation, { until: Date.now() + KEPT_MS, sites });
  // What failed is asked again, and not taken for "no sites".
  sites.catch(() => asked.delete(organisation));
  return sites;
}
