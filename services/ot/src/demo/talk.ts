/** A TCP connection that lives on: it keeps its sequence numbers, so that a scene can go on for hours. */
import type { Timed } from "@yagura/packets/build/conversation.ts";
import { tagged, tcp, tcpFlags, udp } from "@yagura/packets/build/frames.ts";
import type { Placed } from "./plant.ts";

const { ack, fin, psh, rst, syn } = tcpFlags;
/** µs between two frames of one exchange. */
const STEP = 300;

export const onVlan = (host: Placed, frame: Uint8Array): Uint8Array => tagged(frame, host.vlan);

export class Talk {
  readonly #ends: Readonly<Record<"client" | "server", Placed>>;
  readonly #ports: Readonly<Record<"client" | "server", number>>;
  readonly #next = { client: 0, server: 0 };
  #id = 1;

  constructor(client: Placed, server: Placed, ports: { readonly client: number; readonly server: number }) {
    this.#ends = { client, server };
    this.#ports = ports;
    this.#next.client = (ports.client * 65_537) >>> 0;
    this.#next.server = (ports.client * 131_071 + ports.server) >>> 0;
  }

  #send(time: number, from: "client" | "server", flags: number, payload?: Uint8Array): Timed {
    const to = from === "client" ? "server" : "client";
    const segment = {
      from: this.#ports[from],
      to: this.#ports[to],
      sequence: this.#next[from],
      acknowledgement: (flags & ack) === 0 ? 0 : this.#next[to],
      flags,
      ...(payload === undefined ? {} : { payload }),
    };
    this.#id = (this.#id + 1) & 0xffff;
    const frame = tcp(this.#ends[from], this.#ends[to], segment, { id: this.#id });
    this.#next[from] = (this.#next[from] + (payload?.length ?? 0) + ((flags & (syn | fin)) === 0 ? 0 : 1)) >>> 0;
    return { time, frame: onVlan(this.#ends.client, frame) };
  }

  open(time: number): Timed[] {
    return [
      this.#send(time, "client", syn),
      this.#send(time + STEP, "server", syn | ack),
      this.#send(time + 2 * STEP, "client", ack),
    ];
  }
  /** A request and its answer; `wait` µs lie between them. */
  ask(time: number, request: Uint8Array, response: Uint8Array | null, wait = 2 * STEP): Timed[] {
    const sent = this.#send(time, "client", ack | psh, request);
    return response === null ? [sent] : [sent, this.#send(time + wait, "server", ack | psh, response)];
  }
  /** What the server says of its own accord. */
  tell(time: number, bytes: Uint8Array): Timed[] {
    return [this.#send(time, "server", ack | psh, bytes)];
  }
  close(time: number): Timed[] {
    return [
      this.#send(time, "client", fin | ack),
      this.#send(time + STEP, "server", fin | ack),
      this.#send(time + 2 * STEP, "client", ack),
    ];
  }
  /** A closed port answers the first segment with a reset. */
  refused(time: number): Timed[] {
    return [this.#send(time, "client", syn), this.#send(time + STEP, "server", rst | ack)];
  }
}

/** One datagram on the sender's VLAN. */
export const datagram = (
  time: number,
  from: Placed,
  to: Placed,
  ports: { readonly from: number; readonly to: number },
  payload: Uint8Array,
): Timed => ({ time, frame: onVlan(from, udp(from, to, ports, payload)) });
