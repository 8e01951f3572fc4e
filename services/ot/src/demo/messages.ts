/** Messages of the synthetic factory, byte for byte after the protocols' specifications. Values in them are made up. */
import { addressBytes, concat, hex, macBytes, u16, u32 } from "@yagura/packets/build/frames.ts";
import type { Placed } from "./plant.ts";

export const ascii = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0) & 0x7f);
const le16 = (value: number): Uint8Array => Uint8Array.of(value & 0xff, (value >> 8) & 0xff);
const le32 = (value: number): Uint8Array => concat(le16(value & 0xffff), le16(value >>> 16));
const short = (text: string): Uint8Array => concat(Uint8Array.of(text.length), ascii(text));

// --- Modbus/TCP (Modbus Application Protocol 1.1b3) ---
/** MBAP header around a PDU. */
export const modbus = (transaction: number, unit: number, pdu: Uint8Array): Uint8Array =>
  concat(u16(transaction & 0xffff), u16(0), u16(pdu.length + 1), Uint8Array.of(unit), pdu);
export const readHolding = (start: number, count: number): Uint8Array =>
  concat(Uint8Array.of(3), u16(start), u16(count));
export const holding = (values: readonly number[]): Uint8Array =>
  concat(Uint8Array.of(3, values.length * 2), ...values.map(u16));
export const writeHolding = (start: number, values: readonly number[]): Uint8Array =>
  concat(Uint8Array.of(16), u16(start), u16(values.length), Uint8Array.of(values.length * 2), ...values.map(u16));
export const wroteHolding = (start: number, count: number): Uint8Array =>
  concat(Uint8Array.of(16), u16(start), u16(count));
/** Read device identification (function 43 / 14), basic objects: vendor, product code, revision. */
export const deviceIdentification = (objects: readonly string[]): Uint8Array =>
  concat(
    hex("2b 0e 01 01 00 00"),
    Uint8Array.of(objects.length),
    ...objects.map((text, id) => concat(Uint8Array.of(id), short(text))),
  );

// --- SLMP 3E binary (SLMP reference, section 4) ---
export const slmpAsk = (command: number, subcommand: number, data: Uint8Array): Uint8Array =>
  concat(hex("5000 00 ff ff03 00"), le16(data.length + 6), le16(0x10), le16(command), le16(subcommand), data);
export const slmpAnswer = (data: Uint8Array): Uint8Array =>
  concat(hex("d000 00 ff ff03 00"), le16(data.length + 2), le16(0), data);
/** Head device D and count of words. */
export const slmpWords = (head: number, count: number): Uint8Array =>
  concat(le16(head & 0xffff), Uint8Array.of(head >> 16, 0xa8), le16(count));
/** Read type name (0x0101): 16 characters and a model code. */
export const slmpModel = (name: string, code: number): Uint8Array => concat(ascii(name.padEnd(16)), le16(code));

// --- OMRON FINS (W227, section 2) ---
const finsHeader = (icf: number, to: number, from: number, sid: number): Uint8Array =>
  Uint8Array.of(icf, 0, 2, 0, to, 0, 0, from, 0, sid & 0xff);
/** Memory area read, DM words. */
export const finsRead = (to: number, from: number, sid: number, start: number, count: number): Uint8Array =>
  concat(finsHeader(0x80, to, from, sid), hex("0101 82"), u16(start), Uint8Array.of(0), u16(count));
export const finsData = (to: number, from: number, sid: number, values: readonly number[]): Uint8Array =>
  concat(finsHeader(0xc0, to, from, sid), hex("0101 0000"), ...values.map(u16));
export const finsAskModel = (to: number, from: number, sid: number): Uint8Array =>
  concat(finsHeader(0x80, to, from, sid), hex("0501 00"));
/** Controller data: model and version of 20 characters each; the system use area and the rest are left zero. */
export const finsModel = (to: number, from: number, sid: number, model: string, version: string): Uint8Array =>
  concat(
    finsHeader(0xc0, to, from, sid),
    hex("0501 0000"),
    ascii(model.padEnd(20)),
    ascii(version.padEnd(20)),
    new Uint8Array(40 + 12),
  );

// --- EtherNet/IP and CIP (CIP volumes 1 and 2) ---
export const enip = (command: number, session: number, data: Uint8Array): Uint8Array =>
  concat(le16(command), le16(data.length), le32(session), le32(0), new Uint8Array(8), le32(0), data);
/** SendRRData with an unconnected message. */
export const unconnected = (session: number, cip: Uint8Array): Uint8Array =>
  enip(0x6f, session, concat(le32(0), le16(10), le16(2), le16(0), le16(0), le16(0xb2), le16(cip.length), cip));
