/** The audit log: appended inside the transaction of the act, chained by hash, checkpointed outside the database. */
import { createHash } from "node:crypto";
import { mkdir, open, readFile } from "node:fs/promises";
import { join } from "node:path";
import { sql } from "kysely";
import type { OrganisationId } from "@yagura/core/ids.ts";
import type { Store, Tx } from "@yagura/store/store.ts";
import type { Actor, AuditRecord } from "./route.ts";
import { canonicalJson } from "./canonical.ts";
import { tables } from "./tables.ts";

/** Appends one entry. Takes the chain's lock until the transaction ends, hence is best called last. */
export async function appendAudit(
  tx: Tx,
  at: Date,
  actor: Actor,
  organisation: OrganisationId | null,
  record: AuditRecord,
): Promise<void> {
  const entry = canonicalJson({
    at: at.toISOString(),
    actorKind: actor.kind,
    actorId: actorId(actor),
    actor: actor.kind === "nobody" ? "" : actor.name,
    organisation: organisation === "" ? null : organisation,
    action: record.action,
    subject: record.subject,
    details: record.details ?? {},
  });
  await sql`select server.append_audit(${entry})`.execute(tx);
}

function actorId(actor: Actor): string | null {
  if (actor.kind === "user") return actor.userId;
  if (actor.kind === "token") return actor.tokenId;
  return actor.kind === "device" ? actor.deviceId : null;
}

const START = "0".repeat(64);

export interface AuditRow {
  readonly sequence: number;
  readonly at: Date;
  readonly actor_kind: string;
  readonly actor_id: string | null;
  readonly actor: string;
  readonly organisation_id: string | null;
  readonly action: string;
  readonly subject: string;
  readonly details: unknown;
  readonly previous: string;
  readonly hash: string;
}

/** The hash that a row must have: SHA-256 of the canonical JSON of the act, the previous hash and the sequence number. */
export function auditHash(row: Omit<AuditRow, "hash">): string {
  const entry = {
    at: row.at.toISOString(),
    actorKind: row.actor_kind,
    actorId: row.actor_id,
    actor: row.actor,
    organisation: row.organisation_id,
    action: row.action,
    subject: row.subject,
    details: row.details,
  };
  return createHash("sha256")
    .update(canonicalJson({ entry, previous: row.previous, sequence: row.sequence }), "utf8")
    .digest("hex");
}

export interface Checkpoint {
  readonly at: string;
  readonly sequence: number;
  readonly hash: string;
}

export type AuditVerdict =
  | { readonly ok: true; readonly entries: number; readonly head: string; readonly checkpoints: number }
  | {
      readonly ok: false;
      /** The first row that is not as it was written. */
      readonly sequence: number;
      readonly reason: "changed" | "missing" | "unchained" | "cut" | "rewritten";
    };

/** Walks one chain given in order. Pure, so that each kind of tampering can be shown in a table. */
export function createAuditWalk(checkpoints: readonly Checkpoint[]): {
  step(row: AuditRow): AuditVerdict | null;
  end(head: { sequence: number; hash: string } | null): AuditVerdict;
} {
  const known = new Map(checkpoints.map((checkpoint) => [checkpoint.sequence, checkpoint.hash]));
  let previous = START;
  let sequence = 0;
  const broken = (at: number, reason: (AuditVerdict & { ok: false })["reason"]): AuditVerdict => ({
    ok: false,
    sequence: at,
    reason,
  });
  return {
    step(row) {
      if (row.sequence !== sequence + 1) return broken(sequence + 1, "missing");
      if (auditHash(row) !== row.hash) return broken(row.sequence, "changed");
      if (row.previous !== previous) return broken(row.sequence, "unchained");
      const expected = known.get(row.sequence);
      if (expected !== undefined && expected !== row.hash) return broken(row.sequence, "rewritten");
      previous = row.hash;
      sequence = row.sequence;
      return null;
    },
    end(head) {
      const furthest = Math.max(0, head?.sequence ?? 0, ...known.keys());
      if (furthest > sequence) return broken(sequence + 1, "cut");
      if (head !== null && head.sequence === sequence && head.hash !== previous) return broken(sequence, "rewritten");
      return { ok: true, entries: sequence, head: previous, checkpoints: known.size };
    },
  };
}

/** Reads the whole log and compares it with itself and with the checkpoints of the data folder. */
export async function verifyAudit(store: Store, dataFolder: string): Promise<AuditVerdict> {
  const checkpoints = await readCheckpoints(dataFolder);
  const head = await readHead(store);
  const walk = createAuditWalk(checkpoints);
  for (let after = 0; ;) {
    const rows = await store.provider((tx) =>
      tables(tx)
        .selectFrom("server.audit_entry")
        .selectAll()
        .where("sequence", ">", after)
        .orderBy("sequence")
        .limit(1000)
        .execute(),
    );
    for (const row of rows) {
      const verdict = walk.step({ ...row, sequence: Number(row.sequence), at: new Date(row.at) });
      if (verdict !== null) return verdict;
      after = Number(row.sequence);
    }
    if (rows.length < 1000) return walk.end(head);
  }
}

async function readHead(store: Store): Promise<{ sequence: number; hash: string } | null> {
  return store.provider(async (tx) => {
    const { rows } = await sql<{
      sequence: string;
      hash: string;
    }>`select sequence, hash from server.audit_head`.execute(tx);
    const [row] = rows;
    return row === undefined ? null : { sequence: Number(row.sequence), hash: row.hash };
  });
}

const checkpointFile = (dataFolder: string): string => join(dataFolder, "audit-checkpoints.jsonl");

async function readCheckpoints(dataFolder: string): Promise<Checkpoint[]> {
  const text = await readFile(checkpointFile(dataFolder), "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return "";
    throw error;
  });
  // The last line may be half written when the power failed; the ones before it stand.
  return text.split("\n").flatMap((line) => {
    try {
      return [JSON.parse(line) as Checkpoint];
    } catch {
      return [];
    }
  });
}

export interface Checkpoints {
  /** Writes the end of the chain when it has moved since the last time. */
  write(): Promise<void>;
}

/** Appends the end of the chain to a file in the data folder, fsynced: a log whose tail was cut is then shorter than the file says. */
export function createCheckpoints(store: Store, dataFolder: string, now: () => Date): Checkpoints {
  let last = "";
  return {
    async write() {
      const head = await readHead(store);
      if (head === null || head.sequence === 0 || head.hash === last) return;
      await mkdir(dataFolder, { recursive: true });
      const file = await open(checkpointFile(dataFolder), "a", 0o600);
      try {
        await file.write(`${JSON.stringify({ at: now().toISOString(), ...head } satisfies Checkpoint)}\n`);
        await file.sync();
      } finally {
        await file.close();
      }
      last = head.hash;
    },
  };
}
