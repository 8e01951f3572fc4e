/** What is done at NAC and switches, and how it is undone. */
import { writeMac } from "../../wire/addresses.ts";
import type { Enforcement, Nac, Switch } from "./file.ts";
import { askNac } from "./nac.ts";
import { checkPort, findPort, isShut, openPort, shutPort, withSnmp, type ShutPort } from "./switches.ts";
import { Trouble } from "./trouble.ts";

/** What was done, as it is remembered between starts: names of the file, no secrets. */
export type Done = { readonly kind: "nac"; readonly nac: string } | ({ readonly kind: "port" } & ShutPort);

export interface Deed {
  readonly done: Done;
  /** For people. */
  readonly where: string;
  /** MACs learned at the port, 0 when it is not known. */
  readonly learned: number;
}
export interface Deeds {
  /** Takes the device off. `intend` is told before anything changes, so that a crash leaves nothing unknown. Throws Trouble. */
  block(mac: number, intend: (deed: Deed) => void): Promise<Deed>;
  /** Puts it on again. Throws Trouble. */
  release(done: Done, mac: number): Promise<void>;
  /** Whether it is still off; asks a NAC to keep it so. Throws Trouble. */
  holds(done: Done, mac: number): Promise<boolean>;
}

/** Names of ports are the switch's own: cut, and without control characters, so that no report is refused for one. */
export const whereOf = (done: Done): string =>
  (done.kind === "nac" ? done.nac : `${done.switch} ${done.name}`)
    .replaceAll(/\p{Cc}/gu, " ")
    .trim()
    .slice(0, 160);

/** The NAC has no session of the device. */
const unlessGone = (error: unknown): void => {
  if (!(error instanceof Trouble) || error.code !== "not-found") throw error;
};

export function deedsOf({ nacs, switches, learned: most }: Enforcement): Deeds {
  const gone = (name: string): Trouble => new Trouble("no-means", `${name} is no longer in the file`);
  const nacOf = (name: string): Nac => {
    const found = nacs.find((one) => one.name === name);
    if (found === undefined) throw gone(name);
    return found;
  };
  const switchOf = (name: string): Switch => {
    const found = switches.find((one) => one.name === name);
    if (found === undefined) throw gone(name);
    return found;
  };
  async function byNac(mac: number, intend: (deed: Deed) => void): Promise<Deed | null> {
    for (const nac of nacs) {
      const done: Done = { kind: "nac", nac: nac.name };
      const deed = { done, where: whereOf(done), learned: 0 };
      intend(deed);
      try {
        await askNac(nac, nac.block, mac);
        return deed;
      } catch (error) {
        // Another NAC, or a switch, may know it.
        unlessGone(error);
      }
    }
    return null;
  }
  async function byPort(mac: number, intend: (deed: Deed) => void): Promise<Deed> {
    const port = await findPort(switches, mac, most);
    const done: Done = { kind: "port", switch: port.switch.name, index: port.index, name: port.name };
    const deed = { done, where: whereOf(done), learned: port.learned };
    await withSnmp(port.switch, async (snmp) => {
      await checkPort(snmp, port);
      intend(deed);
      await shutPort(snmp, port);
    });
    return deed;
  }
  return {
    async block(mac, intend) {
      const deed = await byNac(mac, intend);
      if (deed !== null) return deed;
      if (switches.length === 0) throw new Trouble("not-found", `no NAC has a session of ${writeMac(mac)}`);
      return byPort(mac, intend);
    },
    async release(done, mac) {
      if (done.kind === "port") return openPort(switchOf(done.switch), done);
      const nac = nacOf(done.nac);
      // Thrown off once is nothing to take back: the NAC decides whether it comes in again.
      if (nac.block.kind === "disconnect" && nac.release.kind === "disconnect") return;
      await askNac(nac, nac.release, mac).catch(unlessGone);
    },
    async holds(done, mac) {
      if (done.kind === "port") return isShut(switchOf(done.switch), done);
      const nac = nacOf(done.nac);
      // It may have come in anew meanwhile. A repeated Disconnect would only make it come and go.
      if (nac.block.kind === "attributes") await askNac(nac, nac.block, mac).catch(unlessGone);
      return true;
    },
  };
}
