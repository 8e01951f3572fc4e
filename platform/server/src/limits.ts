/** Rate limits in two rings: requests of one address before anything is looked up, then of one address and actor on one route. */
import rateLimit from "@fastify/rate-limit";
import type { FastifyInstance, FastifyRequest } from "fastify";
import type { Admission } from "./guard.ts";
import { raise } from "./errors.ts";
import { networkOf } from "./networks.ts";
import type { Route } from "./route.ts";

export interface RateOptions {
  /** Requests a minute from one address over all routes; 12,000 unless told (an office behind one address, with live pages). */
  readonly address?: number;
  /** Requests a minute of one address and actor on one route; 1,800 unless told. */
  readonly route?: number;
}

export interface Limits {
  address(request: FastifyRequest, route: Route): Promise<void>;
  actor(request: FastifyRequest, route: Route, admission: Admission): Promise<void>;
}

type Check = ReturnType<FastifyInstance["createRateLimit"]>;

/** Counts in this process's memory; failed sign-ins are counted in the database as well, over all processes. */
export async function installLimits(app: FastifyInstance, rates: RateOptions): Promise<Limits> {
  await app.register(rateLimit, { global: false, cache: 20_000 });
  const timeWindow = 60_000;
  const byAddress = app.createRateLimit({
    max: rates.address ?? 12_000,
    timeWindow,
    keyGenerator: (request) => networkOf(request.ip),
  });
  const checks = new Map<number, Check>();
  const checkOf = (max: number): Check => {
    const present = checks.get(max);
    if (present !== undefined) return present;
    const made = app.createRateLimit({
      max,
      timeWindow,
      keyGenerator: (request) => keys.get(request) ?? networkOf(request.ip),
    });
    checks.set(max, made);
    return made;
  };
  return {
    async address(request, route) {
      if (route.rate !== 0) refuse(await byAddress(request));
    },
    async actor(request, route, admission) {
      if (route.rate === 0) return;
      const actor = admission.principal?.credential.id ?? "nobody";
      keys.set(request, `${networkOf(request.ip)} ${actor} ${route.method} ${route.path}`);
      refuse(await checkOf(route.rate ?? rates.route ?? 1_800)(request));
    },
  };
}

const keys = new WeakMap<FastifyRequest, string>();

function refuse(result: Awaited<ReturnType<Check>>): void {
  if ("isExceeded" in result && result.isExceeded) {
    throw raise("RATE_LIMITED", { seconds: Math.max(1, Math.ceil(result.ttl / 1000)) });
  }
}
