/** The options of a rule, one row each: how it is read, or why not. */
import { contentBytes, lower } from "./bytes.ts";
import { parseCipService, parseDnp3Function, parseEnipCommand, parseModbus } from "./industry.ts";
import { parseByteJump, parseByteTest, parseDataAt, parseSize } from "./numbers.ts";
import { parsePcre } from "./pcre.ts";
import { Refused, type Check, type FlagTest, type FlowBit, type SizeTest, type Threshold } from "./rule.ts";

/** A rule while it is read. */
export interface Draft {
  sid: number | null;
  revision: number;
  message: string;
  classtype: string | null;
  priority: number | null;
  readonly references: string[];
  readonly metadata: string[];
  established: boolean | null;
  fromClient: boolean | null;
  flags: FlagTest | null;
  size: SizeTest | null;
  readonly checks: Check[];
  /** Content that the rule's author wants to be looked for first. */
  preferred: number;
  threshold: Threshold | null;
  readonly bits: FlowBit[];
  silent: boolean;
}
type Read = (draft: Draft, value: string) => void;

const unquoted = (value: string): string => value.trim().replace(/^"(.*)"$/s, "$1");
const ignore: Read = () => undefined;

/** Changes the content that stands before the modifier. */
function change(draft: Draft, what: string, fields: Partial<Extract<Check, { type: "content" }>>): void {
  const last = draft.checks.findLastIndex(({ type }) => type === "content");
  const content = draft.checks[last];
  if (content?.type !== "content") throw new Refused("no-content", { option: what });
  draft.checks[last] = { ...content, ...fields };
}
function whole(value: string, what: string): number {
  if (!/^-?\d+$/.test(value.trim())) throw new Refused("number-of", { option: what, text: value });
  return Number(value);
}

function readContent(draft: Draft, value: string): void {
  const negated = value.trim().startsWith("!");
  const bytes = contentBytes(unquoted(value.trim().replace(/^!\s*/, "")));
  draft.checks.push({
    type: "content",
    bytes,
    nocase: false,
    negated,
    offset: 0,
    depth: null,
    relative: false,
    atEnd: false,
  });
}

function readNocase(draft: Draft): void {
  const last = draft.checks.findLast(({ type }) => type === "content");
  if (last?.type !== "content") throw new Refused("no-content", { option: "nocase" });
  change(draft, "nocase", { nocase: true, bytes: last.bytes.map((byte) => lower[byte] as number) });
}

function readFlow(draft: Draft, value: string): void {
  for (const word of value.split(",").map((text) => text.trim())) {
    if (word === "established") draft.established = true;
    else if (word === "not_established") draft.established = false;
    else if (word === "to_server" || word === "from_client") draft.fromClient = true;
    else if (word === "to_client" || word === "from_server") draft.fromClient = false;
    // Pieces of a stream come in order here; there is nothing else to look at.
    else if (!["stateless", "only_stream", "no_stream", "no_frag"].includes(word))
      throw new Refused("value", { option: "flow", text: word });
  }
}

/** RFC 9293, section 3.1; `1` and `2` are Snort's names of CWR and ECE. */
const flagBits: Readonly<Record<string, number>> = {
  F: 1,
  S: 2,
  R: 4,
  P: 8,
  A: 16,
  U: 32,
  E: 64,
  "2": 64,
  C: 128,
  "1": 128,
  "0": 0,
};
function readFlags(draft: Draft, value: string): void {
  const [set = "", ignored = ""] = value.split(",").map((text) => text.trim());
  const bits = (text: string): number => {
    let sum = 0;
    for (const letter of text) {
      const bit = flagBits[letter.toUpperCase()];
      if (bit === undefined) throw new Refused("value", { option: "flags", text: value });
      sum |= bit;
    }
    return sum;
  };
  const [, before = "", letters = "", after = ""] = /^([+*!]?)([A-Za-z0-9]+)([+*!]?)$/.exec(set) ?? [];
  if (letters === "") throw new Refused("value", { option: "flags", text: value });
  const mode = before || after;
  draft.flags = {
    flags: bits(letters),
    ignored: bits(ignored),
    mode: mode === "" ? "exact" : (mode as FlagTest["mode"]),
  };
}

