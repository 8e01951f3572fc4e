/** The API of rates, calendars, settings and offering; prices and versions of terms have their own tables of routes. */
import { sql } from "kysely";
import { Type } from "typebox";
import { dayOf } from "@yagura/core/calendar.ts";
import { raise as raiseServer } from "@yagura/server/errors.ts";
import { route, type Route, type RouteContext, type ScopeTable } from "@yagura/server/route.ts";
import { closed, Id, page } from "@yagura/server/shapes.ts";
import type { Offer } from "../charging/offer.ts";
import { wholeList } from "../paging.ts";
import { closeDay, openDay, readClosedDays } from "./calendar.ts";
import { changeDated } from "./dated.ts";
import { activities, statutoryRates, taxRates } from "./dated-tables.ts";
import { loadTables } from "./load.ts";
import { offerOf } from "./offers.ts";
import { readOffering, setOffering } from "./offering.ts";
import { priceRoutes } from "./prices/routes.ts";
import { readSettings, setSetting } from "./settings.ts";
import {
  Calendar,
  CalendarQuery,
  ClosedDayItem,
  DatedChange,
  NewClosedDay,
  OfferingItem,
  OfferingQuery,
  ServiceId,
  SetActivity,
  SetOffering,
  SetSetting,
  SetStatutoryRate,
  SettingItem,
  SettingQuery,
  SetTaxRate,
  StatutoryRateItem,
  TaxRateItem,
} from "./shapes.ts";
import { versionRoutes } from "./versions-routes.ts";
import type { TermsWork } from "./work.ts";

export const scopes: ScopeTable = { "terms.write": ["provider-admin", "provider-billing"] };

const provider = "/api/v1/provider";
const reads = { kind: "provider", scope: "contract.read" } as const;
const writes = { kind: "provider", scope: "terms.write" } as const;
const workOf = ({ tx, now, actor, audit }: RouteContext<unknown, unknown, unknown>): TermsWork => ({
  tx,
  now,
  actor,
  audit,
});

const rateRoutes: readonly Route[] = [
  route({
    method: "GET",
    path: `${provider}/tax-rates`,
    tag: "terms",
    summary: "Consumption tax rates with their days (COM-09)",
    access: reads,
    response: page(TaxRateItem),
    handler: async ({ tx }) => wholeList([...(await loadTables(tx)).taxRates]),
  }),
  route({
    method: "POST",
    path: `${provider}/tax-rates`,
    tag: "terms",
    summary: "Set a tax rate from a day",
    access: writes,
    body: SetTaxRate,
    response: DatedChange,
    handler: async (context) => {
      const { class: taxClass, from, rate } = context.body;
      return changeDated(workOf(context), taxRates, taxClass, { from, until: null, value: rate }, context.body);
    },
  }),
  route({
    method: "GET",
    path: `${provider}/statutory-rates`,
    tag: "terms",
    summary: "Statutory interest rates with their days (UTM-42)",
    access: reads,
    response: page(StatutoryRateItem),
    handler: async ({ tx }) => {
      const { rows } = await sql<StatutoryRateItem>`select rate, source, lower(in_force)::text as "from",
        upper(in_force)::text as until from commerce.statutory_rate order by lower(in_force) nulls first`.execute(tx);
      return wholeList(rows);
    },
  }),
  route({
    method: "POST",
    path: `${provider}/statutory-rates`,
    tag: "terms",
    summary: "Set the statutory rate from a day, with the notice that fixed it",
    access: writes,
    body: SetStatutoryRate,
    response: DatedChange,
    handler: async (context) => {
      const { from, rate, source } = context.body;
      const edit = { from, until: null, value: { rate, source } };
      return changeDated(workOf(context), statutoryRates, "statutory", edit, context.body);
    },
  }),
];

