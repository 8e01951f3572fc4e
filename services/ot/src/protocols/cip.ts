/**
 * CIP explicit messages inside EtherNet/IP. The CIP Networks Library, volume 1, sections 2-4 (message router), 3-5 (connection
 * manager) and appendices A, C; volume 2, section 2-6 (common packet format). The reader stands on the encapsulation header,
 * whose sender context pairs unconnected requests with their answers; connected ones have a sequence number.
 *
 *  request:  | service | path size in words | path … | data …
 *  response: | service + 0x80 | 0 | general status | size of additional status | … | data …
 *
 * Limits: MAX_SERVICES of a Multiple Service Packet, one depth of Unconnected Send inside another.
 */
import type { Reader } from "@yagura/packets/reader.ts";
import type { Outcome } from "../wire/vocabulary.ts";
import { cipFunctions, PCCC } from "./cip-functions.ts";
import { tellAttribute, tellAttributeList, tellIdentity } from "./cip-identity.ts";
import { cipClasses } from "./cip-names.ts";
import { CipPaths, type CipPath } from "./cip-path.ts";
import { Asked } from "./codecs/asked.ts";
import { NOT_MINE, recognised, type Context, type Dissector } from "./dissector.ts";

const ENCAPSULATION = 24;
const MAX_ITEMS = 4;
const MAX_SERVICES = 256;
const MAX_DEPTH = 3;
const MESSAGE_ROUTER = 2;
const CONNECTION_MANAGER = 6;
const UNCONNECTED_SEND = 0x52;
const MULTIPLE = 0x0a;
const EXECUTE_PCCC = 0x4b;
const IDENTITY = 1;
/** General statuses of answers that were given: success, and partial transfer. */
const given = (status: number): boolean => status === 0 || status === 6;

interface State {
  readonly paths: CipPaths;
  /** Request number → (code * 2 + 1 when it is routed on by Unconnected Send) * 1,024 + path + 1. */
  readonly asked: Asked;
  /** The same for the services of a Multiple Service Packet. */
  readonly inside: Asked;
}

function dissect(r: Reader, c: Context): number {
  const whole = r.left;
  if (whole < ENCAPSULATION + 12) return NOT_MINE;
  const state: State = (c.state as State | null) ?? {
    paths: new CipPaths(),
    asked: new Asked(),
    inside: new Asked(1_024),
  };
  c.state = state;
  r.skip(12);
  const context = r.u32le() + (r.u32le() & 0xf_ff_ff) * 4_294_967_296;
  r.skip(4 + 4 + 2); // options, interface handle, timeout
  const items = r.u16le();
  for (let i = 0; i < Math.min(items, MAX_ITEMS); i++) {
    const type = r.u16le();
    const size = r.u16le();
    if (r.short || r.at + size > r.end) {
      c.weird("bad-length");
      return whole;
    }
    const end = r.at + size;
    if ((type === 0xb1 || type === 0xb2) && size >= 2) {
      // Connected: the sequence number, moved out of the way of the sender contexts.
      const id = type === 0xb1 ? 2 ** 52 + r.u16le() : context;
      const before = r.end;
      r.end = end;
      message(r, c, state, state.asked, id, 0);
      r.end = before;
    }
    r.at = end;
  }
  return whole;
}

function message(r: Reader, c: Context, state: State, asked: Asked, id: number, depth: number): void {
  if (r.left < 2) return;
  if (depth > MAX_DEPTH) {
    c.weird("too-deep");
    return;
  }
  if (r.peek() >= 0x80) response(r, c, state, asked, id);
  else request(r, c, state, asked, id, depth);
}

function request(r: Reader, c: Context, state: State, asked: Asked, id: number, depth: number): void {
  const service = r.u8();
  const size = r.u8() * 2;
  if (size > r.left) {
    c.weird("bad-length");
    return;
  }
  const path = state.paths.read(r, size);
  const code = codeOf(r, service, path.class);
  if (depth === 0) c.client(true);
  c.command("request", code, path.detail);
  asked.put(id, (code * 2 + (depth > 0 && asked === state.asked ? 1 : 0)) * 1_024 + path.index + 1);
  if (service === MULTIPLE) each(r, c, state, id, depth);
  else if (service === UNCONNECTED_SEND && path.class === CONNECTION_MANAGER) {
    r.skip(2); // priority, ticks
    const length = r.u16le();
    if (length > r.left) c.weird("bad-length");
    else {
      r.end = r.at + length;
      message(r, c, state, asked, id, depth + 1);
    }
  }
}

