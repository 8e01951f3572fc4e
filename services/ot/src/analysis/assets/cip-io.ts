/**
 * Scanner and adapter of EtherNet/IP (The CIP Networks Library, volume 2, 3-1: class 0 and 1 connections). Their I/O data look the
 * same in both directions; who is the controller shows elsewhere: it opened the session over TCP, it has several partners, and only
 * adapters send their inputs to a group.
 */
import type { Observation, Role } from "../model.ts";
import type { RoleReason } from "./roles.ts";

/** Code of I/O data (protocols/enip.ts). */
const IO_DATA = 0x8002;
/** Partners from which on a device is the controller of the others. */
const SEVERAL = 2;

type Note = (asset: string, role: Role, confidence: number, reason: RoleReason, count: number) => void;

export function readCipIo(observation: Observation, assetOf: (endpoint: number) => string | null, note: Note): void {
  const partners = new Map<string, Set<string>>();
  const exchange = (a: string, b: string): void => void (partners.get(a) ?? partners.set(a, new Set()).get(a))?.add(b);
  for (const row of observation.commands) {
    if (row.protocol !== "enip" || row.code !== IO_DATA) continue;
    const [client, server] = [assetOf(row.client), assetOf(row.server)];
    if (client !== null && server === null) note(client, "io", 0.45, "gives-inputs", row.events);
    if (client === null || server === null) continue;
    exchange(client, server);
    exchange(server, client);
  }
  if (partners.size === 0) return;
  for (const row of observation.conversations) {
    if (row.transport !== "tcp" || (row.protocol !== "enip" && row.protocol !== "cip")) continue;
    const [client, server] = [assetOf(row.client), assetOf(row.server)];
    if (client === null || server === null || partners.get(client)?.has(server) !== true) continue;
    note(client, "plc", 0.6, "drives-io", 1);
    note(server, "io", 0.45, "answers-io", 1);
  }
  for (const [asset, others] of partners) {
    if (others.size < SEVERAL) continue;
    note(asset, "plc", 0.5, "drives-io", others.size);
    for (const other of others) if (partners.get(other)?.size === 1) note(other, "io", 0.4, "answers-io", 1);
  }
}
