/** Whose the state folder becomes, and which users there are. Who is who is only changed as root. */
import { linkSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { findUser, giveFolder, type User } from "./rights.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "rights-"));
});
afterEach(() => rmSync(folder, { recursive: true }));
const root = userInfo().uid === 0;
/** As root another one; an ordinary user can only give to himself. */
const user: User = root
  ? { name: "nobody", uid: 65_534, gid: 65_534 }
  : { name: "own", uid: userInfo().uid, gid: userInfo().gid };

test("a user is found by name and by number; others are refused", () => {
  expect(findUser("root")).toEqual({ name: "root", uid: 0, gid: 0 });
  expect(findUser("0").name).toBe("root");
  expect(() => findUser("nobody-of-this-name")).toThrow(expect.objectContaining({ code: "USER_UNKNOWN" }));
});

test("a state folder is handed over whole, and nothing that a link points to", () => {
  const state = join(folder, "state");
  mkdirSync(join(state, "spool"), { recursive: true });
  writeFileSync(join(state, "identity.json"), "{}");
  writeFileSync(join(folder, "other"), "");
  symlinkSync(join(folder, "other"), join(state, "spool", "link"));
  mkdirSync(join(folder, "closed"));
  symlinkSync(join(folder, "closed"), join(state, "services"));
  writeFileSync(join(folder, "shadow"), "");
  linkSync(join(folder, "shadow"), join(state, "spool", "second-name"));
  giveFolder(state, user);
  for (const path of [state, join(state, "spool"), join(state, "identity.json")])
    expect(statSync(path).uid).toBe(user.uid);
  for (const name of ["other", "closed", "shadow"]) expect(statSync(join(folder, name)).uid).toBe(userInfo().uid);
});

test("a folder that holds something else is left alone", () => {
  writeFileSync(join(folder, "letters.txt"), "");
  mkdirSync(join(folder, "spool"));
  giveFolder(folder, user);
  for (const path of [folder, join(folder, "spool"), join(folder, "letters.txt")])
    expect(statSync(path).uid).toBe(userInfo().uid);
});
