/** Somebody on the line who answers SNMPv3 questions without a signature: such an answer must not choose the port (OT-31). */
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { expect, test } from "vitest";
import { openSnmp } from "./snmp.ts";

const OID = [1, 3, 6, 1, 2, 1, 17, 1, 4, 1, 2, 1];
const UNKNOWN_ENGINE = [1, 3, 6, 1, 6, 3, 15, 1, 1, 4, 0];

/** Tag, length (below 65,536), content (X.690). */
function ber(tag: number, ...content: readonly Buffer[]): Buffer {
  const all = Buffer.concat(content);
  const length = all.length < 128 ? [all.length] : [0x82, all.length >> 8, all.length & 255];
  return Buffer.concat([Uint8Array.of(tag, ...length), all]);
}
const integer = (value: number): Buffer => ber(0x02, Buffer.from(Uint8Array.of(0, value >>> 24, value >>> 16, value >>> 8, value))); // prettier-ignore
const octets = (text: string | Buffer): Buffer => ber(0x04, Buffer.from(text));
const oid = ([a = 0, b = 0, ...rest]: readonly number[]): Buffer => ber(0x06, Buffer.from([40 * a + b, ...rest]));

/** A message of RFC 3412, section 6, with flags that say: neither signed nor encrypted. */
function message(id: number, pduTag: number, name: readonly number[], value: Buffer): Buffer {
  const engine = Buffer.from("8000000001020304", "hex");
  const security = ber(0x30, octets(engine), integer(1), integer(1), octets("yagura"), octets(""), octets(""));
  const pdu = ber(pduTag, integer(0), integer(0), integer(0), ber(0x30, ber(0x30, oid(name), value)));
  return ber(
    0x30,
    integer(3),
    ber(0x30, integer(id), integer(65_507), octets(Buffer.of(0)), integer(3)),
    octets(security),
    ber(0x30, octets(engine), octets(""), pdu),
  );
}

/** msgID of a message: version, then the head's first integer. */
function idOf(bytes: Buffer): number {
  const start = bytes.indexOf(Buffer.from([0x02, 0x01, 0x03, 0x30]));
  const at = start + 5;
  return bytes.readUIntBE(at + 2, bytes[at + 1] as number);
}

test("an answer that is not signed is refused, whatever it says", async () => {
  const agent = createSocket("udp4");
  let questions = 0;
  agent.on("message", (bytes, from) => {
    const id = idOf(bytes);
    // The flags of the question stand after its size: 0x04 for the discovery, signed and encrypted afterwards.
    const discovery = bytes.includes(Buffer.from([0x04, 0x01, 0x04]));
    if (!discovery) questions++;
    agent.send(
      discovery ? message(id, 0xa8, UNKNOWN_ENGINE, integer(1)) : message(id, 0xa2, OID, integer(7)),
      from.port,
    );
  });
  agent.bind(0, "127.0.0.1");
  await once(agent, "listening");
  const snmp = openSnmp({
    address: "127.0.0.1",
    port: agent.address().port,
    context: null,
    security: { version: "3", user: "yagura", authentication: "sha256", authenticationKey: "authentication 1", privacy: "aes", privacyKey: "privacy key 1" }, // prettier-ignore
  });
  await expect(snmp.get([OID.join(".")])).rejects.toMatchObject({ code: "answer-unproven" });
  expect(questions).toBe(1);
  snmp.close();
  agent.close();
});
