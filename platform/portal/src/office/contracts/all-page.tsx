/** Contracts of all customers. */
import type { ReactNode } from "react";
import { useWords } from "../../language.tsx";
import { Empty } from "../../parts/notice.tsx";
import { Page as Frame } from "../../parts/page.tsx";
import { useAll } from "../../queries.ts";
import { useUrlState } from "../../url-state.ts";
import { providerApi } from "../data.ts";
import { ServiceChoice } from "../parts/service-choice.tsx";
import { contractWords } from "../words/contracts.ts";
import { navWords } from "../words/nav.ts";
import { ContractTable, type ShownContract } from "./contract-table.tsx";

export function Page(): ReactNode {
  const t = useWords(contractWords);
  const n = useWords(navWords);
  const [service, setService] = useUrlState("service");
  const list = useAll<ShownContract>(providerApi("/contracts"), service === "" ? {} : { service });
  return (
    <Frame title={n("allContracts")} lead={t("list.leadAll")}>
      <ContractTable
        id="all-contracts"
        list={list}
        ofAll
        tools={<ServiceChoice service={service} choose={setService} />}
        empty={<Empty title={t("list.none")}>{t("list.noneText")}</Empty>}
      />
    </Frame>
  );
}
