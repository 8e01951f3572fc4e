/**
 * Remote Authentication Dial In User Service, RFC 2865, section 3; accounting RFC 2866; dynamic authorisation RFC 5176.
 *
 *   0      1    2        4                    20
 *   | code | id | length | authenticator (16) | attribute (1) | length (1) | value …
 *
 * Told: codes with outcome, the name of the access device, and which MAC address is at which of its ports (RFC 3580, 3). Users and
 * passwords are not read. Limits: 128 attributes.
 */
import type { Reader } from "@yagura/packets/reader.ts";
import { NOT_MINE, recognised, type Context, type Dissector } from "./dissector.ts";
import { ipv4Text } from "./codecs/addresses.ts";
import { functionTable } from "./codecs/functions.ts";

const HEADER = 20;
const MAX_ATTRIBUTES = 128;
const NAS_ADDRESS = 4;
const NAS_PORT = 5;
const CALLING_STATION = 31;
const NAS_IDENTIFIER = 32;
const NAS_PORT_ID = 87;
/** A MAC address in one of its many forms; a telephone number is none. */
const MAC =
  /^([0-9a-f]{2})[-:.]?([0-9a-f]{2})[-:.]?([0-9a-f]{2})[-:.]?([0-9a-f]{2})[-:.]?([0-9a-f]{2})[-:.]?([0-9a-f]{2})$/i;
const functions = functionTable([
  [1, "Access-Request", "login"],
  [4, "Accounting-Request", "report"],
  [12, "Status-Server", "diagnose"],
  [13, "Status-Client", "diagnose"],
  [40, "Disconnect-Request", "control"],
  [43, "CoA-Request", "control"],
]);
/** Code of an answer → code of its request; a refusal is negative. */
const ANSWERS = new Map([
  [2, 1],
  [3, -1],
  [5, 4],
  [11, 1],
  [41, 40],
  [42, -40],
  [44, 43],
  [45, -43],
]);

function fits(r: Reader): boolean {
  const code = r.peek();
  const length = r.peek16(2);
  return (functions.has(code) || ANSWERS.has(code)) && length >= HEADER && length <= 4_096;
}

function recognise(r: Reader, c: Context): 0 | 1 | 2 {
  if (r.left < HEADER || !fits(r)) return recognised.no;
  const length = r.peek16(2);
  let at = HEADER;
  for (let i = 0; at + 2 <= Math.min(length, r.left); i++) {
    const size = r.peek(at + 1);
    if (size < 2 || r.peek(at) === 0 || at + size > length) return recognised.no;
    at += size;
  }
  const port = [c.sourcePort, c.destinationPort].some((one) => one === 1812 || one === 1813 || one === 1645 || one === 1646); // prettier-ignore
  return port ? recognised.port : recognised.no;
}

function dissect(r: Reader, c: Context): number {
  if (r.left < HEADER || !fits(r)) return NOT_MINE;
  const all = r.end - r.start;
  const code = r.peek();
  const length = r.peek16(2);
  if (length > r.left) c.weird("truncated");
  const asked = ANSWERS.get(code);
  c.client(asked === undefined);
  if (asked === undefined) c.commandFast("request", code, 0, -1, -1, -1);
  else c.commandFast(asked < 0 ? "error" : "response", Math.abs(asked), 0, -1, -1, -1);
  if (asked !== undefined) return all;
  r.end = Math.min(r.end, r.start + length);
  r.skip(HEADER);
  let address = "";
  let name = "";
  let port = "";
  let station = "";
  for (let i = 0; i < MAX_ATTRIBUTES && r.left >= 2; i++) {
    const type = r.u8();
    const size = r.u8() - 2;
    if (size < 0 || size > r.left) {
      c.weird("bad-length");
      break;
    }
    const next = r.at + size;
    if (type === NAS_ADDRESS && size === 4) address = ipv4Text(r.u32());
    else if (type === NAS_IDENTIFIER) {
      name = r.utf8(size);
      if (address === "") c.source("name", name);
      else c.device(address, "name", name);
    } else if (type === NAS_PORT && size === 4) port ||= String(r.u32());
    else if (type === NAS_PORT_ID) port = r.utf8(size) || port;
    else if (type === CALLING_STATION && size >= 12) station = r.ascii(size);
    r.at = next;
  }
  const mac = MAC.exec(station);
  const device = name || address;
  if (mac !== null && port !== "" && device !== "")
    c.device(mac.slice(1).join(":").toLowerCase(), "attached-to", `${device}|${port}`);
  return all;
}

export const radius: Dissector = {
  protocol: "radius",
  specification: "RFC 2865, 3; RFC 2866; RFC 5176",
  on: { udp: [1812, 1813, 1645, 1646, 3799] },
  recognise,
  dissect,
  functions,
};
