/** Analyses of one customer do not take all workers from everybody else (OT-32, OT-N3). */
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Platform } from "@yagura/server/route.ts";
import { openPlant, type Plant } from "../../../tests/support/ot.ts";
import { inTurn } from "./heavy.ts";

let plant: Plant;
beforeAll(async () => {
  plant = await openPlant();
});
afterAll(() => plant.stop());

test("work of minutes runs one at a time; what finds no turn is put back for later, once", async () => {
  const ran: string[] = [];
  const put: unknown[] = [];
  // The worker's tables are nobody's; what is handed to it is seen on the way.
  const platform: Platform = {
    ...plant.platform,
    jobs: {
      add: async (tx, ...job) => {
        put.push(job);
        await plant.platform.jobs.add(tx, ...job);
      },
    },
  };
  const job = (capture: string) => ({ name: "ot.capture", payload: { capture }, key: `ot.capture:${capture}` });
  let end = (): void => undefined;
  const first = inTurn(platform, job("a"), async () => {
    ran.push("a");
    await new Promise<void>((resolve) => (end = resolve));
  });
  await inTurn(platform, job("b"), async () => void ran.push("b"));
  expect(put).toEqual([
    ["ot.capture", { capture: "b" }, { key: "ot.capture:b", runAt: new Date(plant.clock.now() + 5_000) }],
  ]);
  end();
  await first;
  await inTurn(platform, job("b"), async () => void ran.push("b"));
  expect(ran).toEqual(["a", "b"]);
  await expect(inTurn(platform, job("c"), () => Promise.reject(new Error("broken")))).rejects.toThrow("broken");
  await inTurn(platform, job("d"), async () => void ran.push("d"));
  expect(ran).toEqual(["a", "b", "d"]);
});
