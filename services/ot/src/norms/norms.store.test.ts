/** What others do (OT-N9): six organisations, of which five take part. */
import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import { newId, type OrganisationId } from "@yagura/core/ids.ts";
import type { Client } from "@yagura/testkit/server.ts";
import { modbusTalk, openPlant, uploader, type Customer, type Plant } from "../../../../tests/support/ot.ts";
import { dissectors } from "../protocols/registry.ts";
import { erase } from "../organisation-data.ts";
import { attributes, protocols } from "../wire/vocabulary.ts";
import type { AssetNorms, FindingNorms, NormMembership, NormOverview } from "../wire/api-norms.ts";
import { sumNorms } from "./job.ts";

let plant: Plant;
let customers: Customer[];
/** An owner of each. */
let people: Client[];

const base = (of: Customer): string => `/api/v1/organisations/${of.organisation}/ot`;
const at = (n: number): Customer => customers[n] as Customer;
const person = (n: number): Client => people[n] as Client;
const codeOf = (answer: { body: unknown }): unknown => (answer.body as { code?: string }).code;

const downloadCode = ((): number => {
  const s7 = dissectors.find(({ protocol }) => protocol === "s7comm");
  const found = [...(s7?.functions ?? [])].find(([, one]) => one.class === "download")?.[0];
  if (found === undefined) throw new Error("no function of S7comm downloads a program");
  return found;
})();
const command = {
  client: 0,
  server: 1,
  requests: 2,
  responses: 2,
  first: 1,
  last: 9,
  low: -1,
  high: -1,
  unit: -1,
  label: -1,
};
const download = { ...command, port: 102, protocol: protocols.s7comm.id, code: downloadCode };
const unassigned = { ...command, port: 502, protocol: protocols.modbus.id, code: 90 };
const own = { ...download, protocol: protocols["declared-1"].id };
type Command = Readonly<Record<string, number>>;

/** A controller that says what it is, and an HMI that reads it; with further commands. */
async function uploads(of: Customer, commands: readonly Command[] = [], model = "BMX P34 2020"): Promise<void> {
  const { texts, given } = modbusTalk();
  const from = plant.clock.now() - 3_600_000 * 3;
  const says = (attribute: (typeof attributes)[number], value: number) => ({
    endpoint: 1,
    attribute: attributes.indexOf(attribute),
    value,
    protocol: protocols.modbus.id,
    count: 1,
  });
  const upload = uploader({ ...of, device: of.device });
  await plant.upload([
    {
      ...upload({ from, to: from + 10_000 }, [...texts, "Schneider Electric", model], {
        ...given,
        commands: [...(given.commands ?? []), ...commands],
        identities: [...(given.identities ?? []), says("vendor", 4), says("model", 5)],
      }),
      epoch: newId(),
    },
  ]);
}
const takePart = (n: number, takesPart: boolean) =>
  person(n).call<NormMembership>("PUT", `${base(at(n))}/norms/membership`, { takesPart });
const membership = async (n: number): Promise<NormMembership> =>
  (await person(n).get<NormMembership>(`${base(at(n))}/norms/membership`)).body;
const controller = async (n: number): Promise<string> =>
  (await person(n).get<{ items: { id: string }[] }>(`${base(at(n))}/assets?q=PLC-7`)).body.items[0]?.id ?? "";
const assetNorms = async (n: number): Promise<AssetNorms> =>
  (await person(n).get<AssetNorms>(`${base(at(n))}/assets/${await controller(n)}/norms`)).body;
const findingNorms = async (n: number, kind: string): Promise<FindingNorms> => {
  const found = await person(n).get<{ items: { id: string }[] }>(`${base(at(n))}/findings?kind=${kind}`);
  const answer = await person(n).get<FindingNorms>(`${base(at(n))}/findings/${found.body.items[0]?.id}/norms`);
  expect(answer.status, answer.text).toBe(200);
  return answer.body;
};
/** What is stored, as the provider sees it. */
const published = async (): Promise<string[]> => {
  const { rows } = await plant.stores.store.provider((tx) =>
    sql<{
      row: string;
    }>`select concat_ws(' ', level, vendor, s.name, n.kind, n.protocol, n.code, n.organisations, n.sites) as row
      from ot.norm n join ot.norm_subject s on s.id = n.subject_id order by 1`.execute(tx),
  );
  return rows.map(({ row }) => row);
};
const seenAs = async (organisation: OrganisationId): Promise<number> => {
  const { rows } = await plant.stores.store.organisation(organisation, (tx) =>
    sql<{
      n: number;
    }>`select (select count(*) from ot.norm)::int + (select count(*) from ot.norm_subject)::int as n`.execute(tx),
  );
  return rows[0]?.n ?? 0;
};

