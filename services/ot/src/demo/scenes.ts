/** Two scenes that stand out: an engineer changes the packing line's program, and a stranger comes. */
import type { Timed } from "@yagura/packets/build/conversation.ts";
import { arp, hex } from "@yagura/packets/build/frames.ts";
import {
  ascii,
  cotpConfirm,
  cotpConnect,
  modbus,
  s7Answer,
  s7DownloadBlock,
  s7EndDownload,
  s7Insert,
  s7Job,
  s7RequestDownload,
  s7Setup,
  s7Stop,
  slmpAnswer,
  slmpAsk,
  wroteHolding,
  writeHolding,
} from "./messages.ts";
import { behind, plant, type Placed } from "./plant.ts";
import { onVlan, Talk } from "./talk.ts";

const MS = 1_000;
const SECOND = 1_000_000;
const BLOCK = "_0800010P";

/** The engineering station loads a block into the packing line's PLC; in this protocol the PLC fetches it. */
export function engineering(start: number): Timed[] {
  const engineer = behind(plant.routerPacking, plant.engineer);
  const talk = new Talk(engineer, plant.packingPlc, { client: 50_777, server: 102 });
  const at = (seconds: number): number => start + Math.round(seconds * SECOND);
  return [
    ...talk.open(start),
    ...talk.ask(at(0.01), cotpConnect, cotpConfirm),
    ...talk.ask(at(0.02), s7Job(1, s7Setup), s7Answer(1, s7Setup)),
    ...talk.ask(at(0.5), s7Job(2, s7RequestDownload(BLOCK, 214)), s7Answer(2, hex("1a"))),
    ...talk.tell(at(0.6), s7Job(3, s7DownloadBlock(BLOCK))),
    ...talk.ask(at(0.61), s7Answer(3, hex("1b 00"), Uint8Array.of(0, 214, 0, 0xfb, ...new Uint8Array(214))), null),
    ...talk.tell(at(0.7), s7Job(4, s7EndDownload(BLOCK))),
    ...talk.ask(at(0.71), s7Answer(4, hex("1c")), null),
    ...talk.ask(at(0.9), s7Job(5, s7Insert("0800010P")), s7Answer(5, hex("28"))),
    ...talk.close(at(1.5)),
  ];
}

/** A new device looks round, takes the router's address, logs in over Telnet, writes where nobody writes and stops a PLC. */
export function attack(start: number): Timed[] {
  const { stranger, router, switchPress, pressPlc, drive, transferPlc } = plant;
  const frames: Timed[] = [];
  // ARP for every address of the subnet, 100 a second.
  for (let i = 2; i < 255; i++) {
    const target: Placed = { ...router, address: `192.168.1.${i}`, mac: "00:00:00:00:00:00" };
    frames.push({ time: start + i * 10 * MS, frame: onVlan(stranger, arp(1, stranger, target)) });
  }
  const seen = behind(plant.routerPress, stranger);
  // Ports of the press line's hosts.
  let client = 40_000;
  for (const [k, target] of [pressPlc, drive, transferPlc, switchPress].entries())
    for (const [i, server] of [
      21, 22, 23, 80, 102, 443, 445, 502, 1911, 3389, 4840, 5007, 9600, 20_000, 44_818,
    ].entries())
      frames.push(
        ...new Talk(seen, target, { client: client++, server }).refused(start + 2 * SECOND + (k * 15 + i) * 10 * MS),
      );
  // The stranger says that the router's address is its own.
  for (let i = 0; i < 12; i++) {
    const claimed: Placed = { ...stranger, address: router.address };
    frames.push({ time: start + 3 * SECOND + i * 500 * MS, frame: onVlan(stranger, arp(2, claimed, plant.scada)) });
  }
  frames.push(...telnet(start + 4 * SECOND, behind(plant.routerPress, stranger), switchPress));
  const write = new Talk(seen, drive, { client: 40_901, server: 502 });
  frames.push(
    ...write.open(start + 5 * SECOND),
    ...write.ask(start + 5.01 * SECOND, modbus(1, 1, writeHolding(8_501, [0])), modbus(1, 1, wroteHolding(8_501, 1))),
    ...write.close(start + 5.2 * SECOND),
  );
  const stopPress = new Talk(seen, pressPlc, { client: 40_902, server: 5_007 });
  frames.push(
    ...stopPress.open(start + 6 * SECOND),
    ...stopPress.ask(start + 6.01 * SECOND, slmpAsk(0x1002, 0, hex("0100")), slmpAnswer(new Uint8Array(0))),
    ...stopPress.close(start + 6.2 * SECOND),
  );
  const stopPacking = new Talk(behind(plant.routerPacking, stranger), plant.packingPlc, {
    client: 40_903,
    server: 102,
  });
  frames.push(
    ...stopPacking.open(start + 7 * SECOND),
    ...stopPacking.ask(start + 7.01 * SECOND, cotpConnect, cotpConfirm),
    ...stopPacking.ask(start + 7.02 * SECOND, s7Job(1, s7Setup), s7Answer(1, s7Setup)),
    ...stopPacking.ask(start + 7.03 * SECOND, s7Job(2, s7Stop), s7Answer(2, hex("29"))),
    ...stopPacking.close(start + 7.2 * SECOND),
  );
  return frames;
}

function telnet(start: number, from: Placed, to: Placed): Timed[] {
  const talk = new Talk(from, to, { client: 40_900, server: 23 });
  return [
    ...talk.open(start),
    ...talk.tell(start + 5 * MS, hex("fffd18 fffd20 fffb01")),
    ...talk.tell(start + 50 * MS, ascii("\r\nawplus login: ")),
    ...talk.ask(start + 300 * MS, ascii("manager\r\n"), ascii("manager\r\nPassword: ")),
    ...talk.ask(start + 600 * MS, ascii("not-told\r\n"), ascii("\r\nawplus> ")),
    ...talk.close(start + 900 * MS),
  ];
}
