/** Values in words, and the catalogues of both languages. */
import { describe, expect, test } from "vitest";
import { formatDuration, formatNumber, formatPercent, formatSpan } from "@yagura/portal/format.ts";
import type { Format } from "@yagura/portal/language.tsx";
import { placeholders, sayer, type Catalogue, type Language } from "@yagura/portal/words.ts";
import { gapReasons, methods } from "../wire/samples.ts";
import { tellCapability, tellGap, tellInterval, tellMethod, tellPaused, tellProbe, tellReasons } from "./tell.ts";
import { manageWords } from "./words-manage.ts";
import { eventWords } from "./words-events.ts";
import { overviewWords } from "./words-overview.ts";
import { sessionWords } from "./words-session.ts";
import { words } from "./words.ts";

const formatOf = (language: Language): Format =>
  ({
    number: (value, digits) => formatNumber(value, language, digits),
    percent: (share) => formatPercent(share, language),
    duration: (us) => formatDuration(us, language),
    span: (seconds) => formatSpan(seconds, language),
  }) as Format;
const en = sayer(words, "en");
const ja = sayer(words, "ja");

describe.each(Object.entries({ words, sessionWords, manageWords, overviewWords, eventWords }))("%s", (_, catalogue) => {
  test.each(Object.entries(catalogue as Catalogue))("%s has the same placeholders in both languages", (_, text) => {
    const english = typeof text.en === "string" ? [text.en] : [text.en.one, text.en.other];
    const wanted = placeholders(text.ja);
    // English may say `one` without its number.
    for (const each of english) expect(wanted).toEqual(expect.arrayContaining(placeholders(each)));
    expect(placeholders(english.at(-1) ?? "")).toEqual(wanted);
    expect(text.ja).not.toBe("");
  });
});

test.each(gapReasons)("the gap reason %s has words", (reason) => {
  expect(tellGap(reason, en)).not.toBe(tellGap(null, en));
  expect(tellGap(reason, ja)).not.toBe(tellGap(null, ja));
});
test.each(methods)("the method %s has words", (method) => {
  expect(tellMethod(method, en)).not.toBe(method);
  expect(tellMethod(method, ja)).not.toBe(method);
});

test.each([
  [[], "Nothing to note", "気になる点はありません"],
  [[{ kind: "loss", points: 45, value: 5.2, unit: "%", since: null }], "5.2% loss", "パケットロス 5.2%"],
  [[{ kind: "latency", points: 9, value: 182.4, unit: "ms", since: null }], "Latency 182 ms", "遅延 182 ms"],
  [
    [{ kind: "not-observed", points: 0, value: 7200, unit: "s", since: null }],
    "Not observed for 2 h",
    "2時間前から観測できていません",
  ],
  [
    [{ kind: "not-observed", points: 0, value: 3, unit: "sessions", since: null }],
    "3 sessions not observed",
    "3 件のセッションが未観測",
  ],
  [[{ kind: "new-kind", points: 1, value: 2, unit: "", since: null }], "new-kind 2", "new-kind 2"],
])("reasons %j", (reasons, english, japanese) => {
  const score = { value: 90, state: "good" as const, reasons };
  expect(tellReasons(score, en, formatOf("en"))).toBe(english);
  expect(tellReasons(score, ja, formatOf("ja"))).toBe(japanese);
});

test.each([
  [200, "every 0.2 s", "0.2 秒ごと"],
  [1000, "every second", "1 秒ごと"],
  [60_000, "every minute", "1 分ごと"],
  [90_000, "every 90 s", "90 秒ごと"],
  [3_600_000, "every hour", "1 時間ごと"],
])("an interval of %d ms", (interval, english, japanese) => {
  expect([tellInterval(interval, en), tellInterval(interval, ja)]).toEqual([english, japanese]);
});

test.each([
  [{ kind: "icmp", host: "192.0.2.1" }, "ICMP 192.0.2.1"],
  [{ kind: "tcp", host: "2001:db8::1", port: 443 }, "TCP [2001:db8::1]:443"],
  [{ kind: "dns", name: "example.jp", record: "MX", server: "192.0.2.53" }, "DNS example.jp MX @192.0.2.53"],
  [{ kind: "http", url: "https://example.jp/" }, "GET https://example.jp/"],
] as const)("probe %j", (probe, told) => expect(tellProbe(probe)).toBe(told));

test("why something is paused, and capabilities, in the reader's language", () => {
  expect(tellPaused({ paused: true, pausedReason: "surplus" }, ja)).toContain("上限超過");
  expect(tellPaused({ paused: false, pausedReason: null }, ja)).toBe("");
  expect(tellCapability("raw socket, kernel time stamps", ja)).toBe("RAW ソケット、カーネルの時刻印");
  expect(tellCapability("the system's ping command (no ICMP socket: errno 13)", en)).toBe(
    "the system’s ping command (no ICMP socket: errno 13)",
  );
});
