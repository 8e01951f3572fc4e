/** Measures of the protocols of power, water and oil. */
import { several } from "./logs.ts";
import { answered, asked, codes, key, messagesOf, pairKey, said, seen, sent, told, type Measure } from "./measure.ts";

const numbers = Array.from({ length: 120 }, (_, i) => `v${i}`);
const FUNCTION = "source, destination, function";
const MESSAGE = "source, destination";

const iec104: Measure = {
  protocol: "iec104",
  what: "functions",
  key: "source, destination, type of ASDU",
  ours: told("iec104", ({ code }) => (code > 255 ? null : code)),
  tshark: { field: "iec60870_asdu.typeid", keys: (row) => several(row["iec60870_asdu.typeid"]).map((code) => seen(row, Number(code))) }, // prettier-ignore
};

const synchrophasor: Measure = {
  protocol: "synchrophasor",
  what: "functions",
  key: "source, destination, type of frame",
  // Answers carry the code of the command that asks for them: header 3, configurations 4, 5, 6.
  ours: told("synchrophasor", ({ code, outcome }) =>
    code === 0 ? 0 : outcome === "request" ? 4 : code === 0x406 ? 5 : code - 0x402,
  ),
  tshark: { field: "synphasor.frtype", keys: (row) => several(row["synphasor.frtype"]).map((code) => seen(row, Number(code))) }, // prettier-ignore
};
const phasorCommands: Readonly<Record<string, number>> = { "Data off": 1, "Data on": 2, "Send HDR": 3, "Send CFG-1": 4, "Send CFG-2": 5, "Send CFG-3": 6 }; // prettier-ignore
const synchrophasorCommands: Measure = {
  protocol: "synchrophasor",
  what: "functions",
  key: "the two ends, command",
  ours: told("synchrophasor", ({ code, outcome }) => (outcome === "request" ? code & 255 : null), pairKey),
  zeek: [
    {
      log: "synchrophasor_cmd.log",
      keys: (row) => [pairKey(row["id.orig_h"] ?? "", row["id.resp_h"] ?? "", phasorCommands[row["command"] ?? ""] ?? 0)], // prettier-ignore
    },
  ],
};

const genisysCode = codes("genisys", { "recall header": 0xfd });
const genisys: Measure = {
  protocol: "genisys",
  what: "functions",
  key: FUNCTION,
  ours: told("genisys", ({ code }) => code),
  zeek: [
    {
      log: "genisys.log",
      keys: (row) => {
        const code = genisysCode(row["header"] ?? "");
        return [row["direction"] === "request" ? asked(row, code) : answered(row, code)];
      },
    },
  ],
};
const bsap: Measure = {
  protocol: "bsap",
  what: "messages",
  key: MESSAGE,
  ours: messagesOf("bsap"),
  zeek: [
    { log: "bsap_ip_header.log", keys: (row) => [sent(row, "message")] },
    { log: "bsap_serial_header.log", keys: (row) => [sent(row, "message")] },
  ],
};
const rocPlus: Measure = {
  protocol: "roc-plus",
  what: "functions",
  key: "the two ends, opcode",
  ours: told("roc-plus", ({ code }) => code, pairKey),
  zeek: [
    {
      log: "roc_plus.log",
      columns: numbers,
      keys: (row) => {
        const opcode = Object.values(row).find((value) => /\(\d{3}\)$/.test(value));
        return opcode === undefined
          ? []
          : [pairKey(row["id.orig_h"] ?? "", row["id.resp_h"] ?? "", Number(/\((\d{3})\)$/.exec(opcode)?.[1]))];
      },
    },
  ],
};
const c1222: Measure = {
  protocol: "c1222",
  what: "messages",
  key: "the two ends",
  ours: (ours) => messagesOf("c1222")(ours).map((one) => pairKey(...(one.split(" ")[0] as string).split(">") as [string, string], "message")), // prettier-ignore
  zeek: [{ log: "c1222.log", keys: (row) => [pairKey(row["id.orig_h"] ?? "", row["id.resp_h"] ?? "", "message")] }],
};
const goose: Measure = {
  protocol: "goose",
  what: "messages",
  key: "source, destination, control block",
  ours: told("goose", ({ label }) => label.split(" ")[0] ?? ""),
  zeek: [
    {
      log: "goose.log",
      keys: (row) => (row["parse_status"] === "ok" ? [key(row["src_mac"] ?? "", row["dst_mac"] ?? "", row["gocb_ref"] ?? "")] : []), // prettier-ignore
    },
  ],
  tshark: { field: "goose.gocbRef", keys: (row) => several(row["goose.gocbRef"]).map((name) => key(row["eth.src"] ?? "", row["eth.dst"] ?? "", name)) }, // prettier-ignore
};
const sv: Measure = {
  protocol: "sv",
  what: "messages",
  key: "source, destination, stream",
  ours: told("sv", ({ label }) => label.split(" ")[0] ?? ""),
  zeek: [{ log: "sv.log", keys: (row) => [key(row["src"] ?? "", row["dst"] ?? "", row["sv_id"] ?? "")] }],
  tshark: { field: "sv.svID", keys: (row) => several(row["sv.svID"]).map((name) => key(row["eth.src"] ?? "", row["eth.dst"] ?? "", name)) }, // prettier-ignore
};

const gooseNames: Measure = {
  protocol: "goose",
  what: "identities",
  key: "device, GOOSE identifier",
  once: true,
  ours: said("goose", "application"),
  zeek: [
    {
      log: "goose.log",
      keys: (row) => (row["parse_status"] === "ok" && (row["go_id"] ?? "") !== "" ? [`${row["src_mac"]} ${row["go_id"]}`] : []), // prettier-ignore
    },
  ],
};

export const power: readonly Measure[] = [
  iec104,
  goose,
  gooseNames,
  sv,
  synchrophasor,
  synchrophasorCommands,
  bsap,
  rocPlus,
  c1222,
  genisys,
];