beforeAll(async () => {
  plant = await openPlant();
  customers = [];
  people = [];
  for (let n = 0; n < 6; n++) {
    const made = await plant.customer();
    customers.push(made);
    people.push(await plant.member(made.organisation, `owner-${n}@example.jp`, "owner"));
    await uploads(made, n === 0 ? [download, unassigned] : []);
  }
});
afterAll(() => plant.stop());

test("OT-N9 nobody takes part until its own people say so, and that is in the audit log", async () => {
  await sumNorms(plant.platform);
  expect(await published()).toEqual([]);
  expect(await membership(0)).toMatchObject({
    takesPart: false,
    sites: 1,
    tokenSites: 0,
    countedSites: null,
    limits: { organisations: 5, sites: 5, days: 30 },
  });
  expect(await findingNorms(0, "ot.program.downloaded")).toMatchObject({ state: "off", answers: [] });
  const byStaff = await plant.admin.call("PUT", `${base(at(0))}/norms/membership`, { takesPart: true });
  expect([byStaff.status, codeOf(byStaff)]).toEqual([403, "NORMS_OWN"]);
  for (const n of [0, 1, 2, 3, 4]) expect((await takePart(n, true)).body).toMatchObject({ takesPart: true });
  await takePart(0, true);
  const { rows } = await plant.stores.store.provider((tx) =>
    sql<{ actor: string }>`select action as actor from server.audit_entry where organisation_id = ${at(0).organisation}
      and action like 'ot-norms%'`.execute(tx),
  );
  expect(rows).toEqual([{ actor: "ot-norms.join" }]);
  // Who just came sees nothing: it has given nothing yet.
  expect(await findingNorms(0, "ot.program.downloaded")).toMatchObject({ state: "waiting", answers: [] });
});

test("OT-N9 the sums are of five and more, read organisation by organisation, and what one does is not in them", async () => {
  const asked: string[] = [];
  const { telemetry } = plant.platform;
  const watched = {
    ...plant.platform,
    telemetry: new Proxy(telemetry, {
      get: (target, name: keyof typeof telemetry) =>
        name === "query"
          ? (organisation: string, ...rest: [string]) => {
              asked.push(organisation);
              return target.query(organisation, ...rest);
            }
          : (target[name] as () => unknown).bind(target),
    }),
  };
  await sumNorms(watched);
  const giving = customers.slice(0, 5).map(({ organisation }) => organisation);
  expect(new Set(asked)).toEqual(new Set(giving));
  const rows = await published();
  expect(rows.filter((row) => row.startsWith("model "))).toEqual([
    `model Schneider Electric Modicon M340 P34 2020 class 1 3 5 5`,
    `model Schneider Electric Modicon M340 P34 2020 function 1 3 5 5`,
    `model Schneider Electric Modicon M340 P34 2020 serves 1 0 5 5`,
  ]);
  expect(rows.filter((row) => row.includes(" 90 ") || row.includes(` ${protocols.s7comm.id} `))).toEqual([]);
  expect(await membership(0)).toMatchObject({ countedSites: 1, sums: { organisations: 5 } });
});

test("OT-N9 a finding says what others do, a device what is usual for it", async () => {
  const told = await findingNorms(0, "ot.program.downloaded");
  const of = { sites: 5, organisations: 5 };
  expect(told).toMatchObject({
    state: "told",
    answers: [
      {
        subject: { level: "model", vendor: "Schneider Electric", name: "Modicon M340 P34 2020", of },
        habit: { kind: "class", protocol: "s7comm", class: "download" },
        seen: null,
        verdict: "rare",
      },
    ],
  });
  expect(await assetNorms(1)).toMatchObject({
    state: "told",
    functions: [{ protocol: "modbus", code: 3, seen: of }],
    serves: [{ protocol: "modbus", seen: of }],
  });
  const overview = await plant.admin.get<NormOverview>("/api/v1/provider/ot/norms");
  expect(overview.body).toMatchObject({ members: 5, giving: 5, sites: 5 });
  expect((await person(0).get("/api/v1/provider/ot/norms")).status).toBe(403);
});

