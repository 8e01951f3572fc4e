/**
 * BACnet (ASHRAE 135): over UDP 47808 (annex J) and over 802.2 (clause 7).
 *
 *   BVLC | 81 | function 1 | length 2 | [originator 6 of a forwarded NPDU] |
 *   NPDU | 01 | control 1 | [DNET 2, length 1, address] | [SNET 2, length 1, address] | [hops 1] | [network message 1] |
 *   APDU | type and flags 1 | …         confirmed request: | segments 1 | invoke id 1 | [sequence 1, window 1] | service 1 | …
 *
 * Codes: confirmed services as numbered, deviceCommunicationControl and reinitializeDevice with what they ask (service << 8 | state),
 * unconfirmed services from UNCONFIRMED, messages of the network layer from NETWORK, of the BVLC from BVLC. Objects are object types
 * (ANALOG_INPUT stands for type 0), low and high the instance, unit the network behind a router.
 * A segmented message is told with its first segment; answers to reads of a Device object are put together (MAX_ANSWER, in order).
 * Weirds: "truncated", "bad-length", "bad-version", "unknown-function", "response-without-request".
 */
import { Reader } from "@yagura/packets/reader.ts";
import { readMultipleAck, readPropertyAck, vendorOf } from "./codecs/bacnet-identity.ts";
import {
  ANALOG_INPUT,
  BVLC,
  DEVICE,
  DEVICE_COMMUNICATION_CONTROL,
  NETWORK,
  REINITIALIZE_DEVICE,
  UNCONFIRMED,
  bacnetFunctions,
  bacnetObjects,
} from "./codecs/bacnet-names.ts";
import { readTag, tag, unsigned } from "./codecs/bacnet-tags.ts";
import { Pending } from "./codecs/pending.ts";
import { recognised, type Context, type Dissector, type Recognised } from "./dissector.ts";

const READ_PROPERTY = 12;
const READ_PROPERTY_MULTIPLE = 14;
/** Bytes of a segmented answer that are put together; what is longer is told without identities. */
const MAX_ANSWER = 16_384;

class State {
  readonly pending = new Pending();
  /** A segmented answer on its way. */
  answer: { readonly bytes: Uint8Array; length: number; invoke: number; next: number } | null = null;
}
const stateOf = (c: Context): State => (c.state ??= new State()) as State;

/** Of the network layer in hand. */
const net = { routedFrom: false, network: -1 };

function recognise(r: Reader, c: Context): Recognised {
  const size = r.left;
  if (c.transport === "llc") return r.peek(0) === 1 && (r.peek(1) & 0x50) === 0 ? recognised.port : recognised.no;
  if (size < 4 || r.peek(0) !== 0x81) return recognised.no;
  const kind = r.peek(1);
  const length = r.peek16(2);
  if (kind > 0x0c || length < 4) return recognised.no;
  // Some devices write a wrong length: believed on the protocol's own port only.
  const fits = size < 64 ? length === size : length >= 64;
  const at = npduAt(kind);
  if (at === 0)
    return fits && length <= 6 && (kind === 0 || kind === 2 || kind === 5 || kind === 6)
      ? recognised.sure
      : recognised.port;
  if (r.peek(at) !== 1 || (r.peek(at + 1) & 0x50) !== 0) return recognised.no;
  return fits ? recognised.sure : recognised.port;
}

/** Where the NPDU begins, 0 when the function carries none. */
const npduAt = (kind: number): number => (kind === 4 ? 10 : kind >= 9 && kind <= 11 ? 4 : 0);

/** Reads the header of the network layer; false when it is no message for the application. */
function network(r: Reader, c: Context): boolean {
  net.routedFrom = false;
  net.network = -1;
  if (r.u8() !== 1) {
    c.weird("bad-version");
    return false;
  }
  const control = r.u8();
  if ((control & 0x20) !== 0) {
    const dnet = r.u16();
    r.skip(r.u8());
    if (dnet !== 0xffff) net.network = dnet;
  }
  if ((control & 0x08) !== 0) {
    net.routedFrom = true;
    net.network = r.u16();
    r.skip(r.u8());
  }
  if ((control & 0x20) !== 0) r.skip(1);
  if (r.short) {
    c.weird("truncated");
    return false;
  }
  if ((control & 0x80) === 0) return true;
  const kind = r.u8();
  if (kind < 0x80 && !bacnetFunctions.has(NETWORK + kind)) c.weird("unknown-function");
  c.commandFast("event", NETWORK + kind, 0, -1, -1, net.network);
  return false;
}

