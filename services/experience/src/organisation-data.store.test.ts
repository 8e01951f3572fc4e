import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { OrganisationId } from "@yagura/core/ids.ts";
import { eraseContracts, exportContracts } from "@yagura/commerce/contracts/organisation-data.ts";
import type { Tx } from "@yagura/store/store.ts";
import { openHouse, type House } from "../../../tests/support/experience.ts";
import { createAgent } from "./agents.ts";
import { inviteToInstall } from "./invitations.ts";
import { erase, exportRows } from "./organisation-data.ts";
import { createSession } from "./sessions.ts";
import { createTarget } from "./targets.ts";
import { createTenant } from "./tenants.ts";

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(async () => house.stop());

async function furnished(): Promise<OrganisationId> {
  const organisation = await house.organisation();
  const { number: contractNumber } = await house.contract(organisation);
  await house.as(organisation, async (work) => {
    const tenantId = await createTenant(work, { name: "東京" });
    const holder = { name: "山田", mail: "yamada@example.jp" };
    const agentId = await createAgent(work, { tenantId, contractNumber, label: "PC-1", holder });
    const targetId = await createTarget(work, { tenantId, name: "web", probe: { kind: "icmp", host: "::1" } });
    await createSession(work, { agentId, targetId });
    await inviteToInstall(work, agentId, {});
  });
  return organisation;
}

async function tablesOf(organisation: OrganisationId): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  const count = async (tx: Tx): Promise<void> => {
    for (const rows of [exportRows(tx, organisation), exportContracts(tx, organisation)]) {
      for await (const { table } of rows) counts[table] = (counts[table] ?? 0) + 1;
    }
  };
  await house.stores.store.organisation(organisation, count);
  return counts;
}

test("the export of an organisation holds every table of ours with an organisation, and nobody else's rows", async () => {
  const [organisation] = [await furnished(), await furnished()];
  expect(await tablesOf(organisation)).toEqual({
    "commerce.contract_fact": 1,
    "experience.tenant": 1,
    "experience.target": 1,
    "experience.agent": 1,
    "experience.session": 1,
    "experience.invitation": 1,
    "experience.event": 1,
    "commerce.contract": 1,
    "commerce.contract_event": 2,
  });
  const { rows } = await house.stores.store.provider((tx) =>
    sql<{ name: string }>`select table_schema || '.' || table_name as name from information_schema.columns
      where table_schema = 'experience' and column_name = 'organisation_id' order by 1`.execute(tx),
  );
  const exported = Object.keys(await tablesOf(organisation)).filter((name) => name.startsWith("experience."));
  expect(rows.map(({ name }) => name)).toEqual(exported.toSorted());
});

test("erasure leaves nothing of the organisation and touches nobody else's", async () => {
  const [gone, stays] = [await furnished(), await furnished()];
  await house.stores.store.organisation(gone, async (tx) => {
    await erase(house.platform, tx, gone);
    await eraseContracts(house.platform, tx, gone);
  });
  expect(await tablesOf(gone)).toEqual({});
  expect(Object.keys(await tablesOf(stays))).toHaveLength(9);
});
