/** libc through koffi: memory that the kernel reads and writes, and the few calls the prober needs (64-bit Linux). */
import { createRequire } from "node:module";
import { endianness } from "node:os";

/** Memory outside the JavaScript heap: it never moves, so the kernel may hold its address. */
export interface Memory {
  readonly address: bigint;
  readonly bytes: Uint8Array;
  readonly u32: Uint32Array;
  readonly u64: BigUint64Array;
}

/** Calls return what libc returns; `errno()` tells why when negative. Pointers are addresses of `Memory`. */
export interface Libc {
  allocate(octets: number): Memory;
  socket(domain: number, type: number, protocol: number): number;
  setsockopt(fd: number, level: number, name: number, value: Uint8Array, length: number): number;
  getsockopt(fd: number, level: number, name: number, value: Uint8Array, length: Uint32Array): number;
  bind(fd: number, address: Uint8Array, length: number): number;
  getsockname(fd: number, address: Uint8Array, length: Uint32Array): number;
  sendmmsg(fd: number, headers: bigint, count: number, flags: number): number;
  recvmmsg(fd: number, headers: bigint, count: number, flags: number, timeout: null): number;
  recv(fd: number, buffer: Uint8Array, length: number, flags: number): number;
  clock_gettime(clock: number, timespec: bigint): number;
  close(fd: number): number;
  errno(): number;
}

/** From the Linux headers; the same on x64 and arm64. */
export const AF_INET = 2;
export const AF_INET6 = 10;
export const SOCK_DGRAM = 2;
export const SOCK_RAW = 3;
export const SOCK_NONBLOCK_CLOEXEC = 0o2004000;
export const MSG_DONTWAIT = 0x40;
export const MSG_ERRQUEUE = 0x2000;
export const CLOCK_REALTIME = 0;
export const CLOCK_BOOTTIME = 7;
export const errnos = { EPERM: 1, EAGAIN: 11, EACCES: 13, ENOBUFS: 105, EHOSTUNREACH: 113, ENETUNREACH: 101 } as const;

interface Koffi {
  load(path: string | null): { func(definition: string): (...parameters: never[]) => number };
  alloc(type: string, count: number): bigint;
  view(pointer: bigint, octets: number): ArrayBuffer;
  address(pointer: bigint): bigint;
  errno(): number;
  config(settings: Record<string, number>): unknown;
}

const signatures = {
  socket: "int socket(int, int, int)",
  setsockopt: "int setsockopt(int, int, int, void *, uint)",
  getsockopt: "int getsockopt(int, int, int, void *, void *)",
  bind: "int bind(int, void *, uint)",
  getsockname: "int getsockname(int, void *, void *)",
  sendmmsg: "int sendmmsg(int, void *, uint, int)",
  recvmmsg: "int recvmmsg(int, void *, uint, int, void *)",
  recv: "long recv(int, void *, size_t, int)",
  clock_gettime: "int clock_gettime(int, void *)",
  close: "int close(int)",
} as const;

/** The calls, or a sentence why they cannot be had here. Never throws. */
export function loadLibc(): Libc | string {
  if (process.platform !== "linux") return `kernel timestamps are read on Linux only, not on ${process.platform}`;
  if (!["x64", "arm64"].includes(process.arch) || endianness() !== "LE")
    return `not made for ${process.arch} processors`;
  try {
    const koffi = createRequire(import.meta.url)("koffi") as Koffi;
    const library = koffi.load(null);
    const calls = Object.fromEntries(
      Object.entries(signatures).map(([name, signature]) => [name, library.func(signature)]),
    ) as unknown as Omit<Libc, "allocate" | "errno">;
    return { ...calls, allocate: (octets) => allocate(koffi, octets), errno: () => koffi.errno() };
  } catch (error) {
    return `koffi could not be loaded: ${error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error)}`;
  }
}

function allocate(koffi: Koffi, octets: number): Memory {
  const size = Math.ceil(octets / 8) * 8;
  const pointer = koffi.alloc("uint8", size);
  const buffer = koffi.view(pointer, size);
  const bytes = new Uint8Array(buffer);
  bytes.fill(0);
  return {
    address: koffi.address(pointer),
    bytes,
    u32: new Uint32Array(buffer),
    u64: new BigUint64Array(buffer),
  };
}

/** Sets a 32-bit socket option; false when the kernel refuses. */
export function setOption(libc: Libc, fd: number, level: number, name: number, value: number): boolean {
  const octets = new Uint8Array(4);
  new DataView(octets.buffer).setUint32(0, value >>> 0, true);
  return libc.setsockopt(fd, level, name, octets, 4) === 0;
}
