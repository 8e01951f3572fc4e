/** Replaces names and addresses in an interval by tokens, before it is noted in the ledger and leaves the premises (OT-N1). */
import { readIpv4, readIpv6, readMac, writeMac } from "../wire/addresses.ts";
import type { Tokens } from "../wire/tokens.ts";
import { tables, type ColumnKind, type TableName } from "../wire/metadata.ts";
import { attributes, protocols, type Attribute } from "../wire/vocabulary.ts";
import type { Interval } from "../decode/engine.ts";
import { rebuild, rowCount } from "./rebuild.ts";

/** `place`: a device and one of its ports, of which the device is hidden as everywhere. */
type Secrecy = "clear" | "name" | "address" | "place";

/** What an identity says: kinds of things (model, firmware, system) stay clear, names of this plant do not. */
const identities: Readonly<Record<Attribute, Secrecy>> = {
  name: "name",
  vendor: "clear",
  model: "clear",
  "order-number": "clear",
  firmware: "clear",
  hardware: "clear",
  serial: "name",
  os: "clear",
  description: "clear",
  location: "name",
  domain: "name",
  application: "name",
  role: "clear",
  "device-type": "clear",
  "attached-to": "place",
  vlan: "clear",
  "user-agent": "clear",
  ja4: "clear",
  "tcp-fingerprint": "clear",
  "dhcp-fingerprint": "clear",
  "server-software": "clear",
  capability: "clear",
  "station-address": "clear",
  gateway: "address",
  "dns-server": "address",
};

function secrecy(interval: Interval, table: TableName, column: string, row: number): Secrecy {
  if (table === "identities") {
    const attribute = attributes[interval.tables.identities?.attribute[row] ?? -1];
    // An attribute that this table does not know yet is rather hidden.
    return attribute === undefined ? "name" : identities[attribute];
  }
  if (column === "address") return "address";
  return table === "captures" ? "clear" : "name";
}

async function hiddenText(text: string, how: Secrecy, tokens: Tokens): Promise<string> {
  if (how === "name") return tokens.text(text);
  if (how === "address") return tokens.address(text);
  const [device = "", ...port] = text.split("|");
  const mac = readMac(device);
  const address = readIpv4(device) ?? readIpv6(device);
  const hidden = mac !== null ? writeMac(await tokens.mac(mac)) : await (address !== null ? tokens.address(device) : tokens.text(device)); // prettier-ignore
  return [hidden, ...port].join("|");
}

/** The same interval in tokens. */
export async function tokenise(interval: Interval, tokens: Tokens): Promise<Interval> {
  const texts = new Map<string, string>();
  const macs = new Map<number, number>();
  const key = (kind: Secrecy, text: string): string => `${kind} ${text}`;
  for (const [table, columns] of Object.entries(tables) as [TableName, Readonly<Record<string, ColumnKind>>][])
    for (const [column, kind] of Object.entries(columns))
      for (let row = 0; row < rowCount(interval, table); row++) {
        const value = (interval.tables[table] as unknown as Record<string, readonly number[]>)[column]?.[row] as number;
        if (kind === "mac") macs.set(value, await tokens.mac(value));
        if (kind !== "text" || value < 0) continue;
        const text = interval.texts[value] as string;
        const how = secrecy(interval, table, column, row);
        if (how !== "clear") texts.set(key(how, text), await hiddenText(text, how, tokens));
      }
  const hidden = rebuild(interval, () => true, {
    allEndpoints: true,
    renaming: {
      text: (text, table, column, row) => texts.get(key(secrecy(interval, table, column, row), text)) ?? text,
      mac: (mac) => macs.get(mac) ?? mac,
    },
  });
  hideAsked(hidden);
  return hidden;
}

/** Commands of ARP name the addresses that were asked for, as numbers: how far they lie apart is all that a sweep is told by. */
function hideAsked({ tables: { commands } }: Interval): void {
  for (const [row, protocol] of commands?.protocol.entries() ?? []) {
    const [low = -1, high = -1] = [commands?.low[row], commands?.high[row]];
    if (commands === undefined || protocol !== protocols.arp.id || low < 0) continue;
    (commands.low as number[])[row] = 0;
    (commands.high as number[])[row] = Math.max(0, high - low);
  }
}
