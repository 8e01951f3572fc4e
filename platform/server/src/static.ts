/** The portal's built files: hashed assets for ever, the page itself never from a cache, unknown addresses to the page. */
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import fastifyStatic from "@fastify/static";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { raise } from "./errors.ts";
import { sendProblem } from "./problems.ts";

/** Addresses that belong to programs, not to people: unknown ones are a plain 404. */
const PROGRAMS = /^\/(api|edge|download|manual|assets|healthz|readyz|metrics|openapi\.json)(\/|$)/;

export async function installPortal(app: FastifyInstance, folder: string | undefined): Promise<void> {
  const root = folder === undefined ? null : resolve(folder);
  if (root !== null && existsSync(root)) {
    await app.register(fastifyStatic, {
      root,
      prefix: "/",
      wildcard: true,
      index: "index.html",
      // Written here, not by the plugin's maxAge, because only names with a hash may be kept.
      cacheControl: false,
      logLevel: "warn",
      setHeaders(response, path) {
        const hashed = /[\\/]assets[\\/][^\\/]+[-.][\w-]{8,}\.\w+(\.map)?$/.test(path);
        void response.header("cache-control", hashed ? "public, max-age=31536000, immutable" : "no-cache");
      },
    });
  }
  app.setNotFoundHandler(async (request, reply) => {
    if (root !== null && isPage(request)) return reply.code(200).sendFile("index.html", root);
    return sendProblem(raise("NOT_FOUND"), request, reply);
  });
}

const isPage = (request: FastifyRequest): boolean =>
  (request.method === "GET" || request.method === "HEAD") &&
  !PROGRAMS.test(request.url.split("?")[0] ?? "") &&
  (request.headers.accept ?? "text/html").includes("text/html");
