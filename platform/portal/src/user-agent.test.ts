/** Browsers by the names that people know. */
import { expect, test } from "vitest";
import { nameUserAgent } from "./user-agent.ts";

const gecko = "(KHTML, like Gecko)";
test.each([
  {
    text: `Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 ${gecko} Chrome/142.0 Safari/537.36 Edg/142.0`,
    name: "Edge · Windows",
  },
  {
    text: `Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 ${gecko} HeadlessChrome/153.0 Safari/537.36`,
    name: "Chrome · Linux",
  },
  {
    text: `Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 ${gecko} Version/19.0 Safari/604.1`,
    name: "Safari · iOS",
  },
  {
    text: "Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:140.0) Gecko/20100101 Firefox/140.0",
    name: "Firefox · macOS",
  },
  { text: "curl/8.14.1", name: "curl/8.14.1" },
])("$name", ({ text, name }) => expect(nameUserAgent(text)).toBe(name));
