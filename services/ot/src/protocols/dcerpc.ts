/**
 * DCE/RPC, connection-oriented, version 5: C706, chapter 12; MS-RPCE, section 2.2.2.
 *
 *   0     1       2       3       4           8          10         12        16
 *   | 5 | minor | ptype | flags | drep (4) | length | auth length | call id | bind, request, response …
 *
 * A bind tells which interface a context stands for; a request's operation is told as interface × 65536 + opnum. Answers take the
 * operation of their call id. Limits: 32 contexts, 32 calls under way. The endpoint mapper's own port is 135.
 */
import type { Reader } from "@yagura/packets/reader.ts";
import { NEED_MORE, NOT_MINE, recognised, type Context, type Dissector } from "./dissector.ts";
import { functionTable } from "./codecs/functions.ts";
import { tellNtlm } from "./codecs/ntlmssp.ts";

const HEADER = 16;
const MAX_CONTEXTS = 32;
const CALLS = 32;
const REQUEST = 0;
const RESPONSE = 2;
const FAULT = 3;
const BIND = 11;
const BIND_ACK = 12;
const BIND_NAK = 13;
const ALTER = 14;
const ALTER_ACK = 15;
const AUTH3 = 16;
const CONTROL = 0xffff * 65_536;
const LITTLE = 0x10;

/** Interfaces by number: what `objects` shows, and the upper half of an operation's code. */
const INTERFACES: readonly (readonly [uuid: string, name: string])[] = [
  ["e1af8308-5d1f-11c9-91a4-08002b14a0fa", "epmapper"],
  ["367abb81-9844-35f1-ad32-98f038001003", "svcctl"],
  ["12345778-1234-abcd-ef00-0123456789ac", "samr"],
  ["12345778-1234-abcd-ef00-0123456789ab", "lsarpc"],
  ["12345678-1234-abcd-ef00-01234567cffb", "netlogon"],
  ["4b324fc8-1670-01d3-1278-5a47bf6ee188", "srvsvc"],
  ["6bffd098-a112-3610-9833-46c3f87e345a", "wkssvc"],
  ["338cd001-2244-31f1-aaaa-900038001003", "winreg"],
  ["12345678-1234-abcd-ef00-0123456789ab", "spoolss"],
  ["1ff70682-0a51-30e8-076d-740be8cee98b", "atsvc"],
  ["86d35949-83c9-4044-b424-db363231fd0c", "ITaskSchedulerService"],
  ["e3514235-4b06-11d1-ab04-00c04fc2dcd2", "drsuapi"],
  ["99fcfec4-5260-101b-bbcb-00aa0021347a", "IOXIDResolver"],
  ["000001a0-0000-0000-c000-000000000046", "IRemoteSCMActivator"],
  ["4d9f4ab8-7d1c-11cf-861e-0020af6e7c57", "IRemoteActivation"],
  ["00000131-0000-0000-c000-000000000046", "IRemUnknown"],
  ["00000143-0000-0000-c000-000000000046", "IRemUnknown2"],
  ["3919286a-b10c-11d0-9ba8-00c04fd92ef5", "dssetup"],
  ["50abc2a4-574d-40b3-9d66-ee4fd5fba076", "dnsserver"],
  ["82273fdc-e32a-18c3-3f78-827929dc23ea", "eventlog"],
  ["f6beaff7-1e19-4fbb-9f8f-b89e2018337c", "eventlog6"],
  ["a4f1db00-ca47-1067-b31f-00dd010662da", "emsmdb (Exchange)"],
  ["9556dc99-828c-11cf-a37e-00aa003240c7", "IWbemServices (WMI)"],
  ["f309ad18-d86a-11d0-a075-00c04fb68820", "IWbemLevel1Login (WMI)"],
  ["39c13a4d-011e-11d0-9675-0020afd8adb3", "IOPCServer (OPC DA)"],
  ["39c13a4e-011e-11d0-9675-0020afd8adb3", "IOPCServerPublicGroups (OPC DA)"],
  ["39c13a50-011e-11d0-9675-0020afd8adb3", "IOPCGroupStateMgt (OPC DA)"],
  ["39c13a52-011e-11d0-9675-0020afd8adb3", "IOPCSyncIO (OPC DA)"],
  ["39c13a54-011e-11d0-9675-0020afd8adb3", "IOPCItemMgt (OPC DA)"],
  ["39c13a70-011e-11d0-9675-0020afd8adb3", "IOPCDataCallback (OPC DA)"],
  ["39c13a71-011e-11d0-9675-0020afd8adb3", "IOPCAsyncIO2 (OPC DA)"],
  ["f31dfde2-07b6-11d2-b2d8-0060083ba1fb", "IOPCCommon (OPC)"],
  ["dea00001-6c97-11d1-8271-00a02442df7d", "PNIO device"],
];
const numberOf = new Map(INTERFACES.map(([uuid], index) => [uuid, index + 1]));
const objects: ReadonlyMap<number, string> = new Map(INTERFACES.map(([, name], index) => [index + 1, name]));

