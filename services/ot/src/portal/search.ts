/** Search: devices by name, address, MAC, vendor and model; open findings by their title; sensors. */
import { api } from "@yagura/portal/api.ts";
import type { SearchHit, SearchProvider } from "@yagura/portal/plugin.ts";
import { fold } from "@yagura/portal/table-state.ts";
import type { Sensor } from "../wire/api.ts";
import type { AssetItem } from "../wire/api-assets.ts";
import type { FindingView } from "../wire/api-findings.ts";
import { sentencesOf } from "./findings/sentences.ts";
import { words } from "./words.ts";

/** Hits of one kind: more would hide the others. */
const MOST = 4;
/** Newest findings that are gone through. */
const FINDINGS = 200;

export const find: SearchProvider["find"] = async (query, { organisation, language, signal }) => {
  if (organisation === null) return [];
  const base = `/api/v1/organisations/${organisation}/ot`;
  const home = `/o/${organisation}/ot`;
  const [assets, findings, sensors] = await Promise.all([
    api.get<{ items: AssetItem[] }>(`${base}/assets`, { q: query.trim(), limit: MOST }, signal),
    api.get<{ items: FindingView[] }>(`${base}/findings`, { state: "open", limit: FINDINGS }, signal),
    api.get<Sensor[]>(`${base}/sensors`, undefined, signal),
  ]);
  const wanted = fold(query).split(/\s+/);
  const fits = (...texts: readonly string[]): boolean => {
    const line = fold(texts.join(" "));
    return wanted.every((word) => line.includes(word));
  };
  const hit = (id: string, label: string, kind: string, detail: string | undefined, path: string): SearchHit => ({
    id,
    label,
    detail: detail === undefined || detail === "" ? kind : `${kind} · ${detail}`,
    href: `${home}/${path}`,
  });
  return [
    ...assets.items.map((one) =>
      hit(one.id, one.name, words[`role.${one.role}`][language], one.addresses[0] ?? one.macs[0], `assets/${one.id}`),
    ),
    ...findings.items
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
