import { expect, test } from "vitest";
import { bodyOf, modbusTalk } from "../../../../tests/support/ot.ts";
import { observe } from "../analysis/observe.ts";
import { toRows } from "../ingest/rows.ts";

test("a name that writes backwards or breaks lines is told with a mark in its place, on pages and in telemetry", () => {
  const { texts, given } = modbusTalk();
  const names = texts.map((text) => (text === "PLC-7" ? "PLC\u202e7-\u2028x\u0085\u200b" : text));
  const body = bodyOf({ from: 0, to: 10_000 }, names, given);
  const shown = "PLC\ufffd7-\ufffdx\ufffd\ufffd";
  expect(observe(body, { sensor: "s", clockOffset: 0 }).identities[0]?.value).toBe(shown);
  const id = "00000000-0000-7000-8000-000000000001";
  const rows = toRows([{ device: id, organisation: id, epoch: "e", sequence: 1, receivedAt: 0, clockOffset: 0, body }]);
  expect(rows.find(({ table }) => table === "ot_identity")?.columns["value"]?.values).toEqual([shown]);
});
