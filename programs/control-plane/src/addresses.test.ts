import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { addressNote, lastAddress, listenHosts, ownAddress, rememberAddress } from "./addresses.ts";

test.each([
  { host: "localhost", hosts: ["127.0.0.1", "::1"], address: "http://localhost:8480" },
  { host: "127.0.0.1", hosts: ["127.0.0.1"], address: "http://127.0.0.1:8480" },
  { host: "0.0.0.0", hosts: ["0.0.0.0"], address: "http://localhost:8480" },
  { host: "::", hosts: ["::"], address: "http://localhost:8480" },
  { host: "192.0.2.7", hosts: ["192.0.2.7", "127.0.0.1"], address: "https://192.0.2.7:8480" },
  { host: "2001:db8::7", hosts: ["2001:db8::7", "127.0.0.1"], address: "https://[2001:db8::7]:8480" },
  { host: "yagura.example.jp", hosts: ["yagura.example.jp", "127.0.0.1"], address: "https://yagura.example.jp:8480" },
])("--host $host listens on $hosts and calls itself $address", ({ host, hosts, address }) => {
  expect(listenHosts(host)).toEqual(hosts);
  expect(ownAddress({ host, plainHttp: false }, 8480)).toBe(address);
});

test("with --plain-http other machines are told http", () => {
  expect(ownAddress({ host: "192.0.2.7", plainHttp: true }, 8480)).toBe("http://192.0.2.7:8480");
});

test("who listens for others without a public address is told that mails name localhost", () => {
  const note = (host: string, publicUrl: string | null): string | null =>
    addressNote({ host, publicUrl }, "http://localhost:8480", "en");
  expect(note("0.0.0.0", null)).toMatch(/--public-url https:\/\/NAME:8480/);
  expect(note("0.0.0.0", "https://yagura.example.jp")).toBeNull();
  expect(note("localhost", null)).toBeNull();
});

test("a link made while nothing runs names the address of the last start", async () => {
  const dataFolder = mkdtempSync(join(tmpdir(), "yagura-address-"));
  try {
    expect(await lastAddress({ publicUrl: null, dataFolder })).toBe("http://localhost:8480");
    await rememberAddress(dataFolder, "http://localhost:9000");
    expect(await lastAddress({ publicUrl: null, dataFolder })).toBe("http://localhost:9000");
    expect(await lastAddress({ publicUrl: "https://y.example.jp", dataFolder })).toBe("https://y.example.jp");
  } finally {
    rmSync(dataFolder, { recursive: true });
  }
});
