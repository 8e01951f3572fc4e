/**
 * What a PROFINET device says of its interface and of who is at its ports (IEC 61158-6-10, 5.2.13: PDInterfaceDataReal 0x0240,
 * PDPortDataReal 0x020f), as its neighbours told it by LLDP. Multi-byte fields begin at multiples of four from the block's beginning.
 *
 *   0x0240: type, length, version | length 1, station name | …
 *   0x020f: type, length, version, 2 | slot 2, subslot 2 | length 1, own port | peers 1 | per peer: length 1, port, length 1, station,
 *           line delay 4, MAC 6 | …
 *
 * Limit: 8 peers of a port.
 */
import type { Reader } from "@yagura/packets/reader.ts";
import type { Context } from "../dissector.ts";

export const INTERFACE_DATA = 0x0240;
export const PORT_DATA = 0x020f;
const MAX_PEERS = 8;

/** The reader stands behind the block's version. */
export function tellInterface(r: Reader, c: Context): void {
  const name = r.ascii(r.u8());
  if (!r.short) c.source("name", name);
}

/** `from`: where the block begins. */
export function tellPort(r: Reader, c: Context, from: number): void {
  const align = (): void => r.skip((4 - ((r.at - from) & 3)) & 3);
  r.skip(6);
  r.skip(r.u8());
  const peers = Math.min(r.u8(), MAX_PEERS);
  for (let i = 0; i < peers && !r.short; i++) {
    align();
    const port = r.ascii(r.u8());
    const station = r.ascii(r.u8());
    align();
    r.skip(10);
    // Newer devices name their ports with the station behind (port-001.plc1) and tell something longer for themselves.
    const dot = port.indexOf(".");
    if (r.short || port === "") return;
    c.source("attached-to", dot > 0 ? `${port.slice(dot + 1)}|${port.slice(0, dot)}` : `${station}|${port}`);
  }
}
