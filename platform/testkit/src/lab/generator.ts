/**
 * Sends frames on an interface as fast as it can or at a pace (AF_PACKET, sendmmsg). Runs as a program of its own inside a
 * namespace (see `generate`): `node generator.ts <JSON of GeneratorSettings>`; prints what it sent as JSON.
 */
import koffi from "koffi";
import { readFileSync } from "node:fs";
import type { Generated, GeneratorSettings } from "./generate.ts";

const AF_PACKET = 17;
const SOCK_RAW = 3;
const SOL_PACKET = 263;
const PACKET_QDISC_BYPASS = 20;
const SIOCGIFINDEX = 0x8933;
const BATCH = 64;
const MESSAGE = 64;
const VECTOR = 16;
/** A pace is kept by sleeping at least this long, s. */
const LEAST_SLEEP = 0.0005;

const settings = JSON.parse(process.argv[2] as string) as GeneratorSettings;
const libc = koffi.load(null);
type Call = (...parameters: (number | bigint | Uint8Array)[]) => number;
const socket: Call = libc.func("int socket(int, int, int)");
const ioctl: Call = libc.func("int ioctl(int, ulong, void *)");
const bind: Call = libc.func("int bind(int, void *, uint)");
const setsockopt: Call = libc.func("int setsockopt(int, int, int, void *, uint)");
const sendmmsg: Call = libc.func("int sendmmsg(int, void *, uint, int)");

function allocate(octets: number): { address: bigint; bytes: Uint8Array; view: DataView } {
  const pointer = koffi.alloc("uint8", octets) as unknown as bigint;
  const buffer = koffi.view(pointer, octets);
  const bytes = new Uint8Array(buffer);
  bytes.fill(0);
  return { address: koffi.address(pointer), bytes, view: new DataView(buffer) };
}

const fd = socket(AF_PACKET, SOCK_RAW, 0);
const request = allocate(40);
request.bytes.set(Buffer.from(settings.device, "latin1"));
if (fd < 0 || ioctl(fd, SIOCGIFINDEX, request.address) < 0) throw new Error(`no interface ${settings.device}`);
const one = allocate(4);
one.view.setUint32(0, 1, true);
setsockopt(fd, SOL_PACKET, PACKET_QDISC_BYPASS, one.address, 4);
const link = allocate(20);
link.view.setUint16(0, AF_PACKET, true);
link.view.setInt32(4, request.view.getInt32(16, true), true);
if (bind(fd, link.address, 20) < 0) throw new Error(`cannot send on ${settings.device}`);

const frames = (JSON.parse(readFileSync(settings.frames, "utf8")) as string[]).map((text) =>
  Buffer.from(text, "base64"),
);
// The list of messages is as long as a batch beyond the frames, so that a batch never has to be cut.
const count = Math.ceil(Math.max(frames.length, BATCH) / frames.length) * frames.length;
const area = allocate(frames.reduce((sum, frame) => sum + frame.length, 0));
const vectors = allocate(VECTOR * (count + BATCH));
const messages = allocate(MESSAGE * (count + BATCH));
const places: bigint[] = [];
for (let at = 0, i = 0; i < frames.length; i++) {
  const frame = frames[i] as Buffer;
  area.bytes.set(frame, at);
  places.push(area.address + BigInt(at));
  at += frame.length;
}
for (let i = 0; i < count + BATCH; i++) {
  vectors.view.setBigUint64(VECTOR * i, places[i % frames.length] as bigint, true);
  vectors.view.setBigUint64(VECTOR * i + 8, BigInt((frames[i % frames.length] as Buffer).length), true);
  messages.view.setBigUint64(MESSAGE * i + 16, vectors.address + BigInt(VECTOR * i), true);
  messages.view.setBigUint64(MESSAGE * i + 24, 1n, true);
}
const starts = Array.from({ length: count }, (_, i) => messages.address + BigInt(MESSAGE * i));

const started = performance.now();
let [sent, refused, at] = [0, 0, 0];
while (sent < settings.packets) {
  const wanted = Math.min(BATCH, settings.packets - sent);
  const went = sendmmsg(fd, starts[at] as bigint, wanted, 0);
  if (went <= 0) refused++;
  else {
    sent += went;
    at = (at + went) % count;
  }
  if (settings.rate > 0) {
    const ahead = sent / settings.rate - (performance.now() - started) / 1000;
    if (ahead > LEAST_SLEEP) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ahead * 1000);
  }
}
const seconds = (performance.now() - started) / 1000;
process.stdout.write(JSON.stringify({ sent, refused, seconds } satisfies Generated));
