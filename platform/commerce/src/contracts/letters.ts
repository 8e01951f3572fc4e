/** How a stop and the end of a service are printed as letters (SEC-19, SEC-20, UTM-23). */
import type { Day } from "@yagura/core/calendar.ts";
import type { Ground } from "../charging/offer.ts";
import type { NoticePaper } from "../notices/print.ts";
import type { ContractRow, ContractWork, PlannedStop } from "./contract-row.ts";
import { offerOf } from "./offers.ts";

const serviceName = (work: Pick<ContractWork, "offers">, { service }: ContractRow) =>
  offerOf(work, service)?.name ?? { ja: service, en: service };

export const stopLetter = (
  work: Pick<ContractWork, "offers">,
  contract: ContractRow,
  { measure, reason, on, until }: PlannedStop,
  { article, text }: Pick<Ground, "article" | "text">,
): NoticePaper => ({
  kind: "suspension",
  content: {
    contractNumber: contract.number,
    service: serviceName(work, contract),
    measure,
    reason,
    from: on,
    until,
    ground: { article, text },
  },
});

export const withdrawalLetter = (
  work: Pick<ContractWork, "offers">,
  contract: ContractRow,
  endsOn: Day,
  reason: string,
): NoticePaper => ({
  kind: "withdrawal",
  content: { service: serviceName(work, contract), contractNumbers: [contract.number], endsOn, reason },
});
