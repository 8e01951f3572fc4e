/** Measures of the protocols of Japanese makers. */
import { several } from "./logs.ts";
import { asked, codes, key, nameOf, pairKey, plain, times, told, type Measure } from "./measure.ts";

const numbers = Array.from({ length: 120 }, (_, i) => `v${i}`);
const FUNCTION = "source, destination, function";

const hexCode = (text: string): number => Number.parseInt(/\(0x([0-9a-f]{4})\)/i.exec(text)?.[1] ?? "0", 16);
const finsCode = codes("fins");
const fins: Measure = {
  protocol: "fins",
  what: "functions",
  // Zeek's rows do not say which end sent.
  key: "the two ends, function",
  ours: told("fins", ({ code }) => (code >= 0x1_0000 ? null : code), pairKey),
  zeek: [
    {
      log: "omron_fins_general.log",
      columns: numbers,
      keys: (row) => {
        const code = Object.values(row).find((value) => /\(0x[0-9a-f]{4}\)$/i.test(value));
        if (code === undefined) return [];
        return [pairKey(row["id.orig_h"] ?? "", row["id.resp_h"] ?? "", hexCode(code))];
      },
    },
    {
      log: "omron_fins.log",
      keys: (row) => {
        // A row has a blank in place of a tabulator: "CPU Unit multiple_memory_area_read".
        const code = finsCode(/\b[a-z]+(?:_[a-z]+)+\b/.exec(row["line"] ?? "")?.[0] ?? "");
        return times(row, pairKey(row["id.orig_h"] ?? "", row["id.resp_h"] ?? "", code));
      },
    },
  ],
  tshark: { field: "omron.command", keys: (row) => several(row["omron.command"]).map((code) => pairKey(row["ip.src"] ?? "", row["ip.dst"] ?? "", Number(code))) }, // prettier-ignore
};

const fieldBasic: Measure = {
  protocol: "cclink-ief-basic",
  what: "functions",
  key: FUNCTION,
  ours: told("cclink-ief-basic", ({ outcome }) => (outcome === "request" ? "cyclicDataReq" : "cyclicDataRes")),
  zeek: [{ log: "cclink-ief-basic.log", keys: (row) => times(row, asked(row, row["pdu"] ?? "")) }],
};
const mac = (text: string | undefined): string => {
  const parts = (text ?? "").split(":");
  // One table of a README has lost a byte of its addresses: 00:00:00:00:01.
  return parts.length === 5 ? ["00", ...parts].join(":") : parts.join(":");
};
const cclinkNames: Readonly<Record<string, string>> = { tokenm: "token", cyclicdatarwr: "cyclicdatarwr" };
const cclinkName = (name: string): string => cclinkNames[plain(name)] ?? plain(name);
const cclinkIe = (protocol: "cclink-ie-field" | "cclink-ie-control"): Measure => ({
  protocol,
  what: "functions",
  key: FUNCTION,
  ours: told(protocol, ({ code }) => cclinkName(nameOf(protocol, code > 0xffff ? code >>> 16 : code))),
  zeek: [
    {
      log: "cclink-ie.log",
      excerpt: true,
      keys: (row) =>
        (row["service"] ?? "").replaceAll("_", "-") === protocol
          ? times(row, key(mac(row["src_mac"]), mac(row["dst_mac"]), cclinkName(row["pdu_type"] ?? "")))
          : [],
    },
  ],
});
const tsn: Measure = {
  protocol: "cclink-ie-tsn",
  what: "functions",
  key: FUNCTION,
  ours: told("cclink-ie-tsn", ({ code }) => plain(nameOf("cclink-ie-tsn", code))),
  zeek: [
    {
      log: "cclink-ie-tsn.log",
      anyTime: true,
      keys: (row) => times(row, key(mac(row["src_mac"]), mac(row["dst_mac"]), plain((row["pdu_type"] ?? "").replace(/ Ver\.\d$|\/.*$/, "").replace(/^cyclic([MS])$/, "cyclic $1/$1s")))), // prettier-ignore
    },
  ],
};
const ptp: Measure = {
  protocol: "ptp",
  what: "functions",
  key: FUNCTION,
  ours: told("ptp", ({ code }) => plain(nameOf("ptp", code))),
  zeek: [
    {
      log: "cclink-ie-tsn-ptp.log",
      keys: (row) => times(row, key(mac(row["src_mac"]), mac(row["dst_mac"]), plain((row["pdu_type"] ?? "").replace(/^ptp/, "")))), // prettier-ignore
    },
  ],
};

export const japan: readonly Measure[] = [
  fieldBasic,
  cclinkIe("cclink-ie-field"),
  cclinkIe("cclink-ie-control"),
  tsn,
  ptp,
  fins,
];
