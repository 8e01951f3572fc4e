import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writePcap } from "@yagura/packets/build/capture-files.ts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Factory } from "../demo/factory.ts";
import { writeZeekLogs } from "./zeek.ts";

const folder = mkdtempSync(join(tmpdir(), "yagura-zeek-"));
const file = join(folder, "factory.pcap");
const logs = join(folder, "logs");
beforeAll(async () => {
  writeFileSync(file, writePcap(new Factory({ start: 1_790_000_000_000_000, engineering: 15, attack: 25 }).first(40)));
  const written = await writeZeekLogs([file], logs);
  expect(written.damaged).toEqual([]);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What `zeek-cut` does: columns by the names of `#fields`. */
function cut(log: string, ...wanted: string[]): string[][] {
  const lines = readFileSync(join(logs, `${log}.log`), "utf8")
    .trimEnd()
    .split("\n");
  const names = (lines.find((line) => line.startsWith("#fields\t")) as string).split("\t").slice(1);
  const places = wanted.map((name) => names.indexOf(name));
  expect(places).not.toContain(-1);
  return lines
    .filter((line) => !line.startsWith("#"))
    .map((line) => line.split("\t"))
    .map((values) => places.map((place) => values[place] as string));
}

describe("logs with Zeek's names", () => {
  test("every log has Zeek's header, a type for each field and a value for each", () => {
    const files = readdirSync(logs);
    expect(files).toEqual(expect.arrayContaining(["conn.log", "dns.log", "ot_commands.log", "s7comm.log"]));
    for (const name of files) {
      const lines = readFileSync(join(logs, name), "utf8").trimEnd().split("\n");
      expect(lines.slice(0, 5)).toEqual([
        "#separator \\x09",
        "#set_separator\t,",
        "#empty_field\t(empty)",
        "#unset_field\t-",
        `#path\t${name.replace(".log", "")}`,
      ]);
      expect(lines.at(-1)).toMatch(/^#close\t\d{4}(-\d\d){5}$/);
      const fields = (lines[6] as string).split("\t");
      expect(fields[0]).toBe("#fields");
      expect((lines[7] as string).split("\t")).toHaveLength(fields.length);
      for (const line of lines.slice(8, -1)) expect(line.split("\t"), name).toHaveLength(fields.length - 1);
    }
  });

  test("connections: ends, service and counts; the changing port of the client is not kept", () => {
    const rows = cut("conn", "id.orig_h", "id.orig_p", "id.resp_h", "id.resp_p", "proto", "service", "orig_pkts");
    const toPlc = rows.find((row) => row[5] === "s7comm");
    expect(toPlc).toMatchObject({ 1: "-", 3: "102", 4: "tcp" });
    expect(Number(toPlc?.[6])).toBeGreaterThan(10);
    expect(rows.every(([client = ""]) => /^[\d.]+$|:/.test(client))).toBe(true);
  });

  test("a command's row says how often it was asked, and its connection is found by its identifier", () => {
    const commands = cut("s7comm", "uid", "function_code", "function_name", "requests");
    expect(commands.map(([, code, name]) => `${code} ${name}`)).toContain("0x04 Read Var");
    const connections = new Set(cut("conn", "uid").map(([uid]) => uid));
    for (const [uid, , , requests] of commands) {
      expect(connections).toContain(uid);
      expect(Number(requests)).toBeGreaterThanOrEqual(0);
    }
  });

  test("a log without rows is not written; a damaged file is told and what was read counts", async () => {
    expect(existsSync(join(logs, "radius.log"))).toBe(false);
    const damaged = join(folder, "damaged.pcap");
    writeFileSync(damaged, readFileSync(file).subarray(0, 100_001));
    const other = join(folder, "other");
    const written = await writeZeekLogs([damaged, join(folder, "absent.pcap")], other);
    expect(written.damaged.map(({ file: name }) => name)).toContain(join(folder, "absent.pcap"));
    expect(existsSync(join(other, "conn.log"))).toBe(true);
  });
});
