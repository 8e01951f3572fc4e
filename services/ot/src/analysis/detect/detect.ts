/**
 * Looks at one observation in the light of what was learned. Pure: gives the findings and what is to be stored. The order
 * matters: devices first, because a new device gathers what it does; learning last, because it counts what was new.
 */
import { judge } from "./judge.ts";
import { meetDevices, moveOn } from "./learning.ts";
import { newCommands, verbs } from "./commands.ts";
import { newConversations } from "./conversations.ts";
import { Run } from "./run.ts";
import type { Input, Output } from "./types.ts";

const detections: readonly ((run: Run) => void)[] = [meetDevices, newConversations, newCommands, verbs];

export function detect(input: Input): Output {
  const run = new Run(input);
  for (const detection of detections) detection(run);
  moveOn(run);
  const { findings, logged } = judge(run);
  return { findings, logged, ...run.results() };
}
