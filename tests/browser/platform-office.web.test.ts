/** The office and the provider's pages at work: members, tokens, contracts, settings, organisations, the logo, exports. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { BrowserContext, Download, Page } from "playwright-core";
import { openBrowser, type TestBrowser } from "./browser.ts";
import { addAuthenticator, inviteByApi, linkIn, mailTo, PASSWORD, signInByLink, whoAmI } from "./office.ts";
import { startControlPlane, type ControlPlane } from "./server.ts";

let plane: ControlPlane;
let chromium: TestBrowser;
let context: BrowserContext;
let page: Page;
let organisation: string;
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

describe("office", () => {
  test("EXP-T08: an invited member joins by the mailed link and sees only what the role may", async () => {
    await page.goto(`${plane.url}/o/${organisation}/members`);
    await page.getByRole("button", { name: "Invite a member" }).first().click();
    await page.getByRole("dialog").getByLabel("Mail address").fill("hanako@example");
    await page.getByRole("dialog").getByRole("button", { name: "Invite a member" }).click();
    await page.getByText("Write a mail address, such as").waitFor();
    await page.getByRole("dialog").getByLabel("Mail address").fill("hanako@example.jp");
    await page.getByRole("dialog").getByRole("button", { name: "Invite a member" }).click();
    await page.getByRole("row").filter({ hasText: "hanako@example.jp" }).getByText("Invited").waitFor();

    const link = linkIn(await mailTo(context, plane, "hanako@example.jp"));
    const theirs = await chromium.context({ language: "ja" });
    const hanako = await theirs.newPage();
    await hanako.goto(link);
    await hanako.getByLabel("氏名").fill("山田 花子");
    await hanako.getByLabel("新しいパスワード").fill("短い");
    await hanako.getByRole("button", { name: "参加する" }).click();
    await hanako.getByText("12 文字以上で入力してください。").waitFor();
    await hanako.getByLabel("新しいパスワード").fill(PASSWORD);
    await hanako.getByRole("button", { name: "参加する" }).click();
    await hanako.getByRole("navigation").waitFor();
    await hanako.goto(`${plane.url}/o/${organisation}/members`);
    await hanako.getByText("山田 花子").waitFor();
    expect(await hanako.getByRole("button", { name: "メンバーを招待" }).count()).toBe(0);
    expect(await hanako.getByRole("link", { name: "組織一覧" }).count()).toBe(0);
    await hanako.goto(`${plane.url}/o/${organisation}/audit`);
    await hanako.getByRole("heading", { name: "このページを見る権限がありません" }).waitFor();
    await theirs.close();

    // The first page hears of it by a live event.
    await page.getByRole("row").filter({ hasText: "hanako@example.jp" }).getByText("Active").waitFor();
  });

  test("an invited member may join with a passkey instead of a password, and comes back with it", async () => {
    await inviteByApi(context, plane, organisation, "saburo@example.jp");
    const theirs = await chromium.context({ language: "en" });
    const saburo = await theirs.newPage();
    const debug = await theirs.newCDPSession(saburo);
    await addAuthenticator(debug);
    await saburo.goto(linkIn(await mailTo(context, plane, "saburo@example.jp")));
    await saburo.getByLabel("Name").fill("Saburo");
    await saburo.getByRole("button", { name: "Use a passkey instead of a password" }).click();
    await saburo.getByRole("button", { name: "Join" }).click();
    await saburo.getByRole("button", { name: "Add a passkey of this device" }).click();
    await saburo.getByRole("navigation").waitFor();
    expect((await whoAmI(theirs, plane)).user).toMatchObject({ name: "Saburo", password: false, passkeys: 1 });
    await theirs.clearCookies();
    await saburo.goto(`${plane.url}/sign-in`);
    await saburo.getByRole("button", { name: "Sign in with a passkey" }).click();
    await saburo.getByRole("navigation").waitFor();
    await theirs.close();
  });

  test("a token is shown once, works, and is refused after it was revoked", async () => {
    await page.goto(`${plane.url}/o/${organisation}/tokens`);
    await page.getByRole("button", { name: "Issue a token" }).first().click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Name").fill("nightly export");
    await dialog.getByRole("button", { name: "Issue a token" }).click();
    await dialog.getByText("Choose at least one.").waitFor();
    await dialog.getByLabel("member.read").check();
    await dialog.getByRole("button", { name: "Issue a token" }).click();
    const token = await dialog.locator(".secret-text").innerText();
    const ask = async (): Promise<number> => {
      const answer = await fetch(`${plane.url}/api/v1/organisations/${organisation}/members`, {
        headers: { authorization: `Bearer ${token}` },
      });
      return answer.status;
    };
    expect(await ask()).toBe(200);
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Actions of nightly export" }).click();
    await page.getByRole("menuitem", { name: "Revoke" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Revoke" }).click();
    await page.getByText("No tokens yet").waitFor();
    expect(await ask()).toBe(401);
  });

  test("an organisation is made and erased; the erasure says in numbers what goes and asks for the name", async () => {
    await page.goto(`${plane.url}/provider/organisations`);
    await page.getByRole("button", { name: "New organisation" }).click();
    await page.getByRole("dialog").getByLabel("Name").fill("Example Ltd");
    await page.getByRole("dialog").getByRole("button", { name: "New organisation" }).click();
    await heading("Members");
    await page.goto(`${plane.url}/provider/organisations`);
    await page.getByRole("button", { name: "Actions of Example Ltd" }).click();
    await page.getByRole("menuitem", { name: "Erase the organisation" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByText("0 members lose access.").waitFor();
    const erase = dialog.getByRole("button", { name: "Erase the organisation" });
    expect(await erase.isDisabled()).toBe(true);
    await dialog.getByLabel("Type “Example Ltd” to confirm").fill("Example Ltd");
    await erase.click();
    await page.getByText("Example Ltd was erased.").waitFor();
  });

  test("filter and sort are in the address, and the export holds exactly what is seen", async () => {
    await page.goto(`${plane.url}/o/${organisation}/audit?q=member.invite+hanako`);
    const table = page.getByRole("table", { name: "Audit log" });
    await table.getByRole("row").nth(1).waitFor();
    const seen = await table.getByRole("row").count();
    expect(seen).toBe(2);
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: "CSV" }).click(),
    ]);
    expect(download.suggestedFilename()).toBe("audit.csv");
    const lines = (await textOf(download)).trim().split("\r\n");
    expect(lines).toHaveLength(seen);
    expect(lines[1]).toContain("member.invite");
    await table.getByRole("button", { name: "Who" }).click();
    await page.waitForURL(/sort=actor/);
  });
});

describe("provider", () => {
  test("EXP-T09: a contract is made and ended; the end says what it does to the quota", async () => {
    await page.goto(`${plane.url}/o/${organisation}/office/contracts`);
    const rows = page.getByRole("table", { name: "Contract" }).locator("tr[data-row]");
    await rows.first().waitFor();
    const before = await rows.count();
    await page.getByRole("button", { name: "Register a contract" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "New contract" }).click();
    const toast = page.getByText(/^Contract \S+ was made\.$/);
    await toast.waitFor();
    const number = /Contract (\S+) was/.exec(await toast.innerText())?.[1] ?? "";
    expect(number).toMatch(/^EXP-\d{4}-\d{6}-\d$/);
    await rows.nth(before).waitFor();
    await page.getByRole("button", { name: `Actions of ${number}` }).click();
    await page.getByRole("menuitem", { name: "End the contract" }).click();
    await page.getByRole("dialog").getByText("limits fall by 10 targets and 10 sessions").waitFor();
    await page.getByRole("dialog").getByRole("button", { name: "End the contract" }).click();
    await page.getByRole("row").filter({ hasText: number }).getByText("Ended").waitFor();
  });

  test("a shorter retention is warned of in days before it is saved", async () => {
    await page.goto(`${plane.url}/o/${organisation}/settings`);
    const days = page.getByLabel("Days that measurements are kept");
    await days.fill("0");
    await days.blur();
    await page.getByText("Write a number from 1 to 3660.").waitFor();
    const kept = Number(await days.evaluate((input: { defaultValue: string }) => input.defaultValue)) || 400;
    await days.fill(String(kept - 30));
    await page.getByText("deletes 30 days of old measurements").waitFor();
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("Saved.").waitFor();
  });

  test("the export of an organisation is whole", async () => {
    await page.goto(`${plane.url}/o/${organisation}/settings`);
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: "Export" }).click(),
    ]);
    const lines = (await textOf(download)).trim().split("\n");
    expect(lines.map((line) => (JSON.parse(line) as { table: string }).table).at(-1)).toBe("end");
  });

  test("the provider's logo is shown at the top; a file that is too large is refused before it is sent", async () => {
    const png = Buffer.from(
      "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
      "base64",
    );
    await page.goto(`${plane.url}/provider/profile`);
    const file = page.getByLabel("Logo");
    await file.setInputFiles({ name: "large.png", mimeType: "image/png", buffer: Buffer.alloc(70_000) });
    await page.getByText("This file has 70 kB. At most 64 kB are taken.").waitFor();
    await file.setInputFiles({ name: "logo.png", mimeType: "image/png", buffer: png });
    await page.getByRole("button", { name: "Save" }).click();
    await page.locator(".brand img").waitFor();
    await page.getByRole("button", { name: "Remove the logo" }).click();
    await page.getByRole("button", { name: "Save" }).click();
    await page.locator(".brand img").waitFor({ state: "detached" });
  });

  test("a person of the staff is added with a role and removed with what that means", async () => {
    await page.goto(`${plane.url}/provider/staff`);
    await page.getByRole("button", { name: "Add staff" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Mail address").fill("jiro@example.jp");
    await dialog.getByLabel("Role", { exact: true }).selectOption("provider-operator");
    await dialog.getByRole("button", { name: "Add staff" }).click();
    await page.getByRole("row").filter({ hasText: "jiro@example.jp" }).getByText("Provider operator").waitFor();
    expect((await mailTo(context, plane, "jiro@example.jp")).text).toContain("#link=");
    await page.getByRole("button", { name: "Actions of jiro@example.jp" }).click();
    await page.getByRole("menuitem", { name: "Remove from staff" }).click();
    await dialog.getByText("1 person is left.").waitFor();
    await dialog.getByRole("button", { name: "Remove from staff" }).click();
    await page.getByRole("cell", { name: "jiro@example.jp" }).first().waitFor({ state: "detached" });
  });
});

async function textOf(download: Download): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of await download.createReadStream()) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}
