/** Matrix 7.3 with the services' own rules: in time, too late, and when each takes effect, by each of its ways. */
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { addDays, dayOf, startOf } from "@yagura/core/calendar.ts";
import { newId, type OrganisationId } from "@yagura/core/ids.ts";
import { offers } from "../../../../programs/control-plane/src/compose.ts";
import { openHouse, type House } from "../../../../tests/support/experience.ts";
import { loadTables } from "../terms/load.ts";
import { shipOffers } from "../terms/ship.ts";
import { earliestOn, ruleOf } from "./check.ts";
import { giveNotice } from "./give.ts";
import { publishChange, changeById, dissent } from "./terms-change.ts";
import type { NoticeChannel } from "./shapes.ts";

const now = new Date("2026-10-31T03:00:00Z");
const named = new Date("2027-03-01T00:00:00Z");
let house: House;
let customer: OrganisationId;
beforeAll(async () => {
  house = await openHouse(now.toISOString());
  await shipOffers(house.platform, offers);
  customer = await house.organisation({ owner: "owner@customer.test" });
  await house.stores.store.provider(async (tx) => {
    await sql`insert into commerce.customer (organisation_id, kind, corporate_number, details, updated_at)
      values (${customer}, 'corporation', '1000000000009',
        '{"holder": "株式会社", "address": "東京都", "contact": "山田", "mail": "m@customer.test"}', now())`.execute(
      tx,
    );
    // SEC-20: a reasonable time before, as the provider sets it.
    await sql`insert into commerce.setting (id, service, key, value, in_force, set_by, set_at)
      values (${newId()}, 'security', 'withdrawal-notice-days', '60', daterange(null, null), 'test', now())`.execute(
      tx,
    );
  });
});
afterAll(() => house.stop());

const text = (words: string) => ({ ja: words, en: words });
const statements = { reason: "r", date: "2027-06-30", period: "p", scope: "s", place: "x", manual: "https://m" };
const give = (service: string, kind: string, channel: NoticeChannel, change: object = {}) =>
  house.stores.store.provider((tx) =>
    giveNotice(
      { tx, now, actor: { kind: "system", name: "test" }, platform: house.platform, offers },
      {
        service,
        kind,
        channel,
        subject: text("s"),
        body: text("b"),
        organisation: customer,
        announcesOn: "2027-06-30",
        namedTime: named,
        statements,
        ...change,
      },
    ),
  );

/** Every notice by the provider, by each of its ways. */
const ways = offers.flatMap(({ service, notices }) =>
  notices
    .filter(({ by }) => by === "provider")
    .flatMap((rule) => rule.channels.map((channel) => ({ service, kind: rule.kind, id: rule.rule, channel, rule }))),
);

test.each(ways)("COM-15 $id: $service $kind by $channel takes effect as its rule says", async (way) => {
  const { service, kind, channel, rule } = way;
  const given = await give(service, kind, channel);
  if (channel === "post") {
    expect(given.sentAt).toBeNull();
    return;
  }
  const onDispatch = ["posting", "publication", "dispatch", "at-once"].includes(rule.effective);
  const byTime = rule.effective === "named-time" || (rule.effective === "by-channel" && channel === "other");
  expect(given.effectiveAt).toEqual(byTime ? named : onDispatch || rule.effective === "by-channel" ? now : null);
});

const leads = offers.flatMap(({ service, notices }) =>
  notices
    .filter(({ by, lead }) => by === "provider" && lead.unit !== "none")
    .map((rule) => ({ service, kind: rule.kind, id: rule.rule, channel: rule.channels[0] as NoticeChannel })),
);
test.each(leads)("COM-15 $id: $service $kind a day too late is refused, on the day it is not", async (lead) => {
  const { service, kind, channel } = lead;
  const tables = await house.stores.store.provider(loadTables);
  const earliest = earliestOn(tables, service, ruleOf(offers, service, kind), dayOf(now)) ?? "";
  await expect(give(service, kind, channel, { announcesOn: addDays(earliest, -1) })).rejects.toMatchObject({
    code: "NOTICE_TOO_LATE",
    parameters: { earliest },
  });
  await expect(give(service, kind, channel, { announcesOn: earliest })).resolves.toMatchObject({
    organisation: customer,
  });
});

describe("rows of the matrix", () => {
  test("W-RNS-7 RNS-19 on 2026-10-31 an end of remote on 2026-12-31 may still be told", async () => {
    await expect(give("remote", "withdrawal", "mail", { announcesOn: "2026-12-31" })).resolves.toBeTruthy();
    await expect(give("remote", "withdrawal", "mail", { announcesOn: "2026-12-30" })).rejects.toMatchObject({
      parameters: { earliest: "2026-12-31" },
    });
  });

  test("SEC-20 what is reasonable is the provider's: 60 days", async () => {
    await expect(give("security", "withdrawal", "web", { announcesOn: "2026-12-29" })).rejects.toMatchObject({
      parameters: { earliest: "2026-12-30" },
    });
  });

  test.each([
    { service: "security", rule: "SEC-19" },
    { service: "utm", rule: "UTM-23" },
  ])(
    "$rule a suspension states reason, date and period, and an emergency needs no time before",
    async ({ service }) => {
      for (const missing of ["reason", "period"]) {
        const stated = Object.fromEntries(Object.entries(statements).filter(([name]) => name !== missing));
        await expect(give(service, "suspension", "mail", { statements: stated })).rejects.toMatchObject({
          code: "NOTICE_STATEMENT_MISSING",
          parameters: { missing },
        });
      }
      const today = { announcesOn: dayOf(now), emergency: true };
      await expect(give(service, "suspension", "mail", today)).resolves.toBeTruthy();
    },
  );

  test("RNS-02 the terms of remote change without time before, are published, and know no dissent", async () => {
    const today = dayOf(now);
    await house.stores.store.provider(async (tx) => {
      await sql`update commerce.service_version set in_force = daterange(null, ${today}::date)
        where service = 'remote'`.execute(tx);
      await sql`insert into commerce.service_version (id, service, code, in_force, source_document, text_hash)
        values (${newId()}, 'remote', 'RNS-v2', daterange(${today}::date, null), 'x', ${"0".repeat(64)})`.execute(tx);
      const work = { tx, now, actor: { kind: "system", name: "test" } as const, platform: house.platform, offers };
      const id = await publishChange(work, { service: "remote", code: "RNS-v2", subject: text("s"), body: text("b") });
      const change = await changeById(tx, id);
      expect(change).toMatchObject({ rule: "RNS-02", dissent: false, effectiveOn: today });
      if (change === null) throw new Error("not published");
      await expect(dissent(work, change, customer, "")).rejects.toMatchObject({ code: "DISSENT_REFUSED" });
    });
  });

  test("UTM-77 a new reception number stands from its day, though the notice comes back", async () => {
    const given = await give("utm", "reception-number", "mail", { announcesOn: "2026-11-02", namedTime: undefined });
    expect(given.effectiveAt).toEqual(
      ruleOf(offers, "utm", "reception-number").effective === "named-time" ? startOf("2026-11-02") : now,
    );
  });
});
