import { describe, expect, test } from "vitest";
import { countingIds, Seen, SEEN_FROM } from "../../../../../tests/support/seen.ts";
import { AssetIndex } from "./asset-index.ts";
import { compare, type PeriodTalk } from "./compare.ts";
import { impactOf } from "./impact.ts";
import { reconcile } from "./reconcile.ts";
import { addressesIn, columnsOf, macsIn, rowOf } from "./register-list.ts";
import { resolve } from "./resolve.ts";

const plc = "00:0e:8c:00:00:10";
const hmi = "00:0e:8c:00:00:20";
const hour = 3_600_000;
const siteOf = (...batches: Seen[]): AssetIndex => {
  const index = new AssetIndex();
  const newId = countingIds();
  for (const batch of batches) resolve(index, batch.observation(), newId);
  return index;
};

describe("impact (OT-14)", () => {
  const uses = (client: string, server: string, protocol: "modbus" | "dns" | "arp" = "modbus") => ({
    client,
    server,
    protocol,
    last: 5,
  });
  test("who asks a device, and who asks those", () => {
    const found = impactOf("plc", [
      uses("hmi", "plc"),
      uses("hmi", "plc", "dns"),
      uses("scada", "hmi"),
      uses("mes", "scada"),
      uses("erp", "mes"),
      uses("plc", "plc"),
      uses("pc", "plc", "arp"),
      uses("plc", "scada"),
    ]);
    expect(found.direct).toEqual([{ asset: "hmi", protocols: ["modbus", "dns"], last: 5 }]);
    expect(found.indirect).toEqual([
      { asset: "scada", through: "hmi", steps: 2 },
      { asset: "mes", through: "scada", steps: 3 },
    ]);
    expect(found.factory).toBe(1);
  });
  test("what is plugged into a switch is hurt with it", () => {
    const index = siteOf(
      new Seen().says(hmi, "lldp", { name: "SW-1" }).says(plc, "lldp", { "attached-to": "sw-1|port-3", name: "press" }),
    );
    const [switchId, plcId] = [index.byMac(hmi)?.id ?? "", index.byMac(plc)?.id];
    expect(impactOf(switchId, [], index.assets()).attached).toEqual([plcId]);
  });
});

describe("comparison of two periods (OT-14)", () => {
  const amount = (bytes: number | null) => (bytes === null ? null : { bytes, packets: bytes / 100 });
  const talk = (server: string, before: number | null, after: number | null): PeriodTalk => {
    const ends = { client: "a", server, protocol: "modbus", port: 502 } as const;
    return { ...ends, before: amount(before), after: amount(after) };
  };
  test("periods of different length: volumes count per hour", () => {
    const talks = [talk("same", 24e6, 1.2e6), talk("more", 24e6, 3e6), talk("gone", 24, null), talk("new", null, 7)];
    const periods = [
      { from: 0, to: 24 * hour },
      { from: 24 * hour, to: 25 * hour },
    ] as const;
    const { conversations, volumes } = compare(...periods, { talks, commands: [], assets: [] });
    expect(conversations.items.map(({ server, change, bytes }) => [server, change, bytes])).toEqual([
      ["new", "new", { before: 0, after: 7 }],
      ["gone", "gone", { before: 1, after: 0 }],
      ["more", "changed", { before: 1e6, after: 3e6 }],
    ]);
    expect(conversations).toMatchObject({ before: 3, after: 3 });
    expect(volumes[0]).toMatchObject({ protocol: "modbus", bytes: { before: 2_000_001, after: 4_200_007 } });
  });
  test("commands: a new one, and one that is asked ten times as often", () => {
    const command = (code: number, before: number | null, after: number) =>
      ({ client: "a", server: "b", protocol: "s7comm", code, before, after }) as const;
    const { commands } = compare(
      { from: 0, to: hour },
      { from: hour, to: 2 * hour },
      { talks: [], commands: [command(4, 100, 1_000), command(5, 100, 101), command(0x1a, null, 1)], assets: [] },
    );
    expect(commands.items.map(({ code, change }) => `${code} ${change}`)).toEqual(["26 new", "4 changed"]);
    expect(commands).toMatchObject({ before: 2, after: 3 });
  });
  test("what was done once a day is no rate of 0", () => {
    const ends = { client: "a", server: "b", protocol: "s7comm", code: 0x29 } as const;
    const days = [
      { from: 0, to: 24 * hour },
      { from: 24 * hour, to: 48 * hour },
    ] as const;
    const { commands } = compare(...days, { talks: [], commands: [{ ...ends, before: null, after: 1 }], assets: [] });
    expect(commands.items[0]?.count).toEqual({ before: 0, after: 0.042 });
  });
  test("devices that came and went, and a firmware that changed", () => {
    const day = 24 * hour;
    const index = siteOf(
      new Seen(SEEN_FROM).says(plc, "cip", { firmware: "20.11", model: "1756-L61" }).talk(plc, hmi),
      new Seen(SEEN_FROM + day)
        .says(plc, "cip", { firmware: "20.13", model: "1756-L61" })
        .talk(plc, "00:0e:8c:00:00:30"),
    );
    const period = (from: number) => ({ from, to: from + hour });
    const facts = { talks: [], commands: [], assets: [...index.assets()] };
    const { assets } = compare(period(SEEN_FROM), period(SEEN_FROM + day), facts);
    expect(assets.items.map(({ change, asset }) => `${change} ${asset}`)).toEqual(["new a3", "gone a2"]);
    expect(assets).toMatchObject({ before: 2, after: 2 });
    expect(assets.attributes).toEqual([
      { asset: "a1", attribute: "firmware", before: "20.11", after: "20.13", at: SEEN_FROM + day },
    ]);
  });
});

