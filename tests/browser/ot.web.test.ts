/** OT security in a real browser: a factory that a sensor uploaded, every page in both languages, and what people do there. */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { dayIn } from "@yagura/portal/zoned.ts";
import { openBrowser, type Look, type TestBrowser } from "./browser.ts";
import { missingGlyphs, seriousViolations, sidewaysScroll } from "./checks.ts";
import { conveyorFile } from "../support/ot-declared.ts";
import { factoryFile, plantFactory, plantTokens, type Planted } from "./ot-factory.ts";
import { startWhole, type Yagura } from "./yagura.ts";

let yagura: Yagura;
let browser: TestBrowser;
let planted: Planted;
/** Files that are handed in. */
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "yagura-ot-web-"));
  browser = await openBrowser();
  yagura = await startWhole(browser);
  const context = await yagura.context(browser);
  planted = await plantFactory(yagura, context.request);
  await context.close();
}, 300_000);
afterAll(async () => {
  await browser?.close();
  await yagura?.stop();
  await rm(folder, { recursive: true, force: true });
});

const visit = (path: string, look: Look, act: (page: Page) => Promise<void>): Promise<void> =>
  yagura.visit(browser, path, look, act);
const en = { language: "en" } as const;

/** Asks until it holds: what a page shows comes when it comes. */
async function until(what: string, holds: () => Promise<boolean>, seconds = 30): Promise<void> {
  const deadline = performance.now() + seconds * 1000;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`not within ${seconds} s: ${what}`);
    await new Promise((done) => setTimeout(done, 100));
  }
}
const rowsOf = (page: Page, name: string) => page.getByRole("table", { name, exact: true }).locator("tbody tr");

/** Chooses a device in a field that searches. */
async function chooseDevice(page: Page, label: string, text: string): Promise<void> {
  const field = page.getByRole("combobox", { name: label, exact: true });
  await field.fill(text);
  await page.getByRole("option").first().waitFor();
  await field.press("Enter");
  await page.getByRole("list", { name: label, exact: true }).getByText(text).first().waitFor();
}

