/**
 * What every dissector is: a table row with two functions. `recognise` looks at the first bytes, `dissect` reads one message
 * and tells facts to the context. One protocol, one file, on the same plan: header sketch, section of the specification,
 * bounded reads, named limits, weirds. docs/adding-a-dissector.md walks through one.
 */
import type { Reader } from "@yagura/packets/reader.ts";
import type {
  Attribute,
  BindingKind,
  CommandClass,
  CommonWeird,
  Outcome,
  ProtocolName,
  Transport,
  Weakness,
} from "../wire/vocabulary.ts";

/** `no`: not mine. `port`: could be, believed only on the protocol's own ports. `sure`: believed anywhere. */
export const recognised = { no: 0, port: 1, sure: 2 } as const;
export type Recognised = (typeof recognised)[keyof typeof recognised];

/** Answers of `dissect` beside the number of bytes read. */
export const NEED_MORE = 0;
export const NOT_MINE = -1;

/** Code of a function as the protocol writes it → its name in the protocol's specification, and what it does. */
export type FunctionTable = ReadonlyMap<number, { readonly name: string; readonly class: CommandClass }>;

export interface Dissector {
  readonly protocol: ProtocolName;
  /** Document and section that the file follows. */
  readonly specification: string;
  /** Where its messages are expected. Bytes decide; these only order the questions and settle `port`. */
  readonly on: {
    readonly tcp?: readonly number[];
    readonly udp?: readonly number[];
    readonly ethertype?: readonly number[];
    /** DSAP of an 802.2 header, or 0xaa0000 + the SNAP protocol with OUI 0; with another OUI `OUI * 65536 + protocol`. */
    readonly llc?: readonly number[];
    /** IP protocol number. */
    readonly ip?: readonly number[];
  };
  /** True: messages lie in a TCP stream, one after the other; `dissect` is asked again behind each and may ask for more bytes. */
  readonly stream?: boolean;
  /** Looks at the first bytes (at most 64), cheaply: it is asked for every new conversation. The reader's place is restored afterwards. */
  readonly recognise: (r: Reader, c: Context) => Recognised;
  /**
   * Reads one message from the reader's place. Gives the bytes it took (> 0), NEED_MORE (stream: the message is not whole yet; at
   * most MAX_MESSAGE bytes are kept), or NOT_MINE (the conversation is no longer asked). Never throws, never loops without reading.
   */
  readonly dissect: (r: Reader, c: Context) => number;
  readonly functions?: FunctionTable;
  /** Names object numbers of `command`, e.g. CIP classes, S7 areas. */
  readonly objects?: ReadonlyMap<number, string>;
  /** Own oddities; `weird(text)` takes one of these or a common one. */
  readonly weirds?: readonly string[];
}

/** Bytes of one message that the engine keeps while a stream's dissector waits for the rest. */
export const MAX_MESSAGE = 65_536;

/** What a command says beyond its function. Give only identifiers: addresses, classes, counts; never values. */
export interface CommandDetail {
  /** Class of the object: CIP class, S7 area, Modbus table, BACnet object type … named by the dissector's `objects`. */
  readonly object?: number;
  /** First and last address that is touched, where objects have addresses. */
  readonly low?: number;
  readonly high?: number;
  /** Unit, slot, station, ASDU common address … within the device. */
  readonly unit?: number;
  /** A name, where objects have names (GOOSE control block, OPC UA service, file name): at most 128 characters. */
  readonly label?: string;
}

/**
 * What a dissector knows of the packet, and where it tells what it found. One object for all packets: keep nothing of it.
 * "Source" is the sender of this packet, "client" the side that asks.
 */
export interface Context {
  /** Microseconds since the epoch. */
  readonly time: number;
  readonly transport: Transport;
  readonly sourcePort: number;
  readonly destinationPort: number;
  /** Ethernet addresses as numbers; 0 where the link has none. */
  readonly sourceMac: number;
  readonly destinationMac: number;
  /** True while the source is the client, as far as is known. */
  readonly fromClient: boolean;
  /** What the dissector keeps for the conversation; null at first. Bound it. */
  state: unknown;
  /** Says who the client is when the message shows it: true = the source of this packet. */
  client(isSource: boolean): void;
  /** The conversation (or this packet of it) is of a protocol that is carried inside. */
  become(protocol: ProtocolName): void;
  /** Hands bytes to another dissector by name, inside this message, e.g. S7comm inside COTP. Gives what it gives. */
  inside(protocol: ProtocolName, r: Reader, from: number, to: number): number;

  /** One function was asked, answered, refused or sent. `protocol` is that of the dissector that tells. */
  command(outcome: Outcome, code: number, detail?: CommandDetail): void;
  /** Same without an object to make: for cyclic traffic. */
  commandFast(outcome: Outcome, code: number, object: number, low: number, high: number, unit: number): void;
  /** The source (or the destination) is so. Values are cut at 128 characters; empty ones are ignored. */
  source(attribute: Attribute, value: string): void;
  destination(attribute: Attribute, value: string): void;
  /** A device that is named by its address in the message: `aa:bb:cc:dd:ee:ff`, `192.0.2.1`, `2001:db8::1`. */
  device(address: string, attribute: Attribute, value: string): void;
  /** MAC (number) and IP address belong together. */
  binding(kind: BindingKind, mac: number, address: string): void;
  /** A name was asked for or answered; outcome is the protocol's code (RCODE), −1 for a question. */
  lookup(name: string, type: number, outcome: number): void;
  weakness(kind: Weakness): void;
  /** Odd traffic, counted per sender and kind. */
  weird(kind: CommonWeird | (string & {})): void;
  /** What needs more than arithmetic; given by the program, because this place is pure. */
  readonly primitives: Primitives;
}

export interface Primitives {
  /** Lower-case hexadecimal SHA-256 of a text in UTF-8. */
  sha256(text: string): string;
  /**
   * Removes the protection of a QUIC Initial packet of the client (RFC 9001, section 5): its frames, or null when it does not
   * open. `connection` is the connection id of the client's first packet where this one may carry another (section 5.2).
   */
  openQuicInitial(packet: Uint8Array, connection?: Uint8Array): Uint8Array | null;
}
