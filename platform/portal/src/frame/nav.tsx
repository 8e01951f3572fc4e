/** The left side: services, office, provider; each entry with its state mark where it has one. */
import { useRouterState } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useSay, useWords } from "../language.tsx";
import { shell } from "../messages/shell.ts";
import { Link } from "../parts/link.tsx";
import type { NavEntry } from "../plugin.ts";
import { useMaybeOrganisation, useProvider } from "../session.tsx";
import { usePortal } from "./portal-context.ts";

export function Nav({ followed }: { readonly followed: () => void }): ReactNode {
  const t = useWords(shell);
  const say = useSay();
  const portal = usePortal();
  const here = useMaybeOrganisation();
  const provider = useProvider();
  const ofServices = portal.services.flatMap((service) => service.providerNav ?? []);
  const inProvider = useRouterState({ select: (state) => state.location.pathname.startsWith("/provider/") });
  const own = here === null ? null : <OwnNav base={`/o/${here.id}/`} can={here.can} followed={followed} />;
  const ofProvider = portal.provider.map((area, place) => (
    <NavGroup
      key={area.id}
      title={say(area.title)}
      // Services' own pages for the provider stand with the last group.
      entries={place === portal.provider.length - 1 ? [...area.nav, ...ofServices] : area.nav}
      base="/provider/"
      can={provider.can}
      followed={followed}
    />
  ));
  // Where the reader works comes first.
  return (
    <nav className="nav" aria-label={t("nav.label")}>
      {inProvider ? ofProvider : own}
      {inProvider ? own : ofProvider}
    </nav>
  );
}

/** An organisation's part: the services that have pages, those that are known by their contracts, the office. */
function OwnNav(common: Omit<GroupProps, "entries">): ReactNode {
  const t = useWords(shell);
  const say = useSay();
  const portal = usePortal();
  const sold = (portal.sold ?? []).map(({ id, name }) => ({
    path: `office/contracts?service=${id}`,
    label: name,
    scope: "contract.read",
  }));
  return (
    <>
      {portal.services.map((service) => (
        <NavGroup key={service.id} title={say(service.name)} entries={service.nav} {...common} />
      ))}
      <NavGroup title={t("nav.services")} entries={sold} {...common} />
      {portal.own.map((area) => (
        <NavGroup key={area.id} title={say(area.title)} entries={area.nav} {...common} />
      ))}
    </>
  );
}

interface GroupProps {
  readonly entries: readonly NavEntry[];
  readonly base: string;
  readonly can: (scope: string) => boolean;
  readonly followed: () => void;
}
function NavGroup({ title, entries, base, can, followed }: GroupProps & { readonly title: string }): ReactNode {
  const path = useRouterState({ select: (state) => state.location.pathname });
  const address = useRouterState({ select: (state) => state.location.href });
  const say = useSay();
  const shown = entries.filter((entry) => can(entry.scope));
  if (shown.length === 0) return null;
  const current = shown
    .map((entry) => `${base}${entry.path}`)
    .filter((href) => path === href || address === href || path.startsWith(`${href}/`))
    .sort((a, b) => b.length - a.length)[0];
  return (
    <div className="nav-group">
      <h2>{title}</h2>
      <ul>
        {shown.map((entry) => {
          const href = `${base}${entry.path}`;
          return (
            <li key={href}>
              <Link href={href} className="nav-link" current={href === current} onFollow={followed}>
                <span>{say(entry.label)}</span>
                {entry.Mark === undefined ? null : <entry.Mark />}
              </Link>
            </li>
          );
        })}
      </ul>
    </div>
  );
}
