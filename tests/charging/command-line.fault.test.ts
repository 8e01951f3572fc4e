/** `npx yagura charges` as a person runs it: no server, one clear line per wrong field, the same answer in every time zone. */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import Ajv from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { afterAll, describe, expect, test } from "vitest";
import { readdirSync } from "node:fs";
import { readJson } from "./world.ts";

const root = new URL("../../", import.meta.url).pathname;
const golden = join(root, "platform/commerce/testdata/golden");
const folder = mkdtempSync(join(tmpdir(), "yagura-charges-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Said {
  readonly status: number | null;
  readonly out: string;
  readonly complaint: string;
}
async function say(
  argv: readonly string[],
  environment: Readonly<Record<string, string>> = {},
  input = "",
): Promise<Said> {
  const child = spawn(process.execPath, [join(root, "programs/yagura/src/main.ts"), "charges", ...argv], {
    env: { ...process.env, LC_ALL: "", LC_MESSAGES: "", LANG: "C.UTF-8", ...environment },
    stdio: ["pipe", "pipe", "pipe"],
  });
  const status = new Promise<number | null>((done) => child.once("exit", (code) => done(code)));
  child.stdin.end(input);
  const [out, complaint] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { status: await status, out, complaint };
}
function file(name: string, content: unknown): string {
  const path = join(folder, name);
  writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content));
  return path;
}

describe("charges preview", () => {
  test("W-UTM-5 prints lines, tax, totals, invoices, derived facts and the reason of each amount", async () => {
    const { status, out, complaint } = await say(["preview", join(golden, "W-UTM-5.json")]);
    expect([status, complaint]).toEqual([0, ""]);
    const answer = JSON.parse(out) as Record<string, unknown>;
    expect(Object.keys(answer)).toEqual(["contracts", "invoices", "totals", "claims", "payments", "interest"]);
    expect(answer).toMatchObject({
      totals: { net: 4_835, tax: 482, total: 5_317 },
      invoices: [
        { month: "2026-04", unit: "contract", totals: { net: 2_416, tax: 241, total: 2_657 }, due: ["2026-05-31"] },
        { month: "2026-05", totals: { net: 2_419, tax: 241, total: 2_660 } },
      ],
      contracts: [
        {
          lines: [
            { kind: "recurring", amount: 2_500 },
            {
              kind: "credit",
              amount: -84,
              why: { rule: "UTM-35", version: "UTM-2025-04-01", formula: "floor(2,500 × 1 × 29 ÷ 30) − 2,500 = −84" },
            },
            { kind: "recurring", amount: 2_500 },
            { kind: "credit", amount: -81 },
          ],
        },
      ],
    });
  });

  test("all golden cases answer the same with the host in UTC, Asia/Tokyo and America/Los_Angeles (COM-04)", async () => {
    const world = JSON.stringify(new URL("world.ts", import.meta.url).href);
    const names = JSON.stringify(readdirSync(golden).map((name) => name.replace(".json", "")));
    const program = `
      const { answer } = await import(${world});
      console.log(Intl.DateTimeFormat().resolvedOptions().timeZone);
      for (const name of ${names}) console.log(name, JSON.stringify(answer(name)));`;
    const zones = ["UTC", "Asia/Tokyo", "America/Los_Angeles"];
    const answers = await Promise.all(
      zones.map(async (TZ) => {
        const child = spawn(process.execPath, ["--input-type=module", "--eval", program], {
          env: { ...process.env, TZ },
        });
        return (await text(child.stdout)).split("\n");
      }),
    );
    expect(answers.map(([zone]) => zone)).toEqual(zones);
    const [first] = answers;
    expect(first?.length).toBeGreaterThan(66);
    for (const one of answers) expect(one.slice(1)).toEqual(first?.slice(1));
  });

  test("one language on demand, and a file on standard input", async () => {
    const content = JSON.stringify(readJson("golden/W-SEC-3.json"));
    const ja = await say(["preview", "-", "--language", "ja"], {}, content);
    expect(ja.out).toContain(
      "「10ライセンスパック」 × 2 の2026年6月1日から2026年6月14日まで、30日のうち14日分の日割り料金です",
    );
    expect(ja.out).not.toContain("fractions of a yen cut");
    const en = await say(["preview", "-", "--language", "en"], {}, content);
    expect(en.out).toContain("14 of the month's 30 days");
    expect(en.out).not.toContain("日割り");
  });
});

