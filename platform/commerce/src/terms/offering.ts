/**
 * What can be applied for (COM-30): a service is switched on from a day once everything that its terms leave to the provider is
 * set. The provider's own organisation is never asked: it is not charged.
 */
import { sql } from "kysely";
import type { Day } from "@yagura/core/calendar.ts";
import type { Tx } from "@yagura/store/store.ts";
import type { Offer, RequiredData } from "../charging/offer.ts";
import type { Tables } from "../charging/tables.ts";
import { changeDated, type ChangeOptions } from "./dated.ts";
import { offerings } from "./dated-tables.ts";
import { raise } from "./errors.ts";
import { loadTables } from "./load.ts";
import { holds } from "./ranges.ts";
import type { DatedChange, MissingItem, OfferingItem } from "./shapes.ts";
import type { TermsWork } from "./work.ts";

type Kind = MissingItem["kind"];
const kindOf = (key: string): Kind =>
  key.startsWith("price:") ? "price" : key.startsWith("activity:") ? "activity" : "setting";

/** What a service lacks on the day, each with what to do. */
export function missingData(tables: Tables, offer: Offer, day: Day): MissingItem[] {
  return offer.required
    .filter((required) => !isSet(tables, offer.service, required, day))
    .map(({ key, name, hint, suggestion }) => {
      const choices = offer.readings.find((reading) => reading.key === key)?.choices ?? [];
      return { key, name, hint, suggestion, kind: kindOf(key), choices: [...choices] };
    });
}

function isSet(tables: Tables, service: string, { key }: RequiredData, day: Day): boolean {
  const name = key.slice(key.indexOf(":") + 1);
  switch (kindOf(key)) {
    case "price":
      return tables.prices.some(
        (price) => price.service === service && `${price.plan}/${price.item}` === name && holds(price, day),
      );
    case "activity":
      return tables.calendars.activities.some(
        (activity) => activity.service === service && activity.activity === name && holds(activity, day),
      );
    case "setting":
      return tables.settings.some(
        (setting) =>
          setting.key === key && (setting.service === service || setting.service === null) && holds(setting, day),
      );
  }
}

/** Every service, whether it is offered on the day, and what it lacks then. */
export async function readOffering(tx: Tx, offers: readonly Offer[], day: Day): Promise<OfferingItem[]> {
  const tables = await loadTables(tx);
  const { rows } = await sql<{ service: string; from: Day | null; until: Day | null }>`select service,
      lower(in_force)::text as "from", upper(in_force)::text as until
    from commerce.offering order by service, lower(in_force) nulls first`.execute(tx);
  return offers.map((offer) => {
    const ranges = rows.filter(({ service }) => service === offer.service);
    const present = ranges.find((range) => holds(range, day));
    const shown = present ?? ranges.find(({ from }) => from !== null && from > day);
    return {
      service: offer.service,
      name: offer.name,
      offeredFrom: shown?.from ?? null,
      offeredUntil: shown?.until ?? null,
      offered: present !== undefined,
      missing: missingData(tables, offer, day),
    };
  });
}

/** Switches a service on or off from a day. SERVICE_INCOMPLETE with the whole list, DATED_CHANGE_PAST. */
export async function setOffering(
  work: TermsWork,
  offer: Offer,
  input: ChangeOptions & { readonly from: Day; readonly offered: boolean },
): Promise<DatedChange> {
  const missing = input.offered ? missingData(await loadTables(work.tx), offer, input.from) : [];
  if (missing.length > 0) {
    throw raise(
      "SERVICE_INCOMPLETE",
      {
        service: offer.service,
        day: input.from,
        count: missing.length,
        missing: missing.map(({ key }) => key).join(", "),
      },
      {
        fields: missing.map(({ key, name, hint }) => ({
          pointer: `/required/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`,
          message: `${name.ja}: ${hint.ja} / ${name.en}: ${hint.en}`,
        })),
      },
    );
  }
  const edit = { from: input.from, until: null, value: input.offered ? (true as const) : null };
  return changeDated(work, offerings, offer.service, edit, input);
}

/** Whether the service can be applied for on the day. Also for customers' transactions. */
export async function isOffered(tx: Tx, service: string, day: Day): Promise<boolean> {
  const { rows } = await sql`select 1 from commerce.offering
    where service = ${service} and in_force @> ${day}::date`.execute(tx);
  return rows.length > 0;
}

/** SERVICE_NOT_OFFERED, except for the provider's own organisation. */
export async function requireOffered(
  tx: Tx,
  service: string,
  day: Day,
  organisation: { internal: boolean },
): Promise<void> {
  if (organisation.internal || (await isOffered(tx, service, day))) return;
  throw raise("SERVICE_NOT_OFFERED", { service, day });
}
