import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { writePcap } from "@yagura/packets/build/capture-files.ts";
import { Factory } from "./factory.ts";

const start = 1_790_000_000_000_000;
const options = { start, engineering: 5, attack: 10 };
const tshark = spawnSync("tshark", ["--version"]).status === 0;

describe("the synthetic factory", () => {
  test("gives the same frames every time, in the order of their times, however often it is asked", () => {
    const whole = new Factory(options).first(20);
    const factory = new Factory(options);
    const parts = Array.from({ length: 20 }, (_, second) => factory.first(second + 1)).flat();
    expect(parts.length).toBe(whole.length);
    expect(whole.length).toBeGreaterThan(1_500);
    expect(parts).toEqual(whole);
    const late = parts.filter(({ time }, i) => i > 0 && time < (parts[i - 1] as { time: number }).time);
    expect(late).toEqual([]);
  });

  test("a scene that is played later is the one of the options", () => {
    const whole = new Factory(options).first(20);
    const factory = new Factory({ start });
    const parts = factory.first(4);
    factory.play("engineering", start + 5e6);
    parts.push(...factory.first(9));
    factory.play("attack", start + 10e6);
    parts.push(...factory.first(20));
    const text = (frames: readonly { readonly time: number; readonly frame: Uint8Array }[]): string[] =>
      frames.map(({ time, frame }) => `${time} ${Buffer.from(frame).toString("hex")}`).toSorted();
    expect(text(parts)).toEqual(text(whole));
  });

  test("the packing line is silent from the time on at which it stops", () => {
    const frames = new Factory({ start, stops: 4 }).first(12);
    const talks = (frame: Uint8Array): boolean =>
      // Source MAC 28:63:36:20:00:21, the packing line's panel
      [0x28, 0x63, 0x36, 0x20, 0x00, 0x21].every((byte, i) => frame[6 + i] === byte);
    const times = frames.filter(({ frame }) => talks(frame)).map(({ time }) => (time - start) / 1e6);
    expect(Math.max(...times)).toBeLessThan(4.1);
    expect(times.length).toBeGreaterThan(10);
  });

  test.runIf(tshark)("tshark finds nothing malformed in it, and finds its protocols", () => {
    const folder = mkdtempSync(join(tmpdir(), "yagura-factory-"));
    try {
      const file = join(folder, "factory.pcap");
      writeFileSync(file, writePcap(new Factory(options).first(20)));
      const ask = (...argv: string[]): string => execFileSync("tshark", ["-r", file, ...argv], { encoding: "utf8" });
      expect(ask("-Y", "_ws.malformed or _ws.expert.severity == error")).toBe("");
      const summary = ask("-q", "-z", "io,phs");
      const wanted =
        "modbus s7comm enip cip cipio omron pn_rt pn_dcp opcua lldp stp arp dhcp dns ntp snmp browser http telnet";
      for (const protocol of wanted.split(" ")) expect(summary).toMatch(new RegExp(`\\s${protocol}\\s`));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
