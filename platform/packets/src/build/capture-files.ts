/** Capture files made by hand: pcap in its four kinds and pcapng in both byte orders. */
import type { Timed } from "./conversation.ts";
import { concat } from "./frames.ts";

export interface PcapOptions {
  /** Link type of the file; 1 is Ethernet. */
  readonly linkType?: number;
  readonly bigEndian?: boolean;
  readonly nanoseconds?: boolean;
  /** Longest part of a packet that is kept. */
  readonly snapLength?: number;
}

class Writer {
  readonly #parts: Uint8Array[] = [];
  readonly #bigEndian: boolean;
  constructor(bigEndian: boolean) {
    this.#bigEndian = bigEndian;
  }
  u16(value: number): this {
    const view = new DataView(new ArrayBuffer(2));
    view.setUint16(0, value, !this.#bigEndian);
    return this.bytes(new Uint8Array(view.buffer));
  }
  u32(value: number): this {
    const view = new DataView(new ArrayBuffer(4));
    view.setUint32(0, value >>> 0, !this.#bigEndian);
    return this.bytes(new Uint8Array(view.buffer));
  }
  bytes(bytes: Uint8Array): this {
    this.#parts.push(bytes);
    return this;
  }
  done(): Uint8Array {
    return concat(...this.#parts);
  }
}

/** A pcap file of frames with µs times (draft-ietf-opsawg-pcap). */
export function writePcap(frames: readonly Timed[], options: PcapOptions = {}): Uint8Array {
  const { linkType = 1, bigEndian = false, nanoseconds = false, snapLength = 262_144 } = options;
  const file = new Writer(bigEndian)
    .u32(nanoseconds ? 0xa1b2_3c4d : 0xa1b2_c3d4)
    .u16(2)
    .u16(4)
    .u32(0)
    .u32(0)
    .u32(snapLength)
    .u32(linkType);
  for (const { time, frame } of frames) {
    const kept = frame.subarray(0, snapLength);
    file
      .u32(Math.floor(time / 1e6))
      .u32((time % 1e6) * (nanoseconds ? 1_000 : 1))
      .u32(kept.length)
      .u32(frame.length)
      .bytes(kept);
  }
  return file.done();
}

export interface PcapngInterface {
  readonly linkType: number;
  /** `if_tsresol` as in the option: 6 is µs, 9 ns, 0x80 + n is 2^-n s. Absent: µs. */
  readonly resolution?: number;
  /** ASCII. */
  readonly name?: string;
  /** `if_tsoffset`, seconds. */
  readonly offset?: number;
}

export interface PcapngPacket extends Timed {
  readonly interface?: number;
}

/** A pcapng file: one section, its interfaces, enhanced packet blocks (draft-ietf-opsawg-pcapng). */
export function writePcapng(
  interfaces: readonly PcapngInterface[],
  packets: readonly PcapngPacket[],
  bigEndian = false,
): Uint8Array {
  const block = (type: number, body: Uint8Array): Uint8Array => {
    const padded = concat(body, new Uint8Array(-body.length & 3));
    const length = padded.length + 12;
    return new Writer(bigEndian).u32(type).u32(length).bytes(padded).u32(length).done();
  };
  const option = (code: number, value: Uint8Array): Uint8Array =>
    new Writer(bigEndian)
      .u16(code)
      .u16(value.length)
      .bytes(value)
      .bytes(new Uint8Array(-value.length & 3))
      .done();
  const parts = [
    block(0x0a0d_0d0a, new Writer(bigEndian).u32(0x1a2b_3c4d).u16(1).u16(0).u32(0xffff_ffff).u32(0xffff_ffff).done()),
  ];
  for (const { linkType, resolution, name, offset } of interfaces) {
    const options: Uint8Array[] = [];
    if (name !== undefined)
      options.push(
        option(
          2,
          Uint8Array.from(name, (character) => character.charCodeAt(0) & 0x7f),
        ),
      );
    if (resolution !== undefined) options.push(option(9, Uint8Array.of(resolution)));
    if (offset !== undefined)
      options.push(
        option(
          14,
          bigEndian ? new Writer(true).u32(0).u32(offset).done() : new Writer(false).u32(offset).u32(0).done(),
        ),
      );
    options.push(option(0, new Uint8Array(0)));
    parts.push(
      block(
        1,
        new Writer(bigEndian)
          .u16(linkType)
          .u16(0)
          .u32(0)
          .bytes(concat(...options))
          .done(),
      ),
    );
  }
  for (const { time, frame, interface: number = 0 } of packets) {
    const { resolution = 6, offset = 0 } = interfaces[number] ?? { resolution: 6 };
    const perSecond = (resolution & 0x80) === 0 ? 10n ** BigInt(resolution) : 2n ** BigInt(resolution & 0x7f);
    const ticks = (BigInt(time - offset * 1e6) * perSecond) / 1_000_000n;
    const body = new Writer(bigEndian)
      .u32(number)
      .u32(Number(ticks >> 32n))
      .u32(Number(ticks & 0xffff_ffffn))
      .u32(frame.length)
      .u32(frame.length)
      .bytes(frame);
    parts.push(block(6, body.done()));
  }
  return concat(...parts);
}
