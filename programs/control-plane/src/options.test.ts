/** What the options of the control plane mean, and what is refused. */
import { describe, expect, test } from "vitest";
import { readOptions } from "./options.ts";

describe("--trust-proxy", () => {
  test.each([
    { text: "", proxies: [] },
    { text: "127.0.0.1", proxies: ["127.0.0.1"] },
    { text: "10.0.0.0/8, 2001:db8::/32", proxies: ["10.0.0.0/8", "2001:db8::/32"] },
  ])("'$text'", ({ text, proxies }) => {
    expect(readOptions(["--trust-proxy", text], {}, false).trustProxy).toEqual(proxies);
    expect(readOptions([], { YAGURA_TRUST_PROXY: text }, false).trustProxy).toEqual(proxies);
  });
  test.each(["true", "proxy.example", "10.0.0.0/33", "10.0.0.0/8/8", "::1/129", "10.0.0.1/"])(
    "'%s' is refused",
    (text) => {
      expect(() => readOptions(["--trust-proxy", text], {}, false)).toThrow("--trust-proxy");
    },
  );
});

test("--demo is off unless asked for", () => {
  expect(readOptions([], {}, false).demo).toBe(false);
  expect(readOptions(["--demo"], {}, false).demo).toBe(true);
});

describe("a cluster of ClickHouse", () => {
  const read = (environment: Record<string, string>): string | null =>
    readOptions([], environment, false).clickhouseCluster;
  const url = { CLICKHOUSE_URL: "https://clickhouse.example.jp:8443/yagura" };

  test("is named beside the address of one of its servers", () => {
    expect(read({})).toBeNull();
    expect(read(url)).toBeNull();
    expect(read({ ...url, YAGURA_CLICKHOUSE_CLUSTER: "telemetry" })).toBe("telemetry");
  });

  test.each([{ YAGURA_CLICKHOUSE_CLUSTER: "telemetry" }, { ...url, YAGURA_CLICKHOUSE_CLUSTER: "a; drop" }])(
    "%j is refused",
    (environment) => {
      expect(() => read(environment)).toThrow("YAGURA_CLICKHOUSE_CLUSTER");
    },
  );
});

test.each([
  { argv: ["--port", "many"], environment: {}, says: "'many'" },
  { argv: [], environment: { YAGURA_PORT: "65536" }, says: "'65536'" },
  { argv: ["--tls-cert", "x"], environment: {}, says: "--tls-key" },
  { argv: ["--public-url", "host:1"], environment: {}, says: "--public-url" },
  { argv: [], environment: { DATABASE_URL: "mysql://user:secret@host/x" }, says: "DATABASE_URL" },
])("$argv $environment is refused and the message names $says, never a password", ({ argv, environment, says }) => {
  const said = (): unknown => readOptions(argv, environment, false);
  expect(said).toThrow(says);
  expect(said).not.toThrow("secret");
});
