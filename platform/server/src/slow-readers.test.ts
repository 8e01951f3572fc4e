import { IncomingMessage, ServerResponse } from "node:http";
import { Socket } from "node:net";
import { expect, test } from "vitest";
import { createUploads } from "./slow-readers.ts";

test("long bodies: one of an organisation, few in all, until the response has ended", () => {
  const uploads = createUploads();
  const response = () => new ServerResponse(new IncomingMessage(new Socket()));
  const first = response();
  uploads.begin("a", first);
  expect(() => uploads.begin("a", response())).toThrow(expect.objectContaining({ code: "UPLOAD_BUSY" }));
  uploads.begin("b", response());
  uploads.begin("c", response());
  expect(() => uploads.begin("d", response())).toThrow(expect.objectContaining({ code: "UPLOAD_BUSY" }));
  first.emit("close");
  uploads.begin("d", response());
});
