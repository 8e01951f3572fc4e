/** Rule files: lines to rules, and for each rule that is not loaded the reason. */
import { defaultVariables, parseAddresses, parsePorts, type Variables } from "./header.ts";
import { options, type Draft } from "./options.ts";
import { Refused, refusalOf, type Refusal, type Rule } from "./rule.ts";
import type { ProtocolName } from "../../wire/vocabulary.ts";

/** Checks and options of one rule. */
const MAX_OPTIONS = 128;
/** Characters of one rule, as many as a line of the sensor's configuration has. */
const MAX_LENGTH = 8_192;

export interface RuleSet {
  readonly rules: readonly Rule[];
  readonly refused: readonly Refusal[];
}

/** Protocols of the header beside the transports: the conversation must be known to speak it. */
const applications: Readonly<
  Record<string, { readonly transport: Rule["transport"]; readonly protocol: ProtocolName }>
> = {
  modbus: { transport: "tcp", protocol: "modbus" },
  dnp3: { transport: "tcp", protocol: "dnp3" },
  enip: { transport: "tcp", protocol: "enip" },
  ssh: { transport: "tcp", protocol: "ssh" },
  ftp: { transport: "tcp", protocol: "ftp" },
  rdp: { transport: "tcp", protocol: "rdp" },
};
const transports: Readonly<Record<string, Rule["transport"]>> = {
  tcp: "tcp",
  "tcp-pkt": "tcp",
  "tcp-stream": "tcp",
  udp: "udp",
  icmp: "icmp",
  ip: "ip",
};

/** Suricata's classification.config: the priority of a class whose rule tells none. */
const worst = new Set([
  "attempted-admin",
  "attempted-user",
  "shellcode-detect",
  "successful-admin",
  "successful-user",
  "trojan-activity",
  "unsuccessful-user",
  "web-application-attack",
  "command-and-control",
  "credential-theft",
  "domain-c2",
  "exploit-kit",
  "targeted-activity",
  "inappropriate-content",
  "policy-violation",
]);
const mild = new Set([
  "not-suspicious",
  "unknown",
  "string-detect",
  "network-scan",
  "protocol-command-decode",
  "misc-activity",
  "tcp-connection",
  "icmp-event",
]);
const priorityOf = (classtype: string | null): number =>
  classtype === null ? 3 : worst.has(classtype) ? 1 : mild.has(classtype) ? 3 : 2;

/** `lines`: of a rule file, or of several; comments and empty ones are passed over, `\` at the end continues. */
export function parseRules(lines: readonly string[], variables: Variables = defaultVariables): RuleSet {
  const known = new Map(variables);
  const rules = new Map<number, Rule>();
  const refused: Refusal[] = [];
  let [text, from] = ["", 0];
  for (const [index, line] of lines.entries()) {
    if (text === "") from = index + 1;
    text += line.trim();
    if (text.endsWith("\\")) {
      text = `${text.slice(0, -1)} `;
      continue;
    }
    const whole = text.trim();
    text = "";
    if (whole === "" || whole.startsWith("#")) continue;
    const variable = /^(?:var|ipvar|portvar)\s+(\w+)\s+(\S.*)$/.exec(whole);
    if (variable !== null) {
      known.set(variable[1] as string, (variable[2] as string).trim());
      continue;
    }
    const rule = readRule(whole, known);
    if ("refusal" in rule) refused.push(refusalOf(rule.refusal, from, rule.sid));
    else keepNewer(rules, rule, refused, from);
  }
  return { rules: [...rules.values()], refused };
}

/** Of two rules with one sid the higher revision stays, of equal ones the first; the other is told. */
function keepNewer(rules: Map<number, Rule>, rule: Rule, refused: Refusal[], line: number): void {
  const before = rules.get(rule.sid);
  if (before === undefined || before.revision < rule.revision) rules.set(rule.sid, rule);
  if (before !== undefined) {
    const revision = Math.max(before.revision, rule.revision);
    refused.push(refusalOf(new Refused("sid-twice", { sid: rule.sid, revision }), line, rule.sid));
  }
}

