/** An installation with a fleet of agents already enrolled: rows as the API would have made them, keys that the simulator holds. */
import { createPrivateKey, generateKeyPairSync, type KeyObject } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { sql } from "kysely";
import { uuidV7 } from "@yagura/core/ids.ts";
import { prepareJobs } from "@yagura/server/jobs.ts";
import { openStores, type Stores } from "@yagura/store/open.ts";
import { services } from "../../../programs/control-plane/src/compose.ts";
import { rooms } from "../../../programs/control-plane/src/rooms.ts";

export interface Fleet {
  readonly organisation: string;
  readonly agents: readonly FleetAgent[];
}
export interface FleetAgent {
  readonly device: string;
  /** PKCS 8, base64. */
  readonly key: string;
  readonly sessions: readonly string[];
}
export const privateKeyOf = (agent: FleetAgent): KeyObject =>
  createPrivateKey({ key: Buffer.from(agent.key, "base64"), format: "der", type: "pkcs8" });

export const openFleetStores = (dataFolder: string): Promise<Stores> =>
  openStores({ dataFolder, migrations: rooms(services), prepare: [prepareJobs] });

let made = 0;
/** Ids in ascending order, so that their indexes are filled from the left as in life. */
const id = (): string => {
  const random = new Uint8Array(10);
  new DataView(random.buffer).setUint32(2, ++made);
  return uuidV7(Date.now(), random);
};

/** Makes the data folder's databases and the fleet in them; the fleet is also written to `fleet.json`. */
export async function seedFleet(dataFolder: string, agents: number, sessionsEach: number): Promise<Fleet> {
  const organisation = id();
  const tenant = id();
  const targets = Array.from({ length: sessionsEach }, id);
  const made = Array.from({ length: agents }, () => {
    const { privateKey, publicKey } = generateKeyPairSync("ed25519");
    return {
      agent: id(),
      contract: id(),
      device: id(),
      key: (privateKey.export({ format: "der", type: "pkcs8" }) as Buffer).toString("base64"),
      public: (publicKey.export({ format: "der", type: "spki" }) as Buffer).subarray(-32).toString("hex"),
      sessions: Array.from({ length: sessionsEach }, id),
    };
  });
  const stores = await openFleetStores(dataFolder);
  try {
    await stores.store.provider(async (tx) => {
      await sql`insert into server.organisation (id, name, internal, language, created_at)
        values (${organisation}, 'Fleet', false, 'en', now())`.execute(tx);
      await sql`insert into experience.tenant (id, organisation_id, name, created_at)
        values (${tenant}, ${organisation}, 'Fleet', now())`.execute(tx);
      await sql`insert into experience.target (id, organisation_id, tenant_id, name, probe, created_at)
        select t, ${organisation}, ${tenant}, 'target ' || n, '{"kind":"icmp","host":"192.0.2.1"}', now()
        from unnest(${targets}::uuid[]) with ordinality as x (t, n)`.execute(tx);
      for (let from = 0; from < made.length; from += 500) {
        const part = made.slice(from, from + 500);
        const rows = JSON.stringify(
          part.map(({ agent, contract, device, public: publicKey, sessions }, i) => {
            return { n: from + i, agent, contract, device, public: publicKey, sessions, targets };
          }),
        );
        await sql`insert into commerce.contract (id, organisation_id, service, number, charged, state, started_on, created_at)
          select x.contract, ${organisation}, 'experience', 'FLEET-' || x.n, true, 'active', current_date, now()
          from jsonb_to_recordset(${rows}::jsonb) as x (contract uuid, n integer)`.execute(tx);
        await sql`insert into devices.device (id, organisation_id, program, version, hostname, platform, public_key,
            subject_service, subject_kind, subject_id, enrolled_at)
          select x.device, ${organisation}, 'agent', '0', 'pc' || x.n, 'linux x64', decode(x.public, 'hex'),
            'experience', 'agent', x.agent, now()
          from jsonb_to_recordset(${rows}::jsonb) as x (device uuid, agent uuid, public text, n integer)`.execute(tx);
        await sql`insert into experience.agent (id, organisation_id, tenant_id, contract_id, contract_number, label,
            holder_name, device_id, created_at)
          select x.agent, ${organisation}, ${tenant}, x.contract, 'FLEET-' || x.n, 'pc' || x.n, 'Somebody', x.device, now()
          from jsonb_to_recordset(${rows}::jsonb) as x (agent uuid, contract uuid, device uuid, n integer)`.execute(tx);
        await sql`insert into experience.session (id, organisation_id, tenant_id, agent_id, target_id, interval_ms,
            timeout_ms, created_at)
          select (x.sessions ->> i)::uuid, ${organisation}, ${tenant}, x.agent, (x.targets ->> i)::uuid, 1000, 900, now()
          from jsonb_to_recordset(${rows}::jsonb) as x (agent uuid, sessions jsonb, targets jsonb),
            generate_series(0, ${sessionsEach - 1}::integer) as i`.execute(tx);
      }
    });
  } finally {
    await stores.stop();
  }
  const fleet: Fleet = { organisation, agents: made.map(({ device, key, sessions }) => ({ device, key, sessions })) };
  writeFileSync(join(dataFolder, "fleet.json"), JSON.stringify(fleet));
  return fleet;
}
