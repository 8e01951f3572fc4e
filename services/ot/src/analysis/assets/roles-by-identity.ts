/** Roles from what a device states of itself: words, device types, model names and order numbers. */
import { roles, type Role } from "../model.ts";

/** Words of protocols for roles; LLDP and CDP capabilities among them. */
const words: Readonly<Record<string, Role>> = {
  "io-device": "io",
  "io-controller": "plc",
  "io-supervisor": "engineering-station",
  "io-multidevice": "io",
  controller: "plc",
  bridge: "switch",
  "wlan-ap": "access-point",
  "wlan-access-point": "access-point",
  "access point": "access-point",
  wlan: "access-point",
  telephone: "phone",
  workstation: "pc",
  "sql-server": "server",
  "print-server": "printer",
  "time-source": "time-server",
  "ptp grandmaster": "time-server",
  "kerberos-kdc": "domain-controller",
  "ethercat master": "plc",
  // Services that mDNS announces
  ipp: "printer",
  ipps: "printer",
  "pdl-datastream": "printer",
  "axis-video": "camera",
  rtsp: "camera",
  // Devices that UPnP announces
  printer: "printer",
  internetgatewaydevice: "router",
  wlanaccesspointdevice: "access-point",
  digitalsecuritycamera: "camera",
  "domain controller": "domain-controller",
  ews: "engineering-station",
  "operator-panel": "hmi",
};
export function roleOfWord(word: string): Role | null {
  const low = word
    .toLowerCase()
    .replace(/^_([a-z0-9-]+)(\._(tcp|udp).*)?$/, "$1")
    .replaceAll("_", "-")
    .trim();
  if (low !== "unknown" && (roles as readonly string[]).includes(low)) return low as Role;
  // UPnP: `schemas-upnp-org:device:Printer:1`
  const device = /:device:([a-z]+):\d+$/.exec(low)?.[1];
  const found = device ?? low;
  return Object.hasOwn(words, found) ? (words[found] as Role) : null;
}

/** Device types of CIP (The CIP Networks Library, volume 1, table 6-7.1: device profiles). */
const cipTypes: Readonly<Record<number, Role>> = {
  0x02: "drive",
  0x03: "drive",
  0x04: "sensor",
  0x05: "sensor",
  0x06: "sensor",
  0x07: "io",
  0x09: "sensor",
  0x0c: "io",
  0x0e: "plc",
  0x10: "drive",
  0x13: "drive",
  0x15: "drive",
  0x16: "drive",
  0x17: "drive",
  0x18: "hmi",
  0x1a: "sensor",
  0x1b: "io",
  0x1c: "sensor",
  0x22: "sensor",
  0x23: "safety",
  0x25: "drive",
  0x28: "gateway",
  0x29: "gateway",
  0x2a: "safety",
  0x2c: "switch",
  0x2d: "drive",
  0x2e: "drive",
  0x2f: "sensor",
  0x30: "drive",
  0x31: "io",
};
/** `cip:14`, `enip:0x0e` → role; null for types that any kind of device uses. */
export function roleOfDeviceType(type: string): Role | null {
  const found = /^(cip|enip):(0x[0-9a-f]+|\d+)$/i.exec(type);
  return found === null ? null : (cipTypes[Number(found[2])] ?? null);
}

