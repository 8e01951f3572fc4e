/** Protocols that a customer declares for a site, over HTTP (OT-N10). */
import { Type } from "typebox";
import type { Devices } from "@yagura/devices/devices.ts";
import { route, type Route } from "@yagura/server/route.ts";
import { Name } from "@yagura/server/shapes.ts";
import { listCaptures, MAX_CAPTURE_BYTES } from "../captures.ts";
import { addParser, changeParser, removeParser, tryParser } from "../declared.ts";
import { siteAsked } from "../sites.ts";
import { listParsers } from "../store/declared.ts";
import { need } from "../store/sensors.ts";
import { ChangeParser, DeclaredParser, NewParser } from "../wire/api-declared.ts";
import { CaptureUpload } from "../wire/api-register.ts";
import { workOf } from "../work.ts";
import { base, mayRead, mayWrite, ofOrganisation, ofSite, ofThing, tag } from "./common.ts";

/** 256 functions and 256 objects with long names. */
const bodyLimit = 256 * 1024;

export const declaredRoutes = (devices: Devices): readonly Route[] => [
  route({
    method: "GET",
    path: `${base}/parsers`,
    tag,
    summary:
      "Protocols that are declared for a site, by slot; removed ones whose history is kept are among them (OT-N10)",
    access: mayRead,
    params: ofOrganisation,
    query: ofSite,
    response: Type.Array(DeclaredParser),
    handler: async ({ tx, organisation, query }) => [
      ...(await listParsers(tx, organisation, { site: await siteAsked(tx, organisation, query.site) })),
    ],
  }),
  route({
    method: "POST",
    path: `${base}/parsers`,
    tag,
    summary: "Declare a protocol; no sensor uses it yet",
    access: mayWrite,
    rate: 30,
    params: ofOrganisation,
    body: NewParser,
    bodyLimit,
    response: DeclaredParser,
    status: 201,
    handler: async (context) => {
      const { tx, organisation, body } = context;
      const site = await siteAsked(tx, organisation, body.siteId);
      const id = await addParser(workOf(context, devices), site, body.description);
      return need(await listParsers(tx, organisation, { id }));
    },
  }),
  route({
    method: "PUT",
    path: `${base}/parsers/:parser`,
    tag,
    summary: "Change a declared protocol, or let the site's sensors use it; they are told at once",
    access: mayWrite,
    rate: 60,
    params: ofThing("parser"),
    body: ChangeParser,
    bodyLimit,
    response: DeclaredParser,
    handler: async (context) => {
      const { tx, organisation, params, body } = context;
      await changeParser(workOf(context, devices), params.parser, body);
      return need(await listParsers(tx, organisation, { id: params.parser }));
    },
  }),
  route({
    method: "DELETE",
    path: `${base}/parsers/:parser`,
    tag,
    summary: "Remove a declared protocol; its names stay beside its history",
    access: mayWrite,
    params: ofThing("parser"),
    handler: async (context) => removeParser(workOf(context, devices), context.params.parser),
  }),
  route({
    method: "GET",
    path: `${base}/parsers/:parser/tests`,
    tag,
    summary: "Captures with which a declared protocol was tried, newest first",
    access: mayRead,
    params: ofThing("parser"),
    response: Type.Array(CaptureUpload),
    handler: async ({ tx, organisation, params: { parser } }) => {
      need(await listParsers(tx, organisation, { id: parser }));
      return listCaptures(tx, organisation, { parser });
    },
  }),
  route({
    method: "POST",
    path: `${base}/parsers/:parser/tests`,
    tag,
    summary: "Try a declared protocol, as it is now, with a capture file as the body; at most 128 MB",
    access: mayWrite,
    rate: 20,
    params: ofThing("parser"),
    query: Type.Object({ name: Name }),
    rawBody: true,
    bodyLimit: MAX_CAPTURE_BYTES,
    response: CaptureUpload,
    status: 201,
    handler: async (context) => {
      const bytes = context.body;
      const file = Buffer.isBuffer(bytes) ? bytes : Buffer.alloc(0);
      const id = await tryParser(workOf(context, devices), context.params.parser, context.query.name, file);
      return need(await listCaptures(context.tx, context.organisation, { id }));
    },
  }),
];
