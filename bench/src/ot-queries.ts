/** Times of the pages of a great site over HTTP, and of the watch of one upload; on real stores, through the whole server. */
import { sql } from "kysely";
import { Client } from "pg";
import { newIds } from "@yagura/core/ids.ts";
import { modbusTalk, openPlant, uploader, type Customer, type Plant } from "../../tests/support/ot.ts";
import type { Bench, BenchRow, Reach } from "./result.ts";
import { median } from "./table.ts";

const ASSETS = 5_000;
/** Conversations that go on: client, server, protocol, port. */
const KEYS = 20_000;
const COMMAND_KEYS = 4_000;
const DAYS = 30;
/** Rows of conversations; `BENCH_ROWS=5000000` for a quick look. */
const ROWS = Number(process.env["BENCH_ROWS"] ?? 50_000_000);
const CHUNK = 1_000_000;
const RUNS = 7;
const DAY = 86_400_000;
const start = Date.parse("2026-10-21T00:00:00.000Z");
const now = start + DAYS * DAY;

async function fillAssets(plant: Plant, { organisation, site }: Customer): Promise<string[]> {
  const ids = newIds(ASSETS);
  const hex = (n: number): string =>
    n
      .toString(16)
      .padStart(6, "0")
      .replaceAll(/..(?=.)/g, "$&:");
  const rows = ids.map((id, n) => {
    const address = `10.${Math.floor(n / 62_500)}.${Math.floor(n / 250) % 250}.${(n % 250) + 1}`;
    const [mac, role] = [`00:80:f4:${hex(n)}`, n < 500 ? "plc" : n % 5 === 0 ? "hmi" : "pc"];
    const evidence = (value: string) => [{ value, source: "oui", confidence: 0.5, count: 10, first: start, last: now }];
    const attributes = {
      name: evidence(`device-${n}`),
      vendor: evidence(`Vendor ${n % 40}`),
      model: evidence(`M-${n % 90}`),
    };
    const common = { macs: [mac], addresses: [address], vlans: [0], protocols: ["modbus"], routes: false };
    const document = { ...common, attributes, role, roleConfidence: 0.8, first: start, last: now };
    return { id, n, mac, address, role, document, search: `device-${n}\n${address}\n${mac}`, order: n };
  });
  await plant.stores.store.organisation(organisation, async (tx) => {
    const json = JSON.stringify(rows);
    await sql`insert into ot.asset (id, organisation_id, site_id, macs, addresses, vlans, protocols, role, role_confidence, routes,
        document, first_at, last_at, shown_name, shown_role, vendor, model, search, conflicts, address_order, learning)
      select x.id, ${organisation}, ${site}, array[x.mac], array[x.address], '{0}', '{modbus}', x.role, 0.8, false, x.document,
        ${new Date(start)}::timestamptz, ${new Date(now)}::timestamptz, 'device-' || x.n, x.role, 'Vendor ' || (x.n % 40),
        'M-' || (x.n % 90), x.search, 0, x."order", 'watching'
      from jsonb_to_recordset(${json}::jsonb) as x (id uuid, n integer, mac text, address text, role text, document jsonb,
        search text, "order" numeric)`.execute(tx);
    await sql`insert into ot.endpoint (site_id, id, organisation_id, mac, vlan, address, asset_id, kind, seen_at)
      select ${site}, x.n + 1, ${organisation}, x.mac, 0, x.address, x.id, 'asset', ${new Date(now)}::timestamptz
      from jsonb_to_recordset(${json}::jsonb) as x (id uuid, n integer, mac text, address text)`.execute(tx);
    await sql`insert into ot.finding (id, organisation_id, site_id, kind, severity, confidence, state, subject_kind, subject_id,
        dedupe_key, since, last_at, count, parameters, evidence, asset_ids)
      select gen_random_uuid(), ${organisation}, ${site}, 'ot.talk.new', 'notice', 0.9, 'open', 'asset', x.id::text, 'k' || x.n,
        ${new Date(now)}::timestamptz, ${new Date(now)}::timestamptz, 1, '{}', '[]', array[x.id]
      from jsonb_to_recordset(${json}::jsonb) as x (id uuid, n integer) where x.n % 5 = 0`.execute(tx);
    await sql`update ot.watch set last_at = ${new Date(now)} where site_id = ${site}`.execute(tx);
    await sql`update ot.sensor set first_upload_at = ${new Date(start)}, last_upload_at = ${new Date(now)}`.execute(tx);
  });
  await analyse(plant);
  return ids;
}