export const registerSession = (session: number): Uint8Array => enip(0x65, session, concat(le16(1), le16(0)));
/** Get_Attributes_All of the Identity object, and its answer. */
export const askIdentity = hex("01 02 20 01 24 01");
export const cipIdentity = (id: {
  readonly vendor: number;
  readonly type: number;
  readonly product: number;
  readonly revision: readonly [number, number];
  readonly serial: number;
  readonly name: string;
}): Uint8Array =>
  concat(
    hex("81 00 00 00"),
    le16(id.vendor),
    le16(id.type),
    le16(id.product),
    Uint8Array.of(...id.revision),
    le16(0x0030),
    le32(id.serial),
    short(id.name),
  );
/** Connected data over UDP 2222: sequenced address item and connected data item. */
export const cipIo = (connection: number, sequence: number, size: number): Uint8Array =>
  concat(
    le16(2),
    le16(0x8002),
    le16(8),
    le32(connection),
    le32(sequence),
    le16(0xb1),
    le16(size + 6),
    le16(sequence & 0xffff),
    le32(1),
    new Uint8Array(size),
  );

// --- S7comm over COTP over TPKT (RFC 1006, ISO 8073) ---
export const tpkt = (payload: Uint8Array): Uint8Array => concat(hex("0300"), u16(payload.length + 4), payload);
const cotpData = hex("02 f0 80");
export const cotpConnect = tpkt(hex("11 e0 0000 0001 00 c0 01 0a c1 02 0100 c2 02 0101"));
export const cotpConfirm = tpkt(hex("11 d0 0001 0002 00 c0 01 0a c1 02 0100 c2 02 0101"));
const s7 = (
  rosctr: number,
  reference: number,
  error: string,
  parameter: Uint8Array,
  data: Uint8Array = new Uint8Array(0),
): Uint8Array =>
  tpkt(
    concat(
      cotpData,
      Uint8Array.of(0x32, rosctr),
      u16(0),
      u16(reference & 0xffff),
      u16(parameter.length),
      u16(data.length),
      hex(error),
      parameter,
      data,
    ),
  );
export const s7Job = (reference: number, parameter: Uint8Array, data?: Uint8Array): Uint8Array =>
  s7(1, reference, "", parameter, data);
export const s7Answer = (reference: number, parameter: Uint8Array, data?: Uint8Array): Uint8Array =>
  s7(3, reference, "0000", parameter, data);
export const s7UserData = (reference: number, parameter: Uint8Array, data: Uint8Array): Uint8Array =>
  s7(7, reference, "", parameter, data);
export const s7Setup = hex("f0 00 0001 0001 03c0");
/** Read bytes of a data block. */
export const s7Read = (db: number, start: number, count: number): Uint8Array =>
  concat(hex("04 01 12 0a 10 02"), u16(count), u16(db), hex("84"), u32(start * 8).subarray(1));
export const s7Values = (count: number): Uint8Array => concat(hex("ff 04"), u16(count * 8), new Uint8Array(count));
/** Module identification, SZL 0x0011: the question, and the answer with the module's order number and version. */
export const s7AskSzl = { parameter: hex("000112 04 11 44 01 00"), data: hex("ff 09 0004 0011 0000") };
export const s7Szl = (
  order: string,
  version: readonly [number, number, number],
): { parameter: Uint8Array; data: Uint8Array } => {
  const record = (index: number, tail: Uint8Array): Uint8Array =>
    concat(u16(index), ascii(order.padEnd(20)), u16(0), tail);
  const records = concat(record(1, hex("0001 0001")), record(7, concat(ascii("V"), Uint8Array.of(...version))));
  const list = concat(u16(0x0011), u16(0), u16(28), u16(2), records);
  return { parameter: hex("000112 08 12 84 01 01 00 00 0000"), data: concat(hex("ff 09"), u16(list.length), list) };
};
/** PLC stop, with the name of the program invocation service. */
export const s7Stop = concat(hex("29 0000000000"), short("P_PROGRAM"));
const blockName = (name: string): Uint8Array => concat(hex("000000000000"), short(name));
/** Request download of a block, the blocks as the PLC fetches them, and the end. */
export const s7RequestDownload = (name: string, length: number): Uint8Array => {
  const sizes = ascii(`1${String(length).padStart(6, "0")}${String(length - 36).padStart(6, "0")}`);
  return concat(hex("1a 00 0100 00000000"), short(name), Uint8Array.of(sizes.length), sizes);
};
export const s7DownloadBlock = (name: string): Uint8Array => concat(hex("1b 00 0000 00000000"), short(name));
export const s7EndDownload = (name: string): Uint8Array =>
  concat(hex("1c"), blockName(name).subarray(0, 7), short(name));
