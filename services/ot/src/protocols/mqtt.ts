/**
 * MQTT 3.1, 3.1.1 and 5.0 (OASIS), section 2: control packets of a broker's clients.
 *
 *   0              1..4
 *   | type | flags | remaining length (7 bits each) | variable header, payload
 *   CONNECT: | 0 4 "MQTT" | level | flags | keep alive | client id …
 *
 * Told: packet types, client ids, logins in clear, filters of subscriptions. Topics and payloads of what is published are not
 * told. Limits: packets up to 256 MiB pass, heads of 64 KiB are read.
 */
import type { Reader } from "@yagura/packets/reader.ts";
import { MAX_MESSAGE, NEED_MORE, NOT_MINE, recognised, type Context, type Dissector } from "./dissector.ts";
import { functionTable } from "./codecs/functions.ts";
import { begins, word } from "./codecs/text.ts";

const CONNECT = 1;
const CONNACK = 2;
const PUBLISH = 3;
const SUBSCRIBE = 8;
const functions = functionTable([
  [CONNECT, "CONNECT", "session"],
  [CONNACK, "CONNACK", "session"],
  [PUBLISH, "PUBLISH", "report"],
  [4, "PUBACK", "report"],
  [5, "PUBREC", "report"],
  [6, "PUBREL", "report"],
  [7, "PUBCOMP", "report"],
  [SUBSCRIBE, "SUBSCRIBE", "read"],
  [9, "SUBACK", "read"],
  [10, "UNSUBSCRIBE", "read"],
  [11, "UNSUBACK", "read"],
  [12, "PINGREQ", "session"],
  [13, "PINGRESP", "session"],
  [14, "DISCONNECT", "session"],
  [15, "AUTH", "login"],
]);
/** Types that only a client sends, and the requests that answers belong to. */
const ASKS = new Set([CONNECT, SUBSCRIBE, 10, 12]);
const ANSWERS = new Set([CONNACK, 9, 11, 13]);
const PASSWORD = 0x40;
const NAME = word("\0\u0004MQTT");
const OLD_NAME = word("\0\u0006MQIsdp");

/** Bytes of the head and remaining length: 0 not whole, −1 never. */
function head(r: Reader): number {
  for (let i = 1; i < 5; i++) {
    if (i >= r.left) return 0;
    if (r.peek(i) < 0x80) return i + 1;
  }
  return -1;
}
function remaining(r: Reader, size: number): number {
  let value = 0;
  for (let i = size - 1; i > 0; i--) value = value * 128 + (r.peek(i) & 127);
  return value;
}

function recognise(r: Reader): 0 | 1 | 2 {
  const type = r.peek() >> 4;
  if (!functions.has(type)) return recognised.no;
  const size = head(r);
  if (size <= 0) return recognised.no;
  if (type === CONNECT) {
    r.skip(size);
    return begins(r, NAME) || begins(r, OLD_NAME) ? recognised.sure : recognised.no;
  }
  const flags = r.peek() & 15;
  const right = type === PUBLISH || flags === (type === 6 || type === SUBSCRIBE || type === 10 ? 2 : 0);
  return right && size + remaining(r, size) <= 4_096 ? recognised.port : recognised.no;
}

interface State {
  weak: boolean;
  level: number;
}

function connect(r: Reader, c: Context, state: State): void {
  r.skip(r.u16());
  state.level = r.u8();
  const flags = r.u8();
  r.skip(2);
  if (state.level >= 5) r.skip(r.u8());
  c.source("application", r.utf8(r.u16()));
  if (r.short) c.weird("truncated");
  if (flags & PASSWORD) c.weakness("cleartext-login");
}

function subscribe(r: Reader, c: Context, state: State): void {
  r.skip(2);
  if (state.level >= 5) r.skip(r.u8());
  c.command("request", SUBSCRIBE, { label: r.utf8(r.u16()) });
}

function tell(r: Reader, c: Context, state: State, type: number): void {
  if (ASKS.has(type)) {
    c.client(true);
    if (type === SUBSCRIBE) subscribe(r, c, state);
    else c.commandFast("request", type, 0, -1, -1, -1);
    if (type === CONNECT) connect(r, c, state);
  } else if (ANSWERS.has(type)) {
    c.client(false);
    const failed = type === CONNACK && r.peek(1) !== 0;
    c.commandFast(failed ? "error" : "response", type - 1, 0, -1, -1, -1);
  } else c.commandFast("event", type, 0, -1, -1, -1);
}

function dissect(r: Reader, c: Context): number {
  const state = (c.state ??= { weak: false, level: 4 } satisfies State) as State;
  const type = r.peek() >> 4;
  if (!functions.has(type)) return NOT_MINE;
  const size = head(r);
  if (size <= 0) return size === 0 ? NEED_MORE : NOT_MINE;
  const length = size + remaining(r, size);
  // Only what is short is waited for; data of PUBLISH are not wanted.
  if (type !== PUBLISH && length > MAX_MESSAGE) return NOT_MINE;
  if (type !== PUBLISH && r.left < length) return NEED_MORE;
  if (!state.weak) c.weakness("mqtt-no-tls");
  state.weak = true;
  const all = r.end;
  r.end = Math.min(all, r.start + length);
  r.skip(size);
  tell(r, c, state, type);
  r.end = all;
  return length;
}

export const mqtt: Dissector = {
  protocol: "mqtt",
  specification: "MQTT 3.1.1 and 5.0 (OASIS), 2 and 3",
  on: { tcp: [1883] },
  stream: true,
  recognise,
  dissect,
  functions,
};
