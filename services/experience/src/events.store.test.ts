/** EXP-T10: what changed about the measuring is told beside the series, over HTTP, by whom and why, and to nobody else. */
import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Problem } from "@yagura/server/shapes.ts";
import { openOffice, type Customer, type Office } from "../../../tests/support/experience-office.ts";
import { retain } from "./organisation-data.ts";
import type { Agent, Series, Session, Target } from "./wire/api.ts";

let office: Office;
let here: Customer;
let agent: Agent;
let target: Target;
let session: Session;
const MINUTE = 60_000;

beforeAll(async () => {
  office = await openOffice();
  here = await office.customer("青空商事株式会社", "owner@events.test");
  const tenant = await office.newTenant(here);
  agent = await office.newAgent(here, tenant.id);
  target = await office.newTarget(here, tenant.id);
}, 120_000);
afterAll(() => office.server.stop());

const later = (): void => office.server.clock.advance(MINUTE);
const change = async (path: string, body: object): Promise<void> => {
  later();
  expect((await here.owner.patch<Problem>(`${here.base}/${path}`, body)).status).toBe(200);
};
async function events(of: Session, minutes = 60): Promise<[string, Record<string, string | number>][]> {
  const to = office.server.clock.now();
  const query = `from=${new Date(to - minutes * MINUTE).toISOString()}&to=${new Date(to).toISOString()}`;
  const { status, body } = await here.owner.get<Series>(`${here.base}/sessions/${of.id}/series?${query}`);
  expect(status).toBe(200);
  expect(body.events.map(({ at }) => at)).toEqual(body.events.map(({ at }) => at).toSorted());
  return body.events.map(({ kind, parameters }) => [kind, parameters]);
}
const by = "owner";

test("each change of session, target and agent is an event, in order, and a change of nothing is none", async () => {
  session = await office.newSession(here, agent.id, target.id);
  later();
  await office.install((await office.invite(here, agent.id)).key, "pc-old");
  await change(`sessions/${session.id}`, { interval: 5_000 });
  await change(`sessions/${session.id}`, { interval: 5_000 });
  await change(`sessions/${session.id}`, { timeout: 700 });
  await change(`sessions/${session.id}`, { paused: true });
  await change(`sessions/${session.id}`, { paused: true });
  await change(`sessions/${session.id}`, { paused: false });
  await change(`targets/${target.id}`, { probe: { kind: "tcp", host: "::1", port: 443 } });
  await change(`targets/${target.id}`, { name: "ポータル" });
  await change(`targets/${target.id}`, { paused: true });
  await change(`targets/${target.id}`, { paused: false });
  later();
  const { device } = await office.install((await office.invite(here, agent.id)).key, "pc-new");
  expect(await events(session)).toEqual([
    ["session.created", { by }],
    ["agent.installed", { hostname: "pc-old", version: "0.1.0" }],
    ["session.interval", { before: 1_000, after: 5_000, by }],
    ["session.timeout", { before: 10_000, after: 700, by }],
    ["session.paused", { why: "by-hand", by }],
    ["session.resumed", { by }],
    ["target.probe", { before: "GET https://www.example.jp/", after: "TCP [::1]:443", by }],
    ["target.paused", { why: "by-hand", by }],
    ["target.resumed", { by }],
    ["agent.replaced", { hostname: "pc-new", version: "0.1.0", before: "pc-old" }],
  ]);
  later();
  await office.server.stores.store.provider(async (tx) => {
    const at = new Date(office.server.clock.now());
    await sql`insert into devices.program_change (device_id, organisation_id, at, before, after)
      values (${device}, ${here.id}, ${at}, '0.1.0', '0.2.0')`.execute(tx);
    await sql`update devices.device set revoked_at = ${at}, revoked_reason = 'lost' where id = ${device}`.execute(tx);
  });
  expect((await events(session)).slice(-2)).toEqual([
    ["agent.program", { before: "0.1.0", after: "0.2.0" }],
    ["agent.revoked", { reason: "lost" }],
  ]);
});

test("only those of the time asked for; another session of the target has the target's and not the session's", async () => {
  expect(await events(session, 0.5)).toHaveLength(2);
  const second = await office.newAgent(here, session.tenantId, "PC-2");
  const other = await office.newSession(here, second.id, target.id);
  expect((await events(other)).map(([kind]) => kind)).toEqual([
    "target.probe",
    "target.paused",
    "target.resumed",
    "session.created",
  ]);
});

test("of too many the newest 200", async () => {
  await office.server.stores.store.provider((tx) =>
    sql`insert into experience.event (id, organisation_id, session_id, at, kind, parameters)
      select gen_random_uuid(), ${here.id}, ${session.id}, ${new Date(office.server.clock.now())}::timestamptz - n * interval '1 ms',
        'session.interval', jsonb_build_object('before', n, 'after', n - 1) from generate_series(1, 300) n`.execute(tx),
  );
  const told = await events(session);
  expect(told).toHaveLength(200);
  expect(told.findLast(([kind]) => kind === "session.interval")).toEqual(["session.interval", { before: 1, after: 0 }]);
});

test("events go with the organisation's retention and with the session", async () => {
  office.server.clock.advance(400 * 24 * 60 * MINUTE);
  await retain(office.server.platform, here.id, 30, new Date(office.server.clock.now()));
  const { rows } = await office.server.stores.store.provider((tx) =>
    sql`select 1 from experience.event where organisation_id = ${here.id}`.execute(tx),
  );
  expect(rows).toEqual([]);
});
