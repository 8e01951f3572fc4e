/** The network map: zones, roles as icons, findings, and what changed since. */
import { useMemo, useSyncExternalStore, type ReactNode } from "react";
import { useFormat, useWords } from "@yagura/portal/language.tsx";
import { Button } from "@yagura/portal/parts/button.tsx";
import { Link } from "@yagura/portal/parts/link.tsx";
import { Empty, Loaded } from "@yagura/portal/parts/notice.tsx";
import { useLive, useOrganisation } from "@yagura/portal/session.tsx";
import { useGo, useTypedUrlState, useUrlState } from "@yagura/portal/url-state.ts";
import type { NetworkMap } from "../../wire/api-traffic.ts";
import { ago, Choice, isSpan, useSpan } from "../parts/choice.tsx";
import { Sited } from "../parts/sited.tsx";
import { useGet } from "../queries.ts";
import { RoleIcon } from "../role-icon.tsx";
import { words } from "../words.ts";
import { MapCanvas } from "./canvas.tsx";
import { layOut, NARROW, type MapEdge, type MapNode } from "./layout.ts";
import { useProtocolTitle } from "../parts/protocol.ts";
import { mapWords } from "./words.ts";
import "../ot.css";

export function Page(): ReactNode {
  const t = useWords(mapWords);
  const w = useWords(words);
  return (
    <Sited title={w("nav.map")} lead={t("lead")}>
      {({ id }) => <SiteMap site={id} />}
    </Sited>
  );
}

function SiteMap({ site }: { readonly site: string }): ReactNode {
  const t = useWords(mapWords);
  const here = useOrganisation();
  const { from, control } = useSpan();
  const [since, setSince] = useUrlState("since", "none");
  const path = here.api("/ot/map");
  const query = useGet<NetworkMap>(
    path,
    { site, from, ...(isSpan(since) ? { since: ago(since) } : {}) },
    { keep: true, every: 60_000 },
  );
  useLive(["ot.assets", "ot.findings"], { refresh: [path], gather: 10_000 });
  return (
    <>
      <div className="ot-map-tools">
        {control}
        <Choice
          label={t("since")}
          value={since}
          set={setSince}
          options={["none", "1h", "24h", "7d"]}
          say={(one) => t(`since.${one}`)}
        />
      </div>
      <Loaded query={query} rows={12}>
        {(map) => (map.nodes.length === 0 ? <Empty title={t("none")}>{t("noneText")}</Empty> : <Drawn map={map} />)}
      </Loaded>
    </>
  );
}

const talks = {
  all: () => true,
  ot: (edge: MapEdge) => edge.ot,
  cross: (edge: MapEdge) => edge.crossZone,
  critical: (edge: MapEdge) => edge.critical,
} as const;
type Talk = keyof typeof talks;

function Drawn({ map }: { readonly map: NetworkMap }): ReactNode {
  const t = useWords(mapWords);
  const w = useWords(words);
  const format = useFormat();
  const here = useOrganisation();
  const go = useGo();
  const [talk, setTalk] = useUrlState("talk", "all");
  const [search, setSearch] = useTypedUrlState("q");
  const [selected, setSelected] = useUrlState("device");
  const narrow = useNarrow();
  const layout = useMemo(() => (narrow ? layOut(map, NARROW) : layOut(map)), [map, narrow]);
  const edges = useMemo(() => map.edges.filter(talks[talk in talks ? (talk as Talk) : "all"]), [map, talk]);
  const found = useMemo(
    () => (search.trim() === "" ? null : matches(map.nodes, search, (role) => w(`role.${role}`))),
    [map, search, w],
  );
  const open = (id: string): void => {
    if (layout.nodes.get(id)?.node.kind === "asset") go(here.path(`ot/assets/${id}`));
  };
  const chosen = layout.nodes.get(selected)?.node;
  return (
    <div className="ot-map">
      <div className="ot-map-tools">
        <Choice
          label={t("talk")}
          value={talk}
          set={setTalk}
          options={["all", "ot", "cross", "critical"]}
          say={(one) => t(`talk.${one}`)}
        />
        <label className="ot-choice">
          <span className="soft">{t("find")}</span>
          <input className="input" type="search" value={search} onChange={(event) => setSearch(event.target.value)} />
        </label>
        <span className="soft small figures" role="status">
          {t("count", { n: format.number(found?.size ?? map.nodes.length), edges: format.number(edges.length) })}
        </span>
      </div>
      <div className="ot-map-body">
        <MapCanvas
          layout={layout}
          edges={edges}
          selected={chosen === undefined ? null : selected}
          select={(id) => setSelected(id ?? "")}
          open={open}
          found={found}
          label={t("keys")}
          noZone={t("noZone")}
          bandName={(level) => t(bandWord(level))}
        />
        {chosen === undefined ? null : <Chosen node={chosen} edges={edges} nodes={map.nodes} select={setSelected} />}
      </div>
      <Legend changes={map.since !== null} />
    </div>
  );
}

