/** Sign-in in all its forms, and the frame: keyboard, language, offline, long tables, many tabs. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Secret, TOTP } from "otpauth";
import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { BrowserContext, Page } from "playwright-core";
import { openBrowser, type TestBrowser } from "./browser.ts";
import { addAuthenticator, forget, inviteByApi, PASSWORD, signInByLink, signInByPassword, whoAmI } from "./office.ts";
import { startControlPlane, type ControlPlane } from "./server.ts";

let plane: ControlPlane;
let chromium: TestBrowser;
let context: BrowserContext;
let page: Page;
let organisation: string;
const ADMIN = "admin@yagura.localhost";
const heading = (name: string): Promise<void> => page.getByRole("heading", { level: 1, name }).waitFor();

beforeAll(async () => {
  [plane, chromium] = await Promise.all([startControlPlane(), openBrowser()]);
  context = await chromium.context({ language: "en" });
  page = await context.newPage();
  await signInByLink(page, plane.signInLink);
  organisation = (await whoAmI(context, plane)).organisations[0]?.id ?? "";
});
afterAll(async () => {
  await chromium?.close();
  await plane?.stop();
});

describe("sign-in", () => {
  test("a used link is refused with what to do", async () => {
    const other = await chromium.context({ language: "ja" });
    const stranger = await other.newPage();
    await stranger.goto(plane.signInLink);
    await stranger.getByText("このリンクは使用できません").first().waitFor();
    expect(await stranger.getByRole("alert").innerText()).toContain("LINK_USED");
    await other.close();
  });

  test("a wrong password is told, the right one signs in and returns to the page that was asked for", async () => {
    await forget(context);
    await page.goto(`${plane.url}/provider/staff`);
    await heading("Sign in");
    await page.getByLabel("Mail address").fill(ADMIN);
    await page.getByLabel("Password").fill("not the password at all");
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
    expect(await page.getByRole("alert").innerText()).toContain("SIGN_IN_FAILED");
    await page.getByLabel("Password").fill(PASSWORD);
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
    await heading("Staff");
  });

  test("an authenticator app is set up, then asked for; a recovery code works once in its place", async () => {
    await page.goto(`${plane.url}/account?tab=security`);
    await page.getByRole("button", { name: "Set up an authenticator app" }).click();
    const shown = (await page.getByRole("dialog").locator("code").innerText()).replaceAll(" ", "");
    const totp = new TOTP({ secret: Secret.fromBase32(shown) });
    await page.getByRole("dialog").getByLabel("Code", { exact: true }).fill(totp.generate());
    await page.getByRole("button", { name: "Turn on" }).click();
    await page.getByRole("button", { name: "I have kept them" }).waitFor();
    const codes = await page.locator(".code-list li").allInnerTexts();
    expect(codes).toHaveLength(10);
    await page.getByRole("button", { name: "I have kept them" }).click();
    await page.getByText("10 recovery codes left").waitFor();

    await forget(context);
    await signInByPassword(page, plane.url, ADMIN);
    await heading("Enter the code");
    // The code of this half minute was used up by the set-up; the next one is admitted already (RFC 6238 section 5.2).
    await page.getByLabel("Code").fill(totp.generate({ timestamp: Date.now() + 30_000 }));
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByRole("navigation").waitFor();

    await forget(context);
    await signInByPassword(page, plane.url, ADMIN);
    await page.getByRole("button", { name: "Use a recovery code" }).click();
    await page.getByLabel("Recovery code").fill(codes[0] ?? "");
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByRole("navigation").waitFor();
    await page.goto(`${plane.url}/account?tab=security`);
    await page.getByText("9 recovery codes left").waitFor();
    await page.getByRole("button", { name: "Remove the authenticator app" }).click();
    await page.getByRole("dialog").getByLabel("Present password").fill(PASSWORD);
    await page.getByRole("dialog").getByRole("button", { name: "Remove the authenticator app" }).click();
    await page.getByRole("button", { name: "Set up an authenticator app" }).waitFor();
  });

  test("a passkey is added and signs in by itself", async () => {
    const debug = await context.newCDPSession(page);
    await addAuthenticator(debug);
    await page.goto(`${plane.url}/account?tab=security`);
    await page.getByRole("button", { name: "Add a passkey" }).click();
    await page.getByRole("dialog").getByLabel("Name").fill("Test key");
    await page.getByRole("dialog").getByRole("button", { name: "Add a passkey" }).click();
    await page.getByRole("table", { name: "Passkeys" }).getByText("Test key").waitFor();
    await forget(context);
    await page.goto(`${plane.url}/sign-in`);
    await page.getByRole("button", { name: "Sign in with a passkey" }).click();
    await page.getByRole("navigation").waitFor();
    await debug.detach();
  });
});

/** Moves the beginning of every sign-in into the past, in the embedded database itself. */
async function ageSignIns(folder: string): Promise<void> {
  const { admin } = JSON.parse(readFileSync(join(folder, "postgres", "secrets.json"), "utf8")) as { admin: string };
  const socket = readFileSync(join(folder, "postgres", "data", "postmaster.pid"), "utf8").split("\n")[4] ?? "";
  const client = new Client({ host: socket, user: "yagura_admin", password: admin, database: "yagura" });
  await client.connect();
  await client.query("update server.session set created_at = created_at - interval '1 hour'");
  await client.end();
}

