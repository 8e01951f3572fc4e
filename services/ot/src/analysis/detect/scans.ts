/** Somebody looks around (OT-26): many devices, many ports, many addresses in a short time. Known partners are not counted. */
import type { Observation } from "../model.ts";
import { isAttempt } from "./conversations.ts";
import { conversationKey, scanKey } from "./keys.ts";
import { INTERNET, isChatter, isDevice } from "./parties.ts";
import type { Run } from "./run.ts";
import { MINUTE } from "./settings.ts";
import type { ScanBaseline } from "./baselines.ts";

type Conversation = Observation["conversations"][number];
/** Places remembered of one device in one window. */
const MAX_ASKED = 512;
/** The usual rate of ARP questions is the highest of the past, slowly forgotten; so many times as much is a scan. */
const ARP_TIMES = 4;
const ARP_FADES = 0.999;
/** A batch cuts a sweep in two wherever it ends: the one before still counts, when it ended no longer ago than this. */
const ARP_TOGETHER = MINUTE / 2;

export function scans(run: Run): void {
  const asked = new Map<string, Set<string>>();
  for (const row of run.observation.conversations) {
    const [client, server] = [run.at(row.client), run.at(row.server)];
    if (!counts(run, row, client, server)) continue;
    const places = asked.get(client) ?? new Set<string>();
    asked.set(client, places.add(`${server} ${row.transport === "icmp" ? "ping" : row.port}`));
  }
  const arp = arpQuestions(run);
  for (const client of new Set([...asked.keys(), ...arp.keys()])) {
    look(run, client, asked.get(client) ?? new Set<string>(), arp.get(client) ?? 0);
  }
}

function counts(run: Run, row: Conversation, client: string, server: string): boolean {
  if (!isDevice(client) || client === server || server === INTERNET || isChatter(row.protocol)) return false;
  if (!["tcp", "udp", "icmp"].includes(row.transport) || server.startsWith("group:")) return false;
  if (isAttempt(row)) return run.learned(conversationKey(client, server, row))?.known !== true;
  // An answered one counts while it is new: a scan also finds what is open.
  return run.learned(conversationKey(client, server, row))?.known !== true && !run.learns(client);
}

/** Questions of each device in this batch: as many as were asked, but no more than there are addresses between them. */
function arpQuestions(run: Run): Map<string, number> {
  const questions = new Map<string, number>();
  for (const row of run.observation.commands) {
    if (row.protocol !== "arp" || row.code !== 1 || row.low === null || row.high === null) continue;
    const client = run.at(row.client);
    if (!isDevice(client)) continue;
    questions.set(client, (questions.get(client) ?? 0) + Math.min(row.requests, row.high - row.low + 1));
  }
  return questions;
}

function look(run: Run, client: string, asked: ReadonlySet<string>, arp: number): void {
  const key = scanKey(client);
  const { scan } = run.input.settings;
  const { to } = run.observation;
  const before = run.baseline("scan", key);
  const fresh = before === undefined || to - before.from > scan.window;
  const all = new Set([...(fresh ? [] : before.asked), ...asked]);
  const told = new Set(fresh ? [] : before.told);
  const usual = before?.arpUsual ?? 0;
  // How much a server asks is learned: only then is much too much.
  const last = before?.arpLast;
  const goesOn = last !== undefined && to > last.to && to - last.to <= ARP_TOGETHER;
  const together = arp + (goesOn ? last.count : 0);
  const isArpScan =
    !run.learns(client) && together >= scan.addresses && together > ARP_TIMES * (goesOn ? last.usual : usual);
  const state: ScanBaseline = {
    kind: "scan",
    key,
    due: null,
    from: fresh ? run.observation.from : before.from,
    asked: [...all].slice(0, MAX_ASKED),
    arpUsual: isArpScan ? usual * ARP_FADES : Math.max(usual * ARP_FADES, arp),
    arpLast: { to, count: arp, usual },
    told: [],
  };
  const minutes = Math.max(1, Math.ceil((to - state.from) / MINUTE));
  for (const [what, found] of findings(run, state, isArpScan ? together : 0)) {
    if (!told.has(what)) tell(run, client, what, found, minutes);
    told.add(what);
  }
  run.keep({ ...state, told: [...told] });
}

interface Found {
  readonly kind: "ot.scan.hosts" | "ot.scan.ports" | "ot.scan.arp";
  readonly count: number;
  readonly server: string | null;
  readonly examples: readonly string[];
}

function findings(run: Run, { asked }: ScanBaseline, arp: number): Map<string, Found> {
  const { scan } = run.input.settings;
  const hosts = new Map<string, Set<string>>();
  const ports = new Map<string, Set<string>>();
  for (const one of asked) {
    const at = one.lastIndexOf(" ");
    const [host, port] = [one.slice(0, at), one.slice(at + 1)];
    hosts.set(port, (hosts.get(port) ?? new Set()).add(host));
    ports.set(host, (ports.get(host) ?? new Set()).add(port));
  }
  const found = new Map<string, Found>();
  for (const [, on] of hosts) {
    if (on.size < scan.hosts) continue;
    const before = found.get("hosts");
    if (before === undefined || before.count < on.size) {
      found.set("hosts", { kind: "ot.scan.hosts", count: on.size, server: null, examples: [...on].slice(0, 3) });
    }
  }
  for (const [host, on] of ports) {
    if (on.size < scan.ports) continue;
    found.set(`ports ${host}`, { kind: "ot.scan.ports", count: on.size, server: host, examples: [host] });
  }
  if (arp > 0) found.set("arp", { kind: "ot.scan.arp", count: arp, server: null, examples: [] });
  return found;
}

function tell(run: Run, client: string, what: string, { kind, count, server, examples }: Found, minutes: number): void {
  run.scanners.add(client);
  run.raise({
    kind,
    about: client,
    ...(server === null ? {} : { peer: server }),
    key: `${scanKey(client)}|${what}`,
    group: run.groupOf(client).group ?? scanKey(client),
    since: run.observation.from,
    confidence: kind === "ot.scan.arp" ? 0.8 : 0.9,
    parameters: {
      client: run.name(client),
      server: server === null ? "-" : run.name(server),
      count,
      minutes,
      examples: examples.map((one) => run.name(one)).join(", "),
      ...run.history(client),
    },
    client,
    ...(server === null ? {} : { server }),
  });
}
