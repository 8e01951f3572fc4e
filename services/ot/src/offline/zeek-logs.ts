/**
 * Which of our tables fill which of Zeek's logs. Each row is a sum over the capture (`count`, `requests` … at its end say of how
 * many), because the sensor keeps no single messages: what Zeek knows of one message only stays unset. docs/offline-analysis.md
 * lists the fields.
 */
import { protocols, type ProtocolName } from "../wire/vocabulary.ts";
import type { ZeekLog, ZeekRow, ZeekType } from "./zeek-format.ts";
import { uidOf, type Asked, type Pair, type Said, type ZeekGathering } from "./zeek-gather.ts";

type Fields = Readonly<Record<string, ZeekType>>;
const id: Fields = { ts: "time", uid: "string", "id.orig_h": "addr", "id.orig_p": "port", "id.resp_h": "addr", "id.resp_p": "port" }; // prettier-ignore
const sums: Fields = { requests: "count", responses: "count", errors: "count", events: "count", last_ts: "time" };

const ends = (one: Pair): ZeekRow => ({
  ts: one.first,
  uid: uidOf(one),
  "id.orig_h": one.client,
  // Clients' changing ports are not kept.
  "id.orig_p": null,
  "id.resp_h": one.server,
  "id.resp_p": one.port,
});
const sumsOf = ({ counts, last }: Asked): ZeekRow => ({ ...counts, last_ts: last });

/** Names of services as Zeek's analyzers are called; else ours. */
const services: Partial<Record<ProtocolName, string>> = {
  tls: "ssl",
  smb1: "smb",
  smb2: "smb",
  dcerpc: "dce_rpc",
  kerberos: "krb",
  vnc: "rfb",
  enip: "enip",
  dnp3: "dnp3_tcp",
  "s7comm-plus": "s7comm_plus",
  opcua: "opcua_binary",
};
/** A declared protocol by its name, in one word. */
const wordOf = (title: string): string => title.toLowerCase().replaceAll(/[^\p{L}\p{M}\p{N}]+/gu, "_");
function serviceOf(protocol: ProtocolName, { titles }: ZeekGathering): string | null {
  const declared = titles.get(protocol);
  if (declared !== undefined) return wordOf(declared);
  if (protocol === "unknown" || protocol === "icmp" || protocol === "icmpv6") return null;
  return services[protocol] ?? protocol.replaceAll("-", "_");
}

function connections(gathering: ZeekGathering): ZeekLog {
  const { talk } = gathering;
  const fields: Fields = { ...id, proto: "enum", service: "string", duration: "interval", orig_bytes: "count", resp_bytes: "count", conn_state: "string", missed_bytes: "count", history: "string", orig_pkts: "count", orig_ip_bytes: "count", resp_pkts: "count", resp_ip_bytes: "count", orig_wire_bytes: "count", resp_wire_bytes: "count", connections: "count", refused: "count", unanswered: "count" }; // prettier-ignore
  const rows = talk
    .filter(({ transport }) => transport === "tcp" || transport === "udp" || transport === "icmp")
    .map((one) => ({
      ...ends(one),
      proto: one.transport,
      service: serviceOf(one.protocol, gathering),
      duration: one.last - one.first,
      missed_bytes: one.counts.missing,
      orig_pkts: one.counts.packetsOut,
      resp_pkts: one.counts.packetsIn,
      orig_wire_bytes: one.counts.bytesOut,
      resp_wire_bytes: one.counts.bytesIn,
      connections: one.counts.connections,
      refused: one.counts.refused,
      unanswered: one.counts.unanswered,
    }));
  return { path: "conn", fields, rows };
}

const queryTypes: Readonly<Record<number, string>> = { 1: "A", 2: "NS", 5: "CNAME", 6: "SOA", 12: "PTR", 15: "MX", 16: "TXT", 28: "AAAA", 32: "NB", 33: "SRV", 65: "HTTPS", 255: "*" }; // prettier-ignore
const codes = ["NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP", "REFUSED"];
const lookupPorts: Partial<Record<ProtocolName, number>> = { dns: 53, mdns: 5_353, llmnr: 5_355, nbns: 137 };