describe("a sign-in that is no longer young", () => {
  test("adds what signs in with the password only, and says so", async () => {
    await forget(context);
    await signInByPassword(page, plane.url, ADMIN);
    await page.getByRole("navigation").waitFor();
    await ageSignIns(plane.dataFolder);
    await page.goto(`${plane.url}/account?tab=security`);
    const dialog = page.getByRole("dialog");
    await page.getByRole("button", { name: "Set up an authenticator app" }).click();
    await dialog.getByText("older than 10 minutes").waitFor();
    await dialog.getByLabel("Present password").fill(PASSWORD);
    await dialog.getByRole("button", { name: "Set up an authenticator app" }).click();
    await dialog.locator("code").waitFor();
    await page.keyboard.press("Escape");

    const debug = await context.newCDPSession(page);
    await addAuthenticator(debug);
    await page.getByRole("button", { name: "Add a passkey" }).click();
    await dialog.getByLabel("Name").fill("Late key");
    await dialog.getByRole("button", { name: "Add a passkey" }).click();
    await dialog.getByText("older than 10 minutes").waitFor();
    await dialog.getByLabel("Present password").fill(PASSWORD);
    await dialog.getByRole("button", { name: "Add a passkey" }).click();
    const table = page.getByRole("table", { name: "Passkeys" });
    await table.getByText("Late key").waitFor();
    await debug.detach();
  });
});

