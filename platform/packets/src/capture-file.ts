/**
 * Reads pcap and pcapng piece by piece: bytes are pushed in, packets come out as places in the same bytes, without a copy.
 * draft-ietf-opsawg-pcap and draft-ietf-opsawg-pcapng; both byte orders, µs, ns and `if_tsresol`, several interfaces.
 */
import { raise } from "./errors.ts";
import { MAX_RECORD, PcapngParser } from "./pcapng.ts";

/** A packet: [from, to) of `bytes` is valid only during the call. `time` is µs since the epoch. */
export type OnPacket = (
  bytes: Uint8Array,
  from: number,
  to: number,
  wireLength: number,
  time: number,
  linkType: number,
  interfaceIndex: number,
) => void;

/** An interface that a capture names; a pcap file has one without a name. */
export interface CaptureInterface {
  readonly linkType: number;
  readonly name: string;
  /** Ticks a second of its times, and seconds to add to them. */
  readonly resolution: number;
  readonly offset: number;
}

/** Longest header that must be whole before anything is decided. */
const PCAP_HEADER = 24;
const PCAPNG_MAGIC = 0x0a0d_0d0a;
/** Magic numbers of pcap, read little endian → how records are written. */
const kinds: ReadonlyMap<number, { bigEndian: boolean; perMicrosecond: number; header: number }> = new Map([
  [0xa1b2_c3d4, { bigEndian: false, perMicrosecond: 1, header: 16 }],
  [0xd4c3_b2a1, { bigEndian: true, perMicrosecond: 1, header: 16 }],
  [0xa1b2_3c4d, { bigEndian: false, perMicrosecond: 1_000, header: 16 }],
  [0x4d3c_b2a1, { bigEndian: true, perMicrosecond: 1_000, header: 16 }],
  // Kuznetzov's variant: eight more bytes in each record header.
  [0xa1b2_cd34, { bigEndian: false, perMicrosecond: 1, header: 24 }],
  [0x34cd_b2a1, { bigEndian: true, perMicrosecond: 1, header: 24 }],
]);

const le32 = (bytes: Uint8Array, at: number): number =>
  ((bytes[at] as number) |
    ((bytes[at + 1] as number) << 8) |
    ((bytes[at + 2] as number) << 16) |
    ((bytes[at + 3] as number) << 24)) >>>
  0;
const be32 = (bytes: Uint8Array, at: number): number =>
  (((bytes[at] as number) << 24) |
    ((bytes[at + 1] as number) << 16) |
    ((bytes[at + 2] as number) << 8) |
    (bytes[at + 3] as number)) >>>
  0;

export class CaptureParser {
  readonly #name: string;
  readonly #onPacket: OnPacket;
  #format: "unknown" | "pcap" | "pcapng" = "unknown";
  #bigEndian = false;
  #perMicrosecond = 1;
  #recordHeader = 16;
  #linkType = 1;
  #pcapng: PcapngParser | null = null;
  #packets = 0;
  /** Bytes of the file that were read. */
  #offset = 0;
  #interfaces: CaptureInterface[] = [];

  constructor(name: string, onPacket: OnPacket) {
    this.#name = name;
    this.#onPacket = onPacket;
  }

  get packets(): number {
    return this.#pcapng?.packets ?? this.#packets;
  }
  get interfaces(): readonly CaptureInterface[] {
    return this.#pcapng?.interfaces ?? this.#interfaces;
  }

