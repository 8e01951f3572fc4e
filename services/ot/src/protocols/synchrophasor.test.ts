import { describe, expect, test } from "vitest";
import { bytesOf, dissect } from "../../../../tests/support/dissect.ts";
import { keepsTheLaws } from "../../../../tests/support/dissector-laws.ts";
import { recognised } from "./dissector.ts";
import { synchrophasor } from "./synchrophasor.ts";

/** The frame of type and version with ID code 7, at the time of the test's context. */
function frame(kind: string, body: string): string {
  const size = 14 + body.length / 2 + 2;
  const text = `aa${kind}${size.toString(16).padStart(4, "0")}00076553f10000000000${body}`;
  let crc = 0xffff;
  for (const byte of bytesOf(text)) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit++) crc = (crc & 0x8000) === 0 ? crc << 1 : ((crc << 1) ^ 0x1021) & 0xffff;
    crc &= 0xffff;
  }
  return text + crc.toString(16).padStart(4, "0");
}
const name = (text: string): string => Buffer.from(text.padEnd(16)).toString("hex");
const askConfiguration = frame("41", "0005");
const start = frame("41", "0002");
const data = frame("01", "0000 1111 2222 3333 0000 0000".replaceAll(" ", ""));
const station = (title: string, id: string): string =>
  `${name(title)}${id}0000000100000000${name("VA")}0000000000000001`;
const configuration = frame("31", `000f42400001${station("Station A", "0007")}001e`);
const concentrator = frame("31", `000f42400002${station("North", "0008")}${station("South", "0009")}001e`);
const fromServer = (bytes: string) => ({ bytes, fromClient: false });

describe("synchrophasors", () => {
  test("the configuration answers its command and names the station", () => {
    const told = dissect(synchrophasor, [
      { bytes: askConfiguration },
      fromServer(configuration),
      { bytes: start },
      fromServer(data),
    ]);
    expect(told.recognised).toBe(recognised.sure);
    expect(told.commands.map(({ outcome, code, unit, fromClient }) => [outcome, code, unit, fromClient])).toEqual([
      ["request", 0x405, 7, true],
      ["response", 0x405, 7, false],
      ["request", 0x402, 7, true],
      ["event", 0, 7, false],
    ]);
    expect(told.identities).toEqual(["source name=Station A", "source station-address=7"]);
    expect(told.weirds).toEqual([]);
  });

  test("a concentrator has stations, it is none", () => {
    expect(dissect(synchrophasor, [fromServer(concentrator)]).identities).toEqual([
      "source capability=PMU 8 North",
      "source capability=PMU 9 South",
    ]);
  });

  test("a wrong checksum is not believed", () => {
    const wrong = `${data.slice(0, -4)}0000`;
    expect(dissect(synchrophasor, [{ bytes: wrong }])).toMatchObject({
      recognised: recognised.no,
      weirds: ["bad-checksum"],
    });
  });

  test("whatever comes, nothing breaks", () => {
    keepsTheLaws(synchrophasor, {
      messages: [askConfiguration, data, configuration, { bytes: data, transport: "udp" }],
      least: 16,
    });
  });
});
