/**
 * SLMP and its forerunner, the MC protocol of MELSEC controllers: frames 3E and 4E (codecs/slmp-frame.ts) and 1E
 * (codecs/mc-one-e.ts), binary and ASCII, over TCP and UDP on ports that the plant chooses.
 *
 * Codes: the command of the specification; frames 1E as 0x10000 + subheader. Objects are devices (D, M, X …) by their binary
 * codes; unit is network * 256 + station where another than the connected station is meant. A random access tells one command
 * for each kind of device, at most MAX_AREAS; its response is told once.
 * Weirds: "bad-value" (devices that do not exist, data that do not fit), "bad-length" (UDP), "unknown-function".
 */
import type { Reader } from "@yagura/packets/reader.ts";
import { asciiNumber, mcNumber, melsecObjects } from "./codecs/melsec.ts";
import { isOneE, oneE, readOneE, responseSize } from "./codecs/mc-one-e.ts";
import { Pending, QUEUE } from "./codecs/pending.ts";
import { NODE_SEARCH, ONDEMAND, ONE_E, READ_TYPE_NAME, oneECpus, slmpFunctions } from "./codecs/slmp-commands.ts";
import { frame, frames, plausibleRoute, readFrame } from "./codecs/slmp-frame.ts";
import { areas, readAreas } from "./codecs/slmp-request.ts";
import { NEED_MORE, NOT_MINE, recognised, type Context, type Dissector, type Recognised } from "./dissector.ts";

/** Cyclic data of CC-Link IE Field Basic, which has a dissector of its own. */
const CYCLIC_DATA = 0x0e70;
const BASIC_PORT = 61_450;
/** Bytes that `recognise` is given. */
const LOOK = 64;

const pendingOf = (c: Context): Pending => {
  if (!(c.state instanceof Pending)) c.state = new Pending();
  return c.state as Pending;
};

function recogniseFrame(r: Reader, c: Context): Recognised {
  const size = r.left;
  const total = readFrame(r);
  if (total <= 0 || frame.kind === frames.lmt || !plausibleRoute()) return recognised.no;
  if (c.sourcePort === BASIC_PORT || c.destinationPort === BASIC_PORT) return recognised.no;
  const fits = size < LOOK ? total === size : total >= LOOK;
  if (frame.response) {
    const usual = frame.module >= 0x03d0 && (fits || frame.ascii);
    return usual ? recognised.sure : recognised.port;
  }
  mcNumber(r, 2, frame.ascii);
  const command = mcNumber(r, 2, frame.ascii);
  if (r.short || !slmpFunctions.has(command) || command === CYCLIC_DATA) return recognised.no;
  return fits ? recognised.sure : recognised.port;
}

function recogniseOneE(r: Reader): Recognised {
  const size = r.left;
  if (!readOneE(r)) return recognised.no;
  if (oneE.object !== 0 && oneE.pc === 0xff && oneE.low < 0x10_0000 && (oneE.size === size || oneE.size > LOOK))
    return recognised.sure;
  return oneE.pc === 0xff && oneE.size === size ? recognised.port : recognised.no;
}

function recognise(r: Reader, c: Context): Recognised {
  const start = r.at;
  const got = recogniseFrame(r, c);
  if (got !== recognised.no) return got;
  r.at = start;
  r.short = false;
  return recogniseOneE(r);
}

function request(r: Reader, c: Context): void {
  c.client(true);
  mcNumber(r, 2, frame.ascii);
  const command = mcNumber(r, 2, frame.ascii);
  const subcommand = mcNumber(r, 2, frame.ascii);
  const { unit } = frame;
  if (command === ONDEMAND) {
    c.client(false);
    c.commandFast("event", command, 0, -1, -1, unit);
    return;
  }
  if (!slmpFunctions.has(command)) c.weird("unknown-function");
  if (!readAreas(r, command, subcommand, frame.ascii)) {
    c.weird("bad-value");
    areas.count = 0;
  }
  const object = areas.count === 0 ? 0 : (areas.objects[0] as number);
  const low = areas.count === 0 ? -1 : (areas.lows[0] as number);
  const high = areas.count === 0 ? -1 : (areas.highs[0] as number);
  c.commandFast("request", command, object, low, high, unit);
  for (let k = 1; k < areas.count; k++)
    c.commandFast(
      "request",
      command,
      areas.objects[k] as number,
      areas.lows[k] as number,
      areas.highs[k] as number,
      unit,
    );
  if (frame.kind === frames.three) pendingOf(c).queue(c.time, command, object, low, high, unit);
  else pendingOf(c).put(frame.serial, command, object, low, high, unit);
}

function response(r: Reader, c: Context): void {
  c.client(false);
  const end = mcNumber(r, 2, frame.ascii);
  const pending = pendingOf(c);
  if (!pending.take(frame.kind === frames.three ? QUEUE : frame.serial)) {
    c.weird("response-without-request");
    return;
  }
  const { code, object, low, high, unit } = pending;
  c.commandFast(end === 0 ? "response" : "error", code, object, low, high, unit);
  if (end !== 0) return;
  if (code === READ_TYPE_NAME) typeName(r, c);
  else if (code === NODE_SEARCH && !frame.ascii) nodeFound(r, c);
}