function lookups({ lookups: all }: ZeekGathering): ZeekLog {
  const fields: Fields = { ...id, proto: "enum", trans_id: "count", rtt: "interval", query: "string", qclass: "count", qclass_name: "string", qtype: "count", qtype_name: "string", rcode: "count", rcode_name: "string", answers: "string", count: "count", last_ts: "time" }; // prettier-ignore
  const rows = all.map((one) => ({
    ...ends({ ...one, port: lookupPorts[one.protocol] ?? 53 }),
    query: one.name,
    qtype: one.type,
    qtype_name: queryTypes[one.type] ?? `query-${one.type}`,
    rcode: one.outcome,
    rcode_name: one.outcome === null ? null : (codes[one.outcome] ?? `unknown-${one.outcome}`),
    count: one.counts.count,
    last_ts: one.last,
  }));
  return { path: "dns", fields, rows };
}

const loud = (name: string): string =>
  name
    .toUpperCase()
    .replaceAll(/[^A-Z0-9]+/g, "_")
    .replaceAll(/^_|_$/g, "");
const hexOf = (code: number, digits: number): string => `0x${code.toString(16).padStart(digits, "0")}`;

/** Logs whose rows are commands: own fields behind the connection's, and how a command fills them. */
const commandLogs: readonly {
  readonly path: string;
  readonly protocols: readonly ProtocolName[];
  readonly fields: Fields;
  readonly row: (one: Asked) => ZeekRow;
}[] = [
  {
    path: "modbus",
    protocols: ["modbus"],
    fields: { tid: "count", unit: "count", func: "string", pdu_type: "string", exception: "string" },
    row: (one) => ({ unit: one.unit, func: loud(one.name) }),
  },
  {
    path: "dnp3",
    protocols: ["dnp3"],
    fields: { fc_request: "string", fc_reply: "string", iin: "count" },
    row: ({ name, counts }) =>
      counts.events > 0 && counts.requests === 0
        ? { fc_reply: loud(name) }
        : { fc_request: loud(name), fc_reply: counts.responses + counts.errors > 0 ? "RESPONSE" : null },
  },
  {
    path: "s7comm",
    protocols: ["s7comm"],
    fields: { rosctr_code: "count", rosctr_name: "string", pdu_reference: "count", function_code: "string", function_name: "string", subfunction_code: "string", subfunction_name: "string", error_class: "string", error_code: "string" }, // prettier-ignore
    row: ({ code, name }) =>
      code >= 0x7_0000
        ? { rosctr_code: 7, rosctr_name: "User-Data", function_code: hexOf((code >>> 8) & 255, 2), subfunction_code: hexOf(code & 255, 2), subfunction_name: name } // prettier-ignore
        : { rosctr_code: 1, rosctr_name: "Job-Request", function_code: hexOf(code >= 0x2800 ? 0x28 : code, 2), function_name: name }, // prettier-ignore
  },
  {
    path: "s7comm_plus",
    protocols: ["s7comm-plus"],
    fields: { version: "count", opcode: "string", opcode_name: "string", function_code: "string", function_name: "string" }, // prettier-ignore
    row: ({ code, name }) => ({ function_code: hexOf(code > 0xffff ? code >>> 8 : code, 4), function_name: name }),
  },
  {
    path: "enip",
    protocols: ["enip"],
    fields: { command_code: "string", command: "string", length: "count", session_handle: "string", status: "string" },
    row: ({ code, name }) => ({ command_code: hexOf(code, 2), command: name }),
  },
  {
    path: "cip",
    protocols: ["cip"],
    fields: { cip_sequence_count: "count", direction: "string", cip_service_code: "string", cip_service: "string", cip_status_code: "string", cip_status: "string", class_id: "string", class_name: "string", instance_id: "string", attribute_id: "string" }, // prettier-ignore
    row: ({ code, name, object, objectName }) => ({
      cip_service_code: hexOf(code & 127, 2),
      cip_service: name,
      class_id: object === 0 ? null : hexOf(object, 2),
      class_name: objectName,
    }),
  },
  {
    path: "bacnet",
    protocols: ["bacnet"],
    fields: { bvlc_function: "string", pdu_type: "string", pdu_service: "string", invoke_id: "count", result_code: "string" }, // prettier-ignore
    row: ({ name }) => ({
      pdu_service: name
        .replaceAll(/([a-z])([A-Z])/g, "$1_$2")
        .replaceAll("-", "_")
        .toLowerCase(),
    }),
  },
  {
    path: "opcua_binary",
    protocols: ["opcua"],
    fields: { msg_type: "string", is_final: "string", msg_size: "count", error: "string", reason: "string", identifier: "count", identifier_str: "string" }, // prettier-ignore
    row: ({ code, name }) => ({ identifier: code > 0xffff ? null : code, identifier_str: name }),
  },
  {
    path: "http",
    protocols: ["http"],
    fields: { trans_depth: "count", method: "string", host: "string", uri: "string", referrer: "string", version: "string", user_agent: "string", request_body_len: "count", response_body_len: "count", status_code: "count", status_msg: "string" }, // prettier-ignore
    row: ({ name }) => ({ method: name }),
  },
];

