import { describe, expect, test } from "vitest";
import { dissect, type Sent } from "../../../../tests/support/dissect.ts";
import { endure } from "../../../../tests/support/endure.ts";
import { dhcp } from "./dhcp.ts";

const hex = (text: string): string => Buffer.from(text).toString("hex");
const option = (code: number, value: string): string =>
  Buffer.from([code, value.replaceAll(" ", "").length / 2]).toString("hex") + value;
const sized = (value: string): string => Buffer.from([value.replaceAll(" ", "").length / 2]).toString("hex") + value;
const message = (op: string, yours: string, mac: string, ...options: string[]): string => `
  ${op} 01 06 00 11223344 0000 0000   # Ethernet, transaction
  00000000 ${yours} 00000000 00000000
  ${mac} ${"00".repeat(10)} ${"00".repeat(192)}
  63825363 ${options.join(" ")} ff`;
const OWN = "020000000001";
const discover: Sent = {
  destinationPort: 67,
  bytes: message(
    "01",
    "00000000",
    OWN,
    option(53, "01"),
    option(12, hex("cam-12")),
    option(55, "01 03 06 0f 2a"),
    option(60, hex("MSFT 5.0")),
    option(81, `00 00 00 ${hex("cam-12.plant.example")}`),
  ),
};
const ack: Sent = {
  sourcePort: 67,
  destinationPort: 68,
  bytes: message(
    "02",
    "c0000250",
    "0200000000aa",
    option(53, "05"),
    option(54, "c0000201"),
    option(3, "c00002fe"),
    option(6, "c0000235 c0000236"),
    option(15, hex("plant.example")),
  ),
};

describe("DHCP", () => {
  test("a client says who it is", () => {
    const told = dissect(dhcp, [discover]);
    expect(told.recognised).toBe(2);
    expect(told.identities).toEqual([
      "source name=cam-12",
      "source dhcp-fingerprint=1,3,6,15,42",
      "source application=MSFT 5.0",
      "source os=Windows",
      "source name=cam-12.plant.example",
    ]);
    expect(told.commands).toMatchObject([{ outcome: "request", code: 1, fromClient: true }]);
  });

  test.each([
    { name: "type and length before", circuit: "00 04 000a 01 07", remote: "00 06 020000000077", at: "02:00:00:00:00:77|1/7" }, // prettier-ignore
    { name: "bare", circuit: hex("port1.0.5"), remote: "020000000077", at: "02:00:00:00:00:77|port1.0.5" },
    { name: "text", circuit: hex("Gi0/3"), remote: `01 06 ${hex("SW-7.A")}`, at: "" },
    { name: "words", circuit: hex("Gi0/3"), remote: hex("sw-line3"), at: "sw-line3|Gi0/3" },
  ])("a switch adds the port of the client (option 82): $name", ({ circuit, remote, at }) => {
    const bytes = message("01", "00000000", "0200000000bb", option(53, "03"), option(82, `01 ${sized(circuit)} 02 ${sized(remote)}`)); // prettier-ignore
    expect(dissect(dhcp, [{ bytes }]).identities).toEqual(at === "" ? [] : [`02:00:00:00:00:bb attached-to=${at}`]);
    for (let cut = 1; cut < 12; cut++) {
      const short = message("01", "00000000", "0200000000bb", option(82, `01 ${sized(circuit)} 02 ${sized(remote)}`.replaceAll(" ", "").slice(0, 2 * cut))); // prettier-ignore
      expect(dissect(dhcp, [{ bytes: short }])).toMatchObject({ weirds: [], identities: [] });
    }
  });

  test("behind a relay it is told of the hardware address", () => {
    const bytes = message("01", "00000000", "0200000000bb", option(53, "03"), option(12, hex("drive-4")));
    expect(dissect(dhcp, [{ bytes }]).identities).toEqual(["02:00:00:00:00:bb name=drive-4"]);
  });

  test("an acknowledgement binds, and tells of the client's network and of the server", () => {
    const told = dissect(dhcp, [ack]);
    expect(told.bindings).toEqual([{ kind: "dhcp", mac: 0x02_00_00_00_00_aa, address: "192.0.2.80" }]);
    expect(told.identities).toEqual([
      "192.0.2.1 capability=dhcp-server",
      "02:00:00:00:00:aa gateway=192.0.2.254",
      "02:00:00:00:00:aa dns-server=192.0.2.53",
      "02:00:00:00:00:aa dns-server=192.0.2.54",
      "02:00:00:00:00:aa domain=plant.example",
    ]);
    expect(told.commands).toMatchObject([{ outcome: "response", code: 5, fromClient: false }]);
  });

  test("a refusal is an error, an unknown type is odd", () => {
    expect(dissect(dhcp, [{ bytes: message("02", "00000000", OWN, option(53, "06")) }]).commands[0]?.outcome).toBe("error"); // prettier-ignore
    expect(dissect(dhcp, [{ bytes: message("01", "00000000", OWN, option(53, "63")) }]).weirds).toEqual(["unknown-function"]); // prettier-ignore
  });

  test("bears damage", () => endure(dhcp, [discover, ack]));
});
