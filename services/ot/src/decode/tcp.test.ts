import { assert, boolean, integer, property } from "fast-check";
import { describe, expect, test } from "vitest";
import { TEST_TIME, tcpConversation, type Timed } from "@yagura/packets/build/conversation.ts";
import { concat, tcp, tcpFlags } from "@yagura/packets/build/frames.ts";
import { randomFrom } from "@yagura/testkit/random.ts";
import {
  client,
  engineOf,
  feed,
  fedOf,
  modbusAnswer,
  modbusRead,
  polls,
  server,
} from "../../../../tests/support/engine.ts";

const ends = { client, server, serverPort: 502, step: 10_000 };
const frames = tcpConversation(ends, polls(8));
/** Frames 3 to 18 carry the eight polls and their answers. */
const FIRST = 3;

describe("OST-T01 TCP streams", () => {
  const whole = feed(frames).commands();

  test("a segment that comes late is put in its place", () => {
    const messages = [1, 2, 3].map((number) => ({ from: "client" as const, bytes: modbusRead(number) }));
    const [, , , one, two, three] = tcpConversation(ends, messages) as [Timed, Timed, Timed, Timed, Timed, Timed];
    const fed = feed([
      ...tcpConversation(ends, messages).slice(0, 3),
      one,
      { ...three, time: two.time },
      { ...two, time: three.time },
    ]);
    expect(fed.commands()[0]).toContain("q3");
    expect(fed.rows("conversations")[0]).toMatchObject({ missing: 0 });
  });

  test("a retransmission is counted and not read twice", () => {
    const again = { time: (frames[FIRST]?.time as number) + 300_000, frame: frames[FIRST]?.frame as Uint8Array };
    const fed = feed([...frames.slice(0, FIRST + 1), again, ...frames.slice(FIRST + 1).map(later)]);
    expect(fed.commands()).toEqual(whole);
    expect(fed.rows("conversations")[0]).toMatchObject({ retransmissions: 1, missing: 0 });
  });

  test("a retransmission that brings new bytes behind the old ones", () => {
    const one = modbusRead(1);
    const segment = (payload: Uint8Array, sequence: number, time: number): Timed => ({
      time,
      frame: tcp(
        client,
        server,
        { from: 49_152, to: 502, sequence, acknowledgement: 1, flags: tcpFlags.ack, payload },
        { id: (time - TEST_TIME) & 0xffff },
      ),
    });
    const fed = feed([
      segment(one, 1_000, TEST_TIME + 1),
      segment(concat(one, modbusRead(2)), 1_000, TEST_TIME + 9_000),
    ]);
    expect(fed.commands()[0]).toContain("q2");
  });

  test("a lost segment: its bytes are missing, what follows is read again", () => {
    const fed = feed(frames.filter((_, i) => i !== FIRST + 4));
    const [row] = fed.rows("conversations");
    expect(row).toMatchObject({ missing: 12, retransmissions: 0 });
    expect(fed.commands()[0]).toContain("q7");
    expect(fed.capture()).toMatchObject({ tcpMissing: 12 });
  });

  test("a lost piece of a long message: the stream is found again at the next message", () => {
    const cut = tcpConversation(ends, polls(40), { segmentSize: 9 });
    const fed = feed(cut.filter((_, i) => i !== 33));
    const [row] = fed.rows("commands");
    expect(row?.requests).toBeGreaterThan(30);
    expect(row?.responses).toBeGreaterThan(30);
    expect(fed.rows("conversations")[0]?.missing).toBeGreaterThan(0);
  });

  test("numbers that wrap, and a second connection on the same ports", () => {
    const first = tcpConversation(ends, polls(3));
    const second = tcpConversation({ ...ends, time: (first.at(-1)?.time ?? 0) + 1e6 }, polls(3)).map(
      ({ time, frame }) => {
        const other = Uint8Array.from(frame);
        // Other initial sequence numbers; checksums are not looked at.
        other[38] = 0x77;
        other[42] = 0x77;
        return { time, frame: other };
      },
    );
    const fed = feed([...first, ...second]);
    expect(fed.rows("conversations")[0]).toMatchObject({ connections: 2, missing: 0, retransmissions: 0 });
    expect(fed.commands()[0]).toContain("q6 a6");
  });

  test("refused and unanswered connections", () => {
    const syn = tcp(client, server, { from: 50_000, to: 102, sequence: 1, flags: tcpFlags.syn });
    const rst = tcp(server, client, {
      from: 102,
      to: 50_000,
      sequence: 0,
      acknowledgement: 2,
      flags: tcpFlags.rst | tcpFlags.ack,
    });
    const other = tcp(client, server, { from: 50_001, to: 44_818, sequence: 1, flags: tcpFlags.syn }, { id: 3 });
    const rows = feed([syn, rst, other].map((frame, i) => ({ time: TEST_TIME + i * 10, frame }))).rows("conversations");
    expect(
      rows.map(({ port, connections, refused, unanswered }) => ({ port, connections, refused, unanswered })),
    ).toEqual([
      { port: 102, connections: 1, refused: 1, unanswered: 0 },
      { port: 44_818, connections: 1, refused: 0, unanswered: 1 },
    ]);
  });

  test("a SYN at the end of an interval is judged in the next one", () => {
    const engine = engineOf();
    const syn = tcp(client, server, { from: 50_000, to: 102, sequence: 1, flags: tcpFlags.syn });
    engine.packet(syn, 0, syn.length, syn.length, TEST_TIME, 1, 0);
    const first = fedOf(engine, engine.take(TEST_TIME + 1_000));
    expect(first.rows("conversations")[0]).toMatchObject({ connections: 1, unanswered: 0 });
    const second = fedOf(engine, engine.take(TEST_TIME + 10_000_000));
    expect(second.rows("conversations")[0]).toMatchObject({ connections: 0, unanswered: 1 });
  });

  test("messages cut anywhere give the same commands", () => {
    assert(
      property(integer({ min: 1, max: 40 }), boolean(), (segmentSize, acknowledge) => {
        const cut = tcpConversation(
          ends,
          [
            { from: "client", bytes: concat(modbusRead(1), modbusRead(2), modbusRead(3)) },
            { from: "server", bytes: concat(modbusAnswer(1), modbusAnswer(2), modbusAnswer(3)) },
          ],
          { segmentSize, acknowledge },
        );
        const [row] = feed(cut).rows("commands");
        // A first piece that is shorter than a header is not recognised; from the next message on it is.
        if (segmentSize >= 8) expect(row).toMatchObject({ requests: 3, responses: 3 });
      }),
      { numRuns: 40 },
    );
  });

  test("segments in any order within a window give the same commands", () => {
    assert(
      property(integer(), (seed) => {
        const random = randomFrom(seed);
        const messages = Array.from({ length: 12 }, (_, i) => ({ from: "client" as const, bytes: modbusRead(i) }));
        const sent = tcpConversation({ ...ends, step: 1_000 }, messages, { fin: false });
        const order = sent.slice(4).map((one, i) => ({ one, place: i + random() * 3 }));
        const arrived = order.sort((a, b) => a.place - b.place).map(({ one }) => one.frame);
        const timed = [
          ...sent.slice(0, 4),
          ...arrived.map((frame, i) => ({ time: (sent[4 + i] as Timed).time, frame })),
        ];
        const fed = feed(timed);
        expect(fed.rows("commands")[0]?.requests).toBe(12);
        expect(fed.rows("conversations")[0]?.missing).toBe(0);
      }),
      { numRuns: 40 },
    );
  });
});

const later = ({ time, frame }: Timed): Timed => ({ time: time + 400_000, frame });