const tracks: Readonly<Record<string, Threshold["track"]>> = {
  by_src: "source",
  by_dst: "destination",
  by_both: "both",
  by_rule: "rule",
};
function readThreshold(filter: boolean): Read {
  return (draft, value) => {
    const given = new Map(
      value.split(",").map((part) => {
        const [name = "", argument = ""] = part.trim().split(/\s+/);
        return [name, argument] as const;
      }),
    );
    const type = filter ? "filter" : given.get("type");
    const track = tracks[given.get("track") ?? ""];
    const [count, seconds] = [Number(given.get("count")), Number(given.get("seconds"))];
    if (type !== "limit" && type !== "threshold" && type !== "both" && type !== "filter")
      throw new Refused("value", { option: "threshold", text: value });
    if (track === undefined || !(count > 0) || !(seconds > 0))
      throw new Refused("value", { option: "threshold", text: value });
    draft.threshold = { type, track, count, seconds };
  };
}

function readBits(draft: Draft, value: string): void {
  const [action = "", names = ""] = value.split(",").map((text) => text.trim());
  if (action === "noalert") draft.silent = true;
  else if (["set", "unset", "toggle", "isset", "isnotset"].includes(action) && names !== "") {
    draft.bits.push({ action: action as FlowBit["action"], names: names.split("|").map((name) => name.trim()) });
  } else throw new Refused("value", { option: "flowbits", text: value });
}

const check =
  (parse: (value: string) => Check): Read =>
  (draft, value) => {
    draft.checks.push(parse(value));
  };

export const options: Readonly<Record<string, Read>> = {
  msg: (draft, value) => {
    draft.message = unquoted(value).replaceAll(/\\(.)/g, "$1");
  },
  sid: (draft, value) => {
    draft.sid = whole(value, "sid");
  },
  rev: (draft, value) => {
    draft.revision = whole(value, "rev");
  },
  classtype: (draft, value) => {
    draft.classtype = value.trim();
  },
  priority: (draft, value) => {
    draft.priority = whole(value, "priority");
  },
  reference: (draft, value) => {
    draft.references.push(value.trim());
  },
  metadata: (draft, value) => {
    draft.metadata.push(...value.split(",").map((text) => text.trim()));
  },
  gid: ignore,
  target: ignore,
  rawbytes: ignore,
  content: readContent,
  nocase: readNocase,
  offset: (draft, value) => change(draft, "offset", { offset: whole(value, "offset") }),
  depth: (draft, value) => change(draft, "depth", { depth: whole(value, "depth") }),
  distance: (draft, value) => change(draft, "distance", { relative: true, offset: whole(value, "distance") }),
  within: (draft, value) => change(draft, "within", { relative: true, depth: whole(value, "within") }),
  startswith: (draft) => {
    const last = draft.checks.findLast(({ type }) => type === "content");
    change(draft, "startswith", { offset: 0, depth: last?.type === "content" ? last.bytes.length : 0 });
  },
  endswith: (draft) => change(draft, "endswith", { atEnd: true }),
  fast_pattern: (draft) => {
    draft.preferred = draft.checks.findLastIndex(({ type }) => type === "content");
  },
  pcre: check(parsePcre),
  byte_test: check(parseByteTest),
  byte_jump: check(parseByteJump),
  isdataat: check(parseDataAt),
  modbus: check(parseModbus),
  dnp3_func: check(parseDnp3Function),
  enip_command: check(parseEnipCommand),
  cip_service: check(parseCipService),
  dsize: (draft, value) => {
    draft.size = parseSize(value.trim());
  },
  flow: readFlow,
  flags: readFlags,
  threshold: readThreshold(false),
  detection_filter: readThreshold(true),
  flowbits: readBits,
  noalert: (draft) => {
    draft.silent = true;
  },
};
