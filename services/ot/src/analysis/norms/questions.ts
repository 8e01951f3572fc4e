/** What a finding asks of others (OT-N9): of which device, and what it does. Read from the finding's key (detect/keys.ts). */
import { isUuid, type Uuid } from "@yagura/core/ids.ts";
import { slotOf } from "../../wire/declared.ts";
import { commandClasses, protocols, type CommandClass, type ProtocolName } from "../../wire/vocabulary.ts";
import type { Habit } from "./sums.ts";

export interface Question {
  readonly asset: Uuid;
  /** Null: whether others have such a device at all. */
  readonly habit: Habit | null;
}

/** A protocol that others may know: what a customer declared is its own. */
const numberOf = (name = "unknown"): number | null =>
  name === "unknown" || slotOf(name) > 0 ? null : (protocols[name as ProtocolName]?.id ?? null);

function habitsOf(
  word: string,
  rest: readonly string[],
): (readonly [party: string | undefined, habit: Habit | null])[] {
  const [client, server, third, fourth] = rest;
  if (word === "device") return [[client, null]];
  const protocol = numberOf(word === "talk" ? fourth : third);
  if (protocol === null) return [];
  if (word === "talk")
    return [
      [server, { kind: "serves", protocol, code: 0 }],
      [client, { kind: "uses", protocol, code: 0 }],
    ];
  if (word === "command" && /^\d{1,10}$/.test(fourth ?? ""))
    return [[server, { kind: "function", protocol, code: Number(fourth) }]];
  const code = commandClasses.indexOf(fourth as CommandClass);
  return (word === "class" || word === "verb") && code >= 0 ? [[server, { kind: "class", protocol, code }]] : [];
}

/** Empty where others cannot be asked: the finding is of another kind, or about nobody's device. */
export function questionsOf(dedupeKey: string): readonly Question[] {
  const [, , word = "", ...rest] = dedupeKey.split("|");
  return habitsOf(word, rest).flatMap(([asset, habit]) =>
    asset !== undefined && isUuid(asset) ? [{ asset, habit }] : [],
  );
}
