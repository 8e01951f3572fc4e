/**
 * Simple Service Discovery Protocol, UPnP Device Architecture 2.0, section 1: heads of HTTP in datagrams.
 *
 *   NOTIFY * HTTP/1.1 CRLF  NT: urn:… CRLF  NTS: ssdp:alive CRLF  SERVER: OS/1.0 UPnP/2.0 product/1.0 CRLF CRLF
 *   M-SEARCH * HTTP/1.1 …   HTTP/1.1 200 OK …
 *
 * Told: server and user agent, the kinds of devices and services that are offered (capabilities). Limit: 64 lines.
 */
import type { Reader } from "@yagura/packets/reader.ts";
import { NOT_MINE, recognised, type Context, type Dissector } from "./dissector.ts";
import { functionTable } from "./codecs/functions.ts";
import { headerValue, nextLine } from "./codecs/headers.ts";
import { begins, textOf, word } from "./codecs/text.ts";

const MAX_LINES = 64;
const SEARCH = 1;
const ALIVE = 2;
const BYE = 3;
const UPDATE = 4;
const functions = functionTable([
  [SEARCH, "M-SEARCH", "identify"],
  [ALIVE, "NOTIFY ssdp:alive", "identify"],
  [BYE, "NOTIFY ssdp:byebye", "session"],
  [UPDATE, "NOTIFY ssdp:update", "identify"],
]);

const M_SEARCH = word("M-SEARCH * HTTP/1.");
const NOTIFY = word("NOTIFY * HTTP/1.");
const ANSWER = word("HTTP/1.1 200 ");
const SERVER = word("server:");
const AGENT = word("user-agent:");
const NT = word("nt:");
const ST = word("st:");
const NTS = word("nts:");
const BYEBYE = word("ssdp:byebye");
const UPDATED = word("ssdp:update");
const DEVICE = word("urn:");

function recognise(r: Reader, c: Context): 0 | 1 | 2 {
  if (begins(r, M_SEARCH) || begins(r, NOTIFY)) return recognised.sure;
  if (!begins(r, ANSWER)) return recognised.no;
  return c.sourcePort === 1900 || c.destinationPort === 1900 ? recognised.sure : recognised.port;
}

function dissect(r: Reader, c: Context): number {
  const search = begins(r, M_SEARCH);
  const notify = !search && begins(r, NOTIFY);
  if (!search && !notify && !begins(r, ANSWER)) return NOT_MINE;
  const { bytes, end } = r;
  let code: number = search ? SEARCH : notify ? ALIVE : SEARCH;
  let at = nextLine(bytes, r.at, end);
  for (let i = 0; i < MAX_LINES && at < end; i++) {
    const next = nextLine(bytes, at, end);
    let value = headerValue(bytes, at, next, SERVER);
    if (value >= 0) c.source("server-software", textOf(bytes, value, next));
    else if ((value = headerValue(bytes, at, next, AGENT)) >= 0) c.source("user-agent", textOf(bytes, value, next));
    else if ((value = headerValue(bytes, at, next, NTS)) >= 0) {
      if (headerValue(bytes, value, next, BYEBYE) >= 0) code = BYE;
      else if (headerValue(bytes, value, next, UPDATED) >= 0) code = UPDATE;
    } else if (
      !search &&
      ((value = headerValue(bytes, at, next, NT)) >= 0 || (value = headerValue(bytes, at, next, ST)) >= 0)
    ) {
      if (headerValue(bytes, value, next, DEVICE) >= 0)
        c.source("capability", textOf(bytes, value + DEVICE.length, next));
    }
    at = next;
  }
  c.client(search || notify);
  c.commandFast(search ? "request" : notify ? "event" : "response", code, 0, -1, -1, -1);
  return end - r.start;
}

export const ssdp: Dissector = {
  protocol: "ssdp",
  specification: "UPnP Device Architecture 2.0, 1",
  on: { udp: [1900] },
  recognise,
  dissect,
  functions,
};
