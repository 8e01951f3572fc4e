/**
 * Functions (IEEE 1815-2012, clause 4.4) and object groups (annex A) of DNP3. A write to a group of `ownWrites` is the function
 * 2 * 256 + group; data link functions (clause 9.2.4) are LINK + function, those of the answering side LINK + 0x80 + function.
 */
import { functionTable } from "./codecs/functions.ts";
import type { FunctionTable } from "./dissector.ts";

export const LINK = 0x1_00_00;

/** Time, analog deadbands, internal indications: writing them is no process value. */
export const ownWrites = (group: number): boolean => group === 34 || group === 50 || group === 80;

/** Response, unsolicited response, authentication response. */
export const answers = (code: number): boolean => code >= 129 && code <= 131;

export const dnp3Functions: FunctionTable = functionTable([
  [0, "Confirm", "session"],
  [1, "Read", "read"],
  [2, "Write", "write"],
  [0x222, "Write deadband", "configure"],
  [0x232, "Write time", "time-set"],
  [0x250, "Write internal indications", "session"],
  [3, "Select", "control"],
  [4, "Operate", "control"],
  [5, "Direct operate", "control"],
  [6, "Direct operate, no acknowledgement", "control"],
  [7, "Immediate freeze", "write"],
  [8, "Immediate freeze, no acknowledgement", "write"],
  [9, "Freeze and clear", "write"],
  [10, "Freeze and clear, no acknowledgement", "write"],
  [11, "Freeze at time", "write"],
  [12, "Freeze at time, no acknowledgement", "write"],
  [13, "Cold restart", "restart"],
  [14, "Warm restart", "restart"],
  [15, "Initialize data", "configure"],
  [16, "Initialize application", "mode"],
  [17, "Start application", "mode"],
  [18, "Stop application", "stop"],
  [19, "Save configuration", "configure"],
  [20, "Enable unsolicited responses", "configure"],
  [21, "Disable unsolicited responses", "configure"],
  [22, "Assign class", "configure"],
  [23, "Delay measurement", "diagnose"],
  [24, "Record current time", "time-set"],
  [25, "Open file", "file"],
  [26, "Close file", "file"],
  [27, "Delete file", "file"],
  [28, "Get file information", "file"],
  [29, "Authenticate file", "login"],
  [30, "Abort file", "file"],
  [31, "Activate configuration", "download"],
  [32, "Authentication request", "login"],
  [33, "Authentication request, no acknowledgement", "login"],
  [129, "Response", "report"],
  [130, "Unsolicited response", "report"],
  [131, "Authentication response", "login"],
  [LINK + 0x0, "Link: reset link states", "session"],
  [LINK + 0x1, "Link: reset user process", "session"],
  [LINK + 0x2, "Link: test link states", "session"],
  [LINK + 0x3, "Link: confirmed user data", "session"],
  [LINK + 0x4, "Link: unconfirmed user data", "session"],
  [LINK + 0x9, "Link: request link status", "session"],
  [LINK + 0x80, "Link: ACK", "session"],
  [LINK + 0x81, "Link: NACK", "session"],
  [LINK + 0x8b, "Link: link status", "session"],
  [LINK + 0x8e, "Link: not functioning", "session"],
  [LINK + 0x8f, "Link: not supported", "session"],
]);

/** Names of groups; the variations are the forms in which a group is sent. */
const groups: Readonly<Record<number, string>> = {
  0: "Device attributes",
  1: "Binary input",
  2: "Binary input event",
  3: "Double-bit input",
  4: "Double-bit input event",
  10: "Binary output",
  11: "Binary output event",
  12: "Binary output command",
  13: "Binary output command event",
  20: "Counter",
  21: "Frozen counter",
  22: "Counter event",
  23: "Frozen counter event",
  30: "Analog input",
  31: "Frozen analog input",
  32: "Analog input event",
  33: "Frozen analog input event",
  34: "Analog input deadband",
  40: "Analog output status",
  41: "Analog output command",
  42: "Analog output event",
  43: "Analog output command event",
  50: "Time and date",
  51: "Time and date common time of occurrence",
  52: "Time delay",
  60: "Class objects",
  70: "File control",
  80: "Internal indications",
  81: "Device storage",
  82: "Device profile",
  83: "Private registration",
  85: "Data set prototype",
  86: "Data set descriptor",
  87: "Data set",
  88: "Data set event",
  90: "Application",
  91: "Status of requested operation",
  100: "Floating point",
  101: "Binary-coded decimal",
  110: "Octet string",
  111: "Octet string event",
  112: "Virtual terminal output",
  113: "Virtual terminal event",
  120: "Authentication",
  121: "Security statistic",
  122: "Security statistic event",
};
const VARIATIONS = 16;
/** Variations that name something else than a form. */
const named: readonly (readonly [object: number, name: string])[] = [
  [0x0c01, "Control relay output block"],
  [0x0c02, "Pattern control block"],
  [0x3c01, "Class 0 data"],
  [0x3c02, "Class 1 data"],
  [0x3c03, "Class 2 data"],
  [0x3c04, "Class 3 data"],
];

export const dnp3Objects: ReadonlyMap<number, string> = new Map([
  ...Object.entries(groups).flatMap(([group, name]) =>
    Array.from({ length: VARIATIONS }, (_, variation): [number, string] => [
      Number(group) * 256 + variation,
      variation === 0 ? name : `${name} (variation ${variation})`,
    ]),
  ),
  ...Array.from({ length: 256 - VARIATIONS }, (_, i): [number, string] => [
    VARIATIONS + i,
    `Device attribute ${VARIATIONS + i}`,
  ]),
  ...named,
]);
