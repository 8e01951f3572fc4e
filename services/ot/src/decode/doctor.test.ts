/** The doctor of mirror ports: what it says to which counters, and to healthy ones nothing (OT-34, OT-N6). */
import { describe, expect, test } from "vitest";
import { complaints, diagnose, sumCaptures, type CaptureSum, type Complaint } from "./doctor.ts";
import { sayDiagnosis, saySetting, switchMakers } from "./doctor-words.ts";

const healthy: CaptureSum = {
  name: "eth1",
  networks: 1,
  sent: 0,
  packets: 10_000,
  bytes: 2_000_000,
  dropped: 0,
  duplicates: 5,
  truncated: 0,
  tagged: 0,
  twoWay: 40,
  oneWay: 1,
  tcpBytes: 1_000_000,
  tcpMissing: 0,
  broadcasts: 300,
  unicasts: 9_700,
  malformed: 0,
  undissected: 100,
  payloads: 9_000,
};

const cases: readonly [Complaint, Partial<CaptureSum>][] = [
  ["sends", { sent: 3 }],
  ["nothing", { packets: 0, bytes: 0, unicasts: 0, broadcasts: 0, twoWay: 0, oneWay: 0, duplicates: 0, tcpBytes: 0 }],
  ["only-broadcast", { unicasts: 20, broadcasts: 9_980 }],
  ["loss-here", { dropped: 50 }],
  ["one-way", { oneWay: 30, twoWay: 12 }],
  ["loss-at-mirror", { tcpMissing: 30_000 }],
  ["truncated", { truncated: 400 }],
  ["duplicates", { duplicates: 4_000 }],
  ["untagged", { networks: 5 }],
  ["malformed", { malformed: 100 }],
];

describe("the doctor (OT-34, OT-N6)", () => {
  test("a healthy mirror has no complaint", () => {
    expect(diagnose(healthy)).toEqual([]);
    expect(diagnose({ ...healthy, networks: 5, tagged: 4_000 })).toEqual([]);
    expect(diagnose({ ...healthy, sent: null })).toEqual([]);
  });

  test.each(cases)("%s", (complaint, change) => {
    const [found, ...more] = diagnose({ ...healthy, ...change });
    expect(more).toEqual([]);
    expect(found?.complaint).toBe(complaint);
    if (found === undefined) return;
    for (const language of ["en", "ja"] as const) {
      const texts = [sayDiagnosis(found, language), ...switchMakers.map((maker) => saySetting(found, maker, language))];
      for (const text of texts) expect(text).toMatch(/^[^{}]{8,}$/);
      expect(texts[0]).toContain("eth1");
    }
  });

  test("every complaint has its case", () => expect(cases.map(([complaint]) => complaint)).toEqual([...complaints]));

  test("gaps that our own drops explain are not laid at the mirror's door", () => {
    const found = diagnose({ ...healthy, dropped: 500, tcpMissing: 40_000 });
    expect(found.map(({ complaint }) => complaint)).toEqual(["loss-here"]);
    expect(found[0]?.severity).toBe("bad");
  });

  test("few packets are no ground for a judgement", () =>
    expect(diagnose({ ...healthy, packets: 30, unicasts: 0, broadcasts: 30, oneWay: 3, twoWay: 0, duplicates: 9, networks: 4 })).toEqual([])); // prettier-ignore

  test("rows of several uploads are added", () => {
    const { name: _, networks, sent, ...row } = healthy;
    const sum = sumCaptures("eth1", [row, row], { networks, sent });
    expect(sum).toMatchObject({ name: "eth1", packets: 20_000, oneWay: 2, networks: 1, sent: 0 });
  });
});
