/** Measures of the office's protocols: mostly names that devices give themselves or ask for, each once. */
import type { ProtocolName } from "@yagura/ot/wire/vocabulary.ts";
import { textAt, type Row } from "./logs.ts";
import { codes, key, pairKey, plain, told, nameOf, type Measure } from "./measure.ts";
import type { Identity, Ours } from "./ours.ts";

/** What devices were said to be, as keys. */
const named =
  (wanted: readonly ProtocolName[], make: (one: Identity) => string | null) =>
  ({ identities }: Ours): string[] =>
    identities.flatMap((one) => {
      const said = wanted.includes(one.protocol) ? make(one) : null;
      return said === null ? [] : [said];
    });
const lower = (value: string | undefined): string => (value ?? "").toLowerCase().replace(/\.$/, "");
const given = (value: string | undefined, make: (value: string) => string): string[] =>
  value === undefined || value === "" ? [] : [make(value)];

const queries = (protocol: ProtocolName, ports: readonly string[]): Measure => ({
  protocol,
  what: "identities",
  key: "who asks, name",
  once: true,
  ours: ({ lookups }) =>
    lookups.flatMap((one) =>
      one.protocol === protocol && one.outcome === -1 && one.name !== "" ? [`${one.source} ${lower(one.name)}`] : [],
    ),
  zeek: [
    {
      log: "dns.log",
      keys: (row) =>
        ports.includes(row["id.resp_p"] ?? "") && ["", "0", undefined].includes(row["opcode"])
          ? given(row["query"], (name) => `${row["id.orig_h"]} ${lower(name)}`)
          : [],
    },
  ],
  suricata: {
    type: "dns",
    keys: (event) =>
      textAt(event, "dns", "type") === "query" && ports.includes(textAt(event, "dest_port"))
        ? given(textAt(event, "dns", "rrname"), (name) => `${textAt(event, "src_ip")} ${lower(name)}`)
        : [],
  },
});

const hostName = (host: string): string => lower(host.replace(/:\d+$/, "").replace(/^\[(.*)\]$/, "$1"));
const isAddress = (host: string): boolean => /^\d+(\.\d+){3}$/.test(host) || host.includes(":");
const httpHosts: Measure = {
  protocol: "http",
  what: "identities",
  key: "server, host name",
  once: true,
  ours: named(["http"], ({ by, address, attribute, value }) =>
    by === "destination" && attribute === "name" && !isAddress(value) ? `${address} ${hostName(value)}` : null,
  ),
  zeek: [
    {
      log: "http.log",
      keys: (row) => given(row["host"], (host) => hostName(host)).flatMap((host) => (isAddress(host) ? [] : [`${row["id.resp_h"]} ${host}`])), // prettier-ignore
    },
  ],
  suricata: {
    type: "http",
    keys: (event) => given(textAt(event, "http", "hostname"), (host) => hostName(host)).flatMap((host) => (isAddress(host) ? [] : [`${textAt(event, "dest_ip")} ${host}`])), // prettier-ignore
  },
};
const httpMethods: Measure = {
  protocol: "http",
  what: "functions",
  key: "client, server, method",
  ours: told("http", ({ outcome, code }) => (outcome === "request" && code !== 0 ? nameOf("http", code) : null)),
  zeek: [
    {
      log: "http.log",
      keys: (row) => given(row["method"], (method) => key(row["id.orig_h"] ?? "", row["id.resp_h"] ?? "", method)),
    },
  ],
  suricata: {
    type: "http",
    keys: (event) => given(textAt(event, "http", "http_method"), (method) => key(textAt(event, "src_ip"), textAt(event, "dest_ip"), method)), // prettier-ignore
  },
};

const sni = (protocol: "tls" | "quic", log: string): Measure => ({
  protocol,
  what: "identities",
  key: "server, name asked for",
  once: true,
  ours: named(protocol === "tls" ? ["tls", "quic"] : ["quic"], ({ by, address, attribute, value }) =>
    by === "destination" && attribute === "name" ? `${address} ${lower(value)}` : null,
  ),
  zeek: [
    {
      log,
      keys: (row) => given(row["server_name"], (name) => `${row["id.resp_h"]} ${lower(name)}`).filter((one) => !isAddress(one.split(" ")[1] ?? "")), // prettier-ignore
    },
  ],
});

