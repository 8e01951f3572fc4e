/** All routes of the service. */
import type { Devices } from "@yagura/devices/devices.ts";
import type { Route } from "@yagura/server/route.ts";
import { assetRoutes } from "./assets.ts";
import { declaredRoutes } from "./declared.ts";
import { enforcementRoutes } from "./enforcement.ts";
import { findingRoutes } from "./findings.ts";
import { normRoutes } from "./norms.ts";
import { reportRoutes } from "./report.ts";
import { ruleRoutes } from "./rules.ts";
import { siteRoutes } from "./sites.ts";
import { trafficRoutes } from "./traffic.ts";

export const otRoutes = (devices: Devices): readonly Route[] => [
  ...siteRoutes(devices),
  ...assetRoutes(devices),
  ...trafficRoutes(devices),
  ...findingRoutes(devices),
  ...enforcementRoutes(devices),
  ...ruleRoutes(devices),
  ...declaredRoutes(devices),
  ...normRoutes(devices),
  ...reportRoutes,
];
