/**
 * `npm run screenshots`: starts a Yagura on a new data folder, fills it through its own API and three simulated agents, and
 * takes the main pages in both languages, both themes, wide and phone, into docs/screenshots.
 */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { APIRequestContext, BrowserContext, Page } from "playwright-core";
import { startYagura } from "../bench/src/running.ts";
import { openBrowser, type TestBrowser } from "../tests/browser/browser.ts";
import { acceptLink } from "../tests/browser/yagura.ts";
import { runSimulated, type Character } from "./screenshots-fleet.ts";
import { drawInvoices, drawsPdf, invoicePictures } from "./screenshots-invoice.ts";
import { drawOffice } from "./screenshots-office.ts";
import { drawOt, reportPictures } from "./screenshots-ot.ts";
import { recompressed } from "./screenshots-png.ts";

const folder = new URL("../docs/screenshots/", import.meta.url).pathname;
/** Bytes of all pictures together. */
const LIMIT = 13_000_000;

interface Office {
  readonly url: string;
  readonly home: string;
  readonly call: <T>(method: "GET" | "POST", path: string, body?: unknown) => Promise<T>;
}

/** The API as the signed-in administrator. */
async function officeOf(request: APIRequestContext, url: string, link: string): Promise<Office> {
  const me = await acceptLink(request, url, link);
  const organisation = me.organisations[0]?.id ?? "";
  const call: Office["call"] = async (method, path, body) => {
    const answer = await request.fetch(`${url}/api/v1/organisations/${organisation}${path}`, {
      method,
      headers: { "x-yagura-csrf": me.csrf ?? "", "accept-language": "en" },
      ...(body === undefined ? {} : { data: body }),
    });
    if (!answer.ok()) throw new Error(`${method} ${path}: ${answer.status()} ${await answer.text()}`);
    return answer.status() === 204 ? (undefined as never) : answer.json();
  };
  return { url, home: `/o/${organisation}/experience`, call };
}

const calm = (base: number, loss = 0.0005): Character => ({ base, loss, troubled: false });
const targets: readonly { name: string; probe: unknown; character: Character }[] = [
  { name: "社内ゲートウェイ", probe: { kind: "icmp", host: "192.0.2.1" }, character: calm(420) },
  { name: "CRM (SaaS)", probe: { kind: "tcp", host: "198.51.100.20", port: 443 }, character: calm(11_200, 0.001) },
  {
    name: "業務ポータル",
    probe: { kind: "http", url: "https://portal.example.jp/login" },
    character: { base: 62_000, loss: 0.002, troubled: true },
  },
  {
    name: "Web 会議",
    probe: { kind: "icmp", host: "203.0.113.9" },
    character: { base: 24_000, loss: 0.001, troubled: true },
  },
  {
    name: "DNS",
    probe: { kind: "dns", name: "www.example.jp", record: "A", server: "192.0.2.53" },
    character: calm(2_300),
  },
];
const people = [
  { label: "営業部ノートPC-01", name: "山田 太郎", tenant: 0, targets: [0, 1, 2, 3, 4] },
  { label: "DESK-014", name: "Suzuki Hanako", tenant: 0, targets: [0, 1, 4] },
  { label: "大阪受付", name: "田中 健", tenant: 1, targets: [5, 6] },
];

interface Filled {
  readonly session: string;
  readonly others: readonly string[];
  readonly agent: string;
  readonly simulated: readonly Promise<number>[];
}

/** Tenants, targets, agents, sessions; each agent enrols and tells its day. */
async function fill(office: Office, data: string, signal: AbortSignal): Promise<Filled> {
  // The agent of this machine is a real one: its page shows what it truly uses.
  const own = (await office.call<{ id: string }[]>("GET", "/experience/agents"))[0]?.id ?? "";
  const make = <T = { id: string }>(path: string, body: unknown): Promise<T> => office.call<T>("POST", path, body);
  const tenants = [
    await make("/experience/tenants", { name: "東京本社" }),
    await make("/experience/tenants", { name: "Osaka branch" }),
  ];
  const characters = new Map<string, Character>();
  const agents: { id: string }[] = [];
  for (const person of people) {
    const { number } = await make<{ number: string }>("/contracts", { service: "experience" });
    const body = {
      tenantId: tenants[person.tenant]?.id,
      contractNumber: number,
      label: person.label,
      holder: { name: person.name, mail: "holder@example.jp" },
    };
    agents.push(await make("/experience/agents", body));
  }
  const made: { id: string; character: Character }[] = [];
  for (const [index, target] of [...targets, ...targets.slice(0, 2)].entries()) {
    const tenantId = tenants[index < targets.length ? 0 : 1]?.id;
    const { id } = await make("/experience/targets", { tenantId, name: target.name, probe: target.probe });
    made.push({ id, character: target.character });
  }
  const sessions: string[] = [];
  for (const [index, person] of people.entries()) {
    for (const target of person.targets) {
      const { id } = await make("/experience/sessions", { agentId: agents[index]?.id, targetId: made[target]?.id });
      sessions.push(id);
      characters.set(id, made[target]?.character ?? calm(10_000));
    }
  }
  const { number } = await make<{ number: string }>("/contracts", { service: "experience" });
  const holder = { name: "佐藤 次郎", mail: "sato@example.jp" };
  const waiting = await make("/experience/agents", {
    tenantId: tenants[0]?.id,
    contractNumber: number,
    label: "総務・受付",
    holder,
  });
  await make(`/experience/agents/${waiting.id}/invitation`, { mail: holder.mail });
  const simulated: Promise<number>[] = [];
  for (const [index, agent] of agents.entries()) {
    const { key } = await make<{ key: string }>(`/experience/agents/${agent.id}/invitation`, {});
    simulated.push(runSimulated({ folder: join(data, `agent-${index}`), server: office.url, key, characters, signal }));
  }
  await settled(office, sessions);
  return {
    session: sessions[2] ?? "",
    others: [sessions[1] ?? "", sessions[3] ?? "", sessions[4] ?? ""],
    agent: own,
    simulated,
  };
}

