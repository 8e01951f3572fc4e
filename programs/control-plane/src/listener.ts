/**
 * One port speaks both HTTP and TLS: the first byte of a connection tells them apart (a TLS record of type handshake begins
 * with 0x16, RFC 8446 section 5.1). People open http://localhost, edge programs come by https to the same port. Plain HTTP
 * from another machine is answered with a redirect to https, unless it was allowed explicitly.
 */
import { createServer, type Server as NetServer, type Socket } from "node:net";
import {
  createServer as createHttpServer,
  type IncomingMessage,
  type Server as HttpServer,
  type ServerResponse,
} from "node:http";
import { createServer as createTlsServer, type TLSSocket } from "node:tls";

export interface ListenerOptions {
  readonly http: HttpServer;
  readonly hosts: readonly string[];
  readonly port: number;
  readonly tls: { readonly cert: string; readonly key: string } | null;
  /** Plain HTTP from other machines is served too (a reverse proxy stands in front). */
  readonly plainHttp: boolean;
}

export interface Listener {
  readonly port: number;
  close(): Promise<void>;
}

/** Milliseconds in which a new connection must say its first byte, and then have shaken hands. */
const FIRST_BYTE = 10_000;
const HANDSHAKE_WITHIN = 10_000;
const HANDSHAKE = 0x16;

/** Listens on every host at the same port; port 0 takes a free one. Errors of `listen` are passed on as they are. */
export async function listen(options: ListenerOptions): Promise<Listener> {
  const tls =
    options.tls === null
      ? null
      : createTlsServer(
          { ...options.tls, minVersion: "TLSv1.2", ALPNProtocols: ["http/1.1"], handshakeTimeout: HANDSHAKE_WITHIN },
          (socket: TLSSocket) => {
            options.http.emit("connection", socket);
          },
        );
  tls?.on("tlsClientError", (_error, socket) => socket.destroy());
  // Starts the HTTP server's own watch over slow requests, which it otherwise begins when it listens by itself.
  options.http.emit("listening");
  const redirects = createRedirects();
  const sockets = new Set<Socket>();
  const accept = (socket: Socket): void => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
    socket.on("error", () => socket.destroy());
    socket.setTimeout(FIRST_BYTE, () => socket.destroy());
    socket.once("data", (first: Buffer) => {
      socket.pause();
      socket.setTimeout(0);
      socket.removeAllListeners("timeout");
      socket.unshift(first);
      const secure = first[0] === HANDSHAKE;
      if (secure && tls !== null) tls.emit("connection", socket);
      else if (tls === null || options.plainHttp || isLoopback(socket.remoteAddress))
        options.http.emit("connection", socket);
      else redirects.emit("connection", socket);
      process.nextTick(() => socket.resume());
    });
  };
  const servers: NetServer[] = [];
  let port = options.port;
  for (const host of options.hosts) {
    const server = createServer({ pauseOnConnect: false }, accept);
    try {
      await listenOn(server, host, port);
    } catch (error) {
      if (servers.length > 0 && isAbsent(error)) continue;
      for (const open of servers) open.close();
      throw error;
    }
    const address = server.address();
    if (address !== null && typeof address === "object") port = address.port;
    servers.push(server);
  }
  return {
    port,
    close: async () => {
      const closed = servers.map((server) => new Promise<void>((done) => server.close(() => done())));
      for (const socket of sockets) socket.destroy();
      redirects.close();
      await Promise.all(closed);
    },
  };
}

const isLoopback = (address = ""): boolean =>
  address === "::1" || address.startsWith("127.") || address.startsWith("::ffff:127.");

const listenOn = (server: NetServer, host: string, port: number): Promise<void> =>
  new Promise((done, failed) => {
    server.once("error", failed);
    server.listen({ host, port }, () => {
      server.off("error", failed);
      done();
    });
  });

/** The address family does not exist on this machine: the other one serves alone. */
const isAbsent = (error: unknown): boolean =>
  error instanceof Error && "code" in error && (error.code === "EADDRNOTAVAIL" || error.code === "EAFNOSUPPORT");

/** Milliseconds for a plain request from elsewhere: it is answered as soon as its head is there. */
const REDIRECT_WITHIN = 10_000;

/** Answers connections that are handed to it. A head that trickles in ends as it would at the server itself. */
export function createRedirects(within: number = REDIRECT_WITHIN): HttpServer {
  const server = createHttpServer(
    { headersTimeout: within, requestTimeout: within, connectionsCheckingInterval: Math.min(within, 5_000) },
    upgrade,
  );
  server.setTimeout(within);
  // It never listens itself, and watches over slow requests only from then on.
  server.emit("listening");
  return server;
}

/** A name or address with an optional port: nothing that could turn the redirect elsewhere. */
const HOST = /^(?:[a-z0-9.-]+|\[[0-9a-f:.]+\])(?::\d{1,5})?$/i;

/** Redirects a plain request to the same place over TLS (RFC 9110 section 15.4.9). */
function upgrade(request: IncomingMessage, response: ServerResponse): void {
  const { url = "/", headers } = request;
  const plain = { connection: "close", "content-type": "text/plain" };
  if (headers.host === undefined || !HOST.test(headers.host) || !url.startsWith("/")) {
    response.writeHead(400, plain).end("Use https.\n");
    return;
  }
  response.writeHead(308, { ...plain, location: `https://${headers.host}${url}` });
  response.end("This address speaks plain HTTP only to the machine itself. Use https on the same port.\n");
}
