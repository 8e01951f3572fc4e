/**
 * CC-Link IE Field (EtherType 0x890f): frame types and the commands of transient transmission; layout and tables are those of
 * codecs/cclink-ie.ts. Unit is the sender's node number. A frame of a sister network on the same pair of devices is handed to
 * its dissector. Weirds: "truncated", "unknown-function" (a frame type that no version of CC-Link IE has).
 */
import { fieldFunctions, familyOf, ieFrame } from "./codecs/cclink-ie.ts";
import { recognised, type Dissector } from "./dissector.ts";

export const cclinkIeField: Dissector = {
  protocol: "cclink-ie-field",
  specification: "CC-Link IE Field Network BAP-C1605ENG",
  on: { ethertype: [0x890f] },
  recognise: (r) => (familyOf(r) === "cclink-ie-field" ? recognised.port : recognised.no),
  dissect: (r, c) => ieFrame(r, c, "cclink-ie-field"),
  functions: fieldFunctions,
};
