import { describe, expect, test } from "vitest";
import { dissect } from "../../../../tests/support/dissect.ts";
import { endure } from "../../../../tests/support/endure.ts";
import { arp } from "./arp.ts";

const message = (operation: string, mac: string, sender: string, target: string): string => `
  0001 0800 06 04   # Ethernet, IPv4
  ${operation}
  ${mac} ${sender}  # sender
  000000000000 ${target}`;
const A = "c000020a"; // 192.0.2.10
const B = "c0000214"; // 192.0.2.20
const OWN = "020000000001";

describe("ARP", () => {
  test.each([
    { name: "request", operation: "0001", sender: A, target: B, kind: "arp-request", address: "192.0.2.10" },
    { name: "reply", operation: "0002", sender: A, target: B, kind: "arp-reply", address: "192.0.2.10" },
    { name: "announcement", operation: "0001", sender: A, target: A, kind: "arp-gratuitous", address: "192.0.2.10" },
    { name: "probe", operation: "0001", sender: "00000000", target: B, kind: "arp-probe", address: "192.0.2.20" },
  ])("$name binds", ({ operation, sender, target, kind, address }) => {
    const told = dissect(arp, [{ bytes: message(operation, OWN, sender, target) }]);
    expect(told.bindings).toEqual([{ kind, mac: 0x02_00_00_00_00_01, address }]);
    expect(told.recognised).toBe(2);
    expect(told.commands[0]).toMatchObject({ outcome: operation === "0001" ? "request" : "response", fromClient: operation === "0001" }); // prettier-ignore
    expect(told.weirds).toEqual([]);
  });

  test("a sender that is not the frame's is odd, and so is a group address", () => {
    expect(dissect(arp, [{ bytes: message("0002", "030000000009", A, B) }]).weirds).toEqual([
      "sender-mac-differs",
      "group-sender",
    ]);
  });

  test("bears damage", () => endure(arp, [{ bytes: message("0001", OWN, A, B) }]));
});
