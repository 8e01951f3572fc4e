import { describe, expect, test } from "vitest";
import { Value } from "typebox/value";
import { ReportContent } from "@yagura/reports/shapes.ts";
import { printDocument } from "@yagura/reports/documents.ts";
import { pdfPages } from "@yagura/testkit/pdf-text.ts";
import { findingKinds } from "../analysis/findings.ts";
import { roles } from "../analysis/model.ts";
import type { Assessment } from "../wire/api-register.ts";
import { issuer, recipient } from "../../../../tests/support/documents.ts";
import { markOf, reportContent } from "./content.ts";
import { roleWords } from "./words.ts";

const id = "01920000-0000-7000-8000-000000000001";
const kinds = Object.keys(findingKinds);
const finding = (kind: string, i: number): Assessment["findings"][number] => ({
  id,
  siteId: id,
  key: `${kind} ${i}`,
  kind,
  severity: findingKinds[kind]?.severity ?? "notice",
  confidence: 0.9,
  state: "open",
  subject: { kind: "asset", id },
  assets: [],
  since: "2026-11-20T03:00:00.000Z",
  until: null,
  lastAt: "2026-11-20T03:00:00.000Z",
  count: i,
  parameters: { device: "PRESS-PLC1", peer: "EWS01", client: "EWS01", server: "PRESS-PLC1" },
  evidence: [],
  techniques: [...(findingKinds[kind]?.techniques ?? [])],
  permitId: null,
  muteId: null,
  decided: null,
});
const assessment: Assessment = {
  at: "2026-11-20T03:00:00.000Z",
  span: { from: "2026-10-21T03:00:00.000Z", to: "2026-11-20T03:00:00.000Z" },
  organisation: "株式会社お客さま",
  site: {
    id,
    name: "第一工場",
    note: "",
    sensors: 1,
    assets: 24,
    active: 24,
    tokens: null,
    lastUploadAt: null,
    createdAt: "2026-10-01T00:00:00.000Z",
  },
  score: 41,
  reasons: [],
  assets: {
    total: 24,
    appeared: 2,
    roles: roles.map((key, i) => ({ key, count: i })),
    vendors: [{ key: "Mitsubishi Electric", count: 4 }],
    unregistered: 3,
  },
  protocols: [{ protocol: "slmp", title: "SLMP (MC protocol)", ot: true, bytes: 1_000, pairs: 3 }],
  tally: { info: 1, notice: 2, bad: 3, critical: 0 },
  kinds: kinds.map((kind) => ({ kind, severity: "bad" as const, count: 1, assets: 1 })),
  findings: kinds.map(finding),
  quality: [{ sensor: "センサー1", state: "bad", checks: ["one-way"] }],
};
const head = {
  number: "OT-20261120-000001",
  issuedOn: "2026-11-20",
  period: { from: "2026-10-21", to: "2026-11-19" },
  issuer,
  recipient,
};

describe("OT-30 the assessment report", () => {
  test("its content has the shape of a report, for every kind of finding and every role", () => {
    expect([...Value.Errors(ReportContent, reportContent(assessment, head))]).toEqual([]);
    expect(Object.keys(roleWords).toSorted()).toEqual([...roles].toSorted());
  });

  test.each([
    ["ja", ["第一工場", "24 台の機器", "台帳にない機器が 3 台", "最初に対応すること", "早めの対応が必要です"]],
    ["en", ["24 devices were seen", "3 devices are not in your own list", "What to do first", "Act soon"]],
  ] as const)("the first page in %s says what a manager must know", async (language, sentences) => {
    const pages = pdfPages(Buffer.from(await printDocument("report", reportContent(assessment, head), language)));
    const first = (pages[0]?.text ?? "").replaceAll(/\s+/g, "");
    for (const sentence of sentences) expect(first).toContain(sentence.replaceAll(/\s+/g, ""));
    expect(pages.length).toBeGreaterThan(2);
  });

  test("one critical finding decides the verdict, whatever the score", () => {
    expect(markOf({ score: 95, tally: { info: 0, notice: 0, bad: 0, critical: 1 } })).toBe("critical");
    expect(markOf({ score: 95, tally: { info: 0, notice: 0, bad: 0, critical: 0 } })).toBe("good");
  });
});
