/**
 * Carries a bill run on and is killed (SIGKILL, nothing is cleaned up) when it sends its n-th statement to the database; ends by
 * itself when the run is done before that. `node bill-run.ts CONNECTION RUN N`; prints the run's state.
 */
import { Client } from "pg";
import { carryOutRun } from "@yagura/commerce/billing/run.ts";
import { silent } from "@yagura/store/log.ts";
import { openPostgres } from "@yagura/store/postgres/pool.ts";
import { billing } from "../../support/billing.ts";

const [connectionString = "", run = "", at = "0"] = process.argv.slice(2);

let left = Number(at);
const send: unknown = Reflect.get(Client.prototype, "query");
Object.assign(Client.prototype, {
  query(this: Client, ...given: unknown[]): unknown {
    const sent: unknown = Reflect.apply(send as (...all: unknown[]) => unknown, this, given);
    left -= 1;
    // The statement is on its way: the server may or may not carry it out before it notices.
    if (left === 0) setImmediate(() => process.kill(process.pid, "SIGKILL"));
    return sent;
  },
});

const store = openPostgres({ connectionString, log: silent });
const clock = { now: () => Date.parse("2026-12-15T03:00:00Z"), monotonic: () => performance.now() };
const done = await carryOutRun({ store, clock }, { ...billing, chunk: 15 }, run);
console.log(done?.state);
await store.close();
