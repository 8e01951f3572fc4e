/** The office at work on a real server: order, accept, bill, explain, pay, cancel, change prices; what each role may see. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { BrowserContext, Page } from "playwright-core";
import { openBrowser, type TestBrowser } from "./browser.ts";
import { callerOf, fillOffice, type Call, type DemoOffice } from "./demo-office.ts";
import { inviteByApi, linkIn, mailTo, openPage, PASSWORD, signInByLink } from "./office.ts";
import { startControlPlane, type ControlPlane } from "./server.ts";

let plane: ControlPlane;
let chromium: TestBrowser;
let context: BrowserContext;
let page: Page;
let call: Call;
let office: DemoOffice;
const own = (path: string, customer = 0): string =>
  `${plane.url}/o/${office.customers[customer]?.id ?? ""}/office/${path}`;
const provider = (path: string): string => `${plane.url}/provider/office/${path}`;
const rows = (name: string) => page.getByRole("table", { name }).locator("tr[data-row]");

beforeAll(async () => {
  [plane, chromium] = await Promise.all([startControlPlane(), openBrowser()]);
  context = await chromium.context({ language: "en" });
  page = await context.newPage();
  await signInByLink(page, plane.signInLink);
  call = await callerOf(context, plane.url);
  office = await fillOffice(call);
});
afterAll(async () => {
  await chromium?.close();
  await plane?.stop();
});

describe("a customer", () => {
  test("EXP-08, COM-19: an order is priced before it is sent, refused at its fields, and then waits for a decision", async () => {
    await openPage(page, own("order"));
    await page.getByRole("link", { name: /Order.*[Ee]xperience/ }).click();
    await page.getByRole("heading", { level: 1 }).waitFor();
    // What is registered stands there already.
    expect(await page.getByLabel("Corporate number", { exact: false }).first().inputValue()).toMatch(/^\d{13}$/);
    await page.getByRole("button", { name: "Send the order" }).click();
    expect(await page.getByText("Ordering needs this consent.").count()).toBeGreaterThan(1);
    await page.locator("input[name=label]").fill("営業部ノートパソコン用端末0123");
    await page.getByText(/At most 15 characters/).waitFor();
    await fillOrder(page);
    await page.getByRole("button", { name: "Show the costs" }).click();
    await page.getByText("Total with tax").waitFor();
    await page.getByRole("button", { name: "Send the order" }).click();
    await page.getByText("The order was sent.").waitFor();
    await page.getByText("Waits for decision").first().waitFor();
  });

  test("COM-18: each amount of a bill says why, with its formula and its rule", async () => {
    await openPage(page, own("invoices"));
    await rows("Invoice").first().waitFor();
    await page.getByRole("row").filter({ hasText: "October 2026" }).first().getByRole("link").click();
    await page
      .getByRole("button", { name: /^Why ¥/ })
      .first()
      .click();
    const why = page.getByRole("dialog");
    await why.getByText("How it was computed").waitFor();
    expect(await why.locator(".why-formula").innerText()).toMatch(/\d/);
    await why.getByText("Rule and inputs").click();
    expect(await why.getByText(/^(EXP|SEC)-\d+$/).count()).toBeGreaterThan(0);
    await page.keyboard.press("Escape");
    const [file] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: "PDF", exact: true }).click(),
    ]);
    expect(file.suggestedFilename()).toMatch(/\.pdf$/);
  });

  test("SEC-13: the cancellation simulator shows what the end costs before anything is asked for", async () => {
    const contract = office.contracts.find(({ plan }) => plan === "cloud-app");
    const path = `/o/${contract?.organisationId ?? ""}/office/contracts/${contract?.id ?? ""}`;
    await openPage(page, `${plane.url}${path}/cancel?on=2027-01-15`);
    await page.getByText("The notice is in time").waitFor();
    await page.getByRole("table", { name: "Costs to come" }).getByText("January 2027").waitFor();
    await page.getByRole("button", { name: "Request this cancellation" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByText("The end costs nothing extra.").waitFor();
    await dialog.getByText(/with tax is still to pay/).waitFor();
    await dialog.getByRole("button", { name: "Request this cancellation" }).click();
    await page.getByText("The cancellation was requested.").waitFor();
    await page.waitForURL(new RegExp(`${path}\\?tab=content`));
    await page.getByRole("heading", { name: "Cancellations" }).waitFor();
  });

  test("a viewer of the customer reads contracts, and neither bills nor orders", async () => {
    const customer = office.customers[0]?.id ?? "";
    await inviteByApi(context, plane, customer, "viewer@example.jp");
    const theirs = await chromium.context({ language: "ja" });
    const viewer = await theirs.newPage();
    await viewer.goto(linkIn(await mailTo(context, plane, "viewer@example.jp")));
    await viewer.getByLabel("氏名").fill("閲覧 太郎");
    await viewer.getByLabel("新しいパスワード").fill(PASSWORD);
    await viewer.getByRole("button", { name: "参加する" }).click();
    await viewer.getByRole("navigation").waitFor();
    await openPage(viewer, own("contracts"));
    await viewer.locator("tr[data-row]").first().waitFor();
    expect(await viewer.getByRole("link", { name: "新しく申し込む" }).count()).toBe(0);
    expect(await viewer.getByRole("link", { name: "請求締め" }).count()).toBe(0);
    await viewer.goto(own("invoices"));
    await viewer.getByRole("heading", { name: "このページを見る権限がありません" }).waitFor();
    await theirs.close();
  });
});

describe("the provider", () => {
  test("SEC-05: the queue shows its order; accepting makes a contract with a number", async () => {
    await openPage(page, provider("applications"));
    const waiting = page
      .getByRole("row")
      .filter({ hasText: "北斗メディカル" })
      .filter({ hasText: "Waits for decision" });
    await waiting.first().click();
    await page.getByRole("heading", { level: 1, name: /Application/ }).waitFor();
    await page.getByText("Place in the queue").waitFor();
    await page.getByRole("button", { name: "Accept", exact: true }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByText("A contract is formed and gets its number.", { exact: false }).waitFor();
    await dialog.getByRole("button", { name: "Accept", exact: true }).click();
    await page.getByText("The decision was recorded.").waitFor();
    await page.getByRole("link", { name: /Open the contract EXP-/ }).waitFor();
  });

  test("a refusal names a ground of the terms", async () => {
    const waiting = office.waiting.find(({ service }) => service === "security");
    await openPage(page, `${plane.url}/o/${waiting?.organisationId ?? ""}/office/applications/${waiting?.id ?? ""}`);
    await page.getByRole("button", { name: "Refuse" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("button", { name: "Refuse" }).click();
    await dialog.getByText("This is needed.").waitFor();
    const ground = dialog.getByLabel("Ground in the terms");
    await ground.selectOption({ index: 2 });
    await dialog.getByRole("button", { name: "Refuse" }).click();
    await page.getByText("Refused").first().waitFor();
  });

  test("COM-20: a run shows its differences, says what issuing does, and bills a month once", async () => {
    await openPage(page, provider("bill-runs"));
    await page.getByRole("button", { name: "Start a bill run" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Start a bill run" }).click();
    await page.getByText("Waits to be issued").waitFor();
    await page.getByRole("tab", { name: "Differences to last month" }).waitFor();
    // The month was billed by the demo already: nothing is left but what was learnt since.
    expect(await page.getByRole("button", { name: "Issue", exact: true }).isDisabled()).toBe(true);
    await page.getByRole("button", { name: "Discard" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Discard" }).click();
    await page.getByText("Discarded").waitFor();
  });

  test("COM-13: a payment settles the oldest claim of the late payer, and the ageing follows", async () => {
    await openPage(page, provider("receivables"));
    const late = page.getByRole("row").filter({ hasText: office.late.name });
    await late.getByText("¥", { exact: false }).first().waitFor();
    await late.click();
    await page.getByRole("button", { name: "Record a payment" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Amount").fill("100");
    await dialog.getByRole("button", { name: "Record a payment" }).click();
    await page.getByText("A payment of ¥100 was recorded.").waitFor();
    await page.getByRole("tab", { name: "Payments" }).click();
    await rows("Payments").first().getByText("¥100").first().waitFor();
  });

  test("a price book is looked at before it is loaded", async () => {
    await openPage(page, provider("prices"));
    await page.getByRole("button", { name: "Load a price book" }).click();
    const dialog = page.getByRole("dialog");
    const csv = "service,plan,item,amount,from\nexperience,agent,agent,3300,2027-04-01\n";
    await dialog.getByLabel("File: CSV or YAML", { exact: false }).setInputFiles({
      name: "list-2027-04.csv",
      mimeType: "text/csv",
      buffer: Buffer.from(csv),
    });
    await dialog.getByLabel("Name of the book").fill("list-2027-04");
    await dialog.getByRole("button", { name: "See what changes" }).click();
    await dialog.getByText("¥3,300").waitFor();
    expect(await call<{ total: number }>("GET", "/provider/prices?service=experience&on=2027-04-01")).toMatchObject({
      items: [{ amount: 3000 }],
    });
    await dialog.getByRole("button", { name: "Load", exact: true }).click();
    await page.getByText("The book list-2027-04 was loaded.").waitFor();
    await page.getByLabel("On", { exact: true }).fill("2027-04-01");
    await page.getByRole("table", { name: "Prices" }).getByText("¥3,300").waitFor();
  });

  test("COM-30: what a service lacks is listed and can be set from there", async () => {
    await openPage(page, provider("offering"));
    const ot = page.getByRole("region", { name: /OT/ });
    const before = await ot.getByRole("listitem").count();
    expect(before).toBeGreaterThan(1);
    await ot.getByRole("button", { name: "Set the value" }).last().click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("button", { name: "See what changes" }).click();
    await dialog.getByText("After").waitFor();
    await dialog.getByRole("button", { name: "Change it" }).click();
    await page.getByText("Changed.").waitFor();
    await expect.poll(() => ot.getByRole("listitem").count()).toBe(before - 1);
  });

  test("COM-30: every suggestion is looked through and taken with one confirmation; only prices and what is the provider's stay open", async () => {
    await openPage(page, provider("offering"));
    const suggested = rows("Take the suggestions");
    await suggested.first().waitFor();
    const count = await suggested.count();
    expect(count).toBeGreaterThan(5);
    // Said in words, not as JSON.
    expect((await suggested.allInnerTexts()).join(" ")).not.toMatch(/[{}[\]]/);
    await page.getByLabel("In force from").fill("2026-01-01");
    await page.getByRole("button", { name: `Set all ${count} suggestions` }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByText(`The ${count} listed values hold from 2026-01-01`).waitFor();
    await dialog.getByRole("button", { name: "Set them" }).click();
    await dialog.waitFor({ state: "detached" });
    await suggested.first().waitFor({ state: "detached" });
    await page.getByRole("button", { name: "Offer it" }).first().waitFor();
  });
});

test("日本語: 請求書から金額の理由までたどれる", async () => {
  const ja = await chromium.context({ language: "ja" });
  await ja.addCookies(await context.cookies());
  const view = await ja.newPage();
  await openPage(view, own("next-bill"));
  await view.getByRole("heading", { name: "次回のご請求" }).waitFor();
  await view
    .getByRole("button", { name: /円 の理由$/ })
    .first()
    .click();
  await view.getByRole("dialog").getByText("この金額になる理由").waitFor();
  await view.keyboard.press("Escape");
  await openPage(view, own("invoices"));
  await view.getByText("2026年10月", { exact: true }).first().waitFor();
  expect(await view.getByText(/\d,\d{3}円/).count()).toBeGreaterThan(0);
  await ja.close();
});

/** Answers every field of the order form that is still empty. */
async function fillOrder(page: Page): Promise<void> {
  const form = page.getByRole("form");
  for (const box of await form.locator("input[type=checkbox]").all()) await box.check();
  for (const choice of await form.locator("select").all()) {
    if ((await choice.inputValue()) === "") await choice.selectOption({ index: 1 });
  }
  const texts: Readonly<Record<string, string>> = {
    label: "営業部PC-01",
    place: "東京都千代田区1-1",
    "pc-holder-mail": "holder@example.jp",
    "pc-holder-phone": "03-1234-5678",
    "desired-start": "2026-12-01",
  };
  for (const field of await form.locator("input[name]:not([type=checkbox]):not([type=number])").all()) {
    const name = (await field.getAttribute("name")) ?? "";
    const known = texts[name];
    if (known !== undefined) await field.fill(known);
    else if ((await field.inputValue()) === "") await field.fill("山田 太郎");
  }
}
