/** A change order: what changes from when, what it costs before and after, then the order. */
import { useState, type ReactNode } from "react";
import type { ChangeAnswer, ContractDetail, OrderedChange } from "@yagura/commerce/contracts/shapes.ts";
import type { Static } from "typebox";
import { api } from "../../api.ts";
import { useFormat, useWords } from "../../language.tsx";
import { Button } from "../../parts/button.tsx";
import { NumberField, SelectField, TextField, useForm } from "../../parts/form.tsx";
import { ErrorBox, Loaded } from "../../parts/notice.tsx";
import { Page as Frame, Section } from "../../parts/page.tsx";
import { DataTable } from "../../parts/table.tsx";
import { useToast } from "../../parts/toast.tsx";
import { useChange, useGet, useRefresh } from "../../queries.ts";
import { useOrganisation } from "../../session.tsx";
import { useGo, useParams } from "../../url-state.ts";
import { dayIn } from "../../zoned.ts";
import { useItemName, usePlanItems } from "../offers.ts";
import { textColumn } from "../../parts/columns.tsx";
import { changeColumn, yenColumn } from "../parts/columns.tsx";
import { contractWords } from "../words/contracts.ts";
import { Derived } from "./costs.tsx";

type Answer = Static<typeof ChangeAnswer>;
const kinds = ["quantity", "option-started", "option-ended", "purchase"] as const;
type Kind = (typeof kinds)[number];

export function Page(): ReactNode {
  const t = useWords(contractWords);
  const here = useOrganisation();
  const { contract: id = "" } = useParams();
  const path = here.api(`/contracts/${id}`);
  const contract = useGet<ContractDetail>(path);
  return (
    <Frame
      title={`${t("act.change")} ${contract.data?.number ?? ""}`}
      up={{ label: t("cancel.open"), href: here.path(`office/contracts/${id}`) }}
      narrow
    >
      <Loaded query={contract} rows={8}>
        {(data) => <Change contract={data} path={path} />}
      </Loaded>
    </Frame>
  );
}

/** The one change that the form describes. */
function changeOf(kind: Kind, item: string, quantity: number): OrderedChange {
  if (kind === "option-ended") return { kind, item };
  return { kind, item, quantity };
}

function Change({ contract, path }: { readonly contract: ContractDetail; readonly path: string }): ReactNode {
  const t = useWords(contractWords);
  const here = useOrganisation();
  const toast = useToast();
  const refresh = useRefresh();
  const go = useGo();
  const nameOf = useItemName(contract.service, contract.plan);
  const known = usePlanItems(contract.service, contract.plan);
  const items = [...new Set([...Object.keys(contract.items), ...known])];
  const [looked, setLooked] = useState<{ readonly at: string; readonly answer: Answer } | null>(null);
  const simulate = useChange<string, Answer>((body) => api.post<Answer>(`${path}/simulate/change`, JSON.parse(body)), {
    done: (answer, at) => setLooked({ at, answer }),
  });
  const form = useForm({
    initial: {
      kind: "quantity",
      item: items[0] ?? "",
      quantity: String(contract.items[items[0] ?? ""] ?? 1),
      on: dayIn("Asia/Tokyo"),
    },
    rules: { quantity: { type: "integer", minimum: 0, maximum: 1_000_000 }, on: { pattern: /^\d{4}-\d{2}-\d{2}$/ } },
    submit: async () => {
      await api.post(`${path}/change-orders`, JSON.parse(asked));
      toast(t("order.sent"));
      refresh([here.api("/contracts")]);
      go(here.path(`office/contracts/${contract.id}?tab=content`));
    },
  });
  const { kind, item, quantity, on } = form.values;
  const asked = JSON.stringify({ effectiveOn: on, changes: [changeOf(kind as Kind, item, Number(quantity))] });
  // What was looked at is what is ordered: another quantity has to be looked at first.
  const shown = looked?.at === asked ? looked.answer : null;
  const complete = item !== "" && form.errorOf("quantity") === undefined && form.errorOf("on") === undefined;
  return (
    <div className="stack-wide">
      <div className="form">
        <SelectField
          form={form}
          name="kind"
          label={t("order.what")}
          options={kinds.map((each) => ({ value: each, label: t(`order.kind.${each}`) }))}
        />
        <SelectField
          form={form}
          name="item"
          label={t("order.item")}
          options={items.map((each) => ({ value: each, label: nameOf(each) }))}
        />
        {kind === "option-ended" ? null : (
          <NumberField form={form} name="quantity" label={t(kind === "quantity" ? "order.quantity" : "order.count")} />
        )}
        <TextField form={form} name="on" label={t("order.from")} type="date" />
        <div className="form-actions">
          <Button busy={simulate.isPending} disabled={!complete} onClick={() => simulate.mutate(asked)}>
            {t("order.simulate")}
          </Button>
          <Button
            kind="primary"
            busy={form.busy}
            disabled={shown === null || !complete}
            {...(shown === null ? { title: t("order.first") } : {})}
            onClick={() => void form.submit()}
          >
            {t("order.send")}
          </Button>
        </div>
        {simulate.error === null ? null : <ErrorBox error={simulate.error} />}
        {form.problem === null ? null : <ErrorBox error={form.problem} />}
      </div>
      {shown === null ? null : <Compared answer={shown} id={contract.number} />}
    </div>
  );
}

interface Row {
  readonly month: string;
  readonly before: number;
  readonly after: number;
}
/** Bills by month, as they are and as they would be. */
function Compared({ answer, id }: { readonly answer: Answer; readonly id: string }): ReactNode {
  const t = useWords(contractWords);
  const format = useFormat();
  const months = [...new Set([...answer.before, ...answer.after].map(({ month }) => month))].sort();
  const totalOf = (list: Answer["before"], month: string): number =>
    list.find((each) => each.month === month)?.totals.total ?? 0;
  const rows: readonly Row[] = months.map((month) => ({
    month,
    before: totalOf(answer.before, month),
    after: totalOf(answer.after, month),
  }));
  return (
    <Section title={t("tab.costs")}>
      <DataTable<Row>
        id={`${id}-change`}
        label={t("tab.costs")}
        plain
        rows={rows}
        rowKey={(row) => row.month}
        rowName={(row) => format.month(row.month)}
        sort="month"
        empty={t("costs.none")}
        columns={[
          textColumn("month", t("costs.month"), (row) => format.month(row.month), { sort: (row) => row.month }),
          yenColumn("before", t("order.before"), (row) => row.before),
          yenColumn("after", t("order.after"), (row) => row.after),
          changeColumn("delta", t("order.delta"), (row) => row.after - row.before),
        ]}
      />
      <Derived facts={answer.derived} />
    </Section>
  );
}
