/**
 * BRIDGE-MIB and Q-BRIDGE-MIB of a Linux bridge for snmpd (`pass_persist`), which brings neither: the kernel's own forwarding
 * table by the objects that switches have. `node bridge-mib.ts BRIDGE q|d`: q tells dot1qTpFdbTable, d dot1dTpFdbTable.
 */
import { execFileSync } from "node:child_process";
import { createInterface } from "node:readline";

const [bridge = "br0", kind = "d"] = process.argv.slice(2);
interface Row {
  readonly oid: readonly number[];
  readonly type: string;
  readonly value: number;
}
interface Learned {
  readonly mac: string;
  readonly ifname: string;
  readonly master?: string;
  readonly state?: string;
}
const run = (command: string, ...parameters: string[]): unknown =>
  JSON.parse(execFileSync(command, parameters, { encoding: "utf8" }) || "[]");

/** Port numbers as bridges have them: 1, 2, … in the order of the interfaces. */
function rows(): Row[] {
  const links = run("ip", "-j", "link", "show", "master", bridge) as { ifindex: number; ifname: string }[];
  const table = (run("bridge", "-j", "fdb", "show", "br", bridge) as Learned[]).filter(
    ({ master }) => master === bridge,
  );
  const found: Row[] = [];
  const add = (oid: string, type: string, value: number): void =>
    void found.push({ oid: oid.split(".").map(Number), type, value });
  const base = "1.3.6.1.2.1.17";
  for (const [i, { ifindex }] of links.entries()) add(`${base}.1.4.1.2.${i + 1}`, "integer", ifindex);
  for (const { mac, ifname, state } of table) {
    const port = links.findIndex((link) => link.ifname === ifname) + 1;
    const index = mac.split(":").map((part) => Number.parseInt(part, 16)).join("."); // prettier-ignore
    const status = state === "permanent" ? 4 : 3;
    if (port === 0) continue;
    add(kind === "q" ? `${base}.7.1.2.2.1.2.1.${index}` : `${base}.4.3.1.2.${index}`, "integer", port);
    add(kind === "q" ? `${base}.7.1.2.2.1.3.1.${index}` : `${base}.4.3.1.3.${index}`, "integer", status);
  }
  return found.toSorted((a, b) => compare(a.oid, b.oid));
}
function compare(a: readonly number[], b: readonly number[]): number {
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const difference = (a[i] as number) - (b[i] as number);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

let known: Row[] = [];
let knownAt = 0;
function now(): Row[] {
  if (Date.now() - knownAt > 300) [known, knownAt] = [rows(), Date.now()];
  return known;
}
const say = (row: Row | undefined): void =>
  void process.stdout.write(row === undefined ? "NONE\n" : `.${row.oid.join(".")}\n${row.type}\n${row.value}\n`);

let asked: string | null = null;
for await (const line of createInterface({ input: process.stdin })) {
  if (line === "PING") process.stdout.write("PONG\n");
  else if (asked === null) asked = line;
  else {
    const oid = line.replace(/^\./, "").split(".").map(Number);
    const found = asked === "get" ? now().find((row) => compare(row.oid, oid) === 0) : now().find((row) => compare(row.oid, oid) > 0); // prettier-ignore
    asked = null;
    say(found);
  }
}
