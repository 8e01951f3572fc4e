/**
 * EtherCAT (ETG.1000, parts 4 and 6; EtherType 0x88a4, UDP 34980), all little endian:
 *
 *   | length 11 bits, type 4 bits | datagrams …      type 1 commands, 4 network variables, 5 mailbox gateway
 *   datagram | command 1 | index 1 | address 4 | length 11 bits, more 1 bit | interrupt 2 | data | working counter 2 |
 *   mailbox  | length 2 | address 2 | channel 1 | type 4 bits, counter 4 bits | …
 *   CoE      | number, service 4 bits at 12 | SDO command 1 | index 2 | subindex 1 |        FoE | operation 2 | …
 *
 * Codes: commands of the frame; writes of the control register as STATE + the state asked for; mailbox as MAILBOX | type << 8 |
 * service, a CoE service 2 as 0x21 (download) or 0x22 (upload). A working counter of 0 is a request, else the frame comes back from
 * the slaves. Low and high are physical or logical addresses, for SDO index << 8 | subindex. Unit is the station's address. Slaves have
 * no address of their own on the network: who they are is not told, only the master. Nothing is read of process data.
 * Limits: MAX_DATAGRAMS. Weirds: "truncated", "bad-length", "unknown-function".
 */
import type { Reader } from "@yagura/packets/reader.ts";
import { functionTable } from "./codecs/functions.ts";
import { recognised, type Context, type Dissector, type Recognised } from "./dissector.ts";

/** A frame of 1500 bytes holds at most 15 in practice; the field allows more. */
const MAX_DATAGRAMS = 32;
const DATAGRAM_HEAD = 10;
const LAST_COMMAND = 14;

export const STATE = 0x100;
const RESET = 0x140;
const EEPROM = 0x150;
export const MAILBOX = 0x1000;
const NETWORK_VARIABLES = 0x2004;
const MAILBOX_GATEWAY = 0x2005;

const functions = functionTable([
  [0, "NOP", "other"],
  [1, "APRD", "read"],
  [2, "APWR", "write"],
  [3, "APRW", "write"],
  [4, "FPRD", "read"],
  [5, "FPWR", "write"],
  [6, "FPRW", "write"],
  [7, "BRD", "read"],
  [8, "BWR", "write"],
  [9, "BRW", "write"],
  [10, "LRD", "report"],
  [11, "LWR", "report"],
  [12, "LRW", "report"],
  [13, "ARMW", "report"],
  [14, "FRMW", "report"],
  // Every start of a machine goes through these states; only BOOT opens the way for firmware.
  [STATE + 1, "state INIT", "session"],
  [STATE + 2, "state PREOP", "session"],
  [STATE + 3, "state BOOT", "firmware"],
  [STATE + 4, "state SAFEOP", "session"],
  [STATE + 8, "state OP", "session"],
  [RESET, "reset of the slave controller", "restart"],
  [EEPROM, "slave information write", "configure"],
  [MAILBOX + 0x000, "mailbox error", "other"],
  [MAILBOX + 0x100, "AoE", "other"],
  [MAILBOX + 0x200, "EoE", "other"],
  [MAILBOX + 0x310, "CoE emergency", "diagnose"],
  [MAILBOX + 0x321, "CoE SDO download", "write"],
  [MAILBOX + 0x322, "CoE SDO upload", "read"],
  [MAILBOX + 0x340, "CoE TxPDO", "report"],
  [MAILBOX + 0x350, "CoE RxPDO", "report"],
  [MAILBOX + 0x380, "CoE SDO information", "identify"],
  [MAILBOX + 0x401, "FoE read", "file"],
  [MAILBOX + 0x402, "FoE write", "firmware"],
  [MAILBOX + 0x403, "FoE data", "file"],
  [MAILBOX + 0x404, "FoE acknowledge", "file"],
  [MAILBOX + 0x405, "FoE error", "file"],
  [MAILBOX + 0x406, "FoE busy", "file"],
  [MAILBOX + 0x501, "SoE read", "read"],
  [MAILBOX + 0x502, "SoE read response", "read"],
  [MAILBOX + 0x503, "SoE write", "write"],
  [MAILBOX + 0x504, "SoE write response", "write"],
  [MAILBOX + 0x505, "SoE notification", "report"],
  [MAILBOX + 0x506, "SoE emergency", "diagnose"],
  [MAILBOX + 0xf00, "VoE", "other"],
  [NETWORK_VARIABLES, "network variables", "report"],
  [MAILBOX_GATEWAY, "mailbox gateway", "other"],
]);

const writes = (command: number): boolean => command === 2 || command === 5 || command === 8;

function recognise(r: Reader): Recognised {
  if (r.left < 2) return recognised.no;
  const head = r.peek16le(0);
  const length = head & 0x07ff;
  const type = head >> 12;
  if ((head & 0x0800) !== 0 || length > r.left - 2 + (r.left >= 62 ? 1500 : 0)) return recognised.no;
  if (type === 4 || type === 5) return recognised.port;
  if (type !== 1 || length < DATAGRAM_HEAD + 2 || r.peek(2) > LAST_COMMAND) return recognised.no;
  return (r.peek16le(8) & 0x07ff) + DATAGRAM_HEAD + 2 <= length ? recognised.port : recognised.no;
}

/** Registers whose writes mean more than a write. */
const CONTROL = 0x0120;
const ESC_RESET = 0x0040;
const EEPROM_CONTROL = 0x0502;

