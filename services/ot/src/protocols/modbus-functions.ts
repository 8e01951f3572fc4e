/**
 * Functions of Modbus (Application Protocol V1.1b3, section 6). Diagnostics, the encapsulated interface and Schneider's UMAS
 * (function 90) have sub-functions: they are numbered function * 256 + sub-function, and the plain function stands for a
 * refusal whose request was not seen. 0x1701 is the writing half of function 23.
 */
import { functionTable, under } from "./codecs/functions.ts";
import type { FunctionTable } from "./dissector.ts";

export const modbusFunctions: FunctionTable = functionTable([
  [1, "Read Coils", "read"],
  [2, "Read Discrete Inputs", "read"],
  [3, "Read Holding Registers", "read"],
  [4, "Read Input Registers", "read"],
  [5, "Write Single Coil", "write"],
  [6, "Write Single Register", "write"],
  [7, "Read Exception Status", "diagnose"],
  [8, "Diagnostics", "diagnose"],
  [11, "Get Comm Event Counter", "diagnose"],
  [12, "Get Comm Event Log", "diagnose"],
  [15, "Write Multiple Coils", "write"],
  [16, "Write Multiple Registers", "write"],
  [17, "Report Server ID", "identify"],
  [20, "Read File Record", "file"],
  [21, "Write File Record", "file"],
  [22, "Mask Write Register", "write"],
  [23, "Read/Write Multiple Registers (read)", "read"],
  [0x1701, "Read/Write Multiple Registers (write)", "write"],
  [24, "Read FIFO Queue", "read"],
  [43, "Encapsulated Interface Transport", "other"],
  [90, "UMAS", "other"],
  ...under(8, [
    [0, "Return Query Data", "diagnose"],
    [1, "Restart Communications Option", "restart"],
    [2, "Return Diagnostic Register", "diagnose"],
    [3, "Change ASCII Input Delimiter", "configure"],
    [4, "Force Listen Only Mode", "stop"],
    [10, "Clear Counters and Diagnostic Register", "diagnose"],
    [11, "Return Bus Message Count", "diagnose"],
    [12, "Return Bus Communication Error Count", "diagnose"],
    [13, "Return Bus Exception Error Count", "diagnose"],
    [14, "Return Server Message Count", "diagnose"],
    [15, "Return Server No Response Count", "diagnose"],
    [16, "Return Server NAK Count", "diagnose"],
    [17, "Return Server Busy Count", "diagnose"],
    [18, "Return Bus Character Overrun Count", "diagnose"],
    [20, "Clear Overrun Counter and Flag", "diagnose"],
    [21, "Get/Clear Modbus Plus Statistics", "diagnose"],
  ]),
  ...under(43, [
    [13, "CANopen General Reference", "other"],
    [14, "Read Device Identification", "identify"],
  ]),
  // Schneider publishes no list; the names are those under which researchers know the functions. "Upload" of UMAS goes to the PLC.
  ...under(90, [
    [0x01, "UMAS Init Comm", "session"],
    [0x02, "UMAS Read ID", "identify"],
    [0x03, "UMAS Read Project Info", "identify"],
    [0x04, "UMAS Read PLC Info", "identify"],
    [0x06, "UMAS Read Card Info", "identify"],
    [0x0a, "UMAS Repeat", "diagnose"],
    [0x10, "UMAS Take PLC Reservation", "session"],
    [0x11, "UMAS Release PLC Reservation", "session"],
    [0x12, "UMAS Keep Alive", "session"],
    [0x20, "UMAS Read Memory Block", "read"],
    [0x21, "UMAS Write Memory Block", "write"],
    [0x22, "UMAS Read Variables", "read"],
    [0x23, "UMAS Write Variables", "write"],
    [0x24, "UMAS Read Coils and Registers", "read"],
    [0x25, "UMAS Write Coils and Registers", "write"],
    [0x30, "UMAS Initialize Upload (to the PLC)", "download"],
    [0x31, "UMAS Upload Block (to the PLC)", "download"],
    [0x32, "UMAS End Strategy Upload (to the PLC)", "download"],
    [0x33, "UMAS Initialize Download (from the PLC)", "upload"],
    [0x34, "UMAS Download Block (from the PLC)", "upload"],
    [0x35, "UMAS End Strategy Download (from the PLC)", "upload"],
    [0x36, "UMAS Backup", "file"],
    [0x39, "UMAS Read Ethernet Master Data", "read"],
    [0x40, "UMAS Start PLC", "mode"],
    [0x41, "UMAS Stop PLC", "stop"],
    [0x50, "UMAS Monitor PLC", "read"],
    [0x58, "UMAS Check PLC", "diagnose"],
    [0x70, "UMAS Read I/O Object", "read"],
    [0x71, "UMAS Write I/O Object", "write"],
    [0x73, "UMAS Get Status Module", "diagnose"],
  ]),
]);

export const modbusObjects: ReadonlyMap<number, string> = new Map([
  [1, "coils"],
  [2, "discrete inputs"],
  [3, "input registers"],
  [4, "holding registers"],
  [5, "FIFO queues"],
]);

/** By function: number of the object that its first two words address, 0 for none, −1 (or absent) for unknown functions. */
export const tableOf: Int8Array = (() => {
  const of = new Int8Array(128).fill(-1);
  const addressed: Readonly<Record<number, number>> = {
    1: 1,
    2: 2,
    3: 4,
    4: 3,
    5: 1,
    6: 4,
    15: 1,
    16: 4,
    22: 4,
    23: 4,
    24: 5,
  };
  for (const [code, object] of Object.entries(addressed)) of[Number(code)] = object;
  for (const code of [7, 8, 11, 12, 17, 20, 21, 43, 90]) of[code] = 0;
  return of;
})();