/** Other factory protocols have no log that everybody knows: one of our own, in the same form. */
const known = new Set<string>(commandLogs.flatMap((one) => one.protocols));
const otherFields: Fields = { service: "string", function_code: "count", function_name: "string", object: "string", unit: "count", label: "string" }; // prettier-ignore

function commands(gathering: ZeekGathering): ZeekLog[] {
  const { asked } = gathering;
  const row = (one: Asked, own: ZeekRow): ZeekRow => ({ ...ends(one), ...own, ...sumsOf(one) });
  const logs = commandLogs.map(({ path, protocols: wanted, fields, row: fill }) => ({
    path,
    fields: { ...id, ...fields, ...sums },
    rows: asked.filter(({ protocol }) => wanted.includes(protocol)).map((one) => row(one, fill(one))),
  }));
  const rest = asked.filter(({ protocol }) => protocols[protocol].ot && !known.has(protocol));
  return [
    ...logs,
    {
      path: "ot_commands",
      fields: { ...id, ...otherFields, ...sums },
      rows: rest.map((one) =>
        row(one, {
          service: serviceOf(one.protocol, gathering),
          function_code: one.code,
          function_name: one.name,
          object: one.objectName,
          unit: one.unit,
          label: one.label,
        }),
      ),
    },
  ];
}

/** The one value that a device said of itself over a protocol; null where there are none or several. */
function only(said: readonly Said[], address: string, attribute: string): string | null {
  const values = new Set(said.filter((one) => one.address === address && one.attribute === attribute).map((one) => one.value)); // prettier-ignore
  return values.size === 1 ? ([...values][0] as string) : null;
}

function names(gathering: ZeekGathering): ZeekLog[] {
  const { talk, said } = gathering;
  const of = (protocol: ProtocolName): Said[] => said.filter((one) => one.protocol === protocol);
  const pairs = (protocol: ProtocolName) => talk.filter((one) => one.protocol === protocol);
  const [tls, ssh, dhcp] = [of("tls"), of("ssh"), of("dhcp")];
  return [
    {
      path: "ssl",
      fields: { ...id, version: "string", cipher: "string", curve: "string", server_name: "string", resumed: "bool", established: "bool", connections: "count" }, // prettier-ignore
      rows: pairs("tls").map((one) => ({ ...ends(one), server_name: only(tls, one.server, "name"), connections: one.counts.connections })), // prettier-ignore
    },
    {
      path: "ssh",
      fields: { ...id, version: "count", auth_success: "bool", client: "string", server: "string", cipher_alg: "string", mac_alg: "string", kex_alg: "string", host_key_alg: "string", connections: "count" }, // prettier-ignore
      rows: pairs("ssh").map((one) => ({ ...ends(one), client: only(ssh, one.client, "user-agent"), server: only(ssh, one.server, "server-software"), connections: one.counts.connections })), // prettier-ignore
    },
    {
      path: "dhcp",
      fields: { ts: "time", uids: "string", client_addr: "addr", server_addr: "addr", mac: "string", host_name: "string", domain: "string", requested_addr: "addr", assigned_addr: "addr", lease_time: "interval", msg_types: "string", count: "count" }, // prettier-ignore
      rows: dhcp
        .filter(({ attribute }) => attribute === "name")
        .map((one) => ({ ts: one.first, client_addr: /^\d+\./.test(one.address) && one.address !== "0.0.0.0" ? one.address : null, mac: one.mac, host_name: one.value, count: one.counts.count })), // prettier-ignore
    },
  ];
}

/** Every log that has rows. */
export const zeekLogs = (gathering: ZeekGathering): ZeekLog[] =>
  [connections(gathering), lookups(gathering), ...names(gathering), ...commands(gathering)].filter(
    ({ rows }) => rows.length > 0,
  );
