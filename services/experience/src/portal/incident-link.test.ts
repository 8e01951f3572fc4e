import { expect, test } from "vitest";
import { linkOf } from "./incident-link.ts";

test("a finding about a session leads to the session by its names", () => {
  const subject = { kind: "session", id: "s1" };
  expect(linkOf({ subject, parameters: { agent: "PC-1", target: "ERP" } })).toEqual({
    label: "PC-1 → ERP",
    page: "experience/sessions/s1",
  });
  expect(linkOf({ subject, parameters: {} })).toEqual({ label: "s1", page: "experience/sessions/s1" });
  expect(linkOf({ subject: { kind: "tenant", id: "t1" }, parameters: {} })).toBeNull();
});
