/** Grounds, order forms and texts of the services' data against the specification. */
import { describe, expect, test } from "vitest";
import type { GroundUse, Offer, OrderForm } from "@yagura/commerce/charging/offer.ts";
import { experience, offers, ot, remote, security, utm } from "../support/offers.ts";

const codes = (offer: Offer, use: GroundUse, rule: string): string[] =>
  offer.grounds.filter((ground) => ground.use === use && ground.rule === rule).map(({ code }) => code);
const formOn = (offer: Offer, plan: string, day: string): OrderForm => {
  const found = offer.forms.filter(
    (form) =>
      form.plan === plan && (form.from === null || form.from <= day) && (form.until === null || day < form.until),
  );
  expect(found).toHaveLength(1);
  return found[0] as OrderForm;
};
const fields = (form: OrderForm) => form.sections.flatMap((section) => section.fields);
const today = "2026-11-20";

describe("grounds", () => {
  test.each([
    ["SEC-06", security, "refusal", 7],
    ["SEC-08", security, "revocation", 7],
    ["SEC-14", security, "cancellation-by-provider", 4],
    ["SEC-17", security, "discontinuance", 5],
    ["SEC-18", security, "suspension", 3],
    ["SEC-21", security, "suspension", 8],
    ["SEC-21", security, "cancellation-by-provider", 8],
    ["SEC-03", security, "deemed-consent", 3],
    ["RNS-05", remote, "rescission", 6],
    ["RNS-15", remote, "cancellation-by-provider", 10],
    ["RNS-17", remote, "acceleration", 10],
    ["RNS-20", remote, "discontinuance", 1],
    ["RNS-21", remote, "suspension", 6],
    ["RNS-22", remote, "suspension", 2],
    ["RNS-29", remote, "excluded-work", 6],
    ["UTM-11", utm, "refusal", 6],
    ["UTM-12", utm, "revocation", 6],
    ["UTM-15", utm, "assignment-refusal", 3],
    ["UTM-21", utm, "discontinuance", 2],
    ["UTM-22", utm, "suspension", 7],
    ["UTM-28", utm, "cancellation-by-provider", 8],
    ["UTM-30", utm, "excluded-work", 4],
  ] as const)("%s: %s has so many grounds", (rule, offer, use, count) => {
    expect(codes(offer, use, rule)).toHaveLength(count);
  });

  test("RNS-16 the customer reports grounds 2 to 8 by himself", () => {
    expect(
      remote.grounds
        .filter(({ use, rule }) => use === "cancellation-by-provider" && rule === "RNS-15")
        .map(({ customerReports }) => customerReports === true),
    ).toEqual([false, true, true, true, true, true, true, true, false, false]);
  });

  test("RNS-15 RNS-21 UTM-28 UTM-29 COM-26 which grounds need no notice", () => {
    const silent = (offer: Offer, use: GroundUse) =>
      offer.grounds.filter((ground) => ground.use === use && ground.withoutNotice === true).length;
    expect(silent(remote, "cancellation-by-provider")).toBe(11);
    expect(silent(remote, "suspension")).toBe(6);
    // Insolvency and the like, and organised crime.
    expect(silent(utm, "cancellation-by-provider")).toBe(6);
    for (const offer of offers)
      expect(
        offer.grounds.some(
          ({ use, code, withoutNotice }) =>
            use === "cancellation-by-provider" && code === "antisocial" && withoutNotice === true,
        ),
      ).toBe(true);
  });

  test("a code stands once for each use", () => {
    for (const { grounds } of offers) {
      const names = grounds.map(({ use, code }) => `${use}/${code}`);
      expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
    }
  });

  test("UTM-22 SEC-11 RNS-33 UTM-14 COM-31 what each service says of suspension, assignment, sole traders", () => {
    expect(
      offers.map(({ service, suspension, assignment, soleTraders }) => [
        service,
        suspension.maximumMonths,
        assignment.allowed,
        soleTraders,
      ]),
    ).toEqual([
      ["experience", null, "with-consent", false],
      ["security", null, "never", false],
      ["remote", null, "with-consent", false],
      ["ot", null, "with-consent", false],
      ["utm", 6, "with-approval", true],
    ]);
  });

  test("COM-28 the unit of an invoice", () => {
    expect(offers.map(({ service, invoiceUnit }) => [service, invoiceUnit])).toEqual([
      ["experience", "contract"],
      ["security", "contract"],
      ["remote", "claim"],
      ["ot", "contract"],
      ["utm", "contract"],
    ]);
  });
});

