/**
 * From a program with rights to one without: checks that the interfaces are silent, opens them, gives up all rights and starts
 * itself anew in place with the sockets open. The second time round it takes what it inherited.
 */
import { closeSync, fstatSync, openSync } from "node:fs";
import type { EdgeLog } from "@yagura/edge/service.ts";
import {
  checkSilence,
  openRings,
  startPipes,
  startRings,
  type Capture,
  type CaptureOptions,
  type OnFrame,
} from "./capture.ts";
import { raise } from "./errors.ts";
import { loadLibc } from "./libc.ts";
import { dropRights, giveFolder, mayRead, needNoRights, otherUser, startAnew } from "./rights.ts";
import type { RingSocket } from "./ring.ts";

const INHERITED = "YAGURA_SENSOR_INHERITED";

export interface EnterOptions extends CaptureOptions {
  /** Rings where they can be had, unless told otherwise. */
  readonly method: "ring" | "pipe";
  /** Who goes on when this process is root. */
  readonly user: string;
  /** Folder that the user needs to write; null: none. */
  readonly state: string | null;
  /** File that only root may be able to read. */
  readonly tokenKey: string | null;
  /** File with the means of enforcement, only for root; `-`: standard input. Null: none. */
  readonly enforcement: string | null;
}
export interface Entered {
  readonly start: (onFrame: OnFrame) => Promise<Capture>;
  readonly sealed: boolean;
  /** Descriptor of the token key's file. */
  readonly tokenKey: number | null;
  /** Descriptor of the means of enforcement. */
  readonly enforcement: number | null;
}
interface Inherited {
  readonly sockets: readonly RingSocket[];
  readonly sealed: boolean;
  readonly tokenKey: number | null;
  readonly enforcement: number | null;
}

/** Throws INTERFACE_*, CAPTURE_PIPE_FAILED, USER_UNKNOWN, RIGHTS_NOT_DROPPED, TOKEN_KEY_UNREADABLE, ENFORCEMENT_FILE_*. */
export async function enterCapture(options: EnterOptions, log: EdgeLog): Promise<Entered> {
  const inherited = process.env[INHERITED];
  if (inherited !== undefined) return take(JSON.parse(inherited) as Inherited, log);
  const loaded = loadLibc();
  const libc = typeof loaded === "string" ? null : loaded;
  checkSilence(libc, options);
  const user = otherUser(options.user);
  const tokenKey = options.tokenKey === null ? null : openKey(options.tokenKey);
  const enforcement = options.enforcement === null ? null : openEnforcement(options.enforcement);
  const opened = options.method === "pipe" ? "asked for" : openRings(options);
  if (user !== null && options.state !== null) giveFolder(options.state, user);
  if (typeof opened === "string") {
    // tcpdump starts with our rights and is listened to without them.
    let take: OnFrame = () => undefined;
    const as = user?.name ?? "root";
    const capture = await startPipes(options, as, opened, (...frame) => take(...frame), log);
    dropRights(libc, user, []);
    return {
      sealed: false,
      tokenKey,
      enforcement,
      start: (onFrame) => {
        take = onFrame;
        return Promise.resolve(capture);
      },
    };
  }
  const fds = opened.sockets.map(({ fd }) => fd);
  const readable = mayRead(user, process.argv[1] ?? "");
  const { sealed } = dropRights(opened.libc, user, fds);
  const leave: Inherited = { sockets: opened.sockets, sealed, tokenKey, enforcement };
  // A program with a channel to its parent would lose it.
  if (readable && process.send === undefined)
    startAnew(opened.libc, [...fds, ...[tokenKey, enforcement].filter((fd) => fd !== null)], {
      [INHERITED]: JSON.stringify(leave),
    });
  return { sealed, tokenKey, enforcement, start: async (onFrame) => startRings(opened, onFrame, log) };
}

function take({ sockets, sealed, tokenKey, enforcement }: Inherited, log: EdgeLog): Entered {
  const libc = loadLibc();
  if (typeof libc === "string") throw raise("RIGHTS_NOT_DROPPED", { step: libc });
  // Whoever set the variable: without rights is how this goes on.
  needNoRights();
  // Programs that this one starts inherit nothing.
  delete process.env[INHERITED];
  for (const fd of [...sockets.map((socket) => socket.fd), tokenKey, enforcement])
    if (fd !== null && fd > 2) libc.fcntl(fd, 2, 1);
  return {
    sealed,
    tokenKey,
    enforcement,
    start: async (onFrame) => startRings({ method: "ring", libc, sockets }, onFrame, log),
  };
}

/**
 * Opens the file while there are rights to; it must be of root or of this user, and for nobody else. Throws
 * ENFORCEMENT_FILE_UNREADABLE, ENFORCEMENT_FILE_UNSAFE.
 */
export function openEnforcement(file: string): number {
  let descriptor: number;
  try {
    descriptor = file === "-" ? 0 : openSync(file, "r");
  } catch (error) {
    throw raise(
      "ENFORCEMENT_FILE_UNREADABLE",
      { told: (error as { code?: string }).code ?? "unknown" },
      { cause: error },
    );
  }
  const found = fstatSync(descriptor);
  const own = found.uid === 0 || found.uid === process.getuid?.();
  if (found.isFile() && (found.mode & 0o077) === 0 && own) return descriptor;
  if (file !== "-") closeSync(descriptor);
  throw raise("ENFORCEMENT_FILE_UNSAFE", { file });
}

function openKey(file: string): number {
  try {
    return openSync(file, "r");
  } catch (error) {
    throw raise("TOKEN_KEY_UNREADABLE", { file, told: (error as Error).message }, { cause: error });
  }
}
/** Its place is taken by nothing: standard input stays a number that nobody else gets. */
export function closeEnforcement(descriptor: number | null): void {
  if (descriptor === null) return;
  closeSync(descriptor);
  if (descriptor === 0) openSync("/dev/null", "r");
}
export const closeKey = (descriptor: number | null): void => {
  if (descriptor !== null) closeSync(descriptor);
};
