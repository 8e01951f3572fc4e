import { array, assert, boolean, constantFrom, integer, property, record } from "fast-check";
import { describe, expect, test } from "vitest";
import { Fragments, MAX_FRAGMENTED, MAX_FRAGMENT_AGE } from "./fragments.ts";
import { double, FLOW_DOUBLES, FLOW_WORDS, FlowTable, word } from "./flows.ts";
import { KeyTable } from "./key-table.ts";
import { kinds, Packet } from "./packet.ts";
import { Half, MAX_EARLY_SEGMENTS } from "./reassembly.ts";

describe("keys", () => {
  test("rows are those of a map", () => {
    assert(
      property(
        array(array(integer({ min: -3, max: 3 }), { minLength: 3, maxLength: 3 }), { maxLength: 200 }),
        (keys) => {
          const table = new KeyTable(3, 400);
          const model = new Map<string, number>();
          for (const key of keys) {
            table.key.set(key);
            const known = model.get(key.join());
            expect(table.find()).toBe(known ?? -1);
            const row = table.put();
            expect(table.fresh).toBe(known === undefined);
            expect(row).toBe(known ?? model.size);
            model.set(key.join(), row);
            expect(key.map((_, i) => table.word(row, i))).toEqual(key);
          }
          expect(table.count).toBe(model.size);
        },
      ),
    );
  });

  test("a full table refuses the new and keeps the old", () => {
    const table = new KeyTable(1, 4);
    const put = (key: number): number => {
      table.key[0] = key;
      return table.put();
    };
    expect([9, 8, 7, 6, 5, 8].map(put)).toEqual([0, 1, 2, 3, -1, 1]);
    table.clear();
    expect(put(5)).toBe(0);
  });
});

describe("conversations", () => {
  const packet = (a: number, b: number, from: number, to: number, time: number): Packet =>
    Object.assign(new Packet(), {
      kind: kinds.udp,
      ipVersion: 4,
      source: a,
      destination: b,
      sourcePort: from,
      destinationPort: to,
      time,
    });
  const enter = (table: FlowTable, p: Packet): number => {
    const flow = table.locate(p, 0);
    table.words[flow * FLOW_WORDS + word.serial] = 1;
    table.doubles[flow * FLOW_DOUBLES + double.last] = p.time;
    return flow;
  };

  test("both directions are one conversation, whatever the addresses", () => {
    const any = integer({ min: -5, max: 5 });
    const port = integer({ min: 0, max: 3 });
    assert(
      property(array(record({ a: any, b: any, from: port, to: port }), { maxLength: 80 }), (packets) => {
        const table = new FlowTable(() => {}, 512);
        const model = new Map<string, number>();
        for (const { a, b, from, to } of packets) {
          const ends = [`${a}:${from}`, `${b}:${to}`].sort().join(" ");
          const flow = enter(table, packet(a, b, from, to, 0));
          const { side } = table;
          expect(flow).toBe(model.get(ends) ?? flow);
          model.set(ends, flow);
          expect(enter(table, packet(b, a, to, from, 0))).toBe(flow);
          if (a !== b || from !== to) expect(table.side).toBe(1 - side);
        }
        expect(table.count).toBe(model.size);
      }),
    );
  });

  test("a full table ends the longest idle, and the others are still found", () => {
    const ended: number[] = [];
    const table = new FlowTable((flow) => void ended.push(flow), 16);
    const flows = Array.from({ length: 16 }, (_, i) => enter(table, packet(i, 100, 1, 2, i === 5 ? 0 : 1_000 + i)));
    const one = enter(table, packet(50, 100, 1, 2, 2_000));
    expect(ended).toEqual([flows[5]]);
    expect(one).toBe(flows[5]);
    for (const i of [0, 4, 6, 15]) expect(table.locate(packet(i, 100, 1, 2, 2_001), 0)).toBe(flows[i]);
    expect(table.count).toBe(16);
    table.expire(2_000, () => 500);
    expect(table.count).toBe(1);
    table.clear();
    expect(table.count).toBe(0);
  });

  test("ending in any order leaves the rest", () => {
    assert(
      property(array(record({ key: integer({ min: 0, max: 40 }), end: boolean() }), { maxLength: 200 }), (steps) => {
        const table = new FlowTable(() => {}, 64);
        const model = new Map<number, number>();
        for (const { key, end } of steps) {
          const known = model.get(key);
          if (end && known !== undefined) {
            table.remove(known);
            model.delete(key);
          } else if (!end) {
            const flow = enter(table, packet(key, 77, 5, 6, 0));
            expect(flow).toBe(known ?? flow);
            model.set(key, flow);
          }
        }
        expect(table.count).toBe(model.size);
        for (const [key, flow] of model) expect(table.locate(packet(key, 77, 5, 6, 0), 0)).toBe(flow);
      }),
    );
  });
});

