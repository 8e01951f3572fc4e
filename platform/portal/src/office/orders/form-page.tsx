/** Ordering a plan: the form of the day, what it will cost while it is filled in, then the order. */
import { useDeferredValue, type ReactNode } from "react";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import type { Application, NewOrder, Quote } from "@yagura/commerce/applications/shapes.ts";
import type { OrderForm } from "@yagura/commerce/charging/shapes.ts";
import type { OfferedPlan } from "@yagura/commerce/offers/shapes.ts";
import { api, type ApiError } from "../../api.ts";
import { useFormat, useSay, useWords } from "../../language.tsx";
import { Form, TextField, useForm } from "../../parts/form.tsx";
import { Link } from "../../parts/link.tsx";
import { Banner, Empty, ErrorBox, Loaded, Loading } from "../../parts/notice.tsx";
import { Card, Page as Frame } from "../../parts/page.tsx";
import { useToast } from "../../parts/toast.tsx";
import { useRefresh } from "../../queries.ts";
import { useOrganisation } from "../../session.tsx";
import { useGo, useParams } from "../../url-state.ts";
import { dayIn } from "../../zoned.ts";
import { useServiceName } from "../data.ts";
import { useOffers } from "../offers.ts";
import { LinesTable, Totals } from "../parts/lines.tsx";
import { OrderFields, useComplaints } from "../parts/order-form.tsx";
import { emptyOrder, fieldsOf, orderAnswer, orderRules, quotable, type OrderValues } from "../parts/order-rules.ts";
import { navWords } from "../words/nav.ts";
import { orderWords } from "../words/orders.ts";

/** Bills that the quote beside the form shows. */
const MONTHS = 3;
const START = "desired-start-on";

export function Page(): ReactNode {
  const t = useWords(orderWords);
  const n = useWords(navWords);
  const say = useSay();
  const here = useOrganisation();
  const nameOf = useServiceName();
  const { service = "", plan = "" } = useParams();
  const offers = useOffers();
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
            <Ordering key={`${service}/${plan}`} service={service} form={form} plan={sold} />
          )
        }
      </Loaded>
    </Frame>
  );
}

interface OrderingProps {
  readonly service: string;
  readonly form: OrderForm;
  readonly plan: OfferedPlan;
}
function Ordering({ service, form: of, plan }: OrderingProps): ReactNode {
  const t = useWords(orderWords);
  const say = useSay();
  const here = useOrganisation();
  const toast = useToast();
  const refresh = useRefresh();
  const go = useGo();
  const complaints = useComplaints(of);
  // Where the form itself asks for the start, it is not asked for twice.
  const ownStart = fieldsOf(of).some(({ name }) => name === START);
  const form = useForm<OrderValues>({
    initial: { ...emptyOrder(of), ...(ownStart ? {} : { [START]: dayIn("Asia/Tokyo") }) },
    rules: (values) => orderRules(of, values),
    check: complaints,
    submit: async (values) => {
      const { items, fields } = orderAnswer(of, values);
      const start = String(values[START] ?? "");
      const body: NewOrder = {
        channel: "order-site",
        lines: [
          {
            service,
            plan: of.plan,
            items,
            fields: fields as NewOrder["lines"][number]["fields"],
            ...(start === "" ? {} : { desiredStartOn: start }),
          },
        ],
      };
      const made = asList(await api.post<Application | readonly Application[]>(here.api("/applications"), body));
      const first = made[0];
      toast(t(made.some(({ state }) => state === "incomplete") ? "form.sentIncomplete" : "form.sent"));
      refresh([here.api("/applications")]);
      go(here.path(first === undefined ? "office/applications" : `office/applications/${first.id}`));
    },
  });
  const itemText = (item: string): { name: string; note: string } => {
    const found = plan.items.find((each) => each.item === item);
    return found === undefined ? { name: item, note: "" } : { name: say(found.name), note: say(found.unit) };
  };
  return (
    <div className="order">
      <Form form={form} action={t("form.send")} label={say(of.name)}>
        <OrderFields of={of} form={form} itemText={itemText} />
        {ownStart ? null : (
          <TextField form={form} name={START} label={t("form.start")} hint={t("form.startHint")} type="date" />
        )}
      </Form>
      <aside className="order-sum" aria-label={t("quote.title")}>
        <QuoteCard service={service} form={of} values={form.values} />
      </aside>
    </div>
  );
}

const asList = <T,>(answer: T | readonly T[]): readonly T[] => (Array.isArray(answer) ? answer : [answer as T]);

interface QuoteProps {
  readonly service: string;
  readonly form: OrderForm;
  readonly values: OrderValues;
}
/** What the order would cost, by the function that makes the bill; computed again as the quantities change. */
function QuoteCard({ service, form, values }: QuoteProps): ReactNode {
  const t = useWords(orderWords);
  const format = useFormat();
  const say = useSay();
  const here = useOrganisation();
  const ready = quotable(form, values);
  const { items, fields } = orderAnswer(form, values);
  const attributes = Object.fromEntries(
    fieldsOf(form)
      .filter((field) => field.attribute === true && typeof fields[field.name] === "string")
      .map((field) => [field.name, String(fields[field.name])]),
  );
  const start = String(values[START] ?? "");
  const body = useDeferredValue(
    JSON.stringify({
      service,
      plan: form.plan,
      items,
      attributes,
      startOn: start === "" ? dayIn("Asia/Tokyo") : start,
      months: MONTHS,
    }),
  );
  const quote = useQuery<Quote, ApiError>({
    queryKey: [here.api("/quotes/preview"), body],
    queryFn: () => api.post<Quote>(here.api("/quotes/preview"), JSON.parse(body)),
    enabled: ready,
    placeholderData: keepPreviousData,
  });
  return (
    <Card>
      <h2>{t("quote.title")}</h2>
      {!ready ? <p className="soft">{t("quote.wait")}</p> : null}
      {ready && quote.data === undefined && quote.error === null ? <Loading rows={4} /> : null}
      {quote.error === null ? null : <ErrorBox error={quote.error} />}
      {ready && quote.data !== undefined ? (
        <>
          <p className="soft small">
            {t("quote.first", { n: format.number(MONTHS) })} {t("quote.same")}
          </p>
          {quote.data.hints.length === 0 ? null : (
            <Banner title={t("quote.hints")}>{quote.data.hints.map((hint) => say(hint)).join(" ")}</Banner>
          )}
          <LinesTable id="quote" urlKey="q" lines={quote.data.lines} plain ofOneContract />
          <Totals totals={quote.data.totals} />
        </>
      ) : null}
    </Card>
  );
}
