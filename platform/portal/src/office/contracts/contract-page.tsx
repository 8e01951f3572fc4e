/** One contract: what it is, what happened to it, what it will cost, what rests on which fact, and what may be done. */
import type { ReactNode } from "react";
import type { ContractDetail, Forecast } from "@yagura/commerce/contracts/shapes.ts";
import { useFormat, useWords } from "../../language.tsx";
import { Loaded } from "../../parts/notice.tsx";
import { Facts, Page as Frame, type Fact } from "../../parts/page.tsx";
import { StateMark } from "../../parts/state-mark.tsx";
import { Tabs } from "../../parts/tabs.tsx";
import { useGet } from "../../queries.ts";
import { useLive, useOrganisation } from "../../session.tsx";
import { useParams } from "../../url-state.ts";
import { useServiceName } from "../data.ts";
import { usePlanName } from "../offers.ts";
import { Yen } from "../parts/yen.tsx";
import { contractWords } from "../words/contracts.ts";
import { navWords } from "../words/nav.ts";
import { ContractActs } from "./acts.tsx";
import { ContentTab } from "./content.tsx";
import { CostsTab } from "./costs.tsx";
import { FactsTab } from "./facts-tab.tsx";
import { RightsTab } from "./rights-tab.tsx";
import { contractMarks } from "./states.ts";
import { TimelineTab } from "./timeline-tab.tsx";

export function Page(): ReactNode {
  const t = useWords(contractWords);
  const n = useWords(navWords);
  const nameOf = useServiceName();
  const planOf = usePlanName();
  const here = useOrganisation();
  const { contract: id = "" } = useParams();
  const path = here.api(`/contracts/${id}`);
  const query = useGet<ContractDetail>(path);
  useLive(["contract"], { refresh: [path] });
  const contract = query.data;
  const up = { label: n("contracts"), href: here.path("office/contracts") };
  return (
    <Frame
      title={contract?.number ?? n("contract")}
      up={up}
      {...(contract === undefined
        ? {}
        : { lead: [...new Set([nameOf(contract.service), planOf(contract.service, contract.plan)])].join(" · ") })}
      mark={
        contract === undefined ? null : (
          <StateMark state={contractMarks[contract.state].state} label={t(`state.${contract.state}`)} />
        )
      }
      actions={contract === undefined ? null : <ContractActs contract={contract} path={path} />}
    >
      <Loaded query={query} rows={12}>
        {(data) => <Contract contract={data} path={path} />}
      </Loaded>
    </Frame>
  );
}

function Contract({ contract, path }: { readonly contract: ContractDetail; readonly path: string }): ReactNode {
  const t = useWords(contractWords);
  const forecast = useGet<Forecast>(`${path}/forecast`);
  return (
    <div className="stack-wide">
      <Head contract={contract} forecast={forecast.data} />
      <Tabs
        label={contract.number}
        tabs={[
          { id: "timeline", label: t("tab.timeline"), content: <TimelineTab path={path} of={contract} /> },
          { id: "costs", label: t("tab.costs"), content: <CostsTab query={forecast} id={contract.number} /> },
          { id: "content", label: t("tab.content"), content: <ContentTab contract={contract} path={path} /> },
          { id: "rights", label: t("tab.rights"), content: <RightsTab path={path} /> },
          { id: "facts", label: t("tab.facts"), content: <FactsTab contract={contract} path={path} /> },
        ]}
      />
    </div>
  );
}

function Head({
  contract,
  forecast,
}: {
  readonly contract: ContractDetail;
  readonly forecast: Forecast | undefined;
}): ReactNode {
  const t = useWords(contractWords);
  const format = useFormat();
  const next = forecast?.months[0];
  const year = forecast?.months.reduce((sum, month) => sum + month.totals.total, 0);
  const started = contract.serviceStartedOn;
  const day = (value: string | null): string => (value === null ? t("head.none") : format.day(value));
  const facts: Fact[] = [
    started === null
      ? { name: t("head.planned"), value: day(contract.startedOn) }
      : { name: t("head.start"), value: day(started) },
    {
      name: t("head.end"),
      value: contract.cancelledOn === null ? "–" : day(contract.cancelledOn),
      ...(contract.endedOn === null ? {} : { note: t("head.lastDay", { day: day(contract.endedOn) }) }),
    },
  ];
  if (!contract.charged) facts.push({ name: t("head.year"), value: t("uncharged") });
  else if (next !== undefined && year !== undefined) {
    facts.push(
      { name: t("head.next", { month: format.month(next.month) }), value: <Yen amount={next.totals.total} /> },
      { name: t("head.year"), value: <Yen amount={year} /> },
    );
  }
  if (contract.anchor !== 1) {
    facts.push({ name: t("head.anchor"), value: t("head.anchorDay", { n: contract.anchor }) });
  }
  return <Facts wide facts={facts} />;
}
