/**
 * MMS inside COTP: ISO 9506-2 (clauses 7 to 26) over session (ISO 8327-1), presentation (ISO 8823-1) and ACSE (ISO 8650-1), with
 * the mapping of IEC 61850-8-1. All but the session layer is BER.
 *
 *  session:      | 01 00 01 00 | data     or | 0d connect, 0e accept | length | parameters, 0xc1 user data … |
 *  presentation: data 61 { 30 { 02 context, a0 { MMS PDU } } }     connect 31 { a0, a2 { … 61 { … ACSE 60, 61 } } }
 *  MMS PDU:      | a0 request, a1 response, a2 error, a3 unconfirmed, a4 reject, a8 … initiate |
 *
 * Labels are names of files and of named variable lists, never of variables. A write to a variable of IEC 61850 is told by its
 * functional constraint (CO controls, SP, SG, SE set, CF, DC, … configure; ISO's own writes stay 5). Limit: MAX_PARTS of a layer.
 */
import type { Reader } from "@yagura/packets/reader.ts";
import type { Outcome } from "../wire/vocabulary.ts";
import { Asked } from "./codecs/asked.ts";
import { berNumber, berSize, expectBer, openBer } from "./codecs/ber.ts";
import { NOT_MINE, recognised, type Context, type Dissector } from "./dissector.ts";
import {
  mmsFunctions,
  mmsPdus,
  serviceOf,
  UNCONFIRMED,
  WRITE_CONFIGURATION,
  WRITE_CONTROL,
  WRITE_SETTING,
} from "./mms-functions.ts";
import { labelOf, variableListName } from "./mms-names.ts";

const MAX_PARTS = 32;
const DATA_SPDU = 0x01;
const READ = 4;
const WRITE = 5;
const IDENTIFY = 2;

function dissect(r: Reader, c: Context): number {
  const whole = r.left;
  if (whole < 2) return NOT_MINE;
  const session = r.u8();
  let size = r.u8();
  if (size === 0xff) size = r.u16();
  if (session === DATA_SPDU && size === 0) {
    // Give tokens, then the data transfer itself.
    if (r.u8() !== DATA_SPDU) return NOT_MINE;
    r.skip(r.u8());
    presentation(r, c);
    return whole;
  }
  // Finish, disconnect, abort, refuse: nothing inside matters.
  if (session !== 0x0d && session !== 0x0e) return session >= 8 && session <= 26 ? whole : NOT_MINE;
  c.client(session === 0x0d);
  r.end = Math.min(r.end, r.at + size);
  for (let i = 0; i < MAX_PARTS && r.left >= 2; i++) {
    const code = r.u8();
    let length = r.u8();
    if (length === 0xff) length = r.u16();
    if (length > r.left) {
      c.weird("bad-length");
      return whole;
    }
    if (code === 0xc1) {
      r.end = r.at + length;
      connectPresentation(r, c);
      return whole;
    }
    // Group 5 holds parameters of its own: they are walked over like the others.
    r.skip(length);
  }
  return whole;
}

/**
 * Connect: SET, normal mode parameters, user data, PDV list, its value, ACSE request or response, user information, EXTERNAL and
 * its value; other parts beside them are walked over.
 */
const downToPdu: readonly (readonly number[])[] = [
  [0x31],
  [0xa2],
  [0x61],
  [0x30],
  [0xa0],
  [0x60, 0x61],
  [0xbe],
  [0x28],
  [0xa0],
];

function connectPresentation(r: Reader, c: Context): void {
  for (const wanted of downToPdu) {
    let tag = openBer(r);
    for (let i = 0; i < MAX_PARTS && tag !== -1 && !wanted.includes(tag); i++) {
      r.skip(berSize());
      tag = openBer(r);
    }
    // Other applications connect over the same layers.
    if (!wanted.includes(tag)) return;
    r.end = r.at + berSize();
  }
  const tag = openBer(r);
  if (tag !== -1) pdu(r, c, tag, r.at + berSize());
}

function presentation(r: Reader, c: Context): void {
  if (expectBer(r, 0x61) === -1 || expectBer(r, 0x30) === -1) {
    c.weird("bad-value");
    return;
  }
  r.end = r.at + berSize();
  for (let i = 0; i < 3; i++) {
    const tag = openBer(r);
    if (tag === -1) break;
    if (tag === 0xa0) {
      r.end = r.at + berSize();
      const inner = openBer(r);
      if (inner !== -1) pdu(r, c, inner, r.at + berSize());
      return;
    }
    r.skip(berSize());
  }
  c.weird("truncated");
}

const asked = (c: Context): Asked => {
  const table = c.state instanceof Asked ? c.state : new Asked();
  c.state = table;
  return table;
};

