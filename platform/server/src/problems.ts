/** Errors as the API tells them: RFC 9457 problem details, in the reader's language, without internals. */
import { STATUS_CODES } from "node:http";
import type { FastifyReply, FastifyRequest } from "fastify";
import { YaguraError, type Language } from "@yagura/core/errors.ts";
import { raise } from "./errors.ts";
import type { Problem } from "./shapes.ts";

/** Seconds after which a client may come back when a store is away. */
const RETRY_AFTER = 5;

/** The best of Japanese and English by `accept-language` (RFC 9110 section 12.5.4); English when neither is wanted. */
export function languageOf(header: string | undefined): Language {
  let best: { language: Language; quality: number } = { language: "en", quality: 0 };
  for (const item of (header ?? "").split(",")) {
    const [range = "", ...parameters] = item.trim().toLowerCase().split(";");
    const primary = range.split("-")[0];
    const given = parameters
      .find((parameter) => parameter.trim().startsWith("q="))
      ?.trim()
      .slice(2);
    const quality = given === undefined ? 1 : Number(given);
    if ((primary === "ja" || primary === "en") && quality > best.quality) best = { language: primary, quality };
  }
  return best.language;
}

/** What is told to the client. Anything that is not one of our own errors becomes INTERNAL with the request's id. */
export function toProblem(error: unknown, id: string, language: Language): Problem {
  const known = asYaguraError(error, id);
  const fields = known.fields.length > 0 ? { fields: known.fields.map((field) => ({ ...field })) } : {};
  return {
    type: `urn:yagura:error:${known.code}`,
    title: STATUS_CODES[known.status] ?? "Error",
    status: known.status,
    code: known.code,
    detail: known.say(language),
    instance: id,
    ...fields,
  };
}

interface Foreign {
  readonly code?: string;
  readonly statusCode?: number;
  readonly message?: string;
}

/** Errors of Fastify, of the pool and of PostgreSQL that have a sentence of ours. */
export function asYaguraError(error: unknown, id: string): YaguraError {
  if (error instanceof YaguraError) return error;
  const { code = "", statusCode, message = "" } = error as Foreign;
  if (code === "FST_ERR_CTP_BODY_TOO_LARGE")
    return raise("BODY_TOO_LARGE", { limit: (error as { limit?: number }).limit ?? 0 });
  if (code === "FST_ERR_CTP_INVALID_MEDIA_TYPE") return raise("UNSUPPORTED_MEDIA");
  if (code === "FST_ERR_CTP_INVALID_CONTENT_LENGTH") return raise("MALFORMED");
  if (error instanceof SyntaxError || (statusCode === 400 && /JSON|Body/i.test(message))) return raise("MALFORMED");
  if (statusCode === 408) return raise("REQUEST_TIMEOUT");
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500)
    return raise(statusCode === 404 ? "NOT_FOUND" : "MALFORMED");
  if (NO_VALUE.has(code)) return raise("INVALID_INPUT", {}, { cause: error });
  if (isStoreTrouble(code, message)) return raise("STORE_DOWN", {}, { cause: error });
  return raise("INTERNAL", { id }, { cause: error });
}

/**
 * PostgreSQL's refusals of a text as a value of a column: zero bytes (22021, 22P05), and cursors that somebody made up (22P02, 22003,
 * 22007, 22008). Values of our own are never such.
 */
const NO_VALUE = new Set(["22021", "22P05", "22P02", "22003", "22007", "22008"]);

/** Network errors of the driver and PostgreSQL's classes 08 (connection), 53 (resources) and 57P (operator intervention). */
const isStoreTrouble = (code: string, message: string): boolean =>
  /^(ECONNREFUSED|ECONNRESET|EPIPE|08...|53...|57P0.)$/.test(code) ||
  /Connection terminated|timeout exceeded when trying to connect/.test(message);

/** Sends the problem and writes the log line of what went wrong. */
export function sendProblem(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const problem = toProblem(error, request.id, languageOf(request.headers["accept-language"]));
  if (problem.status >= 500)
    request.log.error({ err: error, id: request.id, route: request.routeOptions.url }, problem.code);
  if (problem.status === 503) void reply.header("retry-after", String(RETRY_AFTER));
  const seconds = error instanceof YaguraError ? error.parameters["seconds"] : undefined;
  if (problem.status === 429 && seconds !== undefined) void reply.header("retry-after", String(seconds));
  if (problem.status === 401) void reply.header("www-authenticate", 'Bearer realm="yagura"');
  return reply
    .code(problem.status)
    .header("cache-control", "no-store")
    .header("content-language", languageOf(request.headers["accept-language"]))
    .type("application/problem+json")
    .send(JSON.stringify(problem));
}
