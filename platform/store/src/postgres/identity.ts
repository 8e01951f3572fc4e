/** As whom the embedded PostgreSQL runs: it refuses root, so root drops to another user or maps itself inside a user namespace. */
import { spawnSync } from "node:child_process";
import { chownSync, lchownSync, lstatSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { raise } from "../errors.ts";

export type Identity =
  /** We are an ordinary user. */
  | { readonly kind: "self" }
  /** Root gives the process and its folder to this user. */
  | { readonly kind: "user"; readonly uid: number; readonly gid: number }
  /** The process stays the owner of our files, but believes itself to be this user (a user namespace; no capabilities). */
  | { readonly kind: "mapped"; readonly uid: number; readonly gid: number };

/**
 * Chooses for a folder that exists. A folder that was chosen for once keeps its owner for as long as that user can reach it.
 * `programs` are files that must be readable after the drop. Throws POSTGRES_ROOT_REFUSED.
 */
export function chooseIdentity(folder: string, programs: readonly string[]): Identity {
  if (process.getuid?.() !== 0) return { kind: "self" };
  const owner = statSync(folder);
  if (owner.uid !== 0 && openTo([folder, ...programs])) return { kind: "user", uid: owner.uid, gid: owner.gid };
  // Closed since: the user it was given to can no longer come here, so that it becomes ours again.
  if (owner.uid !== 0) takeBack(folder);
  const people = readPeople();
  const fresh = !hasCluster(folder);
  const candidate = people.find((one) => one.name === "postgres") ?? people.find((one) => one.name === "nobody");
  if (fresh && candidate !== undefined && openTo([folder, ...programs]) && canGive(folder, candidate)) {
    return { kind: "user", uid: candidate.uid, gid: candidate.gid };
  }
  const mapped = candidate ?? people.find((one) => one.uid !== 0);
  if (mapped !== undefined && canMap(mapped)) return { kind: "mapped", uid: mapped.uid, gid: mapped.gid };
  throw raise("POSTGRES_ROOT_REFUSED", { folder });
}

/** Program and arguments that run `program` under an identity. */
export function commandAs(identity: Identity, program: string, args: readonly string[]): [string, string[]] {
  if (identity.kind !== "mapped") return [program, [...args]];
  return ["unshare", ["--user", `--map-user=${identity.uid}`, `--map-group=${identity.gid}`, "--", program, ...args]];
}

/** Options for spawn that drop the privileges. */
export const spawnIdentity = (identity: Identity): { uid?: number; gid?: number } =>
  identity.kind === "user" ? { uid: identity.uid, gid: identity.gid } : {};

function takeBack(path: string): void {
  lchownSync(path, 0, 0);
  if (!lstatSync(path).isDirectory()) return;
  for (const name of readdirSync(path)) takeBack(join(path, name));
}

interface Person {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

function readPeople(): Person[] {
  try {
    return readFileSync("/etc/passwd", "utf8")
      .split("\n")
      .map((line) => line.split(":"))
      .filter((parts) => parts.length > 3)
      .map(([name = "", , uid, gid]) => ({ name, uid: Number(uid), gid: Number(gid) }))
      .filter((one) => one.uid !== 0);
  } catch {
    return [];
  }
}

function hasCluster(folder: string): boolean {
  try {
    return statSync(join(folder, "data", "PG_VERSION")).isFile();
  } catch {
    return false;
  }
}

/** Whether others may pass through every folder above the paths. */
function openTo(paths: readonly string[]): boolean {
  return paths.every((path) => {
    for (let folder = dirname(resolve(path)); ; folder = dirname(folder)) {
      if ((statSync(folder).mode & 0o001) === 0) return false;
      if (folder === dirname(folder)) return true;
    }
  });
}

/** Tries on a folder of our own: inside a user namespace of one user, root cannot give files away. */
function canGive(folder: string, to: Person): boolean {
  const trial = mkdtempSync(join(folder, "trial-"));
  try {
    chownSync(trial, to.uid, to.gid);
    return true;
  } catch {
    return false;
  } finally {
    rmSync(trial, { recursive: true, force: true });
  }
}

function canMap(to: Person): boolean {
  const [program, args] = commandAs({ kind: "mapped", uid: to.uid, gid: to.gid }, "true", []);
  return spawnSync(program, args, { stdio: "ignore" }).status === 0;
}