const contract = (more: Record<string, unknown> = {}): Record<string, unknown> => ({
  contract: "A",
  service: "utm",
  plan: "gateway",
  items: { base: 1 },
  attributes: { model: "ssb10" },
  facts: [{ kind: "started", on: "2026-04-01" }],
  ...more,
});
const document = (more: Record<string, unknown> = {}, of: Record<string, unknown> = {}): Record<string, unknown> => ({
  from: "2026-04",
  to: "2026-05",
  contracts: [contract(of)],
  ...more,
});

describe("what is wrong is said, one line per field, with status 2", () => {
  interface Wrong {
    readonly name: string;
    readonly content: unknown;
    readonly code?: string;
    /** Each has to stand in a line of its own. */
    readonly lines: readonly string[];
  }
  const started = { kind: "started", on: "2026-04-01" };
  const wrong: readonly Wrong[] = [
    {
      name: "fields that are missing, unknown or of the wrong type",
      content: {
        from: "2026-13",
        contracts: [
          contract({
            facts: [
              { kind: "started", on: "2026-02-30" },
              { kind: "quantity", on: "2026-05-01", item: "base", quantity: -1, extra: 1 },
              { kind: "cancelled", on: "2026-05-01" },
              { kind: "vanished", on: "2026-05-01" },
              { on: "2026-05-01" },
              "started",
            ],
            items: { base: "one" },
          }),
        ],
        claims: [{ claim: "A", service: "utm", plan: "gateway", amount: 1.5, dueOn: "soon" }],
        tables: { prices: [{ service: "utm", plan: "gateway", item: "base" }], price: [] },
      },
      lines: [
        "/to: “to” is missing",
        "/from: ",
        "/contracts/0/items/base: This has to be a whole number.",
        "/contracts/0/facts/0/on: This has to be a day of the calendar",
        "/contracts/0/facts/1/quantity: It has to be 0 or more.",
        "/contracts/0/facts/1/extra: There is no field “extra” here.",
        "/contracts/0/facts/2/by: “by” is missing",
        "/contracts/0/facts/3/kind: There is no kind “vanished”.",
        "/contracts/0/facts/4/kind: “kind” is missing.",
        "/contracts/0/facts/5: This has to be an object.",
        "/claims/0/amount: This has to be a whole number.",
        "/claims/0/dueOn: This has to be a day of the calendar",
        "/tables/prices/0/amount: “amount” is missing",
        "/tables/price: There is no field “price” here.",
      ],
    },
    {
      name: "settings and readings that no rule understands",
      content: document({
        tables: {
          settings: [
            { service: "utm", key: "anchor", value: "banana" },
            { service: "utm", key: "due", value: { monthsAfter: -5, day: 99 } },
            { service: "security", key: "reading:A-SEC-3", value: "maybe" },
          ],
        },
      }),
      lines: [
        "/tables/settings/0/value: “anchor” cannot be this",
        "/tables/settings/1/value/monthsAfter: “due” cannot be this",
        "/tables/settings/2/value: “reading:A-SEC-3” is a reading of the terms. It has to be one of: ifAnyDay, always.",
      ],
    },
    {
      name: "more facts than a contract may have",
      content: document({}, { facts: Array.from({ length: 10_001 }, () => started) }),
      lines: ["/contracts/0/facts: There are 10001 of them. At most 10000 may stand here."],
    },
    {
      name: "sums beyond a yen's exactness",
      content: document({
        contracts: [
          contract({
            items: { base: 1_000_000 },
            facts: [
              { kind: "started", on: "2026-04-01" },
              { kind: "price-agreed", on: "2026-04-01", item: "base", amount: 999_999_999_999, reference: "TEST" },
            ],
          }),
        ],
      }),
      lines: ["/contracts/0/items: “base” on 2026-04-01, 999999999999 yen × 1000000, is more than can be computed"],
    },
    { name: "a list instead of an object", content: [], lines: ["/: This has to be an object."] },
    {
      name: "months in the wrong order",
      content: document({ to: "2026-03" }),
      lines: ["/to: 2026-03 lies before 2026-04."],
    },
    {
      name: "an unknown service, plan and item",
      content: document({
        contracts: [
          contract({ contract: "A", service: "gas" }),
          contract({ contract: "B", plan: "gold" }),
          contract({ contract: "C", items: { base: 1, gold: 2 } }),
          contract({
            contract: "D",
            facts: [started, { kind: "quantity", on: "2026-04-10", item: "gold", quantity: 1 }],
          }),
        ],
      }),
      lines: [
        "/contracts/0/service: There is no service “gas”. There are: experience, ot, remote, security, utm.",
        "/contracts/1/plan: The service utm has no plan “gold”. It has: gateway.",
        "/contracts/2/items/gold: The plan “gateway” has no item “gold”.",
        "/contracts/3/facts/1/item: The plan “gateway” has no item “gold”.",
      ],
    },
    {
      name: "an end before the start",
      content: document({}, { facts: [started, { kind: "cancelled", on: "2026-03-31", by: "customer" }] }),
      lines: ["/contracts/0/facts/1/on: “cancelled” on 2026-03-31 lies before “started” on 2026-04-01."],
    },
    {
      name: "other contradictions",
      content: document(
        { payments: [{ on: "2026-05-01", amount: 1, claim: "nobody" }] },
        {
          facts: [started, started],
        },
      ),
      lines: ["/payments/0/claim: There is no claim “nobody”."],
    },
    {
      name: "facts that cannot both be true",
      content: document(
        {},
        {
          facts: [
            started,
            { kind: "started", on: "2026-04-02" },
            { kind: "returned", on: "2026-04-20", unit: "X1" },
            { kind: "suspended", on: "2026-04-20", until: "2026-04-10", measure: "suspension", ground: "arrears" },
            {
              kind: "outage",
              on: "2026-04-10",
              knownAt: "2026-04-11T09:00:00+09:00",
              restoredAt: "2026-04-10T09:00:00+09:00",
              complete: true,
              cause: "not-customer",
            },
            {
              kind: "parameter-agreed",
              on: "2026-04-01",
              parameter: "/items/base/colour",
              value: "red",
              reference: "A",
              approver: "B",
            },
            {
              kind: "parameter-agreed",
              on: "2026-04-01",
              parameter: "/items/base/recurring/minimumDays",
              value: "one",
              reference: "A",
              approver: "B",
            },
          ],
        },
      ),
      lines: [
        "/contracts/0/facts/1/kind: “started” can happen only once",
        "/contracts/0/facts/2/unit: No replacement for the unit “X1” was dispatched",
        "/contracts/0/facts/3/until: The last day 2026-04-10 lies before the first day 2026-04-20.",
        "/contracts/0/facts/4/restoredAt: The service was restored",
        "/contracts/0/facts/4/on: The outage is dated 2026-04-10, but was known on 2026-04-11",
        "/contracts/0/facts/5/parameter: The plan's terms have no parameter",
        "/contracts/0/facts/6/value: “/items/base/recurring/minimumDays” is a number, but the agreed value is a string.",
      ],
    },
    {
      name: "a wallet below nothing (SEC-71)",
      content: document(
        {},
        {
          service: "security",
          plan: "desk",
          facts: [
            started,
            { kind: "purchase", on: "2026-04-10", item: "ticket-question", quantity: 1 },
            { kind: "ticket-used", on: "2026-04-11", item: "ticket-question", quantity: 2, ticket: "T-1" },
          ],
        },
      ),
      lines: ["/contracts/0/facts/2/quantity: By 2026-04-11, 2 of “ticket-question” were used but only 1 bought."],
    },
    {
      name: "a price that the provider has not set (COM-30)",
      content: document({}, { service: "experience", plan: "agent", items: { agent: 1 }, attributes: {} }),
      lines: ["/tables/prices: There is no price of experience/agent/agent on 2026-05-01."],
    },
    {
      name: "terms that are known by their date only (UTM-86)",
      content: document({ from: "2022-08", to: "2022-08" }, { facts: [{ kind: "started", on: "2022-08-01" }] }),
      lines: [
        "/tables/terms: The terms UTM-2022-08-01 of the service utm, in force on 2022-08-01, are known by their date only.",
      ],
    },
    {
      name: "facts that do not fit their item, and an attribute that fees depend on",
      content: document({
        contracts: [
          contract({
            facts: [
              started,
              { kind: "purchase", on: "2026-04-10", item: "base", quantity: 1 },
              { kind: "quantity", on: "2026-04-10", item: "qualified-invoice", quantity: 1 },
            ],
          }),
          contract({ contract: "O", service: "ot", plan: "sensor", items: { basic: 1 }, attributes: {} }),
        ],
      }),
      lines: [
        "/contracts/0/facts/1/item: “base” is not bought once, so “purchase” does not fit it.",
        "/contracts/0/facts/2/item: “qualified-invoice” is not charged by the month",
        "/contracts/1/attributes/sensor-type: “sensor-type” is missing",
      ],
    },
    {
      name: "days beyond counting, names that every object has",
      content: document({
        contracts: [
          contract({ contract: "A", plan: "constructor" }),
          contract({ contract: "B", items: { constructor: 1 } }),
          contract({ contract: "C", facts: [{ kind: "started", on: "9999-12-31" }] }),
          contract({ contract: "D", attributes: { model: "constructor" } }),
        ],
      }),
      lines: [
        "/contracts/0/plan: The service utm has no plan “constructor”.",
        "/contracts/1/items/constructor: The plan “gateway” has no item “constructor”.",
        "/contracts/2/facts/0/on: “9999-12-31” is not a day or time from 1900-01-01 to 2199-12-31.",
        "/contracts/3/attributes/model: There is no model “constructor”. There are: ",
      ],
    },
    {
      name: "a version that a row of terms takes after",
      content: document({ tables: { terms: [{ service: "utm", code: "own", like: "UTM-1999" }] } }),
      lines: ["/tables/terms/0/like: The service utm has no version “UTM-1999”."],
    },
  ];
  test.each(wrong)(
    "$name",
    async ({ name, content, lines }) => {
      const path = file(`${name.replaceAll(/\W/g, "-")}.json`, content);
      const { status, out, complaint } = await say(["preview", path]);
      expect([status, out]).toEqual([2, ""]);
      expect(complaint).toContain("CHARGES_FILE_INVALID: ");
      for (const line of lines) expect(complaint).toContain(`  ${line}`);
      const ja = await say(["preview", path], { LANG: "ja_JP.UTF-8" });
      expect(ja.status).toBe(2);
      expect(ja.complaint).toMatch(/事実ファイルの内容が正しくありません/);
      const pointers = (said: string): string[] =>
        said
          .split("\n")
          .slice(1)
          .map((line) => line.split(": ")[0] ?? "");
      expect(pointers(ja.complaint)).toEqual(pointers(complaint));
    },
    60_000,
  );

  test.each([
    { argv: ["preview"], code: "COMMAND_USAGE" },
    { argv: ["preview", "a.json", "b.json"], code: "COMMAND_USAGE" },
    { argv: ["preview", "a.json", "--language", "fr"], code: "COMMAND_USAGE" },
    { argv: ["preview", "/nonexistent/facts.json"], code: "CHARGES_FILE_UNREADABLE" },
    { argv: ["preview", "NOT-JSON"], code: "CHARGES_FILE_NOT_JSON" },
    { argv: ["preview", "NOT-UTF8"], code: "CHARGES_FILE_UNREADABLE" },
    { argv: ["schema", "--all"], code: "COMMAND_USAGE" },
    { argv: ["review"], code: "COMMAND_INCOMPLETE" },
  ])("charges $argv is refused with $code", async ({ argv, code }) => {
    const notJson = file("not.json", "{ from: 1 }");
    const notText = join(folder, "latin1.json");
    writeFileSync(notText, Buffer.from([0x7b, 0xff, 0x7d]));
    const { status, out, complaint } = await say(
      argv.map((word) => (word === "NOT-JSON" ? notJson : word === "NOT-UTF8" ? notText : word)),
    );
    expect([status, out]).toEqual([2, ""]);
    expect(complaint.startsWith(`${code}: `)).toBe(true);
  });
});