/** Program invocation `_INSE`: puts the block into the running program. */
export const s7Insert = (block: string): Uint8Array => {
  const argument = concat(Uint8Array.of(1, 0), ascii(block));
  return concat(hex("28 000000000000 fd"), u16(argument.length), argument, short("_INSE"));
};

// --- PROFINET (IEC 61158-6-10) ---
export const profinetData = (frameId: number, size: number, cycle: number): Uint8Array =>
  concat(u16(frameId), new Uint8Array(size).fill(0x80), u16(cycle & 0xffff), hex("35 00"));
/** DCP identify response: name of station, vendor and device id, role, address. */
export const dcpIdentity = (host: Placed, kind: string, vendor: number, device: number, xid: number): Uint8Array => {
  const block = (option: number, suboption: number, value: Uint8Array): Uint8Array => {
    const body = concat(u16(0), value);
    return concat(Uint8Array.of(option, suboption), u16(body.length), body, new Uint8Array(body.length & 1));
  };
  const address = concat(u16(1), addressBytes(host.address), addressBytes("255.255.255.0"), addressBytes("0.0.0.0"));
  const blocks = concat(
    block(2, 1, ascii(kind)),
    block(2, 2, ascii(host.name)),
    block(2, 3, concat(u16(vendor), u16(device))),
    block(2, 4, hex("01 00")), // IO device
    concat(hex("01 02"), u16(address.length), address),
  );
  return concat(hex("feff 05 01"), u32(xid), u16(0), u16(blocks.length), blocks);
};

// --- LLDP (IEEE 802.1AB) ---
const tlv = (type: number, value: Uint8Array): Uint8Array => concat(u16((type << 9) | value.length), value);
export const lldp = (host: Placed, port: string, description: string, capabilities: number): Uint8Array =>
  concat(
    tlv(1, concat(Uint8Array.of(4), macBytes(host.mac))),
    tlv(2, concat(Uint8Array.of(7), ascii(port))),
    tlv(3, u16(120)),
    tlv(5, ascii(host.name)),
    tlv(6, ascii(description)),
    tlv(7, concat(u16(capabilities), u16(capabilities))),
    tlv(8, concat(hex("05 01"), addressBytes(host.address), hex("02 00000001 00"))),
    tlv(0, new Uint8Array(0)),
  );

// --- OPC UA TCP (OPC 10000-6, section 7) ---
export const opcuaHello = (url: string): Uint8Array =>
  concat(
    ascii("HELF"),
    le32(32 + url.length),
    hex("00000000 00000100 00000100 00000000 00000000"),
    le32(url.length),
    ascii(url),
  );
export const opcuaAcknowledge = hex("41434b46 1c000000 00000000 00000100 00000100 00000000 00000000");
const opcuaMessage = (request: number, body: Uint8Array): Uint8Array =>
  concat(ascii("MSGF"), le32(24 + body.length), hex("01000000 01000000"), le32(request), le32(request), body);
/** Read of one node's value, and its answer, without security. */
export const opcuaRead = (request: number): Uint8Array =>
  opcuaMessage(
    request,
    concat(
      hex("01 00 7702  00 00  0000000000000000"),
      le32(request),
      hex("00000000 ffffffff 10270000 00 00 00"),
      hex("0000000000000000 00000000 01000000  01 02 0b00  0d000000 ffffffff 0000 ffffffff"),
    ),
  );
export const opcuaValue = (request: number): Uint8Array =>
  opcuaMessage(
    request,
    concat(
      hex("01 00 7a02  0000000000000000"),
      le32(request),
      hex("00000000 00 ffffffff 00 00 00"),
      hex("01000000  01 06 2a000000  ffffffff"),
    ),
  );

// --- DNS, NTP, SNMP, DHCP ---
const labels = (name: string): Uint8Array => concat(...name.split(".").map(short), Uint8Array.of(0));
export const dnsQuestion = (id: number, name: string): Uint8Array =>
  concat(u16(id & 0xffff), hex("0100 0001 0000 0000 0000"), labels(name), hex("0001 0001"));
export const dnsAnswer = (id: number, name: string, address: string): Uint8Array =>
  concat(
    u16(id & 0xffff),
    hex("8580 0001 0001 0000 0000"),
    labels(name),
    hex("0001 0001 c00c 0001 0001 00000e10 0004"),
    addressBytes(address),
  );
