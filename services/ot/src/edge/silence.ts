/**
 * A filter on system calls (seccomp) that lets nobody in this process, nor in what it becomes, send through the capture
 * sockets (OST-T05): every call that could write to one of them answers EPERM. Other sockets are not touched.
 */
import type { Libc } from "./libc.ts";

const PR_SET_SECCOMP = 22;
const SECCOMP_MODE_FILTER = 2;
const LOAD = 0x20;
const JUMP_IF_EQUAL = 0x15;
const RETURN = 0x06;
const ALLOW = 0x7fff_0000;
const REFUSE = 0x0005_0001;
/** Offsets in `struct seccomp_data`: number of the call, architecture, first argument (low half). */
const NUMBER = 0;
const ARCHITECTURE = 4;
const FIRST_ARGUMENT = 16;

/** Numbers of the calls that write to, or double, the descriptor in their first argument; io_uring_setup for all. */
const machines: Readonly<Record<string, { audit: number; calls: readonly number[] }>> = {
  // write, pwrite64, writev, dup, dup2, sendfile, sendto, sendmsg, dup3, pwritev, sendmmsg, pwritev2
  x64: { audit: 0xc000_003e, calls: [1, 18, 20, 32, 33, 40, 44, 46, 292, 296, 307, 328] },
  // dup, dup3, write, writev, pwrite64, pwritev, sendfile, sendto, sendmsg, sendmmsg, pwritev2
  arm64: { audit: 0xc000_00b7, calls: [23, 24, 64, 66, 68, 70, 71, 206, 211, 269, 287] },
};
const IO_URING_SETUP = 425;

/** Needs no_new_privs. False: the kernel has no such filters, or it is another processor. */
export function forbidSending(libc: Libc, fds: readonly number[]): boolean {
  const machine = machines[process.arch];
  if (machine === undefined) return false;
  const program = filter(machine.audit, machine.calls, fds);
  const head = new Uint8Array(16);
  const view = new DataView(head.buffer);
  view.setUint16(0, program.length / 8, true);
  view.setBigUint64(8, libc.address(program), true);
  return libc.prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, Number(libc.address(head)), 0, 0) === 0;
}

/** struct sock_filter[]: u16 code | u8 steps if true | u8 steps if false | u32 operand. */
function filter(audit: number, calls: readonly number[], fds: readonly number[]): Uint8Array {
  const steps: [code: number, yes: number, no: number, operand: number][] = [];
  const questions = calls.length + 1;
  // Behind the questions: allow, refuse, then the look at the descriptor.
  steps.push([LOAD, 0, 0, ARCHITECTURE], [JUMP_IF_EQUAL, 0, questions + 1, audit], [LOAD, 0, 0, NUMBER]);
  steps.push([JUMP_IF_EQUAL, questions, 0, IO_URING_SETUP]);
  calls.forEach((call, i) => steps.push([JUMP_IF_EQUAL, questions - i, 0, call]));
  steps.push([RETURN, 0, 0, ALLOW], [RETURN, 0, 0, REFUSE], [LOAD, 0, 0, FIRST_ARGUMENT]);
  fds.forEach((fd, i) => steps.push([JUMP_IF_EQUAL, fds.length - i, 0, fd]));
  steps.push([RETURN, 0, 0, ALLOW], [RETURN, 0, 0, REFUSE]);
  const octets = new Uint8Array(8 * steps.length);
  const view = new DataView(octets.buffer);
  for (const [i, [code, yes, no, operand]] of steps.entries()) {
    view.setUint16(8 * i, code, true);
    view.setUint8(8 * i + 2, yes);
    view.setUint8(8 * i + 3, no);
    view.setUint32(8 * i + 4, operand, true);
  }
  return octets;
}
