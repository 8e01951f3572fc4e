/** Matrix 7.4: hours by service and activity, as the services' data have it. */
import { describe, expect, test } from "vitest";
import { offers, tables } from "../support/offers.ts";

const toFriday = [1, 2, 3, 4, 5];
const toSaturday = [1, 2, 3, 4, 5, 6];
const everyDay = [1, 2, 3, 4, 5, 6, 7];
const rns = ["national-holiday", "designated"];
const turnOfTheYear = { from: "12-29", to: "01-04" };

const rows = [
  ["RNS-76 operation", "remote", "operation", toSaturday, "09:00", "17:00", rns, null],
  ["RNS-76 UTM and router monitoring", "remote", "monitoring", toSaturday, "09:00", "17:00", rns, null],
  ["RNS-76 A-RNS-10 wireless monitoring", "remote", "wireless-monitoring", toFriday, "09:00", "17:00", rns, null],
  ["RNS-76 help desk", "remote", "help-desk", toSaturday, "08:30", "18:00", rns, null],
  ["RNS-76 client support", "remote", "client-support", toSaturday, "08:30", "18:00", rns, null],
  ["RNS-76 VPN maintenance and help desk", "remote", "vpn-maintenance", toSaturday, "08:30", "18:00", rns, null],
  ["RNS-76 client setting", "remote", "client-setting", toSaturday, "09:00", "17:00", rns, null],
  ["RNS-76 VPN build", "remote", "vpn-build", toSaturday, "09:00", "17:00", rns, null],
  ["RNS-76 RNS-84 on-site fault reports", "remote", "onsite-reports", everyDay, "08:30", "18:00", [], null],
  ["RNS-76 RNS-84 on-site visits", "remote", "onsite-visit", everyDay, "09:00", "17:00", [], null],
  ["UTM-60 desk", "utm", "desk", toFriday, "09:00", "17:00", ["national-holiday"], turnOfTheYear],
  ["UTM-61 phone contact", "utm", "phone-contact", toFriday, "09:00", "17:00", ["national-holiday"], turnOfTheYear],
  ["UTM-61 fault reports", "utm", "fault-reports", toFriday, "09:00", "17:00", ["national-holiday"], turnOfTheYear],
  [
    "UTM-61 technical questions",
    "utm",
    "technical-questions",
    toFriday,
    "09:00",
    "17:00",
    ["national-holiday"],
    turnOfTheYear,
  ],
  [
    "UTM-65 replacement dispatch",
    "utm",
    "replacement-dispatch",
    toFriday,
    "09:00",
    "15:00",
    ["national-holiday"],
    turnOfTheYear,
  ],
  ["UTM-62 alive monitoring", "utm", "alive-monitoring", everyDay, "00:00", "24:00", [], null],
  ["UTM-62 alarm mail", "utm", "alarm-mail", everyDay, "00:00", "24:00", [], null],
] as const;

describe("matrix 7.4", () => {
  test.each(rows)("COM-16 %s: %s/%s", (_title, service, activity, weekdays, opens, closes, closedOn, yearEnd) => {
    const found = tables.calendars.activities.filter((one) => one.service === service && one.activity === activity);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({ weekdays, opens, closes, closedOn, yearEnd });
  });

  test("COM-16 no other hours are shipped: those of SEC, EXP and OST are the provider's data", () => {
    expect(tables.calendars.activities).toHaveLength(rows.length);
    const asked = offers.flatMap(({ service, required }) =>
      required.filter(({ key }) => key.startsWith("activity:")).map(({ key }) => `${service} ${key}`),
    );
    expect(asked).toEqual(["experience activity:inquiry", "security activity:desk", "ot activity:business"]);
  });
});