const calendarRoutes = (offers: readonly Offer[]): readonly Route[] => [
  route({
    method: "GET",
    path: `${provider}/calendars`,
    tag: "terms",
    summary: "Hours by activity, and the closed days of a year (COM-16)",
    access: reads,
    query: CalendarQuery,
    response: Calendar,
    handler: async ({ tx, now, query }) => {
      const { calendars } = await loadTables(tx);
      const { service, year = Number(dayOf(now).slice(0, 4)) } = query;
      return {
        activities: calendars.activities
          .filter((activity) => service === undefined || activity.service === service)
          .map((activity) => ({ ...activity, weekdays: [...activity.weekdays], closedOn: [...activity.closedOn] })),
        closedDays: await readClosedDays({ tx, now }, { year, ...(service === undefined ? {} : { service }) }),
      };
    },
  }),
  route({
    method: "POST",
    path: `${provider}/calendars/activities`,
    tag: "terms",
    summary: "Set the hours of an activity from a day",
    access: writes,
    body: SetActivity,
    response: DatedChange,
    handler: async (context) => {
      const { service, activity, from, hours } = context.body;
      offerOf(offers, service);
      return changeDated(
        workOf(context),
        activities,
        { service, activity },
        { from, until: null, value: hours },
        context.body,
      );
    },
  }),
  route({
    method: "POST",
    path: `${provider}/calendars/closed-days`,
    tag: "terms",
    summary: "Mark a day as closed: a designated day, or a holiday that a law added",
    access: writes,
    body: NewClosedDay,
    response: ClosedDayItem,
    status: 201,
    handler: async (context) => {
      const { body, tx, now } = context;
      if (body.service !== undefined) offerOf(offers, body.service);
      const id = await closeDay(workOf(context), body);
      const days = await readClosedDays({ tx, now }, { year: Number(body.day.slice(0, 4)) });
      return days.find((day) => day.id === id);
    },
  }),
  route({
    method: "DELETE",
    path: `${provider}/calendars/closed-days/:day`,
    tag: "terms",
    summary: "Open a closed day again",
    access: writes,
    params: Type.Object({ day: Id }),
    query: Type.Object({ confirmPast: Type.Optional(Type.Boolean()) }, closed),
    handler: async (context) => {
      const { params, query } = context;
      if (!(await openDay(workOf(context), params.day, query.confirmPast ?? false))) throw raiseServer("NOT_FOUND");
    },
  }),
];

const settingRoutes = (offers: readonly Offer[]): readonly Route[] => [
  route({
    method: "GET",
    path: `${provider}/settings`,
    tag: "terms",
    summary: "Settings with their days: what the terms leave to the provider, and readings of the rules",
    access: reads,
    query: SettingQuery,
    response: page(SettingItem),
    handler: async ({ tx, query }) => wholeList(await readSettings(tx, offers, query)),
  }),
  route({
    method: "POST",
    path: `${provider}/settings`,
    tag: "terms",
    summary: "Set a setting from a day, or take it away (value null)",
    access: writes,
    body: SetSetting,
    response: DatedChange,
    handler: async (context) => {
      if (context.body.service !== undefined) offerOf(offers, context.body.service);
      return setSetting(workOf(context), offers, context.body);
    },
  }),
];

const offeringRoutes = (offers: readonly Offer[]): readonly Route[] => [
  route({
    method: "GET",
    path: `${provider}/offering`,
    tag: "terms",
    summary: "What can be applied for on a day, and what each service still lacks (COM-30)",
    access: reads,
    query: OfferingQuery,
    response: page(OfferingItem),
    handler: async ({ tx, now, query }) => wholeList(await readOffering(tx, offers, query.on ?? dayOf(now))),
  }),
  route({
    method: "POST",
    path: `${provider}/offering/:service`,
    tag: "terms",
    summary: "Switch a service on or off from a day; refused with the list of what is missing",
    access: writes,
    params: Type.Object({ service: ServiceId }),
    body: SetOffering,
    response: DatedChange,
    handler: async (context) => setOffering(workOf(context), offerOf(offers, context.params.service), context.body),
  }),
];

export const termsRoutes = (offers: readonly Offer[]): readonly Route[] => [
  ...priceRoutes(offers),
  ...versionRoutes(offers),
  ...rateRoutes,
  ...calendarRoutes(offers),
  ...settingRoutes(offers),
  ...offeringRoutes(offers),
];
