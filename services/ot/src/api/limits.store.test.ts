/** How many rules a site may have, and what open pages are told of a change. */
import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import { until } from "@yagura/testkit/until.ts";
import { modbusTalk, openPlant, uploader, type Customer, type Plant } from "../../../../tests/support/ot.ts";
import { MAX_ALLOW_RULES, MAX_MUTES, MAX_PERMITS } from "../room.ts";
import type { AllowRule, Mute } from "../wire/api-findings.ts";
import type { Signatures } from "../wire/api-rules.ts";

let plant: Plant;
let customer: Customer;
let other: Customer;
const base = ({ organisation }: Customer): string => `/api/v1/organisations/${organisation}/ot`;
beforeAll(async () => {
  plant = await openPlant();
  customer = await plant.customer();
  other = await plant.customer();
});
afterAll(() => plant.stop());

const code = (answer: { body: unknown }): unknown => (answer.body as { code?: string }).code;
const later = (hours: number): Date => new Date(plant.clock.now() + hours * 3_600_000);

async function assetOf({ organisation, site, device }: Customer): Promise<string> {
  const { texts, given } = modbusTalk();
  const to = plant.clock.now();
  await plant.upload([uploader({ organisation, device })({ from: to - 10_000, to }, texts, given)]);
  const { rows } = await plant.stores.store.organisation(organisation, (tx) =>
    sql<{ id: string }>`select id from ot.asset where site_id = ${site} limit 1`.execute(tx),
  );
  return rows[0]?.id ?? "";
}

/** Rows by the hand of nobody, some of them over. */
async function fill(of: Customer, table: "mute" | "permit" | "allow_rule", count: number): Promise<void> {
  const { organisation, site } = of;
  const common = sql`gen_random_uuid(), ${organisation}, ${site}`;
  const [past, ahead, now] = [later(-1), later(1), later(0)];
  const end = sql`case when n <= ${count} then ${ahead}::timestamptz else ${past}::timestamptz end`;
  const made = {
    mute: sql`insert into ot.mute (id, organisation_id, site_id, kind, reason, until_at, created_at, created_by)
      select ${common}, 'ot.device.new', 'r', ${end}, ${now}::timestamptz, 'x' from generate_series(1, ${count + 3}) n`,
    permit: sql`insert into ot.permit (id, organisation_id, site_id, title, who, from_at, to_at, asset_ids, client_ids, classes,
        note, created_at, created_by)
      select ${common}, 't', 'w', ${later(-2)}::timestamptz, ${end}, '{}', '{}', '{}', '', ${now}::timestamptz, 'x'
      from generate_series(1, ${count + 3}) n`,
    allow_rule: sql`insert into ot.allow_rule (id, organisation_id, site_id, client, kinds, reason, created_at, created_by)
      select ${common}, 'internet', '{}', 'r', ${now}::timestamptz, 'x' from generate_series(1, ${count}) n`,
  }[table];
  await plant.stores.store.organisation(organisation, (tx) => made.execute(tx));
}

test("OT-27 a site has no more mutes in force, allow rules and permits ahead than its uploads can be held against", async () => {
  const asset = await assetOf(other);
  const url = base(other);
  const mute = { siteId: other.site, kind: "ot.device.new", reason: "r", until: later(2).toISOString() };
  const rule = {
    siteId: other.site,
    client: "internet",
    server: null,
    protocol: null,
    class: null,
    kinds: [],
    reason: "r",
  };
  const permit = {
    siteId: other.site,
    title: "t",
    who: "w",
    from: later(0).toISOString(),
    to: later(2).toISOString(),
    assetIds: [asset],
    clientIds: [],
    classes: [],
  };
  for (const [table, limit, path, body, full] of [
    ["mute", MAX_MUTES, "/mutes", mute, "MUTES_FULL"],
    ["allow_rule", MAX_ALLOW_RULES, "/allow-rules", rule, "ALLOW_RULES_FULL"],
    ["permit", MAX_PERMITS, "/permits", permit, "PERMITS_FULL"],
  ] as const) {
    await fill(other, table, limit - 1);
    const answers = await Promise.all([1, 2].map(() => plant.admin.post<{ detail: string }>(`${url}${path}`, body)));
    expect(new Set(answers.map(({ status }) => status)), path).toEqual(new Set([201, 409]));
    const refused = answers.find(({ status }) => status === 409);
    expect(refused === undefined ? null : code(refused)).toBe(full);
    expect(refused?.body.detail).toContain(String(limit));
  }
  // Another organisation has its own room.
  expect((await plant.admin.post(`${base(customer)}/mutes`, { ...mute, siteId: customer.site })).status).toBe(201);
});

test("open pages hear of each change of mutes, allow rules, settings and signatures, once it is there", async () => {
  const heard: { t: string; o: string }[] = [];
  const leave = await plant.stores.store.listen(
    "yagura_live",
    (text) => void heard.push(JSON.parse(text) as (typeof heard)[number]),
  );
  const hears = (topic: string): Promise<unknown> =>
    until(() => heard.find((event) => event.t === topic && event.o === customer.organisation) ?? null);
  const url = base(customer);
  const { siteId, reason } = { siteId: customer.site, reason: "r" };
  const mute = await plant.admin.post<Mute>(`${url}/mutes`, {
    siteId,
    kind: "ot.device.new",
    reason,
    until: later(2).toISOString(),
  });
  await hears("ot.mute");
  heard.length = 0;
  await plant.admin.delete(`${url}/mutes/${mute.body.id}`);
  await hears("ot.mute");
  const body = { siteId, client: "internet", server: null, protocol: null, class: null, kinds: [], reason };
  const rule = await plant.admin.post<AllowRule>(`${url}/allow-rules`, body);
  await hears("ot.allow-rule");
  heard.length = 0;
  await plant.admin.delete(`${url}/allow-rules/${rule.body.id}`);
  await hears("ot.allow-rule");
  await plant.admin.call("PUT", `${url}/settings`, { siteId, change: {} });
  await hears("ot.settings");
  const text = ['alert tcp any any -> any any (content:"a"; sid:1;)', "nonsense", "var A 10.0.0.1"].join("\n");
  const put = await plant.admin.call<Signatures>("PUT", `${url}/signatures`, { siteId, text });
  expect(put.body).toMatchObject({ rules: 1, unused: 1, refused: [{ line: 2, code: "no-rule", parameters: {} }] });
  await hears("ot.signatures");
  await leave();
});
