import { createHmac } from "node:crypto";
import { describe, expect, test } from "vitest";
import type { Message } from "./message.ts";
import { headline, plain } from "./message.ts";
import { isPublic } from "./reach.ts";
import { cef, syslogLine } from "./syslog.ts";
import { fill, sentences } from "./text.ts";
import { signature, webhookBody } from "./webhook.ts";

const message: Message = {
  occasion: "opened",
  organisation: { id: "00000000-0000-7000-8000-000000000001", name: '東西 "工業" ]' },
  incident: "00000000-0000-7000-8000-000000000002",
  number: 12,
  service: "ot",
  kind: "ot.plc.stopped",
  severity: "critical",
  state: "open",
  subject: { kind: "asset", id: "a" },
  title: "PLC-1|stopped=by EWS\\1",
  normal: "Nobody stopped it in 90 days",
  changed: "Stop from 192.0.2.66\nover S7comm",
  advice: "Ask the shift leader",
  techniques: ["T0858", "T0816"],
  parameters: { device: "PLC-1" },
  findings: 2,
  openedAt: "2026-11-20T03:00:00.000Z",
  lastAt: "2026-11-20T03:00:05.000Z",
  url: "https://yagura.example/o/1/alerts/2",
  language: "en",
  lines: [],
};

describe("OT-29 what leaves", () => {
  test("a line of syslog has header, escaped structured data and UTF-8 text (RFC 5424 section 6)", () => {
    const line = syslogLine(message, "rfc5424", new Date("2026-11-20T03:00:05Z"), "watch tower");
    // Facility 4, severity 2: 34.
    expect(line).toMatch(/^<34>1 2026-11-20T03:00:05\.000Z watch_tower yagura - ot\.plc\.stopped \[yagura@32473 /);
    expect(line).toContain(String.raw`organisation="東西 \"工業\" \]"`);
    expect(line).toContain('techniques="T0858 T0816"');
    expect(line.endsWith("] \uFEFFPLC-1|stopped=by EWS\\1 — Stop from 192.0.2.66 over S7comm")).toBe(true);
    expect(line).not.toContain("\n");
  });

  test("CEF escapes bars in the header, equals signs and line ends in the extension", () => {
    const event = cef(message);
    expect(event).toMatch(/^CEF:0\|Yagura\|Yagura\|0\.1\.0\|ot\.plc\.stopped\|PLC-1\\\|stopped=by EWS\\\\1\|10\|/);
    expect(event).toContain(String.raw`cs2=Stop from 192.0.2.66\nover S7comm`);
    expect(event).toContain("rt=1795143605000");
    expect(event).toContain("externalId=12");
    expect(syslogLine(message, "cef", new Date(0), "h")).toContain("] \uFEFFCEF:0|");
  });

  test("a webhook is signed over its time and body", () => {
    const body = webhookBody(message);
    expect(JSON.parse(body)).toMatchObject({
      event: "incident.opened",
      id: message.incident,
      number: 12,
      severity: "critical",
    });
    const [, seconds, code] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(signature("key", 1_795_143_605, body)) ?? [];
    expect(code).toBe(createHmac("sha256", "key").update(`${seconds}.${body}`).digest("hex"));
  });

  test("a mail says what was normal, what changed and what to do, in the channel's language", () => {
    expect(headline(message)).toBe("[Critical] #12 PLC-1|stopped=by EWS\\1");
    expect(headline({ ...message, occasion: "escalated", language: "ja" })).toBe(
      "[重大 · 未対応] #12 PLC-1|stopped=by EWS\\1",
    );
    const text = plain(message);
    for (const part of [message.normal, message.changed, message.advice, "T0858, T0816", message.url])
      expect(text).toContain(part);
  });
});

test.each([
  ["8.8.8.8", true],
  ["2001:4860:4860::8888", true],
  ["127.0.0.1", false],
  ["::1", false],
  ["10.0.0.1", false],
  ["172.16.3.4", false],
  ["192.168.1.1", false],
  ["169.254.169.254", false],
  ["100.64.0.1", false],
  ["fd00::1", false],
  ["fe80::1", false],
  ["::ffff:127.0.0.1", false],
  ["::ffff:10.1.2.3", false],
  ["64:ff9b::7f00:1", false],
  ["0.0.0.0", false],
  ["::ffff:0:7f00:1", false],
  ["2002:7f00:1::", false],
  ["64:ff9b:1::7f00:1", false],
  ["fec0::1", false],
  ["4000::1", false],
  ["fe80::1%eth0", false],
  ["224.0.0.1", false],
  ["no address", false],
])("%s may be told from the internet side: %s", (address, expected) => {
  expect(isPublic(address)).toBe(expected);
});

test("words are filled with parameters; what is missing leaves no braces; an unknown kind is told by its name", () => {
  expect(fill("{a} and {b}", { a: 1 })).toBe("1 and");
  expect(fill("{a} stopped", { a: "PLC\r\nBcc: x\u2028\u202eexe" })).toBe("PLC Bcc: x exe stopped");
  expect(fill("{a}", { a: "x".repeat(10_000) })).toHaveLength(1_000);
  expect(sentences({}, "gone.kind", {}, "ja").title).toBe("gone.kind");
});
