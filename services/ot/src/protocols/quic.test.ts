import { createCipheriv, createHmac } from "node:crypto";
import { describe, expect, test } from "vitest";
import { dissect, type Sent } from "../../../../tests/support/dissect.ts";
import { endure } from "../../../../tests/support/endure.ts";
import { quic } from "./quic.ts";

const hexOf = (text: string): Buffer => Buffer.from(text.replaceAll(/\s/g, ""), "hex");
const sized = (bytes: number, ...parts: Uint8Array[]): Buffer => {
  const value = Buffer.concat(parts);
  const size = Buffer.alloc(bytes);
  size.writeUIntBE(value.length, 0, bytes);
  return Buffer.concat([size, value]);
};
const varint = (value: number): Buffer => (value < 64 ? Buffer.of(value) : hexOf((0x4000 + value).toString(16)));

const hmac = (key: Uint8Array, text: Uint8Array): Buffer => createHmac("sha256", key).update(text).digest();
const expand = (secret: Uint8Array, label: string, length: number): Buffer =>
  hmac(secret, Buffer.concat([Buffer.of(0, length), sized(1, Buffer.from(`tls13 ${label}`)), Buffer.of(0, 1)])).subarray(0, length); // prettier-ignore

interface Shape {
  readonly keysOf?: Buffer;
  readonly to?: Buffer;
  readonly number?: number;
  readonly token?: Buffer;
  readonly v2?: true;
}
const FIRST = hexOf("a1a2a3a4a5a6a7a8");

/** An Initial of the client with these frames (RFC 9001, 5; RFC 9369, 3). */
function initial(
  frames: Uint8Array,
  { keysOf = FIRST, to = FIRST, number = 0, token = Buffer.alloc(0), v2 }: Shape = {},
): Buffer {
  const salt = hexOf(v2 ? "0dede3def700a6db819381be6e269dcbf9bd2ed9" : "38762cf7f55934b34d179ae6a4c80cadccbb7f0a");
  const secret = expand(hmac(salt, keysOf), "client in", 32);
  const label = v2 ? "quicv2" : "quic";
  const [key, iv, hp] = [expand(secret, `${label} key`, 16), expand(secret, `${label} iv`, 12), expand(secret, `${label} hp`, 16)]; // prettier-ignore
  const header = Buffer.concat([
    Buffer.of(v2 ? 0xd0 : 0xc0),
    hexOf(v2 ? "6b3343cf" : "00000001"),
    sized(1, to),
    sized(1, hexOf("0b0c")),
    varint(token.length),
    token,
    varint(frames.length + 17),
    Buffer.of(number),
  ]);
  iv[11] = (iv[11] as number) ^ number;
  const cipher = createCipheriv("aes-128-gcm", key, iv).setAAD(header);
  const packet = Buffer.concat([header, cipher.update(frames), cipher.final(), cipher.getAuthTag()]);
  const place = header.length - 1;
  const mask = createCipheriv("aes-128-ecb", hp, null).update(packet.subarray(place + 4, place + 20));
  packet[0] = (packet[0] as number) ^ ((mask[0] as number) & 15);
  packet[place] = (packet[place] as number) ^ (mask[1] as number);
  return packet;
}

const extension = (type: string, data: Uint8Array): Buffer => Buffer.concat([hexOf(type), sized(2, data)]);
const serverName = extension("0000", sized(2, Buffer.of(0), sized(2, Buffer.from("line.plant.example"))));
const alpn = extension("0010", sized(2, sized(1, Buffer.from("h3"))));
const versions = extension("002b", hexOf("020304"));
/** A key share as long as one of ML-KEM-768 with X25519: longer than a packet. */
const keyShare = extension("0033", sized(2, hexOf("11ec"), sized(2, Buffer.alloc(1_216, 0x5a))));
const hello = Buffer.concat([
  Buffer.of(1),
  sized(3, hexOf("0303"), Buffer.alloc(32, 0x11), Buffer.of(0), sized(2, hexOf("1301 1302")), hexOf("0100"), sized(2, keyShare, alpn, versions, serverName)), // prettier-ignore
]);
const crypto = (from: number, to: number): Buffer =>
  Buffer.concat([Buffer.of(6), varint(from), varint(to - from), hello.subarray(from, to)]);
const padding = Buffer.alloc(40);
const ping = Buffer.of(1);
const ack = hexOf("02 05 00 01 00 01 01");

