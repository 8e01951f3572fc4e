/** The portal's plug-in point: a service is an object of nav entries, lazy pages, search providers and words. */
import type { ComponentType } from "react";
import type { Incident, IncidentDetail, IncidentFinding } from "@yagura/alerts/shapes.ts";
import type { Language, Text } from "./words.ts";

/** What a lazy page module exports. Inside, `useParams()` and `useOrganisation()` tell where it stands. */
export interface PageModule {
  readonly Page: ComponentType;
}

export interface PortalRoute {
  /**
   * Path below the organisation (`/o/<organisation>/`) or the provider (`/provider/`) area without a leading slash;
   * parameters with `$`, e.g. `experience/sessions/$session`.
   */
  readonly path: string;
  /** Without it the page says that the right is missing, and is not in the nav. */
  readonly scope: string;
  /** Name in the search and, until the page sets its own, in the window's title. */
  readonly title: Text;
  /** Pages are split from the first load: `() => import("./overview-page.tsx")`. */
  readonly load: () => Promise<PageModule>;
}

export interface NavEntry {
  /** A path of `routes` that has no parameter. */
  readonly path: string;
  readonly label: Text;
  readonly scope: string;
  /** What stands beside the entry: queries what it needs and gives `<StateMark state={…} quiet />`, or null. */
  readonly Mark?: ComponentType;
}

export interface SearchHit {
  readonly id: string;
  readonly label: string;
  /** What it is and where it belongs, in the reader's language. */
  readonly detail: string;
  /** Absolute portal path. */
  readonly href: string;
}

export interface SearchProvider {
  readonly id: string;
  readonly title: Text;
  readonly scope: string;
  /** At most ten hits; called while typing, so it must honour the signal. `organisation` is null in the provider area. */
  readonly find: (
    query: string,
    where: { readonly organisation: string | null; readonly language: Language; readonly signal: AbortSignal },
  ) => Promise<readonly SearchHit[]>;
}

/** Reads in this browser what the server cannot: where a customer keeps names and addresses under a key of their own. */
export interface IncidentReader {
  /** Called whenever what can be read changes; gives its end. */
  readonly subscribe: (listener: () => void) => () => void;
  /** Another text for each state of what can be read; empty: nothing, incidents are shown as the server tells them. */
  readonly state: () => string;
  /** A copy in clear; what is not of this service or under another key is given back as it is. */
  readonly open: <T extends Incident | IncidentDetail>(incident: T, language: Language) => Promise<T>;
}

/** What a service adds to the pages of incidents; loaded with the first of them. */
export interface IncidentParts {
  /** Of one finding: links to what it is about. Null where nothing can be linked. */
  readonly Links: ComponentType<{ readonly incident: IncidentDetail; readonly finding: IncidentFinding }>;
  /** Beside the acts of an incident of the service. */
  readonly Tools?: ComponentType<{ readonly incident: IncidentDetail }>;
  readonly reader?: IncidentReader;
}

export interface PortalService {
  /** The service's folder name, e.g. `experience`. */
  readonly id: string;
  readonly name: Text;
  readonly nav: readonly NavEntry[];
  readonly routes: readonly PortalRoute[];
  readonly providerNav?: readonly NavEntry[];
  readonly providerRoutes?: readonly PortalRoute[];
  readonly search?: readonly SearchProvider[];
  readonly incidents?: () => Promise<IncidentParts>;
}

/** A group of the platform's own pages in the nav, of an organisation or of the provider. */
export interface PortalArea {
  readonly id: string;
  readonly title: Text;
  readonly nav: readonly NavEntry[];
  readonly routes: readonly PortalRoute[];
}

export interface PortalDefinition {
  /** In the order of the nav. The first entry of the first service is an organisation's home. */
  readonly services: readonly PortalService[];
  /** Services that are sold and have no pages of their own: their entry opens their contracts. */
  readonly sold?: readonly { readonly id: string; readonly name: Text }[];
}

/** Keeps the type while the object is written. */
export const definePortal = (portal: PortalDefinition): PortalDefinition => portal;
