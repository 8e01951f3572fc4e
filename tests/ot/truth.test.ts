/**
 * Exact cases of the corpus, where it is there (../shared/corpus or YAGURA_CORPUS): the stored truth of one capture for each of
 * the main protocols, message for message. `npm run accuracy` scores all of them.
 */
import { join } from "node:path";
import { analyseFiles } from "@yagura/ot/offline/analyse.ts";
import type { ProtocolName } from "@yagura/ot/wire/vocabulary.ts";
import { describe, expect, test } from "vitest";
import { capturesOf, corpusFolder } from "../../scripts/accuracy/corpus.ts";
import { decode } from "../../scripts/accuracy/ours.ts";
import { Run } from "../../scripts/accuracy/run.ts";

const folder = corpusFolder();
const captures = folder === null ? [] : capturesOf(folder);
const find = (end: string) => {
  const capture = captures.find(({ name }) => name.endsWith(end));
  if (capture === undefined) throw new Error(`the corpus has no ${end}`);
  return capture;
};

const exact = (): void => {
  test.each([
    ["zeek-parser-CCLinkFieldBasic/testing/Traces/cclink_ief_basic_only.pcap", "cclink-ief-basic", 444],
    ["zeek-parser-OmronFINS/testing/Traces/test.pcap", "fins", 20],
  ] as const)("%s has exactly its messages", async (end, protocol, count) => {
    const ours = await decode(find(end).path);
    expect(ours.faults).toEqual([]);
    const told = ours.told.filter((one) => one.protocol === protocol);
    expect(told).toHaveLength(count);
    expect(ours.undissected).toBe(0);
  });

  test.each([
    ["icsnpp-modbus/testing/traces/modbus_example.pcap", "modbus", "zeek"],
    ["icsnpp-enip/tests/traces/enip_cip_example.pcap", "cip", "zeek"],
    ["derived/plant1_reconstructed.pcap", "s7comm", "tshark"],
    ["icsnpp-s7comm/tests/traces/s7comm_plus.pcap", "s7comm-plus", "zeek"],
    ["Quickdraw-Snort/dnp3_test_data_part1.pcap", "dnp3", "tshark"],
    ["icsnpp-bacnet/testing/traces/bacnet_example.pcap", "bacnet", "zeek"],
    ["spicy-iec104/testing/Traces/fifth/read.pcapng", "iec104", "tshark"],
    ["icsnpp-genisys/tests/traces/genisys.pcap", "genisys", "zeek"],
  ] as const satisfies readonly (readonly [string, ProtocolName, "zeek" | "tshark"])[])(
    "%s: every %s function as in the stored output",
    async (end, protocol, against) => {
      const run = new Run();
      await run.capture(find(end));
      const scores = run.results.filter(({ measure }) => measure.protocol === protocol).map((one) => one[against]);
      const judged = scores.filter(({ captures: some }) => some > 0);
      expect(judged.length).toBeGreaterThan(0);
      for (const { same, told, truth } of judged) expect([same, told]).toEqual([truth, truth]);
      expect(judged.reduce((sum, { truth }) => sum + truth, 0)).toBeGreaterThan(0);
    },
  );

  test("OT-6 the reconstructed plant has its hosts, and Modbus, S7comm and CIP between them", async () => {
    const { assets, commands, stats } = await analyseFiles([
      join(folder as string, "derived/plant1_reconstructed.pcap"),
    ]);
    expect(assets.length).toBeGreaterThanOrEqual(28);
    expect(assets.length).toBeLessThanOrEqual(34);
    expect(new Set(commands.map(({ protocol }) => protocol))).toEqual(new Set(["modbus", "s7comm", "cip"]));
    expect(Object.keys(stats.dropped).filter((name) => name.startsWith("fault:"))).toEqual([]);
  });
};

if (folder === null)
  test("the corpus is not there: no truth to compare with", () => {
    expect(captures).toEqual([]);
  });
else describe("OT-N2 exact truth of the corpus", exact);
