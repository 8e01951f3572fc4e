/** Headless Chromium for the browser tests and the screenshots: the system's own, else the one that @sparticuz/chromium carries. */
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium, type Browser, type BrowserContext } from "playwright-core";

/** Our own list: the carried browser's default arguments switch web security off, and CSP tests would prove nothing. */
const flags = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
const installed = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

async function executable(): Promise<string> {
  const named = process.env["YAGURA_CHROMIUM"];
  const found = [...(named === undefined ? [] : [named]), ...installed].find((path) => existsSync(path));
  if (found !== undefined) return found;
  // The carried browser brings its own libnss3 only when it believes to run on AWS.
  process.env["AWS_EXECUTION_ENV"] ??= "AWS_Lambda_nodejs24.x";
  const { default: carried } = await import("@sparticuz/chromium");
  const before = process.env["TMPDIR"];
  // It unpacks to a fixed name in the temporary folder, which may be another user's there.
  const own = join(tmpdir(), `yagura-chromium-${process.getuid?.() ?? "user"}`);
  await mkdir(own, { recursive: true });
  process.env["TMPDIR"] = own;
  try {
    return await carried.executablePath();
  } finally {
    if (before === undefined) delete process.env["TMPDIR"];
    else process.env["TMPDIR"] = before;
  }
}

export interface Look {
  readonly language?: "ja" | "en";
  readonly theme?: "light" | "dark";
  readonly width?: number;
  readonly height?: number;
  /** A phone: touch, device pixels. */
  readonly phone?: boolean;
}
export interface TestBrowser {
  readonly browser: Browser;
  /** A fresh profile: no cookies, no storage. */
  context(look?: Look): Promise<BrowserContext>;
  close(): Promise<void>;
}

export async function openBrowser(): Promise<TestBrowser> {
  const folder = await mkdtemp(join(tmpdir(), "yagura-browser-"));
  const browser = await chromium.launch({
    executablePath: await executable(),
    args: flags,
    ignoreDefaultArgs: ["--enable-unsafe-swiftshader"],
    env: { ...process.env, TMPDIR: folder, HOME: folder },
  });
  return {
    browser,
    context: async ({ language = "ja", theme = "light", width = 1440, height = 900, phone = false } = {}) => {
      const context = await browser.newContext({
        locale: language === "ja" ? "ja-JP" : "en-GB",
        timezoneId: "Asia/Tokyo",
        colorScheme: theme,
        viewport: { width, height },
        ...(phone ? { hasTouch: true, isMobile: true, deviceScaleFactor: 2 } : {}),
      });
      // As if chosen on this device before: else the language of the account would win.
      await context.addInitScript(
        `localStorage.getItem("yagura.language") ?? localStorage.setItem("yagura.language", "${language}")`,
      );
      return context;
    },
    close: async () => {
      await browser.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