/** Until the whole day of every session can be read. */
async function settled(office: Office, sessions: readonly string[]): Promise<void> {
  const deadline = performance.now() + 120_000;
  for (const session of sessions) {
    for (;;) {
      const from = new Date(Date.now() - 600_000).toISOString();
      const { samples } = await office.call<{ samples: number }>(
        "GET",
        `/experience/sessions/${session}/summary?from=${from}&to=${new Date().toISOString()}`,
      );
      if (samples > 500) break;
      if (performance.now() > deadline) throw new Error(`the day of session ${session} did not arrive`);
      await new Promise((done) => setTimeout(done, 500));
    }
  }
}

const pagesOf = (office: Office, filled: Filled): Readonly<Record<string, string>> => ({
  overview: office.home,
  session: `${office.home}/sessions/${filled.session}?range=1h`,
  compare: `${office.home}/sessions/compare?sessions=${[filled.session, ...filled.others].join(",")}&range=6h&bands=1`,
  agent: `${office.home}/agents/${filled.agent}`,
  "new-target": `${office.home}/targets?add=target`,
  provider: "/provider/experience/agents",
});

async function shoot(page: Page, url: string, file: string): Promise<void> {
  await page.goto(url);
  await page.locator("h1").first().waitFor();
  // A function to wait for would have to be compiled in the page, which its policy forbids.
  for (const unready of [".skeleton", ".ex-changing"]) {
    await page.locator(unready).first().waitFor({ state: "detached" });
  }
  // Two frames: what the last answer brought is drawn.
  await page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))");
  writeFileSync(file, recompressed(await page.screenshot()));
}

async function everything(
  browser: TestBrowser,
  office: Office,
  filled: Filled,
  cookies: Awaited<ReturnType<BrowserContext["cookies"]>>,
): Promise<void> {
  for (const language of ["ja", "en"] as const)
    for (const theme of ["light", "dark"] as const)
      for (const size of ["wide", "phone"] as const) {
        const phone = size === "phone";
        const context = await browser.context({
          language,
          theme,
          width: phone ? 390 : 1440,
          height: phone ? 844 : 900,
          phone,
        });
        await context.addCookies(cookies);
        const page = await context.newPage();
        for (const [name, path] of Object.entries(pagesOf(office, filled))) {
          const file = join(folder, `${name}-${language}-${theme}-${size}.png`);
          await shoot(page, `${office.url}${path}`, file);
        }
        await context.close();
      }
}

/** Pictures of the experience pages and of the invoices. */
async function drawOthers(context: BrowserContext, office: Office, data: string): Promise<void> {
  const stopped = new AbortController();
  const filled = await fill(office, data, stopped.signal);
  try {
    if (drawsPdf()) await drawInvoices(folder);
    await everything(browser, office, filled, await context.cookies());
  } finally {
    stopped.abort();
    await Promise.all(filled.simulated);
  }
}

/** Experience pages and the office, of one Yagura. */
async function drawFirst(alone: string | undefined): Promise<void> {
  const data = mkdtempSync(join(tmpdir(), "yagura-screenshots-"));
  const running = await startYagura(data);
  try {
    const context = await browser.context();
    const office = await officeOf(context.request, running.url, running.signIn ?? "");
    if (alone === undefined) await drawOthers(context, office, data);
    await drawOffice(browser, context, running.url, shoot, folder);
  } finally {
    await running.stop();
    rmSync(data, { recursive: true, force: true });
  }
}

/** `npm run screenshots office`, `npm run screenshots ot`: those pictures alone. */
const alone = process.argv[2];
const pictures = (): string[] => readdirSync(folder).filter((name) => name.endsWith(".png"));
const browser = await openBrowser();
try {
  mkdirSync(folder, { recursive: true });
  // The former ones go; without a program that draws PDF those of documents stay as they are.
  const kept: readonly string[] = drawsPdf() ? [] : [...invoicePictures, ...reportPictures];
  if (alone === undefined) for (const name of pictures()) if (!kept.includes(name)) rmSync(join(folder, name));
  if (alone !== "ot") await drawFirst(alone);
  if (alone !== "office") await drawOt(browser, shoot, folder, drawsPdf());
  const bytes = pictures().reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
  console.log(`docs/screenshots: ${(bytes / 1e6).toFixed(1)} MB`);
  if (bytes > LIMIT) throw new Error(`The pictures are larger than ${LIMIT / 1e6} MB together.`);
} finally {
  await browser.close();
}
