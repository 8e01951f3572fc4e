import { describe, expect, test } from "vitest";
import { TEST_TIME, tcpConversation, udpConversation } from "@yagura/packets/build/conversation.ts";
import { arp, concat, ethernet, hex, ip, llc, tagged, u16, udp, udpDatagram } from "@yagura/packets/build/frames.ts";
import {
  client,
  client6,
  engineOf,
  fedOf,
  feed,
  modbusAnswer,
  modbusRead,
  polls,
  server,
  server6,
} from "../../../../tests/support/engine.ts";
import { attributes, bindings } from "../wire/vocabulary.ts";
import type { SignatureView } from "./signatures.ts";

const ends = { client, server, serverPort: 502 };
const modbus = ["modbus 3 4 q5 a5 e0"];

describe("OST-T01 from packets to tables", () => {
  test("a Modbus conversation: who, how much, which commands", () => {
    const fed = feed(tcpConversation(ends, polls(5)));
    expect(fed.conversations()).toEqual(["192.0.2.1 > 192.0.2.2 tcp/502 modbus 9+7"]);
    expect(fed.commands()).toEqual(modbus.map((text) => text.replace(" 4 ", ` ${fed.rows("commands")[0]?.object} `)));
    const [row] = fed.rows("conversations");
    expect(row).toMatchObject({
      connections: 1,
      refused: 0,
      unanswered: 0,
      retransmissions: 0,
      missing: 0,
      rtt: 1_000,
    });
    expect(fed.rows("commands")[0]).toMatchObject({ low: 100, high: 109, unit: 1, requests: 5, responses: 5 });
    expect(fed.capture()).toMatchObject({ packets: 16, payloads: 10, undissected: 0, twoWay: 1, oneWay: 0 });
    expect(fed.interval?.urgent).toBe(true);
  });

  test("the same on a foreign port is found by its bytes", () => {
    const fed = feed(tcpConversation({ ...ends, serverPort: 40_502 }, polls(5)));
    expect(fed.conversations()).toEqual(["192.0.2.1 > 192.0.2.2 tcp/40502 modbus 9+7"]);
  });

  test("what is no Modbus on its port is not claimed", () => {
    const junk = hex("ff fe fd fc fb fa f9 f8 f7 f6 f5 f4");
    const fed = feed(
      tcpConversation(ends, [
        { from: "client", bytes: junk },
        { from: "server", bytes: junk },
      ]),
    );
    expect(fed.conversations()).toEqual(["192.0.2.1 > 192.0.2.2 tcp/502 unknown 5+3"]);
    expect(fed.capture()).toMatchObject({ payloads: 2, undissected: 2 });
  });

  test("a sensor that is switched on in mid-stream finds client and server", () => {
    const fed = feed(tcpConversation(ends, polls(5).slice(1), { handshake: false, fin: false }));
    expect(fed.conversations()).toEqual(["192.0.2.1 > 192.0.2.2 tcp/502 modbus 4+5"]);
  });

  test("known things are not urgent again, and conversations go on over intervals", () => {
    const engine = engineOf();
    const frames = tcpConversation(ends, polls(40));
    const give = (part: typeof frames): void => {
      for (const { time, frame } of part) engine.packet(frame, 0, frame.length, frame.length, time, 1, 0);
    };
    give(frames.slice(0, 40));
    const first = fedOf(engine, engine.take(frames[39]?.time as number));
    expect(engine.urgent).toBe(false);
    give(frames.slice(40));
    expect(engine.urgent).toBe(false);
    const second = fedOf(engine, engine.take((frames.at(-1)?.time as number) + 1));
    expect(first.interval?.urgent).toBe(true);
    expect(second.interval?.urgent).toBe(false);
    expect(second.interval?.from).toBe(first.interval?.to);
    const sum = (name: "packetsOut" | "packetsIn"): number =>
      [first, second].reduce((all, fed) => all + (fed.rows("conversations")[0]?.[name] ?? 0), 0);
    expect(sum("packetsOut") + sum("packetsIn")).toBe(frames.length);
    expect(engine.take((frames.at(-1)?.time as number) + 2)).toBeNull();
  });

  test("names and addresses are told once in an upload", () => {
    const fed = feed([...tcpConversation(ends, polls(3)), { time: TEST_TIME + 1e6, frame: arp(1, client, server) }]);
    expect(new Set(fed.interval?.texts).size).toBe(fed.interval?.texts.length);
    const [binding] = fed.rows("bindings");
    expect(binding).toMatchObject({ mac: 0x02_00_00_00_00_01, kind: bindings.indexOf("arp-request"), count: 1 });
  });
});