describe("what the sensor told", () => {
  test("the overview says the worst first, and each number leads to its page", async () => {
    await visit("ot", en, async (page) => {
      const first = page.locator(".ot-matters a").first();
      await first.waitFor();
      expect(await first.textContent()).toMatch(/critical/);
      await first.click();
      await page.getByRole("heading", { name: "Findings", level: 1 }).waitFor();
      expect(page.url()).toContain("severity=critical");
      await until("critical ones only", async () => {
        const marks = await rowsOf(page, "Findings").locator("td:first-child").allTextContents();
        return marks.length > 0 && marks.every((mark) => mark.includes("Critical"));
      });
    });
  });

  test("OT-6 OT-20 the device list shows who is there, filtered in the address; the page says on what each value rests", async () => {
    await visit("ot/assets", en, async (page) => {
      await until("the devices", async () => (await rowsOf(page, "Devices").count()) >= 15);
      await page.getByPlaceholder("Filter").fill("R08CPU");
      await until("one is left", async () => (await rowsOf(page, "Devices").count()) === 1);
      await until("the address has the filter", async () => page.url().includes("q=R08CPU"));
      await rowsOf(page, "Devices").first().locator("a").first().click();
      await page.getByRole("tab", { name: "Identity" }).waitFor();
      await page.getByRole("rowheader", { name: "Order number" }).or(page.getByText("R08CPU")).first().waitFor();
      for (const tab of ["Peers", "Commands", "Traffic", "Time line", "Impact", "Incidents"]) {
        await page.getByRole("tab", { name: tab }).click();
        await until(`${tab} is loaded`, async () => (await page.locator(".loading").count()) === 0);
      }
      await page.getByRole("tab", { name: "Commands" }).click();
      await page.getByRole("heading", { name: "Usual order of functions" }).waitFor();
      await rowsOf(page, "Usual order of functions").first().waitFor();
      await page.getByRole("tab", { name: "Incidents" }).click();
      await page.getByRole("table", { name: "Incidents" }).locator("tbody tr").first().waitFor();
    });
  });

  test("OT-11 a device is chosen on the map by keyboard, and opened", async () => {
    await visit("ot/map", en, async (page) => {
      const map = page.getByRole("application");
      await map.waitFor();
      await map.focus();
      await page.keyboard.press("ArrowRight");
      await until("one is chosen", async () => page.url().includes("device="));
      const before = page.url();
      await page.keyboard.press("ArrowRight");
      await until("the next is chosen", async () => page.url() !== before);
      await page.locator(".ot-map-chosen h2").waitFor();
      await page.keyboard.press("Enter");
      await until("its page", async () => page.url().includes("/ot/assets/"));
    });
  });

  test("OT-13 the ranking changes its measure and keeps it in the address", async () => {
    await visit("ot/ranking", en, async (page) => {
      await rowsOf(page, "Devices").first().waitFor();
      await page.getByLabel("By", { exact: true }).selectOption("protocols");
      await page.getByLabel("Measure").selectOption("commands");
      await rowsOf(page, "Protocols").first().waitFor();
      expect(page.url()).toMatch(/by=protocols.*measure=commands/);
    });
  });

  test("OT-14 yesterday and today differ by the stranger and what it did", async () => {
    // The captures are of 26 hours ago and of now, whatever the hour is.
    const [before, after, today] = [26 * 60, 10, 0].map((minutes) =>
      dayIn("Asia/Tokyo", Date.now() - minutes * 60_000),
    );
    const days = `b1=${before}&b2=${before}&a1=${after}&a2=${today}`;
    await visit(`ot/comparison?preset=free&${days}`, en, async (page) => {
      await rowsOf(page, "Devices").first().waitFor();
      expect(await rowsOf(page, "Devices").first().textContent()).toContain("New");
      await until("the stop", async () =>
        (await rowsOf(page, "Commands").allTextContents()).some((text) => text.includes("PLC stop")),
      );
      await page.getByLabel("After: last day").fill("2001-01-01");
      await page.getByText("These are not two periods").waitFor();
    });
  });

  test("commands are filtered by what is critical", async () => {
    await visit("ot/traffic", en, async (page) => {
      await rowsOf(page, "Commands").first().waitFor();
      const all = await rowsOf(page, "Commands").count();
      await page.getByLabel("Critical ones only").check();
      await until("fewer", async () => {
        const left = await rowsOf(page, "Commands").count();
        return left > 0 && left < all;
      });
    });
  });

  test("an incident leads to its finding and its devices", async () => {
    await visit("alerts", en, async (page) => {
      await rowsOf(page, "Incidents").filter({ hasText: "Controller stopped" }).first().click();
      await page.getByRole("heading", { level: 1, name: /Controller stopped/ }).waitFor();
      await page.getByRole("link", { name: "Open the finding" }).first().waitFor();
      expect(await seriousViolations(page)).toEqual([]);
      await page.getByRole("link", { name: "Open the finding" }).first().click();
      await page.getByRole("dialog").getByText("What to do").waitFor();
      await page.goBack();
      await page.getByRole("definition").getByRole("link", { name: "192.168.1.66" }).first().click();
      await page.getByRole("tab", { name: "Identity" }).waitFor();
    });
  });

  test("the search finds devices, findings and sensors", async () => {
    await visit("ot", en, async (page) => {
      await page.locator("h1").waitFor();
      await page.keyboard.press("Control+k");
      await page.keyboard.type("SW-PRESS-1");
      await page.locator(".search-hit", { hasText: "Switch" }).first().waitFor();
    });
  });
});

