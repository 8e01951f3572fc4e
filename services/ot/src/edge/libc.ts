/** libc through koffi: the few calls that capturing needs (64-bit Linux). Nothing here can send a packet. */
import { createRequire } from "node:module";
import { endianness } from "node:os";

/** Calls return what libc returns; `errno()` tells why when negative. */
export interface Libc {
  socket(domain: number, type: number, protocol: number): number;
  setsockopt(fd: number, level: number, name: number, value: Uint8Array, length: number): number;
  getsockopt(fd: number, level: number, name: number, value: Uint8Array, length: Uint32Array): number;
  bind(fd: number, address: Uint8Array, length: number): number;
  ioctl(fd: number, request: number, argument: Uint8Array): number;
  fcntl(fd: number, command: number, argument: number): number;
  close(fd: number): number;
  prctl(option: number, a: number, b: number, c: number, d: number): number;
  capset(header: Uint8Array, data: Uint8Array): number;
  execve(path: string, argv: readonly (string | null)[], environment: readonly (string | null)[]): number;
  /** Maps `length` octets of a descriptor for reading and writing; null when the kernel refuses. */
  map(fd: number, length: number): Mapping | null;
  /** Waits on a thread of its own until one of the descriptors can be read, at most the milliseconds. */
  readable(fds: readonly number[], milliseconds: number): Promise<void>;
  /** Address of an array's octets, valid while the array is not garbage. */
  address(octets: Uint8Array): bigint;
  errno(): number;
}
/** Memory that is shared with the kernel; not to be touched after `unmap`. */
export interface Mapping {
  readonly buffer: ArrayBuffer;
  unmap(): void;
}

/** From the Linux headers; the same on x64 and arm64. */
export const AF_INET = 2;
export const AF_PACKET = 17;
export const SOCK_DGRAM = 2;
export const SOCK_RAW = 3;
export const SOCK_CLOEXEC = 0o2000000;
export const errnos = { EPERM: 1, EACCES: 13, ENODEV: 19, ENETDOWN: 100 } as const;
const PROT_READ_WRITE = 3;
const MAP_SHARED_POPULATE = 0x8001;
const POLLIN_POLLERR = 0x0009;

type Call = (...parameters: unknown[]) => number;
interface Koffi {
  load(path: string | null): { func(definition: string): Call & { async: (...parameters: unknown[]) => void } };
  view(pointer: bigint, octets: number): ArrayBuffer;
  address(pointer: unknown): bigint;
  errno(): number;
}

const signatures = {
  socket: "int socket(int, int, int)",
  setsockopt: "int setsockopt(int, int, int, void *, uint)",
  getsockopt: "int getsockopt(int, int, int, void *, void *)",
  bind: "int bind(int, void *, uint)",
  ioctl: "int ioctl(int, ulong, void *)",
  fcntl: "int fcntl(int, int, int)",
  close: "int close(int)",
  prctl: "int prctl(int, ulong, ulong, ulong, ulong)",
  capset: "int capset(void *, void *)",
  execve: "int execve(const char *, const char **, const char **)",
} as const;

let loaded: Libc | string | undefined;

/** The calls, or a sentence why they cannot be had here. Never throws. */
export function loadLibc(): Libc | string {
  return (loaded ??= load());
}

function load(): Libc | string {
  if (process.platform !== "linux") return `packet rings are read on Linux only, not on ${process.platform}`;
  if (!["x64", "arm64"].includes(process.arch) || endianness() !== "LE")
    return `not made for ${process.arch} processors`;
  if (process.env["YAGURA_WITHOUT_KOFFI"] === "1") return "koffi was not asked for (YAGURA_WITHOUT_KOFFI)";
  try {
    const koffi = createRequire(import.meta.url)("koffi") as Koffi;
    const library = koffi.load(null);
    const calls = Object.fromEntries(
      Object.entries(signatures).map(([name, signature]) => [name, library.func(signature)]),
    ) as unknown as Pick<Libc, keyof typeof signatures>;
    const mmap = library.func("void *mmap(void *, size_t, int, int, int, int64_t)");
    const munmap = library.func("int munmap(void *, size_t)");
    const poll = library.func("int poll(void *, ulong, int)");
    return {
      ...calls,
      errno: () => koffi.errno(),
      address: (octets) => koffi.address(octets),
      map(fd, length) {
        const pointer = mmap(null, length, PROT_READ_WRITE, MAP_SHARED_POPULATE, fd, 0) as unknown;
        // MAP_FAILED is the address −1.
        if (pointer === null || BigInt.asIntN(64, koffi.address(pointer)) === -1n) return null;
        return {
          buffer: koffi.view(pointer as bigint, length),
          unmap: () => void munmap(pointer, length),
        };
      },
      readable(fds, milliseconds) {
        const list = new Uint8Array(8 * fds.length);
        const view = new DataView(list.buffer);
        for (const [i, fd] of fds.entries()) {
          view.setInt32(8 * i, fd, true);
          view.setInt16(8 * i + 4, POLLIN_POLLERR, true);
        }
        return new Promise((resolve) => poll.async(list, fds.length, milliseconds, () => resolve()));
      },
    };
  } catch (error) {
    return `koffi could not be loaded: ${error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error)}`;
  }
}

/** Sets a 32-bit socket option; false when the kernel refuses. */
export function setOption(libc: Libc, fd: number, level: number, name: number, value: number): boolean {
  const octets = new Uint8Array(4);
  new DataView(octets.buffer).setUint32(0, value >>> 0, true);
  return libc.setsockopt(fd, level, name, octets, 4) === 0;
}
