/** Who is signed in, where the page stands, and what may be done there. */
import { createContext, useContext, useMemo, type ReactNode } from "react";
import type { Me, Organisation } from "@yagura/server/shapes.ts";
import { ZoneProvider } from "./language.tsx";
import { useLiveOf, type LiveOptions } from "./live.ts";
import { useGet } from "./queries.ts";

export type User = NonNullable<Me["user"]>;
export interface SignedIn extends Me {
  readonly user: User;
}
const MeContext = createContext<SignedIn | null>(null);
export const MeProvider = MeContext.Provider;

/** The signed-in user; only below the frame. */
export function useMe(): SignedIn {
  const me = useContext(MeContext);
  if (me === null) throw new Error("useMe is used outside the frame");
  return me;
}

export interface Here {
  readonly id: string;
  readonly name: string;
  readonly internal: boolean;
  /** IANA zone of the organisation's times. */
  readonly zone: string;
  readonly scopes: readonly string[];
  readonly can: (scope: string) => boolean;
  /** Portal path of a page of this organisation: `path("members")`. */
  readonly path: (page: string) => string;
  /** API path of this organisation: `api("/members")`. */
  readonly api: (path: string) => string;
}
const HereContext = createContext<Here | null>(null);

/** Organisations that provider staff may open although they are no members of it come with the provider's own scopes. */
export function OrganisationProvider({
  id,
  children,
}: {
  readonly id: string;
  readonly children: ReactNode;
}): ReactNode {
  const me = useMe();
  const listed = me.organisations.find((each) => each.id === id);
  const found = useGet<Organisation>(`/api/v1/organisations/${id}`);
  const zone = found.data?.timeZone ?? "Asia/Tokyo";
  const here = useMemo<Here>(() => {
    const scopes = listed?.scopes ?? me.scopes;
    return {
      id,
      name: found.data?.name ?? listed?.name ?? "",
      internal: found.data?.internal ?? listed?.internal ?? false,
      zone,
      scopes,
      can: (scope) => scopes.includes(scope),
      path: (page) => `/o/${id}/${page}`,
      api: (path) => `/api/v1/organisations/${id}${path}`,
    };
  }, [id, found.data, listed, me.scopes, zone]);
  return (
    <HereContext value={here}>
      <ZoneProvider zone={zone}>{children}</ZoneProvider>
    </HereContext>
  );
}

/** The organisation of the page; throws outside `/o/<organisation>/`. */
export function useOrganisation(): Here {
  const here = useContext(HereContext);
  if (here === null) throw new Error("useOrganisation is used outside an organisation's pages");
  return here;
}
export const useMaybeOrganisation = (): Here | null => useContext(HereContext);

/** Pages that stand in no organisation: live events and times are the provider's. */
export const ProviderArea = ({ children }: { readonly children: ReactNode }): ReactNode => (
  <HereContext value={null}>{children}</HereContext>
);

/** Rights in the provider area. */
export function useProvider(): { readonly can: (scope: string) => boolean } {
  const { scopes } = useMe();
  return useMemo(() => ({ can: (scope: string) => scopes.includes(scope) }), [scopes]);
}

/** Live events of where the page stands: its organisation, or the provider. */
export const useLive = (topics: readonly string[], options: LiveOptions): void =>
  useLiveOf(useContext(HereContext)?.id ?? null, topics, options);
