/**
 * A contract as charging reads it: its facts in order, the days that rules hang on (S, C, acceptance, inspection), and the
 * terms, prices and settings of any day. What is missing or contradicts itself is collected, one issue per field, and refused
 * together at the end.
 */
import { addDays, monthsFromFirstDay, type Day } from "@yagura/core/calendar.ts";
import type { Yen } from "@yagura/core/yen.ts";
import { agreedTerms, isAgreedOn } from "./agreements.ts";
import { addBusinessDays, HoursMissing } from "./business-days.ts";
import { earliestEnd } from "./end.ts";
import type { ContractFacts, Fact, FactKind, FactOf } from "./facts.ts";
import { index, inForce, own, type Index, type TermsOn } from "./index.ts";
import { FactsInvalid, type Issue } from "./issues.ts";
import type { ItemTerms, Tables, TermsVersion, Text } from "./tables.ts";

/** A fact with its place in the file. */
export type Placed<K extends FactKind = FactKind> = { readonly at: number; readonly fact: FactOf<K> };

/** C: the cancellation date, by whom and why. */
export interface End {
  readonly on: Day;
  readonly by: FactOf<"cancelled">["by"];
  readonly fault: "customer" | "provider" | "none";
}
export interface UnitPrice {
  readonly amount: Yen;
  /** Price book or agreement. */
  readonly basis: string;
  /** As the price table prints it with tax: display only. */
  readonly display: Yen | null;
}

export class Contract {
  readonly facts: ContractFacts;
  readonly tables: Tables;
  readonly index: Index;
  readonly issues: Issue[] = [];
  /** Last day of the range asked for: what is asked “now”, such as seats and quotas, is told as of then. */
  readonly asOf: Day;
  private readonly byKind = new Map<FactKind, Placed[]>();
  private readonly agreed = new Map<string, TermsOn>();
  private readonly priceFacts: boolean;
  private foundEnd: End | null | undefined;

  constructor(tables: Tables, facts: ContractFacts, asOf: Day) {
    this.tables = tables;
    this.index = index(tables);
    this.facts = facts.anchor === undefined ? anchored(this.index, facts) : facts;
    this.asOf = asOf;
    const placed = facts.facts.map((fact: Fact, at) => ({ at, fact }));
    // Stable: facts of one day keep the order of the file.
    placed.sort((a, b) => (a.fact.on < b.fact.on ? -1 : a.fact.on > b.fact.on ? 1 : 0));
    for (const one of placed) {
      const rest = this.byKind.get(one.fact.kind);
      if (rest === undefined) this.byKind.set(one.fact.kind, [one]);
      else rest.push(one);
    }
    this.priceFacts = this.byKind.has("price-agreed") || this.byKind.has("discount");
  }

  /** Whether anything but the plain life of a contract happened: most contracts of most months skip the rest. */
  get hasEvents(): boolean {
    for (const kind of this.byKind.keys()) if (!plain.has(kind)) return true;
    return false;
  }

  /** Facts of a kind by day. */
  of<K extends FactKind>(kind: K): readonly Placed<K>[] {
    return (this.byKind.get(kind) ?? none) as unknown as readonly Placed<K>[];
  }
  first<K extends FactKind>(kind: K): FactOf<K> | undefined {
    return this.of(kind)[0]?.fact;
  }
  last<K extends FactKind>(kind: K): FactOf<K> | undefined {
    return this.of(kind).at(-1)?.fact;
  }

  /** S. OST-16: the opening date counts as the start, installed or not, whatever day the work was really done. */
  get startedOn(): Day | null {
    const [started, opening] = [this.last("started")?.on, this.last("opening")?.on];
    if (started === undefined || opening === undefined) return started ?? opening ?? null;
    return opening < started ? opening : started;
  }
  get inspectedOn(): Day | null {
    return this.last("inspected")?.on ?? null;
  }
  /** The day from which initial fees are owed (SEC-31). */
  get acceptedOn(): Day | null {
    return this.last("accepted")?.on ?? this.startedOn;
  }

  /** C: as cancelled, else as asked for, else the end of the longest use; null while the contract goes on. */
  get end(): End | null {
    if (this.foundEnd === undefined) this.foundEnd = this.findEnd();
    return this.foundEnd;
  }
  private findEnd(): End | null {
    const cancelled = this.last("cancelled");
    const longest = this.longestUse();
    const told: End | null =
      cancelled === undefined
        ? this.requestedEnd()
        : { on: cancelled.on, by: cancelled.by, fault: cancelled.fault ?? "none" };
    // UTM-08: it ends by itself; nothing goes on beyond.
    if (longest !== null && (told === null || told.on > longest.firstDayAfter))
      return { on: longest.firstDayAfter, by: "longest-use", fault: "none" };
    return told;
  }
  private requestedEnd(): End | null {
    const request = this.last("cancellation-requested");
    if (request === undefined) return null;
    const terms = this.termsOn(request.desiredOn);
    if (terms === null) return null;
    return {
      on: this.hours(() => earliestEnd(this, terms.plan.cancellation, request)) ?? request.desiredOn,
      by: request.by ?? "customer",
      fault: "none",
    };
  }

