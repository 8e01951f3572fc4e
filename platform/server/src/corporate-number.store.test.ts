import { afterAll, beforeAll, expect, test } from "vitest";
import { testServer, type TestServer } from "@yagura/testkit/server.ts";
import type { Organisation, Problem } from "./shapes.ts";

let server: TestServer;
beforeAll(async () => {
  server = await testServer();
});
afterAll(async () => server.stop());

test("COM-31 an organisation's corporate number needs the right check digit, when it is made and when it is changed", async () => {
  const make = (corporateNumber: string) =>
    server.admin.post<Organisation & Problem>("/api/v1/organisations", { name: "検査", corporateNumber });
  const wrong = await make("6000012050002");
  expect([wrong.status, wrong.body.code]).toEqual([422, "CORPORATE_NUMBER_WRONG"]);
  const right = await make("7000012050002");
  expect([right.status, right.body.corporateNumber]).toEqual([201, "7000012050002"]);
  const changed = await server.admin.patch<Problem>(`/api/v1/organisations/${right.body.id}`, {
    corporateNumber: "7000012050003",
  });
  expect([changed.status, changed.body.code]).toEqual([422, "CORPORATE_NUMBER_WRONG"]);
});