describe("OST-T01 link layers", () => {
  const frames = tcpConversation(ends, polls(5));
  const inner = frames.map(({ time, frame }) => ({ time, frame: frame.subarray(14) }));
  const cooked = (bytes: Uint8Array): Uint8Array => concat(hex("0000 0001 0006 020000000001 0000 0800"), bytes);
  const cooked2 = (bytes: Uint8Array): Uint8Array =>
    concat(hex("0800 0000 00000002 0001 00 06 020000000001 0000"), bytes);
  const erspan = (frame: Uint8Array): Uint8Array => {
    const gre = concat(hex("1000 88be 00000001 1001000000000000"), frame);
    return ethernet({ source: client.mac, destination: server.mac, type: 0x0800 }, ip(client, server, 47, gre));
  };
  const vxlan = (frame: Uint8Array): Uint8Array =>
    udp(client, server, { from: 50_000, to: 4_789 }, concat(hex("08000000 00002a00"), frame));
  test.each([
    {
      name: "Ethernet",
      linkType: 1,
      of: inner,
      wrap: (b: Uint8Array) => ethernet({ source: client.mac, destination: server.mac, type: 0x0800 }, b),
    },
    { name: "raw IP", linkType: 101, of: inner, wrap: (b: Uint8Array) => b },
    { name: "Linux cooked", linkType: 113, of: inner, wrap: cooked },
    { name: "Linux cooked v2", linkType: 276, of: inner, wrap: cooked2 },
    { name: "null", linkType: 0, of: inner, wrap: (b: Uint8Array) => concat(hex("02000000"), b) },
    { name: "PPP", linkType: 9, of: inner, wrap: (b: Uint8Array) => concat(hex("ff03 0021"), b) },
    {
      name: "PPPoE",
      linkType: 1,
      of: inner,
      wrap: (b: Uint8Array) =>
        ethernet(
          { source: client.mac, destination: server.mac, type: 0x8864 },
          concat(hex("1100 0001"), u16(b.length + 2), hex("0021"), b),
        ),
    },
    {
      name: "SNAP",
      linkType: 1,
      of: inner,
      wrap: (b: Uint8Array) =>
        llc({ source: client.mac, destination: server.mac, sap: 0xaa }, concat(hex("000000 0800"), b)),
    },
    {
      name: "MPLS",
      linkType: 1,
      of: inner,
      wrap: (b: Uint8Array) =>
        ethernet({ source: client.mac, destination: server.mac, type: 0x8847 }, concat(hex("0001 4040 0001 5140"), b)),
    },
    { name: "ERSPAN", linkType: 1, of: frames, wrap: erspan },
    { name: "VXLAN", linkType: 1, of: frames, wrap: vxlan },
    {
      name: "R-TAG",
      linkType: 1,
      of: inner,
      wrap: (b: Uint8Array) =>
        ethernet({ source: client.mac, destination: server.mac, type: 0xf1c1 }, concat(hex("0000 0001 0800"), b)),
    },
  ])("$name", ({ linkType, of, wrap }) => {
    const fed = feed(
      of.map(({ time, frame }) => ({ time, frame: wrap(frame) })),
      { linkType },
    );
    expect(fed.conversations()).toEqual(["192.0.2.1 > 192.0.2.2 tcp/502 modbus 9+7"]);
    expect(fed.rows("weirds")).toEqual([]);
  });

  test.each([
    { name: "802.1Q trunk", tag: (frame: Uint8Array, id: number) => tagged(frame, id) },
    { name: "QinQ", tag: (frame: Uint8Array, id: number) => tagged(tagged(frame, id), 100, 0x88a8) },
    { name: "QinQ of old", tag: (frame: Uint8Array, id: number) => tagged(tagged(frame, id), 100, 0x9100) },
  ])("$name gives hosts of each VLAN", ({ tag }) => {
    // A second apart: the same packet in two VLANs at once is a copy of the mirror.
    const fed = feed(
      [10, 20].flatMap((id) => frames.map(({ time, frame }) => ({ time: time + id * 1e5, frame: tag(frame, id) }))),
    );
    expect(fed.conversations()).toEqual([
      "10/192.0.2.1 > 10/192.0.2.2 tcp/502 modbus 9+7",
      "20/192.0.2.1 > 20/192.0.2.2 tcp/502 modbus 9+7",
    ]);
    expect(fed.capture().tagged).toBe(32);
  });

  test("spanning tree over LLC and unknown EtherTypes are conversations below IP", () => {
    const bpdu = llc(
      { source: client.mac, destination: "01:80:c2:00:00:00", sap: 0x42 },
      hex("0000 00 00 00 8000020000000001 00000000 8000020000000001 8001 0000 1400 0200 0f00"),
    );
    const odd = ethernet({ source: client.mac, destination: server.mac, type: 0x9999 }, new Uint8Array(50));
    const fed = feed([
      { time: TEST_TIME, frame: bpdu },
      { time: TEST_TIME + 1, frame: odd },
    ]);
    expect(fed.conversations()).toEqual([
      "020000000001 > 020000000002 ethernet/39321 unknown 1+0",
      "020000000001 > 0180c2000000 llc/66 stp 1+0",
    ]);
    expect(fed.capture()).toMatchObject({ broadcasts: 1, unicasts: 1 });
  });
});

