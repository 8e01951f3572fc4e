/**
 * Webhooks: one POST of JSON, signed with the channel's key so that the receiver knows who sent it and when
 * (`yagura-signature: t=<seconds>,v1=<HMAC-SHA-256 of "t.body", hexadecimal>`). Redirects are not followed.
 */
import { createHmac } from "node:crypto";
import { request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import type { Message } from "./message.ts";
import { addressOf, pinned, type Reach } from "./reach.ts";

const TIMEOUT = 10_000;
/** Answers are read no further than this: only their status counts. */
const MOST_ANSWER = 65_536;

export const webhookBody = (message: Message): string => {
  const { organisation, incident, language: _language, ...rest } = message;
  return JSON.stringify({ event: `incident.${message.occasion}`, organisation, id: incident, ...rest });
};

export const signature = (key: string, seconds: number, body: string): string =>
  `t=${seconds},v1=${createHmac("sha256", key).update(`${seconds}.${body}`).digest("hex")}`;

/** Throws an Error with the cause when the answer is not 2xx within ten seconds; CHANNEL_UNREACHABLE. */
export async function postWebhook(
  url: string,
  key: string,
  message: Message,
  { reach, now }: { readonly reach: Reach; readonly now: number },
): Promise<void> {
  const target = new URL(url);
  const address = await addressOf(target.hostname, reach);
  const body = webhookBody(message);
  const request = target.protocol === "https:" ? requestHttps : requestHttp;
  await new Promise<void>((resolve, reject) => {
    const call = request(
      target,
      {
        method: "POST",
        lookup: pinned(address),
        timeout: TIMEOUT,
        signal: AbortSignal.timeout(2 * TIMEOUT),
        headers: {
          "content-type": "application/json",
          "content-length": Buffer.byteLength(body),
          "user-agent": "Yagura",
          "yagura-signature": signature(key, Math.floor(now / 1000), body),
        },
      },
      (answer) => {
        const status = answer.statusCode ?? 0;
        let read = 0;
        answer.on("data", (chunk: Buffer) => {
          read += chunk.length;
          if (read > MOST_ANSWER) answer.destroy();
        });
        answer.on("close", () => {
          if (status >= 200 && status < 300) resolve();
          else reject(new Error(`HTTP status ${status}`));
        });
        answer.on("error", () => undefined);
      },
    );
    call.on("timeout", () => call.destroy(new Error("no answer within 10 s")));
    call.on("error", reject);
    call.end(body);
  });
}