  /** UTM-08: the last day of the longest use, counted from S; the years are those in force on the last day asked for. */
  longestUse(): { readonly rule: string; readonly last: Day; readonly firstDayAfter: Day } | null {
    const from = this.startedOn;
    if (from === null) return null;
    const longest = this.knownTermsOn(this.asOf > from ? this.asOf : from)?.plan.longestUse;
    const years = own(longest?.yearsByModel, this.attribute("model", from) ?? "");
    if (longest === undefined || years === undefined) return null;
    const last = monthsFromFirstDay(from, years * 12);
    return { rule: longest.rule, last, firstDayAfter: addDays(last, 1) };
  }

  /** Value of an attribute on a day: of the order, or as changed since. */
  attribute(name: string, day: Day): string | undefined {
    let value = this.facts.attributes?.[name];
    for (const { fact } of this.of("attribute")) {
      if (fact.on > day) break;
      if (fact.name === name) value = fact.value;
    }
    return value;
  }

  /** The plan's terms on a rule date with the agreements of that day, or null after an issue was noted. */
  termsOn(day: Day): TermsOn | null {
    const found = this.knownTermsOn(day);
    if (found === null) this.refuseTerms(day);
    return found;
  }
  /** The same without complaint. */
  knownTermsOn(day: Day): TermsOn | null {
    const found = this.index.plan(this.facts.service, this.facts.plan, day);
    if (found === undefined) return null;
    const all = this.of("parameter-agreed");
    const agreements = all.length === 0 ? all : all.filter(({ fact }) => isAgreedOn(fact, day));
    if (agreements.length === 0) return found;
    const key = `${found.version}|${agreements.map(({ at }) => at).join()}`;
    const kept = this.agreed.get(key);
    if (kept !== undefined) return kept;
    const facts = agreements.map(({ fact }) => fact);
    const made: TermsOn = { version: found.version, plan: agreedTerms(found.plan, facts) };
    this.agreed.set(key, made);
    return made;
  }
  item(code: string, day: Day): ItemTerms | undefined {
    return this.termsOn(day)?.plan.items[code];
  }

  /**
   * Price of one of an item on a day: a discount before an agreed price before the price book. 0 after an issue was noted
   * when there is none.
   */
  price(item: string, day: Day, discounts = true): UnitPrice {
    if (this.priceFacts) {
      const agreed =
        (discounts ? this.agreedPrice("discount", item, day) : undefined) ??
        this.agreedPrice("price-agreed", item, day);
      if (agreed !== undefined) return agreed;
    }
    const row = this.index.prices(this.facts.service, this.facts.plan, item).findLast((one) => inForce(one, day));
    if (row !== undefined) return { amount: row.amount, basis: row.book, display: row.display };
    this.refusePrice(item, day);
    return { amount: 0, basis: "", display: null };
  }
  private agreedPrice(kind: "discount" | "price-agreed", item: string, day: Day): UnitPrice | undefined {
    const found = this.of(kind).findLast(({ fact }) => fact.item === item && isAgreedOn(fact, day))?.fact;
    if (found === undefined) return undefined;
    return {
      amount: found.amount,
      basis: found.reference,
      display: null,
    };
  }
  /** Days inside the range on which the price of an item may change. */
  priceDays(item: string, after: Day, to: Day): Day[] {
    const days: Day[] = [];
    const add = (day: Day | null): void => {
      if (day !== null && day > after && day <= to) days.push(day);
    };
    for (const row of this.index.prices(this.facts.service, this.facts.plan, item)) {
      add(row.from);
      add(row.until);
    }
    if (!this.priceFacts) return days;
    for (const { fact } of [...this.of("discount"), ...this.of("price-agreed")]) {
      if (fact.item !== item) continue;
      add(fact.on);
      if (fact.until !== undefined) add(addDays(fact.until, 1));
    }
    return days;
  }

  /** A setting of the service on a day; undefined when the provider has not set it. */
  setting(key: string, day: Day): unknown {
    return this.index.setting(this.facts.service, key, day);
  }
  /** A reading of section 8 as set on a day, e.g. `A-SEC-3`. */
  reading(id: string, day: Day): string | undefined {
    const value = this.setting(`reading:${id}`, day);
    return typeof value === "string" ? value : undefined;
  }

  issue(pointer: string, text: Text): void {
    if (!this.issues.some((one) => one.pointer === pointer && one.text.en === text.en))
      this.issues.push({ pointer, text });
  }
  /** Runs something that needs hours of business; null after an issue was noted when there are none. */
  hours<T>(run: () => T): T | null {
    try {
      return run();
    } catch (error) {
      if (!(error instanceof HoursMissing)) throw error;
      this.issue("/tables/activities", {
        en: `No hours of “${error.activity}” of the service ${error.service} are in force on ${error.day}. Enter the hours in the business calendar.`,
        ja: `${error.day} に有効な「${error.activity}」（サービス: ${error.service}）の営業時間がありません。営業カレンダーに登録してください。`,
      });
      return null;
    }
  }
  businessDays(activity: string, day: Day, count: number): Day | null {
    return this.hours(() => addBusinessDays(this.tables, this.facts.service, activity, day, count));
  }

