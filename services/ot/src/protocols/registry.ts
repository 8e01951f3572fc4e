/** Every dissector, one line each. The order within a section is the order in which an unknown conversation is shown to them. */
import type { Dissector } from "./dissector.ts";
import { modbus } from "./modbus.ts";
import { slmp } from "./slmp.ts";

export const dissectors: readonly Dissector[] = [
  // Factory: power, process and PLCs of the West
  modbus,
  // Factory: PROFINET, building, Japanese makers, fieldbus on Ethernet
  slmp,
  // Office: link, addresses, names
  // Office: sessions
];
