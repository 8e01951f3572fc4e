/** A file of declared protocols for an analysis without a server: one description, or a list of them. */
import { readFile } from "node:fs/promises";
import type { Language } from "@yagura/core/errors.ts";
import { loadDeclared, type GivenSlot, type LoadedDeclared } from "../protocols/declared/load.ts";
import { sayProblem } from "../wire/declared-words.ts";
import { MAX_DECLARED } from "../wire/declared.ts";

export interface ReadParsers {
  readonly loaded: LoadedDeclared;
  /** What is wrong with descriptions that cannot be used, one sentence each. */
  readonly complaints: readonly string[];
}

/** As the control plane hands them to an analysis: each with its slot. Else they take slots in their order. */
function slotsOf(document: unknown): GivenSlot[] {
  const list: readonly unknown[] = Array.isArray(document) ? document : [document];
  return list.map((each, i) => {
    const given = typeof each === "object" && each !== null && "slot" in each && "description" in each ? each : null;
    const slot = given === null ? i + 1 : Number(given.slot);
    return { slot: Math.min(MAX_DECLARED, Math.max(1, slot)), description: given === null ? each : given.description };
  });
}

/** Throws what the file system or JSON has to say. */
export async function readParsers(file: string, language: Language): Promise<ReadParsers> {
  const slots = slotsOf(JSON.parse(await readFile(file, "utf8")));
  const loaded = loadDeclared(slots);
  const complaints = loaded.refused.flatMap(({ slot, problems }) =>
    problems.map((problem) => `${file} [${slot}]: ${sayProblem(problem, language)}`),
  );
  if (slots.length > MAX_DECLARED) complaints.push(`${file}: ${slots.length} > ${MAX_DECLARED}`);
  return { loaded, complaints };
}
