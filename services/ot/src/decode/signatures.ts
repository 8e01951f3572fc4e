/** The seam between the engine and signatures: what a rule may look at, and how it tells that it matched. */
import type { ProtocolName, Transport } from "../wire/vocabulary.ts";

/**
 * One packet (or, in TCP, one piece of the stream in order) as rules see it. One object for all packets: keep nothing of it.
 * Addresses are places in `packet`, so that a rule compares numbers and makes no text.
 */
export interface SignatureView {
  /** µs since the epoch. */
  readonly time: number;
  readonly transport: Transport;
  /** Protocol that the conversation is known to speak, `unknown` else. */
  readonly protocol: ProtocolName;
  /** Bytes that hold the addresses: 4 or 16 at `sourceAt` and `destinationAt`; 0 below IP. */
  readonly packet: Uint8Array;
  readonly addressLength: 0 | 4 | 16;
  readonly sourceAt: number;
  readonly destinationAt: number;
  readonly sourcePort: number;
  readonly destinationPort: number;
  /** TCP flags as in the header (RFC 9293 section 3.1); 0 for others. */
  readonly tcpFlags: number;
  readonly fromClient: boolean;
  /** Both sides of a TCP conversation were seen to speak, or any UDP conversation that was answered. */
  readonly established: boolean;
  /** Payload: [payloadFrom, payloadTo) of `payload`, which is not always `packet`. */
  readonly payload: Uint8Array;
  readonly payloadFrom: number;
  readonly payloadTo: number;
  /** The conversation: the same number for all its packets, another one for each conversation; for bits that rules keep. */
  readonly conversation: number;
}

/** A set of rules. */
export interface Signatures {
  /** Asked for every packet that a rule could match; calls `matched` for each rule that does. Never throws. */
  match(view: SignatureView, matched: (rule: number, revision: number) => void): void;
}
