/** Ordering a plan: the form of the day, what it will cost while it is filled in, then the order. */
import { useState, type ReactNode } from "react";
import type { Application, Customer, NewOrder, Quote } from "@yagura/commerce/applications/shapes.ts";
import type { OrderForm } from "@yagura/commerce/charging/shapes.ts";
import type { OfferedPlan } from "@yagura/commerce/offers/shapes.ts";
import { api } from "../../api.ts";
import { useFormat, useWords } from "../../language.tsx";
import { Button } from "../../parts/button.tsx";
import { Form, SelectField, TextField, useForm } from "../../parts/form.tsx";
import { Link } from "../../parts/link.tsx";
import { Banner, Empty, ErrorBox, Loaded, Loading } from "../../parts/notice.tsx";
import { Card, Page as Frame } from "../../parts/page.tsx";
import { useToast } from "../../parts/toast.tsx";
import { useChange, useGet, useRefresh } from "../../queries.ts";
import { useOrganisation } from "../../session.tsx";
import { useGo, useParams } from "../../url-state.ts";
import { dayIn } from "../../zoned.ts";
import { useServiceName } from "../data.ts";
import { useOffers } from "../offers.ts";
import { useName } from "../parts/name.ts";
import { Totals } from "../parts/lines.tsx";
import { Amount } from "../parts/why.tsx";
import { OrderFields, useComplaints } from "../parts/order-form.tsx";
import { fieldsOf, orderAnswer, orderRules, prefilled, quotable, type OrderValues } from "../parts/order-rules.ts";
import { navWords } from "../words/nav.ts";
import { orderWords } from "../words/orders.ts";
import { OfferTexts } from "./offer-texts.tsx";

/** Bills that the quote beside the form shows. */
const MONTHS = 3;
/** Fields that ask for the start, in forms that have one. */
const STARTS: ReadonlySet<string> = new Set(["desired-start", "opening"]);
const START = "desired-start-on";
/** What the staff tell of an order that they enter. */
const ORDERED = "staff-ordered-on";
const CHANNEL = "staff-channel";
const channels = ["form", "letter", "mail", "phone", "salesperson", "order-site"] as const;

export function Page(): ReactNode {
  const t = useWords(orderWords);
  const n = useWords(navWords);
  const say = useName();
  const here = useOrganisation();
  const nameOf = useServiceName();
  const { service = "", plan = "" } = useParams();
  const offers = useOffers();
  const registered = useGet<Customer>(here.api("/customer"));
  const customer = registered.data ?? (registered.error === null ? undefined : null);
  const offer = offers.data?.items.find((each) => each.service === service);
  const sold = offer?.plans.find((each) => each.plan === plan);
  const form = sold?.form;
  return (
    <Frame
      title={form === undefined ? n("order.form") : say(form.name)}
      lead={nameOf(service)}
      up={{ label: n("order"), href: here.path("office/order") }}
    >
      <Loaded query={offers} rows={12}>
        {() =>
          form === undefined || sold === undefined ? (
            <Empty title={t("form.unknown")} action={<Link href={here.path("office/order")}>{t("form.back")}</Link>} />
          ) : (
            <Prefilled customer={customer}>
              {(known) => (
                <Ordering key={`${service}/${plan}`} service={service} form={form} plan={sold} customer={known} />
              )}
            </Prefilled>
          )
        }
      </Loaded>
    </Frame>
  );
}

/** The form begins with what is registered, hence waits until that is known. */
function Prefilled({
  customer,
  children,
}: {
  readonly customer: Customer | null | undefined;
  readonly children: (customer: Customer | null) => ReactNode;
}): ReactNode {
  return customer === undefined ? <Loading rows={12} /> : children(customer);
}

