/** Syslog (RFC 5424) over UDP (RFC 5426), TCP with octet counting (RFC 6587 section 3.4.1) or TLS (RFC 5425); CEF inside when asked. */
import { createSocket } from "node:dgram";
import { connect, type Socket } from "node:net";
import { hostname } from "node:os";
import { connect as connectTls } from "node:tls";
import type { Static } from "typebox";
import type { Message } from "./message.ts";
import { addressOf, type Reach } from "./reach.ts";
import type { SyslogSettings } from "./shapes.ts";

type Settings = Static<typeof SyslogSettings>;
const TIMEOUT = 10_000;
/** Facility 4: security and authorisation messages (RFC 5424, table 1). */
const FACILITY = 4;
/** Severity of RFC 5424, table 2, and of CEF (0 to 10), by ours. */
const severity = { info: 6, notice: 5, bad: 3, critical: 2 } as const;
const cefSeverity = { info: 1, notice: 4, bad: 7, critical: 10 } as const;
/** Enterprise number for documentation (RFC 5612): Yagura has none of its own. */
const ENTERPRISE = 32_473;
const VERSION = "0.1.0";
/** A datagram that every network carries in one piece is shorter; longer ones are cut. */
const MOST_UDP = 2_048;

const parameter = (value: string): string => value.replaceAll(/["\\\]]/g, "\\$&").replaceAll(/[\r\n]+/g, " ");
const cefHeader = (value: string): string => value.replaceAll(/[\\|]/g, "\\$&").replaceAll(/[\r\n]+/g, " ");
const cefValue = (value: string): string => value.replaceAll(/[\\=]/g, "\\$&").replaceAll(/\r?\n/g, "\\n");
/** PRINTUSASCII without blanks, at most so many characters (RFC 5424 section 6). */
const token = (value: string, most: number): string => value.replaceAll(/[^\u0021-\u007e]/g, "_").slice(0, most) || "-";

/** The event in the Common Event Format. */
export function cef(message: Message): string {
  const extension = Object.entries({
    rt: String(Date.parse(message.lastAt)),
    start: String(Date.parse(message.openedAt)),
    externalId: message.number === null ? "" : String(message.number),
    cs1Label: "organisation",
    cs1: message.organisation.name,
    cs2Label: "changed",
    cs2: message.changed,
    cs3Label: "techniques",
    cs3: message.techniques.join(" "),
    cs4Label: "occasion",
    cs4: message.occasion,
    dvchost: typeof message.parameters["device"] === "string" ? message.parameters["device"] : "",
    cnt: String(message.findings),
    request: message.url,
  })
    .filter(([, value]) => value !== "")
    .map(([name, value]) => `${name}=${cefValue(value)}`)
    .join(" ");
  const head = [
    "CEF:0",
    "Yagura",
    "Yagura",
    VERSION,
    message.kind,
    message.title,
    String(cefSeverity[message.severity]),
  ];
  return `${head.map((part, i) => (i === 0 ? part : cefHeader(part))).join("|")}|${extension}`;
}

/** One syslog message. `host` is this machine's name. */
export function syslogLine(message: Message, format: Settings["format"], at: Date, host: string): string {
  const data = Object.entries({
    organisation: message.organisation.name,
    incident: message.number === null ? "" : String(message.number),
    service: message.service,
    severity: message.severity,
    state: message.state,
    occasion: message.occasion,
    findings: String(message.findings),
    techniques: message.techniques.join(" "),
    url: message.url,
  })
    .filter(([, value]) => value !== "")
    .map(([name, value]) => ` ${name}="${parameter(value)}"`)
    .join("");
  const head = `<${FACILITY * 8 + severity[message.severity]}>1 ${at.toISOString()} ${token(host, 255)} yagura - ${token(message.kind, 32)}`;
  const words = [message.title, message.changed, ...message.lines].filter((line) => line !== "").join(" — ");
  const text = format === "cef" ? cef(message) : words.replaceAll(/[\r\n]+/g, " ");
  // The byte order mark says that the text is UTF-8 (section 6.4).
  return `${head} [yagura@${ENTERPRISE}${data}] \uFEFF${text}`;
}

/** Sends one line. Throws an Error with the cause; over UDP nobody answers, so only what this machine notices. */
export async function sendSyslog(settings: Settings, line: string, reach: Reach): Promise<void> {
  const { address, family } = await addressOf(settings.host, reach);
  const bytes = Buffer.from(line);
  if (settings.transport === "udp") return sendUdp(address, family, settings.port, bytes.subarray(0, MOST_UDP));
  const framed = Buffer.concat([Buffer.from(`${bytes.length} `), bytes]);
  await new Promise<void>((resolve, reject) => {
    const options = { host: address, port: settings.port };
    const socket: Socket =
      settings.transport === "tls"
        ? connectTls({ ...options, ...(/^[\d.:]+$/.test(settings.host) ? {} : { servername: settings.host }) })
        : connect(options);
    socket.setTimeout(TIMEOUT, () => socket.destroy(new Error("no answer within 10 s")));
    // One that answers a little now and then would hold this for ever.
    const end = setTimeout(() => socket.destroy(new Error("not done within 20 s")), 2 * TIMEOUT);
    socket.once("error", reject);
    socket.once(settings.transport === "tls" ? "secureConnect" : "connect", () => {
      // What is written is only known to have gone when the other side has seen our end and ends too, or closes.
      socket.end(framed);
    });
    socket.once("close", (failed) => {
      clearTimeout(end);
      if (!failed) resolve();
    });
    socket.resume();
  });
}

async function sendUdp(address: string, family: 4 | 6, port: number, bytes: Uint8Array): Promise<void> {
  const socket = createSocket(family === 6 ? "udp6" : "udp4");
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once("error", reject);
      socket.send(bytes, port, address, (error) => (error === null ? resolve() : reject(error)));
    });
  } finally {
    socket.close();
  }
}

/** The line of a message as it leaves this machine. */
export const lineOf = (message: Message, format: Settings["format"], now: number): string =>
  syslogLine(message, format, new Date(now), hostname());
