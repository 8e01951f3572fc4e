/** What people decide about findings, and what comes of it (OT-22, OT-27, OT-28, OT-N3, OT-N4). */
import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import { modbusTalk, openPlant, uploader, type Customer, type Plant } from "../../../../tests/support/ot.ts";
import { dissectors } from "../protocols/registry.ts";
import { runWhatIf } from "../what-if.ts";
import type { Settings } from "../wire/api-rules.ts";
import type { AllowRule, FindingView, Mute, Permit, PermitReport } from "../wire/api-findings.ts";
import type { WhatIf } from "../wire/api-rules.ts";
import { protocols } from "../wire/vocabulary.ts";

let plant: Plant;
let customer: Customer;
let base: string;
let upload: ReturnType<typeof uploader>;
const texts = ["192.168.10.5", "192.168.10.20", "PLC-7", "eth1"];

beforeAll(async () => {
  plant = await openPlant();
  customer = await plant.customer();
  base = `/api/v1/organisations/${customer.organisation}/ot`;
  upload = uploader(customer);
});
afterAll(() => plant.stop());

/** A program goes to the controller: told at once, learned or not. */
const download = (() => {
  const s7 = dissectors.find(({ protocol }) => protocol === "s7comm");
  const code = [...(s7?.functions ?? [])].find(([, one]) => one.class === "download")?.[0];
  if (code === undefined) throw new Error("no function of S7comm downloads a program");
  return {
    client: 0,
    server: 1,
    port: 102,
    protocol: protocols.s7comm.id,
    code,
    requests: 2,
    responses: 2,
    first: 100,
    last: 900,
    low: -1,
    high: -1,
    unit: -1,
    label: -1,
  };
})();

async function work(): Promise<void> {
  const { given } = modbusTalk();
  const from = plant.clock.now();
  plant.clock.advance(10_000);
  await plant.upload([
    upload({ from, to: from + 10_000 }, texts, { ...given, commands: [...(given.commands ?? []), download] }),
  ]);
}
const findings = async (state: string): Promise<FindingView[]> =>
  (await plant.admin.get<{ items: FindingView[] }>(`${base}/findings?state=${state}`)).body.items;
const assetIds = async (): Promise<{ plc: string; hmi: string }> => {
  const { body } = await plant.admin.get<{ items: { id: string; name: string }[] }>(`${base}/assets?sort=address`);
  return { hmi: body.items[0]?.id ?? "", plc: body.items[1]?.id ?? "" };
};
const code = (answer: { body: unknown }): unknown => (answer.body as { code?: string }).code;
const later = (hours: number): string => new Date(plant.clock.now() + hours * 3_600_000).toISOString();

test("OT-22 a download to a controller is a finding at once, an incident of alerts, and one however often it is seen", async () => {
  await work();
  await work();
  const found = (await findings("open")).filter(({ kind }) => kind.includes("download"));
  expect(found).toMatchObject([
    { count: 2, severity: "critical", assets: [{ address: "192.168.10.20" }, { address: "192.168.10.5" }] },
  ]);
  expect(found[0]?.techniques.length).toBeGreaterThan(0);
  const { rows } = await plant.stores.store.organisation(customer.organisation, (tx) =>
    sql<{ group: string; key: string }>`select i.group_key as group, f.dedupe_key as key from alerts.incident i
      join alerts.finding f on f.incident_id = i.id where i.kind like '%download%'`.execute(tx),
  );
  expect(rows).toHaveLength(1);
  // From the incident to what is behind it, for nobody else.
  const { group = "", key } = rows[0] ?? {};
  const of = (organisation: string): string =>
    `/api/v1/organisations/${organisation}/ot/findings?group=${encodeURIComponent(group)}`;
  const behind = await plant.admin.get<{ items: FindingView[] }>(of(customer.organisation));
  expect(behind.body.items).toMatchObject([{ id: found[0]?.id, key, siteId: group.split("|")[0] }]);
  expect((await plant.admin.get(of(await plant.organisation("Other")))).body).toMatchObject({ items: [], total: 0 });
});

test("OT-27 a mute has a reason and an end, counts what it hid, and is over when it is taken back", async () => {
  const finding = (await findings("open")).find(({ kind }) => kind.includes("download"));
  const url = `${base}/findings/${finding?.id}/mute`;
  expect(code(await plant.admin.post(url, { reason: "test", until: "2020-01-01T00:00:00Z", scope: "same" }))).toBe(
    "MUTE_UNTIL",
  );
  const made = await plant.admin.post<Mute>(url, { reason: "we know", until: later(1), scope: "same" });
  expect(made.body, made.text).toMatchObject({ state: "active", reason: "we know", hits: 0 });
  await work();
  const [mute] = (await plant.admin.get<Mute[]>(`${base}/mutes`)).body;
  expect(mute).toMatchObject({ hits: 1 });
  expect((await findings("open")).filter(({ kind }) => kind.includes("download"))).toEqual([]);
  expect((await findings("muted"))[0]).toMatchObject({ count: 3 });
  expect((await plant.admin.delete(`${base}/mutes/${mute?.id}`)).status).toBe(204);
  await work();
  expect((await findings("open")).filter(({ kind }) => kind.includes("download"))).toHaveLength(1);
});

