/** Tells the customer what became of something that was asked for. */
import { tellCustomer } from "../notices/tell.ts";
import { organisationFacts } from "../organisations.ts";
import type { ContractRow, ContractWork } from "./contract-row.ts";
import { decisionMail } from "./mails.ts";

const decided = {
  change: { ja: "契約内容の変更", en: "A change" },
  succession: { ja: "契約の承継", en: "A succession" },
  assignment: { ja: "契約の譲渡", en: "An assignment" },
  cancellation: { ja: "解約のお申し出", en: "A cancellation" },
} as const;

/** Mails the decision and keeps it as a notice. */
export async function tellDecision(
  work: ContractWork,
  contract: ContractRow,
  what: keyof typeof decided,
  decision: { readonly done: boolean; readonly on: string; readonly reason?: string | null | undefined },
): Promise<void> {
  const { organisation, id, service } = contract;
  const language = (await organisationFacts(work.tx, organisation))?.language ?? "ja";
  const mail = decisionMail(contract, { what: decided[what], ...decision }, language);
  await tellCustomer(work, {
    organisation,
    contract: id,
    service,
    kind: `${what}-${decision.done ? "accepted" : "refused"}`,
    mail,
  });
}
