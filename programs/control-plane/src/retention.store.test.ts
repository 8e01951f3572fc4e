/** The nightly work: what arrived for an organisation in the moment of its erasure goes as well. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { testServer, type TestServer } from "@yagura/testkit/server.ts";
import { serviceJobs } from "./retention.ts";

const DAY = 86_400_000;
const erased: string[] = [];
let server: TestServer;
beforeAll(async () => {
  server = await testServer();
});
afterAll(() => server.stop());

test("an erased organisation is swept for a month, one that lives is not", async () => {
  const [gone, alive] = [await server.organisation("Gone"), await server.organisation("Alive")];
  expect((await server.admin.post(`/api/v1/organisations/${gone.id}/erase`, { name: "Gone" })).status).toBe(200);
  const { handlers } = serviceJobs([], [async (_platform, _tx, organisation) => void erased.push(organisation)]);
  const night = async (): Promise<string[]> => {
    await handlers["platform.retention"]?.({}, server.platform);
    return erased.splice(0);
  };
  expect(await night()).toEqual([gone.id]);
  server.clock.advance(32 * DAY);
  expect(await night()).toEqual([]);
  expect(alive.state).toBe("active");
});
