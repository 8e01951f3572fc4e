/** Every page of the platform in both languages and both themes: axe, glyphs, the content security policy, a phone's width. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { BrowserContext } from "playwright-core";
import { openBrowser, type TestBrowser } from "./browser.ts";
import { missingGlyphs, seriousViolations, sidewaysScroll } from "./checks.ts";
import { complaintsOf, openPage, platformPages, signInByLink, whoAmI } from "./office.ts";
import { startControlPlane, type ControlPlane } from "./server.ts";

let plane: ControlPlane;
let chromium: TestBrowser;
let organisation: string;
let cookies: Awaited<ReturnType<BrowserContext["cookies"]>>;

beforeAll(async () => {
  [plane, chromium] = await Promise.all([startControlPlane(), openBrowser()]);
  const context = await chromium.context({ language: "en" });
  await signInByLink(await context.newPage(), plane.signInLink);
  organisation = (await whoAmI(context, plane)).organisations[0]?.id ?? "";
  cookies = await context.cookies();
  await context.close();
});
afterAll(async () => {
  await chromium?.close();
  await plane?.stop();
});

describe.each([
  { language: "ja", theme: "light" },
  { language: "ja", theme: "dark" },
  { language: "en", theme: "light" },
  { language: "en", theme: "dark" },
] as const)("pages in $language, $theme", (look) => {
  test("have no serious axe violation, no console error and no missing glyph", async () => {
    const context = await chromium.context(look);
    await context.addCookies(cookies);
    const page = await context.newPage();
    const complaints = complaintsOf(page);
    const violations: string[] = [];
    const boxes: string[] = [];
    for (const path of [...platformPages(organisation), "/nowhere"]) {
      await openPage(page, `${plane.url}${path}`);
      violations.push(...(await seriousViolations(page)));
      boxes.push(...(await missingGlyphs(page)));
      expect(await page.locator("html").getAttribute("lang")).toBe(look.language);
    }
    await context.clearCookies();
    await openPage(page, `${plane.url}/sign-in`);
    violations.push(...(await seriousViolations(page)));
    boxes.push(...(await missingGlyphs(page)));
    expect({ violations, complaints, boxes }).toEqual({ violations: [], complaints: [], boxes: [] });
    await context.close();
  });
});

test("dialogs, the search and the key list have no serious axe violation", async () => {
  const context = await chromium.context({ language: "ja", theme: "dark" });
  await context.addCookies(cookies);
  const page = await context.newPage();
  const violations: string[] = [];
  const look = async (): Promise<void> => {
    await page.getByRole("dialog").waitFor();
    violations.push(...(await seriousViolations(page)));
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
  };
  await openPage(page, `${plane.url}/o/${organisation}/members`);
  await page.keyboard.press("Control+k");
  await look();
  await page.keyboard.press("?");
  await look();
  await page.getByRole("button", { name: "メンバーを招待" }).first().click();
  await look();
  await openPage(page, `${plane.url}/o/${organisation}/tokens`);
  await page.getByRole("button", { name: "トークンを発行" }).first().click();
  await look();
  expect(violations).toEqual([]);
  await context.close();
});

test.each(["ja", "en"] as const)("pages fit a phone in %s, and its menu opens", async (language) => {
  const context = await chromium.context({ language, width: 390, height: 844, phone: true });
  await context.addCookies(cookies);
  const page = await context.newPage();
  const wide: string[] = [];
  for (const path of platformPages(organisation)) {
    await openPage(page, `${plane.url}${path}`);
    const over = await sidewaysScroll(page);
    if (over > 0) wide.push(`${path}: ${over} px`);
  }
  expect(wide).toEqual([]);
  expect(await page.getByRole("navigation").isVisible()).toBe(false);
  await page.getByRole("button", { name: language === "ja" ? "メニュー" : "Menu", exact: true }).click();
  await page.getByRole("link", { name: language === "ja" ? "メンバー" : "Members" }).click();
  await page.getByRole("heading", { level: 1, name: language === "ja" ? "メンバー" : "Members" }).waitFor();
  expect(await page.getByRole("navigation").isVisible()).toBe(false);
  await context.close();
});

test("the first load stays below 300 kB on the wire", async () => {
  const context = await chromium.context();
  await context.addCookies(cookies);
  const page = await context.newPage();
  await openPage(page, `${plane.url}/o/${organisation}/members`);
  const bytes = await page.evaluate<number>(
    `performance.getEntriesByType("resource").concat(performance.getEntriesByType("navigation"))
      .filter((entry) => !entry.name.includes("/api/")).reduce((sum, entry) => sum + entry.transferSize, 0)`,
  );
  expect(bytes).toBeGreaterThan(10_000);
  expect(bytes).toBeLessThan(300_000);
  await context.close();
});
