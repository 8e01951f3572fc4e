/** The Quickdraw rules against their own captures, where the corpus is there; truth: alerts of Suricata 7.0.10. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { readCapture } from "@yagura/packets/node/open-capture.ts";
import { openQuicInitial, sha256 } from "@yagura/packets/node/primitives.ts";
import { dissectors } from "../../protocols/registry.ts";
import { rowsOf } from "../../wire/metadata.ts";
import { createEngine } from "../engine.ts";
import { loadRules } from "./load.ts";

const corpus = process.env["YAGURA_CORPUS"] ?? join(import.meta.dirname, "../../../../../../shared/corpus");
const folder = join(corpus, "ot/digitalbond+Quickdraw-Snort");
const alerts = join(corpus, "ot/suricata7-eve/digitalbond+Quickdraw-Snort");

/**
 * As Suricata was run for its outputs: every network is at home. Then "not a client" can never hold, and those rules are
 * refused by both.
 */
const variables = ["MODBUS", "DNP3", "BACNET", "MODICON", "FINS", "S7"].flatMap((name) => [
  `ipvar ${name}_CLIENT any`,
  `ipvar ${name}_SERVER any`,
]);
const lines = existsSync(folder) ? readFileSync(join(folder, "all-quickdraw.rules"), "utf8").split("\n") : [];

/** Where the two differ, looked at in the bytes. */
const onlyHere: Readonly<Record<string, readonly number[]>> = {
  // Suricata refuses a rule with an empty option (`;;`); its meaning is plain.
  "bacnet_test.pcap": [1111703, 1111704],
  // Packets 19 and 21 begin with 05 05: not DNP3, on its port.
  "dnp3_test_data_part1.pcap": [1111202],
  // Taken up in the middle: without a handshake Suricata holds nothing for established.
  "dnp3_test_data_part2.pcap": [1111213],
  // Two messages with a wrong protocol identifier.
  "modbus_test_data_part1.pcap": [1111009],
};
const onlyThere: Readonly<Record<string, readonly number[]>> = {
  // “Incorrect packet length” fires where Suricata joins several right messages of the stream before it looks.
  "modicon_test.pcap": [1111012],
  "modbus_test_data_part2.pcap": [1111012],
};

async function fired(file: string): Promise<number[]> {
  const { signatures } = loadRules([...variables, ...lines]);
  const engine = createEngine({
    dissectors,
    primitives: { sha256, openQuicInitial },
    ...(signatures === null ? {} : { signatures }),
  });
  let last = 0;
  await readCapture(join(folder, file), (bytes, from, to, wireLength, time, linkType) => {
    engine.packet(bytes, from, to, wireLength, time, linkType, 0);
    last = time;
  });
  const interval = engine.take(last + 1);
  const sids = interval === null ? [] : Array.from(rowsOf(interval, "signatures"), ({ rule }) => rule);
  return [...new Set(sids)].sort((a, b) => a - b);
}

function expected(file: string): number[] {
  const text = gunzipSync(readFileSync(join(alerts, `${file}.eve.json.gz`))).toString();
  const sids = new Set<number>();
  for (const line of text.split("\n")) {
    if (!line.includes('"alert"')) continue;
    const event = JSON.parse(line) as {
      readonly event_type: string;
      readonly alert?: { readonly signature_id: number };
    };
    if (event.event_type === "alert" && event.alert !== undefined) sids.add(event.alert.signature_id);
  }
  return [...sids].sort((a, b) => a - b);
}

describe.runIf(existsSync(folder))("OT-23 Quickdraw", () => {
  test("every rule loads with the networks of a site", () => {
    const { facts, refused } = loadRules(lines);
    expect(facts.size).toBe(51);
    // The file holds seven rules twice; nothing else is refused.
    expect(refused).toHaveLength(7);
    expect(refused.every(({ reason }) => reason.includes("more than once"))).toBe(true);
  });

  test.each([
    "bacnet_test.pcap",
    "dnp3_test_data_part1.pcap",
    "dnp3_test_data_part2.pcap",
    "enip_test.pcap",
    "fox_info.pcap",
    "modbus_test_data_part1.pcap",
    "modbus_test_data_part2.pcap",
    "modicon_test.pcap",
    "omron_test.pcap",
    "s7_test.pcap",
  ])("%s fires the sids that Suricata fires", async (file) => {
    const there = expected(file).filter((sid) => onlyThere[file]?.includes(sid) !== true);
    const here = [...there, ...(onlyHere[file] ?? [])].sort((a, b) => a - b);
    expect(await fired(file)).toEqual(here);
  });
});
