/** From frames to bodies: what the engine gives, in parts, in tokens, noted in the ledger (OT-N1, OST-T01). */
import { appendFileSync, mkdtempSync, readFileSync, readdirSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Value } from "typebox/value";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { writePcap } from "@yagura/packets/build/capture-files.ts";
import { arp, hex, tagged, udp } from "@yagura/packets/build/frames.ts";
import { sha256 } from "@yagura/packets/node/primitives.ts";
import type { Interval } from "../decode/engine.ts";
import { FIRST_PREVIOUS } from "../wire/ledger.ts";
import { METADATA_VERSION, MetadataBody, rowsOf, tableNames, type TableName } from "../wire/metadata.ts";
import { openTokens, type Tokens } from "../wire/tokens.ts";
import { makeEngine } from "./engine.ts";
import { intervalsOf } from "./file-capture.ts";
import { openLedger, readLedger } from "./ledger-file.ts";
import { previewLines } from "./preview.ts";
import { rebuild, rowCount } from "./rebuild.ts";
import { split } from "./split.ts";
import { makeTokenKey, nodeTokenCrypto, tokensOf } from "./token-crypto.ts";
import { tokenise } from "./tokenise.ts";
import { contentsOf, Uploads } from "./uploads.ts";

const folders: string[] = [];
const folder = (): string => {
  const made = mkdtempSync(join(tmpdir(), "uploads-"));
  folders.push(made);
  return made;
};
afterEach(() => folders.splice(0).forEach((made) => rmSync(made, { recursive: true })));

const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };
const START = 1_700_000_000_000_000;
const hmi = { mac: "00:0c:29:00:00:02", address: "192.168.1.20" };
const device = (i: number) => ({
  mac: `00:1b:1b:00:00:${i.toString(16).padStart(2, "0")}`,
  address: `192.168.1.${100 + i}`,
});
/** A question of Modbus over UDP to each of so many devices, and its answer. */
function talk(devices: number): Uint8Array[] {
  return Array.from({ length: devices }, (_, i) => {
    const ask = Uint8Array.of(0, i, 0, 0, 0, 6, 1, 3, 0, 0, 0, 2);
    const answer = Uint8Array.of(0, i, 0, 0, 0, 7, 1, 3, 4, 0x12, 0x34, 0x56, 0x78);
    const frames = [
      arp(1, hmi, device(i)),
      arp(2, device(i), hmi),
      udp(hmi, device(i), { from: 40_000, to: 502 }, ask),
      udp(device(i), hmi, { from: 502, to: 40_000 }, answer),
    ];
    return i % 2 === 0 ? frames : frames.map((frame) => tagged(frame, 9));
  }).flat();
}
async function intervals(frames: readonly Uint8Array[], gap = 1_000): Promise<Interval[]> {
  const file = join(folder(), "capture.pcap");
  writeFileSync(file, writePcap(frames.map((frame, i) => ({ time: START + i * gap, frame }))));
  const found: Interval[] = [];
  for await (const interval of intervalsOf(makeEngine().engine, [file])) found.push(interval);
  return found;
}
const bodyOf = (interval: Interval): MetadataBody => ({
  version: METADATA_VERSION,
  ...interval,
  ledger: { number: 1, previous: FIRST_PREVIOUS },
  tokens: null,
});
/** Rows of a table with endpoints and texts spelled, in any order: what a body says, however it is cut. */
function spelled(interval: Interval, table: TableName): string[] {
  const text = (index: number): string => interval.texts[index] ?? "-";
  const endpoints = [...rowsOf(interval, "endpoints")].map(
    ({ mac, vlan, address }) => `${mac}/${vlan}/${text(address)}`,
  );
  const at: ReadonlySet<string> = new Set(["client", "server", "endpoint", "source", "destination"]);
  const texts: ReadonlySet<string> = new Set(["address", "label", "value", "name"]);
  return [...rowsOf(interval, table)]
    .map((row) =>
      Object.entries(row as unknown as Readonly<Record<string, number>>)
        .map(
          ([column, value]) =>
            `${column}=${at.has(column) ? endpoints[value] : texts.has(column) ? text(value) : value}`,
        )
        .join(" "),
    )
    .toSorted();
}

let tokens: Tokens;
beforeAll(async () => {
  tokens = await openTokens(new Uint8Array(32).fill(7), nodeTokenCrypto);
});

describe("a capture file as uploads", () => {
  test("each ten seconds of its own time are one, and the schema takes them", async () => {
    const found = await intervals(talk(10), 1_000_000);
    expect(found.length).toBeGreaterThanOrEqual(4);
    for (const interval of found) expect(Value.Check(MetadataBody, bodyOf(interval))).toBe(true);
    const packets = found
      .flatMap((interval) => [...rowsOf(interval, "captures")])
      .reduce((sum, row) => sum + row.packets, 0);
    expect(packets).toBe(40);
  });

  test("a damaged file gives what stands before the damage, then says so", async () => {
    const file = join(folder(), "cut.pcap");
    writeFileSync(file, writePcap(talk(3).map((frame, i) => ({ time: START + i, frame }))));
    truncateSync(file, readFileSync(file).length - 10);
    const found: Interval[] = [];
    const reading = (async () => {
      for await (const interval of intervalsOf(makeEngine().engine, [file])) found.push(interval);
    })();
    await expect(reading).rejects.toMatchObject({ code: "CAPTURE_CUT" });
    expect(found).toHaveLength(1);
  });
});

