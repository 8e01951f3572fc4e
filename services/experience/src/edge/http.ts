/**
 * HTTP(S): one transaction on a connection of its own, so that every sample holds every phase: resolve, connect, TLS, first
 * byte (request sent until the head of the answer is in), transfer. Redirections are answers, not followed.
 */
import { request as requestHttp, type IncomingMessage, type RequestOptions } from "node:http";
import { request as requestHttps } from "node:https";
import { isIP } from "node:net";
import {
  discard,
  failureOutcome,
  inTime,
  lateWindow,
  type Measured,
  type Phases,
  type Prober,
  type Slot,
} from "./measured.ts";
import type { Lag, LagMark } from "./lag.ts";
import type { Names } from "./names.ts";

/** Reading stops here: what we measure is the way, not how long the page is. */
export const MAX_BODY = 4 * 1024 * 1024;
const METHOD = "http-user";

export interface HttpQuestion {
  readonly url: string;
  readonly method?: "GET" | "HEAD" | undefined;
  readonly expect?: readonly { from: number; to: number }[] | undefined;
  readonly insecure?: boolean | undefined;
  /** Microseconds. */
  readonly timeout: number;
}

const usual = [{ from: 200, to: 399 }];

export function httpProber(lag: Lag, names: Names, question: HttpQuestion, now: () => number): Prober {
  const url = new URL(question.url);
  const options = requestOptions(url, question);
  const expected = question.expect === undefined || question.expect.length === 0 ? usual : question.expect;
  return {
    method: METHOD,
    start(slot, finished) {
      const transaction = new Transaction(slot, url, options, lag, names, now);
      const end = (): void => {
        clearTimeout(timer);
        slot.release = null;
        // A name server that does not answer is not a server that does not.
        if (slot.measured === null && transaction.resolving)
          finished(slot, { outcome: "unresolved", method: METHOD, rtt: 0, bound: 0 });
        transaction.abandon();
        slot.finalAt = now();
      };
      const timer = setTimeout(end, (question.timeout + lateWindow(question.timeout)) / 1000);
      slot.release = end;
      transaction.run((outcome, rtt) => {
        const { status } = transaction.phases;
        const good = outcome === null && expected.some((range) => status >= range.from && status <= range.to);
        const measured: Measured = {
          outcome: outcome ?? (good ? inTime(rtt, question.timeout) : "refused"),
          method: METHOD,
          rtt,
          bound: rtt > 0 ? lag.bound(transaction.mark) : 0,
          phases: transaction.phases,
        };
        if (rtt > 0 && lag.stalled) discard(slot);
        else finished(slot, measured);
        end();
      });
    },
  };
}

function requestOptions(
  url: URL,
  question: HttpQuestion,
): RequestOptions & { servername?: string; rejectUnauthorized: boolean } {
  const host = hostOf(url);
  return {
    port: url.port === "" ? (url.protocol === "https:" ? 443 : 80) : Number(url.port),
    path: `${url.pathname}${url.search}`,
    method: question.method ?? "GET",
    agent: false,
    setHost: false,
    headers: { host: url.host, "user-agent": "yagura-agent", accept: "*/*", connection: "close" },
    ...(url.username === "" ? {} : { auth: `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}` }),
    ...(isIP(host) === 0 ? { servername: host } : {}),
    rejectUnauthorized: question.insecure !== true,
  };
}

const hostOf = (url: URL): string => url.hostname.replace(/^\[|\]$/g, "");

type Told = (outcome: Measured["outcome"] | null, rtt: number) => void;

class Transaction {
  readonly phases: Phases = { resolve: 0, connect: 0, tls: 0, firstByte: 0, transfer: 0, status: 0 };
  readonly mark: LagMark;
  readonly #url: URL;
  readonly #options: RequestOptions;
  readonly #names: Names;
  readonly #now: () => number;
  resolving = false;
  readonly #begun: number;
  #last: number;
  #abort: (() => void) | null = null;
  #over = false;

  constructor(slot: Slot, url: URL, options: RequestOptions, lag: Lag, names: Names, now: () => number) {
    this.#url = url;
    this.#options = options;
    this.#names = names;
    this.#now = now;
    this.mark = lag.mark();
    this.#begun = this.#last = slot.sent = now();
  }

  /** Time since the phase before. */
  #phase(): number {
    const at = this.#now();
    const took = at - this.#last;
    this.#last = at;
    return took;
  }

  run(told: Told): void {
    const once: Told = (outcome, rtt) => {
      if (this.#over) return;
      this.#over = true;
      told(outcome, rtt);
    };
    const host = hostOf(this.#url);
    const family = isIP(host);
    if (family !== 0) return this.#request(host, family, once);
    void this.#resolve(host, once);
  }

  async #resolve(host: string, told: Told): Promise<void> {
    this.resolving = true;
    const address = await this.#names.fresh(host, () => !this.#over);
    if (this.#over) return;
    this.resolving = false;
    this.phases.resolve = this.#phase();
    if (address === null) told("unresolved", 0);
    else this.#request(address.text, address.family, told);
  }

  #request(host: string, family: number, told: Told): void {
    const secure = this.#url.protocol === "https:";
    const request = (secure ? requestHttps : requestHttp)({ ...this.#options, host, family });
    this.#abort = () => request.destroy();
    request.once("socket", (socket) => {
      socket.once("connect", () => (this.phases.connect = this.#phase()));
      if (secure) socket.once("secureConnect", () => (this.phases.tls = this.#phase()));
    });
    request.once("response", (answer) => {
      this.phases.firstByte = this.#phase();
      this.phases.status = answer.statusCode ?? 0;
      this.#body(answer, told);
    });
    request.once("error", (error: NodeJS.ErrnoException) => {
      // Connected, but no HTTP or no valid certificate came: the target's no.
      const connected = this.phases.connect > 0;
      const outcome = failureOutcome(error.code);
      const no = outcome === "refused" || (connected && outcome === "failed");
      told(no ? "refused" : outcome, no ? this.#now() - this.#begun : 0);
    });
    request.end();
  }

  #body(answer: IncomingMessage, told: Told): void {
    let octets = 0;
    const done = (): void => {
      this.phases.transfer = this.#phase();
      told(null, this.#last - this.#begun);
    };
    answer.on("data", (part: Buffer) => {
      octets += part.length;
      if (octets >= MAX_BODY) done();
    });
    answer.once("end", done);
    answer.once("error", () => told("refused", this.#now() - this.#begun));
  }

  abandon(): void {
    this.#over = true;
    this.#abort?.();
  }
}
