/** Remote network as one object of tables: gateways, routers and wireless access points set up, watched and replaced from afar. What stands is its offer. */
import type { Service } from "@yagura/service/service.ts";
import { offer } from "./charges.ts";

export const remote: Service = {
  id: "remote",
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