describe("what people decide", () => {
  test("OT-27 a finding is opened, learned as normal, and leaves the open ones", async () => {
    await visit("ot/findings?severity=notice", en, async (page) => {
      const rows = rowsOf(page, "Findings");
      await rows.first().waitFor();
      const before = await rows.count();
      await rows.first().focus();
      await page.keyboard.press("Enter");
      const dialog = page.getByRole("dialog");
      await dialog.getByText("What to do").waitFor();
      expect(page.url()).toContain("finding=");
      await dialog.getByRole("button", { name: "This is normal" }).click();
      await dialog.getByLabel("Note").fill("known to the plant");
      await dialog.getByRole("button", { name: "This is normal" }).click();
      await until("one fewer", async () => (await rows.count()) < before);
    });
  });

  test("OT-28 OT-N4 a permit is planned, shown with its report, and cancelled", async () => {
    await visit("ot/permits", en, async (page) => {
      await page.getByRole("button", { name: "New permit" }).click();
      const dialog = page.getByRole("dialog");
      await dialog.getByRole("button", { name: "Save" }).click();
      await dialog.getByText("Choose at least one device").waitFor();
      await dialog.getByLabel("Work", { exact: true }).fill("Service of the press line");
      await dialog.getByLabel("Who works").fill("Example Automation");
      await chooseDevice(page, "Devices that are worked on", "192.168.10.11");
      await dialog.getByLabel("Program download").check();
      await dialog.getByRole("button", { name: "Save" }).click();
      await rowsOf(page, "Permits").getByText("Service of the press line").click();
      await page.getByRole("heading", { name: "Service of the press line" }).waitFor();
      await page.getByText("Planned", { exact: true }).waitFor();
      await page.getByRole("button", { name: "Cancel the permit" }).click();
      await page.getByRole("dialog").getByRole("button", { name: "Cancel the permit" }).click();
      await page.getByText("Cancelled", { exact: true }).waitFor();
    });
  });

  test("OT-31 a sensor without means takes no device off the network, and the dialog says why", async () => {
    await visit(`ot/assets/${planted.asset}`, en, async (page) => {
      await page.getByRole("button", { name: "Take off the network" }).click();
      const dialog = page.getByRole("dialog");
      await dialog.getByText("No sensor of this site has the means to block a device").waitFor();
      expect(await dialog.getByRole("textbox").count()).toBe(0);
      await page.goto(`${yagura.url}${yagura.home}/ot/blocks`);
      await page.getByText("No device is blocked").waitFor();
    });
  });

  test("a mute and an allow rule are made and taken back", async () => {
    await visit("ot/rules", en, async (page) => {
      await page.getByRole("button", { name: "Add a mute" }).first().click();
      await page.getByRole("dialog").getByLabel("Kind of finding").selectOption({ label: "Weak protocol" });
      await page.getByRole("dialog").getByLabel("Reason").fill("will be replaced in spring");
      await page.getByRole("dialog").getByRole("button", { name: "Save" }).click();
      await rowsOf(page, "Mutes").getByText("will be replaced in spring").waitFor();
      await page.getByRole("tab", { name: "Allow rules" }).click();
      await page.getByRole("button", { name: "Add an allow rule" }).first().click();
      const dialog = page.getByRole("dialog");
      await dialog.getByLabel("From", { exact: true }).selectOption("role");
      await dialog.getByLabel("From: role").selectOption("historian");
      await dialog.getByLabel("Reason").fill("reads everything");
      await dialog.getByRole("button", { name: "Save" }).click();
      await rowsOf(page, "Allow rules").getByText("Historian").waitFor();
    });
  });

  test("OT-10 a list is only looked at first: what it would do, in numbers, then imported", async () => {
    const file = join(folder, "register.csv");
    await writeFile(
      file,
      "管理番号,名称,IPアドレス,場所\r\nA-1,プレスPLC,192.168.10.11,1F\r\nA-2,予備機,192.168.99.9,倉庫\r\n,,,\r\n,,,棚\r\n",
    );
    await visit("ot/register", en, async (page) => {
      await page.getByRole("button", { name: "Import a list" }).click();
      const dialog = page.getByRole("dialog");
      await dialog.getByLabel("CSV file").setInputFiles(file);
      await dialog.getByText("Lines that are left out (1)").waitFor();
      expect(await dialog.getByLabel("Address", { exact: true }).inputValue()).toBe("IPアドレス");
      await dialog.getByLabel("Note", { exact: true }).selectOption("場所");
      await until(
        "the server read it again",
        async () => (await dialog.getByLabel("Note", { exact: true }).inputValue()) === "場所",
      );
      await dialog.getByRole("button", { name: "Import 2 lines" }).click();
      await rowsOf(page, "Listed").first().waitFor();
      const states = await rowsOf(page, "Listed").allTextContents();
      expect(states.some((text) => text.includes("Never seen"))).toBe(true);
      await page.getByRole("tab", { name: "Not listed" }).click();
      await until("the others", async () => (await rowsOf(page, "Not listed").count()) > 10);
    });
  });

  test("OT-N3 a threshold is checked by its bounds, tried on stored data, and saved", async () => {
    await visit("ot/settings", en, async (page) => {
      const ports = page.getByLabel("Ports", { exact: true });
      await ports.fill("1");
      await page.getByText("Write a number from 2 to 500.").waitFor();
      expect(await page.getByRole("button", { name: "Save", exact: true }).isDisabled()).toBe(true);
      await ports.fill("400");
      await page.getByText("1 change is not saved").waitFor();
      await page.getByRole("button", { name: "Try it on stored data" }).click();
      await page
        .getByRole("table", { name: "What it would do" })
        .locator("tbody tr")
        .first()
        .waitFor({ timeout: 60_000 });
      await page.getByRole("button", { name: "Save", exact: true }).click();
      await page.getByText("Everything is saved").waitFor();
      await page.getByRole("tab", { name: "Signatures" }).click();
      await page
        .getByLabel("Rules, one a line")
        .fill('alert tcp any any -> any 502 (msg:"x"; sid:1000001; rev:1;)\nalert nonsense');
      await page.getByRole("tabpanel").getByRole("button", { name: "Save", exact: true }).click();
      await page.getByText("1 rule in use").waitFor();
      await page.getByText(/Line 2:/).waitFor();
    });
  });

  test("OT-N9 taking part in the comparison with others is told in full before it begins, and ends at any time", async () => {
    await visit("ot/settings?tab=norms", en, async (page) => {
      await page.getByRole("button", { name: "Take part" }).click();
      const dialog = page.getByRole("dialog");
      await dialog.getByText(/Sums for each model only/).waitFor();
      await dialog.getByRole("button", { name: "Take part" }).click();
      await page.getByText("From the next night on").waitFor();
      await page.goto(`${yagura.url}${yagura.home}/ot/findings`);
      await rowsOf(page, "Findings").filter({ hasText: "Program written" }).first().click();
      await dialog.getByText(/Shown once your own sites are in the sums/).waitFor();
      await dialog.getByRole("link", { name: "To the setting" }).click();
      await page.getByRole("button", { name: "End taking part" }).click();
      await page.getByRole("dialog").getByRole("button", { name: "End taking part" }).click();
      await page.getByRole("button", { name: "Take part" }).waitFor();
    });
  });

  test("OT-12 a zone that was found gets a name and a level", async () => {
    await visit("ot/zones", en, async (page) => {
      const row = rowsOf(page, "Zones").filter({ hasText: "192.168.10.0/24" });
      await row.waitFor();
      await row.hover();
      await row.getByRole("button").first().click();
      await page.getByRole("menuitem", { name: "Change" }).click();
      const dialog = page.getByRole("dialog");
      await dialog.getByLabel("Name", { exact: true }).fill("Press line");
      await dialog.getByLabel("Purdue level").selectOption({ label: "1 (control)" });
      await dialog.getByRole("button", { name: "Save" }).click();
      await rowsOf(page, "Zones").filter({ hasText: "Press line" }).getByText("Given").waitFor();
    });
  });

  test("OT-32 a capture is handed in, analysed, and its result saved as JSON", async () => {
    const file = join(folder, "capture.pcap");
    await writeFile(file, factoryFile(Date.now() - 60_000, 20, { attack: 5 }));
    await visit("ot/captures", en, async (page) => {
      await page.locator("input[type=file]").setInputFiles(file);
      await page.getByRole("tab", { name: /^Findings/ }).waitFor({ timeout: 60_000 });
      await page.getByRole("tab", { name: /^Devices/ }).click();
      await until("devices", async () => (await rowsOf(page, "Device").count()) > 5);
      const [saved] = await Promise.all([
        page.waitForEvent("download"),
        page.getByRole("button", { name: "Save as JSON" }).click(),
      ]);
      expect(saved.suggestedFilename()).toMatch(/\.json$/);
    });
  });

  test("OT-N10 a protocol is described, tried with a capture, and used under its name", async () => {
    const file = join(folder, "kb.pcap");
    await writeFile(file, conveyorFile(Date.now() - 60_000));
    await visit("ot/parsers", en, async (page) => {
      await page.getByRole("link", { name: "New", exact: true }).click();
      const text = page.getByLabel("Description (JSON)");
      const example = await text.inputValue();
      await text.fill(example.replace('"stop"', '"halt"'));
      await page.getByText(/functions\[3\]\.class has to be one of/).waitFor();
      expect(await page.getByRole("button", { name: "Save", exact: true }).isDisabled()).toBe(true);
      await text.fill(example);
      await page.getByRole("button", { name: "Save", exact: true }).click();
      await page.getByRole("heading", { name: "KB controller", level: 1 }).waitFor();
      await page.getByLabel("Choose a file").setInputFiles(file);
      await page.getByRole("heading", { name: "Result: kb.pcap" }).waitFor({ timeout: 60_000 });
      await until("its functions", async () =>
        (await rowsOf(page, "Functions").allTextContents()).some((row) => row.includes("Stop conveyor")),
      );
      await page.getByText(/byte 8: the function is not in/).waitFor();
      await page.getByRole("button", { name: "Use it" }).click();
      await page.getByRole("button", { name: "Stop using it" }).waitFor();
    });
    await visit("ot/traffic", en, async (page) => {
      await page.getByLabel("Protocol").selectOption("declared-1");
      await page.getByRole("option", { name: "KB controller" }).waitFor({ state: "attached" });
    });
  });

  test("OT-30 the assessment tells its score and why, and is saved as PDF", async () => {
    await visit("ot/assessment", en, async (page) => {
      await rowsOf(page, "What takes points away").first().waitFor();
      const [saved] = await Promise.all([
        page.waitForEvent("download", { timeout: 60_000 }),
        page.getByRole("button", { name: "Save as PDF" }).click(),
      ]);
      expect(saved.suggestedFilename()).toMatch(/\.pdf$/);
    });
  });

  test("OT-N1 the ledger of a sensor is whole, shown and exported", async () => {
    await visit(`ot/sensors/${planted.sensor}`, en, async (page) => {
      await page.getByText("Unbroken", { exact: true }).waitFor();
      await page.getByText("Newest uploads").click();
      await rowsOf(page, "Newest uploads").first().waitFor();
      const [saved] = await Promise.all([
        page.waitForEvent("download"),
        page.getByRole("button", { name: "Export the ledger" }).click(),
      ]);
      const { items } = JSON.parse(await readFile(await saved.path(), "utf8")) as { items: { hash: string }[] };
      expect(items.length).toBeGreaterThan(10);
      expect(items[0]?.hash).toMatch(/^[0-9a-f]{64}$/);
    });
  });

  test("a sensor gets its place and interfaces", async () => {
    await visit(`ot/sensors/${planted.sensor}`, en, async (page) => {
      await page.getByRole("button", { name: "Change" }).click();
      const dialog = page.getByRole("dialog");
      await dialog.getByLabel("Place").fill("Panel 3");
      await dialog.getByLabel("Capture interfaces").fill("eth1, eth2/0");
      await dialog.getByRole("button", { name: "Save" }).click();
      await dialog.getByText("At most 8 names").waitFor();
      await dialog.getByLabel("Capture interfaces").fill("eth1, eth2");
      await dialog.getByRole("button", { name: "Save" }).click();
      await page.getByText("Panel 3").waitFor();
    });
  });
});

