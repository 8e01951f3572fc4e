/** Adds up what intervals tell of each capture, for the doctor. */
import { sumCaptures, type CaptureSum } from "../decode/doctor.ts";
import type { Interval } from "../decode/engine.ts";
import { readIpv4, readIpv6 } from "../wire/addresses.ts";
import { rowsOf, type Row } from "../wire/metadata.ts";
import type { CaptureCounters } from "./capture.ts";

/** By the name of the capture; `expected` ones are there even when nothing came. */
export async function examine(
  intervals: AsyncIterable<Interval>,
  expected: readonly string[],
  counters: () => readonly CaptureCounters[],
): Promise<CaptureSum[]> {
  const rows = new Map<string, Row<"captures">[]>(expected.map((name) => [name, []]));
  const networks = new Set<string>();
  for await (const interval of intervals) {
    for (const row of rowsOf(interval, "captures")) {
      const name = interval.texts[row.name] ?? "";
      rows.set(name, [...(rows.get(name) ?? []), row]);
    }
    const addresses = [...rowsOf(interval, "endpoints")].map(({ address }) => interval.texts[address] ?? "");
    for (const address of addresses) networks.add(networkOf(address));
  }
  networks.delete("");
  return [...rows].map(([name, own]) => {
    const sent = counters().find((each) => each.name === name)?.sent ?? null;
    return sumCaptures(name, own, { networks: networks.size, sent });
  });
}

/** The private /24 of an address; empty for others: addresses of the Internet are no sign of VLANs. */
function networkOf(address: string): string {
  const ipv4 = readIpv4(address);
  if (ipv4 !== null) {
    const own = ipv4 >> 24n === 10n || ipv4 >> 20n === 0xac1n || ipv4 >> 16n === 0xc0a8n;
    return own ? String(ipv4 >> 8n) : "";
  }
  const ipv6 = readIpv6(address);
  return ipv6 !== null && ipv6 >> 121n === 0x7en ? String(ipv6 >> 64n) : "";
}
