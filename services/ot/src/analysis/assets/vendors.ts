/** One spelling per vendor: sources write `SIEMENS AG`, `Siemens, Inc.` or a number of a registry for the same company. */

/** First words as they appear, lower case → name shown. Longest match wins. */
const names: readonly (readonly [prefix: string, name: string])[] = [
  ["siemens", "Siemens"],
  ["シーメンス", "Siemens"],
  ["ロックウェル", "Rockwell Automation"],
  ["シュナイダー", "Schneider Electric"],
  ["パナソニック", "Panasonic"],
  ["デジタル", "Pro-face"],
  ["シスコ", "Cisco"],
  ["rockwell automation/allen-bradley", "Rockwell Automation"],
  ["rockwell", "Rockwell Automation"],
  ["allen-bradley", "Rockwell Automation"],
  ["allen bradley", "Rockwell Automation"],
  ["mitsubishi electric", "Mitsubishi Electric"],
  ["mitsubishi", "Mitsubishi Electric"],
  ["三菱電機", "Mitsubishi Electric"],
  ["omron", "OMRON"],
  ["オムロン", "OMRON"],
  ["keyence", "KEYENCE"],
  ["キーエンス", "KEYENCE"],
  ["yokogawa", "Yokogawa"],
  ["横河", "Yokogawa"],
  ["fanuc", "FANUC"],
  ["ファナック", "FANUC"],
  ["yaskawa", "Yaskawa"],
  ["安川", "Yaskawa"],
  ["panasonic", "Panasonic"],
  ["hitachi", "Hitachi"],
  ["hitachi energy", "Hitachi Energy"],
  ["日立", "Hitachi"],
  ["toshiba", "Toshiba"],
  ["東芝", "Toshiba"],
  ["fuji electric", "Fuji Electric"],
  ["富士電機", "Fuji Electric"],
  ["fujitsu", "Fujitsu"],
  ["azbil", "Azbil"],
  ["アズビル", "Azbil"],
  ["yamatake", "Azbil"],
  ["jtekt", "JTEKT"],
  ["koyo", "JTEKT"],
  ["denso", "DENSO"],
  ["schneider", "Schneider Electric"],
  ["telemecanique", "Schneider Electric"],
  ["modicon", "Schneider Electric"],
  ["abb", "ABB"],
  ["honeywell", "Honeywell"],
  ["emerson", "Emerson"],
  ["fisher-rosemount", "Emerson"],
  ["general electric", "GE"],
  ["ge fanuc", "GE"],
  ["ge intelligent", "GE"],
  ["intelligent platforms", "GE"],
  ["ge ", "GE"],
  ["phoenix contact", "Phoenix Contact"],
  ["wago", "WAGO"],
  ["beckhoff", "Beckhoff"],
  ["b&r", "B&R"],
  ["bernecker", "B&R"],
  ["bosch rexroth", "Bosch Rexroth"],
  ["rexroth", "Bosch Rexroth"],
  ["hirschmann", "Hirschmann"],
  ["moxa", "Moxa"],
  ["advantech", "Advantech"],
  ["delta electronics", "Delta Electronics"],
  ["pro-face", "Pro-face"],
  ["digital electronics", "Pro-face"],
  ["red lion", "Red Lion"],
  ["prosoft", "ProSoft"],
  ["weidm", "Weidmüller"],
  ["pepperl", "Pepperl+Fuchs"],
  ["turck", "Turck"],
  ["sick", "SICK"],
  ["cognex", "Cognex"],
  ["kuka", "KUKA"],
  ["danfoss", "Danfoss"],
  ["lenze", "Lenze"],
  ["sew-eurodrive", "SEW-EURODRIVE"],
  ["sew eurodrive", "SEW-EURODRIVE"],
  ["festo", "Festo"],
  ["smc corp", "SMC"],
  ["schweitzer", "Schweitzer Engineering Laboratories"],
  ["cisco", "Cisco"],
  ["juniper", "Juniper"],
  ["hewlett packard enterprise", "Hewlett Packard Enterprise"],
  ["aruba", "Hewlett Packard Enterprise"],
  ["hewlett packard", "HP"],
  ["hewlett-packard", "HP"],
  ["hp inc", "HP"],
  ["dell", "Dell"],
  ["lenovo", "Lenovo"],
  ["nec", "NEC"],
  ["yamaha", "Yamaha"],
  ["allied teles", "Allied Telesis"],
  ["allied-teles", "Allied Telesis"],
  ["アライドテレシス", "Allied Telesis"],
  ["buffalo", "BUFFALO"],
  ["elecom", "ELECOM"],
  ["alaxala", "ALAXALA"],
  ["fortinet", "Fortinet"],
  ["palo alto", "Palo Alto Networks"],
  ["vmware", "VMware"],
  ["microsoft", "Microsoft"],
  ["intel corp", "Intel"],
  ["apple", "Apple"],
  ["axis communications", "Axis"],
  ["i-pro", "i-PRO"],
  ["canon", "Canon"],
  ["ricoh", "Ricoh"],
  ["brother ind", "Brother"],
  ["seiko epson", "Epson"],
  ["epson", "Epson"],
  ["konica", "Konica Minolta"],
  ["kyocera", "Kyocera"],
  ["raspberry", "Raspberry Pi"],
  ["realtek", "Realtek"],
  ["pcs systemtechnik", "VirtualBox"],
  ["tridium", "Tridium"],
  ["johnson controls", "Johnson Controls"],
  ["trane", "Trane"],
  ["daikin", "Daikin"],
  ["contec", "CONTEC"],
  ["idec", "IDEC"],
  ["hakko", "Hakko Electronics"],
  ["hms ind", "HMS Networks"],
  ["codesys", "CODESYS"],
  ["3s-smart", "CODESYS"],
  ["osisoft", "AVEVA"],
  ["aveva", "AVEVA"],
  ["wonderware", "AVEVA"],
  ["invensys", "Schneider Electric"],
];
const ordered = names.toSorted((a, b) => b[0].length - a[0].length);
/** Legal forms behind a name, in the languages that vendors' names come in. */
const legalForm =
  /[\s,.(]+(inc|incorporated|corp|corporation|co|company|ltd|limited|llc|gmbh|ag|kg|sa|s\.a|spa|s\.p\.a|bv|b\.v|ab|oy|as|a\/s|plc|pty|pte|kk|k\.k|株式会社|holdings?|& co)\.?\)?$/iu;