describe("parts", () => {
  test("what fits stays one; what does not is cut, and the parts together say the same", async () => {
    const [interval] = await intervals(talk(100));
    if (interval === undefined) throw new Error("no interval");
    expect(split(interval)).toEqual([interval]);
    const parts = split(interval, 8_000);
    expect(parts.length).toBeGreaterThan(2);
    for (const part of parts) {
      expect(JSON.stringify(part).length).toBeLessThanOrEqual(8_000);
      expect(Value.Check(MetadataBody, bodyOf(part))).toBe(true);
    }
    for (const table of tableNames)
      if (table !== "endpoints")
        expect(parts.flatMap((part) => spelled(part, table)).toSorted()).toEqual(spelled(interval, table));
  });

  test("rebuilding all rows changes nothing that is said", async () => {
    const [interval] = await intervals(talk(20));
    if (interval === undefined) throw new Error("no interval");
    const again = rebuild(interval, () => true, { allEndpoints: true });
    for (const table of tableNames) expect(spelled(again, table)).toEqual(spelled(interval, table));
  });
});

describe("tokens in an upload (OT-N1)", () => {
  test("where a device is plugged in: the switch is hidden as everywhere, its port stays", async () => {
    const option = (code: string, text: string): string =>
      code + (text.length / 2).toString(16).padStart(2, "0") + text;
    const ascii = (text: string): string => Buffer.from(text).toString("hex");
    // DHCP requests that a switch passes on with its name, or its MAC, and the port (option 82)
    const frames = [ascii("SW-7"), "020000000077"].map((remote, i) => {
      const fixed = `01010600 0000000${i} ${"00".repeat(20)} 0200000000${10 + i} ${"00".repeat(202)} 63825363 350103`;
      const agent = option("01", ascii("Gi0/3")) + option("02", remote);
      return udp(hmi, device(i), { from: 68, to: 67 }, hex(`${fixed} ${option("52", agent)} ff`));
    });
    const [interval] = await intervals(frames);
    if (interval === undefined) throw new Error("no interval");
    const places = (from: Interval): string[] =>
      [...rowsOf(from, "identities")].flatMap(({ value }) => (from.texts[value] ?? "").split("|")[1] === "Gi0/3" ? [from.texts[value] ?? ""] : []); // prettier-ignore
    expect(places(interval)).toEqual(["SW-7|Gi0/3", "02:00:00:00:00:77|Gi0/3"]);
    const [named, numbered] = places(await tokenise(interval, tokens));
    expect(named).toBe(`${await tokens.text("SW-7")}|Gi0/3`);
    expect(numbered).toMatch(/^02:00:00(:[0-9a-f]{2}){3}\|Gi0\/3$/);
    expect(await tokens.open((numbered ?? "").split("|")[0] ?? "")).toBe("02:00:00:00:00:77");
  });
  test("no address and no name leaves, and the key brings every one back", async () => {
    const [interval] = await intervals(talk(20));
    if (interval === undefined) throw new Error("no interval");
    const told = await tokenise(interval, tokens);
    expect(Value.Check(MetadataBody, { ...bodyOf(told), tokens: { check: tokens.check } })).toBe(true);
    const text = JSON.stringify(told);
    for (let i = 0; i < 20; i++) expect(text).not.toContain(`"${device(i).address}"`);
    for (const table of tableNames) expect(rowCount(told, table)).toBe(rowCount(interval, table));
    const opened = await Promise.all(
      [...rowsOf(told, "endpoints")].map(async ({ mac, address }) => ({
        mac: await tokens.openMac(mac),
        address: await tokens.openAddress(told.texts[address] ?? ""),
      })),
    );
    const before = [...rowsOf(interval, "endpoints")].map(({ mac, address }) => ({
      mac,
      address: interval.texts[address] ?? "",
    }));
    expect(opened).toEqual(before);
    // Nor does any number that is an address: what ARP asked for tells only how far it lies apart.
    const numbers = new Set([hmi, ...Array.from({ length: 20 }, (_, i) => device(i))].map(({ address }) => address.split(".").reduce((n, part) => n * 256 + Number(part), 0))); // prettier-ignore
    const shown = ({ low, high }: { low: number; high: number }): boolean => numbers.has(low) || numbers.has(high);
    expect([...rowsOf(interval, "commands")].some(shown)).toBe(true);
    expect([...rowsOf(told, "commands")].some(shown)).toBe(false);
    // Counters, protocols and functions are untouched.
    expect(told.tables.commands?.code).toEqual(interval.tables.commands?.code);
    expect(told.tables.conversations?.packetsOut).toEqual(interval.tables.conversations?.packetsOut);
  });

  test("a key file is made once, for its owner only, and read back", async () => {
    const file = join(folder(), "key");
    const check = await makeTokenKey(file);
    expect((await tokensOf(file)).check).toBe(check);
    await expect(makeTokenKey(file)).rejects.toMatchObject({ code: "TOKEN_KEY_EXISTS" });
    writeFileSync(file, "ytk1.short");
    await expect(tokensOf(file)).rejects.toMatchObject({ code: "TOKEN_KEY_UNREADABLE" });
  });
});

