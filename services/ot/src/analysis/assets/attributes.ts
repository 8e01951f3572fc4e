/** What one identity of an upload says of a device: itself, and what follows from it (goals 7, 8, 9, N5). */
import type { AssetAttribute, Evidence, Observation, Role } from "../model.ts";
import { osOf, osOfDhcpList } from "./os.ts";
import { roleOfDeviceType, roleOfName, roleOfSystem, roleOfText, roleOfWord } from "./roles-by-identity.ts";
import { confidenceOf } from "./sources.ts";
import { vendorName } from "./vendors.ts";

export interface Saying extends Evidence {
  readonly attribute: AssetAttribute;
}
type Identity = Observation["identities"][number];

/** Factory defaults and fillers that name nothing. */
const empty = /^(n\/?a|none|null|unknown|default|undefined|not set|to be filled by o\.?e\.?m\.?|0+|-+|\?+|x+)$/i;
const cleaned = (value: string): string =>
  value
    .normalize("NFKC")
    .replaceAll(/\p{Cc}/gu, " ")
    .replaceAll(/\s+/g, " ")
    .trim();

/** All that an identity says; empty when the value is a filler. */
export function sayingsOf(identity: Identity): readonly Saying[] {
  const value = cleaned(identity.value);
  if (value === "" || (empty.test(value) && identity.attribute !== "station-address" && identity.attribute !== "vlan"))
    return [];
  const said = (attribute: AssetAttribute, text: string, share = 1, reason?: string): Saying => ({
    attribute,
    value: text,
    source: identity.protocol,
    confidence: Math.round(confidenceOf(identity.protocol, identity.attribute) * share * 100) / 100,
    count: identity.count,
    first: identity.first,
    last: identity.last,
    ...(reason === undefined ? {} : { reason }),
  });
  const role = (found: Role | null, share: number, reason: string): Saying[] =>
    found === null ? [] : [said("role", found, share, reason)];
  switch (identity.attribute) {
    case "vendor":
      return [said("vendor", vendorName(value))];
    case "os": {
      const system = osOf(value) ?? value;
      if (system === "Windows 6.1") return [];
      return [said("os", system), ...role(roleOfSystem(system), 0.55, "system")];
    }
    case "name":
      return [said("name", value), ...role(roleOfName(value), 0.55, "host-name")];
    case "role":
      return role(roleOfWord(value), 1, "states-role");
    case "device-type":
      return [said("device-type", value), ...role(roleOfDeviceType(value), 1, "device-type")];
    case "capability":
      // Every PROFINET device with two ports is a bridge.
      return [said("capability", value), ...role(roleOfWord(value), value === "bridge" ? 0.55 : 0.9, "capability")];
    case "model":
      return [said("model", value), ...role(roleOfText(value), 0.95, "model-name")];
    case "order-number":
      return [said("order-number", value), ...role(roleOfText(value), 0.95, "order-number")];
    case "application":
      return [said("application", value), ...role(roleOfText(value), 0.6, "software")];
    case "description":
      return [said("description", value), ...fromText(value, said), ...role(roleOfText(value), 0.8, "description")];
    case "server-software":
      return [said("server-software", value), ...fromText(value, said), ...role(roleOfText(value), 0.7, "software")];
    case "user-agent":
      return [said("user-agent", value), ...fromText(value, said), ...role(mobile(value), 0.8, "software")];
    case "dhcp-fingerprint":
      return [said("dhcp-fingerprint", value), ...os(osOfDhcpList(value), said)];
    default:
      return [said(identity.attribute, value)];
  }
}

type Say = (attribute: AssetAttribute, text: string, share?: number) => Saying;
const os = (found: string | null, say: Say): Saying[] => (found === null ? [] : [say("os", found, 0.9)]);
const mobile = (agent: string): Role | null =>
  /Android|iPhone|iPad|Mobile/.test(agent) ? "mobile" : /Windows NT|Macintosh/.test(agent) ? "pc" : null;

/** Vendor, model, firmware and order number that vendors write into one line (SNMP sysDescr, LLDP, banners). */
const lines: readonly (readonly [RegExp, Readonly<Partial<Record<AssetAttribute, string>>>])[] = [
  [
    /^Siemens,\s*SIMATIC(?: NET)?,?\s*([^,]+),\s*(6[A-Z]{2}\d \d{3}-\d[A-Z0-9]{4}-\d[A-Z0-9]{3}).*?(?:FW:\s*(?:Version )?([VT][\d.]+))?$/i,
    { vendor: "Siemens", model: "$1", "order-number": "$2", firmware: "$3" },
  ],
  [/^Siemens,\s*SIMATIC(?: NET)?,?\s*([^,]+)/i, { vendor: "Siemens", model: "$1" }],
  [/^Cisco IOS.*?\(([^)]+)\), Version ([^,\s]+)/i, { vendor: "Cisco", firmware: "$2" }],
  [/^(?:Rockwell Automation|Allen-Bradley)\s+(\d{4}-[A-Z0-9]+)/i, { vendor: "Rockwell Automation", model: "$1" }],
  [/^Hirschmann\s+(\S+)/i, { vendor: "Hirschmann", model: "$1" }],
  [/^Moxa\s+(\S+)/i, { vendor: "Moxa", model: "$1" }],
  [/^HP (?:ETHERNET MULTI-ENVIRONMENT|J\d)/i, { vendor: "HP" }],
  [/^(RTX\d+[a-z]?)\s+Rev\.\s*([\d.]+)/i, { vendor: "Yamaha", model: "$1", firmware: "$2" }],
  [/^Allied Teles[iy]s\s+(?:router\/switch,\s*)?(\S+)/i, { vendor: "Allied Telesis", model: "$1" }],
  [/^(?:AXIS)\s+(\S+)/, { vendor: "Axis", model: "$1" }],
  [/^Canon\s+(\S+)/i, { vendor: "Canon", model: "$1" }],
  [/^RICOH\s+(.+?)(?:\s*\/|$)/i, { vendor: "Ricoh", model: "$1" }],
];
function fromText(text: string, say: Say): Saying[] {
  const found: Saying[] = os(osOf(text), say);
  for (const [pattern, fields] of lines) {
    const match = pattern.exec(text);
    if (match === null) continue;
    for (const [attribute, template] of Object.entries(fields) as [AssetAttribute, string][]) {
      const value = template.replaceAll(/\$(\d)/g, (_, group: string) => match[Number(group)] ?? "").trim();
      if (value !== "") found.push(say(attribute, value, 0.95));
    }
    break;
  }
  return found;
}