function readRule(
  text: string,
  variables: Variables,
): Rule | { readonly sid: number | null; readonly refusal: Refused } {
  try {
    return parseRule(text, variables);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    const sid = /[;(\s]sid\s{0,8}:\s{0,8}(\d{1,10})/.exec(text)?.[1];
    return { sid: sid === undefined ? null : Number(sid), refusal: error };
  }
}

function parseRule(text: string, variables: Variables): Rule {
  if (text.length > MAX_LENGTH) throw new Refused("long", { limit: MAX_LENGTH });
  const open = text.indexOf("(");
  const [action, protocol, left, leftPort, direction, right, rightPort, ...rest] = words(
    text.slice(0, Math.max(0, open)),
  );
  if (action === undefined || protocol === undefined || left === undefined || leftPort === undefined) throw notRule();
  if (right === undefined || rightPort === undefined || rest.length > 0 || !text.endsWith(")")) throw notRule();
  const body = text.slice(open + 1, -1);
  if (!["alert", "drop", "reject", "rejectsrc", "rejectdst", "rejectboth"].includes(action)) {
    throw new Refused("action", { action });
  }
  if (direction !== "->" && direction !== "<>") throw new Refused("direction", { text: direction ?? "" });
  const over = transports[protocol] ?? applications[protocol]?.transport;
  if (over === undefined) throw new Refused("protocol", { protocol });
  const [source, sourcePorts] = [parseAddresses(left, variables), parsePorts(leftPort, variables)];
  const [destination, destinationPorts] = [parseAddresses(right, variables), parsePorts(rightPort, variables)];
  const draft = readOptions(body);
  if (draft.sid === null) throw new Refused("no-sid");
  return {
    sid: draft.sid,
    revision: draft.revision,
    message: draft.message,
    classtype: draft.classtype,
    priority: draft.priority ?? priorityOf(draft.classtype),
    references: draft.references,
    metadata: draft.metadata,
    transport: over,
    protocol: applications[protocol]?.protocol ?? null,
    source,
    sourcePorts,
    destination,
    destinationPorts,
    bothWays: direction === "<>",
    flow: { established: draft.established, fromClient: draft.fromClient },
    flags: draft.flags,
    size: draft.size,
    checks: draft.checks,
    first: firstOf(draft),
    threshold: draft.threshold,
    bits: draft.bits,
    silent: draft.silent,
  };
}

const notRule = (): Refused => new Refused("no-rule");

/** At the spaces that lie in no list. */
function words(header: string): string[] {
  const found: string[] = [];
  let [word, depth] = ["", 0];
  for (const char of header) {
    if (char === "[") depth++;
    else if (char === "]") depth--;
    if (depth > 0 || !/\s/.test(char)) word += char;
    else if (word !== "") {
      found.push(word);
      word = "";
    }
  }
  return word === "" ? found : [...found, word];
}

function readOptions(body: string): Draft {
  const draft: Draft = {
    sid: null,
    revision: 1,
    message: "",
    classtype: null,
    priority: null,
    references: [],
    metadata: [],
    established: null,
    fromClient: null,
    flags: null,
    size: null,
    checks: [],
    preferred: -1,
    threshold: null,
    bits: [],
    silent: false,
  };
  const parts = splitOptions(body);
  if (parts.length > MAX_OPTIONS) throw new Refused("options", { limit: MAX_OPTIONS });
  for (const part of parts) {
    const colon = part.indexOf(":");
    const name = (colon < 0 ? part : part.slice(0, colon)).trim();
    const read = Object.hasOwn(options, name) ? options[name] : undefined;
    if (read === undefined) throw new Refused("keyword", { keyword: name });
    read(draft, colon < 0 ? "" : part.slice(colon + 1).trim());
  }
  return draft;
}

/** At the semicolons that are neither quoted nor escaped. */
function splitOptions(body: string): string[] {
  const parts: string[] = [];
  let [from, quoted] = [0, false];
  for (let i = 0; i < body.length; i++) {
    if (body[i] === "\\") i++;
    else if (body[i] === '"') quoted = !quoted;
    else if (body[i] === ";" && !quoted) {
      parts.push(body.slice(from, i));
      from = i + 1;
    }
  }
  if (quoted) throw new Refused("quote");
  return [...parts, body.slice(from)].map((part) => part.trim()).filter((part) => part !== "");
}

/** The content that is hardest to find by chance: the author's choice, else the longest. */
function firstOf({ checks, preferred }: Draft): number {
  const chosen = checks[preferred];
  if (chosen?.type === "content" && !chosen.negated) return preferred;
  let [best, length] = [-1, 0];
  for (const [index, check] of checks.entries()) {
    if (check.type === "content" && !check.negated && check.bytes.length > length)
      [best, length] = [index, check.bytes.length];
  }
  return best;
}
