/** Mail: written to the outbox inside the transaction, sent by a job over SMTP, or kept for the provider's administrator to read. */
import { createTransport, type Transporter } from "nodemailer";
import { newId } from "@yagura/core/ids.ts";
import type { Clock } from "@yagura/core/clock.ts";
import type { Jobs, JobHandler, Mailer, Platform } from "./route.ts";
import { tables } from "./tables.ts";

const JOB = "server.mail";
/** After this long without success a mail is given up. */
const GIVE_UP = 24 * 3_600_000;

export interface Mailing extends Mailer {
  readonly jobs: Readonly<Record<string, JobHandler>>;
  close(): void;
}

/** `smtpUrl` as nodemailer reads it: `smtp://user:password@host:587`, `smtps://…`. Absent: mails are kept. */
export function createMailing(smtpUrl: string | undefined, jobs: Jobs, clock: Clock): Mailing {
  const transport =
    smtpUrl === undefined || smtpUrl === ""
      ? null
      : createTransport({ url: smtpUrl, connectionTimeout: 10_000, greetingTimeout: 10_000, socketTimeout: 30_000 });
  return {
    async send(tx, mail) {
      const id = newId();
      await tables(tx)
        .insertInto("server.outbox")
        .values({
          id,
          organisation_id: mail.organisation,
          recipient: mail.to,
          subject: mail.subject,
          body: mail.text,
          state: transport === null ? "kept" : "queued",
          error: null,
          created_at: new Date(clock.now()),
        })
        .execute();
      if (transport !== null) await jobs.add(tx, JOB, { id });
      return id;
    },
    jobs: {
      [JOB]: async (payload, platform) => {
        if (transport !== null) await deliver(transport, String(payload["id"]), platform);
      },
    },
    close: () => transport?.close(),
  };
}

async function deliver(transport: Transporter, id: string, platform: Platform): Promise<void> {
  const { mail, profile } = await platform.store.provider(async (tx) => ({
    mail: await tables(tx).selectFrom("server.outbox").selectAll().where("id", "=", id).executeTakeFirst(),
    profile: await tables(tx).selectFrom("server.provider_profile").selectAll().executeTakeFirst(),
  }));
  if (mail === undefined || mail.state !== "queued" || profile === undefined) return;
  const now = platform.clock.now();
  try {
    await transport.sendMail({
      from: { name: profile.name, address: profile.sender_address },
      to: mail.recipient,
      subject: mail.subject,
      text: mail.body,
      // The same id at each try lets the receiver drop a repetition.
      messageId: `<${id}@${profile.sender_address.split("@")[1] ?? "localhost"}>`,
      headers: { "auto-submitted": "auto-generated" },
    });
  } catch (error) {
    await recordFailure(platform, id, error, now - mail.created_at.getTime() > GIVE_UP);
    return;
  }
  // Once sent, the copy need not hold what signs somebody in or enrols a device.
  await platform.store.provider((tx) =>
    tables(tx)
      .updateTable("server.outbox")
      .set({ state: "sent", error: null, sent_at: new Date(now), body: maskSecrets(mail.body) })
      .where("id", "=", id)
      .execute(),
  );
}

async function recordFailure(platform: Platform, id: string, error: unknown, late: boolean): Promise<void> {
  const code = (error as { responseCode?: number }).responseCode ?? 0;
  const final = late || (code >= 500 && code < 600);
  const message = error instanceof Error ? error.message : String(error);
  await platform.store.provider((tx) =>
    tables(tx)
      .updateTable("server.outbox")
      .set({ state: final ? "failed" : "queued", error: message.slice(0, 500) })
      .where("id", "=", id)
      .execute(),
  );
  // Thrown so that the worker tries again later; a final refusal (5xx, RFC 5321 section 4.2.1) would only be refused again.
  if (!final) throw error;
}

/** Hides sign-in links, tokens and enrolment keys: any link fragment, and any word of 24 and more key characters. */
export const maskSecrets = (text: string): string =>
  text.replace(/#link=[\w-]+/g, "#link=…").replace(/(?<![\w/.-])[\w-]{24,}(?:\.[\w.-]+)?(?![\w/])/g, "…");