describe("OST-T01 IP", () => {
  const udpEnds = { client, server, serverPort: 502 };
  const payload = modbusRead(1);

  test("options of IPv4 and extension headers of IPv6 are passed over", () => {
    const segment = udpDatagram(client, server, { from: 50_000, to: 502 }, payload);
    const four = ethernet(
      { source: client.mac, destination: server.mac, type: 0x0800 },
      ip(client, server, 17, segment, { options: hex("94040000 01") }),
    );
    const segment6 = udpDatagram(client6, server6, { from: 50_000, to: 502 }, payload);
    const extensions = concat(hex("3c 00 0104 0000 0000"), hex("11 00 0104 0000 0000"), segment6);
    const six = ethernet(
      { source: client.mac, destination: server.mac, type: 0x86dd },
      ip(client6, server6, 0, extensions),
    );
    const fed = feed([
      { time: TEST_TIME, frame: four },
      { time: TEST_TIME + 1, frame: six },
    ]);
    expect(fed.conversations()).toEqual([
      "192.0.2.1 > 192.0.2.2 udp/502 modbus 1+0",
      "2001:db8::1 > 2001:db8::2 udp/502 modbus 1+0",
    ]);
  });

  const fragments = (more: number[]): { time: number; frame: Uint8Array }[] => {
    const datagram = udpDatagram(client, server, { from: 50_000, to: 502 }, payload);
    return more.map((offset, i) => ({
      time: TEST_TIME + i,
      frame: ethernet(
        { source: client.mac, destination: server.mac, type: 0x0800 },
        ip(client, server, 17, datagram.subarray(offset, offset + 8), {
          id: 77,
          fragmentOffset: offset,
          moreFragments: offset + 8 < datagram.length,
        }),
      ),
    }));
  };
  test.each([{ order: [0, 8, 16] }, { order: [16, 0, 8] }, { order: [8, 16, 8, 0] }])(
    "fragments in the order $order",
    ({ order }) => {
      const fed = feed(fragments(order));
      expect(fed.conversations()).toEqual(["192.0.2.1 > 192.0.2.2 udp/502 modbus 1+0"]);
      expect(fed.rows("weirds")).toEqual([]);
    },
  );
  test("fragments of which one is missing give nothing", () => {
    expect(feed(fragments([0, 16])).conversations()).toEqual([]);
  });
  test("fragments that contradict each other are weird", () => {
    const [first, second] = fragments([0, 8]);
    const other = Uint8Array.from(first?.frame ?? []);
    other[36] = 0xff;
    const fed = feed([first, { time: TEST_TIME, frame: other }, second].filter((one) => one !== undefined));
    expect(fed.rows("weirds")).toHaveLength(1);
    expect(fed.capture().malformed).toBe(1);
  });

  test("echo and its answer are one conversation", () => {
    const echo = (type: number): Uint8Array => hex(`0${type}00 0000 0001 0001 61626364`);
    const frame = (type: number): Uint8Array =>
      type === 8
        ? ethernet(
            { source: client.mac, destination: server.mac, type: 0x0800 },
            ip(client, server, 1, echo(8), { id: 5 }),
          )
        : ethernet(
            { source: server.mac, destination: client.mac, type: 0x0800 },
            ip(server, client, 1, echo(0), { id: 6 }),
          );
    const fed = feed([
      { time: TEST_TIME, frame: frame(8) },
      { time: TEST_TIME + 9, frame: frame(0) },
    ]);
    expect(fed.conversations()).toEqual(["192.0.2.1 > 192.0.2.2 icmp/8 icmp 1+1"]);
  });

  test("neighbour discovery binds addresses to MACs", () => {
    const solicitation = concat(
      hex("87 00 0000 00000000"),
      hex("20010db8000000000000000000000002"),
      hex("01 01 020000000001"),
    );
    const advertisement = concat(
      hex("88 00 0000 60000000"),
      hex("20010db8000000000000000000000002"),
      hex("02 01 020000000002"),
    );
    const frame = (from: typeof client6, to: typeof client6, body: Uint8Array): Uint8Array =>
      ethernet({ source: from.mac, destination: to.mac, type: 0x86dd }, ip(from, to, 58, body, { ttl: 255 }));
    const fed = feed([
      { time: TEST_TIME, frame: frame(client6, server6, solicitation) },
      { time: TEST_TIME + 9, frame: frame(server6, client6, advertisement) },
    ]);
    expect(fed.rows("bindings").map(({ mac, address, kind }) => [mac, fed.interval?.texts[address], kind])).toEqual([
      [0x02_00_00_00_00_01, "2001:db8::1", bindings.indexOf("nd")],
      [0x02_00_00_00_00_02, "2001:db8::2", bindings.indexOf("nd")],
    ]);
  });

  test("an address that changes its MAC is urgent", () => {
    const engine = engineOf();
    const give = (frame: Uint8Array, time: number): void =>
      engine.packet(frame, 0, frame.length, frame.length, time, 1, 0);
    const other = { mac: "02:00:00:00:00:99", address: server.address };
    for (const [i, frame] of [arp(1, client, server), arp(2, server, client), arp(2, other, client)].entries())
      give(frame, TEST_TIME + i);
    engine.take(TEST_TIME + 10);
    give(arp(2, server, client), TEST_TIME + 11);
    expect(engine.urgent).toBe(true);
  });

  test("datagrams of cyclic unknown traffic have a rhythm", () => {
    const junk = hex("ff fe fd fc fb fa f9 f8");
    const messages = Array.from({ length: 40 }, () => ({ from: "client" as const, bytes: junk, after: 10_000 }));
    const fed = feed(udpConversation({ ...udpEnds, serverPort: 33_333 }, messages));
    expect(fed.rows("cycles")).toMatchObject([{ code: -1, object: -1, period: 10_000, jitter: 0, longest: 10_000 }]);
  });
});