/** Product families and the role that each has; the first that fits decides. */
const products: readonly (readonly [RegExp, Role])[] = [
  // Siemens order numbers and families
  [/\b6ES7[ -]?(15[1-5]|13[1-9]|14\d)/i, "io"],
  [/\b6ES7[ -]?(2[1-2]|3[1-2]|4[1-2]|5[1-2])\d/i, "plc"],
  [/\b6AV[26-9]/i, "hmi"],
  [/\b6SL[3-5]/i, "drive"],
  [/\b6GK5[ -]?(6|7[2-8])/i, "access-point"],
  [/\b6GK5/i, "switch"],
  [/\b6GK7/i, "plc"],
  [/SCALANCE[ -]?[XM]/i, "switch"],
  [/SCALANCE[ -]?S/i, "firewall"],
  [/SCALANCE[ -]?W/i, "access-point"],
  [/SINAMICS|MICROMASTER|PowerFlex|Altivar|\bATV\d{2}|\bFR-[AEF]8\d\d|\bACS\d{3}/i, "drive"],
  [/\bS7-?(200|300|400|1200|1500)|\bCPU ?(3|4|12|15)\d\d|SIMATIC 300|SIMATIC 400|S7 ?PLCSIM|LOGO!/i, "plc"],
  [/\bET ?200/i, "io"],
  [/\b(KTP|TP|MP|OP|KP)\d{3,4}\b|Comfort Panel|PanelView|Magelis|\bGOT[12]\d{3}|\bG[TS]\d{2}\b|Unified Panel/i, "hmi"],
  // Rockwell
  [
    /\b(1756|1769|1768|1789|5069|5380|5480)-L|ControlLogix|CompactLogix|GuardLogix|MicroLogix|Micro8\d\d|SLC[ -]?5|PLC-5|\b176[1-6]-L/i,
    "plc",
  ],
  [/\b1783-|Stratix/i, "switch"],
  [/\b(1734|1794|1738|5094|1756-EN|1756-ENBT|5069-AEN|1769-AEN)/i, "io"],
  [/\b2711/i, "hmi"],
  [/Kinetix/i, "drive"],
  // Mitsubishi, OMRON, Keyence, Yokogawa, Panasonic
  [/^(Q|L|R|FX|A)\d\w*CPU|\bMELSEC|\bFX[35][A-Z]+/i, "plc"],
  [/^(NJ|NX|CJ|CS|CP)\d\w*[- ]|\bSYSMAC\b|^(NJ|NX)\d{3}/i, "plc"],
  [/^(NA5|NB\d|NS\d{1,2})-/i, "hmi"],
  [/^KV-\d/i, "plc"],
  [/\bFA-?M3|STARDOM|CENTUM.*FCS/i, "plc"],
  [/CENTUM|iFIX|WinCC|InTouch|Citect|Ignition|FactoryTalk View|\bGENESIS(32|64)|Experion/i, "scada"],
  // Schneider, ABB, WAGO, Beckhoff
  [/Modicon|\bBMX ?P34|\bBME ?P58|\bTM2[0-9]{2}|\b140 ?CPU|\bTSX|\bM(340|580|241|251|221)\b/i, "plc"],
  [/\bAC500|\bPM5\d\d|\b750-8\d\d|PFC[12]00|\bCX\d{4}|TwinCAT/i, "plc"],
  [/\b750-3\d\d|\bBK9\d{3}|\bEK1\d{3}/i, "io"],
  [/\bREF ?6|\bRET ?6|SIPROTEC|\bSEL-\d{3}|MiCOM|\bF650|Multilin|\b7S[JLA]\d/i, "ied"],
  [/\bSIPLUS RIC|\bRTU\d{3}|\bSCADAPack/i, "rtu"],
  // Robots, machine tools, vision
  [/\bR-30i|\bKR ?C[245]|\bIRC5|\bYRC1000|\bDX[12]00\b|Universal Robots|\bUR(3|5|10)e?\b/i, "robot"],
  [/SINUMERIK|\b3[0-2]i-|\bFANUC Series|\bOSP-/i, "cnc"],
  // Office
  [
    /LaserJet|OfficeJet|imageRUNNER|iR-ADV|bizhub|TASKalfa|ECOSYS|RICOH (MP|IM|Aficio)|DocuCentre|\bPrinter\b|HP ETHERNET MULTI-ENVIRONMENT/i,
    "printer",
  ],
  [/\bAXIS [A-Z]?\d{3,4}|\(Axis\)|Network Camera|IP ?Camera|\bHikvision|\bDahua|ONVIF|\bi-PRO\b/i, "camera"],
  [/FortiGate|\bPA-\d{3,4}|\bASA\d{4}|FITELnet|mGuard|\bFirewall\b/i, "firewall"],
  [
    /Catalyst|\bWS-C\d{4}|\bIE-[1-5]\d{3}|\bEDS-\w?\d{3}|\bCentreCOM|\bMACH ?\d|\bRS[PR]?\d{2}-|\bRAIL-|ProCurve|\bSwitch\b/i,
    "switch",
  ],
  [/^RTX\d|\bISR ?\d{4}|\bIX\d{4}|\bRouter\b/i, "router"],
  [
    /TIA Portal|STEP ?7|GX Works|Sysmac Studio|CX-Programmer|RSLogix|Studio 5000|Unity Pro|Control Expert/i,
    "engineering-station",
  ],
  [/Historian|PI Server|eDNA/i, "historian"],
  [/\bIP ?Phone\b|\bSIP-?T\d\d/i, "phone"],
];
export const roleOfText = (text: string): Role | null => products.find(([pattern]) => pattern.test(text))?.[1] ?? null;

/** Names that people give to machines. */
const named: readonly (readonly [RegExp, Role])[] = [
  [/(^|[^a-z])(plc|cpu\d)/i, "plc"],
  [/(^|[^a-z])(hmi|got|panel)([^a-z]|$)/i, "hmi"],
  [/(^|[^a-z])scada/i, "scada"],
  [/(^|[^a-z])(ews|engineering)/i, "engineering-station"],
  [/(^|[^a-z])(historian|histsrv)/i, "historian"],
  [/(^|[^a-z])(printer|mfp)|^(npi|brn|brw|epson|ricoh)[0-9a-f]{6}/i, "printer"],
  [/camera|(^|[^a-z])(cam|nvr)\d/i, "camera"],
  [/(^|[^a-z])(robot)/i, "robot"],
  [/(^|[^a-z])(sw|switch)[-_ ]?\d|switch$/i, "switch"],
  [/(^|[^a-z])(srv|server)/i, "server"],
  [/^(desktop|laptop)-[a-z0-9]+$/i, "pc"],
  [/iphone|ipad|android/i, "mobile"],
];
export const roleOfName = (name: string): Role | null => named.find(([pattern]) => pattern.test(name))?.[1] ?? null;
/** What runs the system; where a name stands for a client and a server, the client is more likely. */
export function roleOfSystem(os: string): Role | null {
  if (os.startsWith("Windows Server")) return "server";
  if (/^Windows (Embedded|CE)/.test(os)) return "hmi";
  return /^(Windows|macOS)/.test(os) ? "pc" : /^(Android|iOS)/.test(os) ? "mobile" : null;
}
