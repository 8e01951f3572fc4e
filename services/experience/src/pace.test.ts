/** The upload interval by the size of the fleet, as a table. */
import { expect, test } from "vitest";
import { tiers, uploadInterval } from "./pace.ts";

const rows: readonly [devices: number, current: number | null, upload: number][] = [
  [0, null, 2_000],
  [500, null, 2_000],
  [501, null, 5_000],
  [2_500, null, 5_000],
  [2_501, null, 10_000],
  [10_000, null, 10_000],
  [1_000_000, null, 10_000],
  // Growing: at once.
  [501, 2_000, 5_000],
  [2_501, 2_000, 10_000],
  [2_501, 5_000, 10_000],
  [500, 2_000, 2_000],
  // Shrinking: only well below the limit.
  [500, 5_000, 5_000],
  [451, 5_000, 5_000],
  [450, 5_000, 2_000],
  [2_500, 10_000, 10_000],
  [2_250, 10_000, 5_000],
  [480, 10_000, 5_000],
  [10, 10_000, 2_000],
];
test.each(rows)("%i devices, told %s ms before: %i ms", (devices, current, upload) =>
  expect(uploadInterval(devices, current)).toBe(upload),
);

test("EXP-T10 no fleet is so large that a sample would come later than 15 s", () => {
  const commitAndMove = 2_000;
  for (const { upload } of tiers) expect(upload + commitAndMove).toBeLessThan(15_000);
});
