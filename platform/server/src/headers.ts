/** Headers that tell browsers what our pages may do: nothing from elsewhere, no inline script, never inside a frame. */
import helmet from "@fastify/helmet";
import type { FastifyInstance } from "fastify";
import type { ServerPlatform } from "./platform.ts";

export async function installHeaders(app: FastifyInstance, platform: ServerPlatform): Promise<void> {
  await app.register(helmet, {
    global: true,
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'", "data:", "blob:"],
        fontSrc: ["'self'"],
        connectSrc: ["'self'"],
        manifestSrc: ["'self'"],
        workerSrc: ["'self'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
        baseUri: ["'none'"],
        objectSrc: ["'none'"],
      },
    },
    crossOriginEmbedderPolicy: false,
    crossOriginOpenerPolicy: { policy: "same-origin" },
    crossOriginResourcePolicy: { policy: "same-origin" },
    referrerPolicy: { policy: "no-referrer" },
    frameguard: { action: "deny" },
    // Written below, since the public address may become known only after the host listens.
    strictTransportSecurity: false,
  });
  app.addHook("onSend", async (_request, reply) => {
    void reply.header("permissions-policy", "camera=(), microphone=(), geolocation=(), payment=()");
    if (platform.publicUrl().startsWith("https:")) void reply.header("strict-transport-security", "max-age=31536000");
  });
}
