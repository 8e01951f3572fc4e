/** Tunnels, routers and what else is no office: conversations made by hand. */
import type { Sample } from "./ot-samples.ts";

export const tunnelSamples: readonly Sample[] = [
  {
    protocol: "dtls",
    over: "udp",
    port: 4433,
    clientPort: 49152,
    messages: [
      {
        from: "client",
        hex: "16feff000000000000000000690100005d000000000000005dfefd111111111111111111111111111111111111111111111111111111111111111100000004c02bc02f0100002f000000170015000012706c63392e706c616e742e6578616d706c65000a00040002001d000d00080006040308040401",
      },
      { from: "server", hex: "16feff00000000000000000013030000070000000000000007feff0461626364" },
      {
        from: "server",
        hex: "16fefd00000000000000010032020000260001000000000026fefd222222222222222222222222222222222222222222222222222222222222222200c02b00",
      },
    ],
  },
  {
    protocol: "stun",
    over: "udp",
    port: 3478,
    clientPort: 49152,
    messages: [
      { from: "client", hex: "000100002112a442333333333333333333333333" },
      { from: "server", hex: "0101000c2112a442333333333333333333333333002000080001e112e9b3a4f3" },
    ],
  },
  {
    protocol: "gre",
    over: "ip",
    port: 47,
    clientPort: 0,
    messages: [{ from: "client", hex: "3001880b000c000700000001ff03c0210901000800000000" }],
  },
  {
    protocol: "ipsec",
    over: "ip",
    port: 50,
    clientPort: 0,
    messages: [
      { from: "client", hex: "00001234000000015a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a" },
    ],
  },
  {
    protocol: "ike",
    over: "udp",
    port: 500,
    clientPort: 500,
    messages: [
      { from: "client", hex: "010101010101010100000000000000002820220800000000000000240000000811111111" },
      { from: "server", hex: "010101010101010102020202020202022820222000000000000000240000000822222222" },
    ],
  },
  {
    protocol: "ospf",
    over: "ip",
    port: 89,
    clientPort: 0,
    messages: [
      {
        from: "client",
        hex: "0201002c0a63000100000000e7d600000000000000000000ffffff00000a0201000000280a63000100000000",
      },
    ],
  },
  {
    protocol: "pim",
    over: "ip",
    port: 103,
    clientPort: 0,
    messages: [{ from: "client", hex: "2000c963000100020069001400040a0b0c0d" }],
  },
  {
    protocol: "loopback",
    over: "ethernet",
    port: 36864,
    clientPort: 0,
    messages: [
      {
        from: "client",
        hex: "00000100000000000000000000000000000000000000000000000000000000000000000000000000000000000000",
      },
    ],
  },
  {
    protocol: "pppp",
    over: "udp",
    port: 32100,
    clientPort: 49152,
    messages: [
      { from: "client", hex: "f1e00000" },
      { from: "server", hex: "f1e10000" },
      { from: "client", hex: "f1d00006d1000000aabb" },
    ],
  },
  {
    protocol: "postgresql",
    over: "tcp",
    port: 5432,
    clientPort: 49152,
    messages: [
      { from: "client", hex: "000000210003000075736572006d657300646174616261736500706c616e740000" },
      { from: "server", hex: "520000000800000003" },
      { from: "client", hex: "7000000007787800" },
      { from: "server", hex: "52000000080000000053000000187365727665725f76657273696f6e0031342e35005a0000000549" },
      { from: "client", hex: "510000000d73656c656374203100" },
      { from: "server", hex: "4500000013534552524f520043343250303100005a0000000549" },
    ],
  },
];
