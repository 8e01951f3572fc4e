/**
 * A filter on system calls (seccomp) that lets nobody in this process, nor in what it becomes, send through the capture
 * sockets (OST-T05): every call that could write to one of them answers EPERM. Other sockets are not touched.
 */
import type { Libc } from "./libc.ts";

const PR_SET_SECCOMP = 22;
const SECCOMP_MODE_FILTER = 2;
const LOAD = 0x20;
const JUMP_IF_EQUAL = 0x15;
const JUMP_IF_AT_LEAST = 0x35;
const RETURN = 0x06;
const ALLOW = 0x7fff_0000;
const REFUSE = 0x0005_0001;
/** Offsets in `struct seccomp_data`: number of the call, architecture, first and second argument (low halves). */
const NUMBER = 0;
const ARCHITECTURE = 4;
const FIRST_ARGUMENT = 16;
const SECOND_ARGUMENT = 24;
/** Calls of the x32 kind have this bit: the same work under another number. */
const X32 = 0x4000_0000;
const F_DUPFD = 0;
const F_DUPFD_CLOEXEC = 1030;

interface Machine {
  readonly audit: number;
  /** Calls that write to, or double, the descriptor in their first argument. */
  readonly calls: readonly number[];
  /** Doubles a descriptor with some commands. */
  readonly fcntl: number;
  /** Calls that reach descriptors in other ways; Node makes none of them. */
  readonly never: readonly number[];
}
const machines: Readonly<Record<string, Machine>> = {
  x64: {
    audit: 0xc000_003e,
    // write, pwrite64, writev, dup, dup2, sendfile, sendto, sendmsg, dup3, pwritev, sendmmsg, pwritev2
    calls: [1, 18, 20, 32, 33, 40, 44, 46, 292, 296, 307, 328],
    fcntl: 72,
    // splice, tee, io_uring_setup, pidfd_getfd
    never: [275, 276, 425, 438],
  },
  arm64: {
    audit: 0xc000_00b7,
    // dup, dup3, write, writev, pwrite64, pwritev, sendfile, sendto, sendmsg, sendmmsg, pwritev2
    calls: [23, 24, 64, 66, 68, 70, 71, 206, 211, 269, 287],
    fcntl: 25,
    never: [76, 77, 425, 438],
  },
};

/** Needs no_new_privs. False: the kernel has no such filters, or it is another processor. */
export function forbidSending(libc: Libc, fds: readonly number[]): boolean {
  const machine = machines[process.arch];
  if (machine === undefined) return false;
  const program = filter(machine, fds);
  const head = new Uint8Array(16);
  const view = new DataView(head.buffer);
  view.setUint16(0, program.length / 8, true);
  view.setBigUint64(8, libc.address(program), true);
  return libc.prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, Number(libc.address(head)), 0, 0) === 0;
}

type Place = "next" | "fcntl" | "descriptor" | "allow" | "refuse";
interface Step {
  /** What jumps may lead to. */
  readonly place?: Place;
  readonly code: number;
  readonly operand: number;
  readonly yes?: Place;
  readonly no?: Place;
}

/** struct sock_filter[]: u16 code | u8 steps if true | u8 steps if false | u32 operand. */
function filter({ audit, calls, fcntl, never }: Machine, fds: readonly number[]): Uint8Array {
  const when = (operand: number, yes: Place, no: Place = "next", code = JUMP_IF_EQUAL): Step => ({
    code,
    operand,
    yes,
    no,
  });
  const steps: readonly Step[] = [
    // Calls of another architecture (32 bits) have other numbers: none is made.
    { code: LOAD, operand: ARCHITECTURE },
    when(audit, "next", "refuse"),
    { code: LOAD, operand: NUMBER },
    when(X32, "refuse", "next", JUMP_IF_AT_LEAST),
    ...never.map((call) => when(call, "refuse")),
    ...calls.map((call) => when(call, "descriptor")),
    when(fcntl, "fcntl", "allow"),
    { place: "fcntl", code: LOAD, operand: SECOND_ARGUMENT },
    when(F_DUPFD, "descriptor"),
    when(F_DUPFD_CLOEXEC, "descriptor", "allow"),
    { place: "descriptor", code: LOAD, operand: FIRST_ARGUMENT },
    ...fds.map((fd) => when(fd, "refuse")),
    { place: "allow", code: RETURN, operand: ALLOW },
    { place: "refuse", code: RETURN, operand: REFUSE },
  ];
  const octets = new Uint8Array(8 * steps.length);
  const view = new DataView(octets.buffer);
  for (const [i, { code, operand, yes = "next", no = "next" }] of steps.entries()) {
    const distance = (to: Place): number => (to === "next" ? 0 : steps.findIndex(({ place }) => place === to) - i - 1);
    view.setUint16(8 * i, code, true);
    view.setUint8(8 * i + 2, distance(yes));
    view.setUint8(8 * i + 3, distance(no));
    view.setUint32(8 * i + 4, operand, true);
  }
  return octets;
}