describe("fragments", () => {
  const addresses = new Uint8Array(8);
  const whole = Uint8Array.from({ length: 100 }, (_, i) => i);
  const add = (fragments: Fragments, id: number, from: number, to: number, time = 0): number => {
    const bytes = Uint8Array.from([...addresses, ...whole.subarray(from, to)]);
    return fragments.add(bytes, 0, 8, id, 17, 0, 8, bytes.length, from, to < 100, time, 50);
  };

  test("any cut in any order with repetitions gives the whole, once", () => {
    const order = array(constantFrom(...Array.from({ length: 13 }, (_, i) => i)), { minLength: 0, maxLength: 40 });
    assert(
      property(order, (pieces) => {
        const fragments = new Fragments();
        const seen = new Set<number>();
        let complete = 0;
        for (const piece of [...pieces, ...Array.from({ length: 13 }, (_, i) => i)]) {
          if (complete > 0) break;
          seen.add(piece);
          const length = add(fragments, 1, piece * 8, Math.min(100, piece * 8 + 8));
          expect(length).toBe(seen.size === 13 ? 100 : -1);
          if (length < 0) continue;
          complete++;
          expect(fragments.whole.slice(0, 100)).toEqual(whole);
          expect(fragments.overlap).toBe(false);
        }
        expect(complete).toBe(1);
      }),
    );
  });

  test("limits: number, age, and fragments that cannot be", () => {
    const fragments = new Fragments();
    for (let id = 0; id < MAX_FRAGMENTED + 10; id++) add(fragments, id, 0, 8);
    expect(fragments.givenUp).toBe(10);
    expect(add(fragments, MAX_FRAGMENTED, 8, 100)).toBe(100);
    add(fragments, 9_999, 0, 8, MAX_FRAGMENT_AGE + 1);
    expect(fragments.givenUp).toBe(10 + MAX_FRAGMENTED - 1);
    expect(add(fragments, 1, 0, 7)).toBe(-1);
    const late = fragments.add(new Uint8Array(200), 0, 8, 5, 17, 0, 8, 200, 65_400, false, 0, 1);
    expect(late).toBe(-1);
  });
});

describe("a half of a stream", () => {
  test("early segments come out in order over the wrap, at most so many", () => {
    const half = new Half();
    const start = 0x7fff_fff0 | 0;
    for (const offset of [24, 8, 16, 8, 0]) half.delay((start + offset) | 0, new Uint8Array(8), 0, 8, 5);
    const order = [];
    for (let one = half.takeEarly(); one !== undefined; one = half.takeEarly()) order.push((one.sequence - start) | 0);
    expect(order).toEqual([0, 8, 16, 24]);
    for (let i = 0; i < MAX_EARLY_SEGMENTS; i++) half.delay(i * 8, new Uint8Array(8), 0, 8, 5);
    expect(half.impatient(6)).toBe(true);
  });

  test("what is kept grows and shrinks with what is appended and consumed", () => {
    const half = new Half();
    half.append(Uint8Array.of(1, 2, 3, 4), 1, 4);
    half.append(new Uint8Array(5_000).fill(9), 0, 5_000);
    expect([...half.kept.subarray(0, 4), half.length]).toEqual([2, 3, 4, 9, 5_003]);
    half.consume(2);
    expect([half.kept[0], half.length]).toEqual([4, 5_001]);
    half.forget();
    expect(half.length).toBe(0);
  });
});
