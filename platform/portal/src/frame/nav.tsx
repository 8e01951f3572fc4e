/** The left side: services, office, provider; each entry with its state mark where it has one. */
import { useRouterState } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useSay, useWords } from "../language.tsx";
import { shell } from "../messages/shell.ts";
import { Link } from "../parts/link.tsx";
import type { NavEntry, PortalService } from "../plugin.ts";
import { useMaybeOrganisation, useProvider } from "../session.tsx";
import { usePortal } from "./portal-context.ts";

export function Nav({ followed }: { readonly followed: () => void }): ReactNode {
  const t = useWords(shell);
  const say = useSay();
  const portal = usePortal();
  const here = useMaybeOrganisation();
  const provider = useProvider();
  const providerEntries = [...portal.provider.nav, ...portal.services.flatMap((service) => service.providerNav ?? [])];
  return (
    <nav className="nav" aria-label={t("nav.label")}>
      {here === null
        ? null
        : portal.services.map((service) => (
            <ServiceNav key={service.id} service={service} base={`/o/${here.id}/`} can={here.can} followed={followed} />
          ))}
      {here === null ? null : (
        <NavGroup
          title={t("nav.office")}
          entries={portal.office.nav}
          base={`/o/${here.id}/`}
          can={here.can}
          followed={followed}
        />
      )}
      <NavGroup
        title={t("nav.provider")}
        entries={providerEntries}
        base="/provider/"
        can={provider.can}
        followed={followed}
      />
      {here === null || portal.planned === undefined ? null : (
        <div className="nav-group nav-planned">
          <h2>{t("nav.planned")}</h2>
          <ul>
            {portal.planned.map((text) => (
              <li key={text.ja}>{say(text)}</li>
            ))}
          </ul>
        </div>
      )}
    </nav>
  );
}

interface GroupProps {
  readonly entries: readonly NavEntry[];
  readonly base: string;
  readonly can: (scope: string) => boolean;
  readonly followed: () => void;
}
const ServiceNav = ({
  service,
  ...rest
}: Omit<GroupProps, "entries"> & { readonly service: PortalService }): ReactNode => {
  const say = useSay();
  return <NavGroup title={say(service.name)} entries={service.nav} {...rest} />;
};

function NavGroup({ title, entries, base, can, followed }: GroupProps & { readonly title: string }): ReactNode {
  const path = useRouterState({ select: (state) => state.location.pathname });
  const say = useSay();
  const shown = entries.filter((entry) => can(entry.scope));
  if (shown.length === 0) return null;
  const current = shown
    .map((entry) => `${base}${entry.path}`)
    .filter((href) => path === href || path.startsWith(`${href}/`))
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
