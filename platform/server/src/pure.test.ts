/** The server's pure parts as tables of facts. */
import { describe, expect, test } from "vitest";
import { Type } from "typebox";
import { canonicalJson } from "./canonical.ts";
import { createDoor } from "./door.ts";
import { asYaguraError, languageOf, toProblem } from "./problems.ts";
import { raise } from "./errors.ts";
import { maskSecrets } from "./mail.ts";
import { checkNewPassword, hashPassword, verifyPassword } from "./passwords.ts";
import { decodeCursor, encodeCursor, toPage } from "./pages.ts";
import { customerRoles, mergeScopes, providerRoles, serverScopes } from "./scopes.ts";
import { makeKeys } from "./secrets.ts";
import { inviteMail, resetMail, sayTime, securityMail } from "./templates.ts";
import { codeAt, matchCode, newRecoveryCodes, recoveryHash } from "./totp.ts";

describe("canonical JSON (RFC 8785)", () => {
  test.each([
    {
      name: "sorted keys, numbers and escapes of section 3.2.2",
      value: {
        numbers: [Number("333333333.33333329"), 1e30, 4.5, 2e-3, 0.000000000000000000000000001],
        string: "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"/",
        literals: [null, true, false],
      },
      text: '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    },
    {
      name: "keys by UTF-16 code units, section 3.2.3",
      value: {
        "\u20ac": "Euro Sign",
        "\r": "Carriage Return",
        "1": "One",
        "\ud83d\ude00": "Emoji",
        "\u0080": "Control",
        "\u00f6": "o",
      },
      text: '{"\\r":"Carriage Return","1":"One","\u0080":"Control","ö":"o","€":"Euro Sign","😀":"Emoji"}',
    },
    { name: "undefined members are absent", value: { a: undefined, b: [undefined] }, text: '{"b":[null]}' },
    { name: "what PostgreSQL cannot hold is replaced", value: "a\u0000b\ud800", text: '"ab\ufffd"' },
    { name: "dates and big integers are texts", value: [new Date(0), 12n], text: '["1970-01-01T00:00:00.000Z","12"]' },
  ])("$name", ({ value, text }) => expect(canonicalJson(value)).toBe(text));
  test("numbers that JSON cannot hold are refused", () => {
    expect(() => canonicalJson(Number.NaN)).toThrow(TypeError);
    expect(() => canonicalJson(() => 1)).toThrow(TypeError);
  });
});

describe("passwords", () => {
  const accepted = [
    "correct horse staple 42",
    "夜明けの櫓から見る海と山の景色",
    "Tr0ub4dor&3xyz-Qf",
    "violet-anchor-7-maple",
  ];
  test.each(accepted)("%s is accepted", (password) =>
    expect(() => checkNewPassword(password, "taro@example.jp")).not.toThrow(),
  );
  test.each([
    ["passwordpassword", "PASSWORD_COMMON"],
    ["P@ssw0rdP@ssw0rd", "PASSWORD_COMMON"],
    ["Password12345!", "PASSWORD_COMMON"],
    ["aaaaaaaaaaaaaa", "PASSWORD_COMMON"],
    ["abcdefghijklmnop", "PASSWORD_COMMON"],
    ["987654321098", "PASSWORD_COMMON"],
    ["abc1abc1abc1abc1", "PASSWORD_COMMON"],
    ["taro@example.jp", "PASSWORD_COMMON"],
    ["administrator1", "PASSWORD_COMMON"],
    ["ＰＡＳＳＷＯＲＤ１２３４", "PASSWORD_COMMON"],
    ["elevenchars", "PASSWORD_TOO_SHORT"],
    ["👨‍👩‍👧‍👦👨‍👩‍👧‍👦", "PASSWORD_TOO_SHORT"],
    ["y7 ".repeat(100), "PASSWORD_TOO_LONG"],
  ])("%s is refused", (password, code) => {
    expect(() => checkNewPassword(password, "taro@example.jp")).toThrow(expect.objectContaining({ code }) as Error);
  });
  test("a hash verifies its own password only, and is salted", async () => {
    const [first, second] = await Promise.all([
      hashPassword("correct horse staple"),
      hashPassword("correct horse staple"),
    ]);
    expect(first).not.toBe(second);
    expect(first).toMatch(/^scrypt\$32768\$8\$3\$/);
    expect(await verifyPassword("correct horse staple", first)).toBe(true);
    expect(await verifyPassword("correct horse stapla", first)).toBe(false);
    expect(await verifyPassword("correct horse staple", null)).toBe(false);
  });
});

describe("one-time codes (RFC 6238)", () => {
  // Appendix B, SHA-1, the last six digits.
  const seed = Buffer.from("12345678901234567890");
  test.each([
    [59, "287082"],
    [1111111109, "081804"],
    [1111111111, "050471"],
    [1234567890, "005924"],
    [2000000000, "279037"],
    [20000000000, "353130"],
  ])("at %i s the code is %s", (seconds, code) => {
    expect(codeAt(seed, seconds * 1000)).toBe(code);
    expect(matchCode(seed, code, seconds * 1000, 0)).toBe(Math.floor(seconds / 30));
  });
  test("one step early or late counts, two do not, and never a step that was seen", () => {
    const now = 1_000_000_000_000;
    const step = Math.floor(now / 30_000);
    expect(matchCode(seed, codeAt(seed, now - 30_000), now, 0)).toBe(step - 1);
    expect(matchCode(seed, codeAt(seed, now + 30_000), now, 0)).toBe(step + 1);
    expect(matchCode(seed, codeAt(seed, now - 60_000), now, 0)).toBeNull();
    expect(matchCode(seed, codeAt(seed, now), now, step)).toBeNull();
    expect(matchCode(seed, codeAt(seed, now - 30_000), now, step)).toBeNull();
    expect(matchCode(seed, "12345", now, 0)).toBeNull();
  });
  test("recovery codes are different, readable and matched without hyphens", () => {
    const codes = newRecoveryCodes();
    expect(new Set(codes).size).toBe(10);
    for (const code of codes) {
      expect(code).toMatch(/^[0-9a-hjkmnp-tv-z]{4}(-[0-9a-hjkmnp-tv-z]{4}){3}$/);
      expect(recoveryHash(code.replaceAll("-", "").toUpperCase())).toEqual(recoveryHash(code));
    }
    expect(recoveryHash("not a code")).toBeNull();
  });
});

describe("sealing", () => {
  const keys = makeKeys(Buffer.alloc(32, 7), "test");
  test("opens only with the same key and about the same thing", () => {
    const sealed = keys.seal(Buffer.from("seed"), "totp:1");
    expect(keys.open(sealed, "totp:1").toString()).toBe("seed");
    expect(() => keys.open(sealed, "totp:2")).toThrow("seal key");
    expect(() => makeKeys(Buffer.alloc(32, 8), "test").open(sealed, "totp:1")).toThrow("seal key");
    sealed[14] = (sealed[14] ?? 0) ^ 1;
    expect(() => keys.open(sealed, "totp:1")).toThrow("seal key");
  });
  test("the same text is never sealed alike; a short key is refused", () => {
    expect(keys.seal(Buffer.from("a"), "x")).not.toEqual(keys.seal(Buffer.from("a"), "x"));
    expect(() => makeKeys(Buffer.alloc(16), "YAGURA_SEAL_KEY")).toThrow("YAGURA_SEAL_KEY");
  });
});

describe("language", () => {
  test.each([
    [undefined, "en"],
    ["ja", "ja"],
    ["ja-JP,ja;q=0.9,en;q=0.8", "ja"],
    ["fr-FR, en;q=0.4, ja;q=0.7", "ja"],
    ["en;q=0.9,ja;q=0.8", "en"],
    ["*", "en"],
    ["ja;q=0", "en"],
    ["ja;q=x,en", "en"],
  ])("%s is %s", (header, language) => expect(languageOf(header)).toBe(language));
});

describe("problems (RFC 9457)", () => {
  test.each([
    {
      name: "unknown errors tell nothing",
      error: new Error("password=hunter2 at /srv/secret.ts"),
      code: "INTERNAL",
      status: 500,
    },
    { name: "a thrown text tells nothing", error: "boom", code: "INTERNAL", status: 500 },
    {
      name: "the database is away",
      error: Object.assign(new Error("x"), { code: "ECONNREFUSED" }),
      code: "STORE_DOWN",
      status: 503,
    },
    {
      name: "the database stops",
      error: Object.assign(new Error("x"), { code: "57P01" }),
      code: "STORE_DOWN",
      status: 503,
    },
    { name: "the body is no JSON", error: new SyntaxError("Unexpected token"), code: "MALFORMED", status: 400 },
    {
      name: "the type is not JSON",
      error: Object.assign(new Error("x"), { code: "FST_ERR_CTP_INVALID_MEDIA_TYPE" }),
      code: "UNSUPPORTED_MEDIA",
      status: 415,
    },
  ])("$name", ({ error, code, status }) => {
    const problem = toProblem(error, "id-1", "en");
    expect(problem).toMatchObject({ code, status, instance: "id-1", type: `urn:yagura:error:${code}` });
    expect(JSON.stringify(problem)).not.toMatch(/hunter2|secret\.ts|boom/);
  });
  test("our own errors speak the reader's language", () => {
    const error = raise("FORBIDDEN", { scope: "member.write" });
    expect(toProblem(error, "1", "ja").detail).toContain("member.write");
    expect(toProblem(error, "1", "ja").detail).toMatch(/権限/);
    expect(asYaguraError(error, "1")).toBe(error);
  });
});

describe("the door", () => {
  const door = createDoor();
  const shape = Type.Object(
    {
      label: Type.String({ minLength: 1, maxLength: 3 }),
      count: Type.Optional(Type.Integer({ minimum: 1 })),
      kind: Type.Union([Type.Literal("icmp"), Type.Literal("tcp")]),
      id: Type.Optional(Type.String({ format: "uuid" })),
      when: Type.Optional(Type.Union([Type.String({ format: "date" }), Type.Null()])),
    },
    { additionalProperties: false },
  );
  const check = door.compile("body", shape);
  const fields = (value: unknown, language: "en" | "ja" = "en"): Record<string, string> => {
    try {
      check(value, language);
      return {};
    } catch (error) {
      const found = (error as { fields: { pointer: string; message: string }[] }).fields;
      return Object.fromEntries(found.map((field) => [field.pointer, field.message]));
    }
  };
  test.each([
    { name: "a good one", value: { label: "a", kind: "tcp", when: null }, found: {} },
    {
      name: "all errors at once",
      value: { label: "", count: 0, kind: "udp", extra: 1, "a/b": 2 },
      found: {
        "/body/label": "Must not be empty.",
        "/body/count": "Must be 1 or more.",
        "/body/kind": "Must be one of: icmp, tcp.",
        "/body/extra": "Is not known here.",
        "/body/a~1b": "Is not known here.",
      },
    },
    { name: "missing", value: { label: "a" }, found: { "/body/kind": "Is needed." } },
    {
      name: "nothing is coerced in a body",
      value: { label: "a", kind: "tcp", count: "3" },
      found: { "/body/count": "Must be a whole number." },
    },
    {
      name: "formats",
      value: { label: "a", kind: "tcp", id: "x", when: "2026-02-31" },
      found: {
        "/body/id": "Must be an identifier (UUID).",
        "/body/when": "Must be a date such as 2026-04-01.",
      },
    },
    { name: "no object", value: [], found: { "/body": "Must be an object." } },
  ])("$name", ({ value, found }) => expect(fields(value)).toEqual(found));
  test("a body of nonsense gets an answer of bounded size", () => {
    const list = door.compile("body", Type.Array(Type.String()));
    const told = (): number => {
      try {
        list(
          Array.from({ length: 50_000 }, () => 1),
          "en",
        );
        return 0;
      } catch (error) {
        return (error as { fields: unknown[] }).fields.length;
      }
    };
    expect(told()).toBe(100);
  });
  test("sentences are Japanese on request", () => {
    expect(fields({ label: "abcd", kind: "x" }, "ja")).toEqual({
      "/body/label": "3文字以内で入力してください。",
      "/body/kind": "次のいずれかにしてください: icmp、tcp。",
    });
  });
  test("texts of the address become numbers, but not anything else", () => {
    const query = door.compile(
      "query",
      Type.Object({ limit: Type.Integer({ maximum: 9 }) }, { additionalProperties: false }),
    );
    expect(query({ limit: "5" }, "en")).toEqual({ limit: 5 });
    expect(() => query({ limit: "5x" }, "en")).toThrow();
    expect(() => query({ limit: "10" }, "en")).toThrow();
    expect(() => query({ limit: "5", other: "1" }, "en")).toThrow();
  });
  test.each(["a@b", "taro.yamada@example.co.jp", "admin@yagura.localhost"])("%s is a mail address", (mail) => {
    expect(() => door.compile("body", Type.String({ format: "email" }))(mail, "en")).not.toThrow();
  });
  test.each(["a", "a@", "@b", "a b@c", "a@b\nbcc: x@y", "a@-b"])("%j is no mail address", (mail) => {
    expect(() => door.compile("body", Type.String({ format: "email" }))(mail, "en")).toThrow();
  });
});

describe("scopes", () => {
  const scopes = mergeScopes([serverScopes, { "contract.write": ["provider-admin", "provider-billing"] }]);
  test("a provider's administrator holds every scope", () => expect(scopes.of("provider-admin")).toEqual(scopes.all));
  test.each([
    ["owner", "token.write", true],
    ["owner", "organisation.erase", false],
    ["owner", "contract.write", false],
    ["owner", "outbox.read", false],
    ["admin", "token.write", false],
    ["admin", "member.write", true],
    ["admin", "audit.read", true],
    ["viewer", "organisation.read", true],
    ["viewer", "audit.read", false],
    ["viewer", "member.write", false],
    ["provider-operator", "audit.read", true],
    ["provider-operator", "member.write", false],
    ["provider-support", "organisation.read", true],
    ["provider-support", "audit.read", false],
    ["provider-billing", "contract.write", true],
    ["provider-billing", "member.read", false],
  ] as const)("%s %s: %s", (role, scope, may) => expect(scopes.has(role, scope)).toBe(may));
  test("roles without a write scope have only reads", () => {
    for (const role of ["viewer", "provider-support"] as const) {
      expect(scopes.of(role).every((scope) => scope.endsWith(".read"))).toBe(true);
    }
    expect([...customerRoles, ...providerRoles]).toHaveLength(7);
  });
  test("a scope declared twice is a mistake", () =>
    expect(() => mergeScopes([serverScopes, serverScopes])).toThrow("twice"));
});

describe("mails", () => {
  const expiresAt = new Date("2026-11-27T00:30:00Z");
  const link = "https://yagura.example.jp/sign-in#link=abc";
  test.each(["ja", "en"] as const)("in %s hold the link on a line of its own and the expiry", (language) => {
    const common = { provider: "P", name: "N", link, expiresAt };
    for (const mail of [
      inviteMail(language, { ...common, organisation: "O", inviter: "I" }),
      resetMail(language, common),
    ]) {
      expect(mail.text.split("\n")).toContain(link);
      expect(mail.text).toContain(sayTime(expiresAt, language));
      expect(mail.subject).not.toContain("\n");
    }
    expect(securityMail(language, { provider: "P", name: "N", change: "password", at: expiresAt }).text).toContain("N");
  });
  test("times are said as readers expect them", () => {
    expect(sayTime(expiresAt, "en")).toBe("2026-11-27 09:30 (Asia/Tokyo)");
    expect(sayTime(expiresAt, "ja")).toBe("2026年11月27日(金) 09:30 (日本時間)");
    expect(sayTime(expiresAt, "en", "Europe/London")).toBe("2026-11-27 00:30 (Europe/London)");
  });
  test("what is kept after sending holds no secret", () => {
    const text = `Open ${link}\nkey: yk1_AbCdEfGhIjKlMnOpQrStUvWxYz0123456789\nsee https://yagura.example.jp/manual/agent`;
    const masked = maskSecrets(text);
    expect(masked).not.toMatch(/link=abc|yk1_/);
    expect(masked).toContain("https://yagura.example.jp/manual/agent");
  });
});

describe("pages", () => {
  test("a cursor comes back as it was, and a foreign text is refused", () => {
    expect(decodeCursor(encodeCursor(["Ünï", "2"]), 2)).toEqual(["Ünï", "2"]);
    expect(decodeCursor(undefined, 2)).toBeNull();
    expect(() => decodeCursor("garbage", 2)).toThrow(expect.objectContaining({ code: "INVALID_INPUT" }) as Error);
    expect(() => decodeCursor(encodeCursor(["1"]), 2)).toThrow();
  });
  test("the row too many only tells that there is more", () => {
    const page = toPage([1, 2, 3], 2, 7, String, (row) => [String(row)]);
    expect(page).toEqual({ items: ["1", "2"], next: encodeCursor(["2"]), total: 7 });
    expect(toPage([1, 2], 2, 2, String, (row) => [String(row)]).next).toBeNull();
  });
});