describe("order forms", () => {
  test.each(["2023-07-31", "2023-08-01"])(
    "EXP-08 EXP-09 EXP-15 on %s the form asks for the fields of the list",
    (day) => {
      const form = formOn(experience, "agent", day);
      const names = fields(form)
        .filter(({ rule, required }) => required && ["EXP-08", "EXP-03", "EXP-15"].includes(rule))
        .map(({ name }) => name);
      expect(names).toEqual([
        "corporate-number",
        "holder-name",
        "holder-address",
        "contact",
        "billing-name",
        "billing-address",
        "billing-contact",
        "desired-start",
        "place",
        "label",
        "pc-holder-name",
        "pc-holder-mail",
        "pc-holder-phone",
        "portal-registration",
        "consent-portal-holder",
        "consent-portal-user",
        "opening-password",
        "consent-billing",
      ]);
      expect(fields(form).find(({ name }) => name === "label")?.maximum).toBe(15);
      expect(fields(form).some(({ name }) => name === "channel")).toBe(day >= "2023-08-01");
      expect(form.checks).toContainEqual({ kind: "in-japan", rule: "EXP-10", field: "place" });
    },
  );

  test("SEC-02 SEC-07 SEC-53 SEC-70 what an order of security checks", () => {
    const desk = formOn(security, "desk", today);
    expect(desk.checks).toContainEqual({ kind: "needs-plan", rule: "SEC-07", plans: ["endpoint", "cloud-app"] });
    expect(desk.checks).toContainEqual({ kind: "consent", rule: "SEC-70", field: "consent-hand-over" });
    for (const plan of ["endpoint", "cloud-app", "desk"])
      expect(formOn(security, plan, today).checks).toContainEqual({
        kind: "consent",
        rule: "SEC-02",
        field: "consent-third-party",
      });
    expect(formOn(security, "endpoint", today).cheaperPacks).toBe(true);
    expect(
      fields(formOn(security, "endpoint", today))
        .find(({ name }) => name === "environment")
        ?.choices?.map(({ value }) => value),
    ).toEqual(["single-site", "integrated-support"]);
  });

  test("RNS-01 RNS-07 RNS-70 RNS-81 RNS-90 what an order of remote network checks", () => {
    const gateway = formOn(remote, "utm-gateway", today);
    expect(gateway.checks).toContainEqual({ kind: "in-japan", rule: "RNS-07", field: "site" });
    expect(gateway.checks).toContainEqual({ kind: "consent", rule: "RNS-01", field: "own-use" });
    for (const plan of ["utm-gateway", "router"])
      expect(formOn(remote, plan, today).checks).toContainEqual(
        expect.objectContaining({
          kind: "not-both",
          rule: "RNS-70",
          fields: [{ field: "router-stays", value: "yes" }],
        }),
      );
    expect(formOn(remote, "wireless", today).checks).toContainEqual(
      expect.objectContaining({ kind: "not-both", rule: "RNS-81" }),
    );
    // Options have no form of their own: they come only with a base plan.
    expect([...new Set(remote.forms.map(({ plan }) => plan))]).toEqual(["utm-gateway", "router", "wireless"]);
    for (const form of remote.forms) expect(form.items[0]).toMatchObject({ item: "base", minimum: 1 });
  });

  test("OST-02 OST-20 ancillary services can be ordered from 2025-07-31 only", () => {
    expect(formOn(ot, "sensor", "2025-07-30").items.map(({ item }) => item)).toEqual(["basic"]);
    expect(formOn(ot, "sensor", "2025-07-31").items.map(({ item }) => item)).toEqual(["basic", "ancillary"]);
  });

  test("UTM-03 UTM-04 UTM-05 UTM-06 UTM-07 UTM-08 UTM-19 UTM-32 UTM-63 UTM-72 UTM-84 what an order of UTM asks and checks", () => {
    const form = formOn(utm, "gateway", today);
    const byName = new Map(fields(form).map((field) => [field.name, field]));
    expect(byName.get("model")?.choices?.map(({ value }) => value)).toEqual([
      "ssb5",
      "ssb10",
      "ssb30",
      "standard",
      "professional",
    ]);
    expect(byName.get("licence")?.choices?.map(({ value }) => value)).toEqual(["plain", "attached"]);
    expect(byName.get("security-functions")).toMatchObject({ type: "choices", least: 1 });
    expect(byName.get("security-functions")?.choices).toHaveLength(8);
    for (const name of ["line-number", "model", "licence", "line-model", "holder"])
      expect(byName.get(name)?.attribute).toBe(true);
    for (const name of ["gateway-address", "provider-dns", "own-ranges", "upstream-devices", "bridge-mode"])
      expect(byName.get(name)).toMatchObject({ rule: "UTM-84", required: true });
    expect(form.checks).toEqual(
      expect.arrayContaining([
        { kind: "unique", rule: "UTM-04", field: "line-number" },
        { kind: "listed", rule: "UTM-03", field: "line-type", setting: "line-types" },
        { kind: "listed", rule: "UTM-03", field: "area", setting: "areas" },
        { kind: "consent", rule: "UTM-04", field: "same-holder" },
        { kind: "consent", rule: "UTM-06", field: "consent-personal-data" },
        { kind: "consent", rule: "UTM-07", field: "newly-installed" },
        { kind: "consent", rule: "UTM-19", field: "consent-logs" },
      ]),
    );
    const lines = utm.defaults.find(({ key }) => key === "line-types")?.value as readonly { readonly code: string }[];
    expect(lines.map(({ code }) => code)).toEqual([
      "house-100m",
      "house-200m",
      "business-1g",
      "house-1g",
      "house-10g",
      "apartment-100m",
      "apartment-200m",
      "apartment-1g",
      "apartment-10g",
    ]);
  });

  test("COM-22 COM-26 COM-27 COM-31 every form takes consent, the declaration, and the corporate number", () => {
    for (const { forms } of offers) {
      for (const form of forms) {
        const names = fields(form).map(({ name }) => name);
        expect(names).toEqual(
          expect.arrayContaining([
            "consent-terms",
            "consent-subcontractors",
            "declaration-antisocial",
            "corporate-number",
          ]),
        );
        expect(new Set(names).size).toBe(names.length);
        for (const check of form.checks) if ("field" in check) expect(names).toContain(check.field);
        for (const { when } of fields(form)) if (when !== undefined) expect(names).toContain(when.field);
      }
    }
  });

  test("COM-02 every plan that can be ordered has one form for each of its days, with items of its terms", () => {
    for (const offer of offers) {
      for (const version of offer.terms) {
        for (const plan of version.orderable) {
          const form = formOn(offer, plan, version.from ?? "2000-01-01");
          for (const { item } of form.items) expect(Object.keys(version.plans[plan]?.items ?? {})).toContain(item);
        }
      }
    }
  });
});