/** As in the style sheet. */
const phone = "(max-width: 48rem)";
function watchPhone(told: () => void): () => void {
  const query = matchMedia(phone);
  query.addEventListener("change", told);
  return () => query.removeEventListener("change", told);
}
const useNarrow = (): boolean => useSyncExternalStore(watchPhone, () => matchMedia(phone).matches);

/** Word of a Purdue level. */
const bandWord = (level: number | null) =>
  level === null
    ? "level.unknown"
    : level > 5
      ? "level.6"
      : level >= 4
        ? "level.office"
        : level === 3.5
          ? "level.dmz"
          : level >= 3
            ? "level.operations"
            : level >= 2
              ? "level.supervision"
              : level >= 1
                ? "level.control"
                : "level.process";

function matches(nodes: readonly MapNode[], search: string, role: (role: MapNode["role"]) => string): Set<string> {
  const wanted = fold(search).split(/\s+/);
  return new Set(
    nodes
      .filter((node) => {
        const text = fold(`${node.name} ${node.address ?? ""} ${role(node.role)}`);
        return wanted.every((word) => text.includes(word));
      })
      .map(({ id }) => id),
  );
}
const fold = (text: string): string => text.normalize("NFKC").toLowerCase().trim();

interface ChosenProps {
  readonly node: MapNode;
  readonly edges: readonly MapEdge[];
  readonly nodes: readonly MapNode[];
  readonly select: (id: string) => void;
}
function Chosen({ node, edges, nodes, select }: ChosenProps): ReactNode {
  const title = useProtocolTitle();
  const t = useWords(mapWords);
  const w = useWords(words);
  const format = useFormat();
  const here = useOrganisation();
  const names = useMemo(() => new Map(nodes.map((one) => [one.id, one])), [nodes]);
  const own = edges.filter(({ client, server }) => client === node.id || server === node.id);
  const outside = node.kind === "outside";
  return (
    <aside className="ot-map-chosen" aria-live="polite">
      <h2>
        {outside ? null : <RoleIcon role={node.role} />} {outside ? t("outside") : node.name}
      </h2>
      <p className="soft">
        {outside ? null : w(`role.${node.role}`)} {node.address}
        {node.change === "new" ? ` · ${t("new")}` : node.change === "gone" ? ` · ${t("gone")}` : null}
      </p>
      {node.findings > 0 ? <p>{t("findings", { n: format.number(node.findings) })}</p> : null}
      <p className="ot-map-acts">
        {outside ? null : <Link href={here.path(`ot/assets/${node.id}`)}>{t("open")}</Link>}
        <Button kind="quiet" onClick={() => select("")}>
          {t("close")}
        </Button>
      </p>
      <h3>{t("peers")}</h3>
      {own.length === 0 ? <p className="soft">{t("noPeers")}</p> : null}
      <ul className="plain-list">
        {own
          .toSorted((a, b) => b.bytes - a.bytes)
          .slice(0, 60)
          .map((edge) => {
            const peer = names.get(edge.client === node.id ? edge.server : edge.client);
            return (
              <li key={`${edge.client} ${edge.server}`}>
                <button type="button" className="link-button" onClick={() => select(peer?.id ?? "")}>
                  {edge.client === node.id ? "→" : "←"} {peer?.kind === "outside" ? t("outside") : (peer?.name ?? "–")}
                </button>{" "}
                <span className="soft small">
                  {edge.protocols.map((protocol) => title(protocol)).join(", ")} · {format.bytes(edge.bytes)}
                  {edge.change === "new" ? ` · ${t("new")}` : edge.change === "gone" ? ` · ${t("gone")}` : null}
                </span>
              </li>
            );
          })}
      </ul>
    </aside>
  );
}

function Legend({ changes }: { readonly changes: boolean }): ReactNode {
  const t = useWords(mapWords);
  const kinds = ["ot", "it", "critical", "cross", ...(changes ? (["new", "gone"] as const) : [])] as const;
  return (
    <ul className="ot-map-legend">
      {kinds.map((kind) => (
        <li key={kind}>
          <span className={`ot-line ot-line-${kind}`} aria-hidden="true" /> {t(`legend.${kind}`)}
        </li>
      ))}
    </ul>
  );
}