  /** Price × quantity; 0 after an issue was noted when it cannot be told to the yen. */
  product(item: string, price: Yen, quantity: number, day: Day): Yen {
    const amount = price * quantity;
    if (Number.isSafeInteger(amount)) return amount;
    this.issue("/items", {
      en: `“${item}” on ${day}, ${price} yen × ${quantity}, is more than can be computed to the yen. Check price and quantity.`,
      ja: `${day} の「${item}」（${price}円 × ${quantity}）は、1円単位で計算できる上限を超えています。価格と数量を確かめてください。`,
    });
    return 0;
  }

  /** FactsInvalid with everything that was noted. */
  assertSound(): void {
    if (this.issues.length > 0) throw new FactsInvalid(this.facts.contract, this.issues);
  }

  /** Only the date of the version in force is known, not its text (UTM-86, SEC-73). */
  isByDateOnly(day: Day): boolean {
    return this.index.terms(this.facts.service, day)?.known === false;
  }
  /** The terms of a day lack a monthly item that the contract has. */
  refuseItem(code: string, day: Day): void {
    const version = this.index.terms(this.facts.service, day)?.code ?? "";
    if (this.isByDateOnly(day)) return this.refuseText(version, day);
    this.issue("/items", {
      en: `The terms ${version} in force on ${day} have no monthly item “${code}”.`,
      ja: `${day} に有効な約款 ${version} に「${code}」という月額の品目はありません。`,
    });
  }
  private refuseText(version: string, day: Day): void {
    const { service } = this.facts;
    this.issue("/tables/terms", {
      en: `The terms ${version} of the service ${service}, in force on ${day}, are known by their date only. Supply their text to compute with them.`,
      ja: `${day} に有効な ${service} の約款 ${version} は改定日しか分かっていません。計算するには、その版の内容を登録してください。`,
    });
  }
  private refusePrice(item: string, day: Day): void {
    const { service, plan } = this.facts;
    this.issue("/tables/prices", {
      en: `There is no price of ${service}/${plan}/${item} on ${day}. Load it with the price book, or give it in tables.prices.`,
      ja: `${day} の ${service}/${plan}/${item} の価格がありません。価格表に登録するか、tables.prices で指定してください。`,
    });
  }
  private refuseTerms(day: Day): void {
    const { service, plan } = this.facts;
    const versions: readonly TermsVersion[] = this.index.versions(service);
    const version = this.index.terms(service, day);
    if (versions.length === 0)
      return this.issue("/service", {
        en: `There is no service “${service}”. There are: ${names(new Set(this.tables.terms.map((one) => one.service)))}.`,
        ja: `「${service}」というサービスはありません。指定できるサービス: ${names(new Set(this.tables.terms.map((one) => one.service)))}`,
      });
    const plans = new Set(versions.flatMap((one) => Object.keys(one.plans)));
    if (!plans.has(plan))
      return this.issue("/plan", {
        en: `The service ${service} has no plan “${plan}”. It has: ${names(plans)}.`,
        ja: `サービス ${service} に「${plan}」というプランはありません。指定できるプラン: ${names(plans)}`,
      });
    if (version === undefined)
      return this.issue("/tables/terms", {
        en: `No terms of the service ${service} are in force on ${day}. Enter the version of the terms that holds on that day.`,
        ja: `${day} に有効な ${service} の約款がありません。その日に有効な版を登録してください。`,
      });
    if (version.known === false) return this.refuseText(version.code, day);
    this.issue("/tables/terms", {
      en: `The terms ${version.code} of the service ${service}, in force on ${day}, do not have the plan “${plan}”.`,
      ja: `${day} に有効な ${service} の約款 ${version.code} に「${plan}」というプランはありません。`,
    });
  }
}

/**
 * COM-05: the provider's setting `anchor` is the first value of a contract that names none: that of the day of its acceptance. A
 * later value is for later contracts, else fee months would overlap or leave a gap; `anchor` facts move those that there are.
 */
function anchored(tables: Index, facts: ContractFacts): ContractFacts {
  let day: Day | undefined;
  for (const kind of ["accepted", "started", "opening", "inspected"])
    day ??= facts.facts.find((fact) => fact.kind === kind)?.on;
  const set = day === undefined ? undefined : tables.setting(facts.service, "anchor", day);
  return typeof set === "number" && set !== 1 ? { ...facts, anchor: set } : facts;
}

const none: readonly Placed[] = [];
const plain: ReadonlySet<FactKind> = new Set<FactKind>([
  "applied",
  "accepted",
  "started",
  "inspected",
  "cancelled",
  "quantity",
  "opening",
  "installed",
]);
const names = (values: Iterable<string>): string => [...values].toSorted().join(", ");