/** Names that are written as they are here, also in capitals. */
const canonical: ReadonlySet<string> = new Set(names.map(([, name]) => name));
export const isCanonicalVendor = (name: string): boolean => canonical.has(name);

/** True when `text` begins with the words of `prefix` and does not continue its last word. */
const startsWords = (text: string, prefix: string): boolean =>
  text.startsWith(prefix) &&
  !(/[a-z0-9]$/.test(prefix) && prefix.length < 6 && /^[a-z0-9]/.test(text.slice(prefix.length)));

/** `SIEMENS AG` → `Siemens`, `Acme Robotics Co., Ltd.` → `Acme Robotics`. */
export function vendorName(written: string): string {
  const text = written
    .normalize("NFKC")
    .replace(/^株式会社\s*/, "")
    .trim()
    .replaceAll(/\s+/g, " ");
  const low = text.toLowerCase();
  for (const [prefix, name] of ordered) if (startsWords(low, prefix)) return name;
  let name = text;
  for (let turn = 0; turn < 4; turn++) {
    const shorter = name.replace(legalForm, "").replace(/[\s,.]+$/, "");
    if (shorter === name || shorter === "") break;
    name = shorter;
  }
  return name;
}
/** The same company, however written. */
export const sameVendor = (a: string, b: string): boolean => {
  const [left, right] = [vendorName(a).toLowerCase(), vendorName(b).toLowerCase()];
  return left !== "" && left === right;
};
