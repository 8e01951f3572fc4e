/** Uploads as columns: the same each time, with numbers for endpoints and times before the end of the interval. */
import { expect, test } from "vitest";
import { modbusTalk, uploader } from "../../../../tests/support/ot.ts";
import { METADATA_VERSION, tables } from "../wire/metadata.ts";
import { MAX_ROWS_OF_BATCH, refusalOf, rowsIn } from "./body.ts";
import { endpointId } from "./endpoint-id.ts";
import { layouts } from "./layouts.ts";
import { toRows } from "./rows.ts";

const customer = {
  organisation: "0199a8a0-0000-7000-8000-000000000001",
  device: "0199a8a0-0000-7000-8000-000000000002",
};
const batch = () => {
  const { texts, given } = modbusTalk();
  return uploader(customer)({ from: 1_763_600_000_000, to: 1_763_600_010_000 }, texts, given);
};

test("a place has one number below 2^53, and a hundred thousand places have as many", () => {
  expect(endpointId(0x0080f4000002, 0, "192.168.10.20")).toBe(endpointId(0x0080f4000002, 0, "192.168.10.20"));
  const ids = new Set<number>();
  for (let i = 0; i < 100_000; i++)
    ids.add(endpointId(0x0080f4000000 + (i % 5_000), i % 3, `10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`));
  expect(ids.size).toBe(100_000);
  for (const id of ids) expect(Number.isSafeInteger(id) && id > 0).toBe(true);
});

test("the parts of a place do not run into each other", () => {
  const ids = [
    endpointId(1, 0, ""),
    endpointId(0, 1, ""),
    endpointId(0, 0, "1"),
    endpointId(4_294_967_296, 0, ""),
    endpointId(0, 0, ""),
  ];
  expect(new Set(ids).size).toBe(ids.length);
});

test("every table of an upload but its endpoints has its table in the store, column for column", () => {
  expect(layouts.map(({ from }) => from)).toEqual(Object.keys(tables).filter((name) => name !== "endpoints"));
  for (const { from, columns } of layouts)
    expect(columns.map(({ column }) => column)).toEqual(Object.keys(tables[from]));
});

test("rows of an upload: times before its end, none as the store's own none, and the same each time", () => {
  const rows = toRows([batch()]);
  expect(toRows([batch()])).toEqual(rows);
  const conversation = rows.find(({ table }) => table === "ot_conversation")?.columns;
  expect(conversation?.["first"]?.values).toEqual(Uint32Array.from([9_900]));
  expect(conversation?.["last"]?.values).toEqual(Uint32Array.from([100]));
  expect(conversation?.["client"]?.values).toEqual(
    BigUint64Array.from([BigInt(endpointId(0x001b1b000001, 0, "192.168.10.5"))]),
  );
  const command = rows.find(({ table }) => table === "ot_command")?.columns;
  expect(command?.["low"]?.values).toEqual(BigInt64Array.from([0n]));
  expect(command?.["label"]?.values).toEqual([""]);
  const nothing = batch();
  const { commands } = nothing.body.tables;
  const without = {
    ...nothing,
    body: { ...nothing.body, tables: { commands: { ...commands, low: [-1], high: [-1] } as never } },
  };
  const [, none] = toRows([without]);
  expect(none?.columns["low"]?.values).toEqual(BigInt64Array.from([4_294_967_296n]));
  expect(none?.columns["high"]?.values).toEqual(BigInt64Array.from([-1n]));
});

test.each([
  [
    "columns of different lengths",
    (body: ReturnType<typeof batch>["body"]) => ({
      ...body,
      tables: { ...body.tables, endpoints: { ...body.tables.endpoints, vlan: [] } },
    }),
    "METADATA_COLUMNS",
  ],
  [
    "an index beyond the endpoints",
    (body: ReturnType<typeof batch>["body"]) => ({ ...body, tables: { conversations: body.tables.conversations } }),
    "METADATA_COLUMNS",
  ],
  [
    "half a character",
    (body: ReturnType<typeof batch>["body"]) => ({ ...body, texts: body.texts.with(0, "\ud800") }),
    "METADATA_COLUMNS",
  ],
  [
    "an interval of two days",
    (body: ReturnType<typeof batch>["body"]) => ({ ...body, from: body.to - 2 * 86_400_000_000 }),
    "METADATA_INTERVAL",
  ],
])("refused at the door: %s", (_name, change, code) => {
  const good = batch();
  expect(refusalOf(good)).toBeNull();
  expect(refusalOf({ ...good, body: change(good.body) as never })).toBe(code);
});

test("rows are counted over all tables, and there is a most", () => {
  const one = batch();
  expect(one.body.version).toBe(METADATA_VERSION);
  expect(rowsIn(one.body)).toBe(6);
  const count = MAX_ROWS_OF_BATCH + 1;
  const mac = Array.from({ length: count }, (_, i) => i);
  const zeros = mac.map(() => 0);
  const many = { ...one.body, tables: { endpoints: { mac, vlan: zeros, address: zeros } } };
  expect(refusalOf({ ...one, body: many })).toBe("METADATA_TOO_MANY");
});