/** What the database does by itself within a minute of so many new rows. */
async function analyse({ stores }: Plant): Promise<void> {
  const client = new Client({ connectionString: stores.adminConnectionString });
  await client.connect();
  await client.query("analyze");
  await client.end();
}

/** Every conversation comes up again and again over the month, as uploads would bring it. */
async function fillTelemetry(plant: Plant, { organisation, device }: Customer): Promise<number> {
  const engine = await plant.stores.engine();
  const begun = performance.now();
  const key = { organisation: `toUUID('${organisation}')`, device: `toUUID('${device}')` };
  const every = (keys: number, rows: number): number => (DAYS * DAY) / (rows / keys);
  const insert = async (table: string, keys: number, rows: number, columns: string): Promise<void> => {
    for (let from = 0; from < rows; from += CHUNK) {
      const at = `fromUnixTimestamp64Milli(toInt64(${start} + intDiv(number, ${keys}) * ${every(keys, rows)}))`;
      await engine.command(
        `insert into ${table} select ${key.organisation} as organisation, ${key.device} as device, ${at} as at, ${columns}
         from numbers(${from}, ${Math.min(CHUNK, rows - from)})`,
      );
    }
  };
  const ends = (keys: number): string =>
    `cityHash64(number % ${keys}) % ${ASSETS} + 1 as client, cityHash64(number % ${keys}, 1) % 500 + 1 as server`;
  await insert(
    "ot_conversation",
    KEYS,
    ROWS,
    `${ends(KEYS)}, 4 as transport, arrayElement([502, 44818, 102, 445, 80], number % 5 + 1) as port,
     arrayElement([1, 2, 7, 113, 117], number % 5 + 1) as protocol, 9000 as first, 100 as last,
     rand() % 200 as packets_out, rand() % 20000 as bytes_out, rand() % 300 as packets_in, rand() % 40000 as bytes_in,
     number % 3 as connections, 0 as refused, 0 as unanswered, 0 as retransmissions, 0 as missing, 900 + rand() % 500 as rtt`,
  );
  await insert(
    "ot_command",
    COMMAND_KEYS,
    Math.ceil(ROWS / 10),
    `${ends(COMMAND_KEYS)}, 502 as port, 1 as protocol, arrayElement([3, 4, 6, 16], number % 4 + 1) as code, 0 as object,
     number % 100 as low, number % 100 + 9 as high, 1 as unit, '' as label, 9000 as first, 100 as last, 10 as requests,
     10 as responses, 0 as errors, 0 as events`,
  );
  return (performance.now() - begun) / 1000;
}

async function pages(plant: Plant, { organisation }: Customer, assets: readonly string[]): Promise<BenchRow[]> {
  const base = `/api/v1/organisations/${organisation}/ot`;
  const at = (days: number): string => new Date(now - days * DAY).toISOString();
  const asset = (run: number): string => `/assets/${assets[run * 31] as string}`;
  const questions: readonly (readonly [page: string, path: (run: number) => string])[] = [
    ["device list, by findings", (run) => `/assets?sort=findings&order=desc&limit=100&q=device-${run}`],
    ["device list, 100 by address", () => "/assets?sort=address&limit=100"],
    ["device page", asset],
    ["device peers, 24 h", (run) => `${asset(run)}/peers`],
    ["device peers, 30 days", (run) => `${asset(run)}/peers?from=${at(30)}&to=${at(0)}`],
    ["device commands, 7 days", (run) => `${asset(run)}/commands?from=${at(7)}&to=${at(0)}`],
    ["device traffic, 30 days", (run) => `${asset(run)}/traffic?from=${at(30)}&to=${at(0)}`],
    ["device impact, 7 days", (run) => `${asset(run)}/impact?from=${at(7)}&to=${at(0)}`],
    ["map, 1 h", (run) => `/map?from=${at(1 + (run + 1) / 24)}&to=${at(1 + run / 24)}`],
    ["map, 24 h with changes", (run) => `/map?from=${at(1 + run / 24)}&to=${at(run / 24)}&since=${at(1)}`],
    ["map, 7 days", (run) => `/map?from=${at(7 + run / 24)}&to=${at(run / 24)}`],
    ["ranking of devices, 24 h", (run) => `/ranking?by=assets&from=${at(1 + run / 24)}&to=${at(run / 24)}`],
    ["ranking of pairs, 7 days", (run) => `/ranking?by=pairs&from=${at(7 + run / 24)}&to=${at(run / 24)}`],
    [
      "comparison of two days",
      (run) => `/comparison?beforeFrom=${at(9 + run)}&beforeTo=${at(8 + run)}&afterFrom=${at(2)}&afterTo=${at(1)}`,
    ],
    ["conversations, 24 h, 500", (run) => `/conversations?from=${at(1 + run / 24)}&to=${at(run / 24)}`],
    ["findings, 100", () => "/findings?state=open&limit=100"],
    ["overview", () => "/overview"],
  ];
  const rows: BenchRow[] = [];
  for (const [page, path] of questions) {
    const times: number[] = [];
    let bytes = 0;
    for (let run = 0; run <= RUNS; run++) {
      const begun = performance.now();
      const answer = await plant.admin.get(`${base}${path(run)}`);
      if (answer.status !== 200) throw new Error(`${page}: ${answer.text.slice(0, 300)}`);
      // The first warms up what a server that runs has warm.
      if (run > 0) times.push(performance.now() - begun);
      bytes = answer.text.length;
    }
    rows.push({
      page,
      "best ms": Math.min(...times),
      "median ms": median(times),
      "worst ms": Math.max(...times),
      kB: bytes / 1000,
    });
  }
  return rows;
}

