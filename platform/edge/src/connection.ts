/**
 * Connections to one server by Node's own HTTP client: kept open, through the proxy of the environment, with deadlines. An HTTP
 * library would cost an edge program more memory than everything it measures (20 MB of 80).
 */
import { Agent as HttpAgent, request as requestHttp, type ClientRequest, type IncomingHttpHeaders } from "node:http";
import { Agent as HttpsAgent, request as requestHttps } from "node:https";
import { createSecureContext, type SecureContextOptions } from "node:tls";

const CONNECTIONS = 12;
const CONNECT_MS = 10_000;
const HEADERS_MS = 30_000;
const BODY_MS = 60_000;

export interface DispatchedRequest {
  readonly origin: string;
  readonly path: string;
  readonly method: "GET" | "POST";
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Buffer;
  readonly signal?: AbortSignal;
  /** Milliseconds of silence within the answer; 0: for ever. */
  readonly bodyTimeout?: number;
}
export interface DispatchedAnswer {
  readonly statusCode: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: AsyncIterable<Buffer>;
}
/** What sends requests. The shape is that of undici's dispatchers, so that a test may hand in one of those. */
export interface Dispatcher {
  request(request: DispatchedRequest): Promise<DispatchedAnswer>;
  close(): Promise<void>;
  destroy(): Promise<void>;
}

export interface Trust extends SecureContextOptions {
  readonly rejectUnauthorized?: boolean;
}

/** `trust` is asked for at the first HTTPS request: reading a system's authorities takes megabytes. */
export function nodeDispatcher(trust: () => Trust): Dispatcher {
  const settings = { keepAlive: true, maxSockets: CONNECTIONS, proxyEnv: process.env };
  const plain = new HttpAgent(settings);
  let secure: HttpsAgent | null = null;
  const secureAgent = (): HttpsAgent => {
    const { rejectUnauthorized = true, ...context } = trust();
    // One context for all connections: the agent would otherwise make the authorities part of each connection's name.
    return new HttpsAgent({ ...settings, rejectUnauthorized, secureContext: createSecureContext(context) });
  };
  const end = async (): Promise<void> => {
    plain.destroy();
    secure?.destroy();
  };
  return {
    request: (asked) => {
      const url = new URL(asked.path, asked.origin);
      const { method, headers, signal } = asked;
      const options = { method, headers, ...(signal === undefined ? {} : { signal }) };
      const request =
        url.protocol === "https:"
          ? requestHttps(url, { ...options, agent: (secure ??= secureAgent()) })
          : requestHttp(url, { ...options, agent: plain });
      return answerOf(request, asked);
    },
    close: end,
    destroy: end,
  };
}

function answerOf(request: ClientRequest, asked: DispatchedRequest): Promise<DispatchedAnswer> {
  return new Promise((resolve, reject) => {
    const late = (what: string) => (): void =>
      void request.destroy(Object.assign(new Error(`${what} took too long`), { code: "ETIMEDOUT" }));
    request.once("socket", (socket) => {
      if (!socket.connecting) return;
      const timer = setTimeout(late("connecting"), CONNECT_MS);
      const connected = (): void => clearTimeout(timer);
      socket.once("connect", connected).once("close", connected);
    });
    request.setTimeout(HEADERS_MS, late("the answer"));
    request.once("error", reject);
    request.once("response", (answer) => {
      request.setTimeout(asked.bodyTimeout ?? BODY_MS);
      // An abort reaches the answer too, perhaps while nobody reads it; whoever does is told by the reading.
      answer.on("error", () => undefined);
      resolve({ statusCode: answer.statusCode ?? 0, headers: answer.headers, body: answer });
    });
    request.end(asked.body);
  });
}
