/** Tasks over the API: the staff's list, the customer's own, and closing them. */
import { sql } from "kysely";
import { Type } from "typebox";
import { raise as raiseServer } from "@yagura/server/errors.ts";
import { route, type Route } from "@yagura/server/route.ts";
import { closed, Id } from "@yagura/server/shapes.ts";
import { isStaff } from "@yagura/server/scopes.ts";
import { CloseTask, Task } from "./shapes.ts";
import { closeTask, tasksOf } from "./tasks.ts";

const Filter = Type.Object(
  {
    state: Type.Optional(Type.Unsafe<"open" | "done" | "dropped">(Type.String({ enum: ["open", "done", "dropped"] }))),
  },
  closed,
);

const staffTasks = route({
  method: "GET",
  path: "/api/v1/provider/tasks",
  tag: "contracts",
  summary: "What the staff have to do about contracts, by due day",
  access: { kind: "provider", scope: "contract.read" },
  query: Filter,
  response: Type.Array(Task),
  handler: ({ tx, query }) => tasksOf(tx, { state: query.state ?? null, limit: 1000 }),
});

const closeStaffTask = route({
  method: "POST",
  path: "/api/v1/provider/tasks/:task/close",
  tag: "contracts",
  summary: "Close a task as done or dropped",
  access: { kind: "provider", scope: "fact.write" },
  params: Type.Object({ task: Id }),
  body: CloseTask,
  response: Task,
  status: 200,
  handler: async ({ tx, now, actor, params, body, audit }) => {
    const task = await closeTask({ tx, now, actor }, params.task, body);
    if (task === null) throw raiseServer("NOT_FOUND");
    await audit({ action: "task.close", subject: task.id, details: { kind: task.kind, state: task.state } });
    return task;
  },
});

const customerTasks = route({
  method: "GET",
  path: "/api/v1/organisations/:organisation/tasks",
  tag: "contracts",
  summary: "What the customer has to do about its contracts, by due day",
  access: { kind: "organisation", scope: "contract.read" },
  params: Type.Object({ organisation: Id }),
  query: Filter,
  response: Type.Array(Task),
  handler: ({ tx, organisation, query, role }) =>
    tasksOf(tx, {
      organisation,
      state: query.state ?? null,
      audience: isStaff({ role }) ? null : "customer",
    }),
});

const closeCustomerTask = route({
  method: "POST",
  path: "/api/v1/organisations/:organisation/tasks/:task/close",
  tag: "contracts",
  summary: "Say that a task is done, e.g. that the equipment was disconnected (RNS-14)",
  access: { kind: "organisation", scope: "application.write" },
  params: Type.Object({ organisation: Id, task: Id }),
  body: CloseTask,
  response: Task,
  status: 200,
  handler: async ({ tx, now, actor, organisation, role, params, body, audit }) => {
    const mine = await sql`select from commerce.task where organisation_id = ${organisation} and id = ${params.task}
      and (audience = 'customer' or ${isStaff({ role })})`.execute(tx);
    const task = mine.rows.length === 0 ? null : await closeTask({ tx, now, actor }, params.task, body);
    if (task === null) throw raiseServer("NOT_FOUND");
    await audit({ action: "task.close", subject: task.id, details: { kind: task.kind, state: task.state } });
    return task;
  },
});

export const taskRoutes: readonly Route[] = [staffTasks, closeStaffTask, customerTasks, closeCustomerTask];