/** An upload of ten seconds with 500 devices, of which 250 controllers are asked by 250 others. */
async function watch(plant: Plant): Promise<BenchRow[]> {
  const customer = await plant.customer();
  const upload = uploader(customer);
  const { given } = modbusTalk();
  const texts = Array.from({ length: 500 }, (_, i) => `10.9.${Math.floor(i / 250)}.${(i % 250) + 1}`);
  const pairs = Array.from({ length: 250 }, (_, i) => ({ client: i, server: 250 + i }));
  const each = (table: "conversations" | "commands") =>
    pairs.map((pair) => ({ ...(given[table]?.[0] as Record<string, number>), ...pair }));
  const cycles = pairs.map((pair) => ({
    ...pair,
    port: 502,
    protocol: 1,
    code: 3,
    object: 0,
    period: 1e6,
    jitter: 900,
    longest: 1_100_000,
    count: 10,
    last: 9_900,
  }));
  const tables = {
    endpoints: texts.map((_, i) => ({ mac: 0x0080f4100000 + i, vlan: 0, address: i })),
    conversations: each("conversations"),
    commands: each("commands"),
    cycles,
  };
  const times: number[] = [];
  for (let run = 0; run <= RUNS; run++) {
    const from = now + run * 10_000;
    const batch = upload({ from, to: from + 10_000 }, texts, tables);
    const begun = performance.now();
    await plant.upload([batch]);
    times.push(performance.now() - begun);
  }
  const [first = 0, ...later] = times;
  return [
    {
      page: "upload of 500 new devices: stored and watched",
      "best ms": first,
      "median ms": first,
      "worst ms": first,
      kB: null,
    },
    {
      page: "the next uploads of them",
      "best ms": Math.min(...later),
      "median ms": median(later),
      "worst ms": Math.max(...later),
      kB: null,
    },
  ];
}

export const bench: Bench = {
  name: "ot-queries",
  group: "ot",
  summary: "pages of a site with 5,000 devices and 50 million stored conversations, and the watch of an upload of 500",
  async run() {
    const plant = await openPlant(new Date(now).toISOString(), { checkAnswers: false });
    try {
      const customer = await plant.customer();
      const assets = await fillAssets(plant, customer);
      const seconds = await fillTelemetry(plant, customer);
      const shown = await pages(plant, customer, assets);
      const watched = await watch(plant);
      const slowest = shown.reduce((worst, row) => Math.max(worst, Number(row["median ms"])), 0);
      const upload = Number(watched[1]?.["median ms"]);
      const reach: Reach[] = [
        { what: "slowest page, median", wanted: "< 200 ms", got: `${Math.round(slowest)} ms`, met: slowest < 200 },
        {
          what: "watch of ten seconds with 500 devices",
          wanted: "< 1,000 ms",
          got: `${Math.round(upload)} ms`,
          met: upload < 1_000,
        },
      ];
      return {
        name: "ot-queries",
        columns: ["page", "best ms", "median ms", "worst ms", "kB"],
        rows: [...shown, ...watched],
        reach,
        notes: [
          `${ASSETS.toLocaleString("en-US")} devices, ${ROWS.toLocaleString("en-US")} rows of conversations and ${(ROWS / 10).toLocaleString("en-US")} of commands over ${DAYS} days (${KEYS.toLocaleString("en-US")} conversations that go on); filled in ${Math.round(seconds)} s`,
          `each page ${RUNS} times after one that is not counted, through routes, checks and compression of nothing; stores and questions on the same machine`,
        ],
      };
    } finally {
      await plant.stop();
    }
  },
};