describe("the ledger on disk (OT-N1)", () => {
  const hand = async (place: string, count: number): Promise<MetadataBody[]> => {
    const ledger = openLedger(place, sha256);
    const bodies: MetadataBody[] = [];
    const uploads = new Uploads(
      { next: () => ledger.next(), hand: (body) => (ledger.add(body), void bodies.push(body)) },
      null,
      quiet,
    );
    for (const interval of (await intervals(talk(12), 1_000_000)).slice(0, count)) await uploads.add(interval);
    ledger.close();
    expect(uploads.handed).toBe(bodies.length);
    return bodies;
  };

  test("chains uploads over restarts, and reads whole", async () => {
    const place = join(folder(), "ledger");
    const bodies = [...(await hand(place, 3)), ...(await hand(place, 2))];
    const { lines, faults } = readLedger(place, sha256);
    expect(faults).toEqual([]);
    expect(lines.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5]);
    expect(lines.map(({ number, previous }) => ({ number, previous }))).toEqual(bodies.map(({ ledger }) => ledger));
    expect(lines[0]?.previous).toBe(FIRST_PREVIOUS);
    expect(lines[0]?.bytes).toBe(Buffer.byteLength(JSON.stringify(bodies[0])));
  });

  test("a line torn by a crash is taken away; its upload was never handed on", async () => {
    const place = join(folder(), "ledger");
    await hand(place, 3);
    const file = join(place, readdirSync(place)[0] as string);
    appendFileSync(file, "4 1700000");
    await hand(place, 1);
    const { lines, faults } = readLedger(place, sha256);
    expect(faults).toEqual([]);
    expect(lines.map(({ number }) => number)).toEqual([1, 2, 3, 4]);
  });

  test("a changed, a missing and an unreadable line are told", async () => {
    const place = join(folder(), "ledger");
    await hand(place, 4);
    const file = join(place, readdirSync(place)[0] as string);
    const text = readFileSync(file, "utf8");
    const rows = text.split("\n");
    const faults = (change: readonly string[]): readonly string[] => {
      writeFileSync(file, change.join("\n"));
      return readLedger(place, sha256).faults;
    };
    const forged = (rows[2] ?? "").replace(/ [0-9a-f]{64} ([0-9a-f]{64})$/, ` ${"a".repeat(64)} $1`);
    expect(faults(rows.with(2, forged))).toEqual(["upload 2 does not have its hash"]);
    expect(faults(rows.toSpliced(2, 1))).toEqual(["upload 1 is followed by 3", "upload 3 does not have its hash"]);
    expect(faults(rows.with(2, "nonsense"))).toEqual(["000000000001.ledger: line 3 cannot be read", "upload 1 is followed by 3", "upload 3 does not have its hash"]); // prettier-ignore
    // An unreadable line in the midst does not make numbers be given twice.
    const again = openLedger(place, sha256);
    expect(again.next().number).toBe(5);
    again.close();
  });

  test("what cannot be noted is not handed on, and counted", async () => {
    const handed: MetadataBody[] = [];
    const uploads = new Uploads(
      {
        next: () => ({ number: 1, previous: FIRST_PREVIOUS }),
        hand: () => {
          throw new Error("ENOSPC");
        },
      },
      null,
      quiet,
    );
    const [interval] = await intervals(talk(1));
    if (interval !== undefined) await uploads.add(interval);
    expect([uploads.lost, uploads.handed, handed.length]).toEqual([1, 0, 0]);
  });
});

describe("the preview (OT-N1)", () => {
  test("shows every row of every table in words, and no more", async () => {
    const [interval] = await intervals(talk(4));
    if (interval === undefined) throw new Error("no interval");
    const lines = [...previewLines(bodyOf(interval))];
    for (const table of tableNames)
      if (rowCount(interval, table) > 0) expect(lines).toContain(`${table} (${rowCount(interval, table)})`);
    const rows = tableNames.reduce((sum, table) => sum + rowCount(interval, table), 0);
    const filled = tableNames.filter((table) => rowCount(interval, table) > 0).length;
    // Two lines of head, three for each table (blank, title, columns), one blank at the end.
    expect(lines).toHaveLength(2 + 3 * filled + rows + 1);
    const text = lines.join("\n");
    expect(text).toMatch(/192\.168\.1\.20 +192\.168\.1\.100 +502 +Modbus\/TCP +.*\(read\)/);
    expect(text).toMatch(/arp-reply/);
    expect(text).toContain("vlan 9");
  });

  test("parts and tokens of a preview are those of an upload", async () => {
    const [interval] = await intervals(talk(4));
    if (interval === undefined) throw new Error("no interval");
    expect(await contentsOf(interval, null)).toEqual([interval]);
    expect(await contentsOf(interval, tokens)).toEqual([await tokenise(interval, tokens)]);
  });
});
