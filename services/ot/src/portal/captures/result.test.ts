import { expect, test } from "vitest";
import { readResult } from "./result.ts";

test("what the analysis prints is read, words by their lists", () => {
  const report = readResult({
    from: "2026-11-20T00:00:00.000Z",
    packets: 12,
    captures: [{ name: "a.pcap", advice: ["one way"] }],
    assets: [
      { name: "PLC", role: "plc", attributes: { vendor: "Acme" }, addresses: ["192.0.2.1"], protocols: ["Modbus/TCP"] },
    ],
    commands: [
      { client: "a", server: "b", protocol: "modbus", code: 5, name: "x", class: "stop", critical: true, requests: 3 },
    ],
    findings: [{ severity: "critical", title: "Stopped", subject: "b" }],
  });
  expect(report).toMatchObject({ from: "2026-11-20T00:00:00.000Z", to: null, packets: 12, bytes: 0 });
  expect(report.assets[0]).toMatchObject({ role: "plc", attributes: { vendor: "Acme" }, macs: [] });
  expect(report.commands[0]).toMatchObject({ protocol: "Modbus/TCP", class: "stop", critical: true, count: 3 });
  expect(report.findings[0]).toMatchObject({ severity: "critical", title: "Stopped", advice: "" });
  expect(report.quality).toEqual([{ name: "a.pcap", advice: ["one way"] }]);
});

test("a result of another make is empty rather than wrong", () => {
  for (const other of [null, [], "text", { assets: 3, commands: [null, { class: "unheard" }] }]) {
    expect(readResult(other).assets).toEqual([]);
  }
  expect(readResult({ commands: [{ class: "unheard" }] }).commands[0]?.class).toBe("other");
});
