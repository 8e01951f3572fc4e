/** Health, readiness, Prometheus metrics and the request log. */
import { collectDefaultMetrics, Gauge, Histogram } from "prom-client";
import type { FastifyInstance, FastifyRequest } from "fastify";
import type { Environment } from "./environment.ts";

/** Fixed routes: `/healthz` (the process lives), `/readyz` (both stores answer), `/metrics`. */
export function installMetrics(app: FastifyInstance, environment: Environment): void {
  const { platform } = environment;
  const { registry } = platform;
  if (registry.getSingleMetric("process_cpu_seconds_total") === undefined)
    collectDefaultMetrics({ register: registry });
  const duration = durations(environment);
  const state = atMostEvery(READY_FOR, async () => {
    const [postgres, clickhouse] = await Promise.all([answers(platform.store), answers(platform.telemetry)]);
    return { postgres, clickhouse };
  });
  app.get("/healthz", { logLevel: "warn" }, async (_request, reply) => reply.type("text/plain").send("ok\n"));
  app.get("/readyz", { logLevel: "warn" }, async (_request, reply) => {
    const { postgres, clickhouse } = await state();
    const ready = postgres && clickhouse;
    if (!ready) void reply.header("retry-after", "5");
    return reply.code(ready ? 200 : 503).send({ ready, postgres, clickhouse });
  });
  app.get("/metrics", { logLevel: "warn" }, async (request, reply) => {
    if (!isLocal(request)) await environment.admit(request, { kind: "provider", scope: "provider.read" });
    return reply.type(registry.contentType).send(await registry.metrics());
  });
  app.addHook("onResponse", async (request, reply) => {
    const route = request.routeOptions.url ?? "unknown";
    duration.observe({ method: request.method, route, status: String(reply.statusCode) }, reply.elapsedTime / 1000);
    if (request.routeOptions.logLevel === "warn") return;
    platform.log.info(
      {
        id: request.id,
        method: request.method,
        route,
        status: reply.statusCode,
        ms: Math.round(reply.elapsedTime * 10) / 10,
        address: request.ip,
        actor: environment.principal(request)?.actor.kind ?? "nobody",
      },
      "request",
    );
  });
}

/** One histogram and one gauge a registry, also when two hosts share it. */
function durations(environment: Environment): Histogram<"method" | "route" | "status"> {
  const { registry, live } = environment.platform;
  const name = "yagura_http_request_duration_seconds";
  const present = registry.getSingleMetric(name);
  if (present !== undefined) return present as Histogram<"method" | "route" | "status">;
  const streams = new Gauge({
    name: "yagura_live_connections",
    help: "Pages that listen to live events",
    registers: [registry],
    collect() {
      this.set(live.size());
    },
  });
  streams.set(0);
  return new Histogram({
    name,
    help: "Time from the head of a request to the end of its answer",
    labelNames: ["method", "route", "status"],
    buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
    registers: [registry],
  });
}

const answers = (store: { ready(): Promise<boolean> }): Promise<boolean> => store.ready().catch(() => false);

/** Milliseconds for which an answer about the stores is given again: anybody may ask, and each asking holds a connection. */
const READY_FOR = 1_000;

function atMostEvery<T>(milliseconds: number, ask: () => Promise<T>): () => Promise<T> {
  let last: { readonly at: number; readonly answer: Promise<T> } | null = null;
  return () => {
    const at = performance.now();
    if (last === null || at - last.at >= milliseconds) last = { at, answer: ask() };
    return last.answer;
  };
}

/** This machine by name: a page of another site whose name was pointed here (DNS rebinding) names itself. */
const LOCAL_HOST = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d+)?$/i;

/** Straight from this machine, not through a proxy on it. */
const isLocal = (request: FastifyRequest): boolean =>
  LOCAL_HOST.test(request.headers.host ?? "") &&
  /^(127\.|::1$|::ffff:127\.)/.test(request.socket.remoteAddress ?? "") &&
  request.headers["x-forwarded-for"] === undefined &&
  request.headers["forwarded"] === undefined;