function pdu(r: Reader, c: Context, tag: number, end: number): void {
  r.end = end;
  if (tag === 0xa0 || tag === 0xa1) confirmed(r, c, tag === 0xa0);
  else if (tag === 0xa2 || tag === 0xa4) refused(r, c);
  else if (tag === 0xa3) unconfirmed(r, c);
  else {
    const named = mmsPdus[tag];
    if (named === undefined) c.weird("unknown-function");
    else {
      if (named.outcome !== "error") c.client(named.outcome === "request");
      c.command(named.outcome, named.code);
    }
  }
}

/** Invocation, modifiers (30, rare), service. */
function confirmed(r: Reader, c: Context, request: boolean): void {
  if (expectBer(r, 0x02) === -1) {
    c.weird("bad-value");
    return;
  }
  const id = berNumber(r, berSize());
  let tag = openBer(r);
  if (tag === 0x30 && request) {
    r.skip(berSize());
    tag = openBer(r);
  }
  const service = serviceOf(tag);
  if (tag === -1 || service === -1) {
    c.weird(tag === -1 ? "truncated" : "unknown-function");
    return;
  }
  r.end = r.at + berSize();
  if (request) {
    const code = service === WRITE ? writeOf(r) : service;
    const label = labelOf(r, service);
    asked(c).put(id, code);
    c.client(true);
    if (label === "") c.commandFast("request", code, 0, -1, -1, -1);
    else c.command("request", code, { label });
    return;
  }
  const kept = asked(c).take(id);
  const code = kept !== -1 && (kept & 255) === service ? kept : service;
  c.commandFast(outcomeOf(r, service), code, 0, -1, -1, -1);
  if (service === IDENTIFY) identify(r, c);
}

/** A read or write whose first result is a failure. */
function outcomeOf(r: Reader, service: number): Outcome {
  if (service === WRITE) return r.peek() === 0x80 ? "error" : "response";
  if (service !== READ) return "response";
  const at = r.at;
  let tag = openBer(r);
  if (tag === 0xa0) {
    r.skip(berSize());
    tag = openBer(r);
  }
  const failed = tag === 0xa1 && r.peek() === 0x80;
  r.at = at;
  r.short = false;
  return failed ? "error" : "response";
}

/** Functional constraint of the first written variable: between the first two "$" of its name. */
function writeOf(r: Reader): number {
  for (let i = 0; i + 3 < Math.min(r.left, 160); i++) {
    if (r.peek(i) !== 0x24 || r.peek(i + 3) !== 0x24) continue;
    const constraint = r.peek16(i + 1);
    if (constraint === 0x43_4f) return WRITE_CONTROL; // CO
    // SP, SG, SE, SV
    if (constraint === 0x53_50 || constraint === 0x53_47 || constraint === 0x53_45 || constraint === 0x53_56)
      return WRITE_SETTING;
    // CF, DC, EX, RP, BR, LG, GO, GS, MS, US
    if ([0x43_46, 0x44_43, 0x45_58, 0x52_50, 0x42_52, 0x4c_47, 0x47_4f, 0x47_53, 0x4d_53, 0x55_53].includes(constraint))
      return WRITE_CONFIGURATION;
    return WRITE;
  }
  return WRITE;
}

/** Errors name the invocation; a reject may be of something that had none. */
function refused(r: Reader, c: Context): void {
  const tag = openBer(r);
  if (tag !== 0x80) {
    c.weird(tag === -1 ? "truncated" : "rejected");
    return;
  }
  const code = asked(c).take(berNumber(r, berSize()));
  if (code === -1) c.weird("response-without-request");
  else c.commandFast("error", code, 0, -1, -1, -1);
}

/** Information reports, unsolicited status, event notifications: nobody asked. */
function unconfirmed(r: Reader, c: Context): void {
  const tag = openBer(r);
  if (tag === -1) {
    c.weird("truncated");
    return;
  }
  r.end = r.at + berSize();
  const code = UNCONFIRMED + (tag & 31);
  const label = tag === 0xa0 ? variableListName(r) : "";
  if (label === "") c.commandFast("event", code, 0, -1, -1, -1);
  else c.command("event", code, { label });
}

function identify(r: Reader, c: Context): void {
  for (let i = 0; i < 4 && r.left >= 2; i++) {
    const tag = openBer(r);
    if (tag === -1) return;
    const value = r.utf8(berSize());
    if (tag === 0x80) c.source("vendor", value);
    else if (tag === 0x81) c.source("model", value);
    else if (tag === 0x82) c.source("firmware", value);
  }
}

export const mms: Dissector = {
  protocol: "mms",
  specification: "ISO 9506-2:2003; IEC 61850-8-1:2011; ISO 8327-1, 8823-1, 8650-1",
  // Found inside COTP only.
  on: {},
  recognise: () => recognised.no,
  dissect,
  functions: mmsFunctions,
  weirds: ["rejected"],
};
