/** What the steps of a contract do to its sensor: the slot is there once the contract is accepted, and cut off when it is over. */
import type { ContractHooks } from "@yagura/commerce/commerce.ts";
import { endSensor, ensureSlot } from "./sensors.ts";
import { systemWork } from "./work.ts";

export const contractHooks: ContractHooks = {
  // The sensor is installed days before the opening (OST-15), so its slot does not wait for the start.
  accepted: async (tx, contract, _on, devices, platform) => {
    await ensureSlot(systemWork(tx, contract.organisation, devices, platform), contract);
  },
  started: async (tx, contract, _on, devices, platform) => {
    await ensureSlot(systemWork(tx, contract.organisation, devices, platform), contract);
  },
  ended: async (tx, contract, on, devices, platform) => {
    await endSensor(systemWork(tx, contract.organisation, devices, platform), contract, on);
  },
};
