/**
 * Bodies of OPC UA services that say who somebody is or how safely he works (OPC 10000-4, sections 5.5, 5.7, 7.2, 7.14, 7.41; binary
 * encoding OPC 10000-6, section 5.2). Texts have their length in four bytes, −1 for none. Limits: MAX_LIST elements of an array.
 */
import type { Reader } from "@yagura/packets/reader.ts";
import type { Context } from "./dissector.ts";
import type { OpcuaState } from "./opcua.ts";
import { CREATE_SESSION, ACTIVATE_SESSION } from "./opcua-services.ts";

const MAX_LIST = 16;
const NONE = 0xff_ff_ff_ff;
const FIND_SERVERS_RESPONSE = 425;
const GET_ENDPOINTS_RESPONSE = 431;
const CREATE_SESSION_RESPONSE = 464;
/** Identity tokens: anonymous, user name. */
const ANONYMOUS = 321;
const USER_NAME = 324;
/** Times that the identities of one conversation are told: a client that asks each second says nothing new. */
const MOST_TOLD = 8;

export function skipString(r: Reader): void {
  const length = r.u32le();
  if (length !== NONE) r.skip(length);
}
function text(r: Reader): string {
  const length = r.u32le();
  return length === NONE ? "" : r.utf8(length);
}

/** Number of a NodeId in namespace 0 (section 5.2.2.9); −1 for others. */
export function numericNodeId(r: Reader): number {
  const form = r.u8() & 0x3f;
  if (form === 0) return r.u8();
  if (form === 1) return r.u8() === 0 ? r.u16le() : (r.skip(2), -1);
  if (form === 2) return r.u16le() === 0 ? r.u32le() : (r.skip(4), -1);
  r.skip(2);
  if (form === 3 || form === 5) skipString(r);
  else if (form === 4) r.skip(16);
  else r.short = true;
  return -1;
}

/** Token, time, handle, diagnostics, audit entry, timeout, additional header. */
export function skipRequestHeader(r: Reader): void {
  numericNodeId(r);
  r.skip(16);
  skipString(r);
  r.skip(4);
  numericNodeId(r);
  if (r.u8() !== 0) skipString(r);
}

export function tellService(r: Reader, c: Context, state: OpcuaState, id: number): void {
  if (id === ACTIVATE_SESSION) {
    if (state.none === true) c.weakness("opcua-no-security");
    identityToken(r, c, state);
    return;
  }
  if (
    id !== CREATE_SESSION &&
    id !== FIND_SERVERS_RESPONSE &&
    id !== GET_ENDPOINTS_RESPONSE &&
    id !== CREATE_SESSION_RESPONSE
  )
    return;
  if (state.told >= MOST_TOLD) return;
  state.told++;
  if (id === CREATE_SESSION) application(r, c);
  else if (id === FIND_SERVERS_RESPONSE) {
    skipDiagnostics(r);
    const count = Math.min(r.u32le(), MAX_LIST);
    // A discovery server answers for others: only a single one is the sender itself.
    if (count === 1) application(r, c);
  } else {
    skipDiagnostics(r);
    if (id === CREATE_SESSION_RESPONSE) {
      numericNodeId(r);
      numericNodeId(r);
      r.skip(8);
      skipString(r);
      skipString(r);
    }
    const count = r.u32le();
    if (count === 0 || count === NONE || r.short) return;
    skipString(r); // URL of the first endpoint
    application(r, c);
  }
}

/** End of a response header: diagnostics, texts, additional header. */
function skipDiagnostics(r: Reader): void {
  // Diagnostics that are not empty are rare, and then nothing behind them is read.
  if (r.u8() !== 0) {
    r.at = r.end;
    return;
  }
  const texts = r.u32le();
  if (texts !== NONE) for (let i = 0; i < Math.min(texts, MAX_LIST); i++) skipString(r);
  numericNodeId(r);
  if (r.u8() !== 0) skipString(r);
}

/** ApplicationDescription: URIs of application and product, name. */
function application(r: Reader, c: Context): void {
  const uri = text(r);
  const product = text(r);
  const mask = r.u8();
  if ((mask & 1) !== 0) skipString(r);
  const name = (mask & 2) !== 0 ? text(r) : "";
  if (r.short) {
    r.short = false;
    return;
  }
  c.source("application", name);
  c.source("server-software", product);
  // urn:host:vendor:product by custom
  const host = /^urn:([\w.-]+):/.exec(uri)?.[1];
  if (host !== undefined && host !== "localhost" && !/^\d+(\.\d+){3}$/.test(host)) c.source("name", host);
}

/** Signature, certificates, locales, then the identity token; neither user nor password is told. */
function identityToken(r: Reader, c: Context, state: OpcuaState): void {
  skipString(r);
  skipString(r);
  if (!skipArray(r, true) || !skipArray(r, false)) return;
  const token = numericNodeId(r);
  if (r.short) {
    r.short = false;
    return;
  }
  if (token === ANONYMOUS) c.weakness("anonymous-login");
  if (token !== USER_NAME || state.none !== true) return;
  r.skip(5); // encoding, length
  skipString(r);
  skipString(r);
  skipString(r);
  const algorithm = r.u32le();
  if (!r.short && (algorithm === NONE || algorithm === 0)) c.weakness("cleartext-login");
}

/** Software certificates (data and signature) or locales (a text each). */
function skipArray(r: Reader, pairs: boolean): boolean {
  const count = r.u32le();
  if (count === NONE) return true;
  if (count > MAX_LIST) return false;
  for (let i = 0; i < count; i++) {
    skipString(r);
    if (pairs) skipString(r);
  }
  return true;
}
