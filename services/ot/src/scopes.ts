/** Who may do what in the service. Changing means: sensors, names, permits, mutes, rules. */
import type { ScopeTable } from "@yagura/server/route.ts";

export const scopes: ScopeTable = {
  "ot.read": ["provider-admin", "provider-operator", "provider-support", "owner", "admin", "viewer"],
  "ot.write": ["provider-admin", "provider-operator", "owner", "admin"],
  // Taking devices off the network: the plant's own people, and who answers for the provider; signed in, not by a token.
  "ot.enforce": ["provider-admin", "owner", "admin"],
};
