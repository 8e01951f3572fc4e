/** What supervision and office say: names, addresses, time, files, pictures. */
import { arp } from "@yagura/packets/build/frames.ts";
import type { Actor } from "./factory.ts";
import {
  ascii,
  dhcp,
  dnsAnswer,
  dnsQuestion,
  hostAnnouncement,
  ntp,
  opcuaAcknowledge,
  opcuaHello,
  opcuaRead,
  opcuaValue,
  snmp,
} from "./messages.ts";
import { behind, plant, type Placed } from "./plant.ts";
import { datagram, onVlan, Talk } from "./talk.ts";

const MS = 1_000;
const SECOND = 1_000_000;
const broadcast: Placed = { ...plant.router, mac: "ff:ff:ff:ff:ff:ff", address: "192.168.1.255", name: "broadcast" };
const everybody: Placed = { ...broadcast, address: "255.255.255.255" };
const nobody = (host: Placed): Placed => ({ ...host, address: "0.0.0.0" });

/** Names are asked for and answered by the directory server. */
function names(host: Placed, name: string, address: string, every: number, from: number): Actor {
  let id = from & 0xffff;
  return {
    every,
    from,
    jitter: 200 * MS,
    run: (time) => {
      id++;
      const ports = { from: 53_000 + (id % 500), to: 53 };
      return [
        datagram(time, host, plant.directory, ports, dnsQuestion(id, name)),
        datagram(time + 900, plant.directory, host, { from: 53, to: ports.from }, dnsAnswer(id, name, address)),
      ];
    },
  };
}

function time(host: Placed, from: number): Actor {
  return {
    every: 16 * SECOND,
    from,
    jitter: 100 * MS,
    run: (at) => [
      datagram(at, host, plant.directory, { from: 123, to: 123 }, ntp(3)),
      datagram(at + 700, plant.directory, host, { from: 123, to: 123 }, ntp(4)),
    ],
  };
}

/** Windows hosts tell the network what they are (MS-BRWS). */
function announces(host: Placed, version: readonly [number, number], type: number, from: number): Actor {
  return {
    every: 60 * SECOND,
    from,
    jitter: 10 * MS,
    run: (at) => [datagram(at, host, broadcast, { from: 138, to: 138 }, hostAnnouncement(host, version, type))],
  };
}

function leases(): Actor {
  let xid = 0x5a5a_0000;
  return {
    every: 90 * SECOND,
    from: 1_200 * MS,
    jitter: 0,
    run: (at) => {
      xid++;
      const { officePc: pc, directory } = plant;
      const up = { from: 68, to: 67 };
      const down = { from: 67, to: 68 };
      return [
        datagram(at, nobody(pc), everybody, up, dhcp(1, xid, pc, directory)),
        datagram(at + 3 * MS, directory, pc, down, dhcp(2, xid, pc, directory)),
        datagram(at + 5 * MS, nobody(pc), everybody, up, dhcp(3, xid, pc, directory)),
        datagram(at + 8 * MS, directory, pc, down, dhcp(5, xid, pc, directory)),
      ];
    },
  };
}

/** The camera's pictures are fetched by the supervision; the printer is asked how it is. */
function pictures(): Actor {
  let turn = 0;
  return {
    every: 5 * SECOND,
    from: 1_500 * MS,
    jitter: 50 * MS,
    run: (at) => {
      const viewer = behind(plant.routerPacking, plant.scada);
      const talk = new Talk(viewer, plant.camera, { client: 51_000 + (turn++ % 900), server: 80 });
      return [
        ...talk.open(at),
        ...talk.ask(
          at + 2 * MS,
          ascii("GET /axis-cgi/jpg/image.cgi HTTP/1.1\r\nHost: 192.168.20.61\r\nUser-Agent: PlantView/3.2\r\n\r\n"),
          ascii(
            "HTTP/1.1 200 OK\r\nServer: Apache/2.4.39 (Axis)\r\nContent-Type: text/plain\r\nContent-Length: 4\r\n\r\n....",
          ),
        ),
        ...talk.close(at + 9 * MS),
      ];
    },
  };
}

function printerStatus(): Actor {
  let id = 0;
  return {
    every: 20 * SECOND,
    from: 1_800 * MS,
    jitter: 100 * MS,
    run: (at) => {
      id++;
      const text = "HP ETHERNET MULTI-ENVIRONMENT,ROM none,JETDIRECT,JD153,EEPROM JSI24090012";
      return [
        datagram(at, plant.officePc, plant.printer, { from: 52_161, to: 161 }, snmp(0xa0, id, null)),
        datagram(at + 4 * MS, plant.printer, plant.officePc, { from: 161, to: 52_161 }, snmp(0xa2, id, text)),
      ];
    },
  };
}

/** Hosts ask again where their router is, as each does when its ARP entry has grown old. */
function lookups(): Actor {
  const hosts = [plant.scada, plant.engineer, plant.officePc, plant.oldPc];
  let turn = 0;
  return {
    every: 10 * SECOND,
    from: 5_200 * MS,
    jitter: 300 * MS,
    run: (at) => {
      const host = hosts[turn++ % hosts.length] as Placed;
      return [
        { time: at, frame: onVlan(host, arp(1, host, plant.router)) },
        { time: at + 250, frame: onVlan(plant.router, arp(2, plant.router, host)) },
      ];
    },
  };
}

/** The historian reads from the supervision over OPC UA without security. */
function history(): Actor {
  const talk = new Talk(plant.historian, plant.scada, { client: 50_484, server: 4_840 });
  let turn = 0;
  return {
    every: 2 * SECOND,
    from: 1 * SECOND,
    jitter: 30 * MS,
    run: (at) => {
      turn++;
      return turn === 1
        ? [...talk.open(at), ...talk.ask(at + 2 * MS, opcuaHello("opc.tcp://SCADA01:4840"), opcuaAcknowledge)]
        : talk.ask(at, opcuaRead(turn), opcuaValue(turn));
    },
  };
}

export const officeTalk = (): Actor[] => [
  names(plant.officePc, "erp.plant.example", "192.168.1.11", 9 * SECOND, 2_100 * MS),
  names(plant.engineer, "hist01.plant.example", "192.168.1.11", 15 * SECOND, 2_700 * MS),
  names(plant.scada, "hist01.plant.example", "192.168.1.11", 30 * SECOND, 3_100 * MS),
  time(plant.scada, 2_200 * MS),
  time(plant.engineer, 2_900 * MS),
  announces(plant.scada, [10, 0], 0x0000_9003, 1_100 * MS),
  announces(plant.directory, [10, 0], 0x0000_902b, 1_300 * MS),
  announces(plant.oldPc, [5, 1], 0x0001_1003, 1_400 * MS),
  leases(),
  lookups(),
  pictures(),
  printerStatus(),
  history(),
];
