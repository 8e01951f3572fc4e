/** Search: devices by name, address, MAC, vendor and model; open findings by their title; sensors. */
import { api } from "@yagura/portal/api.ts";
import type { SearchHit, SearchProvider } from "@yagura/portal/plugin.ts";
import { fold } from "@yagura/portal/table-state.ts";
import type { Sensor } from "../wire/api.ts";
import type { AssetItem } from "../wire/api-assets.ts";
import type { FindingView } from "../wire/api-findings.ts";
import { sentencesOf } from "./findings/sentences.ts";
import { heldTokens } from "./tokens/key.ts";
import { openAll } from "./tokens/open.ts";
import { reachOf, sitesOf } from "./tokens/sites.ts";
import type { Tokens } from "../wire/tokens.ts";
import { words } from "./words.ts";

/** Hits of one kind: more would hide the others. */
const MOST = 4;
/** Newest findings that are gone through. */
const FINDINGS = 200;

export const find: SearchProvider["find"] = async (query, { organisation, language, signal }) => {
  if (organisation === null) return [];
  const base = `/api/v1/organisations/${organisation}/ot`;
  const home = `/o/${organisation}/ot`;
  const tokens = await heldTokens();
  const [told, open, sensors] = await Promise.all([
    api.get<{ items: AssetItem[] }>(`${base}/assets`, { q: query.trim(), limit: MOST }, signal),
    api.get<{ items: FindingView[] }>(`${base}/findings`, { state: "open", limit: FINDINGS }, signal),
    api.get<Sensor[]>(`${base}/sensors`, undefined, signal),
  ]);
  const wanted = fold(query).split(/\s+/);
  const fits = (...texts: readonly string[]): boolean => {
    const line = fold(texts.join(" "));
    return wanted.every((word) => line.includes(word));
  };
  // The server knows devices under a key by their tokens only: their names are looked for here.
  const hidden = tokens === null ? [] : await hiddenAssets(organisation, tokens);
  const clear = hidden.filter((one) =>
    fits(one.name, ...one.addresses, ...one.macs, one.vendor ?? "", one.model ?? "", one.serial ?? ""),
  );
  const known = new Set(hidden.map(({ id }) => id));
  const assets = [...clear, ...told.items.filter(({ id }) => !known.has(id))].slice(0, MOST);
  const findings = tokens === null ? open.items : await inClear(open.items, organisation, tokens);
  const hit = (id: string, label: string, kind: string, detail: string | undefined, path: string): SearchHit => ({
    id,
    label,
    detail: detail === undefined || detail === "" ? kind : `${kind} · ${detail}`,
    href: `${home}/${path}`,
  });
  return [
    ...assets.map((one) =>
      hit(one.id, one.name, words[`role.${one.role}`][language], one.addresses[0] ?? one.macs[0], `assets/${one.id}`),
    ),
    ...findings
      .map((one) => ({ one, title: sentencesOf(one, language).title }))
      .filter(({ title }) => fits(title))
      .slice(0, MOST)
      .map(({ one, title }) =>
        hit(one.id, title, words["nav.findings"][language], undefined, `findings?finding=${one.id}`),
      ),
    ...sensors
      .filter((one) => fits(one.label, one.place, one.contractNumber))
      .slice(0, MOST)
      .map((one) => hit(one.id, one.label, words["title.sensor"][language], one.siteName, `sensors/${one.id}`)),
  ].slice(0, 10);
};

/** Rows of sites under the key, in clear; others as they are. */
async function inClear<T extends { readonly siteId: string }>(
  rows: readonly T[],
  organisation: string,
  tokens: Tokens,
): Promise<T[]> {
  const sites = await sitesOf(organisation);
  return Promise.all(rows.map((row) => openAll(row, tokens, reachOf(sites, row.siteId, tokens))));
}

/** Devices that are gone through in the browser, and how long what was read is used: a search asks at each letter. */
const MOST_HIDDEN = 10_000;
const PAGE = 500;
const KEPT_MS = 60_000;
interface Hidden {
  readonly of: string;
  readonly until: number;
  readonly assets: Promise<readonly AssetItem[]>;
}
let kept: Hidden | null = null;

/** Devices of the sites under this key, in clear. */
function hiddenAssets(organisation: string, tokens: Tokens): Promise<readonly AssetItem[]> {
  const of = `${organisation} ${tokens.check}`;
  if (kept !== null && kept.of === of && kept.until > Date.now()) return kept.assets;
  const read = async (): Promise<readonly AssetItem[]> => {
    const found: AssetItem[] = [];
    for (const site of await sitesOf(organisation)) {
      if (site.tokens !== tokens.check) continue;
      for (let cursor: string | null = null; found.length < MOST_HIDDEN;) {
        const page: { items: AssetItem[]; next: string | null } = await api.get(
          `/api/v1/organisations/${organisation}/ot/assets`,
          { site: site.id, limit: PAGE, cursor },
        );
        found.push(...(await inClear(page.items, organisation, tokens)));
        cursor = page.next;
        if (cursor === null) break;
      }
    }
    return found;
  };
  const assets = read();
  kept = { of, until: Date.now() + KEPT_MS, assets };
  // What failed is asked again.
  assets.catch(() => (kept = null));
  return assets;
}
