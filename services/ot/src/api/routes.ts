/** All routes of the service. */
import type { Devices } from "@yagura/devices/devices.ts";
import type { Route } from "@yagura/server/route.ts";
import { siteRoutes } from "./sites.ts";

export const otRoutes = (devices: Devices): readonly Route[] => [...siteRoutes(devices)];