/** The first object identifier of a request: context tag 0 with four bytes, or application tag 12. */
const object = { type: 0, instance: -1 };
function firstObject(r: Reader): void {
  object.type = 0;
  object.instance = -1;
  const first = r.peek(0);
  // 0c, 1c, 2c are context tags 0 to 2 (notifications name the device first), 2e or 3e open lists.
  const at = first === 0x0c || first === 0xc4 ? 1 : 0;
  if (at === 0 || r.left < 5) return;
  const id = r.peek32(at);
  const type = Math.floor(id / 0x40_0000);
  object.type = type === 0 ? ANALOG_INPUT : type;
  object.instance = id % 0x40_0000;
}

/** What deviceCommunicationControl and reinitializeDevice ask for is an enumeration: the first, or the one behind a duration. */
function managed(r: Reader, service: number): number {
  const wanted = service === DEVICE_COMMUNICATION_CONTROL ? 1 : 0;
  for (let k = 0; k < 2 && readTag(r); k++) {
    if (tag.context && tag.number === wanted && tag.length === 1) return service * 256 + r.u8();
    r.skip(tag.length);
  }
  return service;
}

function confirmed(r: Reader, c: Context, flags: number): void {
  r.skip(1);
  const invoke = r.u8();
  const segmented = (flags & 0x08) !== 0;
  const sequence = segmented ? r.u8() : 0;
  if (segmented) r.skip(1);
  const service = r.u8();
  if (r.short) {
    c.weird("truncated");
    return;
  }
  c.client(true);
  if (sequence !== 0) return;
  if (!bacnetFunctions.has(service)) c.weird("unknown-function");
  firstObject(r);
  // Subscriptions begin with the subscriber's own number.
  if (service === 5 || service === 28) subscribed(r);
  const { type, instance } = object;
  const manages = service === DEVICE_COMMUNICATION_CONTROL || service === REINITIALIZE_DEVICE;
  const code = manages ? managed(r, service) : service;
  c.commandFast("request", code, type, instance, instance, net.network);
  stateOf(c).pending.put(invoke, code, type, instance, instance, net.network);
}

/** SubscribeCOV: process identifier (context 0), then the monitored object (context 1). */
function subscribed(r: Reader): void {
  const { at } = r;
  if (readTag(r)) {
    r.skip(tag.length);
    if (r.peek(0) === 0x1c && r.left >= 5) {
      const id = r.peek32(1);
      const type = Math.floor(id / 0x40_0000);
      object.type = type === 0 ? ANALOG_INPUT : type;
      object.instance = id % 0x40_0000;
    }
  }
  r.at = at;
}

function answered(c: Context, outcome: "response" | "error", invoke: number, service: number): boolean {
  const { pending } = stateOf(c);
  c.client(false);
  if (!pending.take(invoke)) {
    if (service >= 0) c.commandFast(outcome, service, 0, -1, -1, net.network);
    else c.weird("response-without-request");
    return false;
  }
  c.commandFast(outcome, pending.code, pending.object, pending.low, pending.high, pending.unit);
  return true;
}

function complexAck(r: Reader, c: Context, flags: number): void {
  const invoke = r.u8();
  const segmented = (flags & 0x08) !== 0;
  const more = (flags & 0x04) !== 0;
  const sequence = segmented ? r.u8() : 0;
  if (segmented) r.skip(1);
  const service = r.u8();
  if (r.short) {
    c.weird("truncated");
    return;
  }
  const state = stateOf(c);
  if (sequence === 0) {
    answered(c, "response", invoke, service);
    // An answer from behind a router is of another device than the sender.
    const isRead = service === READ_PROPERTY || service === READ_PROPERTY_MULTIPLE;
    if (net.routedFrom || !isRead || (state.pending.object !== DEVICE && service === READ_PROPERTY)) return;
    if (!segmented) {
      if (service === READ_PROPERTY) readPropertyAck(r, c);
      else readMultipleAck(r, c);
      return;
    }
    if (service === READ_PROPERTY_MULTIPLE)
      state.answer = { bytes: new Uint8Array(MAX_ANSWER), length: 0, invoke, next: 0 };
  }
  gather(r, c, state, invoke, sequence, more);
}

function gather(r: Reader, c: Context, state: State, invoke: number, sequence: number, more: boolean): void {
  const { answer } = state;
  if (answer === null || answer.invoke !== invoke || (answer.next & 0xff) !== sequence) return;
  if (answer.length + r.left > MAX_ANSWER) {
    state.answer = null;
    return;
  }
  answer.bytes.set(r.bytes.subarray(r.at, r.end), answer.length);
  answer.length += r.left;
  answer.next++;
  if (more) return;
  readMultipleAck(new Reader().open(answer.bytes, 0, answer.length), c);
  state.answer = null;
}

