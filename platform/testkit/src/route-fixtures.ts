/** People of every role, two organisations and tokens: what `tryEveryRoute` needs before rooms add their own things. */
import { providerRoles, type Scopes } from "@yagura/server/scopes.ts";
import { createToken, newSignInLink } from "@yagura/server/setup.ts";
import type { ApiToken, Member, ProviderRole, Role } from "@yagura/server/shapes.ts";
import type { RouteFixtures } from "./routes.ts";
import type { Client, TestServer } from "./server.ts";

/** The foreign organisation's name, its member and its token; none of them may be seen from `own`. */
export const FOREIGN = { name: "Foreign organisation", member: "secret-person", token: "secret-token" } as const;

export async function routeFixtures(server: TestServer, scopes: Scopes): Promise<RouteFixtures> {
  const own = (await server.organisation("Own organisation")).id;
  const foreign = (await server.organisation(FOREIGN.name)).id;
  await server.member(foreign, `${FOREIGN.member}@foreign.test`, "owner");
  const people: Partial<Record<Role, Client>> = {};
  for (const role of ["owner", "admin", "viewer"] as const) {
    people[role] = await server.member(own, `${role}@own.test`, role);
  }
  for (const role of providerRoles) people[role] = await staff(server, role);
  const { platform } = server;
  const foreignToken = await createToken(platform, scopes, {
    role: "owner",
    organisation: foreign,
    name: FOREIGN.token,
  });
  const scope = "organisation.read";
  const narrow = await createToken(platform, scopes, { role: "owner", organisation: own, scopes: [scope] });
  const members = await server.admin.get<Member[]>(`/api/v1/organisations/${foreign}/members`);
  const tokens = await server.admin.get<ApiToken[]>(`/api/v1/organisations/${foreign}/tokens`);
  return {
    scopes,
    own,
    foreign,
    people: people as Record<Role, Client>,
    nobody: server.client(),
    foreignToken: server.client(foreignToken),
    narrowToken: { client: server.client(narrow), scope },
    foreignId: (route) => {
      if (route.path.includes("/tokens")) return tokens.body[0]?.id;
      return route.path.includes("/members") ? members.body[0]?.id : undefined;
    },
    // Inviting an owner is an owner's right, tried elsewhere.
    body: (route) =>
      route.method === "POST" && route.path.endsWith("/members") ? { mail: "m@own.test", role: "viewer" } : undefined,
    secrets: Object.values(FOREIGN),
  };
}

/** A member of the provider's staff, signed in by a link of the command line. */
async function staff(server: TestServer, role: ProviderRole): Promise<Client> {
  const mail = `${role}@provider.test`;
  await server.admin.post("/api/v1/provider/staff", { mail, name: role, role });
  const person = server.client();
  const link = await newSignInLink(server.platform, mail);
  await person.post(`/api/v1/sign-in-links/${link.split("#link=")[1]}`, {});
  return person;
}
