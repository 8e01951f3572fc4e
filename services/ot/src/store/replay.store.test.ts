/** What is read back for a what-if is what was uploaded (OT-N3). */
import { afterAll, beforeAll, expect, test } from "vitest";
import { modbusTalk, openPlant, uploader, type Plant } from "../../../../tests/support/ot.ts";
import type { Observation } from "../analysis/model.ts";
import { observe } from "../analysis/observe.ts";
import { placeOf } from "./place.ts";
import { placesOf, uploadsOf } from "./replay.ts";

let plant: Plant;
beforeAll(async () => {
  plant = await openPlant("2026-11-20T03:00:00.000Z");
});
afterAll(() => plant.stop());

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}

/** Rows by the words of their ends, so that the order of endpoints says nothing. */
function words(observation: Observation): unknown {
  const at = (endpoint: number): string => {
    const { mac, vlan, address } = observation.endpoints[endpoint] ?? { mac: null, vlan: 0, address: null };
    return `${mac} ${vlan} ${address}`;
  };
  const ends = <T extends { client: number; server: number }>(rows: readonly T[]) =>
    rows.map((row) => ({ ...row, client: at(row.client), server: at(row.server) }));
  const { from, to, conversations, commands, cycles, identities, captures } = observation;
  return {
    from,
    to,
    conversations: ends(conversations),
    commands: ends(commands),
    cycles: ends(cycles),
    identities: identities.map((row) => ({ ...row, endpoint: at(row.endpoint) })),
    captures,
  };
}

test("one upload comes back as it was; several within a window are added up", async () => {
  const customer = await plant.customer();
  const upload = uploader(customer);
  const { texts, given } = modbusTalk();
  const cycles = [
    {
      client: 0,
      server: 1,
      port: 502,
      protocol: 1,
      code: 3,
      object: 0,
      period: 1e6,
      jitter: 500,
      longest: 1.1e6,
      count: 10,
      last: 9_900,
    },
  ];
  const from = plant.clock.now();
  const batches = [0, 1].map((i) =>
    upload({ from: from + i * 10_000, to: from + (i + 1) * 10_000 }, texts, { ...given, cycles }),
  );
  await plant.upload(batches);
  const { organisation, site } = customer;
  const [place, places] = await plant.stores.store.organisation(organisation, async (tx) => [
    await placeOf(tx, plant.stores.telemetry, organisation, site),
    await placesOf(tx, site),
  ]);
  const range = { from: from - 60_000, to: from + 60_000 };
  const back = await all(uploadsOf(place, places, range, 10_000));
  const seen = back.map(({ body }) => words(observe(body, { sensor: "s", clockOffset: 0 })));
  expect(seen).toEqual(batches.map(({ body }) => words(observe(body, { sensor: "s", clockOffset: 0 }))));
  const [both, ...more] = await all(uploadsOf(place, places, range, 60_000));
  expect(more).toEqual([]);
  const observation = observe(both?.body ?? (batches[0] as (typeof batches)[0]).body, { sensor: "s", clockOffset: 0 });
  expect(observation).toMatchObject({
    from,
    to: from + 60_000,
    conversations: [{ bytesOut: 2_640, packetsIn: 40, first: from + 100, last: from + 19_900, rtt: 900 }],
    commands: [{ requests: 20, low: 0, high: 9, unit: 1, label: null }],
    cycles: [{ period: 1e6, longest: 1.1e6, count: 20 }],
  });
});