/** Operations that are known by name; others show their number. */
const operation = (name: string, opnum: number): number =>
  (INTERFACES.findIndex(([, known]) => known === name) + 1) * 65_536 + opnum;
const functions = functionTable([
  [CONTROL + BIND, "bind", "session"],
  [CONTROL + BIND_ACK, "bind_ack", "session"],
  [CONTROL + BIND_NAK, "bind_nak", "session"],
  [CONTROL + ALTER, "alter_context", "session"],
  [CONTROL + ALTER_ACK, "alter_context_resp", "session"],
  [CONTROL + AUTH3, "auth3", "login"],
  [CONTROL + 17, "shutdown", "session"],
  [CONTROL + 18, "co_cancel", "session"],
  [CONTROL + 19, "orphaned", "session"],
  [operation("epmapper", 2), "ept_lookup", "identify"],
  [operation("epmapper", 3), "ept_map", "identify"],
  [operation("svcctl", 12), "CreateServiceW", "configure"],
  [operation("svcctl", 15), "OpenSCManagerW", "session"],
  [operation("svcctl", 16), "OpenServiceW", "session"],
  [operation("svcctl", 19), "StartServiceW", "control"],
  [operation("svcctl", 1), "ControlService", "control"],
  [operation("svcctl", 2), "DeleteService", "configure"],
  [operation("svcctl", 24), "CreateServiceA", "configure"],
  [operation("svcctl", 31), "StartServiceA", "control"],
  [operation("samr", 13), "SamrEnumerateUsersInDomain", "identify"],
  [operation("samr", 50), "SamrCreateUser2InDomain", "configure"],
  [operation("samr", 58), "SamrSetInformationUser2", "configure"],
  [operation("lsarpc", 44), "LsarOpenPolicy2", "session"],
  [operation("netlogon", 4), "NetrServerReqChallenge", "login"],
  [operation("netlogon", 26), "NetrServerAuthenticate3", "login"],
  [operation("netlogon", 30), "NetrServerPasswordSet2", "configure"],
  [operation("srvsvc", 12), "NetrSessionEnum", "identify"],
  [operation("srvsvc", 15), "NetrShareEnum", "identify"],
  [operation("srvsvc", 21), "NetrServerGetInfo", "identify"],
  [operation("wkssvc", 0), "NetrWkstaGetInfo", "identify"],
  [operation("winreg", 22), "BaseRegSetValue", "configure"],
  [operation("atsvc", 0), "NetrJobAdd", "configure"],
  [operation("ITaskSchedulerService", 1), "SchRpcRegisterTask", "configure"],
  [operation("ITaskSchedulerService", 12), "SchRpcRun", "control"],
  [operation("drsuapi", 3), "DRSGetNCChanges", "read"],
  [operation("IRemoteSCMActivator", 4), "RemoteCreateInstance", "session"],
  [operation("IOPCSyncIO (OPC DA)", 3), "Read", "read"],
  [operation("IOPCSyncIO (OPC DA)", 4), "Write", "write"],
]);

interface State {
  /** Context id → number of the interface. */
  readonly contexts: Map<number, number>;
  readonly calls: Float64Array;
  readonly codes: Float64Array;
  next: number;
}
const stateOf = (c: Context): State =>
  (c.state ??= {
    contexts: new Map(),
    calls: new Float64Array(CALLS).fill(-1),
    codes: new Float64Array(CALLS),
    next: 0,
  } satisfies State) as State;

