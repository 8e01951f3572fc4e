/**
 * OPC UA over TCP. OPC 10000-6 (Mappings), sections 5.2 (binary encoding), 6.7 (secure conversation), 7.1 (TCP); services: OPC
 * 10000-4. Little endian.
 *
 *  3 bytes  1 byte       4 bytes   HEL, ACK, ERR: the fields of the connection
 * | type   | chunk F C A | size   | OPN: channel, policy, certificate, thumbprint, sequence, request, body
 *                                  | MSG, CLO: channel, token, sequence, request, body
 *
 * A body begins with the number of its service. Under the policy None (or when it is only signed) it is read; an encrypted one
 * is told as OPAQUE. A response is counted where its request was. Messages of the connection are CONNECTION + a number.
 */
import type { Reader } from "@yagura/packets/reader.ts";
import type { Outcome } from "../wire/vocabulary.ts";
import { Asked } from "./codecs/asked.ts";
import {
  MAX_MESSAGE,
  NEED_MORE,
  NOT_MINE,
  recognised,
  type Context,
  type Dissector,
  type Recognised,
} from "./dissector.ts";
import { numericNodeId, skipRequestHeader, skipString, tellService } from "./opcua-bodies.ts";
import { CONNECTION, OPAQUE, opcuaFunctions, requestOf, SERVICE_FAULT } from "./opcua-services.ts";

const HEADER = 8;
const type = (text: string): number => [...text].reduce((sum, letter) => sum * 256 + letter.charCodeAt(0), 0);
const HEL = type("HEL");
const ACK = type("ACK");
const ERR = type("ERR");
const RHE = type("RHE");
const OPN = type("OPN");
const MSG = type("MSG");
const CLO = type("CLO");
const types = new Set([HEL, ACK, ERR, RHE, OPN, MSG, CLO]);
const FINAL = 0x46;
const CONTINUED = 0x43;
const ABORTED = 0x41;
const POLICY_NONE = "http://opcfoundation.org/UA/SecurityPolicy#None";
const UNREADABLE_STATUS = 0x80_00_00_00;

export interface OpcuaState {
  readonly asked: Asked;
  /** Policy of the channel: null while it was not seen. */
  none: boolean | null;
  /** Request whose chunks are under way, by direction (lower source port first); −1 for none. */
  readonly chunks: [number, number];
  /** Identities of this conversation were told. */
  told: number;
}

function recognise(r: Reader): Recognised {
  if (r.left < HEADER) return recognised.no;
  const chunk = r.peek(3);
  if (!types.has(r.peek16() * 256 + r.peek(2)) || (chunk !== FINAL && chunk !== CONTINUED && chunk !== ABORTED))
    return recognised.no;
  const size = r.peek16le(4) + r.peek16le(6) * 65_536;
  return size >= HEADER + 4 && size < 16_777_216 ? recognised.sure : recognised.no;
}

function dissect(r: Reader, c: Context): number {
  if (r.left < HEADER) return NEED_MORE;
  const kind = r.u24();
  const chunk = r.u8();
  const size = r.u32le();
  if (!types.has(kind)) return NOT_MINE;
  if (size < HEADER + 4) {
    c.weird("bad-length");
    return NOT_MINE;
  }
  if (size > MAX_MESSAGE) {
    c.weird("too-long");
    return NOT_MINE;
  }
  if (r.left < size - HEADER) return NEED_MORE;
  r.end = r.at + size - HEADER;
  const state: OpcuaState = (c.state as OpcuaState | null) ?? {
    asked: new Asked(),
    none: null,
    chunks: [-1, -1],
    told: 0,
  };
  c.state = state;
  if (kind === OPN) open(r, c, state);
  else if (kind === MSG || kind === CLO) message(r, c, state, chunk);
  else connection(r, c, kind);
  if (r.short) c.weird("truncated");
  return size;
}

function connection(r: Reader, c: Context, kind: number): void {
  if (kind === HEL) {
    c.client(true);
    r.skip(20);
    const length = r.u32le();
    c.command("request", CONNECTION + 1, { label: length < 4_096 ? r.utf8(length).slice(0, 128) : "" });
  } else if (kind === RHE) c.commandFast("request", CONNECTION + 2, 0, -1, -1, -1);
  else {
    c.client(false);
    c.commandFast(kind === ACK ? "response" : "error", CONNECTION + 1, 0, -1, -1, -1);
  }
}

function open(r: Reader, c: Context, state: OpcuaState): void {
  r.skip(4);
  const length = r.u32le();
  const policy = length < 256 ? r.utf8(length) : "";
  if (policy === "") {
    c.weird("bad-value");
    return;
  }
  state.none = policy === POLICY_NONE;
  skipString(r);
  skipString(r);
  if (!state.none) {
    // The body is encrypted; requests carry the client's certificate as responses the server's.
    c.commandFast(c.fromClient ? "request" : "response", 446, 0, -1, -1, -1);
    return;
  }
  r.skip(4);
  service(r, c, state, r.u32le());
}

function message(r: Reader, c: Context, state: OpcuaState, chunk: number): void {
  r.skip(12); // channel, token, sequence
  const request = r.u32le();
  const way = c.sourcePort < c.destinationPort ? 0 : 1;
  const continued = state.chunks[way] === request;
  state.chunks[way] = chunk === CONTINUED ? request : -1;
  if (chunk === ABORTED) {
    c.weird("aborted");
    return;
  }
  // Only the first chunk begins with the service.
  if (!continued) service(r, c, state, request);
}

function service(r: Reader, c: Context, state: OpcuaState, request: number): void {
  const id = numericNodeId(r);
  const asked = requestOf(id);
  if (id === -1 || (asked === -1 && id !== SERVICE_FAULT)) {
    if (state.none === true && !r.short) {
      c.weird("unknown-function");
      return;
    }
    c.commandFast(c.fromClient ? "request" : "response", OPAQUE, 0, -1, -1, -1);
    r.short = false;
    return;
  }
  if (id === asked) {
    c.client(true);
    state.asked.put(request, id);
    c.commandFast("request", id, 0, -1, -1, -1);
    skipRequestHeader(r);
    tellService(r, c, state, id);
    return;
  }
  // Response header: time, handle, result.
  r.skip(12);
  const bad = r.u32le() >= UNREADABLE_STATUS;
  const kept = state.asked.take(request);
  const code = asked === -1 ? kept : asked;
  const outcome: Outcome = bad || id === SERVICE_FAULT ? "error" : "response";
  if (code === -1) c.weird("response-without-request");
  c.commandFast(outcome, code === -1 ? SERVICE_FAULT : code, 0, -1, -1, -1);
  if (outcome === "response") tellService(r, c, state, id);
}

export const opcua: Dissector = {
  protocol: "opcua",
  specification: "OPC 10000-6, sections 5.2, 6.7, 7.1; OPC 10000-4",
  on: { tcp: [4_840] },
  stream: true,
  recognise,
  dissect,
  functions: opcuaFunctions,
  weirds: ["aborted"],
};
