/** LISTEN for all channels on one connection of its own, which comes back by itself. */
import { setTimeout as sleep } from "node:timers/promises";
import { Client, escapeIdentifier } from "pg";
import type { Log } from "../log.ts";

interface Hearer {
  readonly channel: string;
  readonly onEvent: (payload: string) => void;
  readonly onReconnect: (() => void) | undefined;
}

export class Listener {
  readonly #options: { readonly connectionString: string; readonly log: Log };
  readonly #hearers = new Set<Hearer>();
  #client: Client | undefined;
  #connecting: Promise<Client> | undefined;
  #closed = false;

  constructor(options: { readonly connectionString: string; readonly log: Log }) {
    this.#options = options;
  }

  async listen(channel: string, onEvent: Hearer["onEvent"], onReconnect?: () => void): Promise<() => Promise<void>> {
    const hearer: Hearer = { channel, onEvent, onReconnect };
    this.#hearers.add(hearer);
    try {
      const client = await this.#connected();
      await client.query(`listen ${escapeIdentifier(channel)}`);
    } catch (error) {
      this.#hearers.delete(hearer);
      throw error;
    }
    return () => this.#leave(hearer);
  }

  async #leave(hearer: Hearer): Promise<void> {
    this.#hearers.delete(hearer);
    if ([...this.#hearers].some((other) => other.channel === hearer.channel)) return;
    await this.#client?.query(`unlisten ${escapeIdentifier(hearer.channel)}`).catch(() => undefined);
  }

  #connected(): Promise<Client> {
    if (this.#client !== undefined) return Promise.resolve(this.#client);
    this.#connecting ??= this.#connect().finally(() => (this.#connecting = undefined));
    return this.#connecting;
  }

  async #connect(): Promise<Client> {
    for (let attempt = 0; ; attempt++) {
      const client = new Client({
        connectionString: this.#options.connectionString,
        application_name: "yagura listener",
        keepAlive: true,
      });
      client.on("error", () => undefined);
      client.on("notification", (message) => this.#hear(message.channel, message.payload ?? ""));
      try {
        await client.connect();
        for (const channel of new Set([...this.#hearers].map((one) => one.channel))) {
          await client.query(`listen ${escapeIdentifier(channel)}`);
        }
        client.once("end", () => this.#lost(client));
        this.#client = client;
        return client;
      } catch (error) {
        await client.end().catch(() => undefined);
        if (this.#closed || attempt === 40) throw error;
        await sleep(Math.min(2_000, 50 * 2 ** Math.min(attempt, 6)), undefined, { ref: false });
      }
    }
  }

  #hear(channel: string, payload: string): void {
    for (const one of this.#hearers) if (one.channel === channel) one.onEvent(payload);
  }

  #lost(client: Client): void {
    if (this.#client === client) this.#client = undefined;
    if (this.#closed) return;
    void this.#comeBack();
  }

  async #comeBack(): Promise<void> {
    while (!this.#closed) {
      try {
        await this.#connected();
        for (const one of this.#hearers) one.onReconnect?.();
        return;
      } catch (error) {
        this.#options.log("warn", "cannot listen for events; trying on", { reason: (error as Error).message });
      }
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#hearers.clear();
    const client = this.#client ?? (await this.#connecting?.catch(() => undefined));
    this.#client = undefined;
    await client?.end();
  }
}
