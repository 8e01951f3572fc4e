/**
 * What a switch answers of its neighbours (LLDP-MIB, IEEE 802.1AB-2005, 12.2) when somebody asks it by SNMP: at which of its ports
 * which MAC address is plugged in.
 *
 *   1.0.8802.1.1.2.1.3.3.0                                         lldpLocSysName
 *   1.0.8802.1.1.2.1.4.1.1.column.time mark.local port.index       lldpRemEntry: 5 chassis, 7 port
 */
import { word } from "./text.ts";

const LOCAL = word("\x28\xc4\x62\x01\x01\x02\x01\x03\x03\x00");
const REMOTE = word("\x28\xc4\x62\x01\x01\x02\x01\x04\x01\x01");
const CHASSIS = 5;
const PORT = 7;

const begins = (bytes: Uint8Array, from: number, to: number, prefix: Uint8Array): boolean => {
  if (to - from < prefix.length) return false;
  for (let i = 0; i < prefix.length; i++) if (bytes[from + i] !== prefix[i]) return false;
  return true;
};

/** True: the variable is the switch's own name. */
export const isLocalName = (bytes: Uint8Array, from: number, to: number): boolean =>
  to - from === LOCAL.length && begins(bytes, from, to, LOCAL);

/** Number of the switch's port when the variable says who is at it, else 0. */
export function neighbourPort(bytes: Uint8Array, from: number, to: number): number {
  if (!begins(bytes, from, to, REMOTE)) return 0;
  const column = bytes[from + REMOTE.length];
  if (column !== CHASSIS && column !== PORT) return 0;
  // The second of three numbers, each of seven bits a byte, the last byte below 128.
  let value = 0;
  let number = 0;
  for (let at = from + REMOTE.length + 1; at < to; at++) {
    const byte = bytes[at] as number;
    value = value * 128 + (byte & 127);
    if (byte >= 128) continue;
    if (number++ === 1) return value > 0 && value < 0x80_00_00_00 ? value : 0;
    value = 0;
  }
  return 0;
}
