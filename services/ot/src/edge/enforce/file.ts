/**
 * The file by which the premises give a sensor the means to take devices off the network (docs/enforcement.md), read once, by
 * descriptor. It holds secrets: nothing of its values is in errors.
 */
import { isIP } from "node:net";
import { readNetwork, type Network } from "../../wire/addresses.ts";
import { MAX_BLOCKS } from "../../wire/enforcement.ts";

/** Words after which a value is encrypted or signed; DES and MD5 are too weak to offer. */
const authentications = ["sha", "sha224", "sha256", "sha384", "sha512"] as const;
const privacies = ["aes", "aes256b", "aes256r"] as const;

export type Security =
  | {
      readonly version: "3";
      readonly user: string;
      readonly authentication: (typeof authentications)[number];
      readonly authenticationKey: string;
      readonly privacy: (typeof privacies)[number];
      readonly privacyKey: string;
    }
  | { readonly version: "2c"; readonly community: string };
export interface SwitchAccess {
  readonly address: string;
  readonly port: number;
  /** SNMPv3 context (Cisco keeps a bridge table for each VLAN in `vlan-N`); null: the default one. */
  readonly context: string | null;
  readonly security: Security;
}
export interface Switch extends SwitchAccess {
  readonly name: string;
  /** Names of ports (ifName or ifDescr) that are never shut. */
  readonly protected: readonly string[];
  /** Port by MAC, where the switch's tables do not tell it. */
  readonly ports: ReadonlyMap<number, string>;
}
export type NacAct =
  | { readonly kind: "disconnect" }
  | {
      readonly kind: "attributes";
      readonly filter: string | null;
      readonly vlan: string | null;
      /** Vendor-specific texts: vendor, type, text. */
      readonly vendor: readonly (readonly [vendor: number, type: number, text: string])[];
    };
export interface Nac {
  readonly name: string;
  readonly address: string;
  readonly port: number;
  readonly secret: string;
  /** NAS-IP-Address or NAS-Identifier; null: left out. */
  readonly nas: string | null;
  /** How the NAC writes a MAC in Calling-Station-Id. */
  readonly mac: "AA-BB-CC-DD-EE-FF" | "aa-bb-cc-dd-ee-ff" | "aa:bb:cc:dd:ee:ff" | "aabb.ccdd.eeff" | "aabbccddeeff";
  readonly block: NacAct;
  readonly release: NacAct;
  /** Take answers without Message-Authenticator: for old NACs, at the risk that answers are forged. */
  readonly plainAnswers: boolean;
}
export interface Enforcement {
  readonly devices: number;
  readonly hours: number;
  readonly learned: number;
  readonly neverMacs: ReadonlySet<number>;
  readonly neverNetworks: readonly Network[];
  readonly nacs: readonly Nac[];
  readonly switches: readonly Switch[];
}

/** What is wrong with the file, by the place in it; never its values. */
export class FileFault extends Error {}

type Fields = Readonly<Record<string, unknown>>;
const fault = (place: string, wanted: string): never => {
  throw new FileFault(`${place}: ${wanted}`);
};

function fieldsOf(value: unknown, place: string, known: readonly string[]): Fields {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return fault(place, "an object is needed");
  const more = Object.keys(value).find((name) => !known.includes(name));
  if (more !== undefined) return fault(`${place}.${more}`, `not known here; there are ${known.join(", ")}`);
  return value as Fields;
}
function text(fields: Fields, name: string, place: string, low = 1, high = 128): string {
  const value = fields[name];
  return typeof value === "string" &&
    value.length >= low &&
    value.length <= high &&
    ![...value].some((letter) => letter < " " || letter === "\u007f")
    ? value
    : fault(`${place}.${name}`, `a text of ${low} to ${high} characters is needed`);
}
function whole(fields: Fields, name: string, place: string, low: number, high: number, otherwise?: number): number {
  const value = fields[name] ?? otherwise;
  return Number.isInteger(value) && (value as number) >= low && (value as number) <= high
    ? (value as number)
    : fault(`${place}.${name}`, `a whole number from ${low} to ${high} is needed`);
}
function list(fields: Fields, name: string, place: string, high: number): readonly unknown[] {
  const value = fields[name] ?? [];
  return Array.isArray(value) && value.length <= high ? value : fault(`${place}.${name}`, `a list of at most ${high}`);
}
function word<const W extends readonly string[]>(fields: Fields, name: string, place: string, words: W): W[number] {
  const value = fields[name];
  return words.includes(value as W[number]) ? (value as W[number]) : fault(`${place}.${name}`, words.join(", "));
}
function address(fields: Fields, place: string): string {
  const value = fields["address"];
  return typeof value === "string" && isIP(value) !== 0 ? value : fault(`${place}.address`, "an IP address is needed");
}

/** `aa:bb:cc:dd:ee:ff`, `aa-bb-cc-dd-ee-ff` or `aabb.ccdd.eeff`; null when it is none. */
export const macOf = (value: unknown): number | null =>
  typeof value === "string" &&
  /^(([0-9a-f]{2}([:-]))([0-9a-f]{2}\3){4}[0-9a-f]{2}|([0-9a-f]{4}\.){2}[0-9a-f]{4})$/i.test(value)
    ? Number.parseInt(value.replaceAll(/[:.-]/g, ""), 16)
    : null;

