/** Who may do what in the service. Export is its own scope: it takes the whole log out of the house. */
import type { ScopeTable } from "@yagura/server/route.ts";

export const scopes: ScopeTable = {
  "experience.read": ["provider-admin", "provider-operator", "provider-support", "owner", "admin", "viewer"],
  "experience.write": ["provider-admin", "provider-operator", "owner", "admin"],
  "experience.export": ["provider-admin", "provider-operator", "owner", "admin"],
};
