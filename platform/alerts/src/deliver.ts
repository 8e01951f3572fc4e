/** Carries a message out: a job for each, tried again with growing pauses, given up after some hours and told on the channel. */
import { sql } from "kysely";
import type { OrganisationId, Uuid } from "@yagura/core/ids.ts";
import { YaguraError } from "@yagura/core/errors.ts";
import type { JobHandler, Platform } from "@yagura/server/route.ts";
import type { Tx } from "@yagura/store/store.ts";
import { openWebhook, type ChannelRow } from "./channels.ts";
import { showIncident, type IncidentRow } from "./incidents.ts";
import { headline, messageOf, plain, type Message } from "./message.ts";
import { DELIVER } from "./notify.ts";
import type { Reach } from "./reach.ts";
import type { MailSettings, SyslogSettings } from "./shapes.ts";
import { lineOf, sendSyslog } from "./syslog.ts";
import type { Kinds } from "./text.ts";
import { createTurns } from "./turns.ts";
import { postWebhook } from "./webhook.ts";
import type { Static } from "typebox";

const turns = createTurns({ all: 64, organisation: 4, channel: 2 });
/** Milliseconds after which a message comes again that found no turn. */
const COME_BACK = 5_000;
/** Milliseconds that a worker stays with a message; a slower receiver is waited for beside the workers. */
const PATIENCE = 300;
/** Milliseconds after which a message comes again that was left so: longer than a receiver may take, should this process end. */
const LEFT = 60_000;
/** Messages of this process that are on their way. */
const underWay = new Set<string>();
/** With the worker's pauses (exp(attempt) seconds) about six hours. */
const MOST_ATTEMPTS = 10;

interface DeliveryRow {
  readonly id: Uuid;
  readonly organisation_id: OrganisationId;
  readonly channel_id: Uuid;
  readonly incident_id: Uuid | null;
  readonly occasion: Message["occasion"];
  readonly state: string;
  readonly attempts: number;
}

export interface Telling {
  readonly kinds: Kinds;
  /** Of customers' channels; the provider's own organisation may tell anybody. */
  readonly reach: Reach;
}

/** The job `alerts.deliver`. */
export const deliver =
  (telling: Telling): JobHandler =>
  async (payload, platform) => {
    const id = String(payload["id"]);
    const work = await platform.store.provider((tx) => load(tx, id, telling, platform));
    if (work === null) return;
    const { delivery, channel, message, reach } = work;
    if (channel.kind === "mail")
      return finish(platform, delivery, () => platform.store.provider((tx) => mail(tx, platform, channel, message)));
    const end = underWay.has(id) ? null : turns(channel.organisation_id, channel.id);
    if (end === null) return comeAgain(platform, id, COME_BACK);
    underWay.add(id);
    const done = finish(platform, delivery, () => carry(platform, channel, message, reach)).finally(() => {
      underWay.delete(id);
      end();
    });
    if (await isDone(done)) return done;
    // What comes of it is kept by `finish`; should this process end before, the message comes again by itself.
    await comeAgain(platform, id, LEFT);
    done.catch((error: unknown) => {
      platform.log.warn({ err: error, delivery: id }, "a slow receiver did not take an alert; it is tried again");
      const pause = 1_000 * Math.exp(delivery.attempts + 1);
      return comeAgain(platform, id, pause).catch((cause: unknown) =>
        platform.log.error({ err: cause }, "alert waits"),
      );
    });
  };

/** Whether it ends, well or not, within the patience of a worker. */
async function isDone(work: Promise<void>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<boolean>((resolve) => (timer = setTimeout(() => resolve(false), PATIENCE)));
  const ended = work.then(
    () => true,
    () => true,
  );
  const done = await Promise.race([ended, patience]);
  clearTimeout(timer);
  return done;
}

const comeAgain = (platform: Platform, id: string, pause: number): Promise<void> =>
  platform.store.provider((tx) =>
    platform.jobs.add(tx, DELIVER, { id }, { key: `${DELIVER} ${id}`, runAt: new Date(platform.clock.now() + pause) }),
  );

/** Keeps what came of it; throws so that it is tried again later. */
async function finish(platform: Platform, delivery: DeliveryRow, work: () => Promise<void>): Promise<void> {
  let cause: string | null = null;
  try {
    await work();
  } catch (error) {
    cause = causeOf(error);
  }
  await platform.store.provider((tx) => settle(tx, delivery, cause, platform.clock.now()));
  if (cause !== null && delivery.attempts + 1 < MOST_ATTEMPTS) throw new Error(`alert not delivered: ${cause}`);
}

export const causeOf = (error: unknown): string =>
  (error instanceof YaguraError ? error.say("en") : error instanceof Error ? error.message : String(error)).slice(
    0,
    300,
  );

/** Webhook and syslog. Throws what keeps it from arriving. */
export async function carry(
  platform: Pick<Platform, "keys" | "clock">,
  channel: ChannelRow,
  message: Message,
  reach: Reach,
): Promise<void> {
  const now = platform.clock.now();
  if (channel.kind === "webhook") {
    const { url, key } = openWebhook(platform.keys, channel);
    await postWebhook(url, key, message, { reach, now });
  } else {
    const settings = channel.settings as Static<typeof SyslogSettings>;
    await sendSyslog(settings, lineOf(message, settings.format, now), reach);
  }
}

