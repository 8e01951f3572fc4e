/** Measures of the factory's protocols. Key: source>destination and the function, as the protocol numbers it. */
import { at, several, textAt } from "./logs.ts";
import { japan } from "./japan.ts";
import { power } from "./power.ts";
import { Tally } from "./score.ts";
import {
  answered,
  asked,
  codes,
  key,
  messagesOf,
  nameOf,
  plain,
  said,
  seen,
  sent,
  told,
  type Measure,
} from "./measure.ts";

const numbers = Array.from({ length: 120 }, (_, i) => `v${i}`);
const FUNCTION = "source, destination, function";
const MESSAGE = "source, destination";

const modbusCode = codes("modbus", { "report slave id": 17, "read write multiple registers": 23, "encap interface transport": 43, "program 484": 13 }); // prettier-ignore
const modbusName = (name: string): string => modbusCode(name.replace(/_EXCEPTION$/, ""));
const modbus: Measure = {
  protocol: "modbus",
  what: "functions",
  key: FUNCTION,
  // Subfunctions and the second half of Read/Write Multiple Registers have numbers of their own here.
  ours: told("modbus", ({ code }) => (code === 0x1701 ? null : code > 255 ? code >>> 8 : code)),
  zeek: [
    {
      log: "modbus_detailed.log",
      keys: (row) => {
        const code = modbusName(row["func"] ?? "");
        // `matched`: request and answer in one row; else each has its own, and they do not say which.
        return row["matched"] === "T" ? [asked(row, code), answered(row, code)] : [asked(row, code)];
      },
    },
  ],
  tshark: { field: "modbus.func_code", keys: (row) => several(row["modbus.func_code"]).map((code) => seen(row, Number(code) & 127)) }, // prettier-ignore
  suricata: {
    type: "modbus",
    keys: (event) =>
      [
        [at(event, "modbus", "request", "function_raw"), textAt(event, "src_ip"), textAt(event, "dest_ip")] as const,
        [at(event, "modbus", "response", "function_raw"), textAt(event, "dest_ip"), textAt(event, "src_ip")] as const,
      ].flatMap(([code, from, to]) => (typeof code === "number" ? [key(from, to, code & 127)] : [])),
  },
};

const modbusAnswers: Measure = {
  protocol: "modbus",
  what: "messages",
  key: "client, server, function of each answer",
  ours: told("modbus", ({ code, outcome }) =>
    outcome === "request" || code === 0x1701 ? null : code > 255 ? code >>> 8 : code,
  ),
  zeek: [{ log: "modbus.log", columns: ["func", "exception"], keys: (row) => (row["pdu_type"] === "REQ" ? [] : [answered(row, modbusName(row["func"] ?? ""))]) }], // prettier-ignore
};

const dnp3Code = codes("dnp3", {
  RESPONSE: 129,
  UNSOLICITED_RESPONSE: 130,
  ENABLE_UNSOLICITED: 20,
  DISABLE_UNSOLICITED: 21,
});
const dnp3: Measure = {
  protocol: "dnp3",
  what: "functions",
  key: FUNCTION,
  ours: told("dnp3", ({ code, outcome }) => {
    if (code >= 0x1_0000 || (code >= 0x1000 && code < 0x2000)) return null;
    if (outcome === "response" || outcome === "error") return 129;
    return code > 255 ? code >>> 8 : code;
  }),
  zeek: [
    {
      log: "dnp3.log",
      keys: (row) => [
        ...((row["fc_request"] ?? "") === "" ? [] : [asked(row, dnp3Code(row["fc_request"] ?? ""))]),
        ...((row["fc_reply"] ?? "") === "" ? [] : [answered(row, dnp3Code(row["fc_reply"] ?? ""))]),
      ],
    },
  ],
  tshark: { field: "dnp3.al.func", keys: (row) => several(row["dnp3.al.func"]).map((code) => seen(row, Number(code))) },
  suricata: {
    type: "dnp3",
    keys: (event) => {
      // The addresses are those of the connection: answers come from its other end.
      const [from, to] = [textAt(event, "src_ip"), textAt(event, "dest_ip")];
      const asks = textAt(event, "dnp3", "type") === "request";
      const code = textAt(event, "dnp3", "application", "function_code");
      return [asks ? key(from, to, code) : key(to, from, code)];
    },
  },
};

