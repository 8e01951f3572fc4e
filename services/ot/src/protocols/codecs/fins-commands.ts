/** Commands and memory areas of FINS (W227, section 5-1 and appendix; W342, section 5). Codes are MRC << 8 | SRC. */
import { functionTable } from "./functions.ts";

export const CONTROLLER_DATA_READ = 0x0501;
/** FINS/TCP headers that carry no FINS frame: told as TCP_COMMAND + their command. */
export const TCP_COMMAND = 0x1_0000;

/** Area code 0, so that object 0 stays "none". */
export const AREA_ZERO = 0x100;

export const finsFunctions = functionTable([
  [0x0101, "Memory Area Read", "read"],
  [0x0102, "Memory Area Write", "write"],
  [0x0103, "Memory Area Fill", "write"],
  [0x0104, "Multiple Memory Area Read", "read"],
  [0x0105, "Memory Area Transfer", "write"],
  [0x0201, "Parameter Area Read", "read"],
  [0x0202, "Parameter Area Write", "configure"],
  [0x0203, "Parameter Area Clear", "configure"],
  [0x0220, "Data Link Table Read", "read"],
  [0x0221, "Data Link Table Write", "configure"],
  [0x0304, "Program Area Protect", "configure"],
  [0x0305, "Program Area Protect Clear", "configure"],
  [0x0306, "Program Area Read", "upload"],
  [0x0307, "Program Area Write", "download"],
  [0x0308, "Program Area Clear", "download"],
  [0x0401, "Run", "mode"],
  [0x0402, "Stop", "stop"],
  [0x0403, "Reset", "restart"],
  [CONTROLLER_DATA_READ, "Controller Data Read", "identify"],
  [0x0502, "Connection Data Read", "identify"],
  [0x0601, "Controller Status Read", "diagnose"],
  [0x0602, "Network Status Read", "diagnose"],
  [0x0603, "Data Link Status Read", "diagnose"],
  [0x0620, "Cycle Time Read", "diagnose"],
  [0x0701, "Clock Read", "read"],
  [0x0702, "Clock Write", "time-set"],
  [0x0801, "Internode Echo Test", "diagnose"],
  [0x0802, "Broadcast Test Results Read", "diagnose"],
  [0x0803, "Broadcast Test Data Send", "diagnose"],
  [0x0920, "Message Read/Clear, FAL/FALS Read", "diagnose"],
  [0x0c01, "Access Right Acquire", "session"],
  [0x0c02, "Access Right Forced Acquire", "session"],
  [0x0c03, "Access Right Release", "session"],
  [0x2101, "Error Clear", "diagnose"],
  [0x2102, "Error Log Read", "diagnose"],
  [0x2103, "Error Log Clear", "diagnose"],
  [0x2140, "FINS Write Access Log Read", "diagnose"],
  [0x2141, "FINS Write Access Log Clear", "diagnose"],
  [0x2201, "File Name Read", "file"],
  [0x2202, "Single File Read", "file"],
  [0x2203, "Single File Write", "file"],
  [0x2204, "File Memory Format", "file"],
  [0x2205, "File Delete", "file"],
  [0x2206, "Volume Label Create/Delete", "file"],
  [0x2207, "File Copy", "file"],
  [0x2208, "File Name Change", "file"],
  [0x2209, "File Data Check", "file"],
  [0x220a, "Memory Area-File Transfer", "file"],
  [0x220b, "Parameter Area-File Transfer", "configure"],
  [0x220c, "Program Area-File Transfer", "download"],
  [0x220f, "File Memory Index Read", "file"],
  [0x2210, "File Memory Read", "file"],
  [0x2211, "File Memory Write", "file"],
  [0x2215, "Directory Create/Delete", "file"],
  [0x2220, "Memory Cassette Transfer", "download"],
  [0x2301, "Forced Set/Reset", "force"],
  [0x2302, "Forced Set/Reset Cancel", "force"],
  [0x230a, "Multiple Forced Status Read", "diagnose"],
  [0x2601, "Name Set", "configure"],
  [0x2602, "Name Delete", "configure"],
  [0x2603, "Name Read", "identify"],
  [TCP_COMMAND + 0, "Node Address Request (FINS/TCP)", "session"],
  [TCP_COMMAND + 1, "Node Address Answer (FINS/TCP)", "session"],
  [TCP_COMMAND + 3, "Frame Send Error Notification (FINS/TCP)", "session"],
  [TCP_COMMAND + 6, "Connection Confirmation (FINS/TCP)", "session"],
]);

function* banks(first: number, count: number, from: number, words: boolean): Generator<[number, string]> {
  for (let k = 0; k < count; k++)
    yield [first + k, `EM bank ${(from + k).toString(16).toUpperCase()} ${words ? "words" : "bits"}`];
}

/** Memory area codes of CS, CJ, CP, NJ and of the older C and CV series. */
export const finsAreas: ReadonlyMap<number, string> = new Map<number, string>([
  [AREA_ZERO, "CIO bits (C, CV)"],
  [0x01, "timer and counter flags (C, CV)"],
  [0x02, "DM bits"],
  [0x03, "transition flags"],
  [0x04, "step flags"],
  [0x05, "forced status bits"],
  [0x06, "task flags"],
  [0x07, "clock pulses and condition flags"],
  [0x09, "timer and counter flags"],
  [0x0a, "EM current bank bits"],
  [0x1b, "action flags"],
  [0x30, "CIO bits"],
  [0x31, "W bits"],
  [0x32, "H bits"],
  [0x33, "A bits"],
  [0x40, "TK flags with forced status"],
  [0x46, "task status"],
  [0x49, "timer and counter flags with forced status"],
  [0x70, "CIO bits with forced status"],
  [0x71, "W bits with forced status"],
  [0x72, "H bits with forced status"],
  [0x80, "CIO words (C, CV)"],
  [0x81, "timer and counter values (C, CV)"],
  [0x82, "DM words"],
  [0x84, "step timer values"],
  [0x85, "forced status words"],
  [0x89, "timer and counter values"],
  [0x98, "EM current bank words"],
  [0x9c, "registers (C, CV)"],
  [0xb0, "CIO words"],
  [0xb1, "W words"],
  [0xb2, "H words"],
  [0xb3, "A words"],
  [0xbc, "data registers"],
  [0xdc, "index registers"],
  [0xf0, "CIO words with forced status"],
  [0xf1, "W words with forced status"],
  [0xf2, "H words with forced status"],
  ...banks(0x20, 16, 0, false),
  ...banks(0xa0, 16, 0, true),
  ...banks(0xe0, 10, 16, false),
  ...banks(0x60, 10, 16, true),
  ...banks(0x90, 8, 0, true),
]);

/** Areas whose items are bits: sixteen to a word. */
export function isBits(area: number): boolean {
  if (area === AREA_ZERO || area === 0x02 || area === 0x05 || area === 0x0a) return true;
  return (area >= 0x20 && area <= 0x33) || (area >= 0x70 && area <= 0x72) || (area >= 0xe0 && area <= 0xe9);
}
