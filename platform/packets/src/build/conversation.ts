/** Whole conversations made by hand: handshake, segments in both directions, FIN, with times. */
import { tcp, tcpFlags, udp, type Host } from "./frames.ts";

/** A frame and when it was on the wire, µs since the epoch. */
export interface Timed {
  readonly time: number;
  readonly frame: Uint8Array;
}

export interface Ends {
  readonly client: Host;
  readonly server: Host;
  readonly clientPort?: number;
  readonly serverPort: number;
  /** Time of the first frame, µs. */
  readonly time?: number;
  /** µs between two frames. */
  readonly step?: number;
}

/** One message: sent by the client or by the server. */
export interface Message {
  readonly from: "client" | "server";
  readonly bytes: Uint8Array;
  /** µs to wait before it, instead of the step. */
  readonly after?: number;
}

export interface TcpOptions {
  /** False: begins in mid-stream, as when a sensor is switched on. */
  readonly handshake?: boolean;
  readonly fin?: boolean;
  /** Largest payload of a segment. */
  readonly segmentSize?: number;
  /** A bare ACK for each segment. */
  readonly acknowledge?: boolean;
}

export const TEST_TIME = 1_700_000_000_000_000;

/** A TCP conversation as frames. */
export function tcpConversation(ends: Ends, messages: readonly Message[], options: TcpOptions = {}): Timed[] {
  const { client, server, serverPort, clientPort = 49_152, step = 1_000 } = ends;
  const { handshake = true, fin = true, segmentSize = 1_460, acknowledge = false } = options;
  const frames: Timed[] = [];
  let time = (ends.time ?? TEST_TIME) - step;
  let id = 1;
  const next = { client: 0x1000_0000, server: 0xffff_ff00 };
  const send = (from: "client" | "server", flags: number, payload?: Uint8Array, after = step): void => {
    time += after;
    const [source, target] = from === "client" ? [client, server] : [server, client];
    const other = from === "client" ? "server" : "client";
    const segment = {
      from: from === "client" ? clientPort : serverPort,
      to: from === "client" ? serverPort : clientPort,
      sequence: next[from],
      acknowledgement: (flags & tcpFlags.ack) === 0 ? 0 : next[other],
      flags,
      ...(payload === undefined ? {} : { payload }),
    };
    frames.push({ time, frame: tcp(source, target, segment, { id: id++ & 0xffff }) });
    const taken = (payload?.length ?? 0) + ((flags & (tcpFlags.syn | tcpFlags.fin)) === 0 ? 0 : 1);
    next[from] = (next[from] + taken) >>> 0;
  };
  const { ack, psh, syn } = tcpFlags;
  if (handshake) {
    send("client", syn);
    send("server", syn | ack);
    send("client", ack);
  }
  for (const { from, bytes, after } of messages) {
    for (let at = 0; at < bytes.length; at += segmentSize) {
      send(from, ack | psh, bytes.subarray(at, at + segmentSize), at === 0 ? after : step);
      if (acknowledge) send(from === "client" ? "server" : "client", ack);
    }
  }
  if (fin) {
    send("client", tcpFlags.fin | ack);
    send("server", tcpFlags.fin | ack);
    send("client", ack);
  }
  return frames;
}

/** A UDP conversation as frames. */
export function udpConversation(ends: Ends, messages: readonly Message[]): Timed[] {
  const { client, server, serverPort, clientPort = 49_152, step = 1_000 } = ends;
  let time = (ends.time ?? TEST_TIME) - step;
  return messages.map(({ from, bytes, after }, i) => {
    time += after ?? step;
    const ports = { from: clientPort, to: serverPort };
    const options = { id: (i + 1) & 0xffff };
    return {
      time,
      frame:
        from === "client"
          ? udp(client, server, ports, bytes, options)
          : udp(server, client, { from: ports.to, to: ports.from }, bytes, options),
    };
  });
}
