/** Where commands are taken: never in a folder that somebody else could have put there. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createHash } from "node:crypto";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openSocketPlace } from "./administration-socket.ts";

let base: string;
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), "yagura-place-"));
});
afterEach(() => rmSync(base, { recursive: true, force: true }));

const deep = (): string => join(base, ...Array.from({ length: 6 }, () => "a-folder-with-a-long-name"));

test("a short data folder holds the socket itself, closed to others", async () => {
  const place = await openSocketPlace(base);
  expect(place.socket).toBe(join(base, "run", "administration.sock"));
  expect(statSync(dirname(place.socket)).mode & 0o777).toBe(0o700);
  await place.close();
});

test("a deep one gets a folder that nobody can foresee, and that goes with it", async () => {
  const folder = deep();
  // What another user of the machine could prepare, knowing the data folder's name.
  const foreseen = join(
    tmpdir(),
    `yagura-${createHash("sha256").update(join(folder, "run")).digest("hex").slice(0, 16)}`,
  );
  mkdirSync(foreseen, { mode: 0o777 });
  try {
    const place = await openSocketPlace(folder);
    expect(Buffer.byteLength(place.socket)).toBeLessThan(104);
    expect(dirname(place.socket)).not.toBe(foreseen);
    expect(statSync(dirname(place.socket)).mode & 0o777).toBe(0o700);
    const note = join(folder, "run", "administration.json");
    writeFileSync(place.socket, "");
    await place.tell();
    expect(JSON.parse(readFileSync(note, "utf8"))).toMatchObject({ socket: place.socket });
    expect(statSync(note).mode & 0o777).toBe(0o600);
    await place.close();
    expect(() => statSync(dirname(place.socket))).toThrow("ENOENT");
    expect(() => statSync(note)).toThrow("ENOENT");
  } finally {
    rmSync(foreseen, { recursive: true, force: true });
  }
});

test("what a killed process left is cleared away", async () => {
  const first = await openSocketPlace(deep());
  writeFileSync(first.socket, "");
  await first.tell();
  const second = await openSocketPlace(deep());
  expect(() => statSync(dirname(first.socket))).toThrow("ENOENT");
  await second.close();
});