const WHO_HAS = 7;
const WHO_IS = 8;
const I_AM = 0;
const I_HAVE = 1;

function unconfirmed(r: Reader, c: Context): void {
  const service = r.u8();
  if (r.short) {
    c.weird("truncated");
    return;
  }
  if (!bacnetFunctions.has(UNCONFIRMED + service)) c.weird("unknown-function");
  const code = UNCONFIRMED + service;
  if (service === I_AM || service === I_HAVE) {
    firstObject(r);
    c.commandFast("response", code, object.type, object.instance, object.instance, net.network);
    if (service === I_AM && !net.routedFrom) iAm(r, c);
    return;
  }
  if (service === 2 || service === 3) {
    notified(r);
    c.commandFast("event", code, object.type, object.instance, object.instance, net.network);
    return;
  }
  const asks = service === WHO_IS || service === WHO_HAS || service === 6 || service === 9 || service === 10;
  if (asks) c.client(true);
  c.commandFast(asks ? "request" : "event", code, 0, -1, -1, net.network);
}

/** Notifications: process identifier (0), device (1), object (2). */
function notified(r: Reader): void {
  object.type = 0;
  object.instance = -1;
  for (let k = 0; k < 3 && readTag(r); k++) {
    if (tag.number === 2 && tag.length === 4) {
      const id = r.u32();
      const type = Math.floor(id / 0x40_0000);
      object.type = type === 0 ? ANALOG_INPUT : type;
      object.instance = id % 0x40_0000;
      return;
    }
    r.skip(tag.length);
  }
}

/** Device, largest APDU, segmentation, vendor. */
function iAm(r: Reader, c: Context): void {
  if (object.type !== DEVICE) return;
  c.source("station-address", String(object.instance));
  r.skip(5);
  let vendor = -1;
  for (let k = 0; k < 3 && readTag(r); k++) vendor = unsigned(r, tag.length);
  if (r.short || vendor < 0) return;
  c.source("vendor", vendorOf(vendor));
  c.source("device-type", `bacnet:${vendor}`);
}

function application(r: Reader, c: Context): void {
  const first = r.u8();
  switch (first >> 4) {
    case 0: {
      confirmed(r, c, first);
      return;
    }
    case 1: {
      unconfirmed(r, c);
      return;
    }
    case 2: {
      const invoke = r.u8();
      answered(c, "response", invoke, r.u8());
      return;
    }
    case 3: {
      complexAck(r, c, first);
      return;
    }
    case 4: {
      return;
    }
    case 5: {
      const invoke = r.u8();
      answered(c, "error", invoke, r.u8());
      return;
    }
    case 6:
    case 7: {
      // An abort may come from either side; the server's ends a request.
      if (first >> 4 === 7 && (first & 1) === 0) return;
      answered(c, "error", r.u8(), -1);
      return;
    }
    default: {
      c.weird("unknown-function");
    }
  }
}

function dissect(r: Reader, c: Context): number {
  const size = r.left;
  if (size === 0) return -1;
  if (c.transport === "llc") {
    if (network(r, c)) application(r, c);
    return size;
  }
  const { at } = r;
  if (r.u8() !== 0x81) return -1;
  const kind = r.u8();
  const length = r.u16();
  if (r.short) {
    c.weird("truncated");
    return size;
  }
  // Read to the datagram's end all the same: the length is wrong, not the datagram.
  if (length !== size) c.weird("bad-length");
  if (npduAt(kind) === 0) {
    const outcome =
      kind === 0 ? (r.peek16(0) === 0 ? "response" : "error") : kind === 3 || kind === 7 ? "response" : "request";
    c.client(outcome === "request");
    c.commandFast(outcome, BVLC + kind, 0, -1, -1, -1);
    if (!bacnetFunctions.has(BVLC + kind)) c.weird("unknown-function");
    return size;
  }
  r.at = at;
  r.skip(npduAt(kind));
  if (!network(r, c)) return size;
  // What a BBMD forwards is not of the sender.
  if (kind === 4) net.routedFrom = true;
  if (r.left === 0) c.weird("truncated");
  else application(r, c);
  return size;
}

export const bacnet: Dissector = {
  protocol: "bacnet",
  specification: "ASHRAE 135, clauses 6, 20, 21, annex J",
  on: { udp: [47_808, 47_809, 47_810], llc: [0x82] },
  recognise,
  dissect,
  functions: bacnetFunctions,
  objects: bacnetObjects,
};