  /**
   * Reads the whole records in [from, to) and gives how many bytes it took: the rest is to be offered again with more behind
   * it. May take more than there is when the next block can be passed over. Throws CAPTURE_* at damage, after the packets before.
   */
  parse(bytes: Uint8Array, from: number, to: number): number {
    let at = from;
    if (this.#format === "unknown") {
      if (to - at < PCAP_HEADER) return 0;
      at += this.#open(bytes, at);
    }
    if (this.#pcapng !== null) at += this.#pcapng.parse(bytes, at, to, this.#offset);
    else at = this.#pcap(bytes, at, to);
    this.#offset += at - from;
    return at - from;
  }

  /** The file has ended and `left` bytes were not taken. */
  end(left: number): void {
    if (this.#format === "unknown") throw raise("CAPTURE_FORMAT_UNKNOWN", { file: this.#name });
    if (left !== 0) throw raise("CAPTURE_CUT", { file: this.#name, packets: this.packets });
  }

  /** Looks at the magic number; gives the bytes of the file header. */
  #open(bytes: Uint8Array, at: number): number {
    const magic = le32(bytes, at);
    if (magic === PCAPNG_MAGIC) {
      this.#format = "pcapng";
      this.#pcapng = new PcapngParser(this.#name, this.#onPacket);
      return 0;
    }
    const kind = kinds.get(magic);
    if (kind === undefined) throw raise("CAPTURE_FORMAT_UNKNOWN", { file: this.#name });
    this.#format = "pcap";
    this.#bigEndian = kind.bigEndian;
    this.#perMicrosecond = kind.perMicrosecond;
    this.#recordHeader = kind.header;
    // The upper half of the word tells the length of a frame check sequence.
    this.#linkType = (kind.bigEndian ? be32(bytes, at + 20) : le32(bytes, at + 20)) & 0xffff;
    this.#interfaces = [{ linkType: this.#linkType, name: "", resolution: kind.perMicrosecond * 1e6, offset: 0 }];
    return PCAP_HEADER;
  }

  #pcap(bytes: Uint8Array, from: number, to: number): number {
    const header = this.#recordHeader;
    const linkType = this.#linkType;
    const onPacket = this.#onPacket;
    const bigEndian = this.#bigEndian;
    const nanoseconds = this.#perMicrosecond !== 1;
    let at = from;
    while (at + header <= to) {
      // Spelled twice: a function chosen beforehand would be called for each field of each packet.
      const kept = bigEndian ? be32(bytes, at + 8) : le32(bytes, at + 8);
      const wire = bigEndian ? be32(bytes, at + 12) : le32(bytes, at + 12);
      if (kept > MAX_RECORD) {
        throw raise("CAPTURE_DAMAGED", { file: this.#name, packets: this.#packets, offset: this.#offset + at - from });
      }
      const end = at + header + kept;
      if (end > to) break;
      const fraction = bigEndian ? be32(bytes, at + 4) : le32(bytes, at + 4);
      const time =
        (bigEndian ? be32(bytes, at) : le32(bytes, at)) * 1e6 + (nanoseconds ? Math.floor(fraction / 1_000) : fraction);
      this.#packets++;
      onPacket(bytes, at + header, end, wire < kept ? kept : wire, time, linkType, 0);
      at = end;
    }
    return at;
  }
}

/** Feeds a parser with pieces that are cut anywhere, e.g. of a pipe; keeps what is not whole (at most MAX_RECORD and a piece). */
export class CaptureStream {
  readonly parser: CaptureParser;
  #kept = new Uint8Array(0);
  #left = 0;
  /** Bytes to pass over. */
  #skip = 0;

  constructor(name: string, onPacket: OnPacket) {
    this.parser = new CaptureParser(name, onPacket);
  }

  push(piece: Uint8Array): void {
    let bytes = piece;
    let from = Math.min(this.#skip, piece.length);
    this.#skip -= from;
    let to = piece.length;
    if (this.#left > 0) {
      if (this.#kept.length < this.#left + piece.length) {
        const larger = new Uint8Array(Math.max(2 * this.#kept.length, this.#left + piece.length));
        larger.set(this.#kept.subarray(0, this.#left));
        this.#kept = larger;
      }
      this.#kept.set(piece, this.#left);
      bytes = this.#kept;
      from = 0;
      to = this.#left + piece.length;
    }
    from += this.parser.parse(bytes, from, to);
    this.#skip += Math.max(0, from - to);
    this.#left = Math.max(0, to - from);
    if (this.#left === 0) return;
    if (bytes === this.#kept) this.#kept.copyWithin(0, from, to);
    else {
      if (this.#kept.length < this.#left) this.#kept = new Uint8Array(2 * this.#left);
      this.#kept.set(bytes.subarray(from, to));
    }
  }

  end(): void {
    this.parser.end(this.#left + this.#skip);
  }
}
