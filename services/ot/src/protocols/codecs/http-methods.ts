/**
 * Methods of HTTP: the registry of IANA (RFC 9110, 16.1.1) and those of clients that have their own (SCCM, BITS, RPC over HTTP).
 * Codes are places in the table, from 1: append only.
 */
import type { Reader } from "@yagura/packets/reader.ts";
import { functionTable } from "./functions.ts";
import { begins, word } from "./text.ts";

const METHODS = [
  "GET", "POST", "HEAD", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH", "PROPFIND", "PROPPATCH", "MKCOL",
  "COPY", "MOVE", "LOCK", "UNLOCK", "SUBSCRIBE", "UNSUBSCRIBE", "NOTIFY", "REPORT", "SEARCH", "QUERY",
  "CCM_POST", "BITS_POST", "RPC_IN_DATA", "RPC_OUT_DATA", "ACL", "BIND", "REBIND", "UNBIND", "LINK", "UNLINK", "LABEL",
  "MERGE", "UPDATE", "CHECKIN", "CHECKOUT", "UNCHECKOUT", "MKACTIVITY", "MKCALENDAR", "MKWORKSPACE", "MKREDIRECTREF",
  "UPDATEREDIRECTREF", "BASELINE-CONTROL", "VERSION-CONTROL", "ORDERPATCH", "POLL", "PURGE",
] as const; // prettier-ignore
const CLASSES: Readonly<Record<string, "read" | "file" | "configure" | "session" | "other">> = {
  GET: "read",
  HEAD: "read",
  PUT: "file",
  DELETE: "file",
  PROPFIND: "read",
  QUERY: "read",
  MKCOL: "file",
  COPY: "file",
  MOVE: "file",
  CONNECT: "session",
  SUBSCRIBE: "session",
  UNSUBSCRIBE: "session",
  RPC_IN_DATA: "session",
  RPC_OUT_DATA: "session",
};
/** A method that is not in the table. */
export const OTHER = 0;
export const GET = METHODS.indexOf("GET") + 1;
export const POST = METHODS.indexOf("POST") + 1;
export const CONNECT = METHODS.indexOf("CONNECT") + 1;
export const HEAD = METHODS.indexOf("HEAD") + 1;
/** Letters of a method that is not known, at least and at most. */
const [MIN_TOKEN, MAX_TOKEN] = [3, 24];

const words = METHODS.map((name) => word(`${name} `));
export const methodFunctions = functionTable([
  [OTHER, "other method", "other"],
  ...METHODS.map((name, index) => [index + 1, name, CLASSES[name] ?? "other"] as const),
]);

/** Index of the method that begins here, from 1; 0 for none. */
export function methodAt(r: Reader): number {
  // Letters of the first byte rule out most.
  const first = r.peek();
  if (first < 0x41 || first > 0x56) return OTHER;
  for (let i = 0; i < words.length; i++) {
    const name = words[i] as Uint8Array;
    if (name[0] === first && begins(r, name)) return i + 1;
  }
  return OTHER;
}

/** Length of a method with its blank. */
export const methodLength = (method: number): number => (words[method - 1] as Uint8Array).length;

/** Length of a word in capitals that may be a method, with its blank; 0 when none stands here (9.1: tokens, in capitals by custom). */
export function tokenLength(r: Reader): number {
  for (let i = 0; i <= MAX_TOKEN; i++) {
    const byte = r.peek(i);
    if (byte === 0x20) return i < MIN_TOKEN ? 0 : i + 1;
    const inner = i > 0 && (byte === 0x2d || byte === 0x5f);
    if (!inner && (byte < 0x41 || byte > 0x5a)) return 0;
  }
  return 0;
}
