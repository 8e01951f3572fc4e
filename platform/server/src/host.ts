/** The HTTP host: turns a table of routes into Fastify routes with one order of work: who, may, shape, transaction, audit, answer. */
import { constants } from "node:zlib";
import { sql } from "kysely";
import Fastify, {
  LogController,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  type FastifyServerOptions,
} from "fastify";
import compress from "@fastify/compress";
import cookie from "@fastify/cookie";
import type { Language } from "@yagura/core/errors.ts";
import { newId } from "@yagura/core/ids.ts";
import type { Tx } from "@yagura/store/store.ts";
import type { AuditRecord, Route, ScopeTable } from "./route.ts";
import { createDoor, type Door } from "./door.ts";
import type { Environment, Eraser, Exporter } from "./environment.ts";
import { raise } from "./errors.ts";
import { admit, type Admission } from "./guard.ts";
import { installHeaders } from "./headers.ts";
import { installLimits, type Limits, type RateOptions } from "./limits.ts";
import { installMetrics } from "./metrics.ts";
import { createOpenApi } from "./openapi.ts";
import type { ServerPlatform } from "./platform.ts";
import { languageOf, sendProblem } from "./problems.ts";
import { isProviderRole, mergeScopes, serverScopes, type Scopes } from "./scopes.ts";
import { serverRoutes } from "./routes/table.ts";
import { createDownloads, createUploads, LONG_BODY, type Downloads, type Uploads } from "./slow-readers.ts";
import { installPortal } from "./static.ts";

const BODY_LIMIT = 256 * 1024;

export interface HostOptions {
  readonly platform: ServerPlatform;
  /** Routes of the other rooms; the server's own are added. */
  readonly routes?: readonly Route[];
  /** Scopes of the other rooms; the server's own are added. */
  readonly scopes?: readonly ScopeTable[];
  readonly exporters?: readonly Exporter[];
  readonly erasers?: readonly Eraser[];
  readonly version?: string;
  /** Adds what is no route of the table (the door for edge programs), before the portal's catch-all. */
  readonly install?: (app: FastifyInstance) => Promise<void>;
  /** Folder of the portal's built files. */
  readonly portalFolder?: string;
  /** Certificate and key in PEM: serve HTTPS. */
  readonly https?: { readonly key: string | Buffer; readonly cert: string | Buffer };
  /** Addresses of proxies whose X-Forwarded-* is believed; as Fastify's option of the same name. */
  readonly trustProxy?: FastifyServerOptions["trustProxy"];
  readonly rates?: RateOptions;
  /** Milliseconds; the defaults suit the open internet. */
  readonly timeouts?: Partial<Timeouts>;
  /** Checks each JSON answer against its shape (a wrong one is a 500). For tests and development. */
  readonly checkAnswers?: boolean;
}

export interface Timeouts {
  /** For the head of a request to arrive. */
  readonly headers: number;
  /** For a whole request to arrive. */
  readonly request: number;
  /** A connection on which nothing moves. Streams send a heartbeat more often. */
  readonly idle: number;
  /** For the reader of a long file to take half a megabyte while there is something to take. */
  readonly download: number;
  /** For streams and slow answers to end at a stop; then connections are cut. */
  readonly stop: number;
}
const TIMEOUTS: Timeouts = { headers: 10_000, request: 60_000, idle: 120_000, download: 30_000, stop: 3_000 };

/** The merged tables of a host, without starting one. */
export function listRoutes(options: HostOptions): { routes: readonly Route[]; scopes: Scopes } {
  const { routes, scopes } = assemble(options);
  return { routes, scopes };
}

function assemble(options: HostOptions): { routes: readonly Route[]; scopes: Scopes; environment: Environment } {
  const { platform } = options;
  const scopes = mergeScopes([serverScopes, ...(options.scopes ?? [])]);
  const environment: Environment = {
    platform,
    scopes,
    exporters: options.exporters ?? [],
    erasers: options.erasers ?? [],
    version: options.version ?? "0.1.0",
    principal: (request) => admissions.get(request)?.principal ?? null,
    admit: (request, access) => admit({ platform, scopes }, request, access),
  };
  const routes = [...serverRoutes(environment), ...(options.routes ?? [])];
  for (const { access, method, path } of routes) {
    if ("scope" in access && !scopes.all.includes(access.scope)) {
      throw new Error(`${method} ${path} asks for the scope ${access.scope}, which no room declares`);
    }
    if (access.kind === "organisation" && !path.includes("/:organisation")) {
      throw new Error(`${method} ${path} is for members but names no :organisation`);
    }
  }
  return { routes, scopes, environment };
}

/** Who was admitted with each request. */
const admissions = new WeakMap<FastifyRequest, Admission>();

