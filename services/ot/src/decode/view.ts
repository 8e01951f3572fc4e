/** A packet as signatures see it. */
import type { Packet } from "@yagura/packets/packet.ts";
import { transports, type ProtocolName, type Transport } from "../wire/vocabulary.ts";
import type { SignatureView } from "./signatures.ts";

export class View implements SignatureView {
  time = 0;
  transport: Transport = "tcp";
  protocol: ProtocolName = "unknown";
  packet: Uint8Array = new Uint8Array(0);
  addressLength: 0 | 4 | 16 = 0;
  sourceAt = 0;
  destinationAt = 0;
  sourcePort = 0;
  destinationPort = 0;
  tcpFlags = 0;
  fromClient = true;
  established = false;
  payload: Uint8Array = this.packet;
  payloadFrom = 0;
  payloadTo = 0;
  conversation = 0;

  /** Points it at bytes of a packet; `turned`: of the other side, read only now. */
  show(p: Packet, turned: boolean, bytes: Uint8Array, from: number, to: number): void {
    this.time = p.time;
    this.transport = transports[p.kind as 0] as Transport;
    this.packet = p.bytes;
    this.addressLength = p.ipVersion === 4 ? 4 : p.ipVersion === 6 ? 16 : 0;
    this.sourceAt = turned ? p.destinationAt : p.sourceAt;
    this.destinationAt = turned ? p.sourceAt : p.destinationAt;
    this.sourcePort = turned ? p.destinationPort : p.sourcePort;
    this.destinationPort = turned ? p.sourcePort : p.destinationPort;
    this.tcpFlags = this.transport === "tcp" ? p.flags : 0;
    this.payload = bytes;
    this.payloadFrom = from;
    this.payloadTo = to;
  }
}
