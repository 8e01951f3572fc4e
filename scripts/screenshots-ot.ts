/**
 * Pictures of OT security: a Yagura of its own whose sensor uploads a capture of yesterday, so that there is something to compare
 * with, and then watches the demo's factory; and the first page of the report.
 */
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { BrowserContext, Page } from "playwright-core";
import type { Incident } from "@yagura/alerts/shapes.ts";
import { Factory } from "@yagura/ot/demo/factory.ts";
import { plant } from "@yagura/ot/demo/plant.ts";
import type { Sensor } from "@yagura/ot/wire/api.ts";
import type { AssetItem } from "@yagura/ot/wire/api-assets.ts";
import { writePcap } from "@yagura/packets/build/capture-files.ts";
import type { Page as Listed } from "@yagura/server/shapes.ts";
import { startYagura } from "../bench/src/running.ts";
import type { Look, TestBrowser } from "../tests/browser/browser.ts";
import { acceptLink } from "../tests/browser/yagura.ts";
import { recompressed } from "./screenshots-png.ts";

/** Seconds of yesterday, and how long ago they were. */
const SECONDS = 120;
const AGO = 24 * 3600;
/** Within so many milliseconds everything of the demo must have been seen. */
const WITHIN = 150_000;
/** Points per inch of the report's picture. */
const RESOLUTION = 110;

interface Call {
  readonly home: string;
  readonly get: <T>(path: string, language?: string) => Promise<T>;
  readonly bytes: (path: string, language: string) => Promise<Buffer>;
  readonly send: <T>(method: "POST" | "PUT" | "PATCH", path: string, body: object) => Promise<T>;
}

async function signIn(context: BrowserContext, url: string, link: string): Promise<Call> {
  const me = await acceptLink(context.request, url, link);
  const organisation = me.organisations[0]?.id ?? "";
  const ask = async (method: "GET" | "POST" | "PUT" | "PATCH", path: string, language: string, data?: object) => {
    const answer = await context.request.fetch(`${url}/api/v1/organisations/${organisation}${path}`, {
      method,
      headers: { "x-yagura-csrf": me.csrf ?? "", "accept-language": language },
      ...(data === undefined ? {} : { data }),
    });
    if (!answer.ok()) throw new Error(`${method} ${path}: ${answer.status()} ${await answer.text()}`);
    return answer;
  };
  return {
    home: `/o/${organisation}`,
    get: async (path, language = "en") => (await ask("GET", path, language)).json(),
    bytes: async (path, language) => (await ask("GET", path, language)).body(),
    send: async (method, path, body) => (await ask(method, path, "en", body)).json(),
  };
}

/** A sensor of the checkout, on one state folder. */
const sensorOf = (url: string, folder: string, argv: readonly string[]): ChildProcess => {
  const program = new URL("../programs/sensor/src/main.ts", import.meta.url).pathname;
  const all = [program, ...argv, "--server", url, "--state", join(folder, "state")];
  return spawn(process.execPath, all, { stdio: ["ignore", "ignore", "inherit"] });
};
const endOf = (child: ChildProcess): Promise<number | null> =>
  child.exitCode === null
    ? new Promise((done) => child.once("exit", (code) => done(code)))
    : Promise.resolve(child.exitCode);

/** A contract, its sensor, and what that saw a day ago: two minutes, of which the first half is learned. */
async function uploadYesterday(call: Call, url: string, folder: string): Promise<Sensor> {
  await call.send("POST", "/contracts", { service: "ot", plan: "sensor", items: { basic: 1 } });
  const [sensor] = (await call.get<Sensor[]>("/ot/sensors")) as [Sensor];
  const thresholds = { "learning.minimumDays": SECONDS / 2 / 86_400 };
  await call.send("PUT", "/ot/settings", { siteId: sensor.siteId, change: { thresholds } });
  await call.send("PATCH", `/ot/sensors/${sensor.id}`, {
    label: "SENSOR-1",
    place: "SW-CORE, port 24",
    uploadMs: 2_000,
  });
  const { key } = await call.send<{ key: string }>("POST", `/ot/sensors/${sensor.id}/key`, {});
  const file = join(folder, "yesterday.pcap");
  writeFileSync(file, writePcap(new Factory({ start: (Date.now() - AGO * 1000) * 1000 }).first(SECONDS)));
  const status = await endOf(sensorOf(url, folder, ["--file", file, "--key", key]));
  if (status !== 0) throw new Error(`the sensor of yesterday ended with status ${status}`);
  const uploads = (): Promise<{ state: { uploads: number } }> => call.get(`/ot/sensors/${sensor.id}/ledger`);
  await until(uploads, ({ state }) => state.uploads >= SECONDS / 10);
  return sensor;
}

/** Work on the packing line is planned; the demo's engineer does it. */
async function planWork(call: Call, siteId: string): Promise<void> {
  const { items } = await call.get<Listed<AssetItem>>("/ot/assets?limit=100");
  const idOf = (address: string): string => items.find(({ addresses }) => addresses.includes(address))?.id ?? "";
  await call.send("POST", "/ot/permits", {
    siteId,
    title: "包装ライン2 (PACK-2)",
    who: "保全課",
    from: new Date(Date.now() - 60_000).toISOString(),
    to: new Date(Date.now() + 3_600_000).toISOString(),
    assetIds: [idOf(plant.packingPlc.address)],
    clientIds: [idOf(plant.engineer.address)],
    classes: ["upload", "download", "mode"],
  });
}