/** A host ready to listen (`await app.listen(…)`) or to be asked directly (`await app.inject(…)`). */
export async function createHost(options: HostOptions): Promise<FastifyInstance> {
  const { platform } = options;
  const { routes, environment } = assemble(options);
  const app = Fastify(serverOptions(options));
  await app.register(cookie);
  await app.register(compress, {
    global: true,
    globalDecompression: false,
    threshold: 1024,
    encodings: ["br", "gzip"],
    // The library's own choice of 11 takes tenths of a second for what 4 packs nearly as well; 5 takes twice as long for a twentieth less.
    brotliOptions: { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } },
  });
  await installHeaders(app, platform);
  const limits = await installLimits(app, options.rates ?? {});
  installErrors(app);
  installMetrics(app, environment);
  app.get("/openapi.json", { logLevel: "warn" }, openApiHandler(routes, environment));
  const door = createDoor();
  const downloads = createDownloads(options.timeouts?.download ?? TIMEOUTS.download);
  const uploads = createUploads();
  const host: Host = { environment, door, limits, downloads, uploads, checkAnswers: options.checkAnswers ?? false };
  installJson(app);
  for (const route of routes.filter((one) => one.rawBody !== true)) installRoute(app, host, route);
  await app.register(async (raw) => {
    raw.removeAllContentTypeParsers();
    raw.addContentTypeParser("*", { parseAs: "buffer" }, (_request, body, done) => done(null, body));
    for (const route of routes.filter((one) => one.rawBody === true)) installRoute(raw, host, route);
  });
  const { install } = options;
  if (install !== undefined) await app.register(async (scope) => install(scope));
  await installPortal(app, options.portalFolder);
  installStop(app, platform, options.timeouts?.stop ?? TIMEOUTS.stop);
  await app.ready();
  return app;
}

interface Host {
  readonly environment: Environment;
  readonly door: Door;
  readonly limits: Limits;
  readonly downloads: Downloads;
  readonly uploads: Uploads;
  readonly checkAnswers: boolean;
}

/** How long clients may take, and how large a head may be: a client that trickles its head is cut off. */
export function connectionLimits(given: Partial<Timeouts> = {}) {
  const timeouts = { ...TIMEOUTS, ...given };
  return {
    requestTimeout: timeouts.request,
    connectionTimeout: timeouts.idle,
    keepAliveTimeout: 60_000,
    http: {
      headersTimeout: timeouts.headers,
      connectionsCheckingInterval: Math.min(5_000, timeouts.headers),
      maxHeaderSize: 16_384,
    },
  };
}

function serverOptions(options: HostOptions): FastifyServerOptions {
  const { http, ...limits } = connectionLimits(options.timeouts);
  return {
    loggerInstance: options.platform.log,
    // The usual lines hold whole addresses, and some addresses hold secrets; ours are written in `installMetrics`.
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: () => newId(),
    requestIdHeader: false,
    bodyLimit: BODY_LIMIT,
    trustProxy: options.trustProxy ?? false,
    ...limits,
    forceCloseConnections: "idle",
    routerOptions: { maxParamLength: 200, ignoreTrailingSlash: true },
    ...(options.https === undefined ? { http } : { https: { ...http, ...options.https } }),
  };
}

function installErrors(app: FastifyInstance): void {
  app.setErrorHandler((error, request, reply) => {
    if (reply.sent || reply.raw.headersSent) {
      request.log.warn({ err: error, id: request.id }, "an answer broke off");
      reply.raw.destroy();
      return reply;
    }
    const tooLarge = (error as { code?: string }).code === "FST_ERR_CTP_BODY_TOO_LARGE";
    const shown = tooLarge
      ? Object.assign(error as Error, { limit: request.routeOptions.bodyLimit ?? BODY_LIMIT })
      : error;
    return sendProblem(shown, request, reply);
  });
  app.addHook("onRequest", async (request, reply) => {
    void reply.header("x-request-id", request.id);
  });
}

/** JSON bodies; an empty one is an absent one, since browsers send the type with an empty DELETE. */
function installJson(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser("error", "error");
  app.removeContentTypeParser(["application/json", "text/plain"]);
  app.addContentTypeParser("application/json", { parseAs: "string" }, (request, body, done) => {
    if (body === "") done(null, undefined);
    else void parse(request, body as string, done);
  });
}

function openApiHandler(routes: readonly Route[], environment: Environment) {
  let text: string | null = null;
  return async (_request: FastifyRequest, reply: FastifyReply): Promise<string> => {
    text ??= JSON.stringify(
      createOpenApi(routes, environment.scopes, environment.version, environment.platform.publicUrl()),
    );
    void reply.type("application/json").header("cache-control", "public, max-age=60");
    return text;
  };
}

type Check = (value: unknown, language: Language) => unknown;

