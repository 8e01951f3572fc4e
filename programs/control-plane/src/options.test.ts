/** What proxies are believed. */
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