test("OT-N9 who gives nothing sees nothing, in the API and in the database; nobody sees another's devices", async () => {
  expect(await assetNorms(5)).toMatchObject({ state: "off", subject: null, functions: [] });
  expect(await seenAs(at(5).organisation)).toBe(0);
  expect(await seenAs(at(0).organisation)).toBeGreaterThan(0);
  const theirs = await controller(1);
  expect((await person(0).get(`${base(at(0))}/assets/${theirs}/norms`)).status).toBe(404);
  expect((await person(5).call("PUT", `${base(at(0))}/norms/membership`, { takesPart: false })).status).toBe(404);
  await expect(
    plant.stores.store.organisation(at(0).organisation, (tx) => sql`delete from ot.norm_subject`.execute(tx)),
  ).rejects.toThrow(/permission denied/);
});

test("OT-N9 what five do is told with figures", async () => {
  for (const n of [0, 1, 2, 3, 4]) await uploads(at(n), [download, own]);
  await sumNorms(plant.platform);
  const { answers } = await findingNorms(0, "ot.program.downloaded");
  expect(answers).toMatchObject([{ seen: { sites: 5, organisations: 5 }, verdict: "usual" }]);
  expect(answers).toHaveLength(1);
  const rows = await published();
  expect(rows.some((row) => row.includes(` ${protocols.s7comm.id} ${downloadCode} `))).toBe(true);
  expect(rows.filter((row) => row.includes(` ${own.protocol} `))).toEqual([]);
});

test("OT-N9 a sixth that takes part changes no rounded figure", async () => {
  await takePart(5, true);
  const before = await published();
  await sumNorms(plant.platform);
  expect(await published()).toEqual(before);
  expect(await assetNorms(5)).toMatchObject({ state: "told", subject: { of: { sites: 5, organisations: 5 } } });
});

test("OT-N9 a site whose names are tokens is left out, and its organisation sees nothing when it has no other", async () => {
  await takePart(4, false);
  await sumNorms(plant.platform);
  expect((await published()).length).toBeGreaterThan(0);
  await plant.stores.store.organisation(at(5).organisation, (tx) => sql`update ot.sensor set tokens = 'k'`.execute(tx));
  await sumNorms(plant.platform);
  expect(await published()).toEqual([]);
  expect(await membership(5)).toMatchObject({ takesPart: true, sites: 1, tokenSites: 1, countedSites: 0 });
  expect(await assetNorms(5)).toMatchObject({ state: "waiting" });
  await plant.stores.store.organisation(at(5).organisation, (tx) =>
    sql`update ot.sensor set tokens = null`.execute(tx),
  );
  await sumNorms(plant.platform);
  expect((await published()).length).toBeGreaterThan(0);
});

test("OT-N9 who withdraws sees nothing at once, and its rows are out of the next sums; who is erased as well", async () => {
  expect((await takePart(3, false)).body).toMatchObject({ takesPart: false });
  expect(await assetNorms(3)).toMatchObject({ state: "off", subject: null });
  expect(await seenAs(at(3).organisation)).toBe(0);
  await sumNorms(plant.platform);
  expect(await published()).toEqual([]);
  expect(await membership(0)).toMatchObject({ countedSites: 1, sums: { organisations: 0 } });
  expect(await findingNorms(0, "ot.program.downloaded")).toMatchObject({
    state: "told",
    answers: [{ subject: null, seen: null, verdict: null }],
  });
  await takePart(3, true);
  await sumNorms(plant.platform);
  expect((await published()).length).toBeGreaterThan(0);
  await plant.stores.store.provider((tx) => erase(plant.platform, tx, at(2).organisation));
  await sumNorms(plant.platform);
  expect(await published()).toEqual([]);
});
