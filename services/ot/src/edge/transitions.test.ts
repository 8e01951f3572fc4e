/** The order of functions on its way to the server (OT-20): schema, parts, tokens, preview, ledger; and bodies of sensors that do not know it. */
import { createHash } from "node:crypto";
import { Value } from "typebox/value";
import { expect, test } from "vitest";
import { TEST_TIME, tcpConversation } from "@yagura/packets/build/conversation.ts";
import { observe } from "../analysis/observe.ts";
import type { Interval } from "../decode/engine.ts";
import { refusalOf } from "../ingest/body.ts";
import { toRows } from "../ingest/rows.ts";
import { FIRST_PREVIOUS, ledgerOf } from "../wire/ledger.ts";
import { METADATA_VERSION, MetadataBody, rowsOf } from "../wire/metadata.ts";
import { openTokens } from "../wire/tokens.ts";
import { makeEngine } from "./engine.ts";
import { previewLines } from "./preview.ts";
import { split } from "./split.ts";
import { nodeTokenCrypto } from "./token-crypto.ts";
import { tokenise } from "./tokenise.ts";

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");
const host = (i: number) => ({ mac: `00:1b:1b:00:00:${(16 + i).toString(16)}`, address: `192.168.1.${100 + i}` });
/** A panel that asks so many controllers for two functions in turn, by Modbus/TCP. */
function interval(servers: number): Interval {
  const { engine } = makeEngine();
  let last = 0;
  for (let i = 1; i <= servers; i++) {
    const asks = [3, 16, 3].map((code, n) => ({
      from: "client" as const,
      bytes: Uint8Array.of(0, n, 0, 0, 0, code === 3 ? 6 : 9, 1, code, 0, 0, 0, 1, ...(code === 3 ? [] : [2, 0, 7])),
    }));
    const ends = { client: host(0), server: host(i), serverPort: 502, clientPort: 40_000 + i, time: TEST_TIME + i };
    for (const { time, frame } of tcpConversation(ends, asks))
      engine.packet(frame, 0, frame.length, frame.length, (last = time), 1, 0);
  }
  const taken = engine.take(last + 1_000_000);
  if (taken === null) throw new Error("nothing was seen");
  return taken;
}
const bodyOf = (from: Interval): MetadataBody => ({
  version: METADATA_VERSION,
  ...from,
  ledger: { number: 1, previous: FIRST_PREVIOUS },
  tokens: null,
});
/** Who asked whom for what after what. */
const spelled = (one: Interval): string[] => {
  const { endpoints, transitions } = observe(bodyOf(one), { sensor: "s", clockOffset: 0 });
  const at = (index: number): string => endpoints[index]?.address ?? "?";
  return transitions.map(({ client, server, from, to, count }) => `${at(client)} ${at(server)} ${from.code}>${to.code} x${count}`).toSorted(); // prettier-ignore
};
const batch = (body: MetadataBody) => ({
  organisation: "01900000-0000-7000-8000-000000000001" as never,
  device: "01900000-0000-7000-8000-000000000002" as never,
  epoch: "e",
  sequence: 1,
  receivedAt: body.to,
  clockOffset: 0,
  body,
});

test("OT-20 the schema and the door take it, in one piece and in parts", () => {
  const whole = interval(20);
  const told = spelled(whole);
  expect(told).toHaveLength(40);
  expect(told[0]).toBe("192.168.1.100 192.168.1.101 16>3 x1");
  const parts = split(whole, 2_500);
  expect(parts.length).toBeGreaterThan(2);
  for (const part of [whole, ...parts]) {
    expect(Value.Check(MetadataBody, bodyOf(part))).toBe(true);
    expect(refusalOf(batch(bodyOf(part)))).toBeNull();
  }
  expect(parts.flatMap(spelled).toSorted()).toEqual(told);
});

test("OT-20 tokens hide who, not what; the preview names the functions", async () => {
  const tokens = await openTokens(new Uint8Array(32).fill(7), nodeTokenCrypto);
  const hidden = await tokenise(interval(1), tokens);
  expect(JSON.stringify(hidden)).not.toContain("192.168.1.");
  expect([...rowsOf(hidden, "transitions")].map(({ fromCode, toCode, count }) => [fromCode, toCode, count])).toEqual([
    [3, 16, 1],
    [16, 3, 1],
  ]);
  const lines = [...previewLines(bodyOf(interval(1)))];
  const head = lines.findIndex((line) => line.startsWith("transitions (2)"));
  expect(lines[head + 2]).toMatch(/192\.168\.1\.100 .*Modbus\/TCP .*Read Holding Registers \(read\) .*\(write\)/);
});

test("OT-20 it has its rows in the store and its part in the ledger; a sensor without it is read as ever", () => {
  const body = bodyOf(interval(2));
  const rows = toRows([batch(body)]).find(({ table }) => table === "ot_transition")?.columns;
  expect(rows?.["from_code"]?.values).toEqual(Uint32Array.from([3, 16, 3, 16]));
  const { transitions: _transitions, ...tables } = body.tables;
  const old = { ...body, tables };
  expect(ledgerOf(old, sha256).hash).not.toBe(ledgerOf(body, sha256).hash);
  expect(Value.Check(MetadataBody, old)).toBe(true);
  expect(refusalOf(batch(old))).toBeNull();
  expect(observe(old, { sensor: "s", clockOffset: 0 }).transitions).toEqual([]);
  expect(toRows([batch(old)]).some(({ table }) => table === "ot_transition")).toBe(false);
});
