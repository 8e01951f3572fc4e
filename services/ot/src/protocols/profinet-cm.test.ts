import { expect, test } from "vitest";
import { bytesOf, dissect, type Sent } from "../../../../tests/support/dissect.ts";
import { keepsTheLaws } from "../../../../tests/support/dissector-laws.ts";
import { recognised } from "./dissector.ts";
import { profinetCm } from "./profinet-cm.ts";

const size = (hex: string): number => bytesOf(hex).length;
const be = (value: number, digits: number): string => value.toString(16).padStart(digits, "0");
const ascii = (text: string, width: number): string => Buffer.from(text.padEnd(width), "ascii").toString("hex");
const uuid = "00 ".repeat(16);
/** Object of device 0x010e of Siemens; interface of IO devices; big endian. */
const head = (
  type: number,
  operation: number,
  body: string,
  sequence = 1,
): string => `04 ${be(type, 2)} 20 00 00 00 00 00
  de a0 00 00 6c 97 11 d1 82 71 00 01 01 0e 00 2a
  de a0 00 01 6c 97 11 d1 82 71 00 a0 24 42 df 7d ${uuid}
  00000000 00000001 ${be(sequence, 8)} ${be(operation, 4)} ffff ffff ${be(size(body), 4)} 0000 00 00 ${body}`;
const ask = (operation: number, blocks: string, sequence = 1): string =>
  head(0, operation, `00000200 ${be(size(blocks), 8)} 00000200 00000000 ${be(size(blocks), 8)} ${blocks}`, sequence);
const answer = (operation: number, blocks: string, status = "00000000", sequence = 1): string =>
  head(2, operation, `${status} ${be(size(blocks), 8)} 00000200 00000000 ${be(size(blocks), 8)} ${blocks}`, sequence);
const block = (type: string, body: string): string => `${type} ${be(size(body) + 2, 4)} 01 00 ${body}`;

const arBlock = block(
  "01 01",
  `00 01 ${uuid} 00 01 02 00 00 00 00 07 ${uuid} 00 00 00 11 00 64 88 92 00 05 ${ascii("plc-1", 5)}`,
);
const connect = ask(0, arBlock);
const connected = answer(0, block("81 06", `00 06 ${ascii("press1", 6)}`));
const header = (type: string, index: string): string =>
  block(type, `00 01 ${uuid} 00 00 00 00 00 00 00 01 00 00 ${index} 00 00 00 40 ${"00 ".repeat(24)}`);
const readIm0 = ask(5, header("00 09", "af f0"), 2);
const im0 = answer(
  5,
  `${header("80 09", "af f0")} ${block("00 20", `00 2a ${ascii("6ES7 511-1AK02-0AB0", 20)} ${ascii("S C-X4U421302009", 16)} 00 03 56 02 09 04 00 00 00 00 00 00 01 01 00 1e`)}`,
  "00000000",
  2,
);
const write = ask(3, header("00 08", "80 2f"), 3);
const refused = answer(3, "", "df80b000", 3);
const end = ask(4, block("01 10", `00 00 ${uuid} 00 01 00 00 00 01 00 00`), 4);

test("OST-T02: Connect names the controller and the device", () => {
  const told = dissect(profinetCm, [{ bytes: connect }, { bytes: connected, fromClient: false }]);
  expect(told.recognised).toBe(recognised.sure);
  expect(told.commands.map(({ outcome, code }) => [outcome, code])).toEqual([
    ["request", 0],
    ["response", 0],
  ]);
  expect(told.identities).toEqual([
    "source name=plc-1",
    "source role=plc",
    "destination device-type=profinet:002a:010e",
    "destination vendor=Siemens",
    "source name=press1",
  ]);
});

test("I&M0 is order number, serial number and versions", () => {
  const told = dissect(profinetCm, [{ bytes: readIm0 }, { bytes: im0, fromClient: false }]);
  expect(told.commands).toMatchObject([
    { outcome: "request", code: 5, object: 0xaff0, low: 0, high: 0, unit: 1 },
    { outcome: "response", code: 5, object: 0xaff0, low: 0, unit: 1 },
  ]);
  expect(told.identities.slice(2)).toEqual([
    "source vendor=Siemens",
    "source order-number=6ES7 511-1AK02-0AB0",
    "source serial=S C-X4U421302009",
    "source hardware=3",
    "source firmware=V2.9.4",
  ]);
});