const s7: Measure = {
  protocol: "s7comm",
  what: "functions",
  key: FUNCTION,
  ours: told("s7comm", ({ code }) => {
    if (code >= 0x7_0000) return `user data ${(code >>> 8) & 255} ${code & 255}`;
    return code >= 0x2800 ? 0x28 : code;
  }),
  zeek: [
    {
      log: "s7comm.log",
      keys: (row) => {
        const code = Number(row["function_code"]);
        return [sent(row, row["rosctr_code"] === "7" ? `user data ${code & 15} ${Number(row["subfunction_code"])}` : code)]; // prettier-ignore
      },
    },
  ],
  tshark: {
    field: "s7comm.header.rosctr",
    keys: (row) => [
      ...several(row["s7comm.param.func"]).map((code) => seen(row, Number(code))),
      ...several(row["s7comm.param.userdata.funcgroup"]).map((group, i) =>
        seen(row, `user data ${Number(group) & 15} ${Number(several(row["s7comm.param.userdata.subfunc"])[i] ?? 0)}`),
      ),
    ],
  },
};

const s7plus: Measure = {
  protocol: "s7comm-plus",
  what: "functions",
  key: FUNCTION,
  ours: told("s7comm-plus", ({ code }) => (code === 0xfe ? null : code >= 0x1_0000 ? code >>> 8 : code)),
  zeek: [
    {
      log: "s7comm_plus.log",
      keys: (row) => [sent(row, row["opcode"] === "0x33" ? 0x33 : Number(row["function_code"]))],
    },
  ],
};

const enipColumns = ["is_orig", "source_h", "source_p", "destination_h", "destination_p"];
const enip: Measure = {
  protocol: "enip",
  what: "messages",
  key: MESSAGE,
  // What carries CIP is told as CIP; cyclic I/O has a measure of its own.
  ours: (ours) => {
    const io = new Tally().addAll(told("enip", ({ code }) => (code === 0x8002 ? "message" : null))(ours));
    return messagesOf("enip")(ours).filter((one) => {
      const left = io.counts.get(one) ?? 0;
      io.counts.set(one, left - 1);
      return left <= 0;
    });
  },
  zeek: [{ log: "enip.log", columns: [...enipColumns, "code"], keys: (row) => [sent(row, "message")] }],
  tshark: { field: "enip.command", keys: (row) => several(row["enip.command"]).map(() => seen(row, "message")) },
};
const cipIo: Measure = {
  protocol: "enip",
  what: "messages",
  key: "source, destination of I/O data",
  ours: told("enip", ({ code }) => (code === 0x8002 ? "message" : null)),
  zeek: [{ log: "cip_io.log", columns: enipColumns, keys: (row) => [sent(row, "message")] }],
};
const cip: Measure = {
  protocol: "cip",
  what: "functions",
  key: "source, destination, service (each of a Multiple Service Packet)",
  ours: told("cip", ({ code }) => (code >= 0x4b_0000 && code < 0x4c_0000 ? 0x4b : code & 127)),
  zeek: [
    {
      log: "cip.log",
      columns: [...enipColumns, "sequence", "direction", "code"],
      keys: (row) => [sent(row, Number(row["code"]) & 127)],
    },
  ],
  tshark: { field: "cip.sc", keys: (row) => several(row["cip.sc"]).map((code) => seen(row, Number(code) & 127)) },
};
const cipIdentity: Measure = {
  protocol: "enip",
  what: "identities",
  key: "device, product name and serial number",
  once: true,
  ours: ({ identities }) =>
    identities.flatMap(({ protocol, address, attribute, value }) =>
      (protocol === "enip" || protocol === "cip") && (attribute === "model" || attribute === "serial")
        ? [`${address} ${value.toLowerCase()}`]
        : [],
    ),
  zeek: [
    {
      log: "cip_identity.log",
      columns: [...enipColumns, "version", "socket", "socket_p", "vendor_id", "vendor", "type_id", "type", "product", "revision", "status", "serial", "name"], // prettier-ignore
      keys: (row) => [`${row["source_h"]} ${(row["serial"] ?? "").replace("0x", "")}`, `${row["source_h"]} ${(row["name"] ?? "").toLowerCase()}`], // prettier-ignore
    },
  ],
  tshark: {
    field: "enip.lir.name",
    keys: (row) =>
      [...several(row["enip.lir.name"]), ...several(row["enip.lir.serial"]).map((one) => one.replace("0x", ""))].map((value) => `${row["ip.src"] === "" ? "ipv6" : row["ip.src"]} ${value.toLowerCase()}`), // prettier-ignore
  },
};

