import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import type { SamplesBody } from "../wire/samples.ts";
import { experienceEdge } from "./agent.ts";
import { Memory, WRITE_EVERY } from "./memory.ts";
import { gapsOf } from "./standalone.ts";
import { reasonIndex } from "./track.ts";

const folders: string[] = [];
const file = (): string => {
  folders.push(mkdtempSync(join(tmpdir(), "memory-")));
  return join(folders.at(-1) as string, "measured.json");
};
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});
const [one, other] = ["018f0000-0000-7000-8000-000000000001", "018f0000-0000-7000-8000-000000000002"];

test("a clean stop is known to the microsecond, a crash to the last writing", () => {
  const path = file();
  expect(new Memory(path).before.size).toBe(0);
  new Memory(path).write(0, 1000, [one], true);
  expect([...new Memory(path).before]).toEqual([[one, 1000]]);
  new Memory(path).write(0, 2000, [one, other]);
  expect([...new Memory(path).before.values()]).toEqual([2000 + WRITE_EVERY, 2000 + WRITE_EVERY]);
});

test("it is written seldom, but always at the end", () => {
  const path = file();
  const memory = new Memory(path);
  memory.write(0, 1000, [one]);
  memory.write(WRITE_EVERY - 1, 2000, [one]);
  expect(new Memory(path).before.get(one)).toBe(1000 + WRITE_EVERY);
  memory.write(WRITE_EVERY, 3000, [one]);
  expect(new Memory(path).before.get(one)).toBe(3000 + WRITE_EVERY);
  memory.write(WRITE_EVERY, 4000, [one], true);
  expect(new Memory(path).before.get(one)).toBe(4000);
});

test.each(["", "{", "[]", '{"at":"x","sessions":[]}', '{"at":1}'])("a file of %j is as good as none", (text) => {
  const path = file();
  writeFileSync(path, text);
  expect(new Memory(path).before.size).toBe(0);
});

test("an agent that starts again tells the time in which it did not run, for the sessions it measured", async () => {
  const path = file();
  const stoppedAt = Date.now() * 1000 - 3_600_000_000;
  new Memory(path).write(0, stoppedAt, [one], true);
  const bodies: SamplesBody[] = [];
  const quiet = (): void => undefined;
  const log = { info: quiet, warn: quiet, error: quiet };
  const edge = experienceEdge({ log, memory: path, submit: (body) => bodies.push(body) });
  const sessions = [one, other].map((session) => ({
    session,
    probe: { kind: "icmp" as const, host: "127.0.0.1" },
    interval: 60_000,
    timeout: 1000,
  }));
  await edge.configure({ sessions, upload: 200 });
  await edge.stop();
  const [gap] = gapsOf(bodies, one);
  expect(gap).toMatchObject({ from: stoppedAt, reason: reasonIndex("agent-stopped") });
  expect(gap?.to).toBeGreaterThan(stoppedAt + 3_599_000_000);
  expect(gapsOf(bodies, other)).toEqual([]);
});