describe("tokens", () => {
  test("OT-N1 names and addresses are read in clear with the customer's key, which never leaves the browser", async () => {
    const context = await yagura.context(browser);
    const { site, key } = await plantTokens(yagura, context.request);
    await context.close();
    await visit(`ot/assets?site=${site}`, en, async (page) => {
      const sent: string[] = [];
      page.on("request", (request) =>
        sent.push([request.url(), JSON.stringify(request.headers()), request.postData() ?? ""].join("\n")),
      );
      const rows = rowsOf(page, "Devices");
      await rows.first().waitFor();
      expect((await rows.allTextContents()).join()).not.toMatch(/SCADA01|192\.168\.10\.11/);
      await page.getByRole("button", { name: "Read with your key" }).click();
      const dialog = page.getByRole("dialog");
      await dialog.getByText("The key stays in this browser").waitFor();
      await dialog.getByLabel("Token key").fill("ytk1.half");
      await dialog.getByRole("button", { name: "Show names and addresses" }).click();
      await dialog.getByText("This is not a whole key").waitFor();
      await dialog.getByLabel("Token key").fill(key);
      await dialog.getByRole("button", { name: "Show names and addresses" }).click();
      await until("clear names", async () => (await rows.allTextContents()).join().includes("SCADA01"));
      expect((await rows.allTextContents()).join()).toContain("192.168.10.11");
      await page.reload();
      await until("still clear after a reload", async () => (await rows.allTextContents()).join().includes("SCADA01"));
      expect(sent.length).toBeGreaterThan(0);
      expect(sent.filter((text) => text.includes(key) || text.includes(encodeURIComponent(key)))).toEqual([]);
      // Found by a name that the server does not know, and read on the pages of incidents.
      await page.keyboard.press("Control+k");
      await page.keyboard.type("SCADA01");
      await page.locator(".search-hit", { hasText: "SCADA" }).first().waitFor();
      await page.keyboard.press("Escape");
      await page.goto(`${yagura.url}${yagura.home}/alerts`);
      const incidents = rowsOf(page, "Incidents");
      await incidents.first().waitFor();
      const told = (await incidents.allTextContents()).join();
      expect(told).toContain("SW-PRESS-1 (192.168.10.2)");
      expect(told).not.toContain("yt1.");
      await page.goto(`${yagura.url}${yagura.home}/ot/assets?site=${site}`);
      await until("clear once more", async () => (await rows.allTextContents()).join().includes("SCADA01"));
      await page.getByRole("button", { name: "Back to tokens" }).click();
      await until("tokens again", async () => !(await rows.allTextContents()).join().includes("SCADA01"));
    });
  });
});