test("an answer from another port than was asked says itself what it answers", () => {
  const told = dissect(profinetCm, [{ bytes: im0, fromClient: false }]);
  expect(told.commands).toMatchObject([{ outcome: "response", code: 5, object: 0xaff0, low: 0, high: 0, unit: 1 }]);
});

test("records that are written, refusals and controls", () => {
  const told = dissect(profinetCm, [{ bytes: write }, { bytes: refused, fromClient: false }, { bytes: end }]);
  expect(told.commands).toMatchObject([
    { outcome: "request", code: 3, object: 0x802f },
    { outcome: "error", code: 3, object: 0x802f },
    { outcome: "request", code: 0x410 },
  ]);
});

test("the mapper's annotation is type, order number and versions", () => {
  const mapper = (type: number, body: string): string =>
    head(type, 2, body).replace(
      "de a0 00 01 6c 97 11 d1 82 71 00 a0 24 42 df 7d",
      "e1 af 83 08 5d 1f 11 c9 91 a4 08 00 2b 14 a0 fa",
    );
  const note = `${ascii("S7-1500", 25)} 20 ${ascii("6ES7 511-1AK02-0AB0", 20)} 20 ${ascii("    3", 5)} 20 56 ${ascii("  2  9  4", 9)} 00`;
  const entry = `${"00 ".repeat(20)} 00000001 00000001 00000000 00000001 ${uuid} 00000003 00000000 00000040 ${note}`;
  const told = dissect(profinetCm, [{ bytes: mapper(0, "00000000") }, { bytes: mapper(2, entry), fromClient: false }]);
  expect(told.identities).toEqual([
    "source model=S7-1500",
    "source order-number=6ES7 511-1AK02-0AB0",
    "source hardware=3",
    "source firmware=V2.9.4",
  ]);
});

test("the port data say what is plugged in where", () => {
  const text = (value: string): string => `${be(value.length, 2)} ${ascii(value, value.length)}`;
  const padded = (body: string): string => body + " 00".repeat((4 - ((size(body) + 6) & 3)) & 3);
  const real = (own: string, peers: readonly (readonly [string, string])[]): string =>
    block(
      "02 0f",
      peers.reduce(
        (all, [port, station]) =>
          padded(`${padded(`${all} ${text(port)} ${text(station)}`)} 00000000 02 00 00 00 00 77`),
        padded(`00 00 00 00 80 01 ${text(own)} ${be(peers.length, 2)}`),
      ),
    );
  const multiple = (inner: string): string => block("04 00", `00 00 00 00 00 00 00 00 80 01 ${inner}`);
  const blocks = [
    header("80 09", "f8 41"),
    multiple(block("02 40", `${text("press1-io")} 00 00 02 00 00 00 00 11`)),
    multiple(real("port-001", [["port-004", "sw-line3"]])),
    multiple(real("port-002", [])),
    multiple(real("port-003", [["port-001.press1-drive", "G120 6SL3 244-0BB12"], ["port-005", "sw-line4"]])), // prettier-ignore
  ].join(" ");
  const told = dissect(profinetCm, [{ bytes: answer(5, blocks, "00000000", 2), fromClient: false }]);
  expect(told.identities.filter((one) => !one.includes("device-type") && !one.includes("vendor"))).toEqual([
    "source name=press1-io",
    "source attached-to=sw-line3|port-004",
    "source attached-to=press1-drive|port-001",
    "source attached-to=sw-line4|port-005",
  ]);
});

test("a fault is an error of its call, other interfaces are not mine", () => {
  const told = dissect(profinetCm, [{ bytes: connect }, { bytes: head(3, 0, "1c010003"), fromClient: false }]);
  expect([told.commands[1]?.outcome, told.weirds]).toEqual(["error", ["rpc-fault"]]);
  const other = connect.replace("de a0 00 01", "de b0 00 01");
  expect(dissect(profinetCm, [{ bytes: other }])).toMatchObject({ recognised: recognised.no, answers: [-1] });
});

test("keeps the laws of dissectors", () => {
  const messages: Sent[] = [connect, connected, readIm0, im0, write, end].map((bytes) => ({ bytes }));
  keepsTheLaws(profinetCm, { messages, least: 48 });
});
