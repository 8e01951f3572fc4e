/** A whole Yagura as `npm start` makes it, with the agent of this machine, and contexts signed in as its administrator. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { APIRequestContext, BrowserContext, Page } from "playwright-core";
import type { Me } from "@yagura/server/shapes.ts";
import { startYagura } from "../../bench/src/running.ts";
import type { Look, TestBrowser } from "./browser.ts";
import { complaintsOf, PASSWORD } from "./office.ts";

export interface Yagura {
  readonly url: string;
  /** Portal path of the demo organisation: `/o/<id>`. */
  readonly home: string;
  /** Signed in as the provider's administrator. */
  context(browser: TestBrowser, look?: Look): Promise<BrowserContext>;
  /** A signed-in page below the demo organisation; refuses complaints of the browser, then closes. */
  visit(browser: TestBrowser, path: string, look: Look, act: (page: Page) => Promise<void>): Promise<void>;
  stop(): Promise<void>;
}

/** Signs the context of the request in by the link that a first start prints. */
export async function acceptLink(request: APIRequestContext, url: string, link: string): Promise<Me> {
  const token = new URL(link).hash.replace("#link=", "");
  const answer = await request.post(`${url}/api/v1/sign-in-links/${token}`, {
    data: { name: "Administrator", password: PASSWORD, language: "ja" },
  });
  if (!answer.ok()) throw new Error(`the sign-in link was refused: ${answer.status()} ${await answer.text()}`);
  return (await (await request.get(`${url}/api/v1/me`)).json()) as Me;
}

export async function startWhole(browser: TestBrowser): Promise<Yagura> {
  const data = await mkdtemp(join(tmpdir(), "yagura-web-"));
  const running = await startYagura(data);
  const { url, signIn } = running;
  const first = await browser.context();
  const me = await acceptLink(first.request, url, signIn ?? "");
  const cookies = await first.cookies();
  await first.close();
  const home = `/o/${me.organisations[0]?.id ?? ""}`;
  const context: Yagura["context"] = async (browser, look) => {
    const made = await browser.context(look);
    await made.addCookies(cookies);
    return made;
  };
  return {
    url,
    home,
    context,
    visit: async (browser, path, look, act) => {
      const made = await context(browser, look);
      try {
        const page = await made.newPage();
        const complaints = complaintsOf(page);
        await page.goto(`${url}${home}/${path}`);
        await act(page).catch(async (error: unknown) => {
          const said = await page.evaluate<string>("document.body.innerText.slice(0, 1500)").catch(() => "");
          throw new Error(`${String(error)}\n${page.url()}\n${complaints.join("\n")}\n${said}`, { cause: error });
        });
        // A refusal that a test provokes is told by the browser too.
        const unexpected = complaints.filter((line) => !line.includes("Failed to load resource"));
        if (unexpected.length > 0) throw new Error(unexpected.join("\n"));
      } finally {
        await made.close();
      }
    },
    stop: async () => {
      await running.stop();
      await rm(data, { recursive: true, force: true });
    },
  };
}
