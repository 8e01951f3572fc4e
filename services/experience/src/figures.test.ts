/** docs/experience-figures.md says what the code does: score knees and export columns are equal. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { exportColumns } from "./store/export.ts";
import { curves, type Curve } from "./analysis/score.ts";

const page = readFileSync(new URL("../../../docs/experience-figures.md", import.meta.url), "utf8");
const knees = (curve: Curve): string =>
  curve
    .filter(([value]) => value > 0)
    .map(([value, points]) => `${value} → ${points}`)
    .join(", ");

test.each([
  ["loss, late", curves.loss],
  ["refused", curves.refused],
  ["latency, ICMP and TCP", curves.icmp.latency],
  ["latency, DNS", curves.dns.latency],
  ["latency, HTTP (whole transaction)", curves.http.latency],
  ["jitter, ICMP and TCP", curves.tcp.jitter],
] as const)("the knees of %s stand on the page", (reason, curve) => {
  const line = page.split("\n").find((text) => text.startsWith(`| ${reason} |`) && text.includes("→")) ?? "";
  expect(line).toContain(`| ${knees(curve)} |`);
});

test("the columns of an export stand on the page, in their order", () => {
  const rows = exportColumns.map(({ name, meaning }) => `| \`${name}\` | ${meaning} |`).join("\n");
  expect(page).toContain(rows);
});
