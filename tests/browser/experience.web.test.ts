/** Experience monitoring in a real browser against a real server: live charts, zoom, gaps, management, both languages, axe, phone. */
import { readFileSync } from "node:fs";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Overview } from "@yagura/experience/wire/api.ts";
import { openBrowser, type Look, type TestBrowser } from "./browser.ts";
import { missingGlyphs, seriousViolations, sidewaysScroll } from "./checks.ts";
import { startWhole, type Yagura } from "./yagura.ts";

let yagura: Yagura;
let browser: TestBrowser;

beforeAll(async () => {
  browser = await openBrowser();
  yagura = await startWhole(browser);
}, 180_000);
afterAll(async () => {
  await browser?.close();
  await yagura?.stop();
});

const visit = (path: string, look: Look, act: (page: Page) => Promise<void>): Promise<void> =>
  yagura.visit(browser, path, look, act);

const chart = (page: Page, kind = "distribution") => page.locator(`[data-chart=${kind}]`);
const shown = async (page: Page, name: string): Promise<number> =>
  Number(await chart(page).getAttribute(`data-${name}`));
/** What is drawn, as text. */
const pixels = (page: Page, kind = "distribution"): Promise<string> =>
  page.evaluate<string>(`document.querySelector("[data-chart=${kind}] canvas").toDataURL()`);

/** Asks until it holds: what a page shows comes when it comes. */
async function until(what: string, holds: () => Promise<boolean>, seconds = 30): Promise<void> {
  const deadline = performance.now() + seconds * 1000;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`not within ${seconds} s: ${what}`);
    await new Promise((done) => setTimeout(done, 100));
  }
}

/** The first ICMP session of the demo organisation: loopback, always there. */
async function openSession(page: Page, query = ""): Promise<void> {
  const row = page.locator("tbody tr", { hasText: "127.0.0.1 (ICMP)" }).locator("a").first();
  await row.waitFor();
  const href = await row.getAttribute("href");
  await page.goto(`${yagura.url}${href}${query}`);
  await chart(page).waitFor();
}

describe("first start", () => {
  test("EXP-T01 the demo organisation's sessions are listed, worst first, with a state in words and shape", async () => {
    await visit("experience", {}, async (page) => {
      const rows = page.getByRole("table", { name: "セッション" }).locator("tbody tr");
      await until("five sessions", async () => (await rows.count()) >= 5);
      await until(
        "every session is measured",
        async () => (await rows.filter({ hasText: "観測できていません" }).count()) === 0,
        60,
      );
      expect(await rows.first().locator("svg.mark").count()).toBeGreaterThan(0);
    });
  });

  test("the session page moves: new samples arrive and the picture changes", async () => {
    await visit("experience", {}, async (page) => {
      await openSession(page, "?range=1m");
      await until("samples are drawn", async () => (await shown(page, "sent")) > 3);
      const [last, drawn] = [await shown(page, "last"), await pixels(page)];
      await until("newer samples", async () => (await shown(page, "last")) >= last + 3);
      expect(await pixels(page)).not.toBe(drawn);
      expect(await shown(page, "step")).toBe(0);
    });
  });
});