describe("texts", () => {
  test("SEC-02 SEC-60 terms of third parties: two environments of the endpoint, the listed clauses, the provider's terms first", () => {
    const listed = security.thirdPartyTerms.find(({ when }) => when?.value === "integrated-support");
    expect(listed?.clauses?.join(" ")).toBe("1 2 3 4 5 6 7 8 9 10 11 13 14 16 17 21 23 24 25 26");
    const single = security.thirdPartyTerms.find(({ when }) => when?.value === "single-site");
    expect([single?.clauses, single?.alsoBefore]).toEqual([null, { rule: "SEC-60", day: "2021-06-18" }]);
    expect(security.thirdPartyTerms.map(({ plan }) => plan)).toEqual(["endpoint", "endpoint", "cloud-app", "desk"]);
    expect(security.thirdPartyTerms.every(({ precedence }) => precedence === "provider-terms")).toBe(true);
  });

  test("RNS-71 the maker's policies come before the provider's terms for licences", () => {
    expect(remote.thirdPartyTerms.map(({ precedence }) => precedence)).toEqual([
      "third-party",
      "third-party",
      "third-party",
    ]);
  });

  test("SEC-27 UTM-59 articles without a calculation are named", () => {
    const of = (offer: Offer, rule: string) =>
      offer.articles.filter((one) => one.rule === rule).map(({ article }) => article);
    expect(of(security, "SEC-27")).toEqual(["a.17", "a.18", "a.19", "a.24", "a.25", "a.27", "a.29", "a.30"]);
    expect(of(utm, "UTM-59")).toEqual(["a.36", "a.42", "a.43–44"]);
    for (const { articles } of offers) expect(articles.length).toBeGreaterThan(5);
  });

  test("UTM-82 UTM-83 RNS-89 figures and lists of the terms are settings with a first value", () => {
    const of = (offer: Offer, key: string) => offer.defaults.find((one) => one.key === key)?.value;
    expect(of(utm, "quarantine-days")).toBe(16);
    expect(of(utm, "reserved-ranges")).toEqual([
      "172.30.0.0/24",
      "172.26.0.0/16",
      "172.27.0.0/16",
      "172.28.0.0/16",
      "172.29.0.0/16",
    ]);
    expect(of(remote, "supported-software")).toMatchObject({
      "memory-megabytes": 512,
      "disk-megabytes": 1024,
      "upstream-kilobits": 128,
    });
  });

  test("EXP-01 labels are versioned", () => {
    expect(experience.terms.map(({ labels }) => [labels["agent"]?.en, labels["dashboard"]?.en])).toEqual([
      ["monitoring device", "result site"],
      ["agent", "dashboard"],
    ]);
  });

  test("every text stands in both languages, and offers hold nothing but data", () => {
    const walk = (value: unknown, path: string): string[] => {
      if (typeof value === "function") return [`${path} is a function`];
      if (typeof value !== "object" || value === null) return [];
      const entries = Object.entries(value);
      const one = value as Readonly<Record<string, unknown>>;
      const lacks =
        ("ja" in one || "en" in one) &&
        (typeof one["ja"] !== "string" || typeof one["en"] !== "string" || one["ja"] === "" || one["en"] === "");
      return [
        ...(lacks ? [`${path} lacks a language`] : []),
        ...entries.flatMap(([name, member]) => walk(member, `${path}/${name}`)),
      ];
    };
    for (const offer of offers) {
      expect(walk(offer, offer.service)).toEqual([]);
      expect(JSON.parse(JSON.stringify(offer))).toEqual(offer);
    }
  });

  test("every row names its rule", () => {
    const rule = /^(COM|EXP|SEC|RNS|OST|UTM)-\d+$/;
    for (const offer of offers) {
      const rules = [
        ...offer.grounds,
        ...offer.notices,
        ...offer.articles,
        ...offer.thirdPartyTerms,
        ...offer.defaults,
        ...offer.checklists,
      ];
      for (const row of rules) expect(row.rule).toMatch(rule);
      for (const form of offer.forms) for (const field of fields(form)) expect(field.rule).toMatch(rule);
    }
  });
});

