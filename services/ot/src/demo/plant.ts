/** A small factory that does not exist: who stands in it. Makers' MAC prefixes are real ones, addresses are private. */
import type { Host } from "@yagura/packets/build/frames.ts";

/** A host and the VLAN on which the mirror sees it. */
export interface Placed extends Host {
  readonly name: string;
  readonly vlan: number;
}

const place = (vlan: number, mac: string, address: string, name: string): Placed => ({ vlan, mac, address, name });

/** VLAN 10: press line. VLAN 20: packing line. VLAN 1: supervision and office. */
export const plant = {
  // Press line
  routerPress: place(10, "00:1a:eb:10:00:01", "192.168.10.1", "router"),
  switchPress: place(10, "00:1a:eb:10:00:02", "192.168.10.2", "SW-PRESS-1"),
  pressPlc: place(10, "28:e9:8e:10:00:11", "192.168.10.11", "PRESS-PLC1"),
  pressPanel: place(10, "28:e9:8e:10:00:21", "192.168.10.21", "PRESS-GOT1"),
  transferPlc: place(10, "00:00:0a:10:00:12", "192.168.10.12", "TRANSFER-PLC"),
  cellPlc: place(10, "00:1d:9c:10:00:13", "192.168.10.13", "CELL-PLC"),
  robot: place(10, "00:e0:e4:10:00:31", "192.168.10.31", "ROBOT-1"),
  drive: place(10, "00:80:f4:10:00:41", "192.168.10.41", "PUMP-DRIVE"),
  // Packing line
  routerPacking: place(20, "00:1a:eb:20:00:01", "192.168.20.1", "router"),
  switchPacking: place(20, "00:1a:eb:20:00:02", "192.168.20.2", "SW-PACK-1"),
  packingPlc: place(20, "28:63:36:20:00:11", "192.168.20.11", "pack-plc1"),
  packingPanel: place(20, "28:63:36:20:00:21", "192.168.20.21", "pack-hmi1"),
  packingIo: place(20, "28:63:36:20:00:31", "192.168.20.31", "pack-io1"),
  meter: place(20, "00:80:f4:20:00:51", "192.168.20.51", "POWER-METER"),
  camera: place(20, "00:40:8c:20:00:61", "192.168.20.61", "axis-pack1"),
  // Supervision and office
  router: place(1, "00:1a:eb:01:00:01", "192.168.1.1", "router"),
  directory: place(1, "00:15:5d:01:00:02", "192.168.1.2", "DC01"),
  scada: place(1, "00:15:5d:01:00:10", "192.168.1.10", "SCADA01"),
  historian: place(1, "00:15:5d:01:00:11", "192.168.1.11", "HIST01"),
  engineer: place(1, "8c:ec:4b:01:00:20", "192.168.1.20", "EWS01"),
  officePc: place(1, "8c:ec:4b:01:00:31", "192.168.1.31", "PC-031"),
  oldPc: place(1, "00:0b:db:01:00:35", "192.168.1.35", "LABEL-PC"),
  printer: place(1, "3c:d9:2b:01:00:40", "192.168.1.40", "NPI0140"),
  // Comes with the attack
  stranger: place(1, "b8:27:eb:01:00:66", "192.168.1.66", "kali"),
} as const satisfies Readonly<Record<string, Placed>>;

/** A host as another VLAN sees it: behind the router's MAC of that VLAN. */
export const behind = (router: Placed, host: Placed): Placed => ({ ...host, mac: router.mac, vlan: router.vlan });
