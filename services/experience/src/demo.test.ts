import { expect, test } from "vitest";
import { demoTargets, readGateway, readResolvers } from "./demo.ts";
import { checkedProbe } from "./probes.ts";

const heading = "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n";
test.each([
  {
    name: "one default route",
    text: "eth0\t00000000\t010200C0\t0003\t0\t0\t0\t00000000\t0\t0\t0\n",
    gateway: "192.0.2.1",
  },
  {
    name: "the lowest metric wins",
    text: "wlan0\t00000000\tFE01A8C0\t0003\t0\t0\t600\t00000000\t0\t0\t0\neth0\t00000000\t0101A8C0\t0003\t0\t0\t100\t00000000\t0\t0\t0\n",
    gateway: "192.168.1.1",
  },
  {
    name: "a route without a gateway",
    text: "tun0\t00000000\t00000000\t0001\t0\t0\t0\t00000000\t0\t0\t0\n",
    gateway: null,
  },
  { name: "only the own network", text: "eth0\t000200C0\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0\n", gateway: null },
  { name: "nothing", text: "", gateway: null },
])("default gateway: $name", ({ text, gateway }) => {
  expect(readGateway(heading + text)).toBe(gateway);
});

test("resolvers of resolv.conf", () => {
  const text =
    "# nameserver 192.0.2.9\nsearch example.jp\nnameserver 127.0.0.53\n nameserver fe80::1%eth0\noptions edns0\n";
  expect(readResolvers(text)).toEqual(["127.0.0.53", "fe80::1"]);
});

const addressOf = (host: string): string => host.replace(/^\[|\]$/g, "");
test.each([
  { name: "a bare machine", gateway: null, resolvers: [], loopback6: false, sessions: 5, skipped: 3 },
  { name: "resolver here", gateway: "192.0.2.1", resolvers: ["127.0.0.53"], loopback6: true, sessions: 8, skipped: 0 },
  {
    name: "resolver is the gateway",
    gateway: "192.0.2.1",
    resolvers: ["192.0.2.1"],
    loopback6: true,
    sessions: 8,
    skipped: 0,
  },
  {
    name: "resolver elsewhere",
    gateway: "192.0.2.1",
    resolvers: ["198.51.100.53"],
    loopback6: true,
    sessions: 8,
    skipped: 0,
  },
])(
  "first start, $name: at least five sessions, to loopback, the gateway and the resolver only",
  ({ name, sessions, skipped, ...facts }) => {
    for (const language of ["ja", "en"] as const) {
      const found = demoTargets({ port: 8480, ...facts }, language);
      expect(found.targets, name).toHaveLength(sessions);
      expect(found.skipped).toHaveLength(skipped);
      for (const { probe } of found.targets) {
        expect(checkedProbe(probe)).toEqual(probe);
        const host =
          probe.kind === "http" ? new URL(probe.url).hostname : probe.kind === "dns" ? probe.server : probe.host;
        expect(["127.0.0.1", "127.0.0.53", "::1", facts.gateway, facts.resolvers[0]]).toContain(addressOf(host ?? ""));
      }
    }
  },
);
