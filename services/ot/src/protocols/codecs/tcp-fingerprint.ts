/**
 * Operating systems by the first segment of a TCP connection: the initial TTL, the window and the order of the options are habits
 * of each TCP (RFC 9293, 3.2; RFC 7323). Own signatures, made from those habits; the table names families, not releases, where
 * nothing tells them apart.
 *
 *   version : initial TTL : window (a number, or "m" × the segment size) , scale : options in order : oddities
 *   4:64:m20,7:mss,sok,ts,nop,ws:df
 */

const END = 0;
const NOP = 1;
const MSS = 2;
const SCALE = 3;
const SACK_OK = 4;
const TIMESTAMP = 8;
const MAX_OPTIONS = 40;

/** Usual first TTLs; the distance from one is the hops on the way. */
const TTLS = [32, 64, 128, 255];

export interface TcpFingerprint {
  /** As above; equal for equal systems, whatever the way in between. */
  readonly signature: string;
  /** Family or families of operating systems; "" when the signature is not known. */
  readonly os: string;
}

/** Options in order → their names; the segment size and scale beside. Null when they are malformed. */
function optionsOf(bytes: Uint8Array, from: number, to: number): { text: string; mss: number; scale: number } | null {
  const names: string[] = [];
  let [mss, scale] = [0, -1];
  for (let at = from, i = 0; at < to && i < MAX_OPTIONS; i++) {
    const kind = bytes[at] as number;
    if (kind === END) {
      names.push(`eol${to - at - 1}`);
      break;
    }
    if (kind === NOP) {
      names.push("nop");
      at++;
      continue;
    }
    const length = bytes[at + 1] ?? 0;
    if (length < 2 || at + length > to) return null;
    if (kind === MSS) mss = ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0);
    else if (kind === SCALE) scale = bytes[at + 2] ?? 0;
    names.push(
      kind === MSS ? "mss" : kind === SCALE ? "ws" : kind === SACK_OK ? "sok" : kind === TIMESTAMP ? "ts" : `?${kind}`,
    );
    at += length;
  }
  return { text: names.join(","), mss, scale };
}

/**
 * Habits → family. Layout is what matters most; TTL and window tell apart those who share one. Rows are asked in order; a row
 * without window or scale takes any.
 */