describe("frame", () => {
  beforeAll(() => inviteByApi(context, plane, organisation, "hanako@example.jp"));

  test("everything is reached by keyboard alone", async () => {
    await page.goto(`${plane.url}/o/${organisation}/audit`);
    await page.getByRole("table").waitFor();
    await page.keyboard.press("Tab");
    expect(await page.evaluate("document.activeElement.textContent")).toBe("Skip to content");
    await page.keyboard.press("Enter");
    expect(await page.evaluate("document.activeElement.id")).toBe("content");
    await page.keyboard.press("j");
    await page.keyboard.press("j");
    expect(await page.evaluate("document.activeElement.dataset.row")).toBe("1");
    await page.keyboard.press("k");
    await page.keyboard.press("Enter");
    await page.getByRole("dialog").waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await page.keyboard.press("/");
    await page.keyboard.type("nothing like this");
    await page.getByText("No row matches the filter.").waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("row").nth(1).waitFor();
    await page.keyboard.press("Control+k");
    await page.keyboard.type("outbox");
    await page.getByRole("option", { name: /Outbox/ }).waitFor();
    await page.keyboard.press("Enter");
    await heading("Outbox");
    await page.keyboard.press("?");
    await page.getByRole("dialog", { name: "Keyboard" }).waitFor();
    await page.keyboard.press("Escape");
  });

  test("language and theme change without a reload", async () => {
    await page.goto(`${plane.url}/provider/outbox`);
    await heading("Outbox");
    await page.evaluate("globalThis.stillHere = true");
    await page.getByRole("button", { name: "日本語" }).click();
    await heading("送信メール");
    await page.getByRole("button", { name: "配色" }).click();
    await page.getByRole("menuitemradio", { name: "ダーク" }).click();
    expect(await page.locator("html").getAttribute("data-theme")).toBe("dark");
    expect(await page.evaluate("globalThis.stillHere")).toBe(true);
    await page.getByRole("button", { name: "English" }).click();
    await heading("Outbox");
  });

  test("offline says so, keeps what was loaded, and recovers by itself", async () => {
    await page.goto(`${plane.url}/o/${organisation}/members`);
    await page.getByRole("cell", { name: "hanako@example.jp", exact: true }).waitFor();
    await context.setOffline(true);
    await page.getByText("The server cannot be reached.").waitFor();
    expect(await page.getByRole("cell", { name: "hanako@example.jp", exact: true }).isVisible()).toBe(true);
    await context.setOffline(false);
    await page.getByText("The server cannot be reached.").waitFor({ state: "detached" });
    expect(await page.getByRole("cell", { name: "hanako@example.jp", exact: true }).isVisible()).toBe(true);
  });

  test("10,000 rows: few are in the page, the ends are one key away, the filter answers at once", async () => {
    const entry = (sequence: number): unknown => ({
      sequence,
      at: new Date(1_795_000_000_000 + sequence * 1_000).toISOString(),
      actor: `person ${sequence % 97}`,
      actorKind: "user",
      organisationId: null,
      action: "load.test",
      subject: `subject:${sequence}`,
      details: {},
      hash: "0".repeat(64),
    });
    // Making ten thousand entries by real acts would take a quarter of an hour; what is tested here is the table.
    const tab = await context.newPage();
    await tab.route("**/api/v1/provider/audit*", async (route) => {
      const from = Number(new URL(route.request().url()).searchParams.get("cursor") ?? "0");
      const items = Array.from({ length: 500 }, (_, index) => entry(10_000 - from - index));
      await route.fulfill({ json: { items, next: from + 500 < 10_000 ? String(from + 500) : null, total: 10_000 } });
    });
    await tab.goto(`${plane.url}/provider/audit`);
    await tab.getByText("10,000 rows").waitFor();
    expect(await tab.locator("tr[data-row]").count()).toBeLessThan(100);
    await tab.keyboard.press("j");
    await tab.keyboard.press("End");
    await tab.locator("tr[data-row='9999']:focus").waitFor();
    expect(await tab.locator("tr[data-row='9999']").innerText()).toContain("subject:1");
    await tab.keyboard.press("Home");
    await tab.locator("tr[data-row='0']:focus").waitFor();
    await tab.keyboard.press("/");
    await tab.keyboard.type("subject:7777");
    await tab.getByText("1 of 10,000 rows").waitFor();
    await tab.close();
  });

  test("eight tabs share one live connection: none starves, all hear of a change", async () => {
    const tabs = await Promise.all(Array.from({ length: 8 }, () => context.newPage()));
    for (const tab of tabs) {
      await tab.goto(`${plane.url}/o/${organisation}/members`);
      await tab.getByRole("cell", { name: "hanako@example.jp", exact: true }).waitFor();
    }
    await inviteByApi(context, plane, organisation, "taro@example.jp");
    await Promise.all(tabs.map((tab) => tab.getByRole("cell", { name: "taro@example.jp", exact: true }).waitFor()));
    await Promise.all(tabs.map((tab) => tab.close()));
  });

  test("signing out ends the sign-in on the server", async () => {
    await page.getByRole("button", { name: /^Account menu/ }).click();
    await page.getByRole("menuitem", { name: "Sign out" }).click();
    await heading("Sign in");
    expect((await whoAmI(context, plane)).user).toBeNull();
  });
});
