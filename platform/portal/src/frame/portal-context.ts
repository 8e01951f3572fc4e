/** The services of this portal, for the nav, the search and the router. */
import { createContext, useContext } from "react";
import type { PortalArea, PortalDefinition, PortalRoute, SearchProvider } from "../plugin.ts";

export interface Portal extends PortalDefinition {
  /** The platform's own pages, beside those of the services: groups of an organisation's and of the provider's. */
  readonly own: readonly PortalArea[];
  readonly provider: readonly PortalArea[];
  readonly ownSearch: readonly SearchProvider[];
}
export const PortalContext = createContext<Portal>({
  services: [],
  own: [],
  provider: [],
  ownSearch: [],
});
export const usePortal = (): Portal => useContext(PortalContext);

export const organisationRoutes = (portal: Portal): readonly PortalRoute[] => [
  ...portal.services.flatMap((service) => service.routes),
  ...portal.own.flatMap((area) => area.routes),
];
export const providerRoutes = (portal: Portal): readonly PortalRoute[] => [
  ...portal.provider.flatMap((area) => area.routes),
  ...portal.services.flatMap((service) => service.providerRoutes ?? []),
];
export const searchProviders = (portal: Portal): readonly SearchProvider[] => [
  ...portal.services.flatMap((service) => service.search ?? []),
  ...portal.ownSearch,
];

/** The first page of an organisation that its reader may see. */
export function homeOf(portal: Portal, organisation: string, can: (scope: string) => boolean): string {
  const entries = [...portal.services.flatMap((service) => service.nav), ...portal.own.flatMap((area) => area.nav)];
  const first = entries.find((entry) => can(entry.scope));
  return first === undefined ? "/account" : `/o/${organisation}/${first.path}`;
}
