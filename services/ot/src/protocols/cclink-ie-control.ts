/**
 * CC-Link IE Control (EtherType 0x890f): frame types and the commands of transient transmission; layout and tables are those of
 * codecs/cclink-ie.ts. Unit is the sender's node number. A frame of a sister network on the same pair of devices is handed to
 * its dissector. Weirds: "truncated", "unknown-function" (a frame type that no version of CC-Link IE has).
 */
import { controlFunctions, familyOf, ieFrame } from "./codecs/cclink-ie.ts";
import { recognised, type Dissector } from "./dissector.ts";

export const cclinkIeControl: Dissector = {
  protocol: "cclink-ie-control",
  specification: "CC-Link IE Control Network BAP-C1601ENG",
  on: { ethertype: [0x890f] },
  recognise: (r) => (familyOf(r) === "cclink-ie-control" ? recognised.port : recognised.no),
  dissect: (r, c) => ieFrame(r, c, "cclink-ie-control"),
  functions: controlFunctions,
};
