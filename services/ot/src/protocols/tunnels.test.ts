/** GRE, IPsec, IKE, OSPF, PIM, loopback tests and PPPP. */
import { describe, expect, test } from "vitest";
import { dissect, type Sent } from "../../../../tests/support/dissect.ts";
import { endure } from "../../../../tests/support/endure.ts";
import type { Dissector } from "./dissector.ts";
import { gre } from "./gre.ts";
import { ike } from "./ike.ts";
import { ipsec } from "./ipsec.ts";
import { loopback } from "./loopback.ts";
import { ospf } from "./ospf.ts";
import { pim } from "./pim.ts";
import { pppp } from "./pppp.ts";

const told = (dissector: Dissector, ...sent: Sent[]) => {
  const found = dissect(dissector, sent);
  const commands = found.commands.map(({ outcome, code }) => `${outcome} ${dissector.functions?.get(code)?.name}`);
  return { ...found, commands };
};
const packet = (bytes: string): Sent => ({ bytes });
const none = "00".repeat(8);

describe("GRE", () => {
  // flags and version, protocol, payload length, call, sequence, PPP
  const pptp = packet("3001 880b 000c 0007 00000001 ff03 c021 0901 0008 00000000");
  const ethernet = packet("2000 6558 00000064 020000000001 020000000002 0806");

  test("what the tunnel carries", () => {
    expect(told(gre, pptp).commands).toEqual(["event PPP"]);
    expect(told(gre, ethernet).commands).toEqual(["event Ethernet"]);
    expect(told(gre, packet("0000 8200 8801 0000")).commands).toEqual(["event other packets"]);
    expect(told(gre, packet("0002 0800 4500")).answers).toEqual([-1]);
  });
  test("bears damage", () => endure(gre, [pptp, ethernet]));
});

describe("IPsec and IKE", () => {
  const esp = packet(`00001234 00000001 ${"5a".repeat(24)}`);
  const ah = packet(`32 04 0000 00008179 00000001 ${"5a".repeat(12)} ${"00".repeat(8)}`);
  const message = (spi: string, version: string, exchange: string, flags: string, marker = ""): string =>
    `${marker} ${"01".repeat(8)} ${spi} 28 ${version} ${exchange} ${flags} 00000000 00000024 00000008 11111111`;
  const some = "02".repeat(8);

  test("ESP and AH", () => {
    expect(told(ipsec, esp, ah).commands).toEqual(["event ESP", "event AH"]);
    expect(told(ipsec, packet(`00000000 ${"5a".repeat(24)}`)).answers).toEqual([-1]);
  });
  test("exchanges of both versions, and behind address translation", () => {
    const sent = [message(none, "20", "22", "08"), message(some, "20", "22", "20")].map(packet);
    expect(told(ike, ...sent).commands).toEqual(["request IKE_SA_INIT", "response IKE_SA_INIT"]);
    expect(told(ike, ...sent).recognised).toBe(2);
    expect(told(ike, packet(message(none, "10", "04", "00"))).commands).toEqual(["event Aggressive"]);
    const behind = { bytes: message(none, "20", "23", "08", "00000000"), destinationPort: 4_500 };
    const keep = { bytes: "ff", destinationPort: 4_500 };
    expect(told(ike, keep, behind, { ...esp, destinationPort: 4_500 })).toMatchObject({
      recognised: 1,
      commands: ["request IKE_AUTH"],
      answers: [1, 40, 32],
    });
    expect(told(ike, { ...esp, destinationPort: 500 }).answers).toEqual([-1]);
  });
  test("bears damage", () => {
    endure(ipsec, [esp, ah]);
    endure(ike, [packet(message(none, "20", "22", "08"))]);
  });
});

describe("routers", () => {
  // version, type, length, router, area, checksum, authentication; mask, interval, options …
  const hello = packet(`02 01 002c 0a630001 00000000 0000 0000 ${none} ffffff00 000a 02 01 00000028 0a630001 00000000`);
  const join = packet("23 00 0000 0100 0a630001 00 01 00d2");
  test("who speaks OSPF or PIM is one", () => {
    expect(told(ospf, hello, hello)).toMatchObject({
      identities: ["source role=router", "source capability=OSPFv2"],
      commands: ["event Hello", "event Hello"],
    });
    expect(told(pim, packet("20 00 0000 0001 0002 0069"), join)).toMatchObject({
      identities: ["source role=router"],
      commands: ["event Hello", "event Join/Prune"],
    });
  });
  test("a switch that tests its port", () => {
    expect(told(loopback, packet(`0000 0100 ${"00".repeat(42)}`)).commands).toEqual(["event reply"]);
    expect(told(loopback, packet("0800 0200 020000000001 0100 0000")).commands).toEqual(["event reply"]);
  });
  test("bears damage", () => {
    endure(ospf, [hello]);
    endure(pim, [join]);
    endure(loopback, [packet("0000 0100 0000")]);
  });
});

describe("PPPP", () => {
  const alive = packet("f1 e0 0000");
  const data = packet("f1 d0 0006 d1000000aabb f1 d1 0000");
  test("types, several in a datagram; the length must fit", () => {
    expect(told(pppp, alive, data)).toMatchObject({
      recognised: 2,
      commands: ["event ALIVE", "event DRW", "event DRW_ACK"],
    });
    expect(dissect(pppp, [packet("f1 e0 0001")])).toMatchObject({ recognised: 0, answers: [-1] });
    expect(dissect(pppp, [packet("f1 55 0000")])).toMatchObject({ recognised: 0, answers: [-1] });
  });
  test("bears damage", () => endure(pppp, [alive, data]));
});