/** Number of the function: plain, with its class, or with command and function of PCCC (the reader does not move). */
function codeOf(r: Reader, service: number, type: number): number {
  if (service === EXECUTE_PCCC && type === PCCC) {
    const at = r.peek(); // size of the requestor's id, itself included
    const command = r.peek(at);
    const withFunction = command === 6 || command === 7 || command === 15;
    return 0x4b_00_00 + command * 256 + (withFunction ? r.peek(at + 4) : 0);
  }
  const own = type * 256 + service;
  return type > 0 && cipFunctions.has(own) ? own : service;
}

/** Services of a Multiple Service Packet: count, their offsets from the count, then one after the other. */
function each(r: Reader, c: Context, state: State, id: number, depth: number): void {
  const { at: base, end } = r;
  const count = r.u16le();
  if (count === 0 || count > MAX_SERVICES || 2 + 2 * count > end - base) {
    c.weird("bad-value");
    return;
  }
  for (let i = 0; i < count; i++) {
    r.at = base + 2 + 2 * i;
    const from = base + r.peek16le();
    const to = i + 1 < count ? base + r.peek16le(2) : end;
    if (from < base + 2 + 2 * count || to > end || to <= from) {
      c.weird("bad-value");
      return;
    }
    r.at = from;
    r.end = to;
    r.short = false; // one cut service does not spoil the next
    message(r, c, state, state.inside, (id % 2 ** 40) * MAX_SERVICES + i, depth + 1);
    r.end = end;
  }
}

function response(r: Reader, c: Context, state: State, asked: Asked, id: number): void {
  const service = r.u8() - 0x80;
  r.skip(1);
  const status = r.u8();
  r.skip(r.u8() * 2);
  if (r.short) {
    c.weird("truncated");
    return;
  }
  const kept = asked.get(id);
  const path = kept === -1 ? null : state.paths.at((kept % 1_024) - 1);
  const code = kept === -1 ? service : Math.floor(kept / 2_048);
  const outcome: Outcome = given(status) || (service === MULTIPLE && status === 0x1e) ? "response" : "error";
  // An answer to another request than the one that is remembered, e.g. a refusal of Unconnected Send itself.
  if (path === null || serviceOf(code) !== service) {
    if (service === UNCONNECTED_SEND)
      c.commandFast(outcome, CONNECTION_MANAGER * 256 + service, CONNECTION_MANAGER, -1, -1, -1);
    else c.commandFast(outcome, service, service === MULTIPLE ? MESSAGE_ROUTER : 0, -1, -1, -1);
    if (service === MULTIPLE && outcome === "response") each(r, c, state, id, 0);
    return;
  }
  c.command(
    outcome === "response" && service === EXECUTE_PCCC && pcccRefused(r) ? "error" : outcome,
    code,
    path.detail,
  );
  if (outcome === "error") return;
  if (service === MULTIPLE) each(r, c, state, id, 0);
  else if (path.class === IDENTITY && path.instance === 1)
    identity(r, c, service, path, Math.floor(kept / 1_024) % 2 === 1);
}

const serviceOf = (code: number): number => (code >= 0x1_00_00 ? code >> 16 : code & 0xff);

/** Status behind the requestor's id and the command. */
const pcccRefused = (r: Reader): boolean => r.left > r.peek() + 1 && r.peek(r.peek() + 1) !== 0;

/** A routed question is answered by another module of the chassis, which has no address of its own. */
function identity(r: Reader, c: Context, service: number, path: CipPath, routed: boolean): void {
  if (routed) {
    if (service !== 0x01) return;
    r.skip(14);
    const name = r.ascii(r.u8());
    if (name !== "") c.source("description", `chassis: ${name}`);
  } else if (service === 0x01) tellIdentity(r, c);
  else if (service === 0x03) tellAttributeList(r, c);
  else if (service === 0x0e) tellAttribute(r, c, path.attribute);
}

export const cip: Dissector = {
  protocol: "cip",
  specification: "The CIP Networks Library, volume 1 (ODVA)",
  // Found inside EtherNet/IP only.
  on: {},
  recognise: () => recognised.no,
  dissect,
  functions: cipFunctions,
  objects: cipClasses,
};
