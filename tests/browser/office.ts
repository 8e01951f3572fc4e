/** What the browser tests do over and over: sign in, read the outbox, walk through the pages. */
import type { BrowserContext, CDPSession, Page } from "playwright-core";
import type { Me, OutboxMail } from "@yagura/server/shapes.ts";
import type { ControlPlane } from "./server.ts";

export const PASSWORD = "seven lamps over the castle moat";

/** Signs in by the printed link in English and gives the account a password. Ends on the first page. */
export async function signInByLink(page: Page, link: string): Promise<void> {
  await page.goto(link);
  await page.getByRole("button", { name: "Continue" }).click();
  await page.getByLabel("New password").fill(PASSWORD);
  await page.getByRole("button", { name: "Set the password" }).click();
  await page.getByRole("navigation").waitFor();
}

export async function signInByPassword(page: Page, url: string, mail: string, password = PASSWORD): Promise<void> {
  await page.goto(`${url}/sign-in`);
  await page.locator("input[name=mail]").fill(mail);
  await page.locator("input[name=password]").fill(password);
  await page.locator("form button[type=submit]").click();
}

/** A platform authenticator that verifies its user at once (WebAuthn over the debugger). */
export async function addAuthenticator(debug: CDPSession): Promise<void> {
  await debug.send("WebAuthn.enable");
  await debug.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2",
      transport: "internal",
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
}

/** Ends the sign-in of a context without the portal. */
export const forget = (context: BrowserContext): Promise<void> => context.clearCookies();

export const whoAmI = async (context: BrowserContext, plane: ControlPlane): Promise<Me> =>
  (await (await context.request.get(`${plane.url}/api/v1/me`)).json()) as Me;

/** Invites a viewer without the portal. */
export async function inviteByApi(
  context: BrowserContext,
  plane: ControlPlane,
  organisation: string,
  mail: string,
): Promise<void> {
  const { csrf } = await whoAmI(context, plane);
  const answer = await context.request.post(`${plane.url}/api/v1/organisations/${organisation}/members`, {
    data: { mail, role: "viewer" },
    headers: { "x-yagura-csrf": csrf ?? "", origin: plane.url },
  });
  if (!answer.ok()) throw new Error(`${answer.status()} ${await answer.text()}`);
}

/** The newest kept mail to an address. */
export async function mailTo(context: BrowserContext, plane: ControlPlane, to: string): Promise<OutboxMail> {
  const answer = await context.request.get(`${plane.url}/api/v1/provider/outbox`);
  const { items } = (await answer.json()) as { items: OutboxMail[] };
  const found = items.find((mail) => mail.to === to);
  if (found === undefined) throw new Error(`no mail to ${to} in ${JSON.stringify(items.map((mail) => mail.to))}`);
  return found;
}

export const linkIn = (mail: OutboxMail): string => {
  const link = /https?:\/\/\S+#link=[\w-]+/.exec(mail.text)?.[0];
  if (link === undefined) throw new Error(`no link in the mail:\n${mail.text}`);
  return link;
};

/** Paths of the platform's own pages. */
export const platformPages = (organisation: string): readonly string[] => [
  ...["alerts", "alert-settings", "office/contracts", "devices", "members", "tokens", "audit", "settings"].map(
    (page) => `/o/${organisation}/${page}`,
  ),
  ...["alerts", "organisations", "devices", "outbox", "staff", "tokens", "audit", "profile"].map(
    (page) => `/provider/${page}`,
  ),
  "/account",
  "/account?tab=security",
  "/account?tab=sign-ins",
];

/** Opens a page and waits until its content stands: no skeleton is left. */
export async function openPage(page: Page, url: string): Promise<void> {
  await page.goto(url);
  await page.locator("h1").first().waitFor();
  await page.locator(".skeleton").first().waitFor({ state: "detached" });
}

/** Console errors and policy violations of a page, gathered from now on. */
export function complaintsOf(page: Page): string[] {
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(`${page.url()}: ${error.message}`));
  page.on("console", (message) => {
    if (message.type() === "error") complaints.push(`${page.url()}: ${message.text()}`);
  });
  return complaints;
}
