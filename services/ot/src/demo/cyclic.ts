/** What the two lines say in their cycles. */
import type { Timed } from "@yagura/packets/build/conversation.ts";
import { ethernet, hex, u16 } from "@yagura/packets/build/frames.ts";
import type { Actor } from "./factory.ts";
import {
  askIdentity,
  cipIdentity,
  cipIo,
  cotpConfirm,
  cotpConnect,
  dcpIdentity,
  deviceIdentification,
  enip,
  finsAskModel,
  finsData,
  finsModel,
  finsRead,
  holding,
  lldp,
  modbus,
  profinetData,
  readHolding,
  registerSession,
  s7Answer,
  s7AskSzl,
  s7Job,
  s7Read,
  s7Setup,
  s7Szl,
  s7UserData,
  s7Values,
  slmpAnswer,
  slmpAsk,
  slmpModel,
  slmpWords,
  unconnected,
} from "./messages.ts";
import { behind, plant, type Placed } from "./plant.ts";
import { datagram, onVlan, Talk } from "./talk.ts";

const MS = 1_000;
const SECOND = 1_000_000;

/** Words of a machine that works: they change slowly, and none of them ever leaves the sensor. */
const words = (time: number, count: number): number[] =>
  Array.from({ length: count }, (_, i) => Math.round(500 + 200 * Math.sin(time / 3e6 + i)) & 0xffff);

/** A TCP connection that is opened at its first turn, says who it is, and then asks in a cycle. */
function cycle(
  talk: Talk,
  timing: { readonly every: number; readonly from: number; readonly jitter: number; readonly until: number },
  hello: (time: number) => readonly Timed[],
  ask: (time: number, turn: number) => readonly Timed[],
): Actor {
  let turn = 0;
  return {
    ...timing,
    run: (time) => {
      if (time >= timing.until) return [];
      turn++;
      return turn === 1 ? [...talk.open(time), ...hello(time + 2 * MS)] : ask(time, turn);
    },
  };
}

function press(until: number): Actor[] {
  const { pressPanel, pressPlc, cellPlc, robot } = plant;
  const scada = behind(plant.routerPress, plant.scada);
  const panel = new Talk(pressPanel, pressPlc, { client: 50_101, server: 5_007 });
  const drive = new Talk(scada, plant.drive, { client: 50_201, server: 502 });
  const robotTalk = new Talk(cellPlc, robot, { client: 50_301, server: 44_818 });
  const fins = { from: 9_600, to: 9_600 };
  let sid = 0;
  return [
    cycle(
      panel,
      { every: 200 * MS, from: 300 * MS, jitter: 4 * MS, until },
      (time) => panel.ask(time, slmpAsk(0x0101, 0, new Uint8Array(0)), slmpAnswer(slmpModel("R08CPU", 0x4801))),
      (time, turn) =>
        turn % 25 === 0
          ? panel.ask(
              time,
              slmpAsk(0x1401, 0, Uint8Array.of(...slmpWords(2_000, 1), 1, 0)),
              slmpAnswer(new Uint8Array(0)),
            )
          : panel.ask(time, slmpAsk(0x0401, 0, slmpWords(1_000, 32)), slmpAnswer(new Uint8Array(64).fill(7))),
    ),
    cycle(
      drive,
      { every: 1 * SECOND, from: 500 * MS, jitter: 20 * MS, until },
      (time) =>
        drive.ask(
          time,
          modbus(1, 1, hex("2b 0e 01 00")),
          modbus(1, 1, deviceIdentification(["Schneider Electric", "ATV630D1", "V1.7"])),
        ),
      (time, turn) =>
        drive.ask(time, modbus(turn, 1, readHolding(3_200, 12)), modbus(turn, 1, holding(words(time, 12)))),
    ),
    {
      every: 500 * MS,
      from: 400 * MS,
      jitter: 5 * MS,
      run: (time) => {
        if (time >= until) return [];
        sid++;
        const [ask, answer] =
          sid === 1
            ? [finsAskModel(12, 10, sid), finsModel(10, 12, sid, "NX102-9020", "1.60")]
            : [finsRead(12, 10, sid, 100, 20), finsData(10, 12, sid, words(time, 20))];
        return [
          datagram(time, scada, plant.transferPlc, fins, ask),
          datagram(time + 3 * MS, plant.transferPlc, scada, fins, answer),
        ];
      },
    },
    cycle(
      robotTalk,
      { every: 10 * SECOND, from: 200 * MS, jitter: 10 * MS, until },
      (time) => [
        ...robotTalk.ask(time, registerSession(0), registerSession(0x1001)),
        ...robotTalk.ask(
          time + 2 * MS,
          unconnected(0x1001, askIdentity),
          unconnected(
            0x1001,
            cipIdentity({
              vendor: 356,
              type: 0x2b,
              product: 2,
              revision: [2, 1],
              serial: 0x00c0_ffee,
              name: "R-30iB Plus",
            }),
          ),
        ),
      ],
      // List services keeps the session open.
      (time) =>
        robotTalk.ask(
          time,
          enip(4, 0, new Uint8Array(0)),
          enip(4, 0, hex("0100 0001 1400 0100 2000 436f6d6d756e69636174696f6e730000")),
        ),
    ),
    io(cellPlc, robot, 0x0011_0001, 32, until),
    io(robot, cellPlc, 0x0011_0002, 24, until),
  ];
}

