/** Live events to pages, as server-sent events (WHATWG HTML section 9.2). */
import { Type } from "typebox";
import type { Environment } from "../environment.ts";
import { raise } from "../errors.ts";
import { route, type Access, type Route, type RouteContext } from "../route.ts";
import { Id } from "../shapes.ts";

const STREAM = "text/event-stream";
/** Streams of one person or token at once: each is asked anew for its rights every few seconds. */
export const MOST_STREAMS = 50;

export function liveRoutes(environment: Environment): Route[] {
  const own = { kind: "organisation", scope: "organisation.read" } as const;
  const all = { kind: "provider", scope: "provider.read" } as const;
  return [
    route({
      method: "GET",
      path: "/api/v1/organisations/:organisation/live",
      summary:
        "Events of the organisation: {topic, data}. Topics live.hello, live.reset (read everything again) and live.end",
      tag: "live",
      access: own,
      params: Type.Object({ organisation: Id }),
      raw: STREAM,
      rate: 120,
      transaction: false,
      handler: async (context) => listen(environment, context, own, context.organisation),
    }),
    route({
      method: "GET",
      path: "/api/v1/provider/live",
      summary: "Events of all organisations: {topic, data, organisation}",
      tag: "live",
      access: all,
      raw: STREAM,
      rate: 120,
      transaction: false,
      handler: async (context) => listen(environment, context, all, null),
    }),
  ];
}

type Context = Pick<RouteContext<unknown, unknown, unknown>, "request" | "reply">;

function listen(
  environment: Environment,
  { request, reply }: Context,
  access: Access,
  organisation: string | null,
): void {
  const principal = environment.principal(request);
  if (principal === null) return;
  const { credential } = principal;
  const who = credential.kind === "session" ? `user:${credential.userId}` : `token:${credential.id}`;
  if (environment.platform.live.listening(who) >= MOST_STREAMS) throw raise("RATE_LIMITED", { seconds: 60 });
  reply.hijack();
  const headers = { ...reply.getHeaders(), "content-type": `${STREAM}; charset=utf-8`, "cache-control": "no-store" };
  // Proxies that buffer answers would hold events back.
  reply.raw.writeHead(200, { ...headers, "x-accel-buffering": "no" } as Record<string, string>);
  const last = request.headers["last-event-id"];
  environment.platform.live.connect({
    organisation,
    subjects: [
      `${credential.kind}:${credential.id}`,
      ...(credential.kind === "session" ? [`user:${credential.userId}`] : []),
      ...(organisation === null ? [] : [`organisation:${organisation}`]),
    ],
    mayStay: async () => {
      try {
        await environment.admit(request, access);
        return true;
      } catch (error) {
        // A store that is away says nothing about rights; the stream stays until somebody can tell.
        return (error as { status?: number }).status === 503;
      }
    },
    response: reply.raw,
    lastEventId: typeof last === "string" ? last : undefined,
  });
}
