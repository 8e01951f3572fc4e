import { openBrowser } from "/work/main/tests/browser/browser.ts";
import { startWhole } from "/work/main/tests/browser/yagura.ts";
const b = await openBrowser();
const y = await startWhole(b);
try {
  await new Promise((r) => setTimeout(r, 12000));
  const times: number[] = [];
  let s = "";
  const c0 = await y.context(b);
  const org = y.home.slice(3);
  s = (await (await c0.request.get(`${y.url}/api/v1/organisations/${org}/experience/sessions`)).json())[0].id;
  for (let i = 0; i < 7; i++) {
    const c = await y.context(b);
    const p = await c.newPage();
    const log: string[] = [];
    const t = performance.now();
    p.on("request", (r) =>
      log.push(`${Math.round(performance.now() - t)} > ${r.url().slice(y.url.length, 90 + y.url.length)}`),
    );
    p.on("requestfinished", (r) =>
      log.push(`${Math.round(performance.now() - t)} < ${r.url().slice(y.url.length, 60 + y.url.length)}`),
    );
    await p.goto(`${y.url}${y.home}/experience/sessions/${s}?range=1h`);
    await p.locator("[data-chart=distribution]").waitFor();
    times.push(Math.round(performance.now() - t));
    if (i === 5) console.log(log.join("\n"));
    await c.close();
  }
  console.log(times);
} finally {
  await b.close();
  await y.stop();
}