describe("the chart", () => {
  test("a drag zooms in, the address says the range, and the way back to live is there", async () => {
    await visit("experience", {}, async (page) => {
      await openSession(page, "?range=1h");
      await until("samples are drawn", async () => (await shown(page, "sent")) > 20);
      const coarse = await shown(page, "step");
      expect(coarse).toBe(15);
      const box = await chart(page).locator(".ex-chart-over").boundingBox();
      if (box === null) throw new Error("the chart has no box");
      await page.mouse.move(box.x + box.width * 0.9, box.y + 60);
      await page.mouse.down();
      await page.mouse.move(box.x + box.width * 0.998, box.y + 80, { steps: 5 });
      await page.mouse.up();
      await until("the address has the range", async () => page.url().includes("from=") && page.url().includes("to="));
      await until("finer steps", async () => (await shown(page, "step")) < coarse);
      await page.getByRole("button", { name: "現在に戻る" }).click();
      await until("live again", async () => !page.url().includes("from="));
    });
  });

  test("presets and keys change the step, and it is told in words", async () => {
    await visit("experience", {}, async (page) => {
      await openSession(page, "?range=1m");
      const resolution = page.locator(".ex-resolution");
      expect(await resolution.textContent()).toContain("1 点 = 1 回の測定");
      await page.getByRole("button", { name: "30日" }).click();
      await until("hourly", async () => (await resolution.getAttribute("data-source")) === "hourly");
      expect(await resolution.textContent()).toContain("±1%");
      expect(page.url()).toContain("range=30d");
      await chart(page).locator(".ex-chart-over").focus();
      await page.keyboard.press("-");
      await until("zoomed out by key", async () => page.url().includes("range=60d"));
    });
  });

  test("what was not observed is hatched, with its reason at the cursor, and is no loss", async () => {
    await visit("experience", {}, async (page) => {
      await openSession(page, "?range=1h");
      await until("a gap", async () => (await shown(page, "gaps")) >= 1);
      const over = chart(page).locator(".ex-chart-over");
      const box = await over.boundingBox();
      if (box === null) throw new Error("the chart has no box");
      await page.mouse.move(box.x + box.width * 0.3, box.y + 100);
      await until("the reason", async () =>
        ((await chart(page).locator(".ex-readout").textContent()) ?? "").includes("セッション作成前"),
      );
      const colours = await page.evaluate<number>(`(() => {
        const canvas = document.querySelector("[data-chart=distribution] canvas");
        const [x, y] = [Math.round(canvas.width * 0.3), Math.round(canvas.height * 0.4)];
        return new Set(new Uint32Array(canvas.getContext("2d").getImageData(x, y, 24, 1).data.buffer)).size;
      })()`);
      expect(colours).toBeGreaterThan(1);
      expect(await page.locator(".ex-reasons").textContent()).not.toContain("パケットロス");
    });
  });

  test("a reader without the picture has a text and a table", async () => {
    await visit("experience", { language: "en" }, async (page) => {
      await openSession(page, "?range=5m");
      await until("samples are drawn", async () => (await shown(page, "sent")) > 3);
      expect(await chart(page).locator("figcaption").textContent()).toMatch(/median .* lost/);
      await chart(page)
        .getByRole("button", { name: /as a table/ })
        .click();
      expect(await chart(page).locator("tbody tr").count()).toBeGreaterThan(3);
      await chart(page).locator(".ex-chart-over").focus();
      await page.keyboard.press("ArrowLeft");
      expect(await page.locator(".ex-cursor").count()).toBeGreaterThan(1);
    });
  });

  test("EXP-T10 samples are saved as CSV, JSON lines and Parquet, the picture as PNG", async () => {
    await visit("experience", { language: "en" }, async (page) => {
      await openSession(page, "?range=5m");
      await until("samples are drawn", async () => (await shown(page, "sent")) > 3);
      for (const [name, ending] of [
        ["Samples as CSV", ".csv"],
        ["Samples as JSON lines", ".jsonl"],
        ["Samples as Parquet", ".parquet"],
      ] as const) {
        await page.getByRole("button", { name: /Export data/ }).click();
        const [file] = await Promise.all([page.waitForEvent("download"), page.getByRole("menuitem", { name }).click()]);
        expect(file.suggestedFilename()).toContain(ending);
        expect(readFileSync(await file.path()).length).toBeGreaterThan(100);
      }
      const [picture] = await Promise.all([
        page.waitForEvent("download"),
        chart(page).getByRole("button", { name: /PNG/ }).click(),
      ]);
      expect(
        readFileSync(await picture.path())
          .subarray(1, 4)
          .toString(),
      ).toBe("PNG");
    });
  });

  test("offline keeps what was loaded and says so", async () => {
    await visit("experience", {}, async (page) => {
      await openSession(page, "?range=5m");
      await until("samples are drawn", async () => (await shown(page, "sent")) > 3);
      await page.context().setOffline(true);
      await page
        .getByText(/接続できません|取得できません/)
        .first()
        .waitFor();
      expect(await shown(page, "sent")).toBeGreaterThan(3);
      await page.context().setOffline(false);
    });
  });

  test("several sessions are compared on one axis", async () => {
    await visit("experience/sessions/compare", { language: "en" }, async (page) => {
      const add = page.getByRole("combobox", { name: "Add a session" });
      await add.selectOption({ index: 1 });
      await until("one", async () => (await chart(page, "comparison").getAttribute("data-lines")) === "1");
      await add.selectOption({ index: 1 });
      await until("two", async () => (await chart(page, "comparison").getAttribute("data-lines")) === "2");
      expect(page.url()).toMatch(/sessions=[0-9a-f-]+(,|%2C)[0-9a-f-]+/);
      await page.getByRole("combobox", { name: "Layout" }).selectOption("apart");
      await until("small multiples", async () => (await chart(page, "comparison").count()) === 2);
    });
  });
});

