/** The gate between movers and a backup. */
import { expect, test } from "vitest";
import { Gate } from "./gate.ts";

test("who wants to be alone waits for those inside, and those who come later wait for it", async () => {
  const gate = new Gate();
  const said: string[] = [];
  const first = Promise.withResolvers<void>();
  const inside = gate.pass(async () => {
    said.push("in");
    await first.promise;
    said.push("out");
  });
  const alone = gate.alone(async () => void said.push("alone"));
  const later = gate.pass(async () => void said.push("later"));
  first.resolve();
  await Promise.all([inside, alone, later]);
  expect(said).toEqual(["in", "out", "alone", "later"]);
});

test("many pass together, and a failure inside opens the gate again", async () => {
  const gate = new Gate();
  const both = Promise.withResolvers<void>();
  let inside = 0;
  const enter = (): Promise<void> =>
    gate.pass(async () => {
      if (++inside === 2) both.resolve();
      await both.promise;
    });
  await Promise.all([enter(), enter()]);
  await expect(gate.alone(() => Promise.reject(new Error("no")))).rejects.toThrow("no");
  expect(await gate.pass(async () => "open")).toBe("open");
});
