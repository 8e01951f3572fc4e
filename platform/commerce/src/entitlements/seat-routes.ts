/** The API of seats, insurance and terms that bind. Customers see them and use their seats; the provider's people may too. */
import { Type } from "typebox";
import { dayOf } from "@yagura/core/calendar.ts";
import { route, type Route } from "@yagura/server/route.ts";
import { Id } from "@yagura/server/shapes.ts";
import { renderDocument } from "@yagura/reports/reports.ts";
import { lockedContract, tell } from "../contracts/work.ts";
import { certificateOf } from "./certificate.ts";
import { insuranceShown, registerMac, removeMac } from "./insurance.ts";
import { foundContract } from "./reading.ts";
import { freeSeat, packAnswer, seatsShown, useSeat } from "./seats.ts";
import {
  InsuranceShown,
  InsuredDevice,
  OnDay,
  PackAnswer,
  PackQuestion,
  RegisterMac,
  SeatItem,
  SeatsShown,
  TermsShown,
  UseSeat,
} from "./shapes.ts";
import { termsShown } from "./terms.ts";

const contract = "/api/v1/organisations/:organisation/contracts/:contract";
const ofContract = Type.Object({ organisation: Id, contract: Id });
const tag = "entitlements";
const read = { kind: "organisation", scope: "contract.read" } as const;
const write = { kind: "organisation", scope: "entitlement.write" } as const;

const showSeats = route({
  method: "GET",
  path: `${contract}/seats`,
  tag,
  summary: "Seats allowed by the packs on a day, seats in use, and cheaper packs if there are any (SEC-52, SEC-53)",
  access: read,
  params: ofContract,
  query: OnDay,
  response: SeatsShown,
  handler: async ({ tx, organisation, params, query, now }) =>
    seatsShown(tx, await foundContract(tx, organisation, params.contract), query.on ?? dayOf(now)),
});

const askPacks = route({
  method: "GET",
  path: `${contract}/packs`,
  tag,
  summary: "The cheapest packs for so many seats; nothing is changed (SEC-53)",
  access: read,
  params: ofContract,
  query: PackQuestion,
  response: PackAnswer,
  handler: async ({ tx, organisation, params, query, now }) =>
    packAnswer(tx, await foundContract(tx, organisation, params.contract), query.on ?? dayOf(now), query.seats),
});

const takeSeat = route({
  method: "POST",
  path: `${contract}/seats`,
  tag,
  summary: "Use a seat for a device or an account from today; refused above the seats allowed (SEC-53)",
  access: write,
  params: ofContract,
  body: UseSeat,
  response: SeatItem,
  status: 201,
  handler: async (context) => {
    const row = await lockedContract(context);
    const seat = await useSeat(context, row, context.body);
    await tell(context, "seat.use", row, { seat: seat.id, identifier: seat.identifier });
    return seat;
  },
});

const giveSeat = route({
  method: "POST",
  path: `${contract}/seats/:seat/free`,
  tag,
  summary: "Free a seat from today",
  access: write,
  params: Type.Object({ organisation: Id, contract: Id, seat: Id }),
  response: SeatItem,
  status: 200,
  handler: async (context) => {
    const row = await lockedContract(context);
    const seat = await freeSeat(context, row, context.params.seat);
    await tell(context, "seat.free", row, { seat: seat.id, identifier: seat.identifier });
    return seat;
  },
});

const showInsurance = route({
  method: "GET",
  path: `${contract}/insurance`,
  tag,
  summary: "Insurance that comes with the seats: conditions, registered devices and their cover (SEC-58, SEC-59)",
  access: read,
  params: ofContract,
  query: OnDay,
  response: InsuranceShown,
  handler: async ({ tx, organisation, params, query, now }) =>
    insuranceShown(tx, await foundContract(tx, organisation, params.contract), query.on ?? dayOf(now)),
});

const insureDevice = route({
  method: "POST",
  path: `${contract}/insurance`,
  tag,
  summary: "Register a device by its MAC address for the insurance; a device is registered once (SEC-58)",
  access: write,
  params: ofContract,
  body: RegisterMac,
  response: InsuredDevice,
  status: 201,
  handler: async (context) => {
    const row = await lockedContract(context);
    const device = await registerMac(context, row, context.body);
    await tell(context, "insurance.register", row, { device: device.id, mac: device.mac });
    return device;
  },
});

const dropDevice = route({
  method: "POST",
  path: `${contract}/insurance/:device/remove`,
  tag,
  summary: "Take a device off the insurance from today",
  access: write,
  params: Type.Object({ organisation: Id, contract: Id, device: Id }),
  response: InsuredDevice,
  status: 200,
  handler: async (context) => {
    const row = await lockedContract(context);
    const device = await removeMac(context, row, context.params.device);
    await tell(context, "insurance.remove", row, { device: device.id, mac: device.mac });
    return device;
  },
});

const printCertificate = route({
  method: "GET",
  path: `${contract}/insurance/:device/certificate`,
  tag,
  summary: "The certificate of an insured device as PDF (SEC-58)",
  access: read,
  params: Type.Object({ organisation: Id, contract: Id, device: Id }),
  raw: "application/pdf",
  handler: async ({ tx, organisation, params, now, language, reply }) => {
    const row = await foundContract(tx, organisation, params.contract);
    const content = await certificateOf(tx, row, params.device, dayOf(now));
    const bytes = await renderDocument("insurance-certificate", content, language);
    void reply.header("content-disposition", `inline; filename="insurance-${row.number}.pdf"`);
    return Buffer.from(bytes);
  },
});

const showTerms = route({
  method: "GET",
  path: `${contract}/term`,
  tag,
  summary: "Minimum term, longest use and ancillary periods: how much is left, and what an end on the day would cost",
  access: read,
  params: ofContract,
  query: OnDay,
  response: TermsShown,
  handler: async ({ tx, organisation, params, query, now }) =>
    termsShown(tx, await foundContract(tx, organisation, params.contract), query.on ?? dayOf(now)),
});

export const seatRoutes: readonly Route[] = [
  showSeats,
  askPacks,
  takeSeat,
  giveSeat,
  showInsurance,
  insureDevice,
  dropDevice,
  printCertificate,
  showTerms,
];