function registerWrite(r: Reader, ado: number, length: number): number {
  if (ado === CONTROL && length >= 1) return STATE + (r.peek(0) & 0x0f);
  if (ado === ESC_RESET) return RESET;
  // Command field of EEPROM control: bits 8 to 10, 2 is a write.
  return ado === EEPROM_CONTROL && length >= 2 && (r.peek(1) & 0x07) === 2 ? EEPROM : -1;
}

/** A mailbox behind a physical access to the memory of a slave: its header must fit. Gives the code, −1 when it is none. */
const found = { low: -1 };
function mailbox(r: Reader, length: number): number {
  found.low = -1;
  if (length < 10) return -1;
  const size = r.peek16le(0);
  const type = r.peek(5) & 0x0f;
  const counter = r.peek(5) >> 4;
  if (size < 2 || size > length - 6 || counter > 7 || (r.peek(4) & 0x3f) !== 0 || r.peek16le(2) > 0x7fff) return -1;
  if (type === 3) return coe(r, size);
  if (type === 4) {
    const operation = r.peek16le(6);
    return operation >= 1 && operation <= 6 ? MAILBOX + 0x400 + operation : -1;
  }
  if (type === 5) {
    const operation = r.peek(6) & 0x07;
    if (operation >= 1 && operation <= 6) found.low = r.peek16le(8);
    return operation >= 1 && operation <= 6 ? MAILBOX + 0x500 + operation : -1;
  }
  if (type === 0) return r.peek16le(6) === 1 ? MAILBOX : -1;
  return type <= 2 || type === 0x0f ? MAILBOX + type * 256 : -1;
}

function coe(r: Reader, size: number): number {
  const service = r.peek(7) >> 4;
  if (service === 2 || service === 3) {
    if (size < 10) return -1;
    const command = r.peek(8) >> 5;
    found.low = r.peek16le(9) * 256 + r.peek(11);
    // Requests: 1 download, 2 upload. Responses: 3 download, 2 upload. Segments (0, 3, 1) repeat no index.
    const download = service === 2 ? command === 1 : command === 3;
    if (download) return MAILBOX + 0x321;
    return command === 2 ? MAILBOX + 0x322 : -1;
  }
  return service === 1 || service === 4 || service === 5 || service === 8 ? MAILBOX + 0x300 + service * 16 : -1;
}

function datagram(r: Reader, c: Context, command: number, adp: number, ado: number, length: number): void {
  const { at } = r;
  r.at = at + length;
  const counter = r.u16le();
  r.at = at;
  const outcome = counter === 0 ? "request" : "response";
  if (command >= 10 && command <= 12) {
    const low = adp + ado * 65_536;
    c.commandFast(outcome, command, 0, low, low + Math.max(length, 1) - 1, -1);
    return;
  }
  const unit = command >= 4 && command <= 6 ? adp : -1;
  let code = writes(command) ? registerWrite(r, ado, length) : -1;
  let low = ado;
  let high = ado + Math.max(length, 1) - 1;
  // Mailboxes lie in the memory of a slave, from 0x1000 on. A poll that found none came back with counter 0.
  if (code < 0 && ado >= 0x1000 && command >= 1 && command <= 5 && (writes(command) || counter > 0)) {
    code = mailbox(r, length);
    if (code >= 0) {
      low = found.low;
      high = found.low;
    }
  }
  c.commandFast(outcome, code >= 0 ? code : command, 0, low, high, unit);
}

interface Known {
  master: boolean;
}

function commands(r: Reader, c: Context): void {
  const state = (c.state ??= { master: false } satisfies Known) as Known;
  for (let k = 0; k < MAX_DATAGRAMS && r.left >= DATAGRAM_HEAD + 2; k++) {
    const command = r.u8();
    r.skip(1);
    const adp = r.u16le();
    const ado = r.u16le();
    const flags = r.u16le();
    r.skip(2);
    const length = flags & 0x07ff;
    if (length + 2 > r.left) {
      c.weird("truncated");
      return;
    }
    const { at } = r;
    if (command > LAST_COMMAND) c.weird("unknown-function");
    else datagram(r, c, command, adp, ado, length);
    r.at = at + length + 2;
    if ((flags & 0x8000) === 0) break;
  }
  // Slaves set the local bit of the source address in frames that they send back.
  if (state.master || c.sourceMac === 0 || Math.floor(c.sourceMac / 0x200_0000_0000) % 2 === 1) return;
  state.master = true;
  c.source("role", "plc");
  c.source("capability", "EtherCAT master");
}

function dissect(r: Reader, c: Context): number {
  const size = r.left;
  if (size < 2) return -1;
  const head = r.u16le();
  const length = head & 0x07ff;
  if (length > r.left) c.weird("bad-length");
  else r.end = r.at + length;
  const type = head >> 12;
  if (type === 1) commands(r, c);
  else if (type === 4) c.commandFast("event", NETWORK_VARIABLES, 0, -1, -1, -1);
  else if (type === 5) c.commandFast("event", MAILBOX_GATEWAY, 0, -1, -1, -1);
  else c.weird("unknown-function");
  return size;
}

export const ethercat: Dissector = {
  protocol: "ethercat",
  specification: "EtherCAT ETG.1000.4 and ETG.1000.6",
  on: { ethertype: [0x88a4], udp: [34_980] },
  recognise,
  dissect,
  functions,
};
