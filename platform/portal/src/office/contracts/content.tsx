/** What a contract holds: items, attributes, holders, and the requests about it that wait for an answer. */
import { useState, type ReactNode } from "react";
import type { State } from "@yagura/core/state.ts";
import type {
  Cancellation,
  ChangeOrder,
  ContractDetail,
  OrderedChange,
  Transfer,
} from "@yagura/commerce/contracts/shapes.ts";
import { useFormat, useSay, useWords } from "../../language.tsx";
import { Button } from "../../parts/button.tsx";
import { Link } from "../../parts/link.tsx";
import { Facts, Section } from "../../parts/page.tsx";
import { StateMark } from "../../parts/state-mark.tsx";
import { Day } from "../../parts/when.tsx";
import { useOrganisation } from "../../session.tsx";
import { useFieldText, useItemName } from "../offers.ts";
import { contractWords } from "../words/contracts.ts";
import { Decide, type Decision } from "./decide.tsx";
import { RepresentativeDialog } from "./representative-dialog.tsx";
import { isOver } from "./states.ts";

interface TabProps {
  readonly contract: ContractDetail;
  readonly path: string;
}
export function ContentTab({ contract, path }: TabProps): ReactNode {
  const t = useWords(contractWords);
  const here = useOrganisation();
  const format = useFormat();
  const [decision, setDecision] = useState<Decision | null>(null);
  const itemName = useItemName(contract.service, contract.plan);
  const items = Object.entries(contract.items).map(([item, count]) => ({
    name: itemName(item),
    value: format.number(count),
  }));
  const field = useFieldText(contract.service, contract.plan);
  const attributes = Object.entries(contract.attributes).map(([name, value]) => ({
    name: field.label(name) ?? name,
    value: field.answer(name, value),
  }));
  return (
    <div className="stack-wide">
      {items.length === 0 ? null : (
        <Section title={t("content.items")}>
          <Facts facts={items} />
        </Section>
      )}
      {attributes.length === 0 ? null : (
        <Section title={t("content.attributes")}>
          <Facts facts={attributes} />
        </Section>
      )}
      <div className="page-actions">
        {contract.applicationId === null ? null : (
          <Link href={here.path(`office/applications/${contract.applicationId}`)}>{t("content.application")}</Link>
        )}
        <Link href={`${here.path("office/equipment")}?contract=${contract.id}`}>{t("content.equipment")}</Link>
      </div>
      <Holders contract={contract} />
      <ChangeOrders contract={contract} orders={contract.changeOrders} decide={setDecision} />
      <Cancellations list={contract.cancellations} decide={setDecision} />
      <Transfers contract={contract} path={path} decide={setDecision} />
      <Tasks contract={contract} decide={setDecision} />
      {decision === null ? null : <Decide decision={decision} path={path} close={() => setDecision(null)} />}
    </div>
  );
}

function Holders({ contract }: { readonly contract: ContractDetail }): ReactNode {
  const t = useWords(contractWords);
  const format = useFormat();
  if (contract.holders.length === 0) return null;
  return (
    <Section title={t("content.holders")}>
      <Facts
        facts={contract.holders.map(({ from, holder, others }) => ({
          name: t("content.since", { day: format.day(from) }),
          value: [holder, ...others].map((each) => each.name).join(" / "),
          note: [holder.corporateNumber, holder.address].filter((each) => each !== undefined).join(" "),
        }))}
      />
    </Section>
  );
}

/** A change of an order in words. */
function useChangeText(service: string, plan: string): (change: OrderedChange) => string {
  const t = useWords(contractWords);
  const format = useFormat();
  const itemName = useItemName(service, plan);
  const field = useFieldText(service, plan);
  return (change) => {
    switch (change.kind) {
      case "quantity":
      case "purchase":
        return t(`change.${change.kind}`, { item: itemName(change.item), n: format.number(change.quantity) });
      case "option-started":
        return t("change.option-started", { item: itemName(change.item), n: format.number(change.quantity ?? 1) });
      case "ancillary-started":
        return t("change.ancillary-started", { item: itemName(change.item), n: change.months });
      case "option-ended":
      case "ancillary-ended":
        return t(`change.${change.kind}`, { item: itemName(change.item) });
      case "attribute":
        return t("change.attribute", {
          item: field.label(change.name) ?? change.name,
          value: field.answer(change.name, change.value),
        });
    }
  };
}

const waiting = (open: boolean, good: boolean): State => (open ? "notice" : good ? "good" : "unknown");
type Deciding = (decision: Decision) => void;

function ChangeOrders({
  contract,
  orders,
  decide,
}: {
  readonly contract: ContractDetail;
  readonly orders: readonly ChangeOrder[];
  readonly decide: Deciding;
}): ReactNode {
  const t = useWords(contractWords);
  const format = useFormat();
  const here = useOrganisation();
  const tell = useChangeText(contract.service, contract.plan);
  if (orders.length === 0) return null;
  return (
    <Section title={t("content.changes")}>
      <ul className="row-list">
        {orders.map((order) => (
          <li key={order.id}>
            <StateMark
              state={waiting(order.state === "requested", order.state === "accepted")}
              label={t(`changeState.${order.state}`)}
            />
            <span className="row-main">
              {order.changes.map(tell).join(" / ")}
              {order.reason === null ? null : <span className="fact-note">{order.reason}</span>}
            </span>
            <span className="soft">{t("content.from", { day: format.day(order.effectiveOn) })}</span>
            {order.state !== "requested" ? null : (
              <span className="page-actions">
                {here.can("contract.write") ? (
                  <>
                    <Button onClick={() => decide({ of: "change", id: order.id, act: "refuse" })}>
                      {t("act.refuse")}
                    </Button>
                    <Button kind="primary" onClick={() => decide({ of: "change", id: order.id, act: "accept" })}>
                      {t("act.accept")}
                    </Button>
                  </>
                ) : (
                  <Button onClick={() => decide({ of: "change", id: order.id, act: "withdraw" })}>
                    {t("act.withdraw")}
                  </Button>
                )}
              </span>
            )}
          </li>
        ))}
      </ul>
    </Section>
  );
}

