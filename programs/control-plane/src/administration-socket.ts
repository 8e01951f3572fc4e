/**
 * Where administrative commands are taken: a unix socket in a folder closed to others. The temporary place belongs to every user
 * of the machine, so a folder there has a name that nobody can foresee, and the data folder says which.
 */
import { chmod, mkdir, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** Unix socket paths end at 107 bytes (unix(7); 103 on macOS); a deep data folder gets a short path elsewhere. */
const SOCKET_PATH_LIMIT = 100;
const ELSEWHERE = "yagura-administration-";

export interface SocketPlace {
  readonly socket: string;
  /** Writes into the data folder where the socket is. */
  tell(): Promise<void>;
  /** Takes the note and a folder outside the data folder away. */
  close(): Promise<void>;
}

/** Makes the place ready for `listen`; the caller holds the lock of the data folder. */
export async function openSocketPlace(dataFolder: string): Promise<SocketPlace> {
  const folder = join(dataFolder, "run");
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await chmod(folder, 0o700);
  const note = join(folder, "administration.json");
  await clearLeft(note);
  const near = join(folder, "administration.sock");
  const isNear = Buffer.byteLength(near) <= SOCKET_PATH_LIMIT;
  const socket = isNear ? near : join(await mkdtemp(join(tmpdir(), ELSEWHERE)), "administration.sock");
  await rm(socket, { force: true });
  return {
    socket,
    async tell() {
      await chmod(socket, 0o600);
      await writeFile(`${note}.new`, JSON.stringify({ socket, pid: process.pid }), { mode: 0o600 });
      await rename(`${note}.new`, note);
    },
    async close() {
      await rm(note, { force: true });
      if (!isNear) await rm(dirname(socket), { recursive: true, force: true });
    },
  };
}

/** A folder that a killed process left behind. The note is ours alone, and names only what we made. */
async function clearLeft(note: string): Promise<void> {
  const text = await readFile(note, "utf8").catch(() => null);
  if (text === null) return;
  await rm(note, { force: true });
  const place = dirname(String((JSON.parse(text) as { socket?: unknown }).socket));
  if (place.startsWith(join(tmpdir(), ELSEWHERE))) await rm(place, { recursive: true, force: true });
}
