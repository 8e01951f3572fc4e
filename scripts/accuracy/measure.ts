/** What is measured: for each protocol how our words, Zeek's, tshark's and Suricata's become the same keys. */
import type { FunctionTable } from "@yagura/ot/protocols/dissector.ts";
import { dissectors } from "@yagura/ot/protocols/registry.ts";
import type { Attribute, ProtocolName } from "@yagura/ot/wire/vocabulary.ts";
import type { Event, Row } from "./logs.ts";
import type { Ours, Told } from "./ours.ts";

export interface ZeekTruth {
  /** Names of its logs; the first that a capture has counts. */
  readonly log: string;
  /** Columns behind the connection's four, for baselines without a header. */
  readonly columns?: readonly string[];
  readonly keys: (row: Row) => readonly string[];
  /** A table whose times are not the capture's: made of the same frames, sent again. */
  readonly anyTime?: true;
  /** A table that shows some kinds of messages only: what else we tell is not judged. */
  readonly excerpt?: true;
}
export interface Measure {
  readonly protocol: ProtocolName;
  readonly what: "messages" | "functions" | "identities";
  /** What a key is, for the page. */
  readonly key: string;
  readonly ours: (ours: Ours) => Iterable<string>;
  readonly zeek?: readonly ZeekTruth[];
  readonly tshark?: { readonly field: string; readonly keys: (row: Row) => readonly string[] };
  readonly suricata?: { readonly type: string; readonly keys: (event: Event) => readonly string[] };
  /** True: each key counts once however often it was said (names; tools that pair questions with answers). */
  readonly once?: true;
}

/** Lower-case letters and digits only: the tools write the same names with other signs. */
export const plain = (name: string): string => name.toLowerCase().replaceAll(/[^a-z0-9]/g, "");

const functionsOf = (protocol: ProtocolName): FunctionTable =>
  dissectors.find((one) => one.protocol === protocol)?.functions ?? new Map();
/** Code of a function by its name, where the names agree but for signs. */
export function codes(protocol: ProtocolName, also: Readonly<Record<string, number>> = {}): (name: string) => string {
  const known = new Map([...functionsOf(protocol)].map(([code, { name }]) => [plain(name), code]).toReversed() as [string, number][]); // prettier-ignore
  for (const [name, code] of Object.entries(also)) known.set(plain(name), code);
  return (name) => String(known.get(plain(name)) ?? name);
}
export const nameOf = (protocol: ProtocolName, code: number): string => functionsOf(protocol).get(code)?.name ?? String(code); // prettier-ignore

export const key = (source: string, destination: string, what: string | number): string => `${source}>${destination} ${what}`; // prettier-ignore
/** Where a truth does not say who sent it. */
export const pairKey = (a: string, b: string, what: string | number): string =>
  a < b ? `${a}=${b} ${what}` : `${b}=${a} ${what}`;

/** Keys of what we told of a protocol: `what` names it, null leaves it out. */
export const told =
  (protocol: ProtocolName, what: (one: Told) => string | number | null, make = key) =>
  (ours: Ours): string[] =>
    ours.told.flatMap((one) => {
      if (one.protocol !== protocol) return [];
      const said = what(one);
      return said === null ? [] : [make(one.source, one.destination, said)];
    });
export const messagesOf =
  (...some: readonly ProtocolName[]) =>
  (ours: Ours): string[] =>
    some.flatMap((protocol) =>
      [...(ours.messages.get(protocol) ?? [])].flatMap(([ends, count]) =>
        Array.from({ length: count }, () => `${ends} message`),
      ),
    );

/** Directions of Zeek's rows. */
export const asked = (row: Row, what: string | number): string =>
  key(row["id.orig_h"] ?? "", row["id.resp_h"] ?? "", what);
export const answered = (row: Row, what: string | number): string =>
  key(row["id.resp_h"] ?? "", row["id.orig_h"] ?? "", what);
export const sent = (row: Row, what: string | number): string =>
  key(row["source_h"] ?? "", row["destination_h"] ?? "", what);
/** tshark's fields lack the addresses of IPv6: against it they are all this. */
const SOME_IPV6 = "ipv6";
export const withoutIpv6 = (text: string): string =>
  text.replaceAll(/[0-9a-f:.]*:[0-9a-f:.]*/g, (address) => (/^([0-9a-f]{2}:){5}[0-9a-f]{2}$/.test(address) ? address : SOME_IPV6)); // prettier-ignore
/** Direction of tshark's rows: addresses of IP, else of Ethernet. */
export const seen = (row: Row, what: string | number): string => {
  if ((row["ip.src"] ?? "") !== "") return key(row["ip.src"] ?? "", row["ip.dst"] ?? "", what);
  if ((row["frame.protocols"] ?? "").includes(":ipv6")) return key(SOME_IPV6, SOME_IPV6, what);
  return key(row["eth.src"] ?? "", row["eth.dst"] ?? "", what);
};
/** The same key as often as a table of a README says. */
export const times = (row: Row, one: string): string[] => Array.from({ length: Number(row["number"]) || 0 }, () => one);

/** What devices were said to be by a protocol: address and value, of some attributes. */
export const said =
  (protocol: ProtocolName, ...wanted: readonly Attribute[]) =>
  ({ identities }: Ours): string[] =>
    identities.flatMap((one) =>
      one.protocol === protocol && wanted.includes(one.attribute) ? [`${one.address} ${one.value}`] : [],
    );
