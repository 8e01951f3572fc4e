/** Corporate security as one object of tables: endpoint and cloud application protection, and a desk that supports both. What stands is its offer. */
import type { Service } from "@yagura/service/service.ts";
import { offer } from "./charges.ts";

export const security: Service = {
  id: "security",
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