/** Queues a mail for everybody of the channel, in the caller's transaction. */
export async function mail(
  tx: Tx,
  platform: Pick<Platform, "mail">,
  channel: ChannelRow,
  message: Message,
): Promise<void> {
  const { members, to } = channel.settings as Static<typeof MailSettings>;
  const { rows } = members
    ? await sql<{
        mail: string;
      }>`select distinct mail from server.membership where organisation_id = ${channel.organisation_id}
        and role in ('owner', 'admin') and revoked_at is null`.execute(tx)
    : { rows: [] };
  for (const address of new Set([...rows.map((row) => row.mail), ...to]))
    await platform.mail.send(tx, {
      to: address,
      subject: headline(message),
      text: plain(message),
      organisation: channel.organisation_id,
    });
}

/** Where messages of an organisation may go. */
export async function reachOf(tx: Tx, organisation: OrganisationId, reach: Reach): Promise<Reach> {
  const { rows } = await sql<{
    internal: boolean;
  }>`select internal from server.organisation where id = ${organisation}`.execute(tx);
  return rows[0]?.internal === true ? "any" : reach;
}

async function load(tx: Tx, id: Uuid, telling: Telling, platform: Platform) {
  const deliveries =
    await sql<DeliveryRow>`select * from alerts.delivery where id = ${id} and state = 'queued'`.execute(tx);
  const delivery = deliveries.rows[0];
  if (delivery === undefined) return null;
  const channels = await sql<ChannelRow>`select * from alerts.channel where id = ${delivery.channel_id}`.execute(tx);
  const channel = channels.rows[0];
  if (channel === undefined) return null;
  const message =
    delivery.incident_id === null
      ? await digestOf(tx, channel, telling.kinds, platform)
      : await ofIncident(tx, delivery, channel, telling.kinds, platform);
  if (message === null) return null;
  return { delivery, channel, message, reach: await reachOf(tx, channel.organisation_id, telling.reach) };
}

async function ofIncident(
  tx: Tx,
  delivery: DeliveryRow,
  channel: ChannelRow,
  kinds: Kinds,
  platform: Platform,
): Promise<Message | null> {
  const { rows } = await sql<IncidentRow>`select i.*, i.organisation_id as organisation, o.name as organisation_name
    from alerts.incident i join server.organisation o on o.id = i.organisation_id where i.id = ${delivery.incident_id}`.execute(
    tx,
  );
  const row = rows[0];
  const where = { kinds, language: channel.language, publicUrl: platform.publicUrl() };
  return row === undefined ? null : messageOf(row, delivery.occasion, where);
}

const MOST_LINES = 50;

/** What was held back on a channel, as one message; takes them off the waiting. */
async function digestOf(tx: Tx, channel: ChannelRow, kinds: Kinds, platform: Platform): Promise<Message | null> {
  const { rows } = await sql<IncidentRow>`select i.*, i.organisation_id as organisation, o.name as organisation_name
    from alerts.incident i join server.organisation o on o.id = i.organisation_id
    where i.id in (select incident_id from alerts.delivery where channel_id = ${channel.id} and state = 'held')
    order by i.severity desc, i.last_at desc limit ${MOST_LINES}`.execute(tx);
  const worst = rows[0];
  if (worst === undefined) return null;
  const counted = await sql<{ n: number }>`select count(distinct incident_id)::int as n from alerts.delivery
    where channel_id = ${channel.id} and state = 'held'`.execute(tx);
  const count = Math.max(rows.length, counted.rows[0]?.n ?? 0);
  const where = { kinds, language: channel.language, publicUrl: platform.publicUrl() };
  const lines = rows.map((row) => {
    const { number, title, severity } = showIncident(row, kinds, channel.language);
    return `#${number} [${severity}] ${title}`;
  });
  if (count > rows.length) lines.push(`… +${count - rows.length}`);
  return {
    ...messageOf(worst, "digest", where),
    incident: null,
    number: null,
    title: channel.language === "ja" ? `アラート ${count} 件` : `${count} alerts`,
    normal: "",
    changed: "",
    advice: "",
    techniques: [],
    subject: null,
    parameters: {},
    findings: count,
    url: `${platform.publicUrl()}/o/${channel.organisation_id}/alerts`,
    lines,
  };
}

async function settle(tx: Tx, delivery: DeliveryRow, cause: string | null, now: number): Promise<void> {
  const attempts = delivery.attempts + 1;
  const state = cause === null ? "sent" : attempts >= MOST_ATTEMPTS ? "failed" : "queued";
  const at = new Date(now);
  await sql`update alerts.delivery set state = ${state}, attempts = ${attempts}, error = ${cause},
    sent_at = ${cause === null ? at : null} where id = ${delivery.id}`.execute(tx);
  if (cause === null) {
    await sql`update alerts.channel set last_success_at = ${at}, last_error = null where id = ${delivery.channel_id}`.execute(
      tx,
    );
    if (delivery.incident_id === null)
      await sql`update alerts.delivery set state = 'sent', sent_at = ${at}
        where channel_id = ${delivery.channel_id} and state = 'held' and created_at <= ${at}`.execute(tx);
  } else await sql`update alerts.channel set last_error = ${cause} where id = ${delivery.channel_id}`.execute(tx);
}