function installRoute(app: FastifyInstance, host: Host, route: Route): void {
  const { environment, door, limits, downloads, uploads } = host;
  const params = route.params === undefined ? null : door.compile("params", route.params);
  const query = route.query === undefined ? null : door.compile("query", route.query);
  const body = route.body === undefined || route.rawBody === true ? null : door.compile("body", route.body);
  const checkAnswer =
    host.checkAnswers && route.response !== undefined && route.raw === undefined
      ? door.compileAnswer(route.response)
      : null;
  const guard = { platform: environment.platform, scopes: environment.scopes };
  app.route({
    method: route.method,
    url: route.path,
    exposeHeadRoute: route.method === "GET" && route.raw === undefined,
    // A compressed answer that holds a secret beside a reader's own text can tell the secret by its length.
    ...(holdsSecrets(route) ? { compress: false } : {}),
    ...(route.bodyLimit === undefined ? {} : { bodyLimit: route.bodyLimit }),
    onRequest: async (request, reply) => {
      await limits.address(request, route);
      const admission = await admit(guard, request, route.access);
      admissions.set(request, admission);
      await limits.actor(request, route, admission);
      if ((route.bodyLimit ?? 0) >= LONG_BODY) uploads.begin(admission.organisation, reply.raw);
    },
    handler: async (request, reply) => {
      const language = languageOf(request.headers["accept-language"]);
      const input = { params: request.params, query: request.query, body: request.body };
      checkInput(params, input, "params", language);
      checkInput(query, input, "query", language);
      if (route.body !== undefined) checkInput(body, input, "body", language);
      if (route.download === true) downloads.begin(admissions.get(request)?.organisation ?? "", reply.raw);
      const answer = await perform(host, route, request, reply, { ...input, language });
      if (reply.sent || reply.raw.headersSent) return reply;
      return sendAnswer(route, reply, answer, checkAnswer);
    },
  });
}

const holdsSecrets = (route: Route): boolean =>
  /^\/api\/v1\/(me|sign-in)/.test(route.path) || /tokens/.test(route.path);

function checkInput(
  check: Check | null,
  input: { params: unknown; query: unknown; body: unknown },
  part: "params" | "query" | "body",
  language: Language,
): void {
  if (check === null) return;
  if (part === "body") input.body ??= {};
  try {
    input[part] = check(input[part], language);
  } catch (error) {
    // An id in the address that is no id names nothing.
    throw part === "params" ? raise("NOT_FOUND", {}, { cause: error }) : error;
  }
}

/** Runs the handler inside its transaction; audit entries are written last, so that the chain is locked for a moment only. */
async function perform(
  host: Host,
  route: Route,
  request: FastifyRequest,
  reply: FastifyReply,
  input: { params: unknown; query: unknown; body: unknown; language: Language },
): Promise<unknown> {
  const { platform } = host.environment;
  const admission = admissions.get(request);
  if (admission === undefined) throw new Error("a request reached its handler without admission");
  const actor = admission.principal?.actor ?? { kind: "nobody" as const };
  const now = new Date(platform.clock.now());
  const { organisation } = admission;
  const scoped = <T>(work: (tx: Tx) => Promise<T>): Promise<T> =>
    route.access.kind === "organisation"
      ? platform.store.organisation(organisation, (tx) => byHand(tx, route, admission, work))
      : platform.store.provider(work);
  const context = { ...input, actor, role: admission.role, organisation, now, platform, request, reply };
  if (route.transaction === false) {
    return route.handler({
      ...context,
      tx: noTransaction,
      audit: (entry) => scoped((tx) => platform.audit(tx, actor, organisation || null, entry)),
    });
  }
  return scoped(async (tx) => {
    const entries: AuditRecord[] = [];
    const answer = await route.handler({
      ...context,
      tx,
      audit: async (entry) => void entries.push(entry),
    });
    for (const entry of entries) await platform.audit(tx, actor, organisation || null, entry);
    return answer;
  });
}

/**
 * Customers and staff work on an organisation's pages under one database role. A change that a customer asks for says so, and the
 * database refuses it what only the staff write (commerce, migration 0010), whatever the handler does.
 */
async function byHand<T>(tx: Tx, route: Route, { role }: Admission, work: (tx: Tx) => Promise<T>): Promise<T> {
  if (route.method !== "GET" && role !== null && !isProviderRole(role)) {
    await sql`select set_config('yagura.hand', 'customer', true)`.execute(tx);
  }
  return work(tx);
}

const noTransaction = new Proxy({} as Tx, {
  get(_target, name) {
    throw new Error(`this route has no transaction (asked for ${String(name)})`);
  },
});

function sendAnswer(
  route: Route,
  reply: FastifyReply,
  answer: unknown,
  check: ((value: unknown) => void) | null,
): FastifyReply {
  if (!reply.hasHeader("cache-control")) void reply.header("cache-control", "no-store");
  if (reply.statusCode === 200 && route.status !== undefined) void reply.code(route.status);
  if (route.raw !== undefined) {
    if (!reply.hasHeader("content-type")) void reply.type(route.raw);
    return reply.send(answer);
  }
  if (route.response === undefined) return reply.code(route.status ?? 204).send();
  check?.(answer);
  return reply.type("application/json; charset=utf-8").send(JSON.stringify(answer));
}

/** At a stop: no new requests, live streams are ended, and what still hangs after the deadline is cut. */
function installStop(app: FastifyInstance, platform: ServerPlatform, deadline: number): void {
  app.addHook("preClose", async () => {
    await platform.live.close();
    const timer = setTimeout(() => app.server.closeAllConnections(), deadline);
    timer.unref();
    app.server.once("close", () => clearTimeout(timer));
  });
}
