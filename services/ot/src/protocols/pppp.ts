/**
 * PPPP ("P2P"), by which cameras and other small devices let people in through a firewall: the device keeps a way open to servers of
 * its maker in the Internet. There is no published specification; the header is known from the products.
 *
 *   0      1      2        4
 *   | 0xf1 | type | length | …        the length is that of what follows
 *
 * Told: types as functions. Keys of the devices and what is sent are not read.
 */
import type { Reader } from "@yagura/packets/reader.ts";
import { NOT_MINE, recognised, type Context, type Dissector } from "./dissector.ts";
import { functionTable } from "./codecs/functions.ts";

const HEADER = 4;
const MAGIC = 0xf1;
const MAX_MESSAGES = 32;
const functions = functionTable([
  [0x00, "HELLO", "session"],
  [0x01, "HELLO_ACK", "session"],
  [0x02, "HELLO_TO", "session"],
  [0x03, "HELLO_TO_ACK", "session"],
  [0x10, "DEV_LGN", "login"],
  [0x11, "DEV_LGN_ACK", "login"],
  [0x12, "DEV_LGN_CRC", "login"],
  [0x13, "DEV_LGN_ACK_CRC", "login"],
  [0x18, "DEV_LGN_KEY", "login"],
  [0x20, "P2P_REQ", "session"],
  [0x21, "P2P_REQ_ACK", "session"],
  [0x30, "LAN_SEARCH", "identify"],
  [0x32, "LAN_SEARCH_EXT", "identify"],
  [0x33, "LAN_SEARCH_EXT_ACK", "identify"],
  [0x40, "PUNCH_TO", "session"],
  [0x41, "PUNCH_PKT", "session"],
  [0x42, "P2P_RDY", "session"],
  [0x43, "P2P_RDY_ACK", "session"],
  [0x60, "RS_LGN", "login"],
  [0x61, "RS_LGN_ACK", "login"],
  [0x62, "RS_LGN_1", "login"],
  [0x67, "LIST_REQ_1", "session"],
  [0x68, "LIST_REQ", "session"],
  [0x69, "LIST_REQ_ACK", "session"],
  [0x70, "RLY_HELLO", "session"],
  [0x71, "RLY_HELLO_ACK", "session"],
  [0x72, "RLY_PORT", "session"],
  [0x73, "RLY_PORT_ACK", "session"],
  [0x80, "RLY_REQ", "session"],
  [0x81, "RLY_REQ_ACK", "session"],
  [0x82, "RLY_TO", "session"],
  [0x83, "RLY_PKT", "session"],
  [0x84, "RLY_RDY", "session"],
  [0xd0, "DRW", "other"],
  [0xd1, "DRW_ACK", "other"],
  [0xe0, "ALIVE", "session"],
  [0xe1, "ALIVE_ACK", "session"],
  [0xf0, "CLOSE", "session"],
]);

const fits = (r: Reader): boolean =>
  r.left >= HEADER && r.peek() === MAGIC && functions.has(r.peek(1)) && r.peek16(2) + HEADER <= r.left;

function dissect(r: Reader, c: Context): number {
  if (!fits(r)) return NOT_MINE;
  const all = r.left;
  for (let i = 0; i < MAX_MESSAGES && fits(r); i++) {
    c.commandFast("event", r.peek(1), 0, -1, -1, -1);
    r.skip(HEADER + r.peek16(2));
  }
  return all;
}

export const pppp: Dissector = {
  protocol: "pppp",
  specification: "none published",
  on: { udp: [32_100, 32_108] },
  // Magic, a known type and the exact length: one in 10⁸ of random bytes.
  recognise: (r) => (!fits(r) ? recognised.no : r.peek16(2) + HEADER === r.left ? recognised.sure : recognised.port),
  dissect,
  functions,
};
