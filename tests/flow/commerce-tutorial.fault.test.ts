import type { ChildProcess } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openLab, type Lab, type Namespace } from "@yagura/testkit/lab/namespace.ts";
import { blocksOf, interrupt, serving, terminal } from "./tutorial.ts";

/** docs/tutorials/contracts-and-invoices-by-api.md, run as it stands there, on a machine that reaches nobody but itself. */
const PAGE = "contracts-and-invoices-by-api.md";
const folder = mkdtempSync(join(tmpdir(), "yagura-flow-office-"));
const data = join(folder, "data");
const environment = { YAGURA_DATA: data };

let lab: Lab;
let office: Namespace;
let plane: ChildProcess | null = null;

beforeAll(async () => {
  lab = await openLab();
  office = await lab.namespace();
  const [start = ""] = blocksOf(PAGE, "server");
  plane = terminal(office, start, environment);
  await serving(plane);
}, 180_000);

afterAll(async () => {
  await interrupt(plane);
  await lab?.close();
  rmSync(folder, { recursive: true, force: true });
});

test("COM-02…COM-20 five services are ordered, billed for months, paid late, corrected and cancelled by the API alone, as the page says", async () => {
  const steps = blocksOf(PAGE, "");
  expect(steps.length).toBeGreaterThan(12);
  const provider = terminal(office, `set -o pipefail\n${steps.join("\n")}`, environment);
  const said: string[] = [];
  createInterface({ input: provider.stdout as NodeJS.ReadableStream }).on("line", (line) => said.push(line));
  const status = await new Promise<number | null>((done) => provider.once("exit", (code) => done(code)));
  const text = said.join("\n");
  expect(status, text).toBe(0);

  for (const line of [
    "The price book price-book-2026 is loaded.",
    "100-seat pack × 1 would give 100 seats for 15,000 yen a month without tax; as ordered it is 95 seats for 17,200 yen.",
    // SEC initial 3,300; RNS hardware and installation 231,000; OST 454,300; UTM 1,925.
    "2026-04: 4 documents, 690525 yen with tax, 0 set aside",
    // EXP 1,100; SEC 20,360 with the change and 80,000; RNS 12,000; OST 90,000; UTM 2,500, each with tax.
    "2026-05: 6 documents, 226446 yen with tax, 0 set aside",
    "base -167: UTM-35, floor(2,500 × 1 × 28 ÷ 30) − 2,500 = −167",
    // 22,396 × 14.5 % × 19 ÷ 365 = 169.04
    "floor((22,396 × 19) × 14.5% ÷ 365) = 169",
    // August less a day: 2,500 − floor(2,500 × 30 ÷ 31).
    "-81",
    "carried-out for 2026-10-20, 480000 yen",
  ]) {
    expect(said).toContain(line);
  }
  // (80,000 + 40,000 + 12,000 tax) of the desk's last month, and the sum for the end, which bears no tax.
  expect(text).toMatch(/INV-2026-\d+: 612000 yen, due 2026-11-30/);
  expect(text).toMatch(/^The audit log is whole: /m);

  for (const language of ["ja", "en"])
    expect(
      readFileSync(join(data, `june-${language}.pdf`))
        .subarray(0, 5)
        .toString(),
    ).toBe("%PDF-");
  expect(readFileSync(join(data, "june.csv"), "utf8")).toContain("-167");
  const [, ...rows] = readFileSync(join(data, "journal.csv"), "utf8").trim().split("\n");
  const sum = (column: number): number => rows.reduce((total, row) => total + Number(row.split(",")[column]), 0);
  expect(sum(8)).toBe(sum(9));
  expect(sum(8)).toBeGreaterThan(0);
}, 300_000);
