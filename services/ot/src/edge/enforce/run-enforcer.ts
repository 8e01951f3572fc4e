/**
 * The enforcer as a process of its own: it alone reads the file with the secrets (by a descriptor that was opened before rights
 * were given up), reads orders as lines of JSON and answers likewise. The process that looks at packets has neither the secrets
 * nor a way to read this one's memory.
 */
import { closeSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { networkInterfaces } from "node:os";
import { createInterface } from "node:readline";
import { readJsonStrict, writeWhole } from "@yagura/edge/files.ts";
import type { BlockReport, Means } from "../../wire/enforcement.ts";
import { raise } from "../errors.ts";
import { loadLibc } from "../libc.ts";
import { deedsOf } from "./deeds.ts";
import { Enforcer, type Kept } from "./enforcer.ts";
import { FileFault, macOf, readEnforcement, type Enforcement } from "./file.ts";
import type { Wanted } from "./guard.ts";

/** Descriptor of the file in this process. */
export const FILE_DESCRIPTOR = 3;
/** How often it is looked at what is due, ms. */
const PASS_MS = 2_000;
const PR_SET_DUMPABLE = 4;

/** What the sensor says, a line each. */
export type ToEnforcer =
  | {
      readonly say: "want";
      readonly wanted: readonly Wanted[];
      readonly tokens: boolean;
      /** Server minus this machine's clock, ms. */
      readonly offset: number;
    }
  /** The server cut this sensor off: nobody would lift anything later. */
  | { readonly say: "release" };
export type FromEnforcer =
  | { readonly say: "means"; readonly means: Means }
  | { readonly say: "reports"; readonly reports: readonly BlockReport[] }
  | { readonly say: "released" };

export const stateFile = (folder: string): string => join(folder, "ot-enforcement.json");

/** Runs until the sensor closes the line. Throws ENFORCEMENT_FILE_UNREADABLE. */
export async function runEnforcer(folder: string): Promise<number> {
  // The sensor ends this by closing the line, after its own last words.
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => undefined);
  const libc = loadLibc();
  // Nobody of the same user may read this memory, or open its descriptors.
  if (typeof libc !== "string") libc.prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
  const enforcement = readOnce();
  let offset = 0;
  const now = (): number => Date.now() + offset;
  const file = stateFile(folder);
  const enforcer = new Enforcer({
    enforcement,
    deeds: deedsOf(enforcement),
    kept: readJsonStrict<readonly Kept[]>(file) ?? [],
    keep: (all) => writeWhole(file, JSON.stringify(all)),
    now,
    own: () => ownMacs(enforcement),
    log: (message) => console.error(message),
  });
  const tell = (line: FromEnforcer): void => void process.stdout.write(`${JSON.stringify(line)}\n`);
  let told = "";
  const report = (): void => {
    const reports = enforcer.reports();
    const text = JSON.stringify(reports);
    if (text === told) return;
    told = text;
    tell({ say: "reports", reports });
  };
  let passing: Promise<void> = Promise.resolve();
  const pass = (): Promise<void> =>
    (passing = passing
      .then(() => enforcer.pass())
      .catch((error: unknown) => console.error(`the state of blocked devices could not be kept: ${String(error)}`))
      .then(report));
  tell({ say: "means", means: meansOf(enforcement) });
  report();
  const timer = setInterval(() => void pass(), PASS_MS);
  for await (const line of createInterface({ input: process.stdin })) {
    const message = JSON.parse(line) as ToEnforcer;
    if (message.say === "want") {
      offset = message.offset;
      enforcer.want(message.wanted, message.tokens);
      void pass();
    } else {
      enforcer.want([], false);
      for (let i = 0; i < RELEASE_TRIES && (i === 0 || enforcer.holding); i++) {
        await pass();
        if (enforcer.holding) await new Promise((resolve) => setTimeout(resolve, PASS_MS));
      }
      tell({ say: "released" });
    }
  }
  clearInterval(timer);
  await passing;
  return 0;
}
/** Passes over what should be on again before a sensor that was cut off ends. */
const RELEASE_TRIES = 15;

function readOnce(): Enforcement {
  try {
    const content = readFileSync(FILE_DESCRIPTOR, "utf8");
    closeSync(FILE_DESCRIPTOR);
    return readEnforcement(content);
  } catch (error) {
    const told =
      error instanceof FileFault ? error.message : ((error as { code?: string }).code ?? "it cannot be read");
    throw raise("ENFORCEMENT_FILE_UNREADABLE", { told });
  }
}

const meansOf = ({ nacs, switches, devices, hours, learned, neverMacs, neverNetworks }: Enforcement): Means => ({
  nacs: nacs.length,
  switches: switches.length,
  unencrypted: switches.filter(({ security }) => security.version === "2c").length,
  devices,
  hours,
  learned,
  never: neverMacs.size + neverNetworks.length,
});

/** MACs of this machine, and those that it knows of NAC and switches (its own ARP table). */
function ownMacs({ nacs, switches }: Enforcement): ReadonlySet<number> {
  const spoken = new Set([...nacs, ...switches].map(({ address }) => address));
  const own = Object.values(networkInterfaces()).flatMap((list) => (list ?? []).map(({ mac }) => mac));
  let table = "";
  try {
    table = readFileSync("/proc/net/arp", "latin1");
  } catch {
    // Not Linux.
  }
  const beside = table
    .split("\n")
    .map((line) => line.split(/\s+/))
    .flatMap(([address = "", , , mac = ""]) => (spoken.has(address) ? [mac] : []));
  return new Set(
    [...own, ...beside].map((mac) => macOf(mac)).filter((mac): mac is number => mac !== null && mac !== 0),
  );
}
