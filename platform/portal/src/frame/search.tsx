/** Ctrl-K: pages, organisations and whatever the services find. Also the switch of organisations. */
import { useQuery } from "@tanstack/react-query";
import { useRouterState } from "@tanstack/react-router";
import { useDeferredValue, useId, useMemo, useState, type KeyboardEvent, type ReactNode } from "react";
import type { Organisation } from "@yagura/server/shapes.ts";
import { useLanguage, useSay, useWords } from "../language.tsx";
import { shell } from "../messages/shell.ts";
import { Dialog } from "../parts/dialog.tsx";
import { Icon } from "../parts/icon.tsx";
import type { SearchHit } from "../plugin.ts";
import { useAll } from "../queries.ts";
import { useMaybeOrganisation, useMe, useProvider } from "../session.tsx";
import { fold } from "../table-state.ts";
import { useGo } from "../url-state.ts";
import { sentence, type Text } from "../words.ts";
import { homeOf, organisationRoutes, providerRoutes, searchProviders, usePortal } from "./portal-context.ts";

interface Group {
  readonly id: string;
  readonly title: string;
  readonly hits: readonly SearchHit[];
}
const MOST = 8;

/** A page is found by its name in either language. */
interface OwnHit extends SearchHit {
  readonly also?: string;
}
const matching = (hits: readonly OwnHit[], query: string, most = MOST): readonly SearchHit[] => {
  const words = fold(query).split(/\s+/);
  return hits
    .filter((hit) => words.every((word) => fold(`${hit.label} ${hit.also ?? ""}`).includes(word)))
    .slice(0, most);
};

const everyLanguage = (text: Text): string => `${text.ja} ${sentence(text, "en")}`;

function usePages(): readonly OwnHit[] {
  const portal = usePortal();
  const here = useMaybeOrganisation();
  const provider = useProvider();
  const say = useSay();
  const t = useWords(shell);
  return useMemo(() => {
    const plain = (path: string): boolean => !path.includes("$");
    const ofHere = here === null ? [] : organisationRoutes(portal).filter((r) => plain(r.path) && here.can(r.scope));
    const ofProvider = providerRoutes(portal).filter((route) => plain(route.path) && provider.can(route.scope));
    return [
      ...ofHere.map((r) => ({
        id: r.path,
        label: say(r.title),
        also: everyLanguage(r.title),
        detail: here?.name ?? "",
        href: here?.path(r.path) ?? "/",
      })),
      ...ofProvider.map((r) => ({
        id: `p/${r.path}`,
        label: say(r.title),
        also: everyLanguage(r.title),
        detail: t("nav.provider"),
        href: `/provider/${r.path}`,
      })),
      { id: "account", label: t("account.settings"), detail: t("nav.account"), href: "/account" },
    ];
  }, [portal, here, provider, say, t]);
}

/** Organisations the reader belongs to, and for provider staff all others. */
function useOrganisationHits(): readonly SearchHit[] {
  const me = useMe();
  const portal = usePortal();
  const t = useWords(shell);
  const all = useAll<Organisation>("/api/v1/organisations", undefined, {
    enabled: me.scopes.includes("organisation.read"),
  });
  return useMemo(() => {
    const named = new Map<string, SearchHit>();
    const add = (each: { id: string; name: string; internal: boolean }, scopes: readonly string[]): void => {
      const detail = each.internal ? t("organisation.own") : "";
      named.set(each.id, {
        id: each.id,
        label: each.name,
        detail,
        href: homeOf(portal, each.id, (s) => scopes.includes(s)),
      });
    };
    for (const each of all.rows ?? []) if (each.state === "active") add(each, me.scopes);
    for (const each of me.organisations) add(each, each.scopes);
    return [...named.values()];
  }, [me, all.rows, portal, t]);
}

/** Asks the services, once for each query that stands still. */
function useServiceGroups(query: string): readonly Group[] {
  const portal = usePortal();
  const here = useMaybeOrganisation();
  const provider = useProvider();
  const { language } = useLanguage();
  const say = useSay();
  // Provider staff search over all organisations from the provider's own pages.
  const ofProvider = useRouterState({ select: (state) => state.location.pathname.startsWith("/provider/") });
  const organisation = ofProvider ? null : (here?.id ?? null);
  const can = ofProvider ? provider.can : (here?.can ?? provider.can);
  const providers = searchProviders(portal).filter((each) => can(each.scope));
  const found = useQuery({
    queryKey: ["search", organisation, language, query],
    enabled: query.length > 0 && providers.length > 0,
    queryFn: async ({ signal }) => {
      const where = { organisation, language, signal };
      const results = await Promise.allSettled(providers.map((each) => each.find(query, where)));
      return results.map((result) => (result.status === "fulfilled" ? result.value : []));
    },
    placeholderData: (before) => before,
  });
  return providers.map((each, index) => ({ id: each.id, title: say(each.title), hits: found.data?.[index] ?? [] }));
}