test("OT-28 OT-N4 work under a permit is expected; the report holds it against what was seen", async () => {
  const { plc, hmi } = await assetIds();
  const permit = {
    siteId: customer.site,
    title: "New recipe",
    who: "Line 1",
    from: later(0),
    to: later(2),
    assetIds: [plc],
    clientIds: [hmi],
    classes: ["download"],
  };
  expect(code(await plant.admin.post(`${base}/permits`, { ...permit, to: later(-1) }))).toBe("PERMIT_INTERVAL");
  const made = await plant.admin.post<Permit>(`${base}/permits`, permit);
  expect(made.body, made.text).toMatchObject({ state: "active", expected: 0 });
  await work();
  const report = await plant.admin.get<PermitReport>(`${base}/permits/${made.body.id}/report`);
  expect(report.body.permit.expected).toBe(1);
  expect(report.body.within).toMatchObject([{ class: "download", server: { id: plc }, client: { id: hmi } }]);
  expect(report.body.beyond).toEqual([]);
  expect(await findings("expected")).toMatchObject([{ permitId: made.body.id }]);
  const cancelled = await plant.admin.post<Permit>(`${base}/permits/${made.body.id}/cancel`);
  expect(cancelled.body).toMatchObject({ state: "cancelled" });
  expect(code(await plant.admin.patch(`${base}/permits/${made.body.id}`, { title: "x" }))).toBe("PERMIT_OVER");
});

test("a finding is closed or approved once", async () => {
  const finding = (await findings("open")).find(({ kind }) => kind.includes("download"));
  const closed = await plant.admin.post<FindingView>(`${base}/findings/${finding?.id}/close`, { reason: "done" });
  expect(closed.body).toMatchObject({ state: "closed", decided: { reason: "done" } });
  expect(code(await plant.admin.post(`${base}/findings/${finding?.id}/approve`, {}))).toBe("FINDING_DECIDED");
  await work();
  const again = (await findings("open")).find(({ kind }) => kind.includes("download"));
  const approved = await plant.admin.post<FindingView>(`${base}/findings/${again?.id}/approve`, { reason: "normal" });
  expect(approved.body, approved.text).toMatchObject({ state: "learned" });
  const { rows } = await plant.stores.store.organisation(customer.organisation, (tx) =>
    sql<{ open: boolean }>`select until is null as open from alerts.finding where kind = ${again?.kind ?? ""}`.execute(
      tx,
    ),
  );
  expect(rows).toEqual([{ open: false }]);
});

test("an allow rule says for good what is in order, and never everything", async () => {
  const rule = {
    siteId: customer.site,
    client: null,
    server: null,
    protocol: null,
    class: null,
    kinds: [],
    reason: "r",
  };
  expect(code(await plant.admin.post(`${base}/allow-rules`, rule))).toBe("ALLOW_EMPTY");
  expect(code(await plant.admin.post(`${base}/allow-rules`, { ...rule, client: "anyone" }))).toBe("SELECTOR_INVALID");
  const made = await plant.admin.post<AllowRule>(`${base}/allow-rules`, {
    ...rule,
    class: "download",
    server: "192.168.10.0/24",
  });
  expect(made.status, made.text).toBe(201);
  await work();
  expect((await findings("open")).filter(({ kind }) => kind.includes("download"))).toEqual([]);
  expect((await plant.admin.get<AllowRule[]>(`${base}/allow-rules`)).body).toMatchObject([{ hits: 1 }]);
  expect((await plant.admin.delete(`${base}/allow-rules/${made.body.id}`)).status).toBe(204);
});

test("settings keep to their bounds and name what there is", async () => {
  const put = (change: object) =>
    plant.admin.call<Settings>("PUT", `${base}/settings`, { siteId: customer.site, change });
  expect(code(await put({ thresholds: { "scan.hosts": 1 } }))).toBe("SETTING_RANGE");
  expect(code(await put({ thresholds: { "scan.nothing": 1 } }))).toBe("SETTING_UNKNOWN");
  expect(code(await put({ off: ["ot.no.such"] }))).toBe("SETTING_UNKNOWN");
  const made = await put({
    thresholds: { "scan.hosts": 33 },
    off: ["ot.device.new"],
    servers: { dns: ["192.168.10.2"] },
  });
  expect(made.body.thresholds.find(({ group, name }) => group === "scan" && name === "hosts")).toMatchObject({
    value: 33,
    default: 10,
  });
  expect(made.body.kinds.find(({ kind }) => kind === "ot.device.new")).toMatchObject({ enabled: false });
});

test("OT-N3 what-if goes through stored uploads and tells what would not come any more", async () => {
  const kind = "ot.device.new";
  const verb = (await findings("learned"))[0]?.kind ?? kind;
  const made = await plant.admin.post<WhatIf>(`${base}/what-if`, {
    siteId: customer.site,
    days: 1,
    change: { off: [verb] },
  });
  expect(made.body, made.text).toMatchObject({ state: "queued" });
  expect(code(await plant.admin.post(`${base}/what-if`, { siteId: customer.site, days: 1, change: {} }))).toBe(
    "WHAT_IF_BUSY",
  );
  plant.clock.advance(60_000);
  await runWhatIf(plant.platform, customer.organisation, made.body.id);
  const { body } = await plant.admin.get<WhatIf>(`${base}/what-if/${made.body.id}`);
  expect(body, JSON.stringify(body.error)).toMatchObject({ state: "done", progress: 1 });
  const row = body.result?.kinds.find((one) => one.kind === verb);
  expect(row).toMatchObject({ before: 7, after: 0 });
  expect(body.result?.removed).toMatchObject([{ kind: verb }]);
});
