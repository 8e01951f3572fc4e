/** Conversations of the protocols that are carried by TPKT and COTP (RFC 1006): S7comm-plus and MMS, made from their parts. */
import type { Sample } from "./ot-samples.ts";

const word = (n: number): string => n.toString(16).padStart(4, "0");
const byte = (n: number): string => n.toString(16).padStart(2, "0");
const text = (value: string): string => Buffer.from(value).toString("hex");
const plainHex = (body: string): string => body.replaceAll(/\s/g, "");

/** TPKT around a TPDU. */
const tpkt = (tpdu: string): string => {
  const body = plainHex(tpdu);
  return `0300${word(body.length / 2 + 4)}${body}`;
};
/** A data TPDU, last of its message. */
const data = (body: string): string => tpkt(`02f080${plainHex(body)}`);
/** Connection request and confirm: references, TPDU size 1024, selectors. */
const opened = [
  { from: "client", hex: tpkt("11 e0 0000 0001 00 c0010a c1020100 c2020102") },
  { from: "server", hex: tpkt("11 d0 0001 0002 00 c0010a c1020100 c2020102") },
] as const;

const plus = (version: string, body: string): string => {
  const inner = plainHex(body);
  return data(`72${version}${word(inner.length / 2)}${inner}72${version}0000`);
};

const size = (n: number): string => (n < 128 ? byte(n) : `81${byte(n)}`);
/** BER: tag, length, value. */
const tlv = (tag: string, ...values: string[]): string => {
  const value = values.join("");
  return tag + size(value.length / 2) + value;
};
const mmsData = (pdu: string): string => data(`01000100${tlv("61", tlv("30", "020103", tlv("a0", pdu)))}`);
/** Presentation contexts: 1 is ACSE, 3 is MMS, both in BER. */
const contexts = tlv(
  "a4",
  tlv("30", "020101", "060452010001", tlv("30", "06025101")),
  tlv("30", "020103", "060528ca220201", tlv("30", "06025101")),
);
const initiate = ((): string => {
  const pdu = tlv(
    "a8",
    "8002fde8",
    "810105",
    "820105",
    "83010a",
    tlv("a4", "800101", "810305f100", "820c03ee1c00000408000079ef18"),
  );
  const acse = tlv("60", "a107060528ca220203", tlv("be", tlv("28", "020103", tlv("a0", pdu))));
  const user = tlv("61", tlv("30", "020101", tlv("a0", acse)));
  const presentation = tlv("31", "a003800101", tlv("a2", "810400000001", "820400000001", contexts, user));
  const session = `${tlv("05", "130100", "160102")}14020002${tlv("33", "0001")}${tlv("34", "0001")}c1${byte(presentation.length / 2)}${presentation}`;
  return data(`0d${byte(session.length / 2)}${session}`);
})();

export const carriedSamples: readonly Sample[] = [
  {
    protocol: "s7comm-plus",
    over: "tcp",
    port: 102,
    clientPort: 49_152,
    messages: [
      ...opened,
      { from: "client", hex: plus("01", "31 0000 04ca 0000 0001 00000120 36 0000011d 00 00000000") },
      { from: "server", hex: plus("01", `32 0000 04ca 0000 0001 36 00 ${text("1;6ES7 999-1AA00-0XB0 ;V4.2")} 00`) },
      { from: "client", hex: plus("02", "31 0000 054c 0000 0002 00000120 34 00000000") },
      { from: "server", hex: plus("02", "32 0000 054c 0000 0002 34 00") },
    ],
  },
  {
    protocol: "mms",
    over: "tcp",
    port: 102,
    clientPort: 49_152,
    messages: [
      ...opened,
      { from: "client", hex: initiate },
      { from: "client", hex: mmsData(tlv("a0", "020101", "8200")) },
      {
        from: "server",
        hex: mmsData(
          tlv("a1", "020101", tlv("a2", tlv("80", text("Acme")), tlv("81", text("Relay 9")), tlv("82", text("1.2")))),
        ),
      },
    ],
  },
];
