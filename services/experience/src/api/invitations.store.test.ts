import { sql } from "kysely";
import { readEnrolmentKey } from "@yagura/wire/envelope.ts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Problem } from "@yagura/server/shapes.ts";
import { openOffice, type Customer, type Office } from "../../../../tests/support/experience-office.ts";
import type { Agent } from "../wire/api.ts";

let office: Office;
let first: Customer;
let second: Customer;

beforeAll(async () => {
  office = await openOffice();
  first = await office.customer("青空商事株式会社", "owner@first.example");
  second = await office.customer("海原物産株式会社", "owner@second.example");
});
afterAll(async () => office.server.stop());

const DAY = 86_400_000;

describe("install invitations", () => {
  test("EXP-T08 EXP-05 the holder of the PC gets key, manual and expiry in the organisation's language; the key is shown once", async () => {
    const tenant = await office.newTenant(first);
    const agent = await office.newAgent(first, tenant.id, "受付のPC");
    const issued = await office.invite(first, agent.id, { mail: "holder@example.jp", days: 3 });
    expect(issued.expiresAt).toBe("2026-11-23T03:00:00.000Z");
    expect(issued.command).toContain(issued.key);
    const mail = await office.server.mailTo("holder@example.jp");
    expect(mail.subject).toContain("インストール招待");
    for (const part of [issued.key, issued.manualUrl, "2026年11月23日 12:00", agent.contractNumber, "受付のPC"]) {
      expect(mail.text).toContain(part);
    }
    const shown = await office.showAgent(first, agent.id);
    expect(shown.invitation).toEqual({
      id: issued.id,
      state: "open",
      sentTo: "holder@example.jp",
      expiresAt: issued.expiresAt,
    });
    const everywhere = await office.server.stores.store.provider(async (tx) =>
      (
        await sql<{ text: string }>`select to_jsonb(t)::text as text from experience.invitation t
          union all select to_jsonb(t)::text from devices.enrolment_key t
          union all select details::text from server.audit_entry`.execute(tx)
      ).rows.map(({ text }) => text),
    );
    const secret = readEnrolmentKey(issued.key)?.secret ?? "none";
    expect(everywhere.length).toBeGreaterThan(2);
    expect(everywhere.filter((text) => text.includes(secret))).toEqual([]);
  });

  test("EXP-T08 EXP-05 in English for an English organisation, and without a mail when none is named", async () => {
    await office.server.admin.patch(`/api/v1/organisations/${second.id}`, { language: "en" });
    const tenant = await office.newTenant(second, "Tokyo");
    const agent = await office.newAgent(second, tenant.id, "desk");
    await office.invite(second, agent.id, { mail: "smith@example.com" });
    expect((await office.server.mailTo("smith@example.com")).text).toContain("works once");
    const quiet = await office.invite(second, agent.id);
    expect((await office.showAgent(second, agent.id)).invitation).toMatchObject({ id: quiet.id, sentTo: null });
  });

  test("EXP-T08 a key works once; older, revoked and expired ones are refused with the reason", async () => {
    const tenant = await office.newTenant(first);
    const agent = await office.newAgent(first, tenant.id);
    const [older, newer] = [await office.invite(first, agent.id), await office.invite(first, agent.id)];
    await expect(office.install(older.key)).rejects.toMatchObject({ code: "KEY_REVOKED" });
    await office.install(newer.key);
    expect((await office.showAgent(first, agent.id)).invitation?.state).toBe("used");
    await expect(office.install(newer.key)).rejects.toMatchObject({ code: "KEY_USED" });

    const revoked = await office.invite(first, agent.id);
    const invitation = `${first.base}/agents/${agent.id}/invitation`;
    expect((await first.owner.delete(invitation)).status).toBe(204);
    expect((await office.showAgent(first, agent.id)).invitation?.state).toBe("revoked");
    await expect(office.install(revoked.key)).rejects.toMatchObject({ code: "KEY_REVOKED" });
    const nothing = await first.owner.delete<Problem>(invitation);
    expect([nothing.status, nothing.body.code]).toEqual([409, "INVITATION_NONE"]);
  });

  test("EXP-T01 installing makes the device the agent's and tells it what to measure; again on another PC replaces it", async () => {
    const tenant = await office.newTenant(first);
    const agent = await office.newAgent(first, tenant.id, "PC-R");
    const target = await office.newTarget(first, tenant.id);
    const session = await office.newSession(first, agent.id, target.id);
    expect((await office.showAgent(first, agent.id)).state).toBe("waiting");
    const before = await office.install((await office.invite(first, agent.id)).key, "old-pc");
    expect(await office.showAgent(first, agent.id)).toMatchObject({ deviceId: before.device, state: "online" });
    expect((await office.deviceRow(before.device))?.document).toMatchObject({
      upload: 2000,
      sessions: [{ session: session.id }],
    });

    await first.owner.patch(`${first.base}/sessions/${session.id}`, { paused: true });
    expect((await office.deviceRow(before.device))?.document?.sessions).toEqual([]);
    await first.owner.patch(`${first.base}/sessions/${session.id}`, { paused: false });
    await first.owner.patch(`${first.base}/targets/${target.id}`, { probe: { kind: "icmp", host: "192.0.2.9" } });
    expect((await office.deviceRow(before.device))?.document?.sessions).toMatchObject([
      { probe: { host: "192.0.2.9" } },
    ]);
    await first.owner.patch(`${first.base}/targets/${target.id}`, { paused: true });
    expect((await office.deviceRow(before.device))?.document?.sessions).toEqual([]);
    await first.owner.patch(`${first.base}/targets/${target.id}`, { paused: false });

    const after = await office.install((await office.invite(first, agent.id)).key, "new-pc");
    expect((await office.showAgent(first, agent.id)).deviceId).toBe(after.device);
    expect((await office.deviceRow(before.device))?.revoked_reason).toContain("installed again");
    expect((await office.deviceRow(after.device))?.document?.sessions).toHaveLength(1);
    await first.owner.delete(`${first.base}/targets/${target.id}`);
    expect((await office.deviceRow(after.device))?.document?.sessions).toEqual([]);
    expect((await first.owner.delete(`${first.base}/agents/${agent.id}`)).status).toBe(204);
    expect((await office.deviceRow(after.device))?.revoked_reason).toContain("was removed");
  });
});

test("EXP-T08 an invitation that was not used in time is refused with the reason", async () => {
  const tenant = await office.newTenant(first);
  const agent = await office.newAgent(first, tenant.id);
  const late = await office.invite(first, agent.id, { days: 1 });
  const owner = await office.tokenOf("owner", first.id);
  office.server.clock.advance(DAY);
  const shown = await owner.get<Agent>(`${first.base}/agents/${agent.id}`);
  expect(shown.body.invitation?.state).toBe("expired");
  await expect(office.install(late.key)).rejects.toMatchObject({ code: "KEY_EXPIRED" });
  expect((await owner.delete<Problem>(`${first.base}/agents/${agent.id}/invitation`)).body.code).toBe(
    "INVITATION_NONE",
  );
  // The next one is used; the one that expired stays expired.
  const next = await owner.post<{ key: string }>(`${first.base}/agents/${agent.id}/invitation`, {});
  await office.install(next.body.key);
  const states = await office.server.stores.store.provider(async (tx) =>
    (
      await sql<{ used: boolean }>`select used_at is not null as used from experience.invitation
          where agent_id = ${agent.id} order by ordinal`.execute(tx)
    ).rows.map(({ used }) => used),
  );
  expect(states).toEqual([false, true]);
});
