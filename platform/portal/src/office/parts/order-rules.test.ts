/** Order forms from data: limits before they are hit, conditional fields, consents, what is sent. */
import { describe, expect, test } from "vitest";
import type { OrderForm } from "@yagura/commerce/charging/shapes.ts";
import { checkValue } from "../../form-rules.ts";
import { emptyOrder, orderAnswer, orderComplaints, prefilled, orderRules, quotable } from "./order-rules.ts";

const text = (word: string) => ({ ja: word, en: word });
const form: OrderForm = {
  plan: "agent",
  from: "2023-08-01",
  until: null,
  name: text("form"),
  sections: [
    {
      title: text("one"),
      fields: [
        { name: "label", label: text("label"), rule: "EXP-03", type: "text", required: true, maximum: 15 },
        { name: "holder", label: text("holder"), rule: "EXP-08", type: "mail", required: true },
        { name: "number", label: text("number"), rule: "COM-31", type: "corporate-number", required: true },
        {
          name: "kind",
          label: text("kind"),
          rule: "X",
          type: "choice",
          required: false,
          choices: [{ value: "b", text: text("b") }],
        },
        {
          name: "why",
          label: text("why"),
          rule: "X",
          type: "text",
          required: true,
          when: { field: "kind", value: "b" },
        },
        { name: "days", label: text("days"), rule: "UTM-72", type: "choices", required: true, least: 2, choices: [] },
        { name: "agree", label: text("agree"), rule: "EXP-15", type: "consent", required: true },
      ],
    },
  ],
  items: [{ item: "agent", minimum: 0, maximum: 50, initially: 1 }],
  checks: [],
};

describe("order forms", () => {
  test("EXP-03: 15 full-width characters are taken and 16 half-width ones refused", () => {
    const rule = orderRules(form, emptyOrder(form))["label"] ?? {};
    expect(checkValue(rule, "営業部ノートパソコン用端末01")).toBeNull();
    expect(checkValue(rule, "a".repeat(16))).toMatchObject({ key: "form.maxLength", limit: 15, n: 16 });
  });

  test("a field that depends on another is asked for, checked and sent only where the other has the value", () => {
    const without = emptyOrder(form);
    expect(orderRules(form, without)["why"]).toBeUndefined();
    const having = { ...without, kind: "b", why: " because " };
    expect(orderRules(form, having)["why"]).toBeDefined();
    expect(orderAnswer(form, having).fields).toMatchObject({ kind: "b", why: "because" });
    expect(orderAnswer(form, { ...having, kind: "" }).fields).not.toHaveProperty("why");
  });

  test("UTM-72, EXP-15: too few choices and a missing consent are told at their fields", () => {
    const values = { ...emptyOrder(form), days: ["1"] };
    expect(orderComplaints(form, values)).toMatchObject({ days: { key: "form.least", n: 2 }, agree: "form.consent" });
    expect(orderComplaints(form, { ...values, days: ["1", "2"], agree: true })).toEqual({});
  });

  test("nothing ordered is refused and not quoted", () => {
    const values = { ...emptyOrder(form), agent: "0" };
    expect(orderComplaints(form, values)).toMatchObject({ agent: "form.nothing" });
    expect(quotable(form, values)).toBe(false);
    expect(quotable(form, { ...values, agent: "51" })).toBe(false);
    expect(quotable(form, { ...values, agent: "50" })).toBe(true);
    expect(orderAnswer(form, { ...values, agent: "50" }).items).toEqual({ agent: 50 });
  });

  test("EXP-08: what is registered need not be written again", () => {
    const details = {
      holder: "青葉製作所株式会社",
      address: "仙台市",
      contact: "佐藤",
      mail: "a@example.jp",
      billingAddressee: "経理部",
      billingAddress: "東京都",
      billingContact: "鈴木",
    };
    const customer = {
      kind: "corporation" as const,
      corporateNumber: "7000012050002",
      declaration: null,
      bounced: [],
      details,
      updatedAt: "2026-11-20T00:00:00Z",
    };
    const field = (name: string, type: "text" | "mail") => ({
      name,
      type,
      label: text(name),
      rule: "EXP-08",
      required: true,
    });
    const fields = [field("holder-name", "text"), field("billing-contact", "mail"), field("label", "text")];
    const asked: OrderForm = { ...form, sections: [{ title: text("one"), fields }] };
    expect(prefilled(asked, customer)).toMatchObject({
      "holder-name": "青葉製作所株式会社",
      "billing-contact": "a@example.jp",
      label: "",
    });
    expect(prefilled(asked, null)).toMatchObject({ "holder-name": "" });
  });
});
