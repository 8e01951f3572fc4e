/** Declared protocols without a server (OT-N10): the guide's example from a capture to commands, findings, logs, and tried. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { writePcap } from "@yagura/packets/build/capture-files.ts";
import { tcpConversation, type Message } from "@yagura/packets/build/conversation.ts";
import { bytesOf } from "../../../../tests/support/dissect.ts";
import { client, polls, server } from "../../../../tests/support/engine.ts";
import { conveyor, conveyorMessages as kb, exampleOfGuide } from "../../../../tests/support/ot-declared.ts";
import type { ParserTrial } from "../wire/api-declared.ts";
import type { Report } from "./report.ts";

const folder = mkdtempSync(join(tmpdir(), "yagura-parsers-"));
const program = join(import.meta.dirname, "..", "..", "..", "..", "programs", "yagura", "src", "main.ts");
const [capture, parsers] = [join(folder, "press.pcap"), join(folder, "kb.json")];
const example = exampleOfGuide();
const ask = (bytes: string): Message => ({ from: "client", bytes: bytesOf(bytes) });
const answer = (bytes: string): Message => ({ from: "server", bytes: bytesOf(bytes) });

beforeAll(() => {
  const talk = [
    ask(kb.read), answer(kb.readAnswer), ask(kb.identify), answer(kb.identity), ask(kb.write), answer(kb.writeRefused),
    ask(conveyor("00", 5, 77, 3)), ask(kb.stop), answer(kb.stopAnswer),
  ]; // prettier-ignore
  const frames = [
    ...tcpConversation({ client, server, serverPort: 9_750 }, talk),
    ...tcpConversation({ client: { ...client, address: "192.0.2.9" }, server, serverPort: 9_750 }, polls(2)),
  ].toSorted((a, b) => a.time - b.time);
  writeFileSync(capture, writePcap(frames));
  writeFileSync(parsers, JSON.stringify([example]));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function run(...argv: readonly string[]): { status: number | null; out: string; complaint: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, "ot", ...argv], {
    encoding: "utf8",
    env: { PATH: process.env["PATH"] ?? "", LANG: "en_US.UTF-8" },
  });
  return { status, out: stdout, complaint: stderr };
}

describe("OT-N10: declared protocols without a server", () => {
  test("commands have the declared names, the critical one is a finding, the device says who it is", () => {
    const { status, out, complaint } = run("analyse", capture, "--parsers", parsers, "--json");
    expect([status, complaint]).toEqual([0, ""]);
    const report = JSON.parse(out) as Report;
    expect(report.declared).toEqual({ "declared-1": "KB controller" });
    const commands = report.commands.filter(({ protocol }) => protocol === "declared-1");
    expect(
      commands.map(({ name, class: kind, critical, requests, errors }) => [name, kind, critical, requests, errors]),
    ).toEqual(
      expect.arrayContaining([
        ["Stop conveyor", "stop", true, 1, 0],
        ["Read", "read", false, 1, 0],
        ["Write", "write", false, 1, 1],
        ["0x4d", "other", false, 1, 0],
      ]),
    );
    expect(commands.find(({ name }) => name === "Read")).toMatchObject({ low: 0x100, high: 0x109, unit: 3 });
    const controller = report.assets.find(({ addresses }) => addresses.includes(server.address));
    expect(controller).toMatchObject({ attributes: { model: "KB-100", firmware: "2.4.1" } });
    expect(controller?.protocols).toContain("KB controller");
    expect(report.findings.map(({ parameters }) => parameters["protocol"])).toContain("KB controller");
  }, 60_000);

  test("logs in Zeek's format have the declared name as their service", () => {
    const { status } = run("analyse", capture, "--parsers", parsers, "--log", "zeek", "--dir", folder);
    expect(status).toBe(0);
    expect(readFileSync(join(folder, "conn.log"), "utf8")).toContain("\tkb_controller\t");
    expect(readFileSync(join(folder, "ot_commands.log"), "utf8")).toMatch(/kb_controller\t32\tStop conveyor/);
  }, 60_000);

  test("a trial says what was read, what was not and where bytes do not agree, and never shows bytes", () => {
    const { status, out } = run("test-parser", capture, "--parser", parsers, "--json");
    expect(status).toBe(0);
    const trial = JSON.parse(out) as ParserTrial;
    expect(trial).toMatchObject({ name: "KB controller", conversations: 1, messages: 9, oddTotal: 1 });
    expect(
      trial.functions.map(({ code, name, requests, responses, errors }) => [code, name, requests, responses, errors]),
    ).toEqual([
      [1, "Read", 1, 1, 0],
      [2, "Write", 1, 0, 1],
      [16, "Who are you", 1, 1, 0],
      [32, "Stop conveyor", 1, 1, 0],
      [77, "0x4d", 1, 0, 0],
    ]);
    expect(trial.identities).toEqual([
      { address: server.address, attribute: "model", value: "KB-100" },
      { address: server.address, attribute: "firmware", value: "2.4.1" },
    ]);
    expect(trial.there.others).toEqual(["modbus"]);
    expect(trial.odd).toEqual([{ packet: expect.any(Number) as number, byte: 8, reason: "function" }]);
    const shown = run("test-parser", capture, "--parser", parsers);
    expect(shown.out).toContain("KB controller: 9 messages in 1 conversations");
    expect(shown.out).toContain("byte 8: the function is not in “functions”");
  }, 60_000);

  test("a description that does not fit the protocol says at which byte", () => {
    const wrong = join(folder, "wrong.json");
    writeFileSync(wrong, JSON.stringify({ ...example, match: [{ at: 0, bytes: "4b 42 02" }] }));
    const trial = JSON.parse(run("test-parser", capture, "--parser", wrong, "--json").out) as ParserTrial;
    expect(trial).toMatchObject({ conversations: 0, messages: 0 });
    expect(trial.there.unread).toBeGreaterThan(0);
    expect(trial.odd[0]).toMatchObject({ byte: 2, reason: "match" });
  }, 60_000);

  test("what is no description is told with its place, and the others are used", () => {
    const mixed = join(folder, "mixed.json");
    writeFileSync(mixed, JSON.stringify([{ ...example, order: "middle" }, example]));
    const { status, out, complaint } = run("analyse", capture, "--parsers", mixed, "--json");
    expect(status).toBe(0);
    expect(complaint).toContain("[1]: order has to be one of: big, little");
    expect((JSON.parse(out) as Report).declared).toEqual({ "declared-2": "KB controller" });
    writeFileSync(mixed, "{");
    expect(run("analyse", capture, "--parsers", mixed).status).toBe(2);
    expect(run("test-parser", capture).status).toBe(2);
  }, 60_000);
});