async function until<T>(ask: () => Promise<T>, good: (answer: T) => boolean): Promise<T> {
  const deadline = performance.now() + WITHIN;
  for (;;) {
    const answer = await ask();
    if (good(answer)) return answer;
    if (performance.now() > deadline)
      throw new Error(`the demo did not show all: ${JSON.stringify(answer).slice(0, 500)}`);
    await new Promise((done) => setTimeout(done, 500));
  }
}

/** Portal paths of the pages that are shown. */
async function pagesOf(call: Call): Promise<Readonly<Record<string, string>>> {
  const { items } = await until(
    () => call.get<Listed<Incident>>("/alerts?service=ot"),
    (page) => ["ot.device.stopped", "ot.permit.exceeded"].every((kind) => page.items.some((one) => one.kind === kind)),
  );
  const assets = await call.get<Listed<AssetItem>>("/ot/assets?limit=100");
  const [sensor] = await call.get<Sensor[]>("/ot/sensors");
  const press = assets.items.find(({ addresses }) => addresses.includes(plant.pressPlc.address));
  const own = (path: string): string => `${call.home}/${path}`;
  return {
    overview: own("ot"),
    assets: own("ot/assets"),
    asset: own(`ot/assets/${press?.id ?? ""}`),
    map: own("ot/map"),
    comparison: own("ot/comparison"),
    findings: own("ot/findings"),
    alert: own(`alerts/${items.find(({ kind }) => kind === "ot.device.stopped")?.id ?? ""}`),
    sensor: own(`ot/sensors/${sensor?.id ?? ""}`),
  };
}

const WIDE = { width: 1440, height: 900 } as const;
const PHONE = { width: 390, height: 844, phone: true } as const;
interface Taken {
  readonly look: Look & { readonly language: "ja" | "en"; readonly theme: "light" | "dark" };
  readonly size: "wide" | "phone";
  /** Absent: every page. */
  readonly only?: readonly string[];
}
const taken: readonly Taken[] = [
  { look: { language: "ja", theme: "light", ...WIDE }, size: "wide" },
  { look: { language: "en", theme: "light", ...WIDE }, size: "wide" },
  { look: { language: "ja", theme: "light", ...PHONE }, size: "phone", only: ["alert"] },
  { look: { language: "en", theme: "dark", ...WIDE }, size: "wide", only: ["map"] },
];

/** The first page of the report as it is printed. */
async function drawReport(call: Call, work: string, folder: string): Promise<void> {
  for (const language of ["ja", "en"] as const) {
    const pdf = join(work, `report-${language}.pdf`);
    writeFileSync(pdf, await call.bytes("/ot/reports/assessment.pdf", language));
    const drawn = join(work, `report-${language}`);
    const argv = ["-r", String(RESOLUTION), "-l", "1", "-png", "-singlefile", pdf, drawn];
    const { status, stderr } = spawnSync("pdftoppm", argv, { encoding: "utf8", timeout: 60_000 });
    if (status !== 0) throw new Error(`pdftoppm failed: ${stderr}`);
    writeFileSync(join(folder, `ot-report-${language}.png`), recompressed(readFileSync(`${drawn}.png`)));
  }
}

/** Names of the report's pictures. */
export const reportPictures = ["ot-report-ja.png", "ot-report-en.png"] as const;

/** Takes the pictures into the folder as `ot-PAGE-LANGUAGE-THEME-SIZE.png`. */
export async function drawOt(
  browser: TestBrowser,
  shoot: (page: Page, url: string, file: string) => Promise<void>,
  folder: string,
  drawsPdf: boolean,
): Promise<void> {
  const work = mkdtempSync(join(tmpdir(), "yagura-screenshots-ot-"));
  const running = await startYagura(join(work, "data"));
  let sensor: ChildProcess | null = null;
  try {
    const context = await browser.context();
    const call = await signIn(context, running.url, running.signIn ?? "");
    const { siteId } = await uploadYesterday(call, running.url, work);
    await planWork(call, siteId);
    sensor = sensorOf(running.url, work, ["--demo"]);
    const pages = await pagesOf(call);
    for (const { look, size, only } of taken) {
      const view = await browser.context(look);
      await view.addCookies(await context.cookies());
      const page = await view.newPage();
      for (const [name, path] of Object.entries(pages)) {
        if (only !== undefined && !only.includes(name)) continue;
        const file = join(folder, `ot-${name}-${look.language}-${look.theme}-${size}.png`);
        await shoot(page, `${running.url}${path}`, file);
      }
      await view.close();
    }
    if (drawsPdf) await drawReport(call, work, folder);
  } finally {
    sensor?.kill("SIGTERM");
    if (sensor !== null) await endOf(sensor);
    await running.stop();
    rmSync(work, { recursive: true, force: true });
  }
}
