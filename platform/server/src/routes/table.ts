/** All routes of the server itself. */
import type { Environment } from "../environment.ts";
import type { Route } from "../route.ts";
import { auditRoutes } from "./audit.ts";
import { liveRoutes } from "./live.ts";
import { meRoutes } from "./me.ts";
import { memberRoutes } from "./members.ts";
import { organisationRoutes } from "./organisations.ts";
import { passkeyRoutes } from "./passkeys.ts";
import { providerRoutes } from "./provider.ts";
import { totpRoutes } from "./second-step.ts";
import { signInRoutes } from "./sign-in.ts";
import { staffRoutes } from "./staff.ts";
import { tokenRoutes } from "./tokens.ts";

export const serverRoutes = (environment: Environment): Route[] => [
  ...signInRoutes(environment),
  ...passkeyRoutes(environment),
  ...meRoutes(environment),
  ...totpRoutes(environment),
  ...organisationRoutes(environment),
  ...memberRoutes(environment),
  ...tokenRoutes(environment),
  ...auditRoutes(),
  ...providerRoutes(environment),
  ...staffRoutes(environment),
  ...liveRoutes(environment),
];