describe("what is a text, a list or a question to the provider, and no calculation", () => {
  const about = (offer: Offer, rule: string): string[] =>
    offer.articles.filter((one) => one.rule === rule).map(({ article }) => article);

  test("SEC-01 SEC-04 three sub-services, for corporations only", () => {
    expect(Object.keys(security.terms.at(-1)?.plans ?? {})).toEqual(["endpoint", "cloud-app", "desk"]);
    expect(security.soleTraders).toBe(false);
  });

  test("OST-01 OST-22 OST-23 the service's names by version, its specification, who owns the sensors", () => {
    expect(ot.terms.map(({ labels }) => labels["basic"]?.en)).toEqual(["charges", "basic service"]);
    expect(about(ot, "OST-22")).toEqual(["a.5(4)"]);
    expect(fields(formOn(ot, "sensor", "2025-07-31")).some(({ rule }) => rule === "OST-22")).toBe(true);
    expect(ot.required.map(({ key }) => key)).toContain("sensor-owner");
  });

  test("EXP-23 the provider tells when inquiries are answered", () => {
    expect(experience.required.find(({ key }) => key === "activity:inquiry")?.hint.en).toContain("EXP-23");
    expect(about(experience, "EXP-23")).toEqual(["a.26–27"]);
  });

  test("SEC-26 SEC-69 RNS-43 RNS-44 RNS-46 RNS-47 RNS-49 are texts that an order shows", () => {
    expect(about(security, "SEC-26")).toEqual(["a.28"]);
    expect(about(security, "SEC-69")).toEqual(["Anx3 R8"]);
    expect(["RNS-43", "RNS-44", "RNS-46", "RNS-47", "RNS-49"].map((rule) => about(remote, rule))).toEqual([
      ["a.20"],
      ["a.21–22"],
      ["a.25, a.33"],
      ["a.26–28"],
      ["a.31–32"],
    ]);
  });

  test("RNS-24 RNS-28 UTM-19 UTM-30 duties and preconditions are checklists", () => {
    const points = (offer: Offer, code: string) => offer.checklists.find((list) => list.code === code)?.points.length;
    expect(points(remote, "required-equipment")).toBe(2);
    expect(points(remote, "customer-duties")).toBe(8);
    expect(points(utm, "preconditions")).toBe(9);
    expect(points(utm, "cooperation")).toBe(5);
  });

  test("RNS-18 RNS-31 UTM-24 single grounds", () => {
    expect(codes(remote, "cancellation-by-provider", "RNS-18")).toEqual(["acceptance-impossible"]);
    expect(codes(remote, "cancellation-by-provider", "RNS-31")).toEqual(["antisocial"]);
    expect(codes(utm, "discontinuance", "UTM-24")).toEqual(["restriction"]);
  });

  test("SEC-09 SEC-22 RNS-25 RNS-26 RNS-27 UTM-09 notices of those rules", () => {
    const of = (offer: Offer, kind: string) => offer.notices.find((notice) => notice.kind === kind);
    expect(of(security, "refusal")).toMatchObject({ rule: "SEC-09", by: "provider" });
    expect(of(security, "credentials")).toMatchObject({
      rule: "SEC-22",
      states: ["reason"],
      emergencyWithoutLead: true,
    });
    expect(of(remote, "details")).toMatchObject({ rule: "RNS-25", by: "customer", channels: ["post", "other"] });
    expect(of(remote, "equipment-move")).toMatchObject({ rule: "RNS-26", by: "customer", lead: { unit: "before" } });
    expect(of(remote, "power-cut")).toMatchObject({
      rule: "RNS-27",
      by: "customer",
      lead: { count: 1, unit: "month" },
    });
    expect(of(utm, "acceptance")).toMatchObject({ rule: "UTM-09", channels: ["post", "mail"] });
  });

  test("RNS-32 UTM-58 OST-17 OST-18 OST-19 how the most that is paid for a damage is found", () => {
    const caps = (offer: Offer, plan: string) =>
      offer.terms.map(({ plans }) => plans[plan]?.liabilityCap?.map(({ rule, method }) => [rule, method]));
    expect(caps(remote, "router")).toEqual([[["RNS-32", "monthly-fees-in-use"]]]);
    expect(caps(utm, "gateway").at(-1)).toEqual([["UTM-58", "days-of-outage"]]);
    expect(caps(ot, "sensor")).toEqual([
      [["OST-17", "monthly-fees-in-use"]],
      [
        ["OST-18", "monthly-fees-in-use"],
        ["OST-19", "ancillary-months"],
      ],
    ]);
  });
});
