/** Every page of the office, filled, in both languages and both themes: axe, glyphs, the policy; and on a narrow phone. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { BrowserContext } from "playwright-core";
import type { InvoiceItem } from "@yagura/commerce/billing/shapes.ts";
import type { Page } from "@yagura/server/shapes.ts";
import { openBrowser, type TestBrowser } from "./browser.ts";
import { missingGlyphs, seriousViolations, sidewaysScroll } from "./checks.ts";
import { callerOf, fillOffice, fillRegisters, officePages } from "./demo-office.ts";
import { complaintsOf, openPage, signInByLink } from "./office.ts";
import { startControlPlane, type ControlPlane } from "./server.ts";

/** Milliseconds for a walk through all pages on a busy machine. */
const LONG = 300_000;

let plane: ControlPlane;
let chromium: TestBrowser;
let pages: readonly string[];
let cookies: Awaited<ReturnType<BrowserContext["cookies"]>>;

beforeAll(async () => {
  [plane, chromium] = await Promise.all([startControlPlane(), openBrowser()]);
  const context = await chromium.context({ language: "en" });
  await signInByLink(await context.newPage(), plane.signInLink);
  const call = await callerOf(context, plane.url);
  const office = await fillOffice(call);
  await fillRegisters(call, office);
  const invoices = await call<Page<InvoiceItem>>("GET", `/organisations/${office.customers[0]?.id ?? ""}/invoices`);
  pages = officePages(office, invoices.items[0]?.id ?? "");
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
] as const)("the office in $language, $theme", (look) => {
  test(
    "has no refusal, no serious axe violation, no console error and no missing glyph",
    { timeout: LONG },
    async () => {
      const context = await chromium.context(look);
      await context.addCookies(cookies);
      const page = await context.newPage();
      const complaints = complaintsOf(page);
      const found: string[] = [];
      for (const path of pages) {
        await openPage(page, `${plane.url}${path}`);
        found.push(...(await seriousViolations(page)), ...(await missingGlyphs(page)));
        for (const refused of await page.getByRole("alert").allInnerTexts()) found.push(`${path}: ${refused}`);
      }
      expect({ found, complaints }).toEqual({ found: [], complaints: [] });
      await context.close();
    },
  );
});

test.each(["ja", "en"] as const)("the office fits 320 px in %s", { timeout: LONG }, async (language) => {
  const context = await chromium.context({ language, width: 320, height: 700, phone: true });
  await context.addCookies(cookies);
  const page = await context.newPage();
  const wide: string[] = [];
  for (const path of pages) {
    await openPage(page, `${plane.url}${path}`);
    const over = await sidewaysScroll(page);
    if (over > 0) wide.push(`${path}: ${over} px`);
  }
  expect(wide).toEqual([]);
  await context.close();
});

test("an invoice prints without the frame and without buttons", async () => {
  const context = await chromium.context({ language: "ja" });
  await context.addCookies(cookies);
  const page = await context.newPage();
  const path = pages.find((each) => /invoices\/.+/.test(each)) ?? "";
  await openPage(page, `${plane.url}${path}`);
  await page.emulateMedia({ media: "print" });
  expect(await page.getByRole("navigation").isVisible()).toBe(false);
  expect(await page.getByRole("button", { name: "PDF" }).isVisible()).toBe(false);
  expect(await page.locator(".why-button").first().isVisible()).toBe(false);
  expect(await page.getByText("合計（税込）").first().isVisible()).toBe(true);
  await context.close();
});

test(
  "COM-18 the staff record a fact by its fields and read what it does to the next bill, on a phone too",
  { timeout: LONG },
  async () => {
    const context = await chromium.context({ language: "en", width: 320, height: 700, phone: true });
    await context.addCookies(cookies);
    const page = await context.newPage();
    const complaints = complaintsOf(page);
    await openPage(page, `${plane.url}${pages.find((path) => path.endsWith("?tab=facts")) ?? ""}`);
    const dialog = page.getByRole("dialog");
    await page.getByRole("button", { name: "Record a fact" }).click();
    const choice = dialog.getByLabel("Fact", { exact: true });
    const kinds = await choice
      .locator("option")
      .evaluateAll((options) => options.map((option) => (option as unknown as { readonly value: string }).value));
    for (const kind of kinds) {
      await choice.selectOption(kind);
      expect({ kind, found: await seriousViolations(page) }).toEqual({ kind, found: [] });
      expect(await sidewaysScroll(page)).toBe(0);
    }
    await choice.selectOption("claim");
    await dialog.getByRole("button", { name: "Record a fact" }).click();
    expect(await dialog.locator("[aria-invalid=true]").count()).toBe(2);
    await dialog.getByLabel("What it is for, as on the bill").fill("Repair of the line");
    await dialog.getByLabel("Amount, without tax").fill("12000");
    await dialog.getByRole("button", { name: "Record a fact" }).click();
    await page.getByText(/The next bill goes from/).waitFor();
    // The table loads again after the toast.
    await page
      .getByText(/Amount, without tax: .*12,000/)
      .first()
      .waitFor();
    expect(complaints).toEqual([]);
    await context.close();
  },
);
