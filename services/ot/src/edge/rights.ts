/**
 * Rights are for opening, not for reading packets: once the interfaces are open the sensor becomes an ordinary user without
 * capabilities and starts itself anew in place (execve), so that no thread keeps what the first one gave up.
 */
import {
  closeSync,
  constants,
  fchownSync,
  fstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  realpathSync,
} from "node:fs";
import { spawnSync } from "node:child_process";
import { raise } from "./errors.ts";
import type { Libc } from "./libc.ts";
import { forbidSending } from "./silence.ts";

const PR_CAPBSET_DROP = 24;
const PR_SET_NO_NEW_PRIVS = 38;
const PR_CAP_AMBIENT = 47;
const PR_CAP_AMBIENT_CLEAR_ALL = 4;
const LAST_CAPABILITY = 63;
/** _LINUX_CAPABILITY_VERSION_3 */
const CAPABILITY_VERSION = 0x2008_0522;
const F_SETFD = 2;
const FD_CLOEXEC = 1;

export interface User {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

/** A user by name or number (/etc/passwd). Throws USER_UNKNOWN. */
export function findUser(name: string): User {
  const rows = readFileSync("/etc/passwd", "utf8")
    .split("\n")
    .map((line) => line.split(":"));
  const row = rows.find(([login, , uid]) => login === name || uid === name);
  if (row === undefined) throw raise("USER_UNKNOWN", { user: name });
  return { name: row[0] as string, uid: Number(row[2]), gid: Number(row[3]) };
}

/** Whether the number means anybody here: in a user namespace only some do. */
function isMapped(id: number, map: string): boolean {
  return readFileSync(map, "latin1")
    .trim()
    .split("\n")
    .map((line) => line.trim().split(/\s+/).map(Number))
    .some(([first = 0, , count = 0]) => id >= first && id < first + count);
}

/** What the edge runtime keeps in a state folder. */
const STATE = /^((identity|configuration|status|revoked)\.json(\.new)?|lock|spool|services)$/;

/**
 * The state folder belongs to who goes on with it. A folder that holds anything else is nobody's state and is left alone. That user
 * may be hostile by the next start and change names while they are looked at: everything is opened first, without following
 * links, and given by its descriptor; a file that has a second name elsewhere is not given.
 */
export function giveFolder(folder: string, user: User): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const path = realpathSync(folder);
  if (readdirSync(path).every((name) => STATE.test(name))) give(path, user);
}
const UNFOLLOWED = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
function give(path: string, user: User): void {
  let descriptor: number;
  try {
    descriptor = openSync(path, UNFOLLOWED);
  } catch {
    // A link, or gone.
    return;
  }
  try {
    const found = fstatSync(descriptor);
    if (!found.isDirectory() && !(found.isFile() && found.nlink === 1)) return;
    fchownSync(descriptor, user.uid, user.gid);
    if (!found.isDirectory()) return;
    const inside = `/proc/self/fd/${descriptor}`;
    for (const name of readdirSync(inside)) give(`${inside}/${name}`, user);
  } finally {
    closeSync(descriptor);
  }
}

/** The user to become: null when this process is not root or (in a user namespace) cannot be anybody else. */
export function otherUser(name: string): User | null {
  if (process.getuid?.() !== 0) return null;
  const user = findUser(name);
  return isMapped(user.uid, "/proc/self/uid_map") && isMapped(user.gid, "/proc/self/gid_map") ? user : null;
}

/**
 * Gives up everything: sending through the capture sockets, new privileges, groups, user, capabilities. Without libc only
 * groups and user. Throws RIGHTS_NOT_DROPPED; the process must not go on then.
 */
export function dropRights(libc: Libc | null, user: User | null, sockets: readonly number[]): { sealed: boolean } {
  const failed = (step: string, cause?: unknown): Error => raise("RIGHTS_NOT_DROPPED", { step }, { cause });
  let sealed = false;
  if (libc !== null) {
    if (libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) !== 0) throw failed("no_new_privs");
    sealed = sockets.length > 0 && forbidSending(libc, sockets);
    // Refused without CAP_SETPCAP; then a supervisor's own bound holds.
    for (let capability = 0; capability <= LAST_CAPABILITY; capability++)
      libc.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0);
    libc.prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
  }
  if (user !== null) {
    try {
      process.setgroups?.([]);
      process.setgid?.(user.gid);
      process.setuid?.(user.uid);
    } catch (error) {
      throw failed("setuid", error);
    }
  }
  if (libc !== null) {
    const head = new Uint8Array(Uint32Array.of(CAPABILITY_VERSION, 0).buffer);
    if (libc.capset(head, new Uint8Array(24)) !== 0) throw failed("capset");
  }
  if (libc !== null || user !== null) needNoRights();
  return { sealed };
}

/** Throws RIGHTS_NOT_DROPPED when this process holds any capability. */
export function needNoRights(): void {
  const left = capabilitiesOf("/proc/thread-self/status");
  if (left !== "0000000000000000") throw raise("RIGHTS_NOT_DROPPED", { step: `capabilities ${left}` });
}

/** Permitted capabilities as the kernel prints them; null where there is no such file. */
export function capabilitiesOf(path: string): string {
  return /^CapPrm:\s*(\w+)/m.exec(readFileSync(path, "latin1"))?.[1] ?? "";
}

/** Whether the user may read the program: an installation below a closed folder can only go on in this process. */
export function mayRead(user: User | null, file: string): boolean {
  if (user === null) return true;
  const test = ["-e", "require('node:fs').readFileSync(process.argv[1])", file];
  return spawnSync(process.execPath, test, { uid: user.uid, gid: user.gid, stdio: "ignore" }).status === 0;
}

/** Starts this program anew in place, with the same command line and these descriptors left open. Returns only when refused. */
export function startAnew(libc: Libc, fds: readonly number[], added: Readonly<Record<string, string>>): void {
  for (const fd of [0, 1, 2]) libc.fcntl(fd, F_SETFD, 0);
  for (const fd of fds) libc.fcntl(fd, F_SETFD, 0);
  const environment = Object.entries({ ...process.env, ...added }).map(([name, value]) => `${name}=${value ?? ""}`);
  const argv = [process.execPath, ...process.execArgv, ...process.argv.slice(1)];
  libc.execve(process.execPath, [...argv, null], [...environment, null]);
  for (const fd of fds) libc.fcntl(fd, F_SETFD, FD_CLOEXEC);
}
