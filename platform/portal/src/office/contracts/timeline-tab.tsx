/** The time line of a contract: past events, today, coming events and their cost. */
import { useMemo, type ReactNode } from "react";
import type { ContractDetail, Timeline as TimelineAnswer, TimelineEntry } from "@yagura/commerce/contracts/shapes.ts";
import { useFormat, useSay, useWords, type Format } from "../../language.tsx";
import { Link } from "../../parts/link.tsx";
import { Loaded } from "../../parts/notice.tsx";
import { useGet } from "../../queries.ts";
import { useOrganisation, type Here } from "../../session.tsx";
import { useItemName } from "../offers.ts";
import { mergeRepeats } from "../parts/timeline-order.ts";
import { Timeline, type TimelineItem } from "../parts/timeline.tsx";
import { Yen } from "../parts/yen.tsx";
import { contractWords } from "../words/contracts.ts";

type Of = Pick<ContractDetail, "number" | "service" | "plan" | "items">;
export function TimelineTab({ path, of }: { readonly path: string; readonly of: Of }): ReactNode {
  const query = useGet<TimelineAnswer>(`${path}/timeline`);
  return (
    <Loaded query={query} rows={10}>
      {(answer) => <Laid answer={answer} of={of} />}
    </Loaded>
  );
}

function Laid({ answer, of }: { readonly answer: TimelineAnswer; readonly of: Of }): ReactNode {
  const t = useWords(contractWords);
  const say = useSay();
  const format = useFormat();
  const here = useOrganisation();
  const itemName = useItemName(of.service, of.plan);
  const items = useMemo(
    () =>
      mergeRepeats(
        answer.entries.filter((entry) => tells(entry, of.items)),
        sameCost,
      ).map((run, order) => {
        const item = itemOf(run.event, order, { say, format, here, itemName });
        if (run.times === 1 || run.event.amount === null) return item;
        const [from, to] = [monthOf(run.event), monthOf(run.last)].map((month) => format.month(month));
        return {
          ...item,
          detail: t("timeline.monthly", { from: from ?? "", to: to ?? "" }),
          cost: t("timeline.times", { amount: format.yen(run.event.amount), n: run.times }),
        };
      }),
    [answer, of.items, say, format, here, itemName, t],
  );
  return <Timeline items={items} label={`${of.number} ${t("tab.timeline")}`} />;
}

/** A quote fixes the price of everything that the plan sells: only those of what is ordered are news. */
const tells = ({ what, payload }: TimelineEntry, items: Of["items"]): boolean =>
  what !== "price-agreed" || typeof payload["item"] !== "string" || (items[payload["item"]] ?? 0) > 0;
const monthOf = ({ payload: { month }, on }: TimelineEntry): string =>
  typeof month === "string" ? month : on.slice(0, 7);
const sameCost = (before: TimelineEntry, next: TimelineEntry): boolean =>
  before.kind === "cost" &&
  next.kind === "cost" &&
  before.when === "future" &&
  before.amount === next.amount &&
  before.what === next.what;

/** What was billed of this contract is its lines, hence without tax; what is expected is told with it. */
function Cost({ entry, amount }: { readonly entry: TimelineEntry; readonly amount: number }): ReactNode {
  const t = useWords(contractWords);
  return (
    <>
      <Yen amount={amount} />
      {entry.kind === "invoice" ? <span className="fact-note">{t("timeline.net")}</span> : null}
    </>
  );
}

interface Means {
  readonly say: ReturnType<typeof useSay>;
  readonly format: Format;
  readonly here: Here;
  readonly itemName: (item: string) => string;
}
function itemOf(entry: TimelineEntry, order: number, { say, format, here, itemName }: Means): TimelineItem {
  const voided = entry.payload["voidedAt"] !== undefined && entry.payload["voidedAt"] !== null;
  const words = say(entry.text);
  const recorded = entry.at === null ? null : `${format.instant(entry.at)} ${format.zoneName}`;
  const { item, quantity } = entry.payload;
  const what =
    typeof item === "string" ? `${itemName(item)}${typeof quantity === "number" ? ` × ${quantity}` : ""}` : null;
  const detail = [what, entry.rule, entry.actor?.replace(/^user:/, "") ?? null, recorded]
    .filter((each) => each !== null && each !== "")
    .join(" · ");
  const title =
    entry.kind === "invoice" && entry.id !== null ? (
      <Link href={here.path(`office/invoices/${entry.id}`)}>{words}</Link>
    ) : (
      <span>{words}</span>
    );
  return {
    id: `${entry.kind} ${entry.id ?? ""} ${entry.what} ${entry.on} ${order}`,
    on: entry.on,
    order,
    title,
    voided,
    ...(detail === "" ? {} : { detail }),
    ...(entry.amount === null ? {} : { cost: <Cost entry={entry} amount={entry.amount} /> }),
  };
}
