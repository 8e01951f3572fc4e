import { createCipheriv, createHmac } from "node:crypto";
import { expect, test } from "vitest";
import { openTokens, TOKEN_KEY_BYTES, type TokenCrypto } from "../../wire/tokens.ts";
import { openAll } from "./open.ts";

const cipher: TokenCrypto = {
  hmac: (key) => Promise.resolve((data) => createHmac("sha256", key).update(data).digest()),
  ctr: (key) => Promise.resolve((counter, data) => createCipheriv("aes-256-ctr", key, counter).update(data)),
  encode: (text) => Buffer.from(text, "utf8"),
  decode: (bytes) => Buffer.from(bytes).toString("utf8"),
};

test("OT-N1 names, addresses, MACs and networks of an answer are opened, ids and figures stay", async () => {
  const tokens = await openTokens(new Uint8Array(TOKEN_KEY_BYTES).fill(7), cipher);
  const [name, address] = [await tokens.text("PRESS-PLC1"), await tokens.address("192.168.10.11")];
  const net = `${(await tokens.address("192.168.10.1")).split(".").slice(0, 3).join(".")}.0/24`;
  const id = "01a1f91d-e8a3-7b2a-bd9e-75692331fc33";
  const answer = { items: [{ id, name, addresses: [address], count: 3 }], said: `${name} stopped`, subnets: [net] };
  expect(await openAll(answer, tokens, "all")).toEqual({
    items: [{ id, name: "PRESS-PLC1", addresses: ["192.168.10.11"], count: 3 }],
    said: "PRESS-PLC1 stopped",
    subnets: ["192.168.10.0/24"],
  });
  expect(await openAll(answer, tokens, "texts")).toMatchObject({
    items: [{ name: "PRESS-PLC1", addresses: [address] }],
  });
});

test("tokens of another key and ordinary texts stay as they are", async () => {
  const tokens = await openTokens(new Uint8Array(TOKEN_KEY_BYTES).fill(7), cipher);
  const other = await openTokens(new Uint8Array(TOKEN_KEY_BYTES).fill(8), cipher);
  const foreign = await other.text("PRESS-PLC1");
  const answer = { name: foreign, at: "2026-11-20T03:00:00.000Z", version: "1.2.3", text: "modbus", none: null };
  expect(await openAll(answer, tokens, "all")).toEqual(answer);
});

test("OT-N1 addresses behind names and in lists are opened; versions and times stay", async () => {
  const tokens = await openTokens(new Uint8Array(TOKEN_KEY_BYTES).fill(7), cipher);
  const [name, one, two] = [
    await tokens.text("PLC-7"),
    await tokens.address("192.168.10.11"),
    await tokens.address("fd00::11"),
  ];
  const mac = await tokens.mac(0x001b1b_000001);
  const shown = mac.toString(16).padStart(12, "0").match(/../g)?.join(":") ?? "";
  const answer = {
    attached: [`${name}|port-004`, `${shown}|1/7`, `${name} · port-004`, `${shown} · 1/7`],
    device: `${name} (${one})`,
    claimant: `${name} (${two}) [${shown}]`,
    examples: `${one}, ${name} (${one}), ${two}`,
    firmware: "4.5.2.1",
    product: "V4.5.2.1",
    time: "12:34:56",
    changed: "from 10:20 on",
    said: { attributeEn: "firmware", value: "4.5.2.2", before: "4.5.2.1" },
  };
  expect(await openAll(answer, tokens, "all")).toEqual({
    ...answer,
    attached: ["PLC-7|port-004", "00:1b:1b:00:00:01|1/7", "PLC-7 · port-004", "00:1b:1b:00:00:01 · 1/7"],
    device: "PLC-7 (192.168.10.11)",
    claimant: "PLC-7 (fd00::11) [00:1b:1b:00:00:01]",
    examples: "192.168.10.11, PLC-7 (192.168.10.11), fd00::11",
  });
});
