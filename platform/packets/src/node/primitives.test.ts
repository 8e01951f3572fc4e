import { createCipheriv } from "node:crypto";
import { describe, expect, test } from "vitest";
import { hex } from "../build/frames.ts";
import { openQuicInitial, sha256 } from "./primitives.ts";

/** The client's Initial packet of RFC 9001, appendix A.2, made with its keys of appendix A.1 from a payload of our own. */
function initial(payload: Uint8Array, version = "00000001", first = 0xc3): Uint8Array {
  const key = hex("1f369613dd76d5467730efcbe3b1a22d");
  const iv = hex("fa044b2f42a3fd3b46fb255c");
  const hp = hex("9f50449e04a0e810283a1e9933adedd2");
  const plain = Buffer.concat([payload, Buffer.alloc(1_162 - payload.length)]);
  const header = Buffer.concat([Buffer.of(first), hex(`${version} 08 8394c8f03e515708 00 00 449e 00000002`)]);
  const nonce = Buffer.from(iv);
  nonce[11] = (nonce[11] as number) ^ 2;
  const cipher = createCipheriv("aes-128-gcm", key, nonce).setAAD(header);
  const body = Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
  const packet = Buffer.concat([header, body]);
  const mask = createCipheriv("aes-128-ecb", hp, null).update(packet.subarray(22, 38));
  packet[0] = (packet[0] as number) ^ ((mask[0] as number) & 15);
  for (let i = 0; i < 4; i++) packet[18 + i] = (packet[18 + i] as number) ^ (mask[i + 1] as number);
  return packet;
}

describe("QUIC Initial packets (RFC 9001 appendix A)", () => {
  const hello = Uint8Array.from({ length: 200 }, (_, i) => i);
  const crypto = (offset: string, length: string, bytes: Uint8Array): Uint8Array =>
    Buffer.concat([hex(`06 ${offset} ${length}`), bytes]);

  test("CRYPTO frames are put together in their order, PING and ACK passed over", () => {
    const frames = Buffer.concat([
      hex("01 02 05 00 00 00"),
      crypto("4064", "4064", hello.subarray(100)),
      hex("00 00"),
      crypto("00", "4064", hello.subarray(0, 100)),
    ]);
    expect(openQuicInitial(initial(frames))).toEqual(hello);
  });
  test("a hole ends what is given", () => {
    const frames = Buffer.concat([
      crypto("00", "0a", hello.subarray(0, 10)),
      crypto("14", "0a", hello.subarray(20, 30)),
    ]);
    expect(openQuicInitial(initial(frames))).toEqual(hello.slice(0, 10));
  });
  test("what is changed, cut or of another version does not open", () => {
    const packet = initial(crypto("00", "0a", hello.subarray(0, 10)));
    for (let length = 0; length < packet.length; length += 13)
      expect(openQuicInitial(packet.subarray(0, length))).toBeNull();
    const changed = Uint8Array.from(packet);
    changed[500] = (changed[500] as number) ^ 1;
    expect(openQuicInitial(changed)).toBeNull();
    expect(openQuicInitial(initial(hello, "ff00001d"))).toBeNull();
    expect(openQuicInitial(initial(hello, "00000001", 0xe3))).toBeNull();
  });
});

test("SHA-256 (FIPS 180-4) of texts in UTF-8", () => {
  expect(sha256("abc")).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
});
