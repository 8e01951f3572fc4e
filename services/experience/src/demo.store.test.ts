import { afterAll, beforeAll, expect, test } from "vitest";
import { readEnrolmentKey } from "@yagura/wire/envelope.ts";
import { openHouse, type House } from "../../../tests/support/experience.ts";
import { demo } from "./demo.ts";
import { listAgents, listSessions, listTenants } from "./inventory.ts";

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(async () => house.stop());

test.each([
  { language: "ja", label: "このパソコン" },
  { language: "en", label: "this machine" },
] as const)(
  "EXP-T01 the first start gives the provider's organisation an agent with at least five sessions ($language)",
  async ({ language, label }) => {
    const organisation = await house.organisation({ language });
    const made = await house.stores.store.organisation(organisation, (tx) =>
      demo(tx, organisation, house.devices, house.platform, { port: 8480, reach: "loopback" }),
    );
    expect(made.program).toBe("agent");
    expect(readEnrolmentKey(made.key)).not.toBeNull();
    const seen = await house.as(organisation, async ({ tx, now }) => ({
      tenants: await listTenants(tx, organisation, now),
      agents: await listAgents(tx, organisation, now),
      sessions: await listSessions(tx, organisation),
    }));
    expect(seen.tenants).toHaveLength(1);
    expect(seen.agents).toMatchObject([{ label, state: "waiting", invitation: { state: "open", sentTo: null } }]);
    expect(seen.sessions.length).toBeGreaterThanOrEqual(5);
    expect(seen.sessions.map(({ probe }) => probe)).toContainEqual({ kind: "tcp", host: "127.0.0.1", port: 8480 });
    expect(seen.tenants[0]?.quota).toMatchObject({ agents: 1, sessions: { used: seen.sessions.length, limit: 10 } });
  },
);

test("the first start works in the provider's transaction too", async () => {
  const organisation = await house.organisation();
  await house.stores.store.provider((tx) =>
    demo(tx, organisation, house.devices, house.platform, { port: 8480, reach: "loopback" }),
  );
  const sessions = await house.as(organisation, ({ tx }) => listSessions(tx, organisation));
  expect(sessions.length).toBeGreaterThanOrEqual(5);
});
