/**
 * DNS messages (RFC 1035 section 4), as much as a probe needs: one question out, and of the answer its id, flags, code, and
 * whether it answers our question.
 *
 *   0    2      4        6        8        10       12
 *   | id | flags | qdcount | ancount | nscount | arcount | question …
 */
export const records = { A: 1, NS: 2, SOA: 6, MX: 15, TXT: 16, AAAA: 28 } as const;
export type RecordName = keyof typeof records;
const HEADER = 12;
const CLASS_IN = 1;
const RECURSION_DESIRED = 0x0100;
/** RFC 1035 section 2.3.4. */
const LONGEST_LABEL = 63;
const LONGEST_NAME = 255;

/** The question as octets, id 0; null when the name breaks the limits of RFC 1035 section 2.3.4. Names in Unicode go as Punycode. */
export function encodeQuestion(name: string, record: RecordName): Uint8Array | null {
  const ascii = /^[\x21-\x7e]*$/.test(name) ? name : new URL(`http://${name}`).hostname;
  const labels = ascii.replace(/\.$/, "").split(".");
  const encoded = ascii === "." || ascii === "" ? [] : labels.map((label) => Buffer.from(label, "latin1"));
  if (encoded.some((label) => label.length === 0 || label.length > LONGEST_LABEL)) return null;
  const octets = encoded.reduce((sum, label) => sum + label.length + 1, 1);
  if (octets > LONGEST_NAME) return null;
  const message = Buffer.alloc(HEADER + octets + 4);
  message.writeUInt16BE(RECURSION_DESIRED, 2);
  message.writeUInt16BE(1, 4);
  let at = HEADER;
  for (const label of encoded) {
    message[at] = label.length;
    label.copy(message, at + 1);
    at += 1 + label.length;
  }
  message.writeUInt16BE(records[record], at + 1);
  message.writeUInt16BE(CLASS_IN, at + 3);
  return message;
}

export interface Answer {
  readonly id: number;
  /** TC: the answer did not fit and must be asked for over TCP. */
  readonly truncated: boolean;
  /** RFC 1035 section 4.1.1: 0 no error, 2 server failure, 3 no such name, 5 refused. */
  readonly code: number;
  readonly answers: number;
}

/** Reads an answer to the question; null when it is none (too short, a query, another question). Never throws. */
export function readAnswer(octets: Uint8Array, offset: number, length: number, question: Uint8Array): Answer | null {
  if (length < HEADER || offset + length > octets.length) return null;
  const word = (at: number): number => ((octets[offset + at] as number) << 8) | (octets[offset + at + 1] as number);
  const head = word(2);
  if ((head & 0x8000) === 0) return null;
  const code = head & 0x0f;
  // Some servers leave the question out of an error (RFC 1035 does not demand it); otherwise it must be ours, in any case of letters.
  if (word(4) === 0 ? code === 0 : !sameQuestion(octets, offset, length, question)) return null;
  return { id: word(0), truncated: (head & 0x0200) !== 0, code, answers: word(6) };
}

function sameQuestion(octets: Uint8Array, offset: number, length: number, question: Uint8Array): boolean {
  if (length < question.length) return false;
  for (let i = HEADER; i < question.length; i++)
    if (lower(octets[offset + i] as number) !== lower(question[i] as number)) return false;
  return true;
}

const lower = (octet: number): number => (octet >= 0x41 && octet <= 0x5a ? octet + 0x20 : octet);

/** The first name server of resolv.conf(5), or null. */
export function firstNameserver(text: string): string | null {
  for (const line of text.split("\n")) {
    const match = /^\s*nameserver\s+(\S+)/.exec(line);
    if (match !== null) return match[1] as string;
  }
  return null;
}
