/** The links of the package's libraries where npm did not make them. */
import { existsSync, mkdirSync, mkdtempSync, readlinkSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { binariesOf, findPostgresBinaries, libraryEnvironment } from "./binaries.ts";

let place: string;
beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), "yagura-binaries-"));
  mkdirSync(join(place, "native/lib"), { recursive: true });
  mkdirSync(join(place, "native/bin"));
  writeFileSync(join(place, "package.json"), '{"version":"18.4.0-beta.17"}');
  writeFileSync(join(place, "native/lib/libpq.so.5.18"), "");
  const links = [{ source: "native/lib/libpq.so.5.18", target: "native/lib/libpq.so.5" }];
  writeFileSync(join(place, "native/pg-symlinks.json"), JSON.stringify(links));
});
afterEach(() => rmSync(place, { recursive: true, force: true }));

test("missing links are made in a folder of our own, twice without harm; the package stays as it is", () => {
  const binaries = binariesOf(place);
  const folder = join(place, "ours");
  for (let i = 0; i < 2; i++) {
    expect(Object.values(libraryEnvironment(binaries, folder))).toEqual([folder]);
    expect(readlinkSync(join(folder, "libpq.so.5"))).toBe(join(place, "native/lib/libpq.so.5.18"));
  }
  expect(existsSync(join(place, "native/lib/libpq.so.5"))).toBe(false);
  expect(binaries.major).toBe(18);
});

test("a link that points elsewhere (the program was moved) is made anew", () => {
  const folder = join(place, "ours");
  mkdirSync(folder);
  symlinkSync("/nowhere", join(folder, "libpq.so.5"));
  libraryEnvironment(binariesOf(place), folder);
  expect(readlinkSync(join(folder, "libpq.so.5"))).toBe(join(place, "native/lib/libpq.so.5.18"));
});

test("nothing is made where the package has its links", () => {
  symlinkSync("libpq.so.5.18", join(place, "native/lib/libpq.so.5"));
  expect(libraryEnvironment(binariesOf(place), join(place, "ours"))).toEqual({});
});

test("the installed package has its programs", () => {
  const { initdb, postgres } = findPostgresBinaries();
  expect([existsSync(initdb), existsSync(postgres)]).toEqual([true, true]);
});