const pages = [
  "ot",
  "ot/assessment",
  "ot/findings",
  "ot/assets",
  "ot/map",
  "ot/traffic",
  "ot/traffic?tab=conversations",
  "ot/ranking",
  "ot/comparison",
  "ot/permits",
  "ot/rules",
  "ot/rules?tab=allowed",
  "ot/blocks",
  "ot/learning",
  "ot/zones",
  "ot/register",
  "ot/captures",
  "ot/parsers",
  "ot/parsers/new",
  "ot/sensors",
  "ot/settings",
  "ot/settings?tab=kinds",
  "ot/settings?tab=servers",
  "ot/settings?tab=signatures",
  "alerts",
  "alert-settings",
  "ot/settings?tab=norms",
];
const assetTab = (tab: string): string => `ot/assets/${planted.asset}?tab=${tab}`;
/** One browser profile walks through all pages: a new one for each would cost most of the time. */
const everyPage = (look: Look, check: (page: Page) => Promise<void>): Promise<void> =>
  visit("ot", look, async (page) => {
    for (const path of [...pages, `ot/sensors/${planted.sensor}`, ...["identity", "traffic", "impact"].map(assetTab)]) {
      await page.goto(`${yagura.url}${yagura.home}/${path}`);
      await page.locator("h1").first().waitFor();
      await until(`${path} is loaded`, async () => (await page.locator(".loading").count()) === 0);
      await check(page);
    }
  });

/** Milliseconds for a walk through all pages on a busy machine. */
const WALK = 400_000;
describe("for everybody", () => {
  test.each([
    { language: "ja", theme: "light" },
    { language: "en", theme: "dark" },
  ] as const)(
    "axe finds nothing on any page: $language, $theme",
    async ({ language, theme }) => {
      await everyPage({ language, theme }, async (page) => {
        expect(await seriousViolations(page)).toEqual([]);
        expect(await missingGlyphs(page)).toEqual([]);
      });
    },
    WALK,
  );

  test.each(["ja", "en"] as const)(
    "nothing is wider than a phone: %s",
    async (language) => {
      await everyPage({ language, width: 390, height: 844, phone: true }, async (page) => {
        expect([page.url(), await sidewaysScroll(page)]).toEqual([page.url(), 0]);
      });
    },
    WALK,
  );
});
