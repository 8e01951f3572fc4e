/**
 * A host at the end of a wire with known faults: answers ICMP echo on a TUN device after a set delay, loses, doubles and
 * reorders by count, and logs what it truly did. Runs as a program of its own inside a namespace (see `startReflector`):
 * `node reflector.ts <JSON of ReflectorSettings>`; ends when its standard input is closed.
 *
 * The network number of a destination picks the rule: 10.77.N.x and fd77::N:x.
 */
import koffi from "koffi";
import { writeFileSync } from "node:fs";
import type { ReflectorRule, ReflectorSettings } from "./reflect.ts";

const MTU = 1600;
const SLOTS = 4096;
const LOG = 400_000;
const O_RDWR_NONBLOCK = 0o4002;
const TUNSETIFF = 0x400454ca;
const IFF_TUN_NO_PI = 0x1001;
const CLOCK_MONOTONIC = 1;
const SCHED_FIFO = 1;

const settings = JSON.parse(process.argv[2] as string) as ReflectorSettings;
const libc = koffi.load(null);
type Call = (...parameters: (number | bigint | string | Uint8Array)[]) => number;
const open: Call = libc.func("int open(const char *, int)");
const ioctl: Call = libc.func("int ioctl(int, ulong, void *)");
const read: Call = libc.func("long read(int, void *, size_t)");
const write: Call = libc.func("long write(int, void *, size_t)");
const fcntl: Call = libc.func("int fcntl(int, int, int)");
const poll: Call = libc.func("int poll(void *, ulong, int)");
const clockGettime: Call = libc.func("int clock_gettime(int, void *)");
const setscheduler: Call = libc.func("int sched_setscheduler(int, int, void *)");
const setaffinity: Call = libc.func("int sched_setaffinity(int, size_t, void *)");
const mlock: Call = libc.func("int mlock(void *, size_t)");

function allocate(octets: number): { address: bigint; bytes: Uint8Array; u32: Uint32Array } {
  const pointer = koffi.alloc("uint8", octets) as unknown as bigint;
  const buffer = koffi.view(pointer, octets);
  const bytes = new Uint8Array(buffer);
  bytes.fill(0);
  return { address: koffi.address(pointer), bytes, u32: new Uint32Array(buffer) };
}

const tun = open("/dev/net/tun", O_RDWR_NONBLOCK);
const request = allocate(40);
request.bytes.set(Buffer.from(settings.device, "latin1"));
request.bytes[16] = IFF_TUN_NO_PI & 0xff;
request.bytes[17] = IFF_TUN_NO_PI >> 8;
if (tun < 0 || ioctl(tun, TUNSETIFF, request.address) < 0)
  throw new Error(`TUN device refused: errno ${koffi.errno()}`);
fcntl(0, 4, O_RDWR_NONBLOCK);

const clock = allocate(16);
/** Microseconds that never step. */
function now(): number {
  clockGettime(CLOCK_MONOTONIC, clock.address);
  return (clock.u32[0] as number) * 1e6 + (clock.u32[2] as number) / 1e3;
}

// Packets wait in fixed memory; a heap of their numbers orders them by when they are due.
const area = allocate(MTU * SLOTS);
const addresses = Array.from({ length: SLOTS }, (_, i) => area.address + BigInt(i * MTU));
const lengths = new Int32Array(SLOTS);
const due = new Float64Array(SLOTS);
const came = new Float64Array(SLOTS);
const logged = new Int32Array(SLOTS);
const heap = new Int32Array(SLOTS);
const free = Int32Array.from({ length: SLOTS }, (_, i) => i);
let waiting = 0;
let unused = SLOTS;

// The log: destination (network, host), ICMP sequence, mark of the payload, delay in µs (−1: dropped), copies sent.
const log = { destination: new Uint32Array(LOG), sequence: new Uint16Array(LOG), mark: new Uint32Array(LOG) };
const delays = new Float64Array(LOG);
const copies = new Uint8Array(LOG);
/** How long before `came` the packet may truly have come, plus how long writing the answer took, µs. */
const blurs = new Float64Array(LOG);
let entries = 0;

function push(slot: number): void {
  let at = waiting++;
  while (at > 0) {
    const parent = (at - 1) >> 1;
    if ((due[heap[parent] as number] as number) <= (due[slot] as number)) break;
    heap[at] = heap[parent] as number;
    at = parent;
  }
  heap[at] = slot;
}

function pop(): number {
  const first = heap[0] as number;
  const last = heap[--waiting] as number;
  let at = 0;
  for (;;) {
    let child = 2 * at + 1;
    if (child >= waiting) break;
    if (child + 1 < waiting && (due[heap[child + 1] as number] as number) < (due[heap[child] as number] as number))
      child++;
    if ((due[heap[child] as number] as number) >= (due[last] as number)) break;
    heap[at] = heap[child] as number;
    at = child;
  }
  heap[at] = last;
  return first;
}

const counters = new Float64Array(256);
const rules: (ReflectorRule | undefined)[] = Array.from({ length: 256 }, (_, network) => settings.rules[network]);
let seed = 88_172_645;
/** xorshift: 0 to 1. */
function random(): number {
  seed ^= seed << 13;
  seed ^= seed >>> 17;
  seed ^= seed << 5;
  return (seed >>> 0) / 4_294_967_296;
}

/** RFC 1624: the checksum at `at` after a 16-bit field fell by `change`. */
function raise(at: number, change: number): void {
  const bytes = area.bytes;
  let sum = (((bytes[at] as number) << 8) | (bytes[at + 1] as number)) + change;
  sum = (sum & 0xffff) + (sum >>> 16);
  bytes[at] = sum >> 8;
  bytes[at + 1] = sum & 0xff;
}