const bacnetCode = codes("bacnet");
/** Services that have subfunctions here: device communication control and reinitialisation. */
const bacnetBase = (code: number): number => (code >= 0x1000 ? code >>> 8 : code);
const bacnet: Measure = {
  protocol: "bacnet",
  what: "functions",
  key: "source, destination, service (over IP)",
  ours: told("bacnet", ({ code, sourcePort }) =>
    sourcePort === 0 || (code >= 0x200 && code < 0x1000) ? null : bacnetBase(code),
  ),
  zeek: [
    {
      log: "bacnet.log",
      keys: (row) =>
        row["pdu_type"] === "SEGMENT_ACK" || row["pdu_type"] === "NPDU" || (row["number"] ?? "") !== ""
          ? []
          : [sent(row, bacnetCode(row["pdu_service"] ?? ""))],
    },
  ],
  tshark: {
    field: "bacapp.type",
    keys: (row) =>
      (row["ip.src"] ?? "") === ""
        ? []
        : [
            ...several(row["bacapp.confirmed_service"]).map((code) => seen(row, Number(code))),
            ...several(row["bacapp.unconfirmed_service"]).map((code) => seen(row, 0x100 + Number(code))),
          ],
  },
};

const hartColumns = ["proto", "a", "version", "type_id", "type", "id"];
const hart: Measure = {
  protocol: "hart-ip",
  what: "messages",
  key: MESSAGE,
  ours: messagesOf("hart-ip"),
  zeek: [
    {
      log: "hart_ip_general.log",
      columns: hartColumns,
      keys: (row) => {
        // The log has no direction: who answers or publishes is the server, which sits on port 5094 or answers from 5095.
        const originator = row["id.orig_p"] === "5094" || row["id.orig_p"] === "5095";
        return [(row["type"] === "Request") === originator ? answered(row, "message") : asked(row, "message")];
      },
    },
  ],
  tshark: { field: "hart_ip.message_type", keys: (row) => several(row["hart_ip.message_type"]).map(() => seen(row, "message")) }, // prettier-ignore
};
const hartCommands: Measure = {
  protocol: "hart-ip",
  what: "functions",
  key: "source, destination, HART command of pass-through messages",
  ours: told("hart-ip", ({ code }) => (code >= 0x1_0000 ? null : Math.min(code, 255) === code ? code : 31)),
  tshark: { field: "hart_ip.pt.command", keys: (row) => several(row["hart_ip.pt.command"]).map((code) => seen(row, Number(code))) }, // prettier-ignore
};

const opcuaName = (name: string): string => plain(name.replace(/(Request|Response)$/, ""));
const opcua: Measure = {
  protocol: "opcua",
  what: "functions",
  key: FUNCTION,
  ours: told("opcua", ({ code, outcome }) =>
    code === 0x1_0001 && outcome !== "request" ? "acknowledge" : plain(nameOf("opcua", code)),
  ),
  zeek: [
    {
      log: "opcua_binary.log",
      columns: ["type", ...numbers],
      keys: (row) => {
        if (row["type"] === "HEL") return [asked(row, "hello")];
        if (row["type"] === "ACK") return [answered(row, "acknowledge")];
        return Object.values(row).flatMap((value) => {
          if (/^[A-Za-z]\w+Request$/.test(value)) return [asked(row, opcuaName(value))];
          return /^[A-Za-z]\w+Response$/.test(value) || value === "ServiceFault"
            ? [answered(row, opcuaName(value))]
            : [];
        });
      },
    },
  ],
  tshark: {
    field: "opcua.servicenodeid.numeric",
    keys: (row) => [
      ...several(row["opcua.transport.type"]).flatMap((type) =>
        type === "HEL" ? [seen(row, "hello")] : type === "ACK" ? [seen(row, "acknowledge")] : [],
      ),
      ...several(row["opcua.servicenodeid.numeric"]).map((id) => {
        const own = nameOf("opcua", Number(id));
        // Answers are numbered three above their questions, later ones by one.
        const question = own === id ? [3, 1].map((above) => Number(id) - above).find((code) => nameOf("opcua", code) !== String(code)) : undefined; // prettier-ignore
        return seen(row, plain(question === undefined ? own : nameOf("opcua", question)));
      }),
    ],
  },
};

