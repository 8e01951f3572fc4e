/** Contracts of each service, for tests: TEST prices where the terms leave them to the provider. */
import type { ContractFacts, Fact } from "@yagura/commerce/charging/facts.ts";
import { FactsInvalid } from "@yagura/commerce/charging/issues.ts";
import type { ChargeLine } from "@yagura/commerce/charging/lines.ts";
import type { Price, Tables } from "@yagura/commerce/charging/tables.ts";
import { tables as shipped } from "./world.ts";

const price = (service: string, plan: string, item: string, amount: number): Price => ({
  service,
  plan,
  item,
  amount,
  display: null,
  from: null,
  until: null,
  book: "TEST",
});

export const tables: Tables = {
  ...shipped,
  prices: [
    ...shipped.prices,
    price("experience", "agent", "agent", 1_000),
    price("remote", "router", "base", 12_000),
    price("remote", "router", "installation", 50_000),
    price("remote", "router", "vpn", 3_000),
    price("remote", "router", "client-support", 700),
    price("remote", "router", "early-termination", 40_000),
    price("remote", "router", "equipment-damage", 70_000),
    price("remote", "router", "visit-surcharge", 8_000),
    price("utm", "gateway", "reprocurement-ssb10", 90_000),
  ],
};

type More = Partial<Omit<ContractFacts, "facts">>;
const make = (base: Omit<ContractFacts, "facts">, facts: readonly Fact[], more: More): ContractFacts => ({
  ...base,
  ...more,
  facts: [...facts],
});

export const experience = (facts: readonly Fact[], more: More = {}): ContractFacts =>
  make({ contract: "E", service: "experience", plan: "agent", items: { agent: 1 } }, facts, more);
export const endpoint = (facts: readonly Fact[], more: More = {}): ContractFacts =>
  make({ contract: "S", service: "security", plan: "endpoint", items: { "seat-1": 7 } }, facts, more);
export const desk = (facts: readonly Fact[], more: More = {}): ContractFacts =>
  make({ contract: "D", service: "security", plan: "desk", items: { base: 1 } }, facts, more);
export const router = (facts: readonly Fact[], more: More = {}): ContractFacts =>
  make({ contract: "R", service: "remote", plan: "router", items: { base: 1 } }, facts, more);
export const sensor = (facts: readonly Fact[], more: More = {}): ContractFacts =>
  make(
    {
      contract: "O",
      service: "ot",
      plan: "sensor",
      items: { basic: 1, "initial-n": 0 },
      attributes: { "sensor-type": "n" },
    },
    facts,
    more,
  );
export const gateway = (facts: readonly Fact[], more: More = {}): ContractFacts =>
  make(
    {
      contract: "U",
      service: "utm",
      plan: "gateway",
      items: { base: 1 },
      attributes: { model: "ssb10", licence: "plain", "line-model": "own", holder: "corporation" },
    },
    facts,
    more,
  );

export const started = (on: string): Fact => ({ kind: "started", on });
export const accepted = (on: string): Fact => ({ kind: "accepted", on });
export const inspected = (on: string): Fact => ({ kind: "inspected", on });
export const cancelled = (on: string, by: "customer" | "provider" | "withdrawal" = "customer"): Fact => ({
  kind: "cancelled",
  on,
  by,
});
export const quantity = (on: string, item: string, count: number): Fact => ({
  kind: "quantity",
  on,
  item,
  quantity: count,
});

export const sum = (lines: readonly ChargeLine[], kind?: string): number =>
  lines.filter((line) => kind === undefined || line.kind === kind).reduce((total, { amount }) => total + amount, 0);
/** Days that recurring lines charge. */
export const daysOf = (lines: readonly ChargeLine[]): number =>
  lines.filter(({ kind }) => kind === "recurring").reduce((total, { why }) => total + Number(why.inputs["days"]), 0);

/** The complaints of what is refused. */
export function complaints(run: () => unknown): readonly string[] {
  try {
    run();
  } catch (error) {
    if (error instanceof FactsInvalid) return error.issues.map(({ pointer, text }) => `${pointer} ${text.en}`);
    throw error;
  }
  return [];
}