describe("10,000 sessions", () => {
  test("only the visible rows are in the page, and the last one can be reached", async () => {
    await visit("experience", { language: "en" }, async (page) => {
      await page.route("**/experience/overview", async (route) => {
        const answer = await route.fetch();
        const overview = (await answer.json()) as Overview;
        const one = overview.sessions[0];
        if (one === undefined) throw new Error("no session");
        const sessions = Array.from({ length: 10_000 }, (_, i) => {
          const id = `00000000-0000-7000-8000-${String(i).padStart(12, "0")}`;
          return { ...one, session: { ...one.session, id, targetName: `target ${i}` } };
        });
        await route.fulfill({ json: { ...overview, sessions } });
      });
      await page.reload();
      const table = page.getByRole("table", { name: "Sessions" });
      await until("all are counted", async () => (await table.getAttribute("aria-rowcount")) === "10001");
      expect(await table.locator("tbody tr").count()).toBeLessThan(120);
      await table.locator("tbody tr[tabindex='0'], tbody tr").first().focus();
      await page.keyboard.press("End");
      await table.getByText("target 9999", { exact: true }).waitFor();
    });
  });
});

describe("management", () => {
  test("EXP-T04 a tenant is made and renamed; a split is refused with the reason before anybody tries", async () => {
    await visit("experience/tenants", {}, async (page) => {
      await page.getByText("テナントは分割できません").waitFor();
      await page.getByRole("button", { name: "テナントを作成" }).click();
      await page.getByLabel("名前").fill("大阪支店");
      await page.getByRole("dialog").getByRole("button", { name: "テナントを作成" }).click();
      await page.getByRole("cell", { name: "大阪支店", exact: true }).waitFor();
    });
  });

  test("EXP-T05 a full tenant says so before the button, and the server's refusal is shown in words", async () => {
    await visit("experience/targets?add=target", {}, async (page) => {
      const dialog = page.getByRole("dialog");
      await dialog.getByLabel("テナント").selectOption({ label: "大阪支店" });
      await dialog.getByText("上限 0 件のうち 0 件を使用").waitFor();
      await dialog.getByLabel("名前").fill("社内サーバー");
      await dialog.getByLabel("ホスト名または IP アドレス").fill("192.0.2.1");
      await dialog.getByRole("button", { name: "ターゲットを追加" }).click();
      await dialog.getByText(/ターゲットが 0 件中 0 件使われています/).waitFor();
    });
  });

  test("EXP-T02 a target is registered; a wrong host is told at its field", async () => {
    await visit("experience/targets?add=target", { language: "en" }, async (page) => {
      const dialog = page.getByRole("dialog");
      await dialog.getByLabel("Name", { exact: true }).fill("Loopback web");
      await dialog.getByLabel("How to measure").selectOption("tcp");
      await dialog.getByLabel("Host name or IP address").fill("not a host");
      await dialog.getByRole("button", { name: "Add a target" }).click();
      await dialog.getByText("Write a host name or an IP address").waitFor();
      await dialog.getByLabel("Host name or IP address").fill("127.0.0.1");
      await dialog.getByLabel("Port").fill(new URL(yagura.url).port);
      await dialog.getByRole("button", { name: "Add a target" }).click();
      await page.getByRole("cell", { name: "Loopback web", exact: true }).waitFor();
    });
  });

  test("EXP-T03 a session is made with its volume in words, measured, paused and resumed", async () => {
    await visit("experience/sessions?add=sessions", { language: "en" }, async (page) => {
      const dialog = page.getByRole("dialog");
      await dialog.getByRole("group", { name: "Agents" }).getByRole("checkbox").first().check();
      await dialog.getByLabel(/Loopback web/).check();
      await dialog.getByText(/1 sessions? will be made.*86,400 samples a day/).waitFor();
      await dialog.getByRole("button", { name: "Create 1 session" }).click();
      const cell = page.getByRole("row", { name: /Loopback web/ });
      await cell.waitFor();
      await cell.locator("a").first().click();
      await chart(page).waitFor();
      await until("it is measured", async () => (await shown(page, "sent")) > 0, 45);
      await page.getByRole("button", { name: "Pause", exact: true }).click();
      await page.getByText("Paused by hand").waitFor();
      await page.getByRole("button", { name: "Resume", exact: true }).click();
      await page.getByRole("button", { name: "Pause", exact: true }).waitFor();
    });
  });

  test("EXP-T10 what changed is flagged on the time axis of every chart, told by keyboard and in the table", async () => {
    await visit("experience/sessions", { language: "en" }, async (page) => {
      const row = page.getByRole("row", { name: /Loopback web/ });
      await row.waitFor();
      await row.locator("a").first().click();
      for (const kind of ["distribution", "jitter", "loss"]) {
        await chart(page, kind)
          .getByRole("button", { name: /Session paused \(by / })
          .waitFor();
      }
      await chart(page).locator(".ex-chart-over").focus();
      await page.keyboard.press("Tab");
      await chart(page)
        .locator(".ex-flag-tip", { hasText: /Session resumed \(by / })
        .waitFor();
      await page.keyboard.press("Escape");
      await chart(page).locator(".ex-flag-tip").waitFor({ state: "detached" });
      await chart(page, "jitter")
        .getByRole("button", { name: /as a table/ })
        .click();
      await chart(page, "jitter")
        .getByRole("cell", { name: /Session created \(by / })
        .waitFor();
      await page.locator(".ex-plain li", { hasText: "Session resumed" }).waitFor();
    });
  });

  test("EXP-T07 EXP-T08 EXP-T09 a PC is added: the label is counted in characters, the key is shown once with its command", async () => {
    await visit("experience/agents?add=agent", {}, async (page) => {
      const dialog = page.getByRole("dialog");
      const label = dialog.getByLabel("PC の識別名");
      await label.fill("営業部ノートパソコン第十二号機");
      await dialog.getByText("15 / 15 文字").waitFor();
      await label.fill("営業部ノートパソコン第十二号機👨‍👩‍👧");
      await dialog.getByText("16 / 15 文字").waitFor();
      expect(await label.getAttribute("aria-invalid")).toBe("true");
      await label.fill("か\u3099っこう PC");
      await dialog.getByText("7 / 15 文字").waitFor();
      await dialog.getByLabel("利用者の氏名").fill("山田 太郎");
      await dialog.getByLabel("利用者のメールアドレス").fill("yamada@example.jp");
      await dialog.getByRole("button", { name: "追加して招待を作成" }).click();
      await page.getByText("招待を作成しました").waitFor();
      const secrets = await page.getByRole("dialog").locator("code").allTextContents();
      expect(secrets[0]).toMatch(/^yk1\./);
      expect(secrets[1]).toContain(secrets[0]);
      await page.getByRole("dialog").getByRole("button", { name: "閉じる" }).last().click();
      await page
        .getByRole("row", { name: /っこう PC/ })
        .getByText("インストール待ち")
        .waitFor();
    });
  });
});

const pages = [
  "experience",
  "experience/sessions",
  "experience/agents",
  "experience/targets",
  "experience/tenants",
  "session",
  "experience/sessions/compare",
  "experience/targets?add=target",
  "experience/agents?add=agent",
  "experience/sessions?add=sessions",
];
const open = async (page: Page, path: string): Promise<void> => {
  if (path === "session") {
    await openSession(page, "?range=5m");
    await page.locator(".ex-plain").first().waitFor();
  } else await page.locator(path.includes("?add=") ? "dialog[open] h2" : "h1").waitFor();
  await until("loaded", async () => (await page.locator(".loading").count()) === 0);
};

/** One browser profile walks through all pages: a new one for each would cost most of the time. */
const everyPage = (look: Look, check: (page: Page) => Promise<void>): Promise<void> =>
  visit("experience", look, async (page) => {
    for (const path of pages) {
      await page.goto(`${yagura.url}${yagura.home}/${path === "session" ? "experience" : path}`);
      await open(page, path);
      await check(page);
    }
  });

describe("for everybody", () => {
  test.each(
    (["ja", "en"] as const).flatMap((language) => (["light", "dark"] as const).map((theme) => ({ language, theme }))),
  )("axe finds nothing on any page: $language, $theme", async ({ language, theme }) => {
    await everyPage({ language, theme }, async (page) => {
      expect(await seriousViolations(page)).toEqual([]);
      expect(await missingGlyphs(page)).toEqual([]);
    });
  });

  test.each(["ja", "en"] as const)("nothing is wider than a phone: %s", async (language) => {
    await everyPage({ language, width: 390, height: 844, phone: true }, async (page) => {
      expect([page.url(), await sidewaysScroll(page)]).toEqual([page.url(), 0]);
    });
  });

  test("Japanese and English say the same page in their own words", async () => {
    await visit("experience", { language: "en" }, async (page) => {
      await page.getByRole("heading", { name: "Quality overview" }).waitFor();
    });
    await visit("experience", { language: "ja" }, async (page) => {
      await page.getByRole("heading", { name: "品質の概況" }).waitFor();
    });
  });
});
