/** What the management pages read and change, by the service's part of the public API. */
import { api } from "@yagura/portal/api.ts";
import { useChange, useGet } from "@yagura/portal/queries.ts";
import { useOrganisation } from "@yagura/portal/session.tsx";
import type { Static } from "typebox";
import type { Agent, InstallInvitation as InstallInvitationShape, Session, Target, Tenant } from "../../wire/api.ts";

export type InstallInvitation = Static<typeof InstallInvitationShape>;

export function useTenants() {
  return useGet<Tenant[]>(useOrganisation().api("/experience/tenants"));
}
export function useTargets() {
  return useGet<Target[]>(useOrganisation().api("/experience/targets"));
}
export function useAgents() {
  return useGet<Agent[]>(useOrganisation().api("/experience/agents"));
}
export function useSessions() {
  return useGet<Session[]>(useOrganisation().api("/experience/sessions"));
}

type Method = "post" | "patch" | "delete";
export interface Change {
  readonly method: Method;
  /** Below the service: `/tenants`. */
  readonly path: string;
  readonly body?: unknown;
}
/** A change of the service's things, after which its lists, with their quotas, load again. */
export function useService<T = void>() {
  const here = useOrganisation();
  const root = here.api("/experience");
  return useChange<Change, T>(
    ({ method, path, body }) =>
      method === "delete" ? api.delete<T>(`${root}${path}`) : api[method]<T>(`${root}${path}`, body ?? {}),
    { refresh: [root] },
  );
}
export type { Agent, Session, Target, Tenant };
