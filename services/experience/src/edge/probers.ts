/** Everything that measures, and what of it works on this machine. */
import type { ProbeKind, SessionConfiguration } from "../wire/configuration.ts";
import type { AgentClock } from "./clock.ts";
import { DnsGroup, dnsProber, systemResolver } from "./dns.ts";
import { httpProber } from "./http.ts";
import { EchoGroup, icmpProber } from "./icmp-prober.ts";
import { Lag } from "./lag.ts";
import type { Libc } from "./libc.ts";
import type { Prober } from "./measured.ts";
import { Names } from "./names.ts";
import { pingProber, type PingGate } from "./ping-command.ts";
import { tcpProber } from "./tcp.ts";

export class Probers {
  readonly #libc: Libc | null;
  readonly #why: string;
  readonly #echo: EchoGroup | null;
  readonly #dns: DnsGroup;
  readonly #lag: Lag;
  readonly #names: Names;
  readonly #gate: PingGate = { running: 0, useless: null };
  readonly #now: () => number;

  /** `overdue`: how late the agent's next wake-up is, µs. */
  constructor(libc: Libc | string, clock: AgentClock, overdue: () => number, icmp?: readonly ("raw" | "dgram")[]) {
    this.#libc = typeof libc === "string" ? null : libc;
    this.#why = typeof libc === "string" ? libc : "";
    this.#now = () => clock.monotonic();
    this.#lag = new Lag(overdue);
    this.#names = new Names(this.#now);
    this.#echo = this.#libc === null ? null : new EchoGroup(this.#libc, clock, icmp);
    this.#dns = new DnsGroup(this.#libc, clock, this.#lag);
  }

  /** The prober of one session: one entry per kind of probe. */
  prober(session: SessionConfiguration): Prober {
    const timeout = session.timeout * 1000;
    const { probe } = session;
    const kinds: { [K in ProbeKind]: (probe: Extract<SessionConfiguration["probe"], { kind: K }>) => Prober } = {
      icmp: (probe) => {
        const question = { ...probe, timeout };
        const command = pingProber(this.#gate, this.#lag, this.#names, question, this.#now);
        return this.#echo === null ? command : icmpProber(this.#echo, this.#names, question, command);
      },
      tcp: (probe) => tcpProber(this.#libc, this.#lag, this.#names, { ...probe, timeout }, this.#now),
      dns: (probe) => dnsProber(this.#dns, this.#names, { ...probe, timeout }, systemResolver),
      http: (probe) => httpProber(this.#lag, this.#names, { ...probe, timeout }, this.#now),
    };
    return (kinds[probe.kind] as (probe: SessionConfiguration["probe"]) => Prober)(probe);
  }

  read(): void {
    this.#echo?.read();
    this.#dns.read();
  }
  flush(): void {
    this.#echo?.flush();
  }
  /** Whether this machine itself dropped answers since this was last asked: then silence proves nothing. */
  overflowed(): boolean {
    return this.#echo?.overflowed() ?? false;
  }
  get unanswered(): number {
    return (this.#echo?.unanswered ?? 0) + this.#dns.unanswered;
  }
  get kernelTime(): boolean {
    return this.#echo?.stamps ?? true;
  }

  /** What is used, and why not better. */
  capabilities(): Record<string, string> {
    const user = `program's clock (${this.#why})`;
    const echo = (family: 4 | 6): string => {
      const socket = this.#echo?.sockets[family];
      if (socket === null || socket === undefined) {
        const why = this.#echo === null ? this.#why : `no ICMP socket: ${this.#echo.refused[family]}`;
        return this.#gate.useless === null
          ? `the system's ping command (${why})`
          : `not possible (${why}; ${this.#gate.useless})`;
      }
      const times = socket.stamps ? "kernel time stamps" : "program's clock";
      return `${socket.mode === "raw" ? "raw" : "unprivileged"} socket, ${times}`;
    };
    return {
      icmp4: echo(4),
      icmp6: echo(6),
      tcp: this.#libc === null ? user : "kernel round trip of the handshake",
      dns: this.#libc === null ? user : "kernel time stamps",
      http: "program's clock",
      ...this.#ignored(),
    };
  }

  /** Answers that were no answers. */
  #ignored(): Record<string, string> {
    const sum = (key: "stray" | "wrongSource"): number =>
      ([4, 6] as const).reduce((total, family) => total + (this.#echo?.sockets[family]?.counts[key] ?? 0), 0);
    const [stray, wrong] = [sum("stray"), sum("wrongSource")];
    return stray + wrong === 0 ? {} : { ignored: `${stray} answers far too late, ${wrong} from another address` };
  }

  warnings(): string[] {
    const warnings: string[] = [];
    if (this.#libc === null) warnings.push(`Measuring is less exact here: ${this.#why}.`);
    else if (this.#echo?.sockets[4] === null)
      warnings.push(
        `${this.#gate.useless === null ? "ICMP uses the ping command" : `ICMP cannot be measured (${this.#gate.useless})`}, because this program may open no ICMP socket. Allow it with: sysctl -w net.ipv4.ping_group_range='0 2147483647'.`,
      );
    return warnings;
  }

  close(): void {
    this.#echo?.close();
    this.#dns.close();
    this.#lag.close();
  }
}
