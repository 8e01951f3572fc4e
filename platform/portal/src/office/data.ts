/** Where the office's pages read and write, and the names of services, plans and items. */
import { useMemo } from "react";
import { usePortal } from "../frame/portal-context.ts";
import { useSay } from "../language.tsx";
import "./office.css";

/** API of the provider's office. */
export const providerApi = (path: string): string => `/api/v1/provider${path}`;
/** API of one organisation, from the provider's pages. */
export const organisationApi = (organisation: string, path: string): string =>
  `/api/v1/organisations/${organisation}${path}`;
/** Portal path of an organisation's office page. */
export const officePath = (organisation: string, page: string): string => `/o/${organisation}/office/${page}`;

/** What a service is called, in the reader's language. */
export function useServiceName(): (service: string) => string {
  const portal = usePortal();
  const say = useSay();
  return useMemo(() => {
    const names = new Map([...portal.services, ...(portal.sold ?? [])].map(({ id, name }) => [id, name]));
    return (service) => {
      const name = names.get(service);
      return name === undefined ? service : say(name);
    };
  }, [portal, say]);
}

export interface Service {
  readonly id: string;
  readonly name: string;
}
/** Every service that is sold, in the order of the nav. */
export function useServices(): readonly Service[] {
  const portal = usePortal();
  const say = useSay();
  return useMemo(
    () => [...portal.services, ...(portal.sold ?? [])].map(({ id, name }) => ({ id, name: say(name) })),
    [portal, say],
  );
}
