/** `--prepare`: makes capture interfaces silent (OST-T05). `--make-key`: a key for tokens. */
import { loudness, prepareInterface, readInterface } from "@yagura/ot/edge/interface.ts";
import { raise } from "@yagura/ot/edge/errors.ts";
import { loadLibc } from "@yagura/ot/edge/libc.ts";
import { makeTokenKey } from "@yagura/ot/edge/token-crypto.ts";
import { raise as raiseEdge } from "@yagura/edge/errors.ts";
import type { Values } from "./command-line.ts";

export function prepare(values: Values): number {
  const libc = loadLibc();
  if (typeof libc === "string") throw raiseEdge("PROGRAM_FAILED", { program: "sensor", detail: libc });
  const names = values.interface ?? [];
  if (names.length === 0) throw raise("NOTHING_TO_CAPTURE");
  for (const name of names) {
    const before = loudness(readInterface(libc, name));
    prepareInterface(libc, name);
    const left = loudness(readInterface(libc, name));
    if (left.length > 0) throw raise("INTERFACE_LOUD", { name, why: left.join(", ") });
    console.log(`${name}: silent and up${before.length === 0 ? "" : ` (taken away: ${before.join(", ")})`}`);
  }
  return 0;
}

export async function makeKey(file: string): Promise<number> {
  const check = await makeTokenKey(file);
  console.log(`${file}: made, key ${check}. Keep a copy in a safe place: without it nobody can read the names again.`);
  return 0;
}
