/**
 * Looks at one observation in the light of what was learned. Pure: gives the findings and what is to be stored. The order
 * matters: devices first, because a new device gathers what it does; scans before conversations, because a scan gathers them;
 * learning last, because it counts what was new.
 */
import { borders } from "./borders.ts";
import { captureQuality } from "./capture.ts";
import { claims } from "./claims.ts";
import { newCommands, verbs } from "./commands.ts";
import { newConversations } from "./conversations.ts";
import { cycles } from "./cycles.ts";
import { fullList } from "./full.ts";
import { changedIdentities } from "./identities.ts";
import { infrastructure } from "./infrastructure.ts";
import { judge } from "./judge.ts";
import { meetDevices, moveOn } from "./learning.ts";
import { malformed, signatureHits } from "./odd.ts";
import { knownFacts, weaknesses } from "./posture.ts";
import { writesOutside } from "./ranges.ts";
import { refusals } from "./refusals.ts";
import { Run } from "./run.ts";
import { scans } from "./scans.ts";
import { heardPairs } from "./silence.ts";
import { newOrders } from "./transitions.ts";
import type { Input, Output } from "./types.ts";
import { volumes } from "./volume.ts";

const detections: readonly ((run: Run) => void)[] = [
  meetDevices,
  scans,
  verbs,
  newConversations,
  newCommands,
  newOrders,
  writesOutside,
  refusals,
  changedIdentities,
  volumes,
  cycles,
  heardPairs,
  claims,
  infrastructure,
  borders,
  weaknesses,
  knownFacts,
  signatureHits,
  malformed,
  captureQuality,
  fullList,
];

/** Takes well under a second for a batch of ten seconds with 500 devices. */
export function detect(input: Input): Output {
  const run = new Run(input);
  for (const detection of detections) detection(run);
  moveOn(run);
  const { findings, logged } = judge(run);
  return { findings, logged, ...run.results() };
}
