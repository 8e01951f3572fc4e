/** The platform's own pages: office of an organisation, and provider. */
import type { NavEntry, PortalRoute } from "../plugin.ts";
export const office = { nav: [] as NavEntry[], routes: [] as PortalRoute[] };
export const provider = { nav: [] as NavEntry[], routes: [] as PortalRoute[] };