/** Throws FileFault. */
export function readEnforcement(content: string): Enforcement {
  let parsed: unknown;
  try {
    parsed = JSON.parse(content);
  } catch {
    // The parser's words quote the file.
    return fault("the file", "this is no JSON");
  }
  const root = fieldsOf(parsed, "the file", ["version", "limits", "never", "nacs", "switches"]);
  if (root["version"] !== 1) return fault("version", "1 is needed");
  const limits = fieldsOf(root["limits"] ?? {}, "limits", ["devices", "hours", "learned"]);
  const neverMacs = new Set<number>();
  const neverNetworks: Network[] = [];
  for (const [i, entry] of list(root, "never", "the file", 10_000).entries()) {
    const mac = macOf(entry);
    const network = typeof entry === "string" ? readNetwork(entry) : null;
    if (mac !== null) neverMacs.add(mac);
    else if (network !== null) neverNetworks.push(network);
    else return fault(`never[${i}]`, "a MAC, an address or a network (192.0.2.0/24) is needed");
  }
  const nacs = list(root, "nacs", "the file", 16).map((entry, i) => readNac(entry, `nacs[${i}]`));
  const switches = list(root, "switches", "the file", 64).map((entry, i) => readSwitch(entry, `switches[${i}]`));
  if (nacs.length + switches.length === 0) return fault("the file", "at least one entry in nacs or switches is needed");
  return {
    devices: whole(limits, "devices", "limits", 1, MAX_BLOCKS, 3),
    hours: whole(limits, "hours", "limits", 1, 720, 24),
    learned: whole(limits, "learned", "limits", 1, 1_000, 1),
    neverMacs,
    neverNetworks,
    nacs,
    switches,
  };
}

function readSwitch(value: unknown, place: string): Switch {
  const fields = fieldsOf(value, place, ["name", "address", "port", "context", "snmp", "protected", "ports"]);
  const ports = new Map<number, string>();
  const named = fieldsOf(fields["ports"] ?? {}, `${place}.ports`, Object.keys((fields["ports"] as object) ?? {}));
  for (const key of Object.keys(named)) {
    const mac = macOf(key) ?? fault(`${place}.ports`, "MACs are needed as names");
    ports.set(mac, text(named, key, `${place}.ports`, 1, 64));
  }
  return {
    name: text(fields, "name", place, 1, 60),
    address: address(fields, place),
    port: whole(fields, "port", place, 1, 65_535, 161),
    context: fields["context"] === undefined ? null : text(fields, "context", place, 1, 32),
    security: readSecurity(fields["snmp"], `${place}.snmp`),
    protected: list(fields, "protected", place, 256).map((entry) =>
      typeof entry === "string" ? entry : fault(`${place}.protected`, "names of ports are needed"),
    ),
    ports,
  };
}

function readSecurity(value: unknown, place: string): Security {
  const names = ["version", "user", "authentication", "authenticationKey", "privacy", "privacyKey", "community"];
  const fields = fieldsOf(value, place, names);
  if (word(fields, "version", place, ["3", "2c"]) === "2c")
    return { version: "2c", community: text(fields, "community", place, 1, 64) };
  return {
    version: "3",
    user: text(fields, "user", place, 1, 32),
    authentication: word(fields, "authentication", place, authentications),
    // RFC 3414, section 11.2: a password of eight characters at least.
    authenticationKey: text(fields, "authenticationKey", place, 8, 128),
    privacy: word(fields, "privacy", place, privacies),
    privacyKey: text(fields, "privacyKey", place, 8, 128),
  };
}

const macForms = ["AA-BB-CC-DD-EE-FF", "aa-bb-cc-dd-ee-ff", "aa:bb:cc:dd:ee:ff", "aabb.ccdd.eeff", "aabbccddeeff"] as const; // prettier-ignore

function readNac(value: unknown, place: string): Nac {
  const names = ["name", "address", "port", "secret", "nas", "mac", "block", "release", "plainAnswers"];
  const fields = fieldsOf(value, place, names);
  const plain = fields["plainAnswers"] ?? false;
  if (typeof plain !== "boolean") return fault(`${place}.plainAnswers`, "true or false is needed");
  return {
    name: text(fields, "name", place, 1, 60),
    address: address(fields, place),
    port: whole(fields, "port", place, 1, 65_535, 3_799),
    secret: text(fields, "secret", place, 8, 128),
    nas: fields["nas"] === undefined ? null : text(fields, "nas", place, 1, 64),
    mac: fields["mac"] === undefined ? "AA-BB-CC-DD-EE-FF" : word(fields, "mac", place, macForms),
    block: readAct(fields["block"], `${place}.block`),
    release: fields["release"] === undefined ? { kind: "disconnect" } : readAct(fields["release"], `${place}.release`),
    plainAnswers: plain,
  };
}

function readAct(value: unknown, place: string): NacAct {
  const fields = fieldsOf(value, place, ["kind", "filter", "vlan", "vendor"]);
  if (word(fields, "kind", place, ["disconnect", "attributes"]) === "disconnect") return { kind: "disconnect" };
  const optional = (name: string): string | null =>
    fields[name] === undefined ? null : text(fields, name, place, 1, 64);
  const vendor = list(fields, "vendor", place, 8).map((entry, i) => {
    const one = fieldsOf(entry, `${place}.vendor[${i}]`, ["vendor", "type", "text"]);
    const at = `${place}.vendor[${i}]`;
    return [
      whole(one, "vendor", at, 1, 16_777_215),
      whole(one, "type", at, 1, 255),
      text(one, "text", at, 1, 200),
    ] as const;
  });
  const act = { kind: "attributes", filter: optional("filter"), vlan: optional("vlan"), vendor } as const;
  if (act.filter === null && act.vlan === null && vendor.length === 0)
    return fault(place, "filter, vlan or vendor is needed");
  return act;
}
