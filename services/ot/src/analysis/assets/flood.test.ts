/** What forged senders do to the list of devices: it stays quick, and it ends. */
import { expect, test } from "vitest";
import { countingIds, Seen, SEEN_FROM } from "../../../../../tests/support/seen.ts";
import { detect } from "../detect/detect.ts";
import { MAX_FINDINGS } from "../detect/judge.ts";
import type { Baseline } from "../detect/types.ts";
import { defaultSettings } from "../detect/settings.ts";
import { writeMac } from "../../wire/addresses.ts";
import { AssetIndex } from "./asset-index.ts";
import { reconcile } from "./reconcile.ts";
import { resolve } from "./resolve.ts";

const mac = (n: number): string => writeMac(0x000e8c000000 + n * 16);
const COUNT = 4_000;

test("thousands of MACs that claim one address are read in a moment, again and again", () => {
  const index = new AssetIndex();
  const newId = countingIds();
  for (let turn = 0; turn < 2; turn++) {
    const seen = new Seen(SEEN_FROM + turn * 10_000);
    for (let n = 0; n < COUNT; n++) {
      seen.talk(`${mac(n)}@10.0.0.5`, `${mac(n + 1)}@10.0.0.5`, { protocol: "modbus" }).binds(mac(n), "10.0.0.5");
    }
    const from = performance.now();
    const { disputes } = resolve(index, seen.observation(), newId);
    // It took ten seconds when each claim was held against each other. Measured: 250 ms.
    expect(performance.now() - from).toBeLessThan(3_000);
    expect(disputes).toHaveLength(1);
    expect(disputes[0]?.assets.length).toBeLessThan(100);
  }
  expect(index.size).toBe(COUNT);
});

test("a full list takes no more devices, tells how many, and still knows its own", () => {
  const index = new AssetIndex([], { most: 10 });
  const newId = countingIds();
  const own = new Seen();
  for (let n = 0; n < 8; n++) own.talk(`${mac(n)}@10.0.0.${n + 1}`, `${mac(n + 1)}@10.0.0.${n + 2}`);
  expect(resolve(index, own.observation(), newId).refused).toBe(0);
  const flood = new Seen(SEEN_FROM + 10_000);
  for (let n = 0; n < 500; n++)
    flood
      .talk(`${mac(100 + n)}@10.9.${n >> 8}.${n & 255}`, `${mac(0)}@10.0.0.1`)
      .binds(mac(100 + n), `10.9.0.${n & 255}`);
  const { changed, refused, assetOf } = resolve(index, flood.observation(), newId);
  expect(index.size).toBe(10);
  expect(refused).toBeGreaterThan(490);
  expect(changed.length).toBeLessThan(11);
  const places = flood.observation().endpoints.map((_, i) => assetOf(i));
  expect(places).toContain(index.byMac(mac(0))?.id);
  expect(new Set(places.filter((one) => one !== null)).size).toBeLessThan(11);
});

test("a thousand new devices at once make no more findings than a person and a database can bear", () => {
  const index = new AssetIndex();
  const newId = countingIds();
  let baselines = new Map<string, Baseline>();
  const look = (seen: Seen) => {
    const observation = seen.observation();
    const { assetOf } = resolve(index, observation, newId);
    const output = detect({
      organisation: "00000000-0000-7000-8000-000000000001",
      site: "site",
      settings: defaultSettings,
      observation,
      assets: new Map(Array.from(index.assets(), (asset) => [asset.id, asset])),
      assetOf,
      learned: new Map(),
      baselines,
      permits: [],
      mutes: [],
      allowed: [],
      now: observation.to,
    });
    baselines = new Map(output.baselines.map((one) => [one.key, one]));
    return output.findings;
  };
  look(new Seen(SEEN_FROM - 30 * 86_400_000).talk(`${mac(0)}@10.0.0.1`, `${mac(1)}@10.0.0.2`));
  const flood = new Seen(SEEN_FROM);
  for (let n = 2; n < 1_000; n++) flood.talk(`${mac(n)}@10.1.${n >> 8}.${n & 255}`, `${mac(0)}@10.0.0.1`);
  const findings = look(flood);
  expect(findings).toHaveLength(MAX_FINDINGS);
  expect(findings.at(-1)?.parameters["more"]).toBeGreaterThan(500);
});

test("a list of devices that all share their name with thousands is held against them in a moment", () => {
  const index = new AssetIndex();
  const seen = new Seen();
  for (let n = 0; n < COUNT; n++)
    seen.talk(`${mac(n)}@10.1.${n >> 8}.${n & 255}`, mac(n + 1)).says(mac(n), "lldp", { name: "same" });
  resolve(index, seen.observation(), countingIds());
  const rows = Array.from({ length: 10_000 }, (_, n) => ({ number: `${n}`, name: "same" }));
  const from = performance.now();
  const { entries } = reconcile(rows, index.assets());
  expect(performance.now() - from).toBeLessThan(3_000);
  expect(new Set(entries.map(({ state }) => state))).toEqual(new Set(["ambiguous"]));
});