const dtlsVersion = (row: Row): string[] =>
  (row["version"] ?? "").startsWith("DTLS") ? [`${row["id.resp_h"]} ${row["version"]}`] : [];
const dtls: Measure = {
  protocol: "dtls",
  what: "identities",
  key: "server, version",
  once: true,
  ours: named(["dtls", "stun"], ({ attribute, address, value }) => (attribute === "capability" && value.startsWith("DTLS ") ? `${address} ${value.replace("DTLS 1.", "DTLSv1")}` : null)), // prettier-ignore
  zeek: [
    { log: "ssl.log", keys: dtlsVersion },
    { log: "ssl-all.log", keys: dtlsVersion },
  ],
};

const ssh: Measure = {
  protocol: "ssh",
  what: "identities",
  key: "device, software",
  once: true,
  ours: named(["ssh"], ({ address, value }) => `${address} ${value.split(" ")[0]}`),
  zeek: [
    {
      log: "ssh.log",
      keys: (row) =>
        [["id.orig_h", row["client"]] as const, ["id.resp_h", row["server"]] as const].flatMap(([side, banner]) =>
          given(banner, (text) => `${row[side]} ${text.replace(/^SSH-[^-]+-/, "").split(" ")[0]}`),
        ),
    },
  ],
};

const dhcp: Measure = {
  protocol: "dhcp",
  what: "identities",
  key: "host name that a client gives itself",
  once: true,
  ours: named(["dhcp"], ({ attribute, value }) => (attribute === "name" ? lower(value) : null)),
  zeek: [{ log: "dhcp.log", keys: (row) => given(row["host_name"], lower) }],
  suricata: { type: "dhcp", keys: (event) => given(textAt(event, "dhcp", "hostname"), lower) },
};
const dhcpv6: Measure = {
  protocol: "dhcpv6",
  what: "identities",
  key: "device, host name",
  once: true,
  ours: named(["dhcpv6"], ({ attribute, value }) => (attribute === "name" ? lower(value.split(".")[0]) : null)),
  zeek: [{ log: "dhcpv6.log", keys: (row) => given(row["Hostname"], (name) => lower(name.split(".")[0])) }],
};
const ssdp: Measure = {
  protocol: "ssdp",
  what: "identities",
  key: "device, software",
  once: true,
  ours: named(["ssdp"], ({ attribute, address, value }) =>
    attribute === "server-software" || attribute === "user-agent" ? `${address} ${plain(value)}` : null,
  ),
  zeek: [{ log: "ssdp.log", excerpt: true, keys: (row) => given(row["SERVER_or_USER_AGENT"], (text) => `${row["SrcIP"]} ${plain(text)}`) }], // prettier-ignore
};
const nbns: Measure = {
  protocol: "nbns",
  what: "identities",
  key: "device, name",
  once: true,
  ours: named(["nbns"], ({ attribute, address, value }) =>
    attribute === "name" ? `${address} ${lower(value)}` : null,
  ),
  zeek: [{ log: "nbns.log", keys: (row) => given(row["Name"], (name) => `${row["SrcIP"]} ${lower(name)}`) }],
};
const browser: Measure = {
  protocol: "nb-datagram",
  what: "identities",
  key: "device, name",
  once: true,
  ours: named(["nb-datagram"], ({ attribute, address, value }) => (attribute === "name" ? `${address} ${lower(value)}` : null)), // prettier-ignore
  zeek: [{ log: "cifs.log", keys: (row) => given(row["ServerName"], (name) => `${row["SrcIP"]} ${lower(name)}`) }],
  tshark: { field: "browser.server", keys: (row) => given(row["browser.server"], (name) => `${row["ip.src"]} ${lower(name)}`) }, // prettier-ignore
};
const lldp: Measure = {
  protocol: "lldp",
  what: "identities",
  key: "device, system name",
  once: true,
  ours: named(["lldp"], ({ by, attribute, address, value }) => (by === "source" && attribute === "name" ? `${address} ${value}` : null)), // prettier-ignore
  tshark: { field: "lldp.tlv.system.name", keys: (row) => given(row["lldp.tlv.system.name"], (name) => `${row["eth.src"]} ${name}`) }, // prettier-ignore
};
const mqtt: Measure = {
  protocol: "mqtt",
  what: "identities",
  key: "client, its identifier",
  once: true,
  ours: named(["mqtt"], ({ attribute, address, value }) =>
    attribute === "application" ? `${address} ${value}` : null,
  ),
  zeek: [{ log: "mqtt_connect.log", keys: (row) => given(row["client_id"], (id) => `${row["id.orig_h"]} ${id}`) }],
};