/** A quote and the question that it answers. */
interface Quoted {
  readonly asked: string;
  readonly answer: Quote;
}
interface OrderingProps {
  readonly service: string;
  readonly form: OrderForm;
  readonly plan: OfferedPlan;
  /** Null: nothing is registered yet. */
  readonly customer: Customer | null;
}
function Ordering({ service, form: of, plan, customer }: OrderingProps): ReactNode {
  const t = useWords(orderWords);
  const say = useName();
  const here = useOrganisation();
  const format = useFormat();
  const toast = useToast();
  const refresh = useRefresh();
  const go = useGo();
  const complaints = useComplaints(of);
  const [quote, setQuote] = useState<Quoted | null>(null);
  const starts = startField(of);
  const ownStart = starts !== START;
  // The staff enter what came on paper or by telephone, with its day.
  const staff = here.can("contract.write");
  const form = useForm<OrderValues>({
    initial: {
      ...prefilled(of, customer),
      ...(ownStart ? {} : { [START]: dayIn("Asia/Tokyo") }),
      ...(staff ? { [ORDERED]: dayIn("Asia/Tokyo"), [CHANNEL]: "form" } : {}),
    },
    rules: (values) => orderRules(of, values),
    check: complaints,
    submit: async (values) => {
      const { items, fields } = orderAnswer(of, values);
      const start = String(values[starts] ?? "");
      const body: NewOrder = {
        channel: staff ? (String(values[CHANNEL]) as NewOrder["channel"]) : "order-site",
        ...(staff && values[ORDERED] !== "" ? { orderedOn: String(values[ORDERED]) } : {}),
        lines: [
          {
            service,
            plan: of.plan,
            items,
            fields: fields as NewOrder["lines"][number]["fields"],
            ...(start === "" ? {} : { desiredStartOn: start }),
            ...(quote?.asked === quoteBody(service, of, values) ? { quoteId: quote.answer.id } : {}),
          },
        ],
      };
      const made = await api.post<readonly Application[]>(here.api("/applications"), body);
      const first = made[0];
      toast(t(made.some(({ state }) => state === "incomplete") ? "form.sentIncomplete" : "form.sent"));
      refresh([here.api("/applications")]);
      go(here.path(first === undefined ? "office/applications" : `office/applications/${first.id}`));
    },
  });
  const itemText = (item: string): { name: string; note: string } => {
    const found = plan.items.find((each) => each.item === item);
    if (found === undefined) return { name: item, note: "" };
    const amount = found.price === null ? null : format.yen(found.price.amount);
    const cost = amount === null ? t("offers.noPrice") : t(found.monthly ? "offers.month" : "offers.once", { amount });
    return { name: say(found.name), note: cost };
  };
  const asked = quoteBody(service, of, form.values);
  return (
    <div className="order">
      <Form form={form} action={t("form.send")} label={say(of.name)}>
        {staff ? (
          <fieldset className="order-section">
            <legend>{t("staff.paper")}</legend>
            <TextField
              form={form}
              name={ORDERED}
              label={t("staff.ordered")}
              hint={t("staff.orderedHint")}
              type="date"
            />
            <SelectField
              form={form}
              name={CHANNEL}
              label={t("staff.channel")}
              options={channels.map((each) => ({ value: each, label: t(`channel.${each}`) }))}
            />
          </fieldset>
        ) : null}
        <OrderFields of={of} form={form} itemText={itemText} />
        {ownStart ? null : (
          <TextField form={form} name={START} label={t("form.start")} hint={t("form.startHint")} type="date" />
        )}
      </Form>
      <aside className="order-sum" aria-label={t("quote.title")}>
        <QuoteCard asked={asked} ready={quotable(of, form.values)} quote={quote} take={setQuote} />
        <OfferTexts service={service} plan={of.plan} />
      </aside>
    </div>
  );
}

/** Where the form itself asks for the start, it is not asked for twice. */
const startField = (of: OrderForm): string => fieldsOf(of).find(({ name }) => STARTS.has(name))?.name ?? START;

/** The question that a quote answers: quantities, attributes, start. */
function quoteBody(service: string, of: OrderForm, values: OrderValues): string {
  const { items, fields } = orderAnswer(of, values);
  const named = fieldsOf(of).filter((field) => field.attribute === true && typeof fields[field.name] === "string");
  const start = String(values[startField(of)] ?? "");
  return JSON.stringify({
    service,
    plan: of.plan,
    items,
    attributes: Object.fromEntries(named.map((field) => [field.name, String(fields[field.name])])),
    startOn: start === "" ? dayIn("Asia/Tokyo") : start,
    months: MONTHS,
  });
}

interface QuoteProps {
  readonly asked: string;
  readonly ready: boolean;
  readonly quote: Quoted | null;
  readonly take: (quote: Quoted) => void;
}
/** What the order would cost, by the function that makes the bill. Its prices stay the contract's that is made of it. */
function QuoteCard({ asked, ready, quote, take }: QuoteProps): ReactNode {
  const t = useWords(orderWords);
  const format = useFormat();
  const say = useName();
  const here = useOrganisation();
  const ask = useChange<string, Quote>((body) => api.post<Quote>(here.api("/quotes"), JSON.parse(body)), {
    done: (answer, body) => take({ asked: body, answer }),
  });
  const old = quote !== null && quote.asked !== asked;
  return (
    <Card>
      <h2>{t("quote.title")}</h2>
      <p className="soft small">
        {t("quote.first", { n: format.number(MONTHS) })} {t("quote.same")}
      </p>
      {ready ? null : <p className="soft">{t("quote.wait")}</p>}
      <Button disabled={!ready} busy={ask.isPending} onClick={() => ask.mutate(asked)}>
        {t(old ? "quote.again" : "quote.ask")}
      </Button>
      {ask.error === null ? null : <ErrorBox error={ask.error} title={t("form.check")} />}
      {quote === null ? null : (
        <div className={old ? "quote quote-old" : "quote"} aria-live="polite">
          {old ? <p className="small">{t("quote.old")}</p> : null}
          {quote.answer.hints.length === 0 ? null : (
            <Banner title={t("quote.hints")}>{quote.answer.hints.map((hint) => say(hint)).join(" ")}</Banner>
          )}
          <ul className="quote-lines">
            {quote.answer.lines.map((line) => (
              <li key={line.key}>
                <span>
                  {say(line.description)}
                  <span className="fact-note">{format.month(line.billMonth)}</span>
                </span>
                <Amount of={line} />
              </li>
            ))}
          </ul>
          <Totals totals={quote.answer.totals} />
        </div>
      )}
    </Card>
  );
}
