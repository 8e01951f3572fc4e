/** Who issues a paper and who receives it: as a document keeps them, or as they stand now. */
import type { OrganisationId } from "@yagura/core/ids.ts";
import type { Day } from "@yagura/core/calendar.ts";
import type { Issuer, Recipient } from "@yagura/reports/shapes.ts";
import type { Tx } from "@yagura/store/store.ts";
import { readCustomers, readIssuer } from "../billing/content.ts";
import type { DocumentContent } from "../billing/shapes.ts";
import { loadTables } from "../terms/load.ts";

export interface Parties {
  readonly issuer: Issuer;
  readonly recipient: Recipient;
}

/** Of a stored document. */
export const partiesOf = ({ issuer, recipient }: Pick<DocumentContent, "issuer" | "recipient">): Parties => {
  const { bank: _, ...reached } = issuer.contact ?? {};
  return {
    issuer: { name: issuer.name, registrationNumber: issuer.registrationNumber, ...reached },
    recipient: {
      name: recipient.name,
      kind: "company",
      ...(recipient.postalCode === null ? {} : { postalCode: recipient.postalCode }),
      ...(recipient.address === null ? {} : { address: recipient.address }),
      ...(recipient.department === null ? {} : { department: recipient.department }),
      ...(recipient.contact === null ? {} : { person: recipient.contact }),
    },
  };
};

/** The provider and the customer as they are registered now. */
export async function partiesNow(tx: Tx, organisation: OrganisationId, on: Day): Promise<Parties> {
  const { name, registrationNumber, contact } = await readIssuer(tx, await loadTables(tx), on);
  const customer = (await readCustomers(tx, [organisation])).get(organisation);
  const nobody = { name: "", department: null, contact: null, postalCode: null, address: null };
  return partiesOf({ issuer: { name, registrationNumber, contact }, recipient: customer?.recipient ?? nobody });
}
