/** One valid conversation of every protocol, made by hand, as frames: for tests of the engine, of other tools and of damage. */
import { TEST_TIME, tcpConversation, udpConversation, type Timed } from "@yagura/packets/build/conversation.ts";
import { concat, ethernet, hex, ipFrame, llc, u16, type Host } from "@yagura/packets/build/frames.ts";
import type { ProtocolName } from "@yagura/ot/wire/vocabulary.ts";
import { carriedSamples } from "./ot-samples-carried.ts";
import { factorySamples } from "./ot-samples-factory.ts";
import { officeSamples } from "./ot-samples-office.ts";
import { tunnelSamples } from "./ot-samples-tunnels.ts";

export interface Sample {
  readonly protocol: ProtocolName;
  readonly over: "tcp" | "udp" | "ethernet" | "llc" | "ip";
  /** The server's port, the EtherType, the LLC or SNAP number as in a dissector's `on`, the IP protocol. */
  readonly port: number;
  readonly clientPort: number;
  readonly messages: readonly { readonly from: "client" | "server"; readonly hex: string }[];
}

export const samples: readonly Sample[] = [...factorySamples, ...carriedSamples, ...officeSamples, ...tunnelSamples];

const server: Host = { mac: "02:00:00:00:00:02", address: "10.98.0.2" };
const LARGEST_SAP = 0xff;

/** Below IP: with an EtherType, or behind an 802.2 header with or without SNAP. */
function lower(from: Host, to: Host, { over, port }: Sample, payload: Uint8Array): Uint8Array {
  const ends = { source: from.mac, destination: to.mac };
  if (over === "ip") return ipFrame(from, to, port, payload);
  if (over === "ethernet") return ethernet({ ...ends, type: port }, payload);
  if (port <= LARGEST_SAP) return llc({ ...ends, sap: port }, payload);
  const oui = port >>> 16 === 0xaa ? 0 : Math.floor(port / 65_536);
  const snap = concat(hex("aaaa03"), Uint8Array.of(oui >>> 16, (oui >>> 8) & 255, oui & 255), u16(port & 0xffff));
  return ethernet({ ...ends, type: snap.length + payload.length }, concat(snap, payload));
}

/** The conversation as frames; `port` puts it elsewhere than where it is at home, `number` gives it a client of its own. */
export function framesOf(sample: Sample, port = sample.port, number = 0): Timed[] {
  const client: Host = { mac: "02:00:00:00:00:01", address: `10.99.${number}.1` };
  const messages = sample.messages.map(({ from, hex: text }) => ({ from, bytes: hex(text) }));
  const ends = { client, server, serverPort: port, clientPort: sample.clientPort };
  if (sample.over === "tcp") return tcpConversation(ends, messages);
  if (sample.over === "udp") return udpConversation(ends, messages);
  return messages.map(({ from, bytes }, i) => {
    const [source, target] = from === "client" ? [client, server] : [server, client];
    return { time: TEST_TIME + i * 1_000, frame: lower(source, target, sample, bytes) };
  });
}
