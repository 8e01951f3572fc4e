/**
 * PROFINET DCP, Discovery and basic Configuration (IEC 61158-6-10, section 4.3; EtherType 0x8892, frame ids 0xfefc to 0xfeff):
 *
 *   | frame id 2 | service 1 | type 1 | xid 4 | response delay 2 | length 2 | blocks … |
 *   block | option 1 | suboption 1 | length 2 | [qualifier (set) or info (answers) 2] | data | to even |
 *
 * Codes: Get, Identify and Hello are service << 16; Set and its answers service << 16 | option << 8 | suboption, one command for
 * each block. The label is the name or address that is set. Frames of real-time data on the same pair go to "profinet-rt".
 * Limits: MAX_BLOCKS. Weirds: "truncated", "bad-length", "unknown-function", "name-too-long".
 */
import type { Reader } from "@yagura/packets/reader.ts";
import { ipv4Text } from "./codecs/addresses.ts";
import { functionTable, type FunctionRow } from "./codecs/functions.ts";
import { profinetVendors } from "./codecs/profinet-vendors.ts";
import { recognised, type Context, type Dissector, type Recognised } from "./dissector.ts";

const HEAD = 12;
const MAX_BLOCKS = 32;
/** Labels of a station's name, section 4.3.1.4.15. */
const MAX_NAME = 240;

const GET = 3;
const SET = 4;
const IDENTIFY = 5;
const HELLO = 6;

const setRows: readonly FunctionRow[] = [
  [0x0101, "Set MAC address", "configure"],
  [0x0102, "Set IP address", "configure"],
  [0x0103, "Set IP suite", "configure"],
  [0x0201, "Set type of station", "configure"],
  [0x0202, "Set name of station", "configure"],
  [0x0206, "Set alias name", "configure"],
  [0x033d, "Set DHCP client identifier", "configure"],
  [0x03ff, "Set DHCP control", "configure"],
  [0x0501, "Start transaction", "session"],
  [0x0502, "End transaction", "session"],
  [0x0503, "Signal (blink)", "diagnose"],
  [0x0504, "Set response", "configure"],
  [0x0505, "Factory reset", "restart"],
  [0x0506, "Reset to factory", "restart"],
  [0x0601, "Set device initiative", "configure"],
];

const functions = functionTable([
  [GET << 16, "Get", "identify"],
  [SET << 16, "Set", "configure"],
  [IDENTIFY << 16, "Identify", "identify"],
  [HELLO << 16, "Hello", "identify"],
  ...setRows.map(([code, name, does]): FunctionRow => [(SET << 16) + code, name, does]),
]);

const isDcp = (frameId: number): boolean => frameId >= 0xfefc && frameId <= 0xfeff;

function recognise(r: Reader): Recognised {
  if (r.left < HEAD || !isDcp(r.peek16(0))) return recognised.no;
  const service = r.peek(2);
  return service >= GET && service <= HELLO && [0, 1, 5].includes(r.peek(3)) ? recognised.port : recognised.no;
}

/** What a device says of itself by one block; `r` is on its data. */
function tellBlock(r: Reader, c: Context, block: number, length: number): void {
  switch (block) {
    case 0x0102:
    case 0x0103: {
      const address = r.u32();
      r.skip(4);
      const gateway = r.u32();
      if (r.short || address === 0) return;
      if (c.sourceMac !== 0) c.binding("traffic", c.sourceMac, ipv4Text(address));
      if (gateway !== 0 && gateway !== address) c.source("gateway", ipv4Text(gateway));
      return;
    }
    case 0x0201: {
      c.source("model", r.utf8(length));
      return;
    }
    case 0x0202: {
      if (length > MAX_NAME) c.weird("name-too-long");
      c.source("name", r.ascii(length));
      return;
    }
    case 0x0203: {
      const vendor = r.u16();
      const device = r.u16();
      if (r.short) return;
      c.source(
        "device-type",
        `profinet:${vendor.toString(16).padStart(4, "0")}:${device.toString(16).padStart(4, "0")}`,
      );
      c.source("vendor", profinetVendors.get(vendor) ?? "");
      return;
    }
    case 0x0204: {
      const role = r.u8();
      if ((role & 0x08) !== 0) c.source("role", "engineering-station");
      else if ((role & 0x02) !== 0) c.source("role", "plc");
      c.source("capability", roleText(role));
      return;
    }
    case 0x0206: {
      c.source("description", r.ascii(length));
      return;
    }
    default:
  }
}

const roleNames = ["IO device", "IO controller", "IO multidevice", "IO supervisor"] as const;
function roleText(role: number): string {
  let text = "";
  for (let k = 0; k < roleNames.length; k++)
    if ((role & (1 << k)) !== 0) text += `${text === "" ? "" : ", "}${roleNames[k]}`;
  return text;
}

/** What a Set asks for, as a label: names and addresses are identifiers. */
function labelOf(r: Reader, block: number, length: number): string | undefined {
  if (block === 0x0202) return r.ascii(Math.min(length, MAX_NAME));
  if (block === 0x0102 || block === 0x0103) return ipv4Text(r.u32());
  return undefined;
}

function setBlock(r: Reader, c: Context, block: number, length: number, answers: boolean): void {
  if (!answers) {
    // The qualifier (temporary or permanent) comes first.
    r.skip(2);
    const label = labelOf(r, block, length - 2);
    c.command("request", (SET << 16) | block, label === undefined ? {} : { label });
    return;
  }
  if (block !== 0x0504) return;
  const set = r.u16();
  c.command(r.u8() === 0 ? "response" : "error", (SET << 16) | set);
}

function blocks(r: Reader, c: Context, service: number, answers: boolean): void {
  for (let k = 0; k < MAX_BLOCKS && r.left >= 4; k++) {
    const block = r.u16();
    const length = r.u16();
    if (length > r.left) {
      c.weird("bad-length");
      return;
    }
    const { at, end } = r;
    r.end = at + length;
    if (service === SET) setBlock(r, c, block, length, answers);
    else if (answers && length >= 2) {
      r.skip(2);
      tellBlock(r, c, block, length - 2);
    }
    r.end = end;
    r.at = Math.min(at + length + (length & 1), end);
  }
}

function dissect(r: Reader, c: Context): number {
  const size = r.left;
  if (size < 2) return -1;
  const frameId = r.peek16(0);
  if (!isDcp(frameId)) return c.inside("profinet-rt", r, r.at, r.end);
  r.skip(2);
  const service = r.u8();
  const type = r.u8();
  r.skip(6);
  const length = r.u16();
  if (r.short || length > r.left) {
    c.weird("truncated");
    return size;
  }
  r.end = r.at + length;
  if (service < GET || service > HELLO) {
    c.weird("unknown-function");
    return size;
  }
  const answers = type !== 0 || service === HELLO;
  c.client(type === 0 && service !== HELLO);
  // A Set is told block by block.
  if (service !== SET)
    c.commandFast(service === HELLO ? "event" : type === 0 ? "request" : type === 1 ? "response" : "error", service << 16, 0, -1, -1, -1); // prettier-ignore
  else if (type > 1) c.command("error", SET << 16);
  if (service !== SET && !answers) return size;
  blocks(r, c, service, answers);
  return size;
}

export const profinetDcp: Dissector = {
  protocol: "profinet-dcp",
  specification: "IEC 61158-6-10, section 4.3 (DCP)",
  on: { ethertype: [0x8892] },
  recognise,
  dissect,
  functions,
  weirds: ["name-too-long"],
};
