/** The platform's own pages beside the office: an organisation's people, programs and settings, and the provider's area. */
import { shell } from "../messages/shell.ts";
import type { PortalArea, PortalRoute } from "../plugin.ts";

type Entry = readonly [path: string, scope: string, label: keyof typeof shell, load: PortalRoute["load"]];

const areaOf = (id: string, title: keyof typeof shell, entries: readonly Entry[]): PortalArea => ({
  id,
  title: shell[title],
  nav: entries.map(([path, scope, label]) => ({ path, scope, label: shell[label] })),
  routes: entries.map(([path, scope, label, load]) => ({ path, scope, title: shell[label], load })),
});

export const organisation: PortalArea = areaOf("organisation", "nav.organisation", [
  ["devices", "device.read", "nav.devices", () => import("./office/devices-page.tsx")],
  ["members", "member.read", "nav.members", () => import("./office/members-page.tsx")],
  ["tokens", "token.read", "nav.tokens", () => import("./office/tokens-page.tsx")],
  ["audit", "audit.read", "nav.audit", () => import("./office/audit-page.tsx")],
  ["settings", "organisation.read", "nav.settings", () => import("./office/settings-page.tsx")],
]);

export const provider: PortalArea = areaOf("provider", "nav.provider", [
  ["organisations", "organisation.read", "nav.organisations", () => import("./provider/organisations-page.tsx")],
  ["devices", "device.read", "nav.providerDevices", () => import("./provider/devices-page.tsx")],
  ["outbox", "outbox.read", "nav.outbox", () => import("./provider/outbox-page.tsx")],
  ["staff", "provider.read", "nav.staff", () => import("./provider/staff-page.tsx")],
  ["tokens", "token.read", "nav.providerTokens", () => import("./provider/tokens-page.tsx")],
  ["audit", "audit.read", "nav.providerAudit", () => import("./provider/audit-page.tsx")],
  ["profile", "provider.read", "nav.profile", () => import("./provider/profile-page.tsx")],
]);
