/** UTM support as one object of tables: security gateways watched and run for the customer. What stands is its offer. */
import type { Service } from "@yagura/service/service.ts";
import { offer } from "./charges.ts";

export const utm: Service = {
  id: "utm",
  errors: {},
  scopes: {},
  routes: () => [],
  ingest: [],
  jobs: () => ({ handlers: {} }),
  contracts: {},
  offer,
  retain: async () => undefined,
  exportRows: async function* () {
    // Its contracts, bills and notices are commerce's.
  },
  erase: async () => undefined,
  cli: [],
};
