/** How often agents upload: soon while the installation is small, in larger batches when it has many devices. */
import { sql } from "kysely";
import type { Tx } from "@yagura/store/store.ts";

export interface Tier {
  /** Devices of the whole installation, enrolled and not revoked, up to which it holds. */
  readonly devices: number;
  /** Milliseconds between two uploads of an agent. */
  readonly upload: number;
}

/**
 * A batch costs the server about 0.8 ms of processor time whatever it holds, a sample about 1 µs (docs/scaling.md), so it is
 * the number of batches that must be kept in bounds:
 *
 * - up to 500 devices: 2 s, so that live charts move; at most 250 batches a second, 0.2 of a core
 * - up to 2,500: 5 s; at most 500 a second, 0.4 of a core
 * - above: 10 s; 10,000 devices make 1,000 a second, 0.8 of a core, and fit into a machine of two
 *
 * Never slower than 10 s: a sample must be readable through the API within 15 s of being measured, and the way from the
 * upload through commit and mover into telemetry takes up to 2 s of them.
 */
export const tiers: readonly Tier[] = [
  { devices: 500, upload: 2_000 },
  { devices: 2_500, upload: 5_000 },
  { devices: Number.POSITIVE_INFINITY, upload: 10_000 },
];

/** A tier is left downwards only below this share of its limit: a fleet at the limit must not be told a new pace again and again. */
export const CALM = 0.9;

const uploadAt = (devices: number, share: number): number =>
  (tiers.find((tier) => devices <= tier.devices * share) as Tier).upload;

/** Milliseconds between uploads for so many devices; `current`: what they were told before, or null. */
export function uploadInterval(devices: number, current: number | null = null): number {
  const upload = uploadAt(devices, 1);
  if (current === null || upload >= current) return upload;
  return Math.min(current, uploadAt(devices, CALM));
}

/** The interval in force, milliseconds. Before the first count: that of a small installation. */
export async function readUpload(tx: Tx): Promise<number> {
  const { rows } = await sql<{ upload: number }>`select upload_ms as upload from experience.fleet`.execute(tx);
  return rows[0]?.upload ?? uploadInterval(0);
}