function Cancellations({
  list,
  decide,
}: {
  readonly list: readonly Cancellation[];
  readonly decide: Deciding;
}): ReactNode {
  const t = useWords(contractWords);
  const format = useFormat();
  const here = useOrganisation();
  if (list.length === 0) return null;
  return (
    <Section title={t("content.cancellations")}>
      <ul className="row-list">
        {list.map((each) => (
          <li key={each.id}>
            <StateMark
              state={waiting(each.state === "requested", each.state !== "refused" && each.state !== "withdrawn")}
              label={t(`cancelState.${each.state}`)}
            />
            <span className="row-main">
              {t("content.received", { day: format.day(each.receivedOn) })} ·{" "}
              {t("content.desired", { day: format.day(each.desiredOn) })}
              <span className="fact-note">
                {t("content.sum", { sum: format.yen(each.sum) })} {each.reason ?? ""}
              </span>
            </span>
            {each.cancelledOn === null ? null : (
              <span>
                {t("head.end")} <Day day={each.cancelledOn} />
              </span>
            )}
            {each.state !== "requested" ? null : (
              <span className="page-actions">
                <Button onClick={() => decide({ of: "cancellation", id: each.id, act: "withdraw" })}>
                  {t("act.withdraw")}
                </Button>
                {here.can("contract.write") ? (
                  <>
                    <Button onClick={() => decide({ of: "cancellation", id: each.id, act: "refuse" })}>
                      {t("act.refuse")}
                    </Button>
                    <Button kind="primary" onClick={() => decide({ of: "cancellation", id: each.id, act: "confirm" })}>
                      {t("act.confirm")}
                    </Button>
                  </>
                ) : null}
              </span>
            )}
          </li>
        ))}
      </ul>
    </Section>
  );
}

/** Of several holders one speaks for all: of the last approved case, while the contract lives. */
const severalHold = (contract: ContractDetail): Transfer | undefined => {
  const last = contract.transfers.findLast(({ state }) => state === "approved");
  return last === undefined || last.successors.length < 2 || isOver(contract.state) ? undefined : last;
};

function Transfers({ contract, path, decide }: TabProps & { readonly decide: Deciding }): ReactNode {
  const t = useWords(contractWords);
  const format = useFormat();
  const here = useOrganisation();
  const [naming, setNaming] = useState<Transfer | null>(null);
  const list = contract.transfers;
  const several = severalHold(contract);
  if (list.length === 0) return null;
  return (
    <Section title={t("content.transfers")}>
      <ul className="row-list">
        {list.map((each) => (
          <li key={each.id}>
            <StateMark
              state={waiting(each.state === "requested", each.state === "approved")}
              label={t(`transferState.${each.state}`)}
            />
            <span className="row-main">
              {t(`transfer.${each.how}`)}: {each.successors.map((holder) => holder.name).join(" / ")}
              {each.id === several?.id ? (
                <span className="fact-note">
                  {t("representative.now", { name: each.successors[each.representative ?? 0]?.name ?? "–" })}
                </span>
              ) : null}
              {each.reason === null ? null : <span className="fact-note">{each.reason}</span>}
            </span>
            <span className="soft">{t("content.from", { day: format.day(each.effectiveOn) })}</span>
            {each.state === "requested" && here.can("contract.write") ? (
              <span className="page-actions">
                <Button onClick={() => decide({ of: "transfer", id: each.id, act: "refuse" })}>
                  {t("act.refuse")}
                </Button>
                <Button kind="primary" onClick={() => decide({ of: "transfer", id: each.id, act: "approve" })}>
                  {t("act.approve")}
                </Button>
              </span>
            ) : null}
            {each.id === several?.id && here.can("application.write") ? (
              <Button onClick={() => setNaming(each)}>{t("act.representative")}</Button>
            ) : null}
          </li>
        ))}
      </ul>
      {naming === null ? null : <RepresentativeDialog transfer={naming} path={path} close={() => setNaming(null)} />}
    </Section>
  );
}

function Tasks({ contract, decide }: { readonly contract: ContractDetail; readonly decide: Deciding }): ReactNode {
  const t = useWords(contractWords);
  const say = useSay();
  const here = useOrganisation();
  if (contract.tasks.length === 0) return null;
  return (
    <Section title={t("content.tasks")}>
      <ul className="row-list">
        {contract.tasks.map((task) => (
          <li key={task.id}>
            <StateMark
              state={waiting(task.state === "open", task.state === "done")}
              label={t(`taskState.${task.state}`)}
            />
            <span className="row-main">
              {say(task.title)} <span className="tag">{task.rule}</span>
            </span>
            <Day day={task.dueOn} />
            {task.state === "open" && here.can("contract.write") ? (
              <span className="page-actions">
                <Button onClick={() => decide({ of: "task", id: task.id, act: "dropped" })}>
                  {t("taskState.dropped")}
                </Button>
                <Button onClick={() => decide({ of: "task", id: task.id, act: "done" })}>{t("taskState.done")}</Button>
              </span>
            ) : null}
          </li>
        ))}
      </ul>
    </Section>
  );
}
