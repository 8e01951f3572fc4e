/** What the verbs here need, and how their routes get the contract. */
import type { ContractWork } from "../contracts/contract-row.ts";

export type EntitlementWork = Pick<ContractWork, "tx" | "now" | "actor">;
