/**
 * RADIUS packets of dynamic authorization. The vectors were computed by OpenSSL (`openssl dgst -md5`, `-mac hmac`) from the text of
 * RFC 5176 and RFC 3579, not by the code under test.
 */
import { createHash, createHmac } from "node:crypto";
import { expect, test } from "vitest";
import { attributesOf, codes, readAnswer, writeRequest, writeStation } from "./radius.ts";

const secret = "xyzzy5461";
const nac = { secret, plainAnswers: false };
const now = 1_700_000_000_000;

/** An answer as a server makes it: `proof` says what stands in the authenticator's place while it is signed. */
function answer(
  code: number,
  request: { id: number; authenticator: Buffer },
  { attributes = "", proof = "request", key = secret }: { attributes?: string; proof?: "request" | "zeros" | "none"; key?: string } = {}, // prettier-ignore
): Buffer {
  const body = Buffer.from(attributes, "hex");
  const sign = proof === "none" ? Buffer.alloc(0) : Buffer.concat([Uint8Array.of(80, 18), Buffer.alloc(16)]);
  const packet = Buffer.concat([Uint8Array.of(code, request.id, 0, 0), request.authenticator, sign, body]);
  packet.writeUInt16BE(packet.length, 2);
  if (proof !== "none") {
    const signed = Buffer.from(packet);
    if (proof === "zeros") signed.fill(0, 4, 20);
    createHmac("md5", key).update(signed).digest().copy(packet, 22);
  }
  createHash("md5").update(packet).update(key).digest().copy(packet, 4);
  return packet;
}
const request = writeRequest(codes.coaRequest, 7, [{ type: 11, value: Buffer.from("q") }], secret);

test("OT-31 a CoA-Request to the letter: Message-Authenticator first, Request Authenticator over it", () => {
  expect(request.bytes.toString("hex")).toBe(
    "2b070029" + // CoA-Request, identifier 7, 41 octets
      "d405e34d132897ec87a03eedd1b6decb" +
      "5012" + // Message-Authenticator
      "9d6721d0ff1a8aeeae931cfd54a69b7e" +
      "0b0371", // Filter-Id "q"
  );
});

test("attributes: NAS, station in the NAC's form, time stamp, filter, VLAN as a tunnel, vendor's own", () => {
  const act = { kind: "attributes", filter: "quarantine", vlan: "99", vendor: [[9, 1, "a=b"]] } as const;
  const told = attributesOf({ nas: "192.0.2.1", mac: "aabb.ccdd.eeff" }, act, 0x001b1b00000a, now);
  expect(told.map(({ type, value }) => [type, Buffer.from(value).toString("hex")])).toEqual([
    [4, "c0000201"],
    [31, Buffer.from("001b.1b00.000a").toString("hex")],
    [55, "6553f100"],
    [11, Buffer.from("quarantine").toString("hex")],
    [64, "0000000d"],
    [65, "00000006"],
    [81, Buffer.from("99").toString("hex")],
    [26, `0000000901 05 ${Buffer.from("a=b").toString("hex")}`.replaceAll(" ", "")],
  ]);
  expect(attributesOf({ nas: "switch-1", mac: "aabbccddeeff" }, { kind: "disconnect" }, 1, now)[0]).toMatchObject({ type: 32 }); // prettier-ignore
});

test.each([
  ["AA-BB-CC-DD-EE-FF", "00-1B-1B-00-00-0A"],
  ["aa-bb-cc-dd-ee-ff", "00-1b-1b-00-00-0a"],
  ["aa:bb:cc:dd:ee:ff", "00:1b:1b:00:00:0a"],
  ["aabb.ccdd.eeff", "001b.1b00.000a"],
  ["aabbccddeeff", "001b1b00000a"],
] as const)("a MAC as %s", (form, written) => {
  expect(writeStation(0x001b1b00000a, form)).toBe(written);
});

test("answers are taken when they prove that they are the NAC's, and are about this request", () => {
  expect(readAnswer(answer(44, request), request, nac, now)).toEqual({ kind: "ack" });
  expect(readAnswer(answer(44, request, { proof: "zeros" }), request, nac, now)).toEqual({ kind: "ack" });
  const nak = answer(45, request, { attributes: "6506000001f7" });
  expect(readAnswer(nak, request, nac, now)).toEqual({ kind: "nak", cause: 503 });
  // Padding after the packet (RFC 2865, section 3).
  expect(readAnswer(Buffer.concat([nak, Buffer.alloc(9)]), request, nac, now)).toMatchObject({ kind: "nak" });
  const plain = answer(44, request, { proof: "none" });
  expect(readAnswer(plain, request, { secret, plainAnswers: true }, now)).toEqual({ kind: "ack" });
});

test.each([
  ["no Message-Authenticator (Blast-RADIUS)", answer(44, request, { proof: "none" })],
  ["another secret", answer(44, request, { key: "other" })],
  ["another request", answer(44, { id: 7, authenticator: Buffer.alloc(16, 1) })],
  ["another identifier", answer(44, { ...request, id: 8 })],
  ["the answer to a Disconnect", answer(41, request)],
  ["a request", answer(43, request)],
  ["a time stamp of an hour ago", answer(44, request, { attributes: "37066553e2f0" })],
  ["two proofs", answer(44, request, { attributes: `5012${"00".repeat(16)}` })],
  ["an attribute beyond the end", answer(44, request, { attributes: "0bff61" })],
  ["an attribute of length 0", answer(44, request, { attributes: "0b00" })],
  ["nothing", Buffer.alloc(0)],
])("an answer is not taken: %s", (_, bytes) => {
  expect(readAnswer(bytes, request, nac, now)).toMatchObject({ kind: "ignored" });
});

test("a time stamp within five minutes is fine", () => {
  expect(readAnswer(answer(44, request, { attributes: "37066553f000" }), request, nac, now)).toEqual({ kind: "ack" });
});

test("no bit of an answer can be turned, and no cut or garbage throws", () => {
  const good = answer(45, request, { attributes: "6506000001f7" });
  for (let bit = 0; bit < 8 * good.length; bit++) {
    const turned = Buffer.from(good);
    turned[bit >> 3] = (turned[bit >> 3] as number) ^ (1 << (bit & 7));
    expect(readAnswer(turned, request, nac, now).kind, `bit ${bit}`).toBe("ignored");
  }
  for (let length = 0; length < good.length; length++)
    expect(readAnswer(good.subarray(0, length), request, nac, now).kind).toBe("ignored");
});
