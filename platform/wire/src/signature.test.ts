/** The signature base against RFC 9421's own example, and what is refused. */
import { createPublicKey, verify } from "node:crypto";
import { describe, expect, test } from "vitest";
import {
  contentDigest,
  readSignature,
  readState,
  requestComponents,
  signatureBase,
  signatureHeaders,
  signatureParams,
  uncovered,
  writeState,
  type Components,
} from "./signature.ts";

test("RFC 9421 appendix B.2.6: the Ed25519 example verifies over our signature base", () => {
  const components: Components = [
    ["date", "Tue, 20 Apr 2021 02:07:55 GMT"],
    ["@method", "POST"],
    ["@path", "/foo"],
    ["@authority", "example.com"],
    ["content-type", "application/json"],
    ["content-length", "18"],
  ];
  const params =
    '("date" "@method" "@path" "@authority" "content-type" "content-length");created=1618884473;keyid="test-key-ed25519"';
  const key = createPublicKey({
    key: Buffer.from("MCowBQYDK2VwAyEAJrQLj5P/89iXES9+vFgrIy29clF9CC/oPPsw3c5D0bs=", "base64"),
    format: "der",
    type: "spki",
  });
  const signature = Buffer.from(
    "wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw==",
    "base64",
  );
  expect(verify(null, Buffer.from(signatureBase(components, params)), key, signature)).toBe(true);
});

const components = requestComponents({
  method: "POST",
  path: "/edge/v1/batches",
  headers: { "content-digest": contentDigest("AAAA"), "content-encoding": "zstd", "yagura-state": "oldest=1" },
});
const params = signatureParams(components, { created: 1_700_000_000, keyid: "device", nonce: "0123456789" });
const bytes = Buffer.alloc(64, 7).toString("base64");

test("what we write we read, and the canonical parameters are the same text", () => {
  const headers = signatureHeaders(params, bytes);
  const read = readSignature(headers["signature-input"], headers.signature);
  expect(read).toMatchObject({ created: 1_700_000_000, keyid: "device", nonce: "0123456789", params });
  expect(typeof read === "string" ? read : uncovered(read.covered, components)).toBe(null);
});

describe("refused signature fields", () => {
  test.each([
    { name: "nothing", input: undefined, signature: undefined, says: "missing" },
    { name: "another label", input: `sig1=${params}`, signature: `yagura=:${bytes}:`, says: "no list" },
    { name: "no bytes", input: `yagura=${params}`, signature: "yagura=1", says: "no bytes" },
    { name: "garbage", input: "yagura=(((", signature: `yagura=:${bytes}:`, says: "not structured" },
    { name: "too long", input: `yagura=${"x".repeat(3000)}`, signature: "yagura=1", says: "too long" },
    {
      name: "other algorithm",
      input: `yagura=${params.replace("ed25519", "hmac-sha256")}`,
      signature: `yagura=:${bytes}:`,
      says: "alg or tag",
    },
    { name: "short signature", input: `yagura=${params}`, signature: "yagura=:AAAA:", says: "64 bytes" },
    {
      name: "a component with parameters",
      input: `yagura=${params.replace('"@path"', '"@path";req')}`,
      signature: `yagura=:${bytes}:`,
      says: "component parameters",
    },
    {
      name: "a component twice",
      input: `yagura=${params.replace('"@path"', '"@path" "@path"')}`,
      signature: `yagura=:${bytes}:`,
      says: "twice",
    },
  ])("$name", ({ input, signature, says }) => {
    expect(readSignature(input, signature)).toEqual(expect.stringContaining(says));
  });
  test("a body that is not covered", () => {
    expect(uncovered(["@method", "@path"], components)).toContain("content-digest");
  });
});

test.each([
  { text: "oldest=7", state: { oldest: 7, configuration: null, clock: null } },
  { text: "oldest=7, configuration=12", state: { oldest: 7, configuration: 12, clock: null } },
  { text: "oldest=7, clock=-86400000000", state: { oldest: 7, configuration: null, clock: -86_400_000_000 } },
])("state header $text", ({ text, state }) => {
  expect(readState(text)).toEqual(state);
  expect(writeState(state)).toBe(text);
});
test.each(["", "oldest=-1", "oldest=1,configuration=2", "oldest=1; x"])("unreadable state header %j", (text) => {
  expect(readState(text)).toBe(null);
});
