/** For tests of commerce over HTTP: a control plane with the commerce room and one made-up service (or those given), shipped as at a start. */
import type { Offer } from "@yagura/commerce/charging/offer.ts";
import { commerceRoom } from "@yagura/commerce/room.ts";
import { createDevices } from "@yagura/devices/create-devices.ts";
import { listRoutes } from "@yagura/server/host.ts";
import { createToken, newSignInLink } from "@yagura/server/setup.ts";
import type { ProviderRole } from "@yagura/server/shapes.ts";
import { testClock, testServer, type Client, type TestServer } from "@yagura/testkit/server.ts";
import { migrations } from "./experience.ts";
import { sampleOffer } from "./sample-offer.ts";

export interface Office extends TestServer {
  /** The provider's administrator by a token, which outlives sessions when the clock jumps. */
  readonly clerk: Client;
  /** A member of the provider's staff. */
  staff(role: ProviderRole): Promise<Client>;
}

export async function openOffice(
  start = "2026-11-20T03:00:00Z",
  offers: readonly Offer[] = [sampleOffer],
): Promise<Office> {
  const clock = testClock(Date.parse(start));
  const devices = createDevices({ clock, fingerprint: () => null });
  const commerce = commerceRoom({
    hooks: Object.fromEntries(offers.map(({ service }) => [service, {}])),
    offers,
    devices,
  });
  const server = await testServer({
    routes: commerce.routes,
    scopes: [commerce.scopes],
    migrations: migrations.filter(({ room }) => room !== "server"),
    clock,
  });
  await commerce.prepare(server.platform);
  const { scopes } = listRoutes({ platform: server.platform, routes: commerce.routes, scopes: [commerce.scopes] });
  const token = await createToken(server.platform, scopes, { role: "provider-admin", name: "clerk" });
  return {
    ...server,
    clerk: server.client(token),
    staff: async (role) => {
      const mail = `${role}@provider.test`;
      await server.admin.post("/api/v1/provider/staff", { mail, name: role, role });
      const person = server.client();
      const link = await newSignInLink(server.platform, mail);
      await person.post(`/api/v1/sign-in-links/${link.split("#link=")[1]}`, {});
      return person;
    },
  };
}