describe("the customer's own list (OT-10)", () => {
  const index = siteOf(
    new Seen()
      .binds(plc, "10.0.0.10")
      .says(`${plc}@10.0.0.10`, "s7comm", {
        vendor: "Siemens AG",
        model: "CPU 315-2 PN/DP",
        serial: "S C-X4U421302009",
        name: "PRESS_1",
      })
      .says(`${hmi}@10.0.0.20`, "smb2", { name: "HMI01.factory.local" })
      .talk("@10.7.0.7", "@10.7.0.8")
      .says(`@10.7.0.7`, "dns", { name: "twin" })
      .says(`@10.7.0.8`, "dns", { name: "twin" }),
  );
  test("headers in Japanese and English find their columns", () => {
    const columns = columnsOf([
      "管理 番号",
      "設備名称",
      "ＭＡＣアドレス",
      "IPアドレス（固定）",
      "メーカー名",
      "型式",
      "製造番号",
      "設置場所",
      "備考",
    ]);
    expect(Object.fromEntries(columns)).toEqual({
      number: 0,
      name: 1,
      mac: 2,
      address: 3,
      vendor: 4,
      model: 5,
      serial: 6,
      place: 7,
      note: 8,
    });
    expect(
      Object.fromEntries(
        columnsOf(["Asset Tag", "Host Name", "IP Address", "Manufacturer", "Serial No.", "Department"]),
      ),
    ).toEqual({ number: 0, name: 1, address: 2, vendor: 3, serial: 4, owner: 5 });
    expect(Object.fromEntries(columnsOf(["装置", "IP"], { name: "装置" }))).toEqual({ name: 0, address: 1 });
  });
  test("MACs and addresses in any writing", () => {
    expect(macsIn("00-0E-8C-00-00-10 / 000e.8c00.0020")).toEqual([plc, hmi]);
    expect(addressesIn("192.168.001.010/24、10.0.0.1")).toEqual(["192.168.1.10", "10.0.0.1"]);
  });
  test("rows are matched by MAC, serial number, address, name, and what is otherwise is told", () => {
    const columns = columnsOf(["mac", "serial", "ip", "name", "vendor", "type", "role"]);
    const rows = [
      ["00-0E-8C-00-00-10", "", "10.0.0.11", "press_1", "オムロン株式会社", "6ES7 315", "シーケンサ"],
      ["", "", "", "hmi01", "", "", ""],
      ["", "", "10.99.0.1", "spare", "", "", ""],
      ["", "", "", "twin", "", "", ""],
    ].map((cells) => rowOf(cells, columns));
    const { entries, unregistered } = reconcile(rows, index.assets());
    expect(entries.map(({ state, by }) => `${state} ${by}`)).toEqual([
      "differs mac",
      "matched name",
      "unseen null",
      "ambiguous name",
    ]);
    expect(entries[0]?.differences.map(({ field }) => field)).toEqual(["address", "vendor", "model"]);
    expect(unregistered).toHaveLength(2);
  });
  test("a serial number is the same with or without spaces and leading zeros", () => {
    const { entries } = reconcile([{ serial: "SC-X4U421302009" }], index.assets());
    expect(entries[0]).toMatchObject({ state: "matched", by: "serial", differences: [] });
  });
  test("two rows for one device: the one that knows the MAC has it", () => {
    const { entries } = reconcile([{ address: "10.0.0.10" }, { mac: plc }], index.assets());
    expect(entries.map(({ state }) => state)).toEqual(["ambiguous", "matched"]);
  });
});
