import { defineConfig } from "vitest/config";

/** Kinds of test by file name: unit (`.test.ts`), `.store.test.ts`, `.net.test.ts`, `.web.test.ts`. */
const kinds = ["store", "net", "web", "fault"];
const where = ["platform", "services", "programs", "tests", "bench"];
const named = (kind: string): string[] => where.map((place) => `${place}/**/*.${kind}.test.ts`);
const ignored = ["**/node_modules/**", "**/dist/**"];

export default defineConfig({
  test: {
    pool: "threads",
    isolate: false,
    reporters: ["default"],
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          setupFiles: ["./tests/support/seed.ts"],
          // Hashing a password takes seconds on a machine that is busy with other work.
          testTimeout: 30_000,
          sequence: { groupOrder: 0 },
          include: where.map((place) => `${place}/**/*.test.{ts,tsx}`),
          exclude: [...ignored, ...kinds.flatMap(named)],
        },
      },
      ...kinds.map((kind, index) => ({
        extends: true as const,
        test: {
          name: kind,
          // One kind after the other: the timing of the network tests must not suffer from the rest.
          sequence: { groupOrder: index + 1 },
          include: named(kind),
          exclude: ignored,
          pool: "forks" as const,
          isolate: true,
          maxWorkers: 2,
          testTimeout: 120_000,
          hookTimeout: 120_000,
          fileParallelism: kind === "store" || kind === "web",
        },
      })),
    ],
  },
});