/** Class 1 connection: one datagram every 50 ms. */
function io(from: Placed, to: Placed, connection: number, size: number, until: number): Actor {
  let sequence = 0;
  return {
    every: 50 * MS,
    from: 600 * MS,
    jitter: 1 * MS,
    run: (time) =>
      time >= until ? [] : [datagram(time, from, to, { from: 2_222, to: 2_222 }, cipIo(connection, ++sequence, size))],
  };
}

function packing(until: number): Actor[] {
  const { packingPanel, packingPlc, packingIo } = plant;
  const scada = behind(plant.routerPacking, plant.scada);
  const panel = new Talk(packingPanel, packingPlc, { client: 49_201, server: 102 });
  const meter = new Talk(scada, plant.meter, { client: 50_401, server: 502 });
  const identity = s7Szl("6ES7 513-1AL02-0AB0", [2, 9, 4]);
  return [
    cycle(
      panel,
      { every: 250 * MS, from: 350 * MS, jitter: 5 * MS, until },
      (time) => [
        ...panel.ask(time, cotpConnect, cotpConfirm),
        ...panel.ask(time + 2 * MS, s7Job(1, s7Setup), s7Answer(1, s7Setup)),
        ...panel.ask(
          time + 4 * MS,
          s7UserData(2, s7AskSzl.parameter, s7AskSzl.data),
          s7UserData(2, identity.parameter, identity.data),
        ),
      ],
      (time, turn) => panel.ask(time, s7Job(turn, s7Read(10, 0, 60)), s7Answer(turn, hex("04 01"), s7Values(60))),
    ),
    cycle(
      meter,
      { every: 10 * SECOND, from: 700 * MS, jitter: 50 * MS, until },
      (time) => meter.ask(time, modbus(1, 1, readHolding(2_999, 40)), modbus(1, 1, holding(words(time, 40)))),
      (time, turn) =>
        meter.ask(time, modbus(turn, 1, readHolding(2_999, 40)), modbus(turn, 1, holding(words(time, 40)))),
    ),
    realtime(packingPlc, packingIo, 0x8001, until),
    realtime(packingIo, packingPlc, 0x8002, until),
    {
      every: 30 * SECOND,
      from: 900 * MS,
      jitter: 0,
      run: (time) => [
        {
          time,
          frame: onVlan(
            packingPlc,
            ethernet(
              { source: packingPlc.mac, destination: "01:0e:cf:00:00:00", type: 0x8892 },
              hex("fefe 05 00 00000101 0001 0004 ffff 0000"),
            ),
          ),
        },
        dcp(time + 2 * MS, packingIo, "ET200SP", 0x0313),
      ],
    },
  ];
}

const dcp = (time: number, host: Placed, kind: string, device: number): Timed => ({
  time,
  frame: onVlan(
    host,
    ethernet(
      { source: host.mac, destination: plant.packingPlc.mac, type: 0x8892 },
      dcpIdentity(host, kind, 0x002a, device, 0x0101),
    ),
  ),
});

/** PROFINET cyclic data, every 128 ms. */
function realtime(from: Placed, to: Placed, frameId: number, until: number): Actor {
  let count = 0;
  return {
    every: 128 * MS,
    from: 800 * MS,
    jitter: 300,
    run: (time) => {
      if (time >= until) return [];
      count += 4_096;
      const frame = ethernet({ source: from.mac, destination: to.mac, type: 0x8892 }, profinetData(frameId, 40, count));
      return [{ time, frame: onVlan(from, frame) }];
    },
  };
}

/** Switches tell who they are and hold the spanning tree. */
function switches(): Actor[] {
  return [plant.switchPress, plant.switchPacking].flatMap((host) => [
    {
      every: 30 * SECOND,
      from: 150 * MS,
      jitter: 10 * MS,
      run: (time: number) => [
        {
          time,
          frame: onVlan(
            host,
            ethernet(
              { source: host.mac, destination: "01:80:c2:00:00:0e", type: 0x88cc },
              lldp(host, "port1.0.1", "Allied Telesis router/switch, AW+ v5.5.3", 0x0014),
            ),
          ),
        },
      ],
    },
    {
      every: 2 * SECOND,
      from: 100 * MS,
      jitter: 2 * MS,
      run: (time: number) => [{ time, frame: bpdu(host) }],
    },
  ]);
}
/** RSTP BPDU (IEEE 802.1D, section 9.3.3), untagged as it always is. */
function bpdu(host: Placed): Uint8Array {
  const id = `8000 ${host.mac.replaceAll(":", "")}`;
  const body = hex(`424203 0000 02 02 3c ${id} 00000000 ${id} 8001 0000 1400 0200 0f00 00`);
  const header = hex(`0180c2000000 ${host.mac.replaceAll(":", "")}`);
  return Uint8Array.of(...header, ...u16(body.length), ...body, ...new Uint8Array(60 - 14 - body.length));
}

/** Everything that goes round on the lines; the packing line is silent from `stops` on. */
export const cyclicTalk = (stops: number): Actor[] => [
  ...press(Number.POSITIVE_INFINITY),
  ...packing(stops),
  ...switches(),
];