function swap(a: number, b: number, octets: number): void {
  const bytes = area.bytes;
  for (let i = 0; i < octets; i++) {
    const kept = bytes[a + i] as number;
    bytes[a + i] = bytes[b + i] as number;
    bytes[b + i] = kept;
  }
}

/** Makes the answer in place and says how it is scheduled; false: not an echo request. */
function accept(slot: number, length: number, at: number, blur: number): boolean {
  const bytes = area.bytes;
  const p = slot * MTU;
  const version = (bytes[p] as number) >> 4;
  const v4 = version === 4;
  const icmp = p + (v4 ? 20 : 40);
  if (
    v4
      ? length < 44 || bytes[p + 9] !== 1 || bytes[icmp] !== 8
      : length < 64 || bytes[p + 6] !== 58 || bytes[icmp] !== 128
  )
    return false;
  const network = bytes[v4 ? p + 18 : p + 37] as number;
  const host = bytes[v4 ? p + 19 : p + 39] as number;
  const rule = rules[network];
  if (rule === undefined || entries >= LOG) return false;
  const count = (counters[network] = (counters[network] as number) + 1);
  const entry = entries++;
  log.destination[entry] = network * 256 + host;
  log.sequence[entry] = ((bytes[icmp + 6] as number) << 8) | (bytes[icmp + 7] as number);
  log.mark[entry] = Buffer.prototype.readUInt32BE.call(bytes, icmp + 12);
  delays[entry] = -1;
  blurs[entry] = blur;
  if (rule.dropEvery !== undefined && count % rule.dropEvery === 0) return false;
  swap(v4 ? p + 12 : p + 8, v4 ? p + 16 : p + 24, v4 ? 4 : 16);
  if (rule.otherSource === true) {
    // Answers from the next address: header sum (IPv4) or ICMP sum (IPv6, pseudo header) is put right.
    const last = v4 ? p + 15 : p + 23;
    bytes[last] = (bytes[last] as number) ^ 1;
    raise(v4 ? p + 10 : icmp + 2, (bytes[last] & 1) === 1 ? 0xfffe : 1);
  }
  bytes[icmp] = v4 ? 0 : 129;
  raise(icmp + 2, v4 ? 0x0800 : 0xfeff);
  const held = rule.holdEvery !== undefined && count % rule.holdEvery === 0 ? (rule.hold ?? 0) : 0;
  const jitter = rule.jitter === undefined ? 0 : (2 * random() - 1) * rule.jitter;
  came[slot] = at;
  due[slot] = at + rule.delay + held + jitter;
  lengths[slot] = length;
  logged[slot] = entry;
  copies[entry] = rule.duplicateEvery !== undefined && count % rule.duplicateEvery === 0 ? 2 : 1;
  return true;
}

let realtime = false;
if (settings.spin) {
  const parameter = allocate(8);
  parameter.u32[0] = 50;
  realtime = setscheduler(0, SCHED_FIFO, parameter.address) === 0;
  // Not mlockall: V8 gives pages back in a way that fails when all memory is locked.
  mlock(area.address, MTU * SLOTS);
  const mask = allocate(8);
  mask.u32[0] = 2;
  if (settings.cpu === 1) setaffinity(0, 8, mask.address);
}
process.stdout.write(`${JSON.stringify({ ready: true, realtime })}\n`);

const end = allocate(8);
const pollfds = allocate(16);
pollfds.u32[0] = tun;
pollfds.bytes[4] = 1;
pollfds.u32[2] = 0;
pollfds.bytes[12] = 1;
let turns = 0;
let lastEmpty = now();
for (;;) {
  let at = now();
  while (waiting > 0 && (due[heap[0] as number] as number) <= at) {
    const slot = pop();
    const written = now();
    const entry = logged[slot] as number;
    for (let copy = 0; copy < (copies[entry] as number); copy++)
      write(tun, addresses[slot] as bigint, lengths[slot] as number);
    delays[entry] = written - (came[slot] as number);
    free[unused++] = slot;
    at = now();
    blurs[entry] = (blurs[entry] as number) + at - written;
  }
  let got = 0;
  if (unused > 0) {
    const slot = free[unused - 1] as number;
    const asked = now();
    got = read(tun, addresses[slot] as bigint, MTU);
    const arrived = now();
    if (got <= 0) lastEmpty = asked;
    else if (accept(slot, got, arrived, arrived - lastEmpty)) {
      unused--;
      push(slot);
    }
  }
  if (++turns % 1024 === 0 || (got <= 0 && !settings.spin)) {
    const ended = read(0, end.address, 8);
    if (ended === 0) break;
    if (got <= 0 && !settings.spin) {
      // Sleeps until a packet comes or 1 ms before one is due.
      const wait = waiting === 0 ? 100 : Math.floor(((due[heap[0] as number] as number) - now()) / 1000) - 1;
      if (wait > 0) poll(pollfds.address, 2, Math.min(100, wait));
    }
  }
}
const lines: string[] = [];
for (let i = 0; i < entries; i++)
  lines.push(
    `${log.destination[i]} ${log.sequence[i]} ${log.mark[i]} ${(delays[i] as number).toFixed(2)} ${copies[i]} ${(blurs[i] as number).toFixed(2)}`,
  );
writeFileSync(settings.log, lines.join("\n"));
process.exit(0);
