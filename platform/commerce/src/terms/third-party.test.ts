import { expect, test } from "vitest";
import type { Offer } from "../charging/offer.ts";
import { sampleOffer } from "../../../../tests/support/sample-offer.ts";
import { shippedTables } from "../charging/shipped.ts";
import { settingFaults } from "./setting-shapes.ts";
import { acceptedTexts, thirdPartyText } from "./third-party.ts";

const note = { ja: "", en: "" };
const vendor = {
  rule: "SEC-02",
  plan: "basic",
  name: note,
  clauses: null,
  precedence: "provider-terms",
  note,
} as const;
const offer: Offer = {
  ...sampleOffer,
  thirdPartyTerms: [
    { ...vendor, code: "vendor-single", when: { field: "environment", value: "single" } },
    { ...vendor, code: "vendor-shared", when: { field: "environment", value: "shared" } },
    { ...vendor, code: "operator", plan: "other" },
  ],
};
const title = { ja: "契約書", en: "agreement" };
const tables = {
  ...shippedTables([offer]),
  settings: [
    {
      service: "sample",
      key: "third-party:vendor-single",
      value: { title, version: "1" },
      from: null,
      until: "2027-01-01",
    },
    {
      service: "sample",
      key: "third-party:vendor-single",
      value: { title, version: "2" },
      from: "2027-01-01",
      until: null,
    },
  ],
};
const accepted = (environment: string, day: string) =>
  acceptedTexts(tables, offer, { form: { plan: "basic" } as never, fields: { environment }, rule: "SEC-02" }, day);

test("SEC-02 a consent keeps which version of whose text was accepted, by the environment and the day", () => {
  expect(accepted("single", "2026-12-31")).toEqual(["vendor-single@1"]);
  expect(accepted("single", "2027-01-01")).toEqual(["vendor-single@2"]);
  expect(accepted("shared", "2027-01-01")).toEqual(["vendor-shared@–"]);
  expect(thirdPartyText(tables, "sample", "operator", "2027-01-01")).toBeNull();
});

test("SEC-02 the text is entered with title and version", () => {
  expect(
    settingFaults("third-party:vendor-single", { title, version: "2026-04", address: "https://vendor.example" }),
  ).toEqual([]);
  expect(settingFaults("third-party:vendor-single", { title, version: "of 2026" })[0]?.pointer).toBe(
    "/body/value/version",
  );
});
