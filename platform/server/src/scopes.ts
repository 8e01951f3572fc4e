/** What each role may do. Every room brings a table of its scopes; the merged table is asked at the door of each request. */
import type { ScopeTable } from "./route.ts";
import type { CustomerRole, ProviderRole, Role } from "./shapes.ts";

export const providerRoles = [
  "provider-admin",
  "provider-operator",
  "provider-support",
  "provider-billing",
] as const satisfies readonly ProviderRole[];
export const customerRoles = ["owner", "admin", "viewer"] as const satisfies readonly CustomerRole[];
/** Whether the role is one of the provider's staff, and so counts in every organisation. */
export const isProviderRole = (role: Role): role is ProviderRole => role.startsWith("provider-");

/** Whether the caller of a route is of the provider's staff. */
export const isStaff = ({ role }: { readonly role: Role | null }): boolean => role !== null && isProviderRole(role);

/** Scopes of the platform server itself. */
export const serverScopes: ScopeTable = {
  "organisation.read": [...providerRoles, ...customerRoles],
  "organisation.write": ["provider-admin", "owner", "admin"],
  "organisation.erase": ["provider-admin"],
  "organisation.export": ["provider-admin", "owner", "admin"],
  "member.read": ["provider-admin", "provider-operator", "provider-support", ...customerRoles],
  "member.write": ["provider-admin", "owner", "admin"],
  "token.read": ["provider-admin", "provider-operator", "provider-support", ...customerRoles],
  "token.write": ["provider-admin", "owner"],
  "audit.read": ["provider-admin", "provider-operator", "owner", "admin"],
  "provider.read": [...providerRoles],
  "provider.write": ["provider-admin"],
  // Kept mails hold sign-in links, hence whoever reads them can sign in as anybody invited.
  "outbox.read": ["provider-admin"],
  "staff.write": ["provider-admin"],
};

export interface Scopes {
  readonly all: readonly string[];
  of(role: Role): readonly string[];
  has(role: Role, scope: string): boolean;
}

/** Merges the rooms' tables; the same scope in two tables is a mistake of the programmer. */
export function mergeScopes(scopeTables: readonly ScopeTable[]): Scopes {
  const byScope = new Map<string, readonly Role[]>();
  for (const table of scopeTables) {
    for (const [scope, roles] of Object.entries(table)) {
      if (byScope.has(scope)) throw new Error(`scope ${scope} is declared twice`);
      byScope.set(scope, roles);
    }
  }
  const all = [...byScope.keys()].sort();
  const of = (role: Role): string[] => all.filter((scope) => byScope.get(scope)?.includes(role));
  return { all, of, has: (role, scope) => byScope.get(scope)?.includes(role) ?? false };
}