const ends = (row: Row): [string, string] => [row["id.orig_h"] ?? "", row["id.resp_h"] ?? ""];
const ntp: Measure = {
  protocol: "ntp",
  what: "functions",
  key: "the two ends, answers of servers",
  ours: told("ntp", ({ code, outcome }) => (code === 4 || (code === 3 && outcome === "response") ? 4 : null), pairKey),
  zeek: [{ log: "ntp.log", keys: (row) => (row["mode"] === "4" ? [pairKey(...ends(row), 4)] : []) }],
};
const sipCode = codes("sip");
const sip: Measure = {
  protocol: "sip",
  what: "functions",
  key: "client, server, method (each once)",
  once: true,
  ours: told("sip", ({ outcome, code }) => (outcome === "request" && code !== 2 ? code : null)),
  zeek: [
    {
      log: "sip.log",
      keys: (row) => given(row["method"]?.replace("ACK", ""), (method) => key(...ends(row), sipCode(method))),
    },
  ],
};
const tftp: Measure = {
  protocol: "tftp",
  what: "functions",
  key: "client, server, read or write",
  ours: told("tftp", ({ code }) => (code === 1 || code === 2 ? code : null)),
  zeek: [{ log: "tftp.log", keys: (row) => [key(...ends(row), row["wrq"] === "T" ? 2 : 1)] }],
};
const kerberos: Measure = {
  protocol: "kerberos",
  what: "functions",
  key: "client, server, kind of request (each once)",
  once: true,
  ours: told("kerberos", ({ outcome, code }) => (outcome === "request" && (code === 10 || code === 12) ? (code === 10 ? "AS" : "TGS") : null)), // prettier-ignore
  zeek: [
    {
      log: "kerberos.log",
      keys: (row) => given(row["request_type"]?.replace("AP", ""), (type) => key(...ends(row), type)),
    },
  ],
};
const ldap: Measure = {
  protocol: "ldap",
  what: "functions",
  key: "client, server, operation (each once)",
  once: true,
  ours: told("ldap", ({ outcome, code }) =>
    outcome === "request" && code !== 0x63 ? plain(nameOf("ldap", code)) : null,
  ),
  zeek: [
    {
      log: "ldap.log",
      keys: (row) => given(row["opcode"], (opcode) => key(...ends(row), plain(opcode.split(" ")[0] as string))),
    },
  ],
};
const radius: Measure = {
  protocol: "radius",
  what: "functions",
  key: "client, server: asked (each once)",
  once: true,
  ours: told("radius", ({ outcome }) => (outcome === "request" ? "request" : null)),
  zeek: [{ log: "radius.log", keys: (row) => [key(...ends(row), "request")] }],
};
const syslog: Measure = {
  protocol: "syslog",
  what: "messages",
  key: "source, destination",
  ours: told("syslog", () => "message"),
  zeek: [{ log: "syslog.log", keys: (row) => [key(...ends(row), "message")] }],
};

export const office: readonly Measure[] = [
  dhcp,
  dhcpv6,
  queries("dns", ["53"]),
  queries("mdns", ["5353"]),
  queries("llmnr", ["5355"]),
  nbns,
  browser,
  ssdp,
  lldp,
  httpMethods,
  httpHosts,
  sni("tls", "ssl.log"),
  sni("quic", "quic.log"),
  dtls,
  ssh,
  ntp,
  kerberos,
  ldap,
  mqtt,
  sip,
  tftp,
  radius,
  syslog,
];