/** 16 characters of name and the model code. */
function typeName(r: Reader, c: Context): void {
  const name = r.ascii(16);
  const code = mcNumber(r, 2, frame.ascii);
  if (r.short || name === "") {
    c.weird("truncated");
    return;
  }
  // Another station behind the connected one is asked: the name is not that of the sender.
  if (frame.unit !== -1 && frame.unit >= 256) return;
  tellModel(c, name);
  if (code > 0) c.source("device-type", `slmp:${code.toString(16).padStart(4, "0")}`);
}

/** Names of CPU modules are Mitsubishi's own; modules of partners answer with theirs. */
export function tellModel(c: Context, name: string): void {
  c.source("model", name);
  if (!/^(?:[QLRA]\d|QS\d|FX|NCCPU|LJ|RJ|NZ)/u.test(name)) return;
  c.source("vendor", "Mitsubishi Electric");
  if (name.includes("SFCPU")) c.source("role", "safety");
  else if (name.includes("CPU") || name.startsWith("FX")) c.source("role", "plc");
}

/**
 * Node search (CC-Link IE Field Basic, section 5.4 of BAP-C2006ENG): who asked (MAC, address), then the answering node: MAC,
 * address, mask, gateway, name, vendor, model, version.
 */
function nodeFound(r: Reader, c: Context): void {
  r.skip(6);
  r.skip(r.u8());
  r.skip(6);
  const size = r.u8();
  if (size !== 4) return;
  r.skip(12);
  const name = r.ascii(r.u8());
  const vendor = r.u16le();
  const model = r.u32le();
  const version = r.u16le();
  if (r.short) {
    c.weird("truncated");
    return;
  }
  c.source("name", name);
  c.source("device-type", `slmp:${vendor.toString(16).padStart(4, "0")}:${model.toString(16).padStart(8, "0")}`);
  c.source("hardware", String(version));
}

/** Requests of 1E frames name all that their length follows from within so many bytes (twice as many in ASCII). */
const ONE_E_HEAD = 12;

/** A beginning that may become a 1E request. */
function waits(r: Reader, c: Context): boolean {
  if (c.transport !== "tcp") return false;
  const first = r.peek(0);
  const binary = isOneE(first) && (r.left < 2 || r.peek(1) === 0xff || r.peek(1) <= 0x40);
  return (binary && r.left < ONE_E_HEAD) || (first >= 0x30 && first <= 0x33 && r.left < 2 * ONE_E_HEAD);
}

function dissectOneE(r: Reader, c: Context): number {
  const start = r.at;
  const size = r.left;
  const first = r.peek(0);
  // "8", "9", "A", "B" begin the subheader of a response in ASCII.
  const ascii = first === 0x38 || first === 0x39 || first === 0x41 || first === 0x42;
  const subheader = ascii ? asciiNumber(r, 2) : first;
  r.at = start;
  if (subheader >= 0x80 && isOneE(subheader & 0x7f)) return oneEResponse(r, c, subheader & 0x7f);
  const good = readOneE(r);
  if (!good || oneE.size > size) {
    r.at = start;
    return (good && c.transport === "tcp") || waits(r, c) ? NEED_MORE : NOT_MINE;
  }
  c.client(true);
  const unit = oneE.pc === 0xff ? -1 : oneE.pc;
  c.commandFast("request", ONE_E + oneE.subheader, oneE.object, oneE.low, oneE.high, unit);
  pendingOf(c).put(ONE_E + oneE.subheader, oneE.points, oneE.object, oneE.low, oneE.high, unit);
  return oneE.size;
}

function oneEResponse(r: Reader, c: Context, subheader: number): number {
  const size = r.left;
  const ascii = r.peek(0) < 0x80;
  mcNumber(r, 1, ascii);
  const end = mcNumber(r, 1, ascii);
  if (r.short) return c.transport === "tcp" ? NEED_MORE : NOT_MINE;
  const pending = pendingOf(c);
  if (!pending.take(ONE_E + subheader)) return NOT_MINE;
  c.client(false);
  const { object, low, high, unit } = pending;
  c.commandFast(end === 0 ? "response" : "error", ONE_E + subheader, object, low, high, unit);
  if (subheader === 0x15 && end === 0) {
    const name = oneECpus.get(mcNumber(r, 1, ascii));
    if (name !== undefined) tellModel(c, name);
  }
  const expected = responseSize(subheader, pending.code, ascii, end !== 0);
  return expected > 0 && expected < size ? expected : size;
}

function dissect(r: Reader, c: Context): number {
  const start = r.at;
  const size = r.left;
  const total = readFrame(r);
  if (total < 0) {
    r.at = start;
    r.short = false;
    return dissectOneE(r, c);
  }
  if (total === 0 || total > size) {
    if (c.transport === "tcp") return NEED_MORE;
    c.weird("truncated");
    return size === 0 ? NOT_MINE : size;
  }
  const end = r.end;
  r.end = start + total;
  if (frame.response) response(r, c);
  else request(r, c);
  r.end = end;
  if (c.transport !== "udp") return total;
  if (total < size) c.weird("bad-length");
  return size;
}

export const slmp: Dissector = {
  protocol: "slmp",
  specification: "SLMP SH(NA)-080956ENG, MC protocol SH(NA)-080008",
  on: { tcp: [5000, 5001, 5002, 5003, 5010, 5012, 4999, 8192], udp: [5000, 5001, 5002, 5010, 4999, 61_451, 45_237] },
  stream: true,
  recognise,
  dissect,
  functions: slmpFunctions,
  objects: melsecObjects,
};