interface SearchProps {
  readonly close: () => void;
  /** Only organisations: the switch. */
  readonly organisationsOnly: boolean;
}
export function SearchDialog({ close, organisationsOnly }: SearchProps): ReactNode {
  const t = useWords(shell);
  const go = useGo();
  const id = useId();
  const [query, setQuery] = useState("");
  const [chosen, setChosen] = useState(0);
  const groups = useGroups(useDeferredValue(query.trim()), organisationsOnly);
  const flat = groups.flatMap((group) => group.hits.map((hit) => ({ hit, key: `${group.id}/${hit.id}` })));
  const at = Math.min(chosen, Math.max(0, flat.length - 1));
  const open = (hit: SearchHit): void => {
    close();
    go(hit.href);
  };
  const keys = (event: KeyboardEvent): void => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const hit = flat[at]?.hit;
    if (step !== undefined) setChosen((at + step + flat.length) % Math.max(1, flat.length));
    else if (event.key === "Enter" && !event.nativeEvent.isComposing && hit !== undefined) open(hit);
    else return;
    event.preventDefault();
  };
  const title = organisationsOnly ? t("organisation.switch") : t("search");
  return (
    <Dialog title={title} close={close}>
      <div className="search">
        <div className="filter">
          <Icon name="search" />
          <input
            className="input"
            role="combobox"
            aria-label={title}
            aria-expanded="true"
            aria-controls={`${id}list`}
            aria-activedescendant={flat[at] === undefined ? undefined : `${id}${flat[at].key}`}
            placeholder={organisationsOnly ? t("organisation.find") : t("search.placeholder")}
            value={query}
            onKeyDown={keys}
            onChange={(event) => {
              setQuery(event.target.value);
              setChosen(0);
            }}
          />
        </div>
        <Results {...{ id, groups, open, query, organisationsOnly }} current={flat[at]?.key} />
        <p className="soft small">
          {t("search.hint")}
          <span className="unseen" role="status">
            {t("search.count", { n: flat.length })}
          </span>
        </p>
      </div>
    </Dialog>
  );
}

function useGroups(query: string, organisationsOnly: boolean): readonly Group[] {
  const t = useWords(shell);
  const pages = usePages();
  const organisations = useOrganisationHits();
  const services = useServiceGroups(organisationsOnly ? "" : query);
  const ofOrganisations = {
    id: "organisations",
    title: t("search.organisations"),
    hits: matching(organisations, query, organisationsOnly ? 100 : MOST),
  };
  const all = organisationsOnly
    ? [ofOrganisations]
    : [
        { id: "pages", title: t("search.pages"), hits: matching(pages, query) },
        ...(query === "" ? [] : services),
        ofOrganisations,
      ];
  return all.filter((group) => group.hits.length > 0);
}

interface ResultsProps {
  readonly id: string;
  readonly groups: readonly Group[];
  readonly current: string | undefined;
  readonly open: (hit: SearchHit) => void;
  readonly query: string;
  readonly organisationsOnly: boolean;
}
function Results({ id, groups, current, open, query, organisationsOnly }: ResultsProps): ReactNode {
  const t = useWords(shell);
  if (groups.length === 0) {
    return <p className="search-none">{organisationsOnly ? t("organisation.none") : t("search.none", { query })}</p>;
  }
  return (
    <div id={`${id}list`} role="listbox" aria-label={t("search")} className="search-results">
      {groups.map((group) => (
        <div key={group.id} role="group" aria-label={group.title}>
          <p className="search-group" aria-hidden="true">
            {group.title}
          </p>
          {group.hits.map((hit) => {
            const key = `${group.id}/${hit.id}`;
            return (
              <div
                key={key}
                id={`${id}${key}`}
                role="option"
                aria-selected={key === current}
                className="search-hit"
                ref={key === current ? (element) => element?.scrollIntoView({ block: "nearest" }) : undefined}
                onClick={() => open(hit)}
              >
                <span>{hit.label}</span>
                <span className="soft small">{hit.detail}</span>
              </div>
            );
          })}
        </div>
      ))}
    </div>
  );
}
