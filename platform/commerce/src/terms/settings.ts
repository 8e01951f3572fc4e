/** Settings: what the terms leave to the provider (8.6), readings that change money (section 8), lists and figures with their first value. */
import { sql } from "kysely";
import type { Day } from "@yagura/core/calendar.ts";
import type { Tx } from "@yagura/store/store.ts";
import type { Offer } from "../charging/offer.ts";
import type { Text } from "../charging/tables.ts";
import { assertForm, isFormKey } from "../offers/forms.ts";
import { changeDated, segmentsOf } from "./dated.ts";
import { settings } from "./dated-tables.ts";
import { raise } from "./errors.ts";
import type { DatedChange, SetSetting, SettingItem } from "./shapes.ts";
import { settingFaults } from "./setting-shapes.ts";
import { thirdPartyKey } from "./third-party.ts";
import type { TermsWork } from "./work.ts";

/** Largest value: a list of line types, a catalogue. */
const LARGEST = 65_536;

interface Meaning {
  readonly name: Text | null;
  readonly hint: Text | null;
  readonly reading: string | null;
  readonly choices: readonly { readonly value: string; readonly text: Text }[];
}
const unknown: Meaning = { name: null, hint: null, reading: null, choices: [] };

/** What a key means to the service: its name and hint, or the choices of a reading. */
function meaningOf(offers: readonly Offer[], service: string | null, key: string): Meaning {
  const found = offers.filter((offer) => service === null || offer.service === service);
  const reading = found.flatMap(({ readings }) => readings).find((one) => one.key === key);
  const required = found.flatMap((offer) => offer.required).find((one) => one.key === key);
  const preset = found.flatMap(({ defaults }) => defaults).find((one) => one.key === key);
  const others = found.flatMap(({ thirdPartyTerms }) => thirdPartyTerms).find((one) => thirdPartyKey(one.code) === key);
  return {
    name: required?.name ?? reading?.question ?? preset?.name ?? others?.name ?? unknown.name,
    hint: required?.hint ?? others?.note ?? unknown.hint,
    reading: reading?.id ?? unknown.reading,
    choices: reading?.choices ?? unknown.choices,
  };
}

export async function readSettings(
  tx: Tx,
  offers: readonly Offer[],
  query: { readonly service?: string; readonly key?: string; readonly on?: Day },
): Promise<SettingItem[]> {
  const { service = null, key = null, on = null } = query;
  const { rows } = await sql<{
    service: string | null;
    key: string;
    value: unknown;
    from: Day | null;
    until: Day | null;
    setBy: string;
    setAt: Date;
  }>`select nullif(service, '*') as service, key, value, lower(in_force)::text as "from", upper(in_force)::text as until,
      set_by as "setBy", set_at as "setAt"
    from commerce.setting
    where (${service}::text is null or service in (${service}, '*')) and (${key}::text is null or key = ${key})
      and (${on}::date is null or in_force @> ${on}::date)
    order by 1 nulls first, key, lower(in_force) nulls first`.execute(tx);
  return rows.map((row) => {
    const { name, hint, reading, choices } = meaningOf(offers, row.service, row.key);
    return { ...row, setAt: row.setAt.toISOString(), name, hint, reading, choices: [...choices] };
  });
}

/** SETTING_TOO_LARGE, SETTING_INVALID with a sentence for each field, SETTING_CHOICE, SETTING_FROM_NEEDED, DATED_CHANGE_PAST. */
export async function setSetting(work: TermsWork, offers: readonly Offer[], input: SetSetting): Promise<DatedChange> {
  const { key, value } = input;
  const service = input.service ?? "*";
  if (JSON.stringify(value ?? null).length > LARGEST) throw raise("SETTING_TOO_LARGE", { key });
  if (isFormKey(key) && value !== null) assertForm(offers, input.service ?? null, key, value);
  const faults = value === null || value === undefined ? [] : settingFaults(key, value);
  if (faults.length > 0) throw raise("SETTING_INVALID", { key, faults: faults[0]?.message ?? "" }, { fields: faults });
  const { choices } = meaningOf(offers, input.service ?? null, key);
  if (value !== null && choices.length > 0 && !choices.some((choice) => choice.value === value)) {
    throw raise("SETTING_CHOICE", { key, choices: choices.map((choice) => choice.value).join(", ") });
  }
  const from = input.from ?? null;
  if (from === null && (await segmentsOf(work, settings, { service, key })).length > 0) {
    throw raise("SETTING_FROM_NEEDED", { key });
  }
  const edit = { from, until: null, value: value === null || value === undefined ? null : { set: value } };
  const change = await changeDated(work, settings, { service, key }, edit, input);
  return {
    ...change,
    before: bare(change.before),
    after: bare(change.after),
    timeline: change.timeline.map((segment) => ({ ...segment, value: bare(segment.value) })),
  };
}

const bare = (value: unknown): unknown => (value as { set: unknown } | null)?.set ?? null;