export const ntp = (mode: 3 | 4): Uint8Array =>
  concat(Uint8Array.of(0x20 | mode, mode === 4 ? 3 : 0, 6, 0xec), new Uint8Array(44).fill(mode === 4 ? 0x22 : 0));
const ber = (tag: number, ...parts: readonly Uint8Array[]): Uint8Array => {
  const body = concat(...parts);
  return concat(body.length < 128 ? Uint8Array.of(tag, body.length) : Uint8Array.of(tag, 0x81, body.length), body);
};
/** SNMP v2c get (0xa0) or response (0xa2) of sysDescr.0. */
export const snmp = (pdu: 0xa0 | 0xa2, id: number, description: string | null): Uint8Array =>
  ber(
    0x30,
    hex("02 01 01"),
    ber(0x04, ascii("plant-ro")),
    ber(
      pdu,
      concat(hex("02 02"), u16(id & 0x7fff)),
      hex("02 01 00 02 01 00"),
      ber(
        0x30,
        ber(0x30, hex("06 08 2b06010201010100"), description === null ? hex("05 00") : ber(0x04, ascii(description))),
      ),
    ),
  );
/** DHCP (RFC 2131): discover 1, offer 2, request 3, ack 5. */
export const dhcp = (type: 1 | 2 | 3 | 5, xid: number, client: Placed, server: Placed): Uint8Array => {
  const fromServer = type === 2 || type === 5;
  const option = (code: number, value: Uint8Array): Uint8Array => concat(Uint8Array.of(code, value.length), value);
  const options = fromServer
    ? [
        option(54, addressBytes(server.address)),
        option(51, u32(28_800)),
        option(1, addressBytes("255.255.255.0")),
        option(3, addressBytes("192.168.1.1")),
        option(6, addressBytes(server.address)),
      ]
    : [
        option(12, ascii(client.name)),
        option(60, ascii("MSFT 5.0")),
        option(50, addressBytes(client.address)),
        option(55, hex("01 03 06 0f 1f 21 2b 2c 2e 2f 77 79 f9 fc")),
      ];
  return concat(
    Uint8Array.of(fromServer ? 2 : 1, 1, 6, 0),
    u32(xid),
    u32(0),
    addressBytes(type === 5 ? client.address : "0.0.0.0"),
    addressBytes(fromServer ? client.address : "0.0.0.0"),
    addressBytes("0.0.0.0"),
    addressBytes("0.0.0.0"),
    macBytes(client.mac),
    new Uint8Array(10 + 192),
    hex("63825363"),
    option(53, Uint8Array.of(type)),
    ...options,
    Uint8Array.of(255),
  );
};

// --- NetBIOS datagram with a browser announcement (RFC 1002 section 4.4, MS-BRWS) ---
const netbiosName = (name: string, suffix: number): Uint8Array => {
  const bytes = concat(ascii(name.toUpperCase().padEnd(15).slice(0, 15)), Uint8Array.of(suffix));
  return concat(
    Uint8Array.of(32),
    Uint8Array.from([...bytes].flatMap((byte) => [0x41 + (byte >> 4), 0x41 + (byte & 15)])),
    Uint8Array.of(0),
  );
};
/** Host announcement: OS version and server type bits. */
export const hostAnnouncement = (host: Placed, version: readonly [number, number], type: number): Uint8Array => {
  const announcement = concat(
    hex("01 00"),
    le32(720_000),
    ascii(host.name.padEnd(16, "\0").slice(0, 16)),
    Uint8Array.of(...version),
    le32(type),
    hex("0f 01 55aa"),
    ascii("\0"),
  );
  const slot = ascii("\\MAILSLOT\\BROWSE\0");
  const offset = 32 + 1 + 34 + 2 + slot.length;
  const smb = concat(
    hex("ff 534d42 25 00000000 00 0000"),
    new Uint8Array(12),
    hex("0000 0000 0000 0000"),
    Uint8Array.of(17),
    le16(0),
    le16(announcement.length),
    hex("0000 0000 00 00 0000 e8030000 0000 0000 0000"),
    le16(announcement.length),
    le16(offset),
    hex("03 00 0100 0100 0200"),
    le16(announcement.length + slot.length),
    slot,
    announcement,
  );
  const names = concat(netbiosName(host.name, 0x20), netbiosName("WORKGROUP", 0x1d));
  return concat(
    hex("11 0a 0001"),
    addressBytes(host.address),
    u16(138),
    u16(names.length + smb.length),
    u16(0),
    names,
    smb,
  );
};