const TABLE: readonly {
  readonly ttl: number;
  readonly layout: string;
  readonly os: string;
  readonly window?: readonly string[];
  readonly scale?: readonly number[];
}[] = [
  // Linux 2.4 and later keep one order; the window grew from 4 to 10, then 20 and 44 segments.
  { ttl: 64, layout: "mss,sok,ts,nop,ws", os: "Linux 2.4", window: ["m4"], scale: [0] },
  { ttl: 64, layout: "mss,sok,ts,nop,ws", os: "Linux 2.6", window: ["m4"] },
  { ttl: 64, layout: "mss,sok,ts,nop,ws", os: "Linux 3", window: ["m10"] },
  { ttl: 64, layout: "mss,sok,ts,nop,ws", os: "Linux 3.11 to 4.18", window: ["m20"] },
  { ttl: 64, layout: "mss,sok,ts,nop,ws", os: "Linux 4.19 or later", window: ["m44", "64240", "65160"] },
  { ttl: 64, layout: "mss,sok,ts,nop,ws", os: "Android (Linux)", window: ["65535"] },
  { ttl: 64, layout: "mss,sok,ts,nop,ws", os: "Linux" },
  { ttl: 64, layout: "mss,nop,ws,nop,nop,ts,sok,eol1", os: "macOS or iOS" },
  { ttl: 64, layout: "mss,nop,ws,nop,nop,ts,sok,eol0", os: "macOS or iOS" },
  { ttl: 64, layout: "mss,nop,ws,nop,nop,ts", os: "Mac OS X (old) or NetBSD" },
  { ttl: 64, layout: "mss,nop,ws,sok,ts", os: "FreeBSD" },
  { ttl: 64, layout: "mss,nop,nop,sok,nop,ws,nop,nop,ts", os: "OpenBSD" },
  { ttl: 64, layout: "mss,nop,ws,sok,nop,nop,ts", os: "NetBSD" },
  // Windows: without time stamps since Vista; XP by its window and missing scale.
  { ttl: 128, layout: "mss,nop,ws,nop,nop,sok", os: "Windows 10 or later", window: ["64240", "65535", "m44", "62240"], scale: [8] }, // prettier-ignore
  { ttl: 128, layout: "mss,nop,ws,nop,nop,sok", os: "Windows Vista to 8.1 or Server 2008 to 2012", window: ["8192", "65535", "64240"], scale: [2, 8] }, // prettier-ignore
  { ttl: 128, layout: "mss,nop,ws,nop,nop,sok", os: "Windows XP or Server 2003", scale: [0, 1, 3] },
  { ttl: 128, layout: "mss,nop,ws,nop,nop,sok", os: "Windows" },
  { ttl: 128, layout: "mss,nop,ws,sok,ts", os: "Windows (time stamps on)" },
  { ttl: 128, layout: "mss,nop,nop,sok", os: "Windows XP, 2000 or Server 2003", window: ["64240", "65535", "m44", "16384", "65520"] }, // prettier-ignore
  { ttl: 128, layout: "mss,nop,nop,sok", os: "Windows" },
  { ttl: 128, layout: "mss,nop,ws,nop,nop,ts,nop,nop,sok", os: "Windows XP or Server 2003 (time stamps on)" },
  { ttl: 32, layout: "mss", os: "Windows 95 or CE" },
  { ttl: 128, layout: "mss", os: "Windows NT 4 or an embedded stack" },
  // Small stacks of devices: only a segment size.
  { ttl: 64, layout: "mss", os: "embedded stack (VxWorks, lwIP or alike)" },
  { ttl: 255, layout: "mss", os: "embedded stack (Cisco IOS, lwIP or alike)" },
  { ttl: 64, layout: "mss,nop,ws", os: "embedded stack (VxWorks or QNX)" },
  { ttl: 64, layout: "mss,nop,ws,nop,nop,ts,nop,nop,sok", os: "QNX or an old BSD" },
  { ttl: 255, layout: "nop,ws,nop,nop,ts,nop,nop,sok,mss", os: "Solaris" },
  { ttl: 64, layout: "sok,ts,mss,nop,ws", os: "Solaris 10 or later" },
  { ttl: 255, layout: "mss,nop,ws,nop,nop,ts", os: "VxWorks" },
];

function known(ttl: number, layout: string, window: string, raw: number, scale: number): string {
  for (const row of TABLE) {
    if (row.ttl !== ttl || row.layout !== layout) continue;
    if (row.window !== undefined && !row.window.includes(window) && !row.window.includes(String(raw))) continue;
    if (row.scale !== undefined && !row.scale.includes(scale)) continue;
    return row.os;
  }
  return "";
}

/**
 * Of a SYN (or a SYN-ACK, whose signatures differ a little). The options lie in [from, to) of `bytes`. `version` is that of IP,
 * `fragments` says whether IP forbids them (always true for version 6). Null when the options are malformed.
 */
export function tcpFingerprint(
  version: 4 | 6,
  ttl: number,
  fragments: boolean,
  window: number,
  bytes: Uint8Array,
  from: number,
  to: number,
): TcpFingerprint | null {
  const options = optionsOf(bytes, from, to);
  if (options === null) return null;
  const { text, mss, scale } = options;
  const first = TTLS.find((one) => ttl <= one) ?? 255;
  const size = mss > 0 && window % mss === 0 && window > 0 ? `m${window / mss}` : String(window);
  const oddities = version === 4 && fragments ? "df" : "";
  return {
    signature: `${version}:${first}:${size},${scale < 0 ? "-" : scale}:${text}:${oddities}`,
    os: known(first, text, size, window, scale),
  };
}
