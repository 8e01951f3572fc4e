/** What a person waits for: bytes of the first load over the wire, and time until the session page shows its chart. */
import type { Page } from "playwright-core";
import { openBrowser } from "../../tests/browser/browser.ts";
import { startWhole, type Yagura } from "../../tests/browser/yagura.ts";
import type { Bench } from "./result.ts";
import { median } from "./table.ts";

const RUNS = 5;
/** Kilobytes (1000 bytes) and milliseconds. */
const LIMIT_KB = 300;
const LIMIT_MS = 1_000;

interface Load {
  readonly bytes: number;
  readonly requests: number;
  readonly milliseconds: number;
}

export const bench: Bench = {
  name: "portal",
  group: "experience",
  summary: "size of the first load, time until the session page is usable",
  run: async () => {
    const browser = await openBrowser();
    const yagura = await startWhole(browser);
    try {
      const session = await firstSession(yagura, browser);
      const pages = [
        { page: "sign-in (cold)", path: "/sign-in", signedIn: false, ready: "form" },
        {
          page: "overview (cold)",
          path: `${yagura.home}/experience`,
          signedIn: true,
          ready: "table tbody tr, [role=row]",
        },
        {
          page: "session page (cold)",
          path: `${yagura.home}/experience/sessions/${session}`,
          signedIn: true,
          ready: "canvas",
        },
      ];
      const rows = [];
      for (const { page, path, signedIn, ready } of pages) {
        const loads: Load[] = [];
        for (let run = 0; run < RUNS; run++) {
          const context = signedIn ? await yagura.context(browser) : await browser.context();
          loads.push(await load(await context.newPage(), `${yagura.url}${path}`, ready));
          await context.close();
        }
        rows.push({
          page,
          "kB over the wire": median(loads.map(({ bytes }) => bytes)) / 1000,
          requests: median(loads.map(({ requests }) => requests)),
          "ms until usable": median(loads.map(({ milliseconds }) => milliseconds)),
        });
      }
      const heaviest = Math.max(...rows.map((row) => row["kB over the wire"]));
      const slowest = rows.at(-1)?.["ms until usable"] ?? Number.NaN;
      return {
        name: "portal",
        columns: ["page", "kB over the wire", "requests", "ms until usable"],
        rows,
        reach: [
          {
            what: "first load",
            wanted: `under ${LIMIT_KB} kB compressed`,
            got: `${heaviest.toFixed(0)} kB`,
            met: heaviest < LIMIT_KB,
          },
          {
            what: "session page",
            wanted: "usable within 1 s",
            got: `${slowest.toFixed(0)} ms`,
            met: slowest < LIMIT_MS,
          },
        ],
        notes: [
          `Median of ${RUNS} loads, each in a fresh profile with an empty cache; browser and server share this machine.`,
          "Usable: the form, the first row or the chart has been painted, from the start of the navigation. Bytes are what crossed the wire, headers included.",
        ],
      };
    } finally {
      await yagura.stop();
      await browser.close();
    }
  },
};

async function firstSession(yagura: Yagura, browser: Awaited<ReturnType<typeof openBrowser>>): Promise<string> {
  const context = await yagura.context(browser);
  const organisation = yagura.home.replace("/o/", "");
  const answer = await context.request.get(`${yagura.url}/api/v1/organisations/${organisation}/experience/sessions`);
  const sessions = (await answer.json()) as { id: string }[];
  await context.close();
  return sessions[0]?.id ?? "";
}

/** Everything that had crossed the wire when the page became usable. */
async function load(page: Page, url: string, ready: string): Promise<Load> {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("Network.enable");
  let bytes = 0;
  let requests = 0;
  devtools.on("Network.loadingFinished", ({ encodedDataLength }) => {
    bytes += encodedDataLength;
    requests += 1;
  });
  // The page itself notes when the element had been painted: asking from outside adds the asker's own waiting.
  await page.addInitScript(`(${noteWhenPainted})(${JSON.stringify(ready)})`);
  await page.goto(url, { waitUntil: "commit" });
  const painted = page.locator("html[data-painted]");
  await painted.waitFor({ state: "attached", timeout: 30_000 });
  const milliseconds = Number(await painted.getAttribute("data-painted"));
  return { bytes, requests, milliseconds };
}

/** Runs in the page: milliseconds from the start of the navigation until the first such element is on the screen. */
const noteWhenPainted = `(selector) => {
  const watch = new MutationObserver(() => {
    if (document.querySelector(selector) === null) return;
    watch.disconnect();
    requestAnimationFrame(() => requestAnimationFrame(() => (document.documentElement.dataset.painted = String(performance.now()))));
  });
  watch.observe(document, { childList: true, subtree: true });
}`;
