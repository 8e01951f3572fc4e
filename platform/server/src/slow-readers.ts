/** Long files: few at a time, and none to a reader who hardly reads, because each holds something of a store that all need. */
import type { ServerResponse } from "node:http";
import { raise } from "./errors.ts";

/** Downloads at once in this process; fewer than connections to the database, so that all else goes on. */
const AT_ONCE = 6;
/** Bytes that a reader must take in the time given while there is something to take: 16 kB/s in half a minute. */
const LEAST = 480_000;
/** Seconds that who comes too early is told to wait. */
const COME_BACK = 15;

export interface Downloads {
  /**
   * Begins one of an organisation, or of the provider (`""`), which ends with the response. Throws DOWNLOAD_BUSY while another of the
   * same is under way, or too many are.
   */
  begin(organisation: string, response: ServerResponse): void;
}

/** `within`: milliseconds in which a reader must take `LEAST` bytes. */
export function createDownloads(within: number): Downloads {
  const open = new Set<string>();
  return {
    begin(organisation, response) {
      if (open.has(organisation) || open.size >= AT_ONCE) throw raise("DOWNLOAD_BUSY", { seconds: COME_BACK });
      open.add(organisation);
      let taken = 0;
      const watch = setInterval(() => {
        const now = response.socket?.bytesWritten ?? 0;
        // Nothing waits: the store is slow, not the reader.
        if (response.writableNeedDrain && now - taken < LEAST) response.destroy();
        taken = now;
      }, within);
      watch.unref();
      response.once("close", () => {
        clearInterval(watch);
        open.delete(organisation);
      });
    },
  };
}

/** Long bodies at once in this process: each is held in memory as a whole. */
const LONG_AT_ONCE = 3;
/** Bytes from which on a body is long. */
export const LONG_BODY = 16 * 1024 * 1024;

export interface Uploads {
  /** Begins the reading of a long body of an organisation, which ends with the response. Throws UPLOAD_BUSY. */
  begin(organisation: string, response: ServerResponse): void;
}
export function createUploads(): Uploads {
  const open = new Set<string>();
  return {
    begin(organisation, response) {
      if (open.has(organisation) || open.size >= LONG_AT_ONCE) throw raise("UPLOAD_BUSY", { seconds: COME_BACK });
      open.add(organisation);
      response.once("close", () => open.delete(organisation));
    },
  };
}
