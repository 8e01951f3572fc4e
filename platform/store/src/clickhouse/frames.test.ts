/** Frames over a stream that cuts them anywhere. */
import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import { readFrames, sendFrame } from "./frames.ts";

async function through(cut: number): Promise<{ head: unknown; body: string }[]> {
  const wire = new PassThrough();
  sendFrame(wire, { id: 1, text: "櫓" });
  sendFrame(wire, { id: 2 }, Buffer.from("body"));
  sendFrame(wire, { id: 3 }, Buffer.alloc(100_000, 7));
  const bytes = wire.read() as Buffer;
  const reader = new PassThrough();
  const got: { head: unknown; body: string }[] = [];
  readFrames(reader, ({ head, body }) =>
    got.push({ head, body: body.length > 10 ? `${body.length}` : Buffer.from(body).toString() }),
  );
  for (let at = 0; at < bytes.length; at += cut) reader.write(bytes.subarray(at, at + cut));
  reader.end();
  await new Promise((resolve) => reader.once("end", resolve));
  return got;
}

test.each([{ cut: 1 }, { cut: 3 }, { cut: 4_096 }, { cut: 1_000_000 }])("in pieces of $cut bytes", async ({ cut }) => {
  expect(await through(cut)).toEqual([
    { head: { id: 1, text: "櫓" }, body: "" },
    { head: { id: 2 }, body: "body" },
    { head: { id: 3 }, body: "100000" },
  ]);
});

test("a length that cannot be is the end of the stream", async () => {
  const reader = new PassThrough();
  readFrames(reader, () => expect.unreachable());
  const failed = new Promise<Error>((resolve) => reader.once("error", resolve));
  reader.write(Buffer.from([0xff, 0xff, 0xff, 0xff]));
  expect((await failed).message).toBe("malformed frame");
});
