/** Tokens of names and addresses: made by one cipher, opened by the browser's (OT-N1). */
import { createCipheriv, createHmac } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { readIpv6, writeIpv6, writeMac } from "./addresses.ts";
import { MAX_TEXT_LENGTH } from "./metadata.ts";
import { webTokenCrypto, type Subtle } from "./tokens-web.ts";
import { isToken, openTokens, readTokenKey, writeTokenKey, type TokenCrypto, type Tokens } from "./tokens.ts";

const node: TokenCrypto = {
  encode: (text) => Buffer.from(text),
  decode: (bytes) => Buffer.from(bytes).toString(),
  hmac: async (key) => (data) => createHmac("sha256", key).update(data).digest(),
  ctr: async (key) => (counter, data) => createCipheriv("aes-256-ctr", key, counter).update(data),
};
const encoder = new TextEncoder();
const decoder = new TextDecoder();
const web = webTokenCrypto(globalThis.crypto.subtle as unknown as Subtle<unknown>, {
  encode: (text) => encoder.encode(text),
  decode: (bytes) => decoder.decode(bytes),
});
const key = Uint8Array.from({ length: 32 }, (_, i) => i);
let sensor: Tokens;
let browser: Tokens;
let stranger: Tokens;
beforeAll(async () => {
  sensor = await openTokens(key, node);
  browser = await openTokens(key, web);
  stranger = await openTokens(key.toReversed(), web);
});

describe("tokens (OT-N1)", () => {
  test.each(["PLC-1", "第一工場 組立ライン", "Ω", "a|b/c.example.jp", "🏭".repeat(20)])("the name %s", async (name) => {
    const token = await sensor.text(name);
    expect(token).not.toContain(name);
    expect(isToken(token)).toBe(true);
    expect(await sensor.text(name)).toBe(token);
    expect(await browser.text(name)).toBe(token);
    expect(await browser.openText(token)).toBe(name);
    expect(await stranger.openText(token)).toBeNull();
    expect(await browser.open(token)).toBe(name);
  });

  test("a name of any length makes a token that metadata takes; what is cut is cut at a character", async () => {
    const token = await sensor.text("工".repeat(128));
    expect(token.length).toBeLessThanOrEqual(MAX_TEXT_LENGTH);
    expect(await browser.openText(token)).toBe("工".repeat(26));
  });

  test.each(["yt1.", "yt1.AAAA", `yt1.${"A".repeat(40)}`, "PLC-1", "yt1.!!"])(
    "%s is no token of this key",
    async (text) => expect(await browser.openText(text)).toBeNull(),
  );

  test.each([
    ["10.1.2.3", /^10\./],
    ["172.20.0.9", /^172\.(1[6-9]|2\d|3[01])\./],
    ["192.168.0.1", /^192\.168\./],
    ["169.254.10.20", /^169\.254\./],
    ["100.100.0.1", /^100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\./],
    ["203.0.113.7", /^(?!10\.|127\.|0\.|192\.168\.)/],
    ["fe80::1", /^fe80::/],
    ["fd12:3456:789a::5", /^fd/],
    ["2001:db8:1:2::3", /^[23]/],
    ["ff02::1:ff12:3456", /^ff02::1:ff/],
  ])("the address %s stays of its kind and comes back", async (address, kind) => {
    const token = await sensor.address(address);
    expect(token).toMatch(kind);
    expect(token).not.toBe(address);
    expect(await browser.address(address)).toBe(token);
    expect(await browser.openAddress(token)).toBe(address);
    expect(await browser.open(token)).toBe(address);
  });

  test.each(["0.0.0.0", "127.0.0.1", "224.0.0.251", "255.255.255.255", "ff02::fb", "::", "::1"])(
    "%s says nothing about anybody and stays",
    async (address) => expect(await sensor.address(address)).toBe(address),
  );

  test("hosts of a subnet stay together, apart from others, and each is somebody else; .0 and .255 stay", async () => {
    const hosts = await Promise.all(Array.from({ length: 256 }, (_, i) => sensor.address(`10.9.8.${i}`)));
    expect(new Set(hosts.map((host) => host.replace(/\.\d+$/, ""))).size).toBe(1);
    expect(new Set(hosts).size).toBe(256);
    expect([hosts[0]?.split(".")[3], hosts[255]?.split(".")[3]]).toEqual(["0", "255"]);
    const networks = await Promise.all(Array.from({ length: 200 }, (_, i) => sensor.address(`192.168.${i}.1`)));
    expect(new Set(networks.map((host) => host.replace(/\.\d+$/, ""))).size).toBe(200);
  });

  test("a MAC keeps its vendor; groups stay, but for those that hold the end of an address", async () => {
    const mac = 0x00_1b_1b_12_34_56;
    const token = await sensor.mac(mac);
    expect(token).not.toBe(mac);
    expect(Math.floor(token / 2 ** 24)).toBe(0x00_1b_1b);
    expect(await browser.openMac(token)).toBe(mac);
    expect(await browser.open(writeMac(token))).toBe("00:1b:1b:12:34:56");
    for (const group of [0, 0xff_ff_ff_ff_ff_ff, 0x01_00_5e_00_00_fb, 0x33_33_00_00_00_01])
      expect(await sensor.mac(group)).toBe(group);
    const solicited = await sensor.mac(0x33_33_ff_12_34_56);
    expect((solicited % 2 ** 24).toString(16)).toBe(((readIpv6(await sensor.address("ff02::1:ff12:3456")) ?? 0n) & 0xff_ffffn).toString(16)); // prettier-ignore
  });

  test("keys are whole or nothing, and told apart by their check", () => {
    expect(readTokenKey(`${writeTokenKey(key)}\n`)).toEqual(key);
    for (const text of ["", "ytk1.", writeTokenKey(key).slice(0, -2), "yk1.AAAA"])
      expect(readTokenKey(text)).toBeNull();
    expect(sensor.check).toMatch(/^[0-9a-f]{16}$/);
    expect(sensor.check).toBe(browser.check);
    expect(stranger.check).not.toBe(browser.check);
  });

  test.each([
    ["2001:0DB8:0:0:0:0:0:1", "2001:db8::1"],
    ["1:0:0:2:0:0:0:3", "1:0:0:2::3"],
    ["1:0:2:3:4:5:6:7", "1:0:2:3:4:5:6:7"],
    ["::ffff:192.0.2.1", "::ffff:c000:201"],
    ["1::", "1::"],
  ])("%s is written %s (RFC 5952)", (text, shortest) => expect(writeIpv6(readIpv6(text) ?? -1n)).toBe(shortest));
  test.each(["1::2::3", "12345::", "1:2:3", "g::", "", "10.0.0.1", "1:2:3:4:5:6:7:8:9", "fe80::1%eth0"])(
    "%s is no IPv6 address",
    (text) => expect(readIpv6(text)).toBeNull(),
  );
});
