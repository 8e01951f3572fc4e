/** Addresses, ports and variables of a rule's header: `any`, `!x`, `[a,b,!c]`, `$NAME`, CIDR, `1:1024`. */
import { ipv4Bytes, ipv6Bytes } from "./bytes.ts";
import { Refused, type AddressSet, type PortSet, type Prefix } from "./rule.ts";

export type Variables = ReadonlyMap<string, string>;

const home = "[10.0.0.0/8,172.16.0.0/12,192.168.0.0/16,169.254.0.0/16,fc00::/7,fe80::/10]";
/**
 * What rule files expect to be set, with the values that Suricata's own configuration has, and for Quickdraw's. A line
 * `var NAME value` (or `ipvar`, `portvar`) before the rules sets another value.
 */
export const defaultVariables: Variables = new Map([
  ["HOME_NET", home],
  ["EXTERNAL_NET", "!$HOME_NET"],
  ...["HTTP", "SMTP", "SQL", "DNS", "TELNET"].map((name) => [`${name}_SERVERS`, "$HOME_NET"] as const),
  ...["MODBUS", "DNP3", "ENIP", "BACNET", "MODICON", "FINS", "S7", "FOX", "DC", "AIM"].flatMap((name) => [
    [`${name}_CLIENT`, "$HOME_NET"] as const,
    [`${name}_SERVER`, "$HOME_NET"] as const,
    [`${name}_SERVERS`, "$HOME_NET"] as const,
  ]),
  ["HTTP_PORTS", "80"],
  ["SHELLCODE_PORTS", "!80"],
  ["ORACLE_PORTS", "1521"],
  ["SSH_PORTS", "22"],
  ["FTP_PORTS", "21"],
  ["DNP3_PORTS", "20000"],
  ["MODBUS_PORTS", "502"],
  ["FILE_DATA_PORTS", "[$HTTP_PORTS,110,143]"],
  ["GENEVE_PORTS", "6081"],
  ["VXLAN_PORTS", "4789"],
  ["TEREDO_PORTS", "3544"],
]);

/** Depth of lists and variables within each other. */
const MAX_DEPTH = 8;

interface Item {
  readonly text: string;
  readonly negated: boolean;
}

/** Flattens a specification to single items. */
function itemsOf(text: string, variables: Variables, negated: boolean, depth: number): Item[] {
  if (depth > MAX_DEPTH) throw new Refused("list-deep", { limit: MAX_DEPTH });
  const trimmed = text.trim();
  if (trimmed.startsWith("!")) return itemsOf(trimmed.slice(1), variables, !negated, depth + 1);
  if (trimmed.startsWith("$")) {
    const value = variables.get(trimmed.slice(1));
    if (value === undefined) throw new Refused("variable-unset", { name: trimmed });
    return itemsOf(value, variables, negated, depth + 1);
  }
  if (!trimmed.startsWith("[")) return [{ text: trimmed, negated }];
  if (!trimmed.endsWith("]")) throw new Refused("list-open", { text: trimmed });
  return split(trimmed.slice(1, -1)).flatMap((part) => itemsOf(part, variables, negated, depth + 1));
}

/** At the commas that do not lie in an inner list. */
function split(text: string): string[] {
  const parts: string[] = [];
  let [depth, from] = [0, 0];
  for (let i = 0; i < text.length; i++) {
    if (text[i] === "[") depth++;
    else if (text[i] === "]") depth--;
    else if (text[i] === "," && depth === 0) {
      parts.push(text.slice(from, i));
      from = i + 1;
    }
  }
  return [...parts, text.slice(from)].filter((part) => part.trim() !== "");
}

export function parseAddresses(text: string, variables: Variables): AddressSet {
  const include: Prefix[] = [];
  const exclude: Prefix[] = [];
  for (const item of itemsOf(text, variables, false, 0)) {
    if (item.text === "any") {
      if (item.negated) throw new Refused("not-any");
      continue;
    }
    (item.negated ? exclude : include).push(...prefixesOf(item.text));
  }
  return { include, exclude };
}

function prefixesOf(text: string): Prefix[] {
  const range = /^([^-]+)-([^-]+)$/.exec(text);
  if (range !== null) throw new Refused("address-range", { text });
  const [address = "", length] = text.split("/");
  const bytes = ipv4Bytes(address) ?? ipv6Bytes(address);
  if (bytes === null) throw new Refused("address", { text });
  const bits = length === undefined ? bytes.length * 8 : Number(length);
  if (!Number.isInteger(bits) || bits < 0 || bits > bytes.length * 8) throw new Refused("prefix", { text });
  return [{ bytes, bits }];
}

export function parsePorts(text: string, variables: Variables): PortSet {
  const include: (readonly [number, number])[] = [];
  const exclude: (readonly [number, number])[] = [];
  for (const item of itemsOf(text, variables, false, 0)) {
    if (item.text === "any") {
      if (item.negated) throw new Refused("not-any");
      continue;
    }
    const [from = "", to = from] = item.text.split(":");
    const range = [from === "" ? 0 : Number(from), to === "" ? 65_535 : Number(to)] as const;
    if (range.some((port) => !Number.isInteger(port) || port < 0 || port > 65_535) || range[0] > range[1]) {
      throw new Refused("port", { text: item.text });
    }
    (item.negated ? exclude : include).push(range);
  }
  return { include, exclude };
}

export const inPorts = ({ include, exclude }: PortSet, port: number): boolean => {
  for (const [from, to] of exclude) if (port >= from && port <= to) return false;
  if (include.length === 0) return true;
  for (const [from, to] of include) if (port >= from && port <= to) return true;
  return false;
};

export function inAddresses({ include, exclude }: AddressSet, packet: Uint8Array, at: number, length: number): boolean {
  for (const prefix of exclude) if (covers(prefix, packet, at, length)) return false;
  if (include.length === 0) return true;
  for (const prefix of include) if (covers(prefix, packet, at, length)) return true;
  return false;
}

function covers({ bytes, bits }: Prefix, packet: Uint8Array, at: number, length: number): boolean {
  if (bytes.length !== length) return false;
  const whole = bits >> 3;
  for (let i = 0; i < whole; i++) if (packet[at + i] !== bytes[i]) return false;
  const rest = bits & 7;
  if (rest === 0) return true;
  const mask = (0xff00 >> rest) & 0xff;
  return ((packet[at + whole] as number) & mask) === ((bytes[whole] as number) & mask);
}