const profinetCode = codes("profinet-cm");
const profinetCm: Measure = {
  protocol: "profinet-cm",
  what: "functions",
  key: FUNCTION,
  ours: told("profinet-cm", ({ code }) => (code >= 0x1000 ? null : code >= 0x400 ? 4 : code)),
  zeek: [
    {
      log: "profinet_io_cm.log",
      columns: ["source_h", "source_p", "destination_h", "destination_p", "proto", "version", "packet", ...numbers.slice(0, 20), "operation"], // prettier-ignore
      keys: (row) =>
        row["packet"] === "Request" || row["packet"] === "Response" ? [sent(row, profinetCode(row["operation"] ?? ""))] : [], // prettier-ignore
    },
  ],
  tshark: { field: "pn_io.opnum", keys: (row) => several(row["pn_io.opnum"]).map((code) => seen(row, Number(code))) },
};
const profinetDcp: Measure = {
  protocol: "profinet-dcp",
  what: "functions",
  key: FUNCTION,
  ours: told("profinet-dcp", ({ code }) => code >>> 16),
  tshark: { field: "pn_dcp.service_id", keys: (row) => several(row["pn_dcp.service_id"]).map((code) => seen(row, Number(code))) }, // prettier-ignore
};
const profinetNames: Measure = {
  protocol: "profinet-dcp",
  what: "identities",
  key: "device, name of station",
  once: true,
  ours: ({ identities }) =>
    identities.flatMap(({ protocol, address, attribute, value }) =>
      protocol === "profinet-dcp" && attribute === "name" ? [`${address} ${value}`] : [],
    ),
  tshark: {
    field: "pn_dcp.suboption_device_nameofstation",
    // Answers only: in questions the name is that of whoever is looked for.
    keys: (row) =>
      row["pn_dcp.service_type"] === "1" || row["pn_dcp.service_id"] === "6"
        ? several(row["pn_dcp.suboption_device_nameofstation"]).map((name) => `${row["eth.src"]} ${name}`)
        : [],
  },
};

const s7Names: Measure = {
  protocol: "s7comm",
  what: "identities",
  key: "device, names and serial number",
  once: true,
  ours: said("s7comm", "name", "model", "serial"),
  zeek: [
    {
      log: "s7comm_known_devices.log",
      excerpt: true,
      keys: (row) =>
        ["automation_system_name", "module_name", "plant_name", "module_serial"].flatMap((name) =>
          (row[name] ?? "") === "" ? [] : [`${row["id.resp_h"]} ${row[name]}`],
        ),
    },
  ],
};
const bacnetInstances: Measure = {
  protocol: "bacnet",
  what: "identities",
  key: "device, instance number of its I-Am",
  once: true,
  ours: (ours) => said("bacnet", "station-address")(ours).filter((one) => !/^([0-9a-f]{2}:){5}/.test(one)),
  zeek: [
    {
      log: "bacnet_discovery.log",
      excerpt: true,
      keys: (row) => (row["pdu_service"] === "i-am" ? [`${row["source_h"]} ${row["instance_number"]}`] : []),
    },
  ],
};
export const factory: readonly Measure[] = [
  modbus,
  modbusAnswers,
  enip,
  cipIo,
  cip,
  cipIdentity,
  profinetDcp,
  profinetNames,
  profinetCm,
  s7,
  s7Names,
  s7plus,
  dnp3,
  bacnet,
  bacnetInstances,
  opcua,
  ...power,
  ...japan,
  hart,
  hartCommands,
];
