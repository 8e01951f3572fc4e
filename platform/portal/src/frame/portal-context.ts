/** The services of this portal, for the nav, the search and the router. */
import { createContext, useContext } from "react";
import type { NavEntry, PortalDefinition, PortalRoute, SearchProvider } from "../plugin.ts";

export interface Portal extends PortalDefinition {
  /** The platform's own pages, beside those of the services. */
  readonly office: { readonly nav: readonly NavEntry[]; readonly routes: readonly PortalRoute[] };
  readonly provider: { readonly nav: readonly NavEntry[]; readonly routes: readonly PortalRoute[] };
}
export const PortalContext = createContext<Portal>({
  services: [],
  office: { nav: [], routes: [] },
  provider: { nav: [], routes: [] },
});
export const usePortal = (): Portal => useContext(PortalContext);

export const organisationRoutes = (portal: Portal): readonly PortalRoute[] => [
  ...portal.services.flatMap((service) => service.routes),
  ...portal.office.routes,
];
export const providerRoutes = (portal: Portal): readonly PortalRoute[] => [
  ...portal.provider.routes,
  ...portal.services.flatMap((service) => service.providerRoutes ?? []),
];
export const searchProviders = (portal: Portal): readonly SearchProvider[] =>
  portal.services.flatMap((service) => service.search ?? []);

/** The first page of an organisation that its reader may see. */
export function homeOf(portal: Portal, organisation: string, can: (scope: string) => boolean): string {
  const entries = [...portal.services.flatMap((service) => service.nav), ...portal.office.nav];
  const first = entries.find((entry) => can(entry.scope));
  return first === undefined ? "/account" : `/o/${organisation}/${first.path}`;
}
