/** Sets, over the API, everything that the terms leave to the provider (8.6), so that the services can be ordered. */
import type { Offer, RequiredData } from "@yagura/commerce/charging/offer.ts";
import type { Answer, Client } from "@yagura/testkit/server.ts";

/** TEST amount: the seeds give none. */
export const TEST_PRICE = 12_000;

const provider = "/api/v1/provider";

export async function setRequired(admin: Client, offer: Offer, from: string, required: RequiredData): Promise<void> {
  const { service } = offer;
  const { key, suggestion } = required;
  const common = { service, from, confirmPast: true, reason: "test" };
  const send = async (path: string, body: object): Promise<void> => {
    const answer: Answer = await admin.post(`${provider}${path}`, body);
    if (answer.status >= 300) throw new Error(`${key}: ${answer.text}`);
  };
  if (key.startsWith("price:")) {
    const [plan, item] = key.slice("price:".length).split("/");
    return send("/prices", { ...common, plan, item, amount: TEST_PRICE });
  }
  if (key.startsWith("activity:")) {
    return send("/calendars/activities", { ...common, activity: key.slice("activity:".length), hours: suggestion });
  }
  return send("/settings", { ...common, key, value: key === "areas" ? ["大阪府"] : suggestion });
}

/** Sets all of it and switches the services on. */
export async function offerServices(admin: Client, offers: readonly Offer[], from: string): Promise<void> {
  for (const offer of offers) {
    for (const required of offer.required) await setRequired(admin, offer, from, required);
    const answer = await admin.post(`${provider}/offering/${offer.service}`, {
      offered: true,
      from,
      confirmPast: true,
    });
    if (answer.status >= 300) throw new Error(`${offer.service}: ${answer.text}`);
  }
}
