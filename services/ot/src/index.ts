/** OT security as one object of tables: sensors in factory networks and what they show. What stands is its offer. */
import type { Service } from "@yagura/service/service.ts";
import { offer } from "./charges.ts";

export const ot: Service = {
  id: "ot",
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
