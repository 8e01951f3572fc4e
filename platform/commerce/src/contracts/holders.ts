/** Who holds a contract from which day on (COM-23): the former holder stays in its history. */
import { sql } from "kysely";
import { newId } from "@yagura/core/ids.ts";
import type { Day } from "@yagura/core/calendar.ts";
import { actorName } from "../actor.ts";
import type { Customer } from "../applications/shapes.ts";
import type { ContractRow, ContractWork } from "./contract-row.ts";
import type { Holder } from "./shapes.ts";

const holderOf = (customer: Pick<Customer, "kind" | "corporateNumber" | "details">): Holder => ({
  name: customer.details.holder,
  kind: customer.kind,
  ...(customer.corporateNumber === null ? {} : { corporateNumber: customer.corporateNumber }),
  address: customer.details.address,
  contact: customer.details.contact,
  mail: customer.details.mail,
  ...(customer.details.phone === undefined ? {} : { phone: customer.details.phone }),
});

/** Writes a holder down from a day. */
export async function keepHolder(
  work: Pick<ContractWork, "tx" | "now" | "actor">,
  contract: Pick<ContractRow, "id" | "organisation">,
  from: Day,
  how: "order" | "succession" | "assignment" | "representative",
  holder: Holder,
  others: readonly Holder[] = [],
): Promise<void> {
  await sql`insert into commerce.contract_holder (id, organisation_id, contract_id, from_day, how, holder, others,
      recorded_by, recorded_at)
    values (${newId()}, ${contract.organisation}, ${contract.id}, ${from}::date, ${how}, ${JSON.stringify(holder)}::jsonb,
      ${JSON.stringify(others)}::jsonb, ${actorName(work)}, ${work.now})`.execute(work.tx);
}

export const addHolder = (
  work: Pick<ContractWork, "tx" | "now" | "actor">,
  contract: Pick<ContractRow, "id" | "organisation">,
  from: Day,
  how: "order",
  customer: Pick<Customer, "kind" | "corporateNumber" | "details">,
): Promise<void> => keepHolder(work, contract, from, how, holderOf(customer));
