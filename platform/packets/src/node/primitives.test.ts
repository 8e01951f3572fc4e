import { createCipheriv } from "node:crypto";
import { describe, expect, test } from "vitest";
import { hex } from "../build/frames.ts";
import { openQuicInitial, sha256 } from "./primitives.ts";

/** The client's Initial packet of RFC 9001, appendix A.2, made with its keys of appendix A.1 from a payload of our own. */
function initial(payload: Uint8Array, version = "00000001", first = 0xc3, id = "8394c8f03e515708"): Uint8Array {
  const key = hex("1f369613dd76d5467730efcbe3b1a22d");
  const iv = hex("fa044b2f42a3fd3b46fb255c");
  const hp = hex("9f50449e04a0e810283a1e9933adedd2");
  const plain = Buffer.concat([payload, Buffer.alloc(1_162 - payload.length)]);
  const header = Buffer.concat([Buffer.of(first), hex(`${version} 08 ${id} 00 00 449e 00000002`)]);
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
  const frames = Uint8Array.from({ length: 200 }, (_, i) => i);

  test("the frames are given as they are, with the connection id of the packet or of an earlier one", () => {
    const whole = openQuicInitial(initial(frames));
    expect(whole?.length).toBe(1_162);
    expect(whole?.slice(0, 200)).toEqual(frames);
    const later = initial(frames, "00000001", 0xc3, "0102030405060708");
    expect(openQuicInitial(later)).toBeNull();
    expect(openQuicInitial(later, hex("8394c8f03e515708"))?.slice(0, 200)).toEqual(frames);
  });
  test("what is changed, cut or of another version does not open", () => {
    const packet = initial(frames);
    for (let length = 0; length < packet.length; length += 13)
      expect(openQuicInitial(packet.subarray(0, length))).toBeNull();
    const changed = Uint8Array.from(packet);
    changed[500] = (changed[500] as number) ^ 1;
    expect(openQuicInitial(changed)).toBeNull();
    expect(openQuicInitial(initial(frames, "ff00001d"))).toBeNull();
    expect(openQuicInitial(initial(frames, "00000001", 0xe3))).toBeNull();
  });
});

test("SHA-256 (FIPS 180-4) of texts in UTF-8", () => {
  expect(sha256("abc")).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
});
