/** Pictures of the office: the demo office of the browser tests, filled through the API, in both languages. */
import { join } from "node:path";
import type { BrowserContext, Page } from "playwright-core";
import type { InvoiceItem } from "@yagura/commerce/billing/shapes.ts";
import type { Page as Listed } from "@yagura/server/shapes.ts";
import type { Look, TestBrowser } from "../tests/browser/browser.ts";
import { callerOf, fillOffice, type Call, type DemoOffice } from "../tests/browser/demo-office.ts";

const WIDE = { width: 1440, height: 900 } as const;
const PHONE = { width: 390, height: 844, phone: true } as const;
interface Taken {
  readonly look: Look & { readonly language: "ja" | "en"; readonly theme: "light" | "dark" };
  readonly size: "wide" | "phone";
  /** Absent: every page. */
  readonly only?: readonly string[];
}
/** Every page in both languages; those that people read on the way also on a phone, two of them in the dark. */
const taken: readonly Taken[] = [
  { look: { language: "ja", theme: "light", ...WIDE }, size: "wide" },
  { look: { language: "en", theme: "light", ...WIDE }, size: "wide" },
  {
    look: { language: "ja", theme: "light", ...PHONE },
    size: "phone",
    only: ["contract", "invoice", "next-bill", "order"],
  },
  { look: { language: "en", theme: "dark", ...WIDE }, size: "wide", only: ["contract", "bill-run"] },
];

/** Portal paths of the pages that are shown. */
async function pagesOf(call: Call, office: DemoOffice): Promise<Readonly<Record<string, string>>> {
  const contract = office.contracts.find(({ plan }) => plan === "endpoint");
  const customer = contract?.organisationId ?? "";
  const waiting = office.waiting[0];
  const { items } = await call<Listed<InvoiceItem>>("GET", `/organisations/${customer}/invoices?month=2026-10`);
  const largest = [...items].sort((a, b) => b.total - a.total)[0];
  const own = (page: string): string => `/o/${customer}/office/${page}`;
  return {
    contract: own(`contracts/${contract?.id ?? ""}`),
    cancellation: own(`contracts/${contract?.id ?? ""}/cancel?on=2027-01-15`),
    order: own("order/security/endpoint"),
    invoice: own(`invoices/${largest?.id ?? ""}`),
    "next-bill": own("next-bill"),
    application: `/o/${waiting?.organisationId ?? ""}/office/applications/${waiting?.id ?? ""}`,
    queue: "/provider/office/applications",
    "bill-run": `/provider/office/bill-runs/${office.runs.at(-1)?.id ?? ""}`,
    receivables: "/provider/office/receivables",
    prices: "/provider/office/prices",
    offering: "/provider/office/offering",
  };
}

/** Takes the pictures into the folder as `office-PAGE-LANGUAGE-THEME-SIZE.png`. */
export async function drawOffice(
  browser: TestBrowser,
  context: BrowserContext,
  url: string,
  shoot: (page: Page, url: string, file: string) => Promise<void>,
  folder: string,
): Promise<void> {
  const call = await callerOf(context, url);
  const pages = await pagesOf(call, await fillOffice(call));
  const cookies = await context.cookies();
  for (const { look, size, only } of taken) {
    const view = await browser.context(look);
    await view.addCookies(cookies);
    const page = await view.newPage();
    for (const [name, path] of Object.entries(pages)) {
      if (only !== undefined && !only.includes(name)) continue;
      const file = join(folder, `office-${name}-${look.language}-${look.theme}-${size}.png`);
      await shoot(page, `${url}${path}`, file);
    }
    await view.close();
  }
}
