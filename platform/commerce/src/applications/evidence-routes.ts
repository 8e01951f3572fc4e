/** The API of files handed in as evidence. */
import { Type } from "typebox";
import { raise as raiseServer } from "@yagura/server/errors.ts";
import { route, type Route } from "@yagura/server/route.ts";
import { closed, Id } from "@yagura/server/shapes.ts";
import { actorName } from "../actor.ts";
import { attachedAs } from "../downloads.ts";
import { evidenceOf, MAX_EVIDENCE, readEvidence, storeEvidence } from "./evidence.ts";
import { Evidence } from "./shapes.ts";

/** No path, no control, and nothing that writes backwards: `fdp.exe` must not be shown as `exe.pdf`. */
const ONE_LINE = "^[^\\u0000-\\u001f\\u007f-\\u009f\\u200e\\u200f\\u2028-\\u202e\\u2066-\\u2069/\\\\]*$";
const evidence = "/api/v1/organisations/:organisation/evidence";

const handIn = route({
  method: "POST",
  path: evidence,
  tag: "contracts",
  summary: "Hand in a file: the body is the file itself, its name stands in the query",
  access: { kind: "organisation", scope: "application.write" },
  params: Type.Object({ organisation: Id }),
  query: Type.Object({ name: Type.String({ minLength: 1, maxLength: 200, pattern: ONE_LINE }) }, closed),
  body: Type.String({ description: "the bytes of the file, of any content type" }),
  rawBody: true,
  bodyLimit: MAX_EVIDENCE,
  response: Evidence,
  status: 201,
  handler: async ({ tx, now, actor, organisation, query, body, request, audit }) => {
    const bytes = body as unknown as Buffer;
    const mediaType = (request.headers["content-type"] ?? "application/octet-stream").slice(0, 100);
    const by = { actor: actorName({ actor }), at: now };
    const made = await storeEvidence(
      tx,
      organisation,
      { name: query.name, mediaType, bytes: Buffer.isBuffer(bytes) ? bytes : Buffer.alloc(0) },
      by,
    );
    await audit({
      action: "evidence.store",
      subject: made.id,
      details: { name: made.name, sha256: made.sha256, size: made.size },
    });
    return made;
  },
});

const list = route({
  method: "GET",
  path: evidence,
  tag: "contracts",
  summary: "Files handed in, newest first",
  access: { kind: "organisation", scope: "contract.read" },
  params: Type.Object({ organisation: Id }),
  response: Type.Array(Evidence),
  handler: ({ tx, organisation }) => evidenceOf(tx, organisation),
});

const download = route({
  method: "GET",
  path: `${evidence}/:evidence`,
  tag: "contracts",
  summary: "A file as it was handed in; always offered for saving, never shown in the page",
  access: { kind: "organisation", scope: "contract.read" },
  params: Type.Object({ organisation: Id, evidence: Id }),
  raw: "application/octet-stream",
  handler: async ({ tx, organisation, params, reply }) => {
    const file = await readEvidence(tx, organisation, params.evidence);
    if (file === null) throw raiseServer("NOT_FOUND");
    attachedAs(reply, file.name);
    return file.bytes;
  },
});

export const evidenceRoutes: readonly Route[] = [handIn, list, download];