const packet = (bytes: Uint8Array): Sent => ({ bytes, destinationPort: 443 });
const answer = (bytes: Uint8Array): Sent => ({ bytes, fromClient: false, sourcePort: 443, destinationPort: 49_152 });
const [NAME, JA4] = ["destination name=line.plant.example", /^source ja4=q13d0204h3_[0-9a-f]{12}_[0-9a-f]{12}$/];
const [half, end] = [700, hello.length];
const pair = (shape: Shape = {}): Sent[] => [
  packet(initial(Buffer.concat([crypto(0, half), padding]), shape)),
  packet(initial(Buffer.concat([crypto(half, end), padding]), { ...shape, number: 1 })),
];

describe("QUIC", () => {
  test("versions and packet types", () => {
    const first = Buffer.concat([hexOf("c3 00000001 08 0102030405060708 00 00 4496"), Buffer.alloc(1_174, 0x55)]);
    const told = dissect(quic, [packet(first), packet(hexOf("f0 6b3343cf 00 08 0102030405060708 00")), packet(hexOf("4011223344"))]); // prettier-ignore
    expect(told.recognised).toBe(2);
    expect(told.commands.map(({ code }) => code)).toEqual([0, 2]);
    expect(told.identities).toEqual(["source capability=QUIC v1"]);
  });

  const spread: readonly { readonly name: string; readonly sent: readonly Sent[] }[] = [
    { name: "two packets", sent: pair() },
    { name: "two packets in the wrong order", sent: pair().toReversed() },
    { name: "version 2", sent: pair({ v2: true }) },
    { name: "with a token", sent: pair({ token: Buffer.alloc(80, 7) }) },
    { name: "repeated packets, an answer between them", sent: [pair()[0] as Sent, answer(initial(ack, { keysOf: hexOf("ff") })), ...pair()] }, // prettier-ignore
    {
      name: "pieces in any order between PING, ACK and PADDING",
      sent: [
        packet(initial(Buffer.concat([ping, crypto(900, 1_000), padding, crypto(3, 90), ack, crypto(0, 3)]))),
        packet(initial(Buffer.concat([crypto(1_000, end), crypto(80, 900)]), { number: 1 })),
      ],
    },
    {
      name: "a later packet to the connection id of the server",
      sent: [pair()[0] as Sent, packet(initial(crypto(half, end), { to: hexOf("b1b2b3b4"), number: 3 }))],
    },
    {
      name: "after a Retry: keys of its connection id",
      sent: [
        pair()[0] as Sent,
        answer(hexOf(`f0 00000001 02 0b0c 04 b1b2b3b4 ${"77".repeat(40)}`)),
        ...pair({ keysOf: hexOf("b1b2b3b4"), to: hexOf("b1b2b3b4"), token: Buffer.alloc(24, 0x77) }),
      ],
    },
    {
      name: "packets in one datagram",
      sent: [packet(Buffer.concat([initial(crypto(0, half)), initial(crypto(half, end), { number: 1 })]))],
    },
  ];
  test.each(spread)("client hello: $name", ({ sent }) => {
    const told = dissect(quic, sent);
    expect(told.recognised).toBe(2);
    expect(told.weirds).toEqual([]);
    expect(told.identities).toHaveLength(3);
    expect(told.identities[1]).toBe(NAME);
    expect(told.identities[2]).toMatch(JA4);
  });

  test("a hello is told once", () => {
    const told = dissect(quic, [...pair(), ...pair()]);
    expect(told.identities.filter((one) => one === NAME)).toHaveLength(1);
  });
  test("a piece that is missing, one beyond 16 KiB, and what is no hello tell nothing", () => {
    const far = Buffer.concat([Buffer.of(6), hexOf("80010000"), varint(20), Buffer.alloc(20)]);
    const other = Buffer.concat([hexOf("06 00 04"), hexOf("02000000")]);
    for (const frames of [crypto(0, half), far, other]) {
      const told = dissect(quic, [packet(initial(Buffer.concat([frames, padding])))]);
      expect(told.identities).toEqual(["source capability=QUIC v1"]);
    }
  });
  test("an Initial and a Handshake in one datagram are two messages; a packet that goes on behind its end is cut", () => {
    const second = Buffer.concat([hexOf("e0 00000001 00 00 14"), Buffer.alloc(20)]);
    const told = dissect(quic, [
      packet(Buffer.concat([initial(padding), second])),
      packet(initial(padding).subarray(0, 60)),
    ]);
    expect(told.commands.map(({ code }) => code)).toEqual([0, 2, 0]);
    expect(told.weirds).toEqual(["truncated"]);
  });

  test("bears damage", () => endure(quic, [packet(initial(Buffer.concat([crypto(0, 60), padding]))), ...pair()]));
});