describe("charges schema", () => {
  test("is a JSON Schema that accepts every golden file, describes every field and refuses what the command refuses", async () => {
    const { status, out } = await say(["schema"]);
    expect(status).toBe(0);
    const schema = JSON.parse(out) as Record<string, unknown>;
    const ajv = new Ajv.default({ strict: false, allErrors: true });
    addFormats.default(ajv);
    const accepts = ajv.compile(schema);
    for (const name of readdirSync(golden)) expect([name, accepts(readJson(`golden/${name}`))]).toEqual([name, true]);
    expect(accepts(document({}, { facts: [{ kind: "started", on: "2026-02-30" }] }))).toBe(false);
    expect(accepts({})).toBe(false);
    expect(undescribed(schema, "")).toEqual([]);
  });

  /** Properties that say nothing of what they mean. Names of items and the word of a kind are plain. */
  function undescribed(schema: unknown, path: string): string[] {
    if (typeof schema !== "object" || schema === null) return [];
    const found: string[] = [];
    const { properties } = schema as { properties?: Record<string, Record<string, unknown>> };
    for (const [name, one] of Object.entries(properties ?? {})) {
      const plain = ["kind", "$schema", "ja", "en"].includes(name);
      if (!plain && one["description"] === undefined && one["const"] === undefined) found.push(`${path}/${name}`);
    }
    for (const [key, below] of Object.entries(schema)) found.push(...undescribed(below, `${path}/${key}`));
    return found;
  }
});
