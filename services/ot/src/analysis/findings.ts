/** Every kind of finding that this service raises, with its words. docs/detections.md is made from this table. */
import type { FindingKinds } from "@yagura/core/finding.ts";
import { attackKinds } from "./detect/kinds/attacks.ts";
import { habitKinds } from "./detect/kinds/habits.ts";
import { postureKinds } from "./detect/kinds/posture.ts";
import { rhythmKinds } from "./detect/kinds/rhythm.ts";
import { verbKinds } from "./detect/kinds/verbs.ts";

export const findingKinds: FindingKinds = {
  ...verbKinds,
  ...habitKinds,
  ...rhythmKinds,
  ...attackKinds,
  ...postureKinds,
};
