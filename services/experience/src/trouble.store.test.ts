/** Sessions that go down or become worse than usual reach people as incidents, on real stores. */
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { DeviceId, OrganisationId, Uuid } from "@yagura/core/ids.ts";
import { openOffice, type Customer, type Office } from "../../../tests/support/experience-office.ts";
import { toRows } from "./ingest/rows.ts";
import { lookForTrouble } from "./trouble.ts";
import type { Session } from "./wire/api.ts";

let office: Office;
let here: Customer;
let session: Session;
let organisation: OrganisationId;
const MINUTE = 60_000;

beforeAll(async () => {
  office = await openOffice();
  here = await office.customer("青空商事株式会社", "owner@trouble.test");
  organisation = here.base.split("/")[4] as string;
  const tenant = await office.newTenant(here);
  const agent = await office.newAgent(here, tenant.id);
  const target = await office.newTarget(here, tenant.id);
  session = await office.newSession(here, agent.id, target.id);
}, 120_000);
afterAll(() => office.server.stop());

let inserted = 0;
/** A sample a second from `from` (ms), `outcome` 0 answered, 1 lost. */
async function measure(
  from: number,
  seconds: number,
  sample: (i: number) => { rtt: number; outcome: number },
): Promise<void> {
  const all = Array.from({ length: seconds }, (_, i) => sample(i));
  const block = {
    session: session.id,
    method: 0,
    start: from * 1000,
    interval: 1_000_000,
    count: seconds,
    slot: [1],
    delay: [0],
    rtt: all.map(({ rtt }) => rtt),
    outcome: all.map(({ outcome }) => outcome),
    flags: [0],
    bound: [5],
  };
  const batch = {
    device: "" as DeviceId,
    organisation,
    epoch: "0".repeat(16),
    sequence: ++inserted,
    receivedAt: 0,
    clockOffset: 0,
    body: { blocks: [block], gaps: [] },
  };
  for (const { table, columns } of toRows([batch]))
    await office.server.platform.telemetry.insert(table, columns, `trouble-${inserted}-${table}`);
}
const well = (i: number) => ({ rtt: 10_000 + (i % 50) * 40, outcome: 0 });
const incidents = async (): Promise<{ state: string; ended: boolean; kinds: string[] }[]> => {
  const { rows } = await office.server.platform.store.provider((tx) =>
    sql<{ state: string; ended: boolean; kinds: string[] }>`select i.state, i.ended_at is not null as ended,
        array_agg(f.kind order by f.kind) as kinds
      from alerts.incident i join alerts.finding f on f.incident_id = i.id
      where i.organisation_id = ${organisation} group by i.id order by i.number`.execute(tx),
  );
  return rows;
};
const now = (): number => office.server.clock.now();

describe("EXP-T01 trouble of a session is told", () => {
  test("yesterday was well and so are the last five minutes: nothing is told", async () => {
    await measure(now() - 24 * 60 * MINUTE - 30 * MINUTE, 3_600, well);
    await measure(now() - 5 * MINUTE, 295, well);
    expect(await lookForTrouble(office.server.platform)).toBe(0);
    expect(await incidents()).toEqual([]);
  });

  test("slower than usual is told once, goes on as one incident when it is down, and ends when it is well", async () => {
    office.server.clock.advance(6 * MINUTE);
    await measure(now() - 5 * MINUTE, 295, (i) => ({ rtt: 40_000 + i, outcome: 0 }));
    expect(await lookForTrouble(office.server.platform)).toBe(1);
    expect(await lookForTrouble(office.server.platform)).toBe(1);
    expect(await incidents()).toEqual([{ state: "open", ended: false, kinds: ["experience.session.slow"] }]);
    office.server.clock.advance(6 * MINUTE);
    await measure(now() - 5 * MINUTE, 295, () => ({ rtt: 0, outcome: 1 }));
    await lookForTrouble(office.server.platform);
    expect(await incidents()).toEqual([
      { state: "open", ended: false, kinds: ["experience.session.down", "experience.session.slow"] },
    ]);
    office.server.clock.advance(6 * MINUTE);
    await measure(now() - 5 * MINUTE, 295, well);
    expect(await lookForTrouble(office.server.platform)).toBe(0);
    expect((await incidents())[0]).toMatchObject({ ended: true });
  });

  test("a PC that sleeps is neither in trouble nor well: what was told stays", async () => {
    office.server.clock.advance(6 * MINUTE);
    await measure(now() - 5 * MINUTE, 295, () => ({ rtt: 0, outcome: 1 }));
    await lookForTrouble(office.server.platform);
    expect((await incidents())[0]).toMatchObject({ ended: false });
    office.server.clock.advance(20 * MINUTE);
    expect(await lookForTrouble(office.server.platform)).toBe(0);
    expect((await incidents())[0]).toMatchObject({ ended: false });
  });

  test("a paused session has no trouble any more", async () => {
    const id: Uuid = session.id;
    expect((await here.owner.patch(`${here.base}/sessions/${id}`, { paused: true })).status).toBe(200);
    await lookForTrouble(office.server.platform);
    expect((await incidents())[0]).toMatchObject({ ended: true });
  });
});
