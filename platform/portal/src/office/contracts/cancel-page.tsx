/** The cancellation simulator: pick a day; see the last charges, the sum, the notice; then ask for it. */
import { useState, type ReactNode } from "react";
import type { CancellationAnswer, ContractDetail, RequestCancellation } from "@yagura/commerce/contracts/shapes.ts";
import type { Static } from "typebox";
import { api } from "../../api.ts";
import { useFormat, useWords } from "../../language.tsx";
import { Button } from "../../parts/button.tsx";
import { ConfirmDialog } from "../../parts/dialog.tsx";
import { Banner, Loaded } from "../../parts/notice.tsx";
import { Facts, Page as Frame, Section } from "../../parts/page.tsx";
import { useToast } from "../../parts/toast.tsx";
import { Day } from "../../parts/when.tsx";
import { useGet, useRefresh } from "../../queries.ts";
import { useOrganisation } from "../../session.tsx";
import { useGo, useParams, useUrlState } from "../../url-state.ts";
import { dayIn } from "../../zoned.ts";
import { LinesTable } from "../parts/lines.tsx";
import { addMonth } from "../parts/timeline-order.ts";
import { Yen } from "../parts/yen.tsx";
import { contractWords } from "../words/contracts.ts";
import { Derived, MonthsTable } from "./costs.tsx";
import { isOver } from "./states.ts";

type Answer = Static<typeof CancellationAnswer>;

/** The last day of next month, the usual wish. */
function usualDay(): string {
  const after = addMonth(dayIn("Asia/Tokyo").slice(0, 7), 2);
  return new Date(Date.parse(`${after}-01`) - 86_400_000).toISOString().slice(0, 10);
}

export function Page(): ReactNode {
  const t = useWords(contractWords);
  const here = useOrganisation();
  const { contract: id = "" } = useParams();
  const path = here.api(`/contracts/${id}`);
  const contract = useGet<ContractDetail>(path);
  const number = contract.data?.number ?? "";
  return (
    <Frame
      title={t("cancel.title", { number })}
      lead={t("cancel.lead")}
      up={{ label: t("cancel.open"), href: here.path(`office/contracts/${id}`) }}
    >
      <Loaded query={contract} rows={8}>
        {(data) => <Simulator contract={data} path={path} />}
      </Loaded>
    </Frame>
  );
}

function Simulator({ contract, path }: { readonly contract: ContractDetail; readonly path: string }): ReactNode {
  const t = useWords(contractWords);
  const [on, setOn] = useUrlState("on", usualDay());
  const valid = /^\d{4}-\d{2}-\d{2}$/.test(on);
  const over = isOver(contract.state);
  const running = contract.cancellations.some(({ state }) => state === "requested" || state === "confirmed");
  const answer = useGet<Answer>(`${path}/simulate/cancellation`, { on }, { enabled: valid && !over, keep: true });
  if (over) return <Banner state="unknown">{t("cancel.ended")}</Banner>;
  return (
    <div className="stack-wide">
      {running ? <Banner>{t("cancel.running")}</Banner> : null}
      <div className="inline-tools">
        <label className="field">
          <span>{t("cancel.desired")}</span>
          <input className="input" type="date" value={on} onChange={(event) => setOn(event.target.value)} />
        </label>
      </div>
      <Loaded query={answer} rows={8}>
        {(data) => <Simulated answer={data} contract={contract} path={path} running={running} choose={setOn} />}
      </Loaded>
    </div>
  );
}

interface SimulatedProps {
  readonly answer: Answer;
  readonly contract: ContractDetail;
  readonly path: string;
  readonly running: boolean;
  readonly choose: (day: string) => void;
}
function Simulated({ answer, contract, path, running, choose }: SimulatedProps): ReactNode {
  const t = useWords(contractWords);
  const format = useFormat();
  const here = useOrganisation();
  const [asking, setAsking] = useState(false);
  return (
    <>
      {answer.inTime ? (
        <Banner state="good">{t("cancel.inTime")}</Banner>
      ) : (
        <Banner title={t("cancel.late")}>
          <p>{t("cancel.lateText", { rule: answer.rule, day: format.day(answer.earliestOn) })}</p>
          <Button onClick={() => choose(answer.earliestOn)}>
            {t("cancel.takeEarliest", { day: format.day(answer.earliestOn) })}
          </Button>
        </Banner>
      )}
      {answer.waitsFor.length === 0 ? null : (
        <Banner title={t("cancel.waits")}>{answer.waitsFor.map((each) => t(`wait.${each}`)).join(" / ")}</Banner>
      )}
      <Facts
        wide
        facts={[
          { name: t("cancel.date"), value: <Day day={answer.cancelledOn} /> },
          { name: t("cancel.last"), value: <Day day={answer.endedOn} /> },
          { name: t("cancel.sum"), value: answer.sum === 0 ? t("cancel.sumNone") : <Yen amount={answer.sum} /> },
          { name: t("cancel.earliest"), value: <Day day={answer.earliestOn} /> },
        ]}
      />
      {answer.lines.length === 0 ? null : (
        <Section title={t("cancel.sumLines")}>
          <LinesTable id={`${contract.number}-end`} urlKey="e" lines={answer.lines} plain ofOneContract />
        </Section>
      )}
      <Section title={t("cancel.months")}>
        <MonthsTable months={answer.months} id={`${contract.number}-last`} />
      </Section>
      <Derived facts={answer.derived} />
      {running || !here.can("application.write") ? null : (
        <div className="form-actions">
          <Button kind="danger" onClick={() => setAsking(true)}>
            {t("cancel.request")}
          </Button>
        </div>
      )}
      {asking ? <Ask answer={answer} contract={contract} path={path} close={() => setAsking(false)} /> : null}
    </>
  );
}

interface AskProps extends Pick<SimulatedProps, "answer" | "contract" | "path"> {
  readonly close: () => void;
}
function Ask({ answer, contract, path, close }: AskProps): ReactNode {
  const t = useWords(contractWords);
  const format = useFormat();
  const toast = useToast();
  const refresh = useRefresh();
  const go = useGo();
  const here = useOrganisation();
  const rest = answer.months.reduce((sum, month) => sum + month.totals.total, 0);
  return (
    <ConfirmDialog
      title={t("cancel.requestTitle", { number: contract.number })}
      consequences={[
        t("cancel.c1", { day: format.day(answer.endedOn) }),
        answer.sum === 0 ? t("cancel.c2none") : t("cancel.c2", { sum: format.yen(answer.sum) }),
        t("cancel.c3", { sum: format.yen(rest) }),
      ]}
      action={t("cancel.request")}
      close={close}
      run={async () => {
        const body: Static<typeof RequestCancellation> = {
          desiredOn: answer.desiredOn,
          confirmedSum: answer.sum,
        };
        await api.post(`${path}/cancellations`, body);
        toast(t("cancel.done"));
        refresh([here.api("/contracts"), here.api("/next-bill")]);
        go(here.path(`office/contracts/${contract.id}?tab=content`));
      }}
    />
  );
}