describe("OST-T03 rhythm, limits and doctor's counters", () => {
  test("polls have a period, and a late one is the longest", () => {
    const messages = polls(30);
    (messages[40] as { after?: number }).after = 399_000;
    const [cycle] = feed(tcpConversation(ends, messages)).rows("cycles");
    expect(cycle).toMatchObject({ code: 3, period: 100_000, jitter: 0, longest: 400_000, count: 29 });
  });

  test("copies that the mirror makes are counted and left out", () => {
    const frames = tcpConversation(ends, polls(5)).flatMap((one) => [one, { ...one, time: one.time + 50 }]);
    const fed = feed(frames);
    expect(fed.conversations()).toEqual(["192.0.2.1 > 192.0.2.2 tcp/502 modbus 9+7"]);
    expect(fed.capture()).toMatchObject({ packets: 32, duplicates: 16 });
    expect(fed.rows("conversations")[0]?.retransmissions).toBe(0);
  });

  test("a mirror that shows one side only", () => {
    const frames = tcpConversation(ends, polls(5)).filter(({ frame }) => frame[5] === 2);
    const fed = feed(frames);
    expect(fed.capture()).toMatchObject({ oneWay: 1, twoWay: 0 });
    expect(fed.commands()[0]).toContain("q5 a0");
  });

  test("a capture that kept only the beginnings counts, and never claims what it did not see", () => {
    const engine = engineOf();
    for (const { time, frame } of tcpConversation(ends, polls(5)))
      engine.packet(frame, 0, Math.min(56, frame.length), frame.length, time, 1, 0);
    const fed = fedOf(engine, engine.take(TEST_TIME + 9e6));
    expect(fed.conversations()).toEqual(["192.0.2.1 > 192.0.2.2 tcp/502 unknown 9+7"]);
    expect(fed.capture().truncated).toBeGreaterThan(0);
  });

  test("signatures see addresses, ports and payload, and their hits are urgent", () => {
    const views: string[] = [];
    const match = (view: SignatureView, matched: (rule: number, revision: number) => void): void => {
      const text = Buffer.from(view.packet.subarray(view.sourceAt, view.sourceAt + view.addressLength)).join(".");
      views.push(
        `${text}:${view.sourcePort} ${view.protocol} ${view.payloadTo - view.payloadFrom} ${view.fromClient} ${view.established}`,
      );
      if (view.payload[view.payloadFrom + 7] === 3 && view.fromClient) matched(1_111, 2);
    };
    const fed = feed(tcpConversation(ends, polls(1)), { signatures: { match } });
    expect(views.slice(3, 5)).toEqual(["192.0.2.1:49152 modbus 12 true true", "192.0.2.2:502 modbus 29 false true"]);
    expect(fed.rows("signatures")).toMatchObject([{ rule: 1_111, revision: 2, port: 502, count: 1 }]);
  });

  test("what devices tell of themselves stands beside who said it", () => {
    const fed = feed(tcpConversation(ends, [...polls(1), { from: "server", bytes: modbusAnswer(9) }]));
    for (const { attribute } of fed.rows("identities")) expect(attributes[attribute]).toBeDefined();
    expect(fed.engine.stats().dropped["rows"]).toBe(0);
  });
});
