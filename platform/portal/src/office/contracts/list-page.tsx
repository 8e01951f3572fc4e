/** Contracts of one customer. */
import { useState, type ReactNode } from "react";
import type { ContractItem } from "@yagura/commerce/contracts/shapes.ts";
import { useWords } from "../../language.tsx";
import { officeWords } from "../../messages/office.ts";
import { EndDialog, MakeDialog } from "../../pages/office/contract-dialogs.tsx";
import { Button } from "../../parts/button.tsx";
import { Link } from "../../parts/link.tsx";
import { Empty } from "../../parts/notice.tsx";
import { Page as Frame } from "../../parts/page.tsx";
import { useAll } from "../../queries.ts";
import { useLive, useOrganisation } from "../../session.tsx";
import { useUrlState } from "../../url-state.ts";
import { ServiceChoice } from "../parts/service-choice.tsx";
import { contractWords } from "../words/contracts.ts";
import { navWords } from "../words/nav.ts";
import { ContractTable, type ShownContract } from "./contract-table.tsx";
import { isOver } from "./states.ts";

export function Page(): ReactNode {
  const t = useWords(contractWords);
  const n = useWords(navWords);
  const o = useWords(officeWords);
  const here = useOrganisation();
  const path = here.api("/contracts");
  const [service, setService] = useUrlState("service");
  const list = useAll<ContractItem>(path, service === "" ? {} : { service });
  const [making, setMaking] = useState(false);
  const [ending, setEnding] = useState<ContractItem | null>(null);
  useLive(["contract"], { refresh: [path] });
  const may = here.can("contract.write");
  const order = here.can("application.write") ? (
    <Link className="button button-primary" href={here.path("office/order")}>
      {n("order")}
    </Link>
  ) : null;
  const end = (row: ShownContract) =>
    isOver(row.state) ? [] : [{ label: o("contracts.end"), danger: true, run: () => setEnding(row) }];
  return (
    <Frame
      title={n("contracts")}
      lead={t("list.lead")}
      actions={
        <>
          {may ? <Button onClick={() => setMaking(true)}>{t("register.new")}</Button> : null}
          {order}
        </>
      }
    >
      <ContractTable
        id="contracts"
        list={list}
        tools={<ServiceChoice service={service} choose={setService} />}
        {...(may ? { rowActions: end } : {})}
        empty={
          <Empty title={t(service === "" ? "list.none" : "list.noneService")} action={order}>
            {t("list.noneText")}
          </Empty>
        }
      />
      {making ? <MakeDialog path={path} close={() => setMaking(false)} /> : null}
      {ending === null ? null : <EndDialog path={path} contract={ending} close={() => setEnding(null)} />}
    </Frame>
  );
}