const fits = (r: Reader): boolean => {
  const little = r.peek(4) === LITTLE;
  const length = little ? r.peek16le(8) : r.peek16(8);
  const type = r.peek(2);
  const auth = little ? r.peek16le(10) : r.peek16(10);
  return r.peek() === 5 && r.peek(1) <= 1 && type <= 19 && (little || r.peek(4) === 0) && r.peek(5) <= 3 && r.peek16(6) === 0 && length >= HEADER && auth < length; // prettier-ignore
};

function uuid(bytes: Uint8Array, at: number, little: boolean): string {
  const order = little ? [3, 2, 1, 0, 5, 4, 7, 6] : [0, 1, 2, 3, 4, 5, 6, 7];
  let text = "";
  for (let i = 0; i < 16; i++) {
    if (i === 4 || i === 6 || i === 8 || i === 10) text += "-";
    text += ((bytes[at + (order[i] ?? i)] as number) | 256).toString(16).slice(1);
  }
  return text;
}

function bind(r: Reader, c: Context, type: number, little: boolean): void {
  const { contexts } = stateOf(c);
  r.skip(8);
  const count = r.u8();
  r.skip(3);
  for (let i = 0; i < Math.min(count, MAX_CONTEXTS) && r.left >= 24; i++) {
    const id = little ? r.u16le() : r.u16();
    const transfers = r.u8();
    r.skip(1);
    const text = uuid(r.bytes, r.at, little);
    const number = numberOf.get(text) ?? 0;
    if (contexts.size < MAX_CONTEXTS || contexts.has(id)) contexts.set(id, number);
    c.command("request", CONTROL + type, { object: number, label: objects.get(number) ?? text });
    r.skip(20 + 20 * transfers);
  }
}

function call(r: Reader, c: Context, type: number, id: number, little: boolean): void {
  const state = stateOf(c);
  if (type === REQUEST) {
    r.skip(4);
    const context = little ? r.u16le() : r.u16();
    const opnum = little ? r.u16le() : r.u16();
    const object = state.contexts.get(context) ?? 0;
    const code = object * 65_536 + opnum;
    state.calls[state.next % CALLS] = id;
    state.codes[state.next++ % CALLS] = code;
    c.commandFast("request", code, object, -1, -1, -1);
    return;
  }
  const place = state.calls.indexOf(id);
  if (place < 0) {
    c.weird("response-without-request");
    return;
  }
  const code = state.codes[place] as number;
  c.commandFast(type === FAULT ? "error" : "response", code, Math.floor(code / 65_536), -1, -1, -1);
}

function dissect(r: Reader, c: Context): number {
  if (r.left < HEADER) return r.left > 0 && r.peek() !== 5 ? NOT_MINE : NEED_MORE;
  if (!fits(r)) return NOT_MINE;
  const type = r.peek(2);
  const flags = r.peek(3);
  const little = r.peek(4) === LITTLE;
  const length = little ? r.peek16le(8) : r.peek16(8);
  const auth = little ? r.peek16le(10) : r.peek16(10);
  if (r.left < length) return NEED_MORE;
  const end = r.start + length;
  r.end = end;
  r.skip(12);
  const id = little ? r.u32le() : r.u32();
  const asks = type === REQUEST || type === BIND || type === ALTER || type === AUTH3 || type >= 18;
  c.client(asks);
  // Only the first fragment of a call is told.
  if (type === REQUEST || type === RESPONSE || type === FAULT) {
    if (flags & 1) call(r, c, type, id, little);
  } else if (type === BIND || type === ALTER) bind(r, c, type, little);
  else c.commandFast(asks ? "request" : type === BIND_NAK ? "error" : "response", CONTROL + (type === BIND_ACK || type === BIND_NAK ? BIND : type === ALTER_ACK ? ALTER : type), 0, -1, -1, -1); // prettier-ignore
  if (auth > 0 && type !== REQUEST && type !== RESPONSE) tellNtlm(r, c, Math.max(r.start + HEADER, end - auth), end);
  return length;
}

export const dcerpc: Dissector = {
  protocol: "dcerpc",
  specification: "C706, 12; MS-RPCE, 2.2.2",
  on: { tcp: [135, 49_152, 49_153, 49_154, 49_155, 49_156, 49_157] },
  stream: true,
  recognise(r) {
    if (r.left < HEADER || !fits(r)) return recognised.no;
    return recognised.sure;
  },
  dissect,
  functions,
  objects,
};
